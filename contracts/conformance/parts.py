"""What each resource of a run took: its requests, by the operation of the pages that each was sent to, and its time.

    log of the wire ──counted──▶ {operation: requests}          Part = one judged operation's share of the run

The rule: a request belongs to the operation whose verb and path it has (a literal segment before a placeholder, then
the query's names); what fits none, as another verb or an unknown path, is told apart. Nothing is judged here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from contracts.conformance.wire import Passed
from contracts.model import Contract, Operation

OTHERS = "of no operation on the pages"


@dataclass(frozen=True)
class Part:
    """One resource's share of a run: the operation judged, the requests it took by operation, the seconds; `unjudged`
    says why it was not judged to its end, empty where it was."""

    operation: str
    requests: int = 0
    operations: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    unjudged: str = ""


def counted(contract: Contract, log: Iterable[Passed]) -> dict[str, int]:
    """How many requests each operation got, most first; those of no operation last."""
    tally = Counter((passed.method, passed.path, passed.query) for passed in log)
    found: Counter[str] = Counter()
    for (method, path, query), count in tally.items():
        found[_asked(contract, method, path, query)] += count
    others = found.pop(OTHERS, 0)
    return {**dict(found.most_common()), **({OTHERS: others} if others else {})}


def _asked(contract: Contract, method: str, path: str, query: tuple[str, ...]) -> str:
    """The operation that a request was sent to."""
    segments = path.strip("/").split("/")
    fitting = [o for o in contract.operations if o.method.value == method and _fits(o, segments)]
    if not fitting:
        return OTHERS
    return max(fitting, key=lambda o: (-o.path.value.count("{"), len({*o.query} & {*query}), -len(o.query))).id


def _fits(operation: Operation, segments: list[str]) -> bool:
    wanted = operation.path.value.strip("/").split("/")
    pairs = zip(wanted, segments, strict=False)
    return len(wanted) == len(segments) and all("{" in one or one.lower() == other.lower() for one, other in pairs)
