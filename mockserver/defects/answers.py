"""Defects of answers: the record is right, and told wrongly.

The rule: only answers with a record (2xx with a body) are touched. JSON is taken apart and put together again, XML by
its elements' text, so that what is not meant to change stays byte for byte what the framework wrote.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from contracts.model import Model
from mockserver.defects.layers import Handle, Layer, Roles, Site, answering, header, media_of, roles_of, wire_of
from mockserver.defects.table import Defect, family
from mockserver.webapi import Act, Request, Response


def _told(wire: str, change: Callable[[Site, Model, Response], Response]) -> Layer:
    """A change to answers with a record, in one format (empty: in any)."""

    def altered(site: Site, request: Request, response: Response) -> Response:
        model = site.answered(request)
        if model is None or not 200 <= response.status < 300 or not response.body or wire not in wire_of(response):
            return response
        return change(site, model, response)

    return answering(altered)


def _json(change: Callable[[dict[str, Any], Model], Any]) -> Layer:
    def changed(site: Site, model: Model, response: Response) -> Response:
        text = json.dumps(change(json.loads(response.body), model), ensure_ascii=False, separators=(",", ":"))
        return replace(response, body=text.encode("utf-8", "surrogatepass"))

    return _told("json", changed)


def _xml(change: Callable[[str, Model], str]) -> Layer:
    return _told(
        "xml",
        lambda site, model, response: replace(
            response, body=change(response.body.decode(), model).encode("utf-8", "surrogatepass")
        ),
    )


def _type(change: Callable[[str], str | None], wire: str = "") -> Layer:
    """Another Content-Type for the same body."""
    return _told(wire, lambda site, model, response: header(response, "Content-Type", change(media_of(response))))


def _names(model: Model, pick: Callable[[Roles], tuple[str, ...]], wire: str) -> list[str]:
    """How members of a role are spelled in a format."""
    props = [model[name] for name in pick(roles_of(model))]
    if wire == "json":
        return [prop.json.value for prop in props if prop.json.value]
    return [prop.xml.value.name for prop in props if prop.xml.value]


def _last_text(roles: Roles) -> tuple[str, ...]:
    return roles.required[-1:] or roles.texts[-1:]


def _own(roles: Roles) -> tuple[str, ...]:
    return (roles.own,) if roles.own else ()


def _without(document: dict[str, Any], model: Model) -> dict[str, Any]:
    gone = _names(model, _last_text, "json")
    return {name: value for name, value in document.items() if name not in gone}


def _each(pick: Callable[[Roles], tuple[str, ...]], change: Callable[[str], Any]) -> Layer:
    """A change to how JSON writes the members of a role."""

    def changed(document: dict[str, Any], model: Model) -> dict[str, Any]:
        names = [name for name in _names(model, pick, "json") if isinstance(document.get(name), str)]
        return {**document, **{name: change(document[name]) for name in names}}

    return _json(changed)


def _element(name: str) -> str:
    return rf"<{name}(?: [^>]*)?(?:/>|>.*?</{name}>)"


def _without_element(text: str, model: Model) -> str:
    for name in _names(model, _last_text, "xml"):
        text = re.sub(_element(name), "", text, flags=re.DOTALL)
    return text


def _alphabetical(text: str, model: Model) -> str:
    """Members in the order of the alphabet, whatever class declares them."""
    names = [p.xml.value.name for p in model.in_xml_order() if p.xml.value]
    found = {name: match[0] for name in names if (match := re.search(_element(name), text, re.DOTALL))}
    opening = text[: text.index(">") + 1]
    return opening + "".join(found[name] for name in sorted(found)) + text[text.rindex("</") :]


def _flat(text: str, model: Model) -> str:
    """Every member in the root's namespace."""
    end = text.index(">") + 1
    return text[:end] + re.sub(r' xmlns="[^"]*"', "", text[end:])


def _us_date(text: str) -> str:
    match = re.match(r"(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)", text)
    return f"{match[2]}/{match[3]}/{match[1]} {match[4]}" if match else text


def _ms_date(text: str) -> str:
    import datetime

    match = re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", text)
    if not match or text.startswith("0001"):
        return text
    at = datetime.datetime.fromisoformat(match[0]).replace(tzinfo=datetime.UTC)
    return f"/Date({int(at.timestamp()) * 1000})/"


def _other_case(document: dict[str, Any], model: Model) -> dict[str, Any]:
    """The other casing: PascalCase where the page shows camelCase, and the other way round."""
    return {name[:1].swapcase() + name[1:]: value for name, value in document.items()}


