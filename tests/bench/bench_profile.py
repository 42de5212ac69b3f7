"""Where the stub's time goes: its parts timed alone, then the functions of one request by their own time.

Everything runs in this process, called as the web server calls it, so that nothing but the stub's own code is counted.
The profiler slows what it watches, small functions most: its table says where to look, the parts' times say how much.
"""

from __future__ import annotations

import cProfile
import io
import pstats
import time
from collections.abc import Callable
from typing import Any

from bench_requests import MARK, MEDIA_TYPES, body, key, path

from contracts import helppage
from mockserver.app import create_app, request_of
from mockserver.controllers import acting
from mockserver.journal import Journal
from mockserver.store import open_store
from mockserver.webapi import WebApi

_TIMES = 3000
_FUNCTIONS = 25
_LIMIT = 1 << 20


def profile() -> str:
    """Both tables as text."""
    parts = [f"{'microseconds a request':<34}{'whole':>8}{'request':>9}{'webapi':>8}{'act':>8}{'journal':>9}"]
    parts += [_parts(wire_format) for wire_format in MEDIA_TYPES]
    return "\n".join([*parts, "", *(_functions(wire_format) for wire_format in MEDIA_TYPES)])


def _environs(wire_format: str) -> list[dict[str, Any]]:
    """Requests as granian hands them over."""
    found = []
    for number in range(_TIMES):
        content = body(wire_format).replace(MARK, key(1, number // 2)).encode()
        found.append(
            {
                "REQUEST_METHOD": "POST",
                "PATH_INFO": path(),
                "QUERY_STRING": "",
                "CONTENT_TYPE": MEDIA_TYPES[wire_format],
                "CONTENT_LENGTH": str(len(content)),
                "HTTP_HOST": "127.0.0.1:8080",
                "wsgi.input": io.BytesIO(content),
            }
        )
    return found


def _each(given: list[Any], call: Callable[[Any], Any]) -> float:
    """Microseconds that one call takes, over a call for each of what is given."""
    begun = time.perf_counter()
    for one in given:
        call(one)
    return 1e6 * (time.perf_counter() - begun) / len(given)


def _start_response(_status: str, _headers: list[tuple[str, str]]) -> None:
    pass


def _parts(wire_format: str) -> str:
    contract, journal = helppage.shipped(), Journal()
    known: list[tuple[Any, ...]] = []

    def taken(*given: Any) -> Any:
        known.append(given)
        return given[2]

    with open_store("memory") as store:
        whole: Any = create_app(contract, store).wsgi_app
        environs = _environs(wire_format)
        all_of_it = _each(environs, lambda environ: whole(environ, _start_response))
        environs = _environs(wire_format)
        reading = _each(environs, lambda environ: request_of(environ, _LIMIT))
        requests = [request_of(environ, _LIMIT)[0] for environ in _environs(wire_format)]
        api = WebApi(contract, strict=True)
        handling = _each(requests, lambda request: api.handle(request, taken))
        act = acting(contract, store.records())
        upsert = _each(known, lambda given: act(*given))
        answer = api.handle(requests[0], lambda _, __, record: record)
        noting = _each(requests, lambda request: journal.add(0.0, 0.0, request, answer))
    return f"{wire_format:<34}{all_of_it:>8.0f}{reading:>9.0f}{handling:>8.0f}{upsert:>8.0f}{noting:>9.0f}"


def _functions(wire_format: str) -> str:
    with open_store("memory") as store:
        whole: Any = create_app(helppage.shipped(), store).wsgi_app
        environs = _environs(wire_format)
        watch = cProfile.Profile()
        watch.enable()
        for environ in environs:
            whole(environ, _start_response)
        watch.disable()
    found: Any = pstats.Stats(watch).strip_dirs()
    lines = [f"{wire_format}: functions by their own time", f"{'calls a request':>15}{'us':>8}  function"]
    by_own_time = sorted(found.stats.items(), key=lambda item: -item[1][2])
    for (file, line, name), (_, calls, own, _, _) in by_own_time[:_FUNCTIONS]:
        place = f"{file}:{line} {name}" if line else name
        lines.append(f"{calls / _TIMES:>15.1f}{1e6 * own / _TIMES:>8.1f}  {place}"[:80])
    return "\n".join(lines) + "\n"
