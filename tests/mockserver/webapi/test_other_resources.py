"""Seven resources of an invented site, served from their pages alone: every answer is the recorded one, where the page
tells all that it hangs on."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from replaying import SITES, Replay, site_cases

from contracts.helppage import read
from contracts.model import Contract, Fact
from mockserver.controllers import acting
from mockserver.store import Records, open_store

#: How many of the page-only cases are answered exactly. It only rises. Of Vouchers, more hang on what no page shows
#: than the recording marks (see DATA_CONTRACT below).
FLOORS = {
    "Coatings": (433, 433),
    "Fittings": (550, 552),
    "Frames": (533, 533),
    "OrderSheets": (554, 554),
    "StockCounts": (365, 365),
    "Suppliers": (513, 514),
    "Vouchers": (179, 498),
}
#: What no page shows and an overlay would settle: what the action calls its body, where it is not the natural guess.
NAMES = {"POST api/StockCounts/batch": "batch"}
#: What no page shows of a [DataContract] and an overlay would settle: members left out at their default, members that
#: must be there, what the code calls them, and an EnumMember's value.
DATA_CONTRACT: dict[str, dict[str, Any]] = {
    "valid_to": {"emit_default": False, "clr_name": "ValidTo"},
    "voucher_code": {"is_required": True, "clr_name": "Code"},
    "Uses": {"is_required": True},
    "discountPct": {"clr_name": "Percent"},
    "shops": {"clr_name": "Shops"},
}
ENUM_MEMBERS = {"Gold": "gold-tier"}


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


def test_what_an_overlay_settles_of_a_data_contract_is_answered_as_recorded(records: Records) -> None:
    contract = site("Vouchers")
    model, tier = contract.models["VoucherModel"], contract.models["Tier"]
    properties = tuple(
        replace(one, **{fact: Fact(value) for fact, value in DATA_CONTRACT.get(one.name, {}).items()})
        for one in model.properties
    )
    members = tuple(replace(one, xml=ENUM_MEMBERS.get(one.name, "")) for one in tier.members)
    settled = {"VoucherModel": replace(model, properties=properties), "Tier": replace(tier, members=members)}
    contract = replace(contract, models={**contract.models, **settled})
    replay = Replay(contract, "lenient", acting(contract, records))
    cases = list(site_cases("Vouchers"))
    wrong = {case["name"]: found for case in cases if (found := replay.differences(case))}
    assert len(cases) == 562
    assert not wrong
