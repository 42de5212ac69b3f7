"""The stub portal as a Flask app: the vendor's part by `mockserver.webapi`, everything else under `/_portal/`.

    environ ─▶ path under /_portal? ─yes─▶ Flask: `mockserver.control`
                        └──────────no──▶ Request ─▶ WebApi.handle ─▶ Response
                                                       └─ act: the upsert in the store

The rule: a vendor's request never meets Flask's routing, whose 404, 405, slashes and HEAD are not the framework's; it
is passed on as raw as the web server left it, and what comes back is sent as it is. How the framework answers may not
live here, nor what an operation's members are called.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import lru_cache
from http.client import responses
from typing import Any
from urllib.parse import quote

from flask import Flask

from contracts.model import Contract, Model, Operation
from mockserver import control, telling
from mockserver.journal import Journal
from mockserver.store import Store
from mockserver.webapi import Act, Request, Response, WebApi
from mockserver.webapi.records import dump

#: The largest body that is read, in bytes.
BODY_LIMIT = 10 * 1024 * 1024

_LOG = logging.getLogger("mockserver")
#: One line for each request of which something was silently lost; `portal-mock serve` shows them.
LOSSES = logging.getLogger("mockserver.losses")
_STATUS = {code: f"{code} {phrase}" for code, phrase in responses.items()}
#: What RFC 3986 lets stand in a path as it is, and what clients send bare.
_PATH = "/:@!$&'()*+,;=~-._"
_PLAIN = re.compile(r"[A-Za-z0-9/._~-]*")

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
Wsgi = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


def create_app(
    contract: Contract,
    store: Store,
    *,
    strict: bool = True,
    zone: tzinfo = UTC,
    journal: Journal | None = None,
    body_limit: int = BODY_LIMIT,
    defects: Sequence[str] = (),
    quiet_losses: bool = False,
) -> Flask:
    """The portal that a contract promises, its records in `store`.

    `strict` enforces what the page calls "(Required)"; `zone` is the server's time zone; `journal` keeps the exchanges
    (one of its own when none is given); a body of more than `body_limit` bytes is answered with 413; `defects` names
    faults that the portal is to have (UsageError for an unknown one); with `quiet_losses` neither header nor log tells
    what was silently lost.
    """
    journal = Journal() if journal is None else journal
    app = Flask("mockserver", static_folder=None)
    control.attach(app, control.Portal(contract, store, journal, strict, zone))
    handle: Callable[[Request, Act], Response] = WebApi(contract, strict=strict, zone=zone).handle
    if defects:
        from mockserver.defects import alter  # a portal without defects passes nothing of it

        handle = alter(handle, contract, defects, zone)
    vendor = _Vendor(handle, acting(store), journal, body_limit, quiet_losses)
    # Flask's documented place for what stands before the app.
    app.wsgi_app = _split(vendor, app.wsgi_app)  # type: ignore[method-assign, assignment, arg-type]
    return app


def acting(store: Store) -> Callable[[Operation, Model, dict[str, Any]], dict[str, Any]]:
    """What the portal's controller does: create or update by the client's key; the id is the portal's alone."""

    def act(operation: Operation, model: Model, record: dict[str, Any]) -> dict[str, Any]:
        own, chosen = model.portal_id.value, model.key.value
        key = record.get(chosen) if chosen else None
        kept = {**record, own: None} if own else record  # the store keeps the id beside the record
        drawn = store.upsert(resource_of(operation), None if key is None else str(key), _draw, dump(model, kept))
        return {**record, own: drawn} if own else record

    return act


def _draw() -> str:
    return str(uuid.uuid4())


def resource_of(operation: Operation) -> str:
    """Under which name an operation's records are kept: its path before any parameter, in lower case."""
    return _resource(operation.path.value)


@lru_cache(maxsize=64)  # paths come from the contract alone, so there are few of them
def _resource(path: str) -> str:
    return path.partition("{")[0].strip("/").casefold()


