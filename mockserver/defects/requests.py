"""Defects of reading: what the portal takes a request for before its controller sees it.

The rule: what is sent is right, and read wrongly. What an answer looks like may not live here.
"""

from __future__ import annotations

import re
from dataclasses import replace

from mockserver.defects.layers import (
    Call,
    Handle,
    Layer,
    Site,
    controller,
    instead,
    media_of,
    reading,
    wire_of,
    with_body,
)
from mockserver.defects.table import Defect, family
from mockserver.webapi import Act, Request, Response
from mockserver.webapi.shapes import Record

_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"


def _refused(media: str) -> Layer:
    what = f"The request entity's media type '{media}' is not supported for this resource."
    return instead(lambda request: media_of(request) == media and bool(request.body), 415, what)


def _content_type(request: Request) -> str:
    return request.first("Content-Type") or ""


def _charset_refused(wires: tuple[str, ...]) -> Layer:
    """Content types are compared as whole texts."""
    return instead(
        lambda request: ";" in _content_type(request) and wire_of(request) in wires,
        415,
        "The request entity's media type is not supported for this resource.",
    )


def _lost(names: str, wire: str) -> Layer:
    """The members of a role are not read in one format; what is required keeps a word, or the record is refused."""

    def control(call: Call, record: Record) -> Record:
        if wire_of(call.request) != wire:
            return call.act(record)
        lost = dict.fromkeys(getattr(call.roles, names), None if names == "optional" else "unknown")
        return call.act({**record, **{name: value for name, value in lost.items() if record.get(name) is not None}})

    return controller(lambda: control)


def _body(wire: str, pattern: bytes, by: bytes) -> Layer:
    """A body of one format is read after a replacement."""
    return reading(
        lambda request: (
            with_body(request, lambda body: re.sub(pattern, by, body)) if wire_of(request) == wire else request
        )
    )


def _form_in_latin_1(request: Request) -> Request:
    """A form's escapes are taken for Latin-1, byte by byte."""
    if wire_of(request) != "form":
        return request
    twice = {
        f"%{byte:02X}".encode(): "".join(f"%{b:02X}" for b in chr(byte).encode()).encode() for byte in range(128, 256)
    }
    return with_body(request, lambda body: re.sub(rb"%[89A-Fa-f][0-9A-Fa-f]", lambda m: twice[m[0].upper()], body))


def _json_in_latin_1(request: Request) -> Request:
    if wire_of(request) != "json" or "charset" in _content_type(request).lower():
        return request
    return with_body(request, lambda body: body.decode("cp1252", "replace").encode())


def _needs_unprefixed(request: Request) -> bool:
    """The root is looked for by a pattern."""
    start = (request.body or b"")[:400]
    return wire_of(request) == "xml" and re.match(rb"\s*(<\?[^>]*>\s*)?<\w+:\w", start) is not None


def _any_type(site: Site, handle: Handle) -> Handle:
    """Whatever is no form and no XML is read as JSON."""

    def altered(request: Request, act: Act) -> Response:
        if request.body and wire_of(request) == "":
            kept = tuple(pair for pair in request.headers if pair[0].lower() != "content-type")
            request = replace(request, headers=(*kept, ("Content-Type", _JSON)))
        return handle(request, act)

    return altered


def _any_path(site: Site, handle: Handle) -> Handle:
    """The route ends in a wildcard: what only begins as the path does is taken for it."""

    def altered(request: Request, act: Act) -> Response:
        for operation in site.contract.operations:
            path = "/" + operation.path.value
            if "{" not in path and request.target.casefold().startswith(path.casefold()):
                request = replace(request, target=path)
        return handle(request, act)

    return altered


def _escapes_kept(request: Request) -> Request:
    """The parser knows \\n and \\", and takes any other escape for its letters."""
    if wire_of(request) != "json":
        return request
    return with_body(request, lambda body: re.sub(rb"\\(u[0-9a-fA-F]{4}|/)", rb"\\\\\1", body))


_MIME = "The request entity's media type is not supported for this resource."

REQUESTS: tuple[Defect, ...] = family(
    "requests",
    ("no-text-json", "text/json is refused (415).", "accept.text/json", _refused("text/json")),
    ("no-text-xml", "text/xml is refused (415).", "accept.text/xml", _refused("text/xml")),
    ("no-application-xml", "application/xml is refused (415).", "accept.application/xml", _refused("application/xml")),
    ("no-forms", "Forms are refused (415).", f"accept.{_FORM}", _refused(_FORM)),
    (
        "charset-refused",
        "A charset in the Content-Type is refused (415).",
        "accept.with-charset",
        _charset_refused(("json", "xml", "form")),
    ),
    (
        "charset-refused-in-forms",
        "A charset in a form's Content-Type is refused (415).",
        "accept.with-charset",
        _charset_refused(("form",)),
    ),
    ("optional-lost-in-xml", "Optional texts are not read in XML.", "meaning.xml", _lost("optional", "xml")),
    ("texts-lost-in-forms", "A form's texts are read as the word unknown.", "meaning.form", _lost("required", "form")),
    ("optional-lost-in-forms", "Optional texts are not read in forms.", "meaning.form", _lost("optional", "form")),
    ("plus-kept-in-forms", "A plus in a form stays a plus.", "meaning.form", _body("form", rb"\+", b"%2B")),
    (
        "escaped-blank-kept-in-forms",
        "A form's %20 stays %20, for clients send a plus.",
        "meaning.spelling.form",
        _body("form", b"%20", b"%2520"),
    ),
    ("forms-in-latin-1", "A form's escapes are read as Latin-1.", "text.accents", reading(_form_in_latin_1)),
    ("json-in-latin-1", "JSON without a charset is read as Windows-1252.", "text.accents", reading(_json_in_latin_1)),
    (
        "json-escapes-kept",
        "Escapes as \\u00e9 and \\/ are not read in JSON.",
        "meaning.spelling.json",
        reading(_escapes_kept),
    ),
    (
        "xml-prefixes-refused",
        "XML with prefixes is refused (400).",
        "meaning.spelling.xml",
        instead(_needs_unprefixed, 400, "The request is invalid."),
    ),
    (
        "xml-declaration-refused",
        "XML that begins with a declaration is refused (400).",
        "meaning.spelling.xml",
        instead(lambda r: (r.body or b"").startswith(b"<?xml"), 400, "The request is invalid."),
    ),
    (
        "cdata-lost",
        "CDATA sections in XML are read as nothing.",
        "meaning.spelling.xml",
        _body("xml", rb"<!\[CDATA\[.*?\]\]>", b""),
    ),
    ("entities-kept", "Entities in XML are not decoded.", "text.markup", _body("xml", rb"&(amp|lt|gt);", rb"&amp;\1;")),
    ("any-type-is-json", "A body of any type is read as JSON.", "http.unsupported-media-type", _any_type),
    (
        "unknown-type-400",
        "An unknown media type is answered with 400.",
        "http.unsupported-media-type",
        instead(lambda r: bool(r.body) and wire_of(r) == "", 400, _MIME),
    ),
    ("any-path", "What only begins as the path does is taken for it.", "http.unknown-path", _any_path),
)
