"""Defects of errors: what the portal says when something is wrong, and whose fault it calls it.

The rule: a valid request is answered as ever; only refusals are touched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

from mockserver.defects.layers import Handle, Layer, Site, answering, header, instead, wire_of
from mockserver.defects.table import Defect, family
from mockserver.webapi import Act, Request, Response

_HIDDEN = "An error has occurred."
_TRACE = (
    "   at Portal.Api.Controllers.RecordsController.Post(RecordModel model) in C:\\inetpub\\portal\\Records.cs:line 118"
)
_SQL = "Incorrect syntax near 'model'. System.Data.SqlClient.SqlException (0x80131904)"
_PAGE = "<!DOCTYPE html><html><head><title>Runtime Error</title></head><body><h1>Server Error</h1></body></html>"


def _refusals(change: Callable[[Site, Request, Response], Response], *statuses: int) -> Layer:
    """A change to error answers, of these statuses or of any."""
    return answering(
        lambda site, request, response: (
            change(site, request, response)
            if response.status >= 400 and (not statuses or response.status in statuses)
            else response
        )
    )


def _broken(request: Request) -> bool:
    """Whether a JSON body cannot be parsed, or an XML body has no end."""
    body = request.body or b""
    if wire_of(request) == "json" and body:
        try:
            json.loads(body)
        except (ValueError, RecursionError):
            return True
    return wire_of(request) == "xml" and bool(body) and re.search(rb"(</[^<>]+>|/>)\s*$", body) is None


def _unread(wire: str, status: int) -> Layer:
    """A body that cannot be read is answered with a status."""

    def change(site: Site, request: Request, response: Response) -> Response:
        if wire_of(request) != wire or not _broken(request):
            return response
        return site.error(request, status, _HIDDEN)

    return _refusals(change, 400)


def _not_typed(site: Site, request: Request, response: Response) -> Response:
    """A value of the wrong type is an error of the server: 400 of a body that can be parsed and lacks nothing."""
    body = response.body
    if b"required" in body or b"has no body" in body or _broken(request) or not request.body:
        return response
    return site.error(request, 500, _HIDDEN)


def _nothing_sent(request: Request) -> bool:
    return request.method.upper() == "POST" and not request.body


def _null_sent(request: Request) -> bool:
    return wire_of(request) == "json" and (request.body or b"").strip() == b"null"


def _deep(request: Request) -> bool:
    return wire_of(request) == "json" and (request.body or b"").count(b"[") + (request.body or b"").count(b"{") > 100


def _doctype(request: Request) -> bool:
    return wire_of(request) == "xml" and b"<!DOCTYPE" in (request.body or b"")


def _huge(request: Request) -> bool:
    return len(request.body or b"") > 500_000


def _unknown_member(site: Site, handle: Handle) -> Handle:
    """A member that the model lacks is an exception (MissingMemberHandling.Error, caught nowhere)."""

    def altered(request: Request, act: Act) -> Response:
        model, names = site.answered(request), []
        if model is not None and wire_of(request) == "json" and not _broken(request):
            document = json.loads(request.body or b"{}")
            known = {(prop.json.value or prop.name).lower() for prop in model.properties}
            names = [name for name in document if name.lower() not in known] if isinstance(document, dict) else []
        return site.error(request, 500, _HIDDEN) if names else handle(request, act)

    return altered


def _empty_fails(site: Site, request: Request, response: Response) -> Response:
    """A required text that is empty is looked up, and not found by an index out of range."""
    body = request.body or b""
    return site.error(request, 500, _HIDDEN) if b'""' in body or re.search(rb"=(&|$)", body) else response


def _xml_status(site: Site, request: Request, response: Response) -> Response:
    return replace(response, status=422) if wire_of(response) == "xml" else response


def _added(name: str, told: str) -> Layer:
    """A member more in every error."""

    def change(site: Site, request: Request, response: Response) -> Response:
        if wire_of(response) == "json":
            body = response.body.rstrip()[:-1] + f",{json.dumps(name)}:{json.dumps(told)}}}".encode()
        else:
            body = response.body.replace(b"</Error>", f"<{name}>{told}</{name}></Error>".encode())
        return replace(response, body=body)

    return _refusals(change)


def _page(site: Site, request: Request, response: Response) -> Response:
    return header(replace(response, body=_PAGE.encode()), "Content-Type", "text/html; charset=utf-8")


def _in_json(site: Site, request: Request, response: Response) -> Response:
    if wire_of(response) != "xml":
        return response
    error = header(replace(response, body=b'{"message":"The request is invalid."}'), "Content-Type", "")
    return header(error, "Content-Type", "application/json; charset=utf-8")


def _cut(site: Site, request: Request, response: Response) -> Response:
    return replace(response, body=response.body[:-1])


def _ok(site: Site, request: Request, response: Response) -> Response:
    return replace(response, status=200)


def _status(status: int) -> Callable[[Site, Request, Response], Response]:
    return lambda site, request, response: replace(response, status=status)


_READABLE, _INSIDE, _METHOD = "errors.readable", "errors.no-internals", "http.method-not-allowed"

ERRORS: tuple[Defect, ...] = family(
    "errors",
    (
        "malformed-json-fails",
        "JSON that cannot be parsed is answered with 500.",
        "errors.malformed.json",
        _unread("json", 500),
    ),
    (
        "malformed-xml-fails",
        "XML that cannot be parsed is answered with 500.",
        "errors.malformed.xml",
        _unread("xml", 500),
    ),
    (
        "malformed-json-taken",
        "JSON that cannot be parsed is answered with 200.",
        "errors.malformed.json",
        _unread("json", 200),
    ),
    (
        "errors-with-200",
        "Every refusal of a record comes with status 200.",
        "required.enforced.json errors.malformed.json",
        _refusals(_ok, 400),
    ),
    (
        "no-body-fails",
        "A request without a body is answered with 500.",
        "errors.no-body",
        instead(_nothing_sent, 500, _HIDDEN),
    ),
    (
        "null-fails",
        "A JSON null is answered with 500 (NullReferenceException).",
        "errors.no-body",
        instead(_null_sent, 500, _HIDDEN),
    ),
    (
        "wrong-type-fails",
        "A value of the wrong type is answered with 500.",
        "errors.mistyped",
        _refusals(_not_typed, 400),
    ),
    ("errors-as-pages", "Errors are pages for browsers.", _READABLE, _refusals(_page)),
    ("errors-in-json-only", "Errors come in JSON, whatever was asked for.", _READABLE, _refusals(_in_json)),
    ("errors-cut", "The last character of an error is missing.", _READABLE, _refusals(_cut)),
    ("stack-trace-shown", "Errors bear a stack trace.", _INSIDE, _added("StackTrace", _TRACE)),
    ("sql-error-shown", "Errors bear the database's words.", _INSIDE, _added("Detail", _SQL)),
    (
        "empty-required-fails",
        "A required text that is empty is answered with 500.",
        "required.empty",
        _refusals(_empty_fails, 400),
    ),
    (
        "unknown-member-fails",
        "A JSON member that the page does not know fails (500).",
        "errors.unknown-member.json",
        _unknown_member,
    ),
    (
        "deep-json-fails",
        "JSON nested deeper than 100 fails (500).",
        "errors.hostile.json",
        instead(_deep, 500, _HIDDEN),
    ),
    ("doctype-fails", "XML with a document type fails (500).", "errors.hostile.xml", instead(_doctype, 500, _HIDDEN)),
    ("huge-body-fails", "A body over 500,000 bytes fails (500).", "errors.oversize", instead(_huge, 500, _HIDDEN)),
    ("errors-unlike-in-xml", "What is 400 in JSON is 422 in XML.", "errors.alike", _refusals(_xml_status, 400)),
    (
        "head-fails",
        "HEAD is answered with 500.",
        "http.head-and-options",
        instead(lambda q: q.method.upper() == "HEAD", 500, _HIDDEN),
    ),
    (
        "options-fails",
        "OPTIONS is answered with 500.",
        "http.head-and-options",
        instead(lambda q: q.method.upper() == "OPTIONS", 500, _HIDDEN),
    ),
    (
        "405-without-allow",
        "405 comes without Allow.",
        _METHOD,
        _refusals(lambda s, q, r: header(r, "Allow", None), 405),
    ),
    (
        "405-allows-get-only",
        "405 comes with an Allow that lacks the method.",
        _METHOD,
        _refusals(lambda s, q, r: header(r, "Allow", "GET"), 405),
    ),
    ("405-fails", "Another method is answered with 500.", _METHOD, _refusals(_status(500), 405)),
    ("404-for-405", "Another method is answered with 404.", _METHOD, _refusals(_status(404), 405)),
    ("200-for-404", "An unknown path is answered with 200.", "http.unknown-path", _refusals(_ok, 404)),
    ("400-for-404", "An unknown path is answered with 400.", "http.unknown-path", _refusals(_status(400), 404)),
)