def _asked(wanted: tuple[str, ...]) -> Layer:
    """An Accept of these media types is not looked at: JSON comes."""

    def layer(site: Site, handle: Handle) -> Handle:
        def altered(request: Request, act: Act) -> Response:
            if (request.first("Accept") or "").lower() in wanted:
                kept = tuple(pair for pair in request.headers if pair[0].lower() != "accept")
                request = replace(request, headers=(*kept, ("Accept", "application/json")))
            return handle(request, act)

        return altered

    return layer


def _first_accepted(site: Site, handle: Handle) -> Handle:
    def altered(request: Request, act: Act) -> Response:
        first = (request.first("Accept") or "").partition(",")[0].partition(";")[0].strip()
        kept = tuple(pair for pair in request.headers if pair[0].lower() != "accept")
        return handle(replace(request, headers=(*kept, ("Accept", first))) if first else request, act)

    return altered


def _in_latin_1(site: Site, model: Model, response: Response) -> Response:
    return replace(response, body=response.body.decode("utf-8", "replace").encode("cp1252", "replace"))


_SHAPE, _WHOLE, _HONEST = "shape.json", "shape.complete.json", "content-type.honest"

ANSWERS: tuple[Defect, ...] = family(
    "answers",
    (
        "xml-answered-in-json",
        "Asked for application/xml, it answers in JSON.",
        "answer.application/xml",
        _asked(("application/xml",)),
    ),
    ("text-xml-answered-in-json", "Asked for text/xml, it answers in JSON.", "answer.text/xml", _asked(("text/xml",))),
    (
        "accept-weights-ignored",
        "The first media type of Accept counts, not its weight.",
        "http.accept",
        _first_accepted,
    ),
    (
        "text-json-called-application",
        "Asked for text/json, it says application/json.",
        "content-type.as-asked.text/json",
        _asked(("text/json",)),
    ),
    ("called-html", "Answers are called text/html.", _HONEST, _type(lambda media: "text/html; charset=utf-8")),
    ("called-nothing", "Answers bear no Content-Type.", _HONEST, _type(lambda media: None)),
    (
        "xml-called-json",
        "XML is called application/json.",
        _HONEST,
        _type(lambda media: "application/json; charset=utf-8", "xml"),
    ),
    (
        "utf-16-unsaid",
        "JSON comes in UTF-16 and is called UTF-8.",
        "answer.application/json",
        _told("json", lambda site, model, r: replace(r, body=r.body.decode().encode("utf-16"))),
    ),
    ("latin-1-unsaid", "JSON comes in Windows-1252 and is called UTF-8.", "text.accents", _told("json", _in_latin_1)),
    ("other-casing", "JSON names begin in the other case.", _SHAPE, _json(_other_case)),
    ("json-lacks-a-member", "JSON lacks a member that XML has.", _WHOLE, _json(_without)),
    ("xml-lacks-a-member", "XML lacks a member that JSON has.", "shape.complete.xml", _xml(_without_element)),
    ("json-wrapped", 'JSON comes within {"data": …}.', _WHOLE, _json(lambda document, model: {"data": document})),
    (
        "json-in-a-list",
        "JSON comes as a list of one.",
        "answer.application/json",
        _json(lambda document, model: [document]),
    ),
    (
        "json-in-a-text",
        "JSON comes as a JSON text, written twice.",
        "answer.application/json",
        _json(lambda document, model: json.dumps(document)),
    ),
    ("id-in-braces", "The id comes in braces.", _SHAPE, _each(_own, lambda text: "{" + text + "}")),
    ("id-without-hyphens", "The id comes as 32 digits.", _SHAPE, _each(_own, lambda text: text.replace("-", ""))),
    ("us-dates", "Times in JSON come as 03/04/2031 09:30:15.", _SHAPE, _each(lambda roles: roles.dates, _us_date)),
    ("ms-dates", "Times in JSON come as /Date(…)/.", _SHAPE, _each(lambda roles: roles.dates, _ms_date)),
    ("xml-in-one-namespace", "XML members of a base class stand in the root's namespace.", "shape.xml", _xml(_flat)),
    (
        "xml-without-namespace",
        "XML has no namespaces.",
        "shape.xml",
        _xml(lambda text, model: re.sub(r' xmlns="[^"]*"', "", text)),
    ),
    ("xml-by-alphabet", "XML members come in the order of the alphabet.", "shape.xml", _xml(_alphabetical)),
    (
        "xml-nil-as-empty",
        "A null comes as an empty element in XML.",
        "meaning.answer-xml",
        _xml(lambda text, model: re.sub(r' i:nil="true"', "", text)),
    ),
    (
        "empty-answer",
        "A success has no body (204).",
        "answer.application/json",
        _told("", lambda site, model, r: Response(204, ())),
    ),
)
