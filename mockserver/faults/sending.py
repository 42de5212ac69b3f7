"""How each kind of fault is done: to the answer before it is sent, or to how it is sent.

    answer    the answer that the fault is about: the portal's, or one in its stead (status, database-down)
    WAYS      kind → how an answer leaves by WSGI: altered, cut, slow, or never

The connection is hyper's (granian), and WSGI says nothing of connections; tried with granian 2.8:
- a response with a Content-Length and then a Transfer-Encoding is one that hyper does not send: it closes the
  connection without a byte (hyper, proto/h1/role.rs, encode_headers: "unexpected transfer-encoding found, canceling");
- a body in one piece is sent as it is, whatever Content-Length says; Connection: close then ends the connection. (An
  iterator that gives too little ends it too, but not always after what it gave has left.)
- a reset needs the socket itself: `resetting`.

The rule: what was done is what `told` says, and where it could not be done that is said. Which request is meant may not
live here.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from contracts.model import Contract
from mockserver import telling
from mockserver.error_answers import FAILED, error_answer, words
from mockserver.faults import pausing, resetting
from mockserver.faults.arranged import Chosen
from mockserver.faults.rules import Rule
from mockserver.webapi import Act, Request, Response

#: One line for each request with which something went wrong on purpose; `portal-mock serve` shows them.
LOG = logging.getLogger("mockserver.faults")
#: Status and headers as they are given to WSGI's start_response.
Start = Callable[[str, list[tuple[str, str]]], Any]
Headers = list[tuple[str, str]]
#: The fault, WSGI's environ and start_response, status line, headers without a length, body → what is sent.
Way = Callable[[Chosen, Mapping[str, Any], Start, str, Headers, bytes], Iterable[bytes]]

#: What stands in the journal for an answer that there never was.
NOTHING = Response(0, ())
#: How often a slow body goes on, in seconds.
_BEAT = 0.1


class DatabaseDownError(Exception):
    """What the controllers meet while the database is down."""


def answer(
    contract: Contract,
    chosen: Chosen,
    request: Request,
    refuse: Callable[[Request], Response | None],
    handle: Callable[[Request, Act], Response],
    act: Act,
) -> Response:
    """The answer that the fault is about: the portal's own, or that of a fault that does not let the request through.

    `refuse` gives the answer to a request without credentials; `handle` and `act` are the portal.
    """
    rule = chosen.rule
    if rule is not None and not rule.acts:
        return _status(contract, request, rule) if rule.name == "status" else NOTHING
    refused = refuse(request)
    if refused is not None:
        return refused
    try:
        return handle(request, _down if rule is not None and rule.name == "database-down" else act)
    except DatabaseDownError:
        return error_answer(contract, request, 500, FAILED)


def _down(*_: Any) -> Any:
    raise DatabaseDownError


def _status(contract: Contract, request: Request, rule: Rule) -> Response:
    headers = tuple((rule["headers"] or {}).items())
    if rule["retry_after"] is not None:
        headers += (("Retry-After", str(rule["retry_after"])),)
    status: int = rule["status"]
    if status < 400 and rule["message"] is None:  # HttpError is for errors
        return Response(status, headers)
    return error_answer(contract, request, status, rule["message"] or words(status), headers)


def tell(chosen: Chosen, request: Request, tenant: str = "") -> None:
    """One line for the log."""
    if LOG.isEnabledFor(logging.INFO):
        which = " and ".join(map(str, chosen.numbers))
        target = telling.plain(telling.discreet(request.target), 100)
        method = telling.plain(request.method, 20)
        LOG.info("%s %s%s: fault %s (%s)", method, target, telling.whose(tenant), which, chosen.told)


def send(
    chosen: Chosen, environ: Mapping[str, Any], start: Start, status: str, headers: Headers, body: bytes
) -> Iterable[bytes]:
    """Send an answer as the fault says; `headers` are without a length."""
    if chosen.waits:
        with pausing.place() as free:
            for wait in chosen.waits if free else ():
                pausing.sleep(wait.gone, wait.seconds)
    name = chosen.rule.name if chosen.rule is not None else "status"
    way = _nothing if not _has_body(environ, status) and name in _OF_BODIES else WAYS[name]
    return way(chosen, environ, start, status, headers, body)


def _has_body(environ: Mapping[str, Any], status: str) -> bool:
    return environ["REQUEST_METHOD"] != "HEAD" and status[:3] not in ("204", "304")


def whole(
    chosen: Chosen, environ: Mapping[str, Any], start: Start, status: str, headers: Headers, body: bytes
) -> Iterable[bytes]:
    start(status, _with_length(status, headers, len(body)))
    return [body]


def _with_length(status: str, headers: Headers, length: int) -> Headers:
    return headers if status[:3] in ("204", "304") else [*headers, ("Content-Length", str(length))]


def _nothing(
    chosen: Chosen, environ: Mapping[str, Any], start: Start, status: str, headers: Headers, body: bytes
) -> Iterable[bytes]:
    start("200 OK", [("Content-Length", "0"), ("Transfer-Encoding", "chunked")])  # in this order for any request
    return [b"-"]  # hyper sends an empty body whatever its headers say


def _reset(
    chosen: Chosen, environ: Mapping[str, Any], start: Start, status: str, headers: Headers, body: bytes
) -> Iterable[bytes]:
    if not resetting.POSSIBLE:
        return _nothing(chosen, environ, start, status, headers, body)
    found = resetting.Reset(str(environ.get("REMOTE_ADDR", "")))
    start("200 OK", found.headers)
    return found


def _half(
    chosen: Chosen, environ: Mapping[str, Any], start: Start, status: str, headers: Headers, body: bytes
) -> Iterable[bytes]:
    assert chosen.rule is not None
    if len(body) < 2:  # there is no half of it
        return _nothing(chosen, environ, start, status, headers, body)
    start(status, [*headers, ("Content-Length", str(len(body))), ("Connection", "close")])
    return [body[: max(1, int(len(body) * chosen.rule["part"]))]]


def _length(
    chosen: Chosen, environ: Mapping[str, Any], start: Start, status: str, headers: Headers, body: bytes
) -> Iterable[bytes]:
    assert chosen.rule is not None
    told = max(0, len(body) + chosen.rule["by"])
    start(status, [*headers, ("Content-Length", str(told)), ("Connection", "close")])
    return [body]


def _drip(
    chosen: Chosen, environ: Mapping[str, Any], start: Start, status: str, headers: Headers, body: bytes
) -> Iterable[bytes]:
    assert chosen.rule is not None
    start(status, _with_length(status, headers, len(body)))
    return _drops(body, float(chosen.rule["rate"]), chosen)


def _drops(body: bytes, rate: float, chosen: Chosen) -> Iterator[bytes]:
    size = max(1, int(rate * _BEAT))
    with pausing.place() as free:
        for begin in range(0, len(body), size):
            yield body[begin : begin + size]
            if free and begin + size < len(body):
                pausing.sleep(chosen.gone, size / rate)


def _hang(
    chosen: Chosen, environ: Mapping[str, Any], start: Start, status: str, headers: Headers, body: bytes
) -> Iterable[bytes]:
    assert chosen.rule is not None
    with pausing.place() as free:
        if free:
            pausing.sleep(chosen.gone, float(chosen.rule["seconds"]))
    return _nothing(chosen, environ, start, status, headers, body)


def _garbage(
    chosen: Chosen, environ: Mapping[str, Any], start: Start, status: str, headers: Headers, body: bytes
) -> Iterable[bytes]:
    noise = random.Random(f"{chosen.drawn}:noise").randbytes(len(body))
    # No first byte of UTF-8, UTF-16's mark or JSON: it can never be read by chance.
    return whole(chosen, environ, start, status, headers, b"\x80" + noise[1:] if body else body)


def _blank(
    chosen: Chosen, environ: Mapping[str, Any], start: Start, status: str, headers: Headers, body: bytes
) -> Iterable[bytes]:
    return whole(chosen, environ, start, status, headers, b"")


#: Faults of a body; where an answer has none, the connection ends without an answer.
_OF_BODIES = frozenset({"half", "length"})
WAYS: Mapping[str, Way] = {
    "latency": whole,
    "status": whole,
    "database-down": whole,
    "reset": _reset,
    "empty": _nothing,
    "lost": _nothing,
    "half": _half,
    "length": _length,
    "drip": _drip,
    "hang": _hang,
    "garbage": _garbage,
    "blank": _blank,
}
