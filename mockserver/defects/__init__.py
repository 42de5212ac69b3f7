"""Named defects: faults that the stub portal can be told to have, so that a judge or a client can be put to the test.

    names ──find──▶ defects ──alter (handle, contract)──▶ handle with the defects in it

The rule: each is a fault that a real portal of this kind could have, and names the requirement that must convict it; it
works on any contract; and a portal without defects passes no line of this package. The stub is never shaped by the
judge: requirements are cited as texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, tzinfo
from difflib import get_close_matches

from contracts.errors import UsageError
from contracts.model import Contract
from mockserver.defects.annotations import ANNOTATIONS, undemanding
from mockserver.defects.answers import ANSWERS
from mockserver.defects.behind import BEHIND
from mockserver.defects.deep import DEEP
from mockserver.defects.errors import ERRORS
from mockserver.defects.keys import KEYS
from mockserver.defects.layers import Handle, Site
from mockserver.defects.lists import LISTS
from mockserver.defects.races import RACES
from mockserver.defects.requests import REQUESTS
from mockserver.defects.required import REQUIRED
from mockserver.defects.steadiness import STEADINESS
from mockserver.defects.storage import STORAGE
from mockserver.defects.table import Defect
from mockserver.defects.texts import TEXTS
from mockserver.defects.times import TIMES
from mockserver.defects.updates import UPDATES
from mockserver.webapi import WebApi

__all__ = ["BESIDE", "DEFECTS", "FURTHER", "Defect", "alter", "every", "find"]

#: Every defect that an upsert alone shows, by its name. The order is that in which they are put around the portal,
#: the first nearest to it.
DEFECTS: Mapping[str, Defect] = {
    defect.name: defect
    for defects in (REQUIRED, KEYS, UPDATES, TEXTS, TIMES, REQUESTS, ANSWERS, ERRORS, STEADINESS, RACES)
    for defect in defects
}

#: Defects that show only where pages hold more than an upsert of texts and times: reads, PUT, DELETE, search,
#: annotations, members made of values, numbers.
BESIDE: Mapping[str, Defect] = {
    defect.name: defect for defects in (STORAGE, LISTS, ANNOTATIONS, DEEP) for defect in defects
}

#: Defects of operations that few pages hold: a part of a record, several records at once.
FURTHER: Mapping[str, Defect] = {defect.name: defect for defect in BEHIND}


def every() -> dict[str, Defect]:
    """Every defect by its name."""
    return {**DEFECTS, **BESIDE, **FURTHER}


def find(names: Iterable[str]) -> tuple[Defect, ...]:
    """The defects of these names, in the table's order; UsageError lists what is near to an unknown one."""
    wanted, known = list(names), every()
    for name in wanted:
        if name not in known:
            near = get_close_matches(name, known, n=5, cutoff=0.4)
            like = f"near to it: {', '.join(near)}; " if near else ""
            raise UsageError(f"unknown defect {name!r}\n    what to do: {like}all of them: portal-mock defects")
    return tuple(defect for defect in known.values() if defect.name in wanted)


def alter(handle: Handle, contract: Contract, names: Iterable[str], zone: tzinfo = UTC) -> Handle:
    """The portal with these defects; the very same one when there are none."""
    defects = find(names)
    if defects:
        site = Site(contract, zone, WebApi(undemanding(contract), strict=False, zone=zone).handle)
        for defect in defects:
            handle = defect.layer(site, handle)
    return handle
