"""Correct portals unlike the stub: what the page leaves open, done otherwise. Innocents for the judge.

Each is a layer around the stub portal or a piece of WSGI around the app; none does anything that the page forbids.
"""

from __future__ import annotations

import gzip
import json
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any
from xml.etree import ElementTree

from mockserver.defects.layers import (
    Call,
    Controller,
    Handle,
    Layer,
    Site,
    answering,
    controller,
    header,
    media_of,
    wire_of,
)
from mockserver.webapi import Act, Request, Response
from mockserver.webapi.dates import DateTime
from mockserver.webapi.shapes import Record

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


@dataclass(frozen=True)
class Variant:
    """A way to be correct: a layer of the portal, or WSGI around it; `observed` is what the judge says of it."""

    sentence: str
    layer: Layer | None = None
    wsgi: Callable[[Wsgi], Wsgi] | None = None
    observed: str = ""


def _answers(wire: str, change: Callable[[bytes], bytes]) -> Layer:
    def altered(site: Site, request: Request, response: Response) -> Response:
        if response.status >= 300 or wire_of(response) != wire or not response.body:
            return response
        return replace(response, body=change(response.body))

    return answering(altered)


def _json(change: Callable[[dict[str, Any]], dict[str, Any]], **style: Any) -> Layer:
    def altered(body: bytes) -> bytes:
        # Numbers with a fraction keep their digits: a float of Python's would lose some.
        said = change(json.loads(body, parse_float=lambda digits: f"\0{digits}\0"))
        told = json.dumps(said, **{"ensure_ascii": False, **style})
        return re.sub(r'"\\u0000([^"\\]*)\\u0000"', r"\1", told).encode()

    return _answers("json", altered)


def _both(one: Layer, other: Layer) -> Layer:
    return lambda site, handle: other(site, one(site, handle))


def _errors(change: Callable[[Request, Response], Response]) -> Layer:
    return answering(lambda site, request, response: change(request, response) if response.status >= 400 else response)


