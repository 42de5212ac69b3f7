"""A soak: does the stub portal stay as it is when much comes for long, from clients of every kind?

    python tests/bench/soak.py [--seconds 120] [--connections 64] [--workers N] [--store URL] [--save NAME]

Every wire format, refused requests among them, and beside them clients that send byte by byte or stop in the middle,
and a tenant with every kind of fault. Reported: answers by status, what was wrong, latencies, memory over time, and
what a request costs with a full journal beside an empty one.

The rule: a 5xx, an answer to something else and a lost connection are wrong, and then the exit code is 1. A time or a
size is reported and never judged.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

import bench_servers  # noqa: E402
from bench_requests import MARK, MEDIA_TYPES, body, key, path  # noqa: E402
from bench_results import heading_of_machine, load_average  # noqa: E402
from soak_clients import FAULTS, FAULTY, Notes, faulted, hung, slow, steady  # noqa: E402

from contracts import helppage  # noqa: E402
from mockserver.app import create_app  # noqa: E402
from mockserver.store import open_store  # noqa: E402

_RESULTS = HERE / "results"
_SETTINGS = ("seconds", "connections", "slow", "hung", "faulted", "workers", "seed")
#: Requests whose cost is compared with an empty and with a full journal, and how often.
_COMPARED, _TURNS = 300, 15


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add = parser.add_argument
    add("--seconds", type=float, default=120, help="how long (default: %(default)s)")
    add("--connections", type=int, default=64, help="clients that send without a pause (default: %(default)s)")
    add("--slow", type=int, default=6, help="clients that send byte by byte (default: %(default)s)")
    add("--hung", type=int, default=12, help="clients that stop in the middle (default: %(default)s)")
    add("--faulted", type=int, default=4, help="clients whose requests are made to go wrong (default: %(default)s)")
    add("--workers", type=int, default=1, help="processes of the portal (default: %(default)s)")
    add("--store", metavar="URL", help="where the portal keeps its records (default: a new file)")
    add("--seed", type=int, default=1, help="for what is sent (default: %(default)s)")
    add("--save", metavar="NAME", help="write results/NAME.json and results/NAME.md")
    add("--results", type=Path, default=_RESULTS, metavar="FOLDER", help=argparse.SUPPRESS)
    return parser.parse_args(given)


def soak(options: argparse.Namespace, scratch: Path) -> dict[str, Any]:
    """The whole run as JSON-ready data."""
    serve = [sys.executable, "-m", "mockserver.cli", "serve", "--quiet-losses", "--workers", str(options.workers)]

    def command(port: int, folder: Path) -> list[str]:
        return [*serve, "--port", str(port), "--store", options.store or f"sqlite:///{folder / 'records.db'}"]

    before = load_average()
    with bench_servers.running(bench_servers.Server("stub", "stub", command), scratch / "stub") as up:
        _ask_once(f"{up.url}/t/{FAULTY}/_portal/faults", json.dumps(FAULTS).encode())
        _ask_once(f"{up.url}/_portal/journal")  # who first reads it loads what that takes
        notes, memory = asyncio.run(_send(options, up.url, up.process))
    told = (scratch / "stub" / "output.txt").read_text(encoding="utf-8", errors="replace").splitlines()
    found = {name: getattr(options, name) for name in _SETTINGS}
    return {
        "settings": {**found, "store": (options.store or "sqlite").partition(":")[0], "load_before": before},
        "requests": sum(map(len, notes.seconds.values())),
        "statuses": {str(status): notes.statuses[status] for status in sorted(notes.statuses)},
        "own_5xx": sum(count for status, count in notes.statuses.items() if status >= 500),
        "wrong": notes.wrong[:20],
        "slow_answered": notes.slow_answered,
        "arranged": dict(sorted(notes.arranged.items())),
        "printed": [line for line in told[1:] if "Traceback" in line or "ERROR" in line][:20],
        "latency_ms": {kind: _percentiles(seconds) for kind, seconds in sorted(notes.seconds.items())}
        | {"all": _percentiles([one for seconds in notes.seconds.values() for one in seconds])},
        "memory_mb": [round(one, 1) for one in memory],
        "full_journal_costs": {kept: full_journal(scratch, kept) for kept in ("memory", "store")},
    }


def _ask_once(url: str, body: bytes | None = None) -> None:
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    bench_servers.DIRECT.open(request, timeout=60).close()


async def _send(options: argparse.Namespace, url: str, process: int) -> tuple[Notes, list[float]]:
    notes, memory = Notes(), []
    until = time.monotonic() + options.seconds

    async def watch() -> None:
        while time.monotonic() < until:
            memory.append(await asyncio.to_thread(bench_servers.memory_mb, process) or 0.0)
            await asyncio.sleep(options.seconds / 40)

    await asyncio.gather(
        *(hung(url, number, until) for number in range(options.hung)),
        *(slow(url, number, until, notes) for number in range(options.slow)),
        *(faulted(url, number, until, notes) for number in range(options.faulted)),
        *(steady(url, path(), number, options.seed, until, notes) for number in range(options.connections)),
        watch(),
    )
    return notes, memory


def _percentiles(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    parts = {"p50": 0.5, "p99": 0.99, "p99.9": 0.999}
    found = {name: round(1000 * ordered[int(len(ordered) * part)], 1) for name, part in parts.items()}
    return {**found, "max": round(1000 * ordered[-1], 1), "requests": len(ordered)}


def full_journal(scratch: Path, kept: str) -> float:
    """What a request costs with a full journal, as a part of what it costs with an empty one: processor time."""
    with ExitStack() as stack:
        apps: list[Callable[..., Any]] = []
        for state in ("empty", "full"):
            store = stack.enter_context(open_store(f"sqlite:///{scratch / f'{kept}-{state}.db'}"))
            apps.append(create_app(helppage.shipped(), store, keep_journal=kept == "store").wsgi_app)
        empty, full = apps
        _ask(full, 4000)
        ratios = []
        for turn in range(_TURNS):
            empty(_environ("DELETE", "/_portal/journal", b""), _ignore)
            order = (empty, full) if turn % 2 else (full, empty)
            cost = {app: _ask(app, _COMPARED) for app in order}
            ratios.append(cost[full] / cost[empty])
    return round(statistics.median(ratios), 3)


def _ask(app: Callable[..., Any], times: int) -> float:
    requests = [
        _environ("POST", path(), body("JSON").replace(MARK, key(1, number)).encode()) for number in range(times)
    ]
    begun = time.process_time()
    for request in requests:
        app(request, _ignore)
    return time.process_time() - begun


def _environ(method: str, where: str, content: bytes) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": where,
        "QUERY_STRING": "",
        "CONTENT_TYPE": MEDIA_TYPES["JSON"],
        "CONTENT_LENGTH": str(len(content)),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "HTTP_HOST": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(content),
        "wsgi.errors": io.StringIO(),
    }


def _ignore(_status: str, _headers: list[tuple[str, str]]) -> None:
    pass


def as_markdown(found: dict[str, Any]) -> str:
    """For a page."""
    how, memory = found["settings"], found["memory_mb"]
    quarter = max(1, len(memory) // 4)
    lines = [
        f"{heading_of_machine()}; {how['seconds']:g} s, store {how['store']}, {how['workers']} worker(s).",
        f"{how['connections']} clients without a pause, {how['slow']} that send byte by byte, {how['hung']} that hang,",
        f"{how['faulted']} whose requests are made to go wrong.",
        f"The clients run on the same cores. The machine's load before the start: {how['load_before']}.",
        "",
        "| what was sent | requests | p50 ms | p99 ms | p99.9 ms | max ms |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for kind, of in found["latency_ms"].items():
        lines.append(f"| {kind} | {of['requests']} | {of['p50']} | {of['p99']} | {of['p99.9']} | {of['max']} |")
    lines += [
        "",
        f"- {found['requests']} answers: {_counted(found['statuses'])}",
        f"- 5xx of the portal's own making: {found['own_5xx']}; wrong answers, lost connections: {len(found['wrong'])}",
        f"- arranged to go wrong, and what came of it: {_counted(found['arranged'])}",
        f"- requests of slow clients answered: {found['slow_answered']}",
        f"- memory: {memory[0]:.0f} MB at the start, {statistics.median(memory[quarter : 2 * quarter]):.0f} in the"
        f" second quarter, {statistics.median(memory[-quarter:]):.0f} in the last",
        *(
            f"- a request with a full journal ({kept}) costs {ratio:.2f} of one with an empty journal"
            for kept, ratio in found["full_journal_costs"].items()
        ),
        "",
    ]
    return "\n".join(lines)


def _counted(what: dict[str, int]) -> str:
    return ", ".join(f"{count} of {name}" for name, count in what.items())


def main(given: Sequence[str] | None = None) -> int:
    """Run, print, save when asked; the exit code."""
    options = _arguments(given)
    with tempfile.TemporaryDirectory(prefix="portal-soak-", ignore_cleanup_errors=True) as scratch:
        found = soak(options, Path(scratch))
    print(as_markdown(found))
    for line in [*found["wrong"], *found["printed"]]:
        print(line)
    if options.save:
        options.results.mkdir(exist_ok=True)
        data = json.dumps(found, indent=1) + "\n"
        (options.results / f"{options.save}.json").write_text(data, encoding="utf-8", newline="\n")
        (options.results / f"{options.save}.md").write_text(as_markdown(found), encoding="utf-8", newline="\n")
    return 1 if found["own_5xx"] or found["wrong"] or found["printed"] else 0


if __name__ == "__main__":
    sys.exit(main())