def _split(vendor: Wsgi, own: Wsgi) -> Wsgi:
    """Flask for `/_portal` and what is under it, the vendor's part for everything else."""

    def portal(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        if path.startswith(control.ROOT) and (path == control.ROOT or path.startswith(control.ROOT + "/")):
            return own(environ, start_response)
        return vendor(environ, start_response)

    return portal


@dataclass(frozen=True)
class _Vendor:
    """The vendor's part as a WSGI app."""

    handle: Callable[[Request, Act], Response]
    act: Act
    journal: Journal
    body_limit: int
    quiet_losses: bool

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        at, started = time.time(), time.perf_counter()
        request, fits = request_of(environ, self.body_limit)
        response = self._answer(request) if fits else _too_large(self.body_limit)
        self.journal.add(at, time.perf_counter() - started, request, response)
        headers = list(response.headers)
        if response.losses and not self.quiet_losses:
            headers.append((telling.HEADER, telling.header(response.losses)))
            if LOSSES.isEnabledFor(logging.INFO):
                LOSSES.info("%s", telling.line(request, response.losses))
        if response.status >= 200 and response.status not in (204, 304):
            headers.append(("Content-Length", str(len(response.body))))
        start_response(_STATUS.get(response.status) or f"{response.status} Unknown", headers)
        return [response.body]

    def _answer(self, request: Request) -> Response:
        try:
            return self.handle(request, self.act)
        except Exception:  # a fault of our own: told to whoever runs the stub, and to the client as any server would
            _LOG.exception("%s %s failed; please report this", request.method, request.target)
            return Response(
                500, (("Content-Type", "application/json; charset=utf-8"),), b'{"message":"An error has occurred."}'
            )


def _too_large(limit: int) -> Response:
    # RFC 9110, 15.5.14: the server is unwilling to process content of that size.
    told = f'{{"message":"The request body is larger than the {limit} bytes that this stub portal takes."}}'
    return Response(413, (("Content-Type", "application/json; charset=utf-8"), ("Connection", "close")), told.encode())


def request_of(environ: Mapping[str, Any], limit: int) -> tuple[Request, bool]:
    """The request as the web server left it, and whether its body is within the limit (else it is not read)."""
    body, fits = _body_of(environ, limit)
    return Request(environ["REQUEST_METHOD"], _target_of(environ), tuple(_headers_of(environ)), body), fits


def _target_of(environ: Mapping[str, Any]) -> str:
    # Not in PEP 3333, but most servers give the request target as it was sent; granian gives the decoded path only.
    raw: str | None = environ.get("REQUEST_URI") or environ.get("RAW_URI")
    if raw is not None:
        return raw
    query: str = environ.get("QUERY_STRING", "")
    path = _quoted(environ["PATH_INFO"])
    return f"{path}?{query}" if query else path


@lru_cache(maxsize=1024)
def _quoted(path: str) -> str:
    """The percent-encoded form of a path in WSGI's way of decoding it (each byte a latin-1 character)."""
    return path if _PLAIN.fullmatch(path) else quote(path.encode("latin-1"), safe=_PATH)


def _headers_of(environ: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    # PEP 3333: CONTENT_TYPE and CONTENT_LENGTH stand alone, all other headers under HTTP_.
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            yield _header_name(name[5:]), value
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            yield _header_name(name), environ[name]


@lru_cache(maxsize=1024)
def _header_name(name: str) -> str:
    return name.replace("_", "-").title()


def _body_of(environ: Mapping[str, Any], limit: int) -> tuple[bytes | None, bool]:
    """The body, None when the request has none at all, and whether it is within the limit."""
    length: str | None = environ.get("CONTENT_LENGTH")
    if length:
        size = int(length) if length.isdecimal() else 0
        if size > limit:
            return None, False
        return _read(environ, size), True
    if "HTTP_TRANSFER_ENCODING" not in environ:
        return None, True
    body = _read(environ, limit + 1)
    return (body, True) if len(body) <= limit else (None, False)


def _read(environ: Mapping[str, Any], size: int) -> bytes:
    """Up to `size` bytes of the body: a server may give it piece by piece."""
    pieces: list[bytes] = []
    while size > 0 and (piece := environ["wsgi.input"].read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
