"""How fast is the stub portal? Measured beside the least a Flask app must do, and beside other tools' mock servers.

    python tests/bench/portal.py [--peers FOLDER] [--save NAME]
    python tests/bench/portal.py --profile

Every server runs at the same time on loopback, idle but for the one that is under load; each round loads all of them
in a new order. Fresh processes give the time to the first 200. What this starts, ends with it.

The rule: nothing here judges. A time is never a test; what the project claims of its speed stands in `results/`, as
this command saved it.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

import bench_load  # noqa: E402
import bench_requests  # noqa: E402
import bench_servers  # noqa: E402
from bench_results import Case, Results, as_markdown, as_text, load_average  # noqa: E402

_RESULTS = HERE / "results"


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add = parser.add_argument
    add("--rounds", type=int, default=4, help="how often every case is measured (default: %(default)s)")
    add("--seconds", type=float, default=4, help="how long each time (default: %(default)s)")
    add("--warm-up", type=float, default=1, help="seconds of load on each case before that (default: %(default)s)")
    add("--starts", type=int, default=5, help="processes of each, the one under load among them (default: %(default)s)")
    add("--connections", type=int, default=16, help="requests in hand at once (default: %(default)s)")
    add("--seed", type=int, default=1, help="for the order and the keys (default: %(default)s)")
    add("--generator", choices=("auto", "wrk", "python"), default="auto", help="who sends (default: wrk if installed)")
    add("--peers", type=Path, metavar="FOLDER", help="where to look for peers besides PATH: npm packages, a jar")
    add("--no-peers", action="store_true", help="measure the stub and the floor only")
    add("--save", metavar="NAME", help="write results/NAME.json and results/NAME.md")
    add("--results", type=Path, default=_RESULTS, metavar="FOLDER", help=argparse.SUPPRESS)
    add("--profile", action="store_true", help="show where the stub's time goes instead")
    return parser.parse_args(given)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def measure(options: argparse.Namespace, scratch: Path) -> Results:
    """The whole run; `scratch` is for what the servers write."""
    servers = bench_servers.ours()
    missing: list[str] = []
    if not options.no_peers:
        found, missing = bench_servers.peers(options.peers)
        servers += found
    cases = [Case(server.name, server.role, one) for server in servers for one in server.formats]
    by = bench_load.generator(options.generator)
    settings = {name: getattr(options, name) for name in ("connections", "seconds", "warm_up", "starts", "seed")}
    results = Results({"generator": by, **settings, "load_before": load_average()}, cases, missing)
    order = random.Random(options.seed)
    _starts(results, servers, options.starts, order, scratch)
    with ExitStack() as stack:
        up = {one.name: stack.enter_context(bench_servers.running(one, scratch / one.name)) for one in servers}
        for name, running in up.items():
            results.starts[name].append(running.start_seconds)
        results.memory_at_rest = {name: bench_servers.memory_mb(one.process) for name, one in up.items()}
        _rounds(results, up, options, order, scratch)
        results.memory = {name: bench_servers.memory_mb(one.process) for name, one in up.items()}
    return results


def _starts(
    results: Results, servers: list[bench_servers.Server], times: int, order: random.Random, scratch: Path
) -> None:
    results.starts = {server.name: [] for server in servers}
    for turn in range(1, times):
        _say(f"start {turn} of {times}")
        for server in order.sample(servers, len(servers)):
            with bench_servers.running(server, scratch / f"{server.name} {turn}") as running:
                results.starts[server.name].append(running.start_seconds)


def _rounds(
    results: Results,
    up: dict[str, bench_servers.Running],
    options: argparse.Namespace,
    order: random.Random,
    scratch: Path,
) -> None:
    run = 0
    for turn in range(options.rounds + 1):  # the first is the warm-up
        _say(f"round {turn} of {options.rounds}" if turn else "warm-up")
        loads = {}
        for case in order.sample(results.cases, len(results.cases)):
            run += 1
            url = up[case.server].url
            request = scratch / f"{case.name}.request"
            request.write_bytes(bench_requests.raw(url, case.format))
            seconds = options.seconds if turn else options.warm_up
            by, connections = results.settings["generator"], options.connections
            loads[case.name] = bench_load.press(by, url, request, run, options.seed + run, connections, seconds)
        if turn:
            results.rounds.append({case.name: loads[case.name] for case in results.cases})


def main(given: Sequence[str] | None = None) -> None:
    """Measure, print, and save when asked."""
    options = _arguments(given)
    if options.profile:
        import bench_profile

        print(bench_profile.profile())
        return
    with tempfile.TemporaryDirectory(prefix="portal-bench-", ignore_cleanup_errors=True) as scratch:
        results = measure(options, Path(scratch))
    print(as_text(results))
    if options.save:
        options.results.mkdir(exist_ok=True)
        data = json.dumps(results.as_data(), indent=1) + "\n"
        (options.results / f"{options.save}.json").write_text(data, encoding="utf-8", newline="\n")
        (options.results / f"{options.save}.md").write_text(as_markdown(results), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