def _created() -> Layer:
    seen: set[bytes] = set()

    def altered(site: Site, request: Request, response: Response) -> Response:
        match = re.search(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", response.body)
        if response.status != 200 or match is None or match[0] in seen:
            return response
        seen.add(match[0])
        return header(replace(response, status=201), "Location", f"/records/{match[0].decode()}")

    return answering(altered)


def _other_words(request: Request, response: Response) -> Response:
    status = 422 if response.status == 400 else response.status
    if wire_of(response) == "xml":
        return replace(response, status=status, body=b"<Problem><Code>17</Code><Text>Oh no</Text></Problem>")
    return replace(response, status=status, body=b'{"error":{"code":17,"text":"Oh no"}}')


def _problem(request: Request, response: Response) -> Response:
    if wire_of(response) != "json":
        return response
    told = json.dumps({"type": "about:blank", "title": "No", "status": response.status}).encode()
    return header(replace(response, body=told), "Content-Type", "application/problem+json")


def _merges() -> Controller:
    rows: dict[Any, Record] = {}

    def control(call: Call, record: Record) -> Record:
        row = rows.setdefault(call.place(record), {})
        row.update({name: value for name, value in record.items() if value is not None})
        return call.act({**record, **{name: row.get(name) for name in call.roles.optional}})

    return control


def _times(change: Callable[[DateTime], DateTime]) -> Layer:
    def control(call: Call, record: Record) -> Record:
        told = {name: record[name] for name in call.roles.dates if isinstance(record[name], DateTime)}
        return call.act({**record, **{name: change(value) for name, value in told.items()}})

    return controller(lambda: control)


def _keys(fold: Callable[[str], str]) -> Layer:
    def control(call: Call, record: Record) -> Record:
        key = call.roles.key
        return {**call.act({**record, key: fold(str(record[key]))}), key: record[key]}

    return controller(lambda: control)


def _blank_is_given(site: Site, handle: Handle) -> Handle:
    class _MissingError(Exception):
        pass

    def altered(request: Request, act: Act) -> Response:
        def instead(operation: Any, model: Any, record: Record) -> Record:
            if any(record.get(name) is None for name in site.roles(model).demanded):
                raise _MissingError
            return act(operation, model, record)

        try:
            return site.lenient(request, instead)
        except _MissingError:
            return handle(request, act)

    return altered


def _long_refused(site: Site, handle: Handle) -> Handle:
    class _LongError(Exception):
        pass

    def altered(request: Request, act: Act) -> Response:
        def instead(operation: Any, model: Any, record: Record) -> Record:
            if any(len(record.get(name) or "") > 200 for name in site.roles(model).texts):
                raise _LongError
            return act(operation, model, record)

        try:
            return handle(request, instead)
        except _LongError:
            return site.error(request, 400, "Too long.")

    return altered


def _get_exists(site: Site, handle: Handle) -> Handle:
    def altered(request: Request, act: Act) -> Response:
        if request.method == "GET" and handle(request, act).status == 405:
            return Response(200, (("Content-Type", "application/json; charset=utf-8"),), b"[]")
        return handle(request, act)

    return altered


def _type(change: Callable[[str], str]) -> Layer:
    return answering(
        lambda site, request, response: (
            header(response, "Content-Type", change(media_of(response))) if response.body else response
        )
    )


def _prefixed(body: bytes) -> bytes:
    return ElementTree.tostring(ElementTree.fromstring(body), encoding="utf-8", xml_declaration=True)


def _nil_left_out(body: bytes) -> bytes:
    return re.sub(rb"<\w+( [^>]*)? i:nil=\"true\"[^>]*/>", b"", body)


def _gzip(app: Wsgi) -> Wsgi:
    def packed(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        told: list[Any] = []
        body = b"".join(app(environ, lambda status, headers: told.extend((status, headers))))
        headers = [pair for pair in told[1] if pair[0] != "Content-Length"]
        if body:
            body = gzip.compress(body)
            headers += [("Content-Encoding", "gzip"), ("Content-Length", str(len(body)))]
        start_response(told[0], headers)
        return [body]

    return packed


def _slow(app: Wsgi) -> Wsgi:
    def late(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        time.sleep(0.002)
        return app(environ, start_response)

    return late


def _closing(app: Wsgi) -> Wsgi:
    def closing(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return app(environ, lambda status, headers: start_response(status, [*headers, ("Connection", "close")]))

    return closing


def _talkative(app: Wsgi) -> Wsgi:
    more = [
        ("Server", "Invented/1.0"),
        ("X-Powered-By", "Invented"),
        ("Cache-Control", "no-cache"),
        ("Set-Cookie", "a=b"),
    ]

    def telling(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return app(environ, lambda status, headers: start_response(status, [*headers, *more]))

    return telling


_MORE = b"<Version>3</Version><Links><Self>x</Self></Links></AppointmentModel>"

VARIANTS: dict[str, Variant] = {
    "created-201": Variant(
        "A new record is answered with 201.",
        _created(),
        observed="a new record is answered with 201 Created, a known one with 200 OK",
    ),
    "nulls-omitted": Variant(
        "Nulls are left out.",
        _both(_json(lambda d: {n: v for n, v in d.items() if v is not None}), _answers("xml", _nil_left_out)),
    ),
    "extra-members": Variant(
        "More members than the page shows.",
        _both(
            _json(lambda d: {"version": 3, **d, "links": [{"self": "x"}]}),
            _answers("xml", lambda body: body.replace(b"</AppointmentModel>", _MORE)),
        ),
    ),
    "other-order": Variant("JSON members in another order.", _json(lambda d: dict(reversed(d.items())))),
    "json-indented": Variant("JSON is indented.", _json(lambda d: d, indent=2)),
    "json-escaped": Variant("JSON in ASCII, the rest escaped.", _json(lambda d: d, ensure_ascii=True)),
    "json-with-bom": Variant("JSON begins with a byte order mark.", _answers("json", lambda b: b"\xef\xbb\xbf" + b)),
    "ids-upper": Variant("Ids in upper case.", _json(lambda d: {**d, "id": d["id"].upper()})),
    "xml-prefixes": Variant("XML with a declaration and prefixes.", _answers("xml", _prefixed)),
    "xml-long-empties": Variant(
        "Empty elements with an end tag.",
        _answers("xml", lambda body: re.sub(rb"<(\w+)((?: [^>]*)?) ?/>", rb"<\1\2></\1>", body)),
    ),
    "errors-422": Variant("422, and other words for an error.", _errors(_other_words)),
    "errors-silent": Variant(
        "Errors have no body.", _errors(lambda q, r: header(replace(r, body=b""), "Content-Type", None))
    ),
    "errors-problem": Variant("Errors as application/problem+json.", _errors(_problem)),
    "merges": Variant(
        "An update keeps what it does not name.",
        controller(_merges),
        observed="a member that an update leaves out is kept (merge)",
    ),
    "times-in-utc": Variant(
        "Times with a zone are kept in UTC.",
        _times(lambda t: replace(t, kind="utc") if t.kind == "local" else t),
        observed="comes back as '2031-03-04T04:00:15Z'",
    ),
    "times-without-zone": Variant(
        "Times are kept in UTC and shown without a zone.",
        _times(lambda t: replace(t, kind="unspecified")),
        observed="comes back as '2031-03-04T04:00:15'",
    ),
    "keys-without-case": Variant(
        "Keys are compared without case.",
        _keys(str.casefold),
        observed="keys that differ in case alone are one record",
    ),
    "keys-without-trailing-blanks": Variant(
        "Keys are compared as SQL Server pads them.", _keys(lambda k: k.rstrip(" "))
    ),
    "blank-is-given": Variant(
        "A blank text counts as given.",
        _blank_is_given,
        observed="an empty text where a member is required is accepted",
    ),
    "long-texts-refused": Variant(
        "Texts over 200 characters are refused.", _long_refused, observed="texts of 300 characters are refused"
    ),
    "get-exists": Variant("GET exists on another page.", _get_exists, observed="GET is answered with 200 OK"),
    "no-charset": Variant("No charset in the Content-Type.", _type(lambda media: media)),
    "charset-quoted": Variant("The charset in quotes and capitals.", _type(lambda media: f'{media}; charset="UTF-8"')),
    "gzip": Variant("Answers are compressed.", wsgi=_gzip),
    "slow": Variant("Every answer takes its time.", wsgi=_slow),
    "closing": Variant("The connection ends after each answer.", wsgi=_closing),
    "talkative": Variant("More headers, a cookie among them.", wsgi=_talkative),
}
