"""How long a portal of many resources takes to stand, and whether one of its operations pays for the others.

    python tests/bench/bench_sites.py

The same resource is served 1, 10, 50 and 200 times over under other names, in one process, without a server: the start
is all that `WebApi` and the controllers work out of a contract; the requests are one upsert and one read by its key,
each in microseconds, the best of several rounds. Reading the pages is not measured here.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(1, str(Path(__file__).parents[1]))
sys.path.insert(1, str(Path(__file__).parents[2]))

from invented_site import things

from contracts.model import Contract, TypeRef
from mockserver.controllers import acting
from mockserver.store import open_store
from mockserver.webapi import Request, WebApi

COUNTS = (1, 10, 50, 200)
ROUNDS, REQUESTS = 7, 1000


def renamed(value: Any, tail: str) -> Any:
    """A type under the names of another copy."""
    if value is None:
        return None
    name = value.name + tail if value.kind == "model" else value.name
    return TypeRef(value.kind, name, renamed(value.item, tail), renamed(value.key, tail))


def site(count: int) -> Contract:
    """The invented resource, so many times."""
    one = things()
    operations, models = [], {}
    for number in range(count):
        tail = str(number)
        for operation in one.operations:
            bodies = {
                side: replace(body, type=replace(body.type, value=renamed(body.type.value, tail)))
                for side, body in (("request", operation.request), ("response", operation.response))
            }
            path = replace(operation.path, value=operation.path.value.replace("Things", f"Things{tail}"))
            operations.append(replace(operation, path=path, **bodies))
        for model in one.models.values():
            rows = tuple(replace(p, type=replace(p.type, value=renamed(p.type.value, tail))) for p in model.properties)
            models[model.name + tail] = replace(model, name=model.name + tail, properties=rows)
    return replace(one, operations=tuple(operations), models=models)


def main() -> None:
    print(f"{'resources':>9} {'operations':>10} {'start, ms':>10} {'upsert, us':>11} {'read, us':>9}")
    for count in COUNTS:
        contract = site(count)
        started = time.perf_counter()
        portal = WebApi(contract, strict=True)
        with open_store("memory") as store:
            act = acting(contract, store.records())
            stood = time.perf_counter() - started
            sent = json.dumps({"externalId": "k", "name": "n", "size": 1}).encode()
            took = []
            for request in (
                Request("POST", "/api/Things0", [("Content-Type", "application/json")], sent),
                Request("GET", "/api/Things0?externalId=k", [], b""),
            ):
                rounds = []
                for _ in range(ROUNDS):
                    started = time.perf_counter()
                    for _ in range(REQUESTS):
                        assert portal.handle(request, act).status == 200
                    rounds.append((time.perf_counter() - started) / REQUESTS)
                took.append(min(rounds) * 1e6)
        operations = len(contract.operations)
        print(f"{count:>9} {operations:>10} {stood * 1000:>10.1f} {took[0]:>11.0f} {took[1]:>9.0f}")


if __name__ == "__main__":
    main()
