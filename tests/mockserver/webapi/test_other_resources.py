"""Seven resources of an invented site, served from their pages alone: every answer is the recorded one, where the page
tells all that it hangs on."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from replaying import SITES, Replay, site_cases

from contracts.helppage import read
from contracts.model import Contract, Fact
from mockserver.controllers import acting
from mockserver.store import Records, open_store

#: How many of the page-only cases are answered exactly. It only rises.
FLOORS = {
    "Coatings": (227, 433),
    "Fittings": (528, 552),
    "Frames": (533, 533),
    "OrderSheets": (437, 554),
    "StockCounts": (321, 365),
    "Suppliers": (471, 514),
    "Vouchers": (179, 498),
}
#: What no page shows and an overlay would settle: what the action calls its body, where it is not the natural guess.
NAMES = {"POST api/StockCounts/batch": "batch"}


@pytest.fixture
def records() -> Iterator[Records]:
    with open_store("memory") as store:
        yield store.records()


def site(name: str) -> Contract:
    """The contract of a resource's pages in HTML, with the bodies' names settled."""
    contract = read(*sorted(Path(SITES / name).glob("*.html")))
    operations = tuple(
        replace(one, request=replace(one.request, parameter=Fact(NAMES[one.id]))) if one.id in NAMES else one
        for one in contract.operations
    )
    return replace(contract, operations=operations)


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_what_the_pages_tell_is_answered_as_recorded(name: str, records: Records) -> None:
    contract = site(name)
    replay = Replay(contract, "lenient", acting(contract, records))
    cases = [case for case in site_cases(name) if not case.get("needs")]
    wrong = {case["name"]: found for case in cases if (found := replay.differences(case))}
    floor, of = FLOORS[name]
    assert len(cases) == of
    assert len(cases) - len(wrong) >= floor, list(wrong.items())[:3]
