"""Seven resources of an invented site, served from their pages alone: every answer is the recorded one, where the page
tells all that it hangs on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from replaying import SITES, Replay, site_cases

from contracts.helppage import read
from contracts.model import Contract
from contracts.overlay import settle
from mockserver.controllers import acting
from mockserver.store import Records, open_store

#: How many of the page-only cases are answered exactly. It only rises. Of Vouchers, more hang on what no page shows
#: than the recording marks (see DATA_CONTRACT below).
FLOORS = {
    "Coatings": (433, 433),
    "Fittings": (550, 552),
    "Frames": (533, 533),
    "OrderSheets": (554, 554),
    "StockCounts": (339, 365),
    "Suppliers": (513, 514),
    "Vouchers": (179, 498),
}
#: What no page shows and a person who knows the portal settles.
OVERLAYS = Path(__file__).parents[2] / "data" / "overlays"
#: Of all cases, those too that hang on what the pages do not show: how many are answered exactly with the overlay.
SETTLED = {"StockCounts": (475, 560), "Vouchers": (562, 562)}


@pytest.fixture
def records() -> Iterator[Records]:
    with open_store("memory") as store:
        yield store.records()


def site(name: str) -> Contract:
    """The contract of a resource's pages in HTML."""
    return read(*sorted(Path(SITES / name).glob("*.html")))


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_what_the_pages_tell_is_answered_as_recorded(name: str, records: Records) -> None:
    contract = site(name)
    replay = Replay(contract, "lenient", acting(contract, records))
    cases = [case for case in site_cases(name) if not case.get("needs")]
    wrong = {case["name"]: found for case in cases if (found := replay.differences(case))}
    floor, of = FLOORS[name]
    assert len(cases) == of
    assert len(cases) - len(wrong) >= floor, list(wrong.items())[:3]


@pytest.mark.parametrize("name", sorted(SETTLED))
def test_what_an_overlay_settles_is_answered_as_recorded(name: str, records: Records) -> None:
    overlay = OVERLAYS / f"{name}.toml"
    contract = settle(site(name), overlay.read_text(encoding="utf-8"), overlay.name)
    replay = Replay(contract, "lenient", acting(contract, records))
    cases = list(site_cases(name))
    wrong = {case["name"]: found for case in cases if (found := replay.differences(case))}
    floor, of = SETTLED[name]
    assert len(cases) == of
    assert len(cases) - len(wrong) >= floor, list(wrong.items())[:3]
