"""What no page shows is taken as the README's table says, and an overlay settles it.

The pages are those of invented sites; what the real code behind them holds is known from their recordings.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contracts.loading import load
from mockserver.app import create_app
from mockserver.store import open_store

DATA = Path(__file__).parents[1] / "data"
VOUCHER = {"voucher_code": "C-1", "Amount": 2, "ValidFrom": "2030-01-07T09:00:00", "Tier": 1, "Uses": 3, "Alias": "a"}
FITTING = {"ExternalId": "F-1", "Title": "Invented"}
SUPPLIER = {
    "ExternalId": "S-1", "Name": "Invented Ltd", "Grade": "A-12", "Margin": 5.5, "Score": 5.5, "Priority": 3,
    "Email": "pc@portal-contract.invalid", "Secret": "invented-1", "Preferred": True, "Since": "2030-01-07T09:00:00",
    "Contact": "nobody",
}  # fmt: skip


def answer(tmp_path: Path, site: str, path: str, body: Any, settled: str = "", **headers: str) -> tuple[int, str]:
    overlays: list[Path] = []
    if settled:
        overlays = [tmp_path / "contract.toml"]
        overlays[0].write_text(f'author = "a tester"\n{settled}\n', encoding="utf-8")
    contract = load([DATA / "sites" / site, *overlays], tell=False)
    sent = body if isinstance(body, str) else json.dumps(body)
    with open_store("memory") as store:
        client = create_app(contract, store, strict=False, quiet_losses=True).test_client()
        got = client.post(path, data=sent, headers={"Content-Type": "application/json", **headers})
        return got.status_code, got.get_data(as_text=True)


MEMBERS = "[models.{}.members]\n{} = {{ {} }}"
#: (what no page shows, site, path, body, headers, the answer's text as it is taken, the key that settles it, then)
ROWS = [
    ("width", "Fittings", "/api/Fittings", FITTING | {"Offset": 40000}, {}, '"Offset":40000',
     MEMBERS.format("FittingModel", "Offset", 'type = "Int16"'), '"fitting.Offset":["An error has occurred."]'),
    ("required", "Vouchers", "/api/Vouchers", {"Alias": "a"}, {}, '"Alias":"a"',
     MEMBERS.format("VoucherModel", "Uses", "is_required = true"), '"voucher":["An error has occurred."]'),
    ("named enumeration", "Vouchers", "/api/Vouchers", VOUCHER, {"Accept": "application/xml"}, "<Tier>Gold</Tier>",
     '[models.Tier.values]\nGold = "gold-tier"', "<Tier>gold-tier</Tier>"),
    ("renamed", "Vouchers", "/api/Vouchers", "voucher_code=C-1&Code=C-2&Alias=a&Uses=3",
     {"Content-Type": "application/x-www-form-urlencoded"}, '"voucher_code":"C-1"',
     MEMBERS.format("VoucherModel", "voucher_code", 'clr_name = "Code"'), '"voucher_code":"C-2"'),
    ("the body's name, by the page's line", "Vouchers", "/api/Vouchers/batch", [{}], {}, '"vouchers[0].Alias"',
     '[operations."POST api/Vouchers/batch"]\nbody = "many"', '"many[0].Alias"'),
]  # fmt: skip


@pytest.mark.parametrize(("site", "path", "body", "headers", "taken", "settled", "then"), [row[1:] for row in ROWS],
                         ids=[row[0] for row in ROWS])  # fmt: skip
def test_a_fact_that_no_page_shows_is_taken_as_the_readme_says_until_it_is_settled(
    tmp_path: Path, site: str, path: str, body: Any, headers: dict[str, str], taken: str, settled: str, then: str
) -> None:
    assert taken in answer(tmp_path, site, path, body, **headers)[1]
    after = answer(tmp_path, site, path, body, settled, **headers)[1]
    assert then in after
    assert taken not in after


def test_a_member_is_always_written_until_the_overlay_says_otherwise(tmp_path: Path) -> None:
    settled = MEMBERS.format("VoucherModel", "valid_to", "emit_default = false")
    assert '"valid_to":null' in answer(tmp_path, "Vouchers", "/api/Vouchers", VOUCHER)[1]
    assert "valid_to" not in answer(tmp_path, "Vouchers", "/api/Vouchers", VOUCHER, settled)[1]


def test_a_number_with_a_fraction_is_a_double(tmp_path: Path) -> None:
    body = FITTING | {"Pressure": 0.123456789012345}
    settled = MEMBERS.format("FittingModel", "Pressure", 'type = "Single"')
    assert '"Pressure":0.123456789012345' in answer(tmp_path, "Fittings", "/api/Fittings", body)[1]
    assert '"Pressure":0.12345679' in answer(tmp_path, "Fittings", "/api/Fittings", body, settled)[1]


def test_an_annotation_that_pages_never_show_is_not_enforced(tmp_path: Path) -> None:
    # The code behind these pages has [EmailAddress] on Contact.
    status, text = answer(tmp_path, "Suppliers", "/api/Suppliers", SUPPLIER)
    assert "Contact field is not a valid" not in text
    assert status == 200
