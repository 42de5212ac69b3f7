"""The journal over HTTP: `/_portal/journal` as JSON, HAR or NDJSON, counted, and as it grows.

    GET    …/journal            exchanges (?format=json|har|ndjson or Accept, filters of `search`;
                                ?brief: in a line each, ?raw: as seen, without what it means)
    GET    …/journal/NUMBER     one of them
    GET    …/journal/count      how many match; 409 when ?exactly, ?at_least or ?at_most is not met
    GET    …/journal/events     new ones as server-sent events
    DELETE …/journal            forgets all

The rule: this file reads a query, asks and writes; a view asks `journal` for its tenant's once. A stream holds a thread
of the server, so there are few at once and none lasts long: an EventSource comes back by itself, with the number of the
last exchange it saw.
Source: WHATWG HTML, 9.2 (server-sent events).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request

from contracts.errors import UsageError
from mockserver.journal.data import line, record
from mockserver.journal.memory import Event, Exchange, Journal
from mockserver.journal.search import FILTERS, NUMBERS, Query, read

if TYPE_CHECKING:
    from mockserver.journal.reading import Reading

#: How many exchanges are shown where none is asked for.
SHOWN = 100
#: How many streams there may be at once, how long one lasts, and how often it says that it lives, in seconds.
STREAMS, STREAM_SECONDS, BEAT = 16, 120.0, 10.0
#: Our formats by name, and the media types that ask for them.
FORMATS: Mapping[str, str] = {
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "har": "application/har+json",
}
_OURS = ("format", "brief", "raw")

Answer = Response | tuple[Response | dict[str, Any], int] | tuple[str, int]


def what_there_is(root: str) -> dict[str, str]:
    """Verb and path of everything here, and what it does."""
    filters = ", ".join(FILTERS)
    return {
        f"GET {root}/journal": f"the last exchanges with what they mean (?last=N, ?format=har or ndjson, ?{filters})",
        f"GET {root}/journal/count": "how many exchanges match (?exactly=N, at_least, at_most: 409 when it is not so)",
        f"GET {root}/journal/events": "new exchanges as server-sent events",
        f"DELETE {root}/journal": "forgets the exchanges",
    }


def attach(
    app: Flask, root: str, journal: Callable[[], Journal], reading: Callable[[], Reading], version: str = ""
) -> None:
    """Give the app the journal under `root`; `journal` gives the one that the present request is about, `reading` what
    reads it."""
    streams = _Streams()

    @app.get(f"{root}/journal")
    def exchanges() -> Answer:
        return _answered(lambda: _listed(journal(), reading(), version))

    @app.get(f"{root}/journal/count")
    def count() -> Answer:
        return _answered(lambda: _counted(journal(), reading()))

    @app.get(f"{root}/journal/events")
    def events() -> Answer:
        return _answered(lambda: streams.open(journal(), reading()))

    @app.get(f"{root}/journal/<int:number>")
    def one(number: int) -> Answer:
        return _answered(lambda: _shown(journal(), reading(), number, version))

    @app.delete(f"{root}/journal")
    def forget() -> Answer:
        journal().clear()
        return "", 204


def _answered(answer: Callable[[], Answer]) -> Answer:
    try:
        return answer()
    except UsageError as error:
        there = {**{name: f"{row.told} ({row.example})" for name, row in FILTERS.items()}, **NUMBERS}
        return {"error": str(error), "filters": there}, 400


def _query(last: int | None) -> Query:
    return read([(name, value) for name, value in request.args.items(multi=True) if name not in _OURS], last)


def _format() -> str:
    """The format asked for, by ?format= or else by Accept."""
    asked = request.args.get("format")
    if asked is not None:
        if asked not in FORMATS:
            raise UsageError(f"format={asked}: expected {', '.join(FORMATS)}")
        return asked
    best = request.accept_mimetypes.best_match(list(FORMATS.values()), FORMATS["json"])
    return next(name for name, media in FORMATS.items() if media == best)


def _told(exchange: Exchange, reading: Reading) -> dict[str, Any]:
    if "raw" in request.args:
        return record(exchange, reading.secrets)
    return reading.brief(exchange) if "brief" in request.args else reading.data(exchange)


def _listed(journal: Journal, reading: Reading, version: str) -> Answer:
    query = _query(SHOWN)
    wanted = _format()
    found = query.find(journal, reading)
    if wanted == "har":
        return _as_har(found, reading, version)
    told = (_told(exchange, reading) for exchange in found)
    if wanted == "ndjson":
        return Response("".join(line(one) + "\n" for one in told), mimetype=FORMATS["ndjson"])
    return _json({"seen": journal.seen, "kept": journal.kept, "exchanges": list(told)})


def _shown(journal: Journal, reading: Reading, number: int, version: str) -> Answer:
    found = journal.find(number)
    if found is None:
        there = f"{journal.kept} are kept, {journal.seen} were seen"
        return {"error": f"there is no exchange {number} (any more): {there}"}, 404
    if _format() == "har":
        return _as_har([found], reading, version)
    return _json(_told(found, reading))


def _counted(journal: Journal, reading: Reading) -> Answer:
    query = _query(None)
    found = query.find(journal, reading)
    fits = query.verified(len(found))
    told = {"count": len(found), "verified": fits, "numbers": [one.number for one in found][-SHOWN:]}
    if fits:
        return _json(told)
    wanted = {name: value for name in ("exactly", "at_least", "at_most") if (value := getattr(query, name)) is not None}
    told["wanted"] = wanted
    refused = [one for one in journal.all() if 400 <= one.response.status < 500]
    if not found and refused:
        told["nearest"] = reading.data(refused[-1])
    return _json(told, 409)


def _as_har(found: Iterable[Exchange], reading: Reading, version: str) -> Response:
    from mockserver import har  # not passed by a portal that nobody asks for one

    document = har.write(found, request.host_url, reading.secrets, version)
    return Response(line(document) + "\n", mimetype="application/json")


def _json(told: Mapping[str, Any], status: int = 200) -> Response:
    return Response(line(told) + "\n", status, mimetype="application/json")


class _Streams:
    """The streams that are open at present."""

    def __init__(self) -> None:
        self._free = threading.BoundedSemaphore(STREAMS)

    def open(self, journal: Journal, reading: Reading) -> Answer:
        """A stream of the exchanges that the request asks for."""
        query = _query(0)
        seen = request.headers.get("Last-Event-ID", "")
        since = max(query.since, int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 16 else journal.seen)
        brief = "brief" in request.args
        if not self._free.acquire(blocking=False):
            return {"error": f"{STREAMS} pages listen already: close one"}, 503
        self._free.release()
        body = self._lines(journal, reading, query, since, brief)
        return Response(body, mimetype="text/event-stream", headers={"Cache-Control": "no-store"})

    def _lines(self, journal: Journal, reading: Reading, query: Query, since: int, brief: bool) -> Iterator[str]:
        # All that must be given back is taken in here: a stream that is never begun has taken nothing.
        if not self._free.acquire(blocking=False):
            return
        try:
            yield from _stream(journal, reading, query, since, brief)
        finally:
            self._free.release()


def _stream(journal: Journal, reading: Reading, query: Query, since: int, brief: bool) -> Iterator[str]:
    tell = reading.brief if brief else reading.data
    until = time.monotonic() + STREAM_SECONDS
    with journal.subscribe() as subscription:
        yield "retry: 500\n\n"
        for exchange in journal.search(since=since):
            since = exchange.number
            if query.matches(exchange, reading):
                yield _event("exchange", tell(exchange), exchange.number)
        while (left := until - time.monotonic()) > 0 and not subscription.closed:
            event = subscription.next(min(BEAT, left))
            if event is None:
                yield ": still here\n\n"
            elif event.exchange is None:
                since = 0 if event.kind == "cleared" else since
                yield _event(event.kind, _count(event))
            elif event.exchange.number > since and query.matches(event.exchange, reading):
                yield _event("exchange", tell(event.exchange), event.exchange.number)


def _count(event: Event) -> dict[str, int]:
    return {"count": event.count} if event.kind == "lost" else {}


def _event(kind: str, told: Any, number: int | None = None) -> str:
    mark = "" if number is None else f"id: {number}\n"
    return f"{mark}event: {kind}\ndata: {line(told)}\n\n"
