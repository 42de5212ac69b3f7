"""What the journal says of exchanges on other pages: nested members, lists, URI parameters."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from contracts.helppage import read
from mockserver.app import create_app
from mockserver.store import open_store

SITES = Path(__file__).parent.parent / "data" / "sites"
FORM = "application/x-www-form-urlencoded"
SHEETS = "http://schemas.datacontract.org/2004/07/Optic.Portal.Api.Models.OrderSheets"


@cache
def contract(site: str) -> Any:
    return read(SITES / site)


def told(site: str, method: str, path: str, body: Any = None, kind: str = "application/json") -> dict[str, Any]:
    """What the journal says of one request to a site's stub portal."""
    data = json.dumps(body) if kind == "application/json" and body is not None else body
    with open_store("memory") as store:
        client = create_app(contract(site), store).test_client()
        client.open(path, method=method, data=data, content_type=kind if data is not None else None)
        exchange: dict[str, Any] = client.get("/_portal/journal/1").get_json()
    return exchange


def differences(*args: Any) -> list[tuple[str, str, str]]:
    near = told(*args)["near"]
    assert near is not None
    return [(one["where"], one["problem"], one["sent"]) for one in near["differences"]]


NESTED = {"patientExternalId": "p", "externalId": "k", "total": 1, "delivery": {"street": "s"}}
NESTED_XML = (
    f'<OrderSheetModel xmlns="{SHEETS}"><Delivery><City>c</City></Delivery>'
    "<Items><SheetItemModel><Quantity>1</Quantity></SheetItemModel></Items></OrderSheetModel>"
)


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([{"quantity": "x", "sku": "s"}], [("items[0].quantity", "value", "x")]),
        ([{"sku": "s"}, {"quantity": 1}], [("items[1].sku", "missing", "")]),
        ([{"quantity": {"a": 1}, "sku": "s"}], [("items[0].quantity", "value", '{"a": 1}')]),
    ],
)
def test_a_member_inside_another_is_named_where_it_stands(items: Any, expected: list[Any]) -> None:
    found = differences("OrderSheets", "POST", "/api/OrderSheets", {**NESTED, "items": items})
    assert [one for one in found if one[0] != "delivery.city"] == expected
    assert ("delivery.city", "missing", "") in found


def test_a_form_names_it_as_the_form_does() -> None:
    body = "items[0].quantity=x&items[0].sku=s&delivery.city=c&delivery.street=s&externalId=k&patientExternalId=p"
    found = differences("OrderSheets", "POST", "/api/OrderSheets", body, FORM)
    assert ("items[0].quantity", "value", "x") in found


def test_xml_names_it_by_the_elements() -> None:
    found = differences("OrderSheets", "POST", "/api/OrderSheets", NESTED_XML, "application/xml")
    assert ("Delivery.Street", "missing", "") in found
    assert ("Items[0].Sku", "missing", "") in found


def test_what_the_framework_cannot_miss_is_not_blamed_for_being_left_out() -> None:
    found = differences("OrderSheets", "POST", "/api/OrderSheets", {"delivery": {"city": "c", "street": "s"}})
    assert ("patientExternalId", "missing", "") in found
    assert "total" not in [where for where, _, _ in found]


@pytest.mark.parametrize(
    ("site", "path", "expected"),
    [
        ("StockCounts", "/echo?text=a&number=x&limit=1", ("parameter number", "parameter", "x")),
        ("StockCounts", "/echo?text=a&number=&limit=1", ("parameter number", "no value", "")),
        ("StockCounts", "/search?FrameExternalId=a&Aisle=Foo", ("parameter Aisle", "parameter", "Foo")),
        ("Suppliers", "/7", ("parameter id", "parameter", "7")),
        ("Frames", "/search?name=", ("parameter name", "no value", "")),
        ("Suppliers", "/search?minimum=1", ("parameter name", "no value", "")),
        ("Coatings", "", ("parameter externalId", "no value", "")),
    ],
)
def test_a_uri_parameter_that_is_not_taken_is_named(site: str, path: str, expected: tuple[str, str, str]) -> None:
    assert differences(site, "GET", f"/api/{site}{path}") == [expected]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ([{"FrameExternalId": "a"}, {"counted": "x"}], "application/json"),
        ("[0].FrameExternalId=a&[1].Counted=x", FORM),
    ],
)
def test_of_a_list_the_record_is_named(body: Any, kind: str) -> None:
    found = differences("StockCounts", "POST", "/api/StockCounts/batch", body, kind)
    assert ("[1].frameExternalId" if kind != FORM else "[1].FrameExternalId", "missing", "") in found
    assert ("[1].counted" if kind != FORM else "[1].Counted", "value", "x") in found


def vouchers(**more: Any) -> list[dict[str, Any]]:
    return [{"ExternalId": key, "voucher_code": "c", "Alias": "a", **more} for key in ("k1", "k2")]


def test_a_list_is_shown_record_by_record_as_sent_and_kept() -> None:
    rows = told("Vouchers", "POST", "/api/Vouchers/batch", vouchers(Uses=3, bogus=1))["members"]
    by_name = {row["member"]: row for row in rows}
    assert (by_name["[0].ExternalId"]["sent"], by_name["[0].ExternalId"]["kept"]) == ("k1", "k1")
    assert (by_name["[1].ExternalId"]["sent"], by_name["[1].ExternalId"]["kept"]) == ("k2", "k2")
    assert (by_name["[1].Uses"]["sent"], by_name["[1].Uses"]["kept"]) == (3, 3)
    assert by_name["[1].bogus"]["lost"] == "json.unknown"
    assert by_name["[1].Uses"]["lost"] == ""


def test_a_form_of_several_records_is_shown_beside_what_was_kept_of_each() -> None:
    body = "[0].ExternalId=k1&[0].voucher_code=c&[0].Alias=a&[1].ExternalId=k2&[1].voucher_code=c&[1].Alias=b"
    rows = told("Vouchers", "POST", "/api/Vouchers/batch", body, FORM)["members"]
    kept = {row["name"]: row["kept"] for row in rows if row["name"]}
    assert kept["[0].Alias"] == "a" and kept["[1].Alias"] == "b"


def test_whoever_only_reads_a_list_is_shown_no_members_of_it() -> None:
    with open_store("memory") as store:
        client = create_app(contract("StockCounts"), store).test_client()
        client.post("/api/StockCounts", json={"frameExternalId": "a", "counted": 1})
        client.get("/api/StockCounts/search?FrameExternalId=a")
        found = client.get("/_portal/journal/2").get_json()
        page = client.get("/_portal/page/exchanges/2").get_data(as_text=True)
    assert "frameExternalId" in found["response"]["text"]
    assert found["members"] == []
    assert "Sent and kept" not in page


def test_a_value_that_is_hidden_breaks_no_schema() -> None:
    token = "11111111-2222-3333-4444-555555555555"
    found = told("StockCounts", "GET", f"/api/StockCounts/echo?text=a&number=1&limit=1&token={token}")
    assert token not in json.dumps(found)
    assert found["response"]["faults"] == []


def test_the_exchanges_page_says_what_the_letters_of_its_rules_mean() -> None:
    with open_store("memory") as store:
        client = create_app(contract("Vouchers"), store).test_client()
        client.post("/api/Vouchers", json=vouchers(bogus=1)[0])
        client.post("/api/Vouchers", json=vouchers()[0])
        pages = [client.get(f"/_portal/page/exchanges/{number}").get_data(as_text=True) for number in (1, 2)]
    assert "N: System.Net.Http.Formatting of ASP.NET Web API" in pages[0]
    assert "J: Json.NET" not in pages[0]
    assert "System.Net.Http.Formatting" not in pages[1]


def test_the_list_names_the_parameter_that_was_refused() -> None:
    with open_store("memory") as store:
        client = create_app(contract("StockCounts"), store).test_client()
        client.get("/api/StockCounts/echo?text=a&number=x&limit=1")
        page = client.get("/_portal/").get_data(as_text=True)
    assert "refused</span>" in page and "number" in page.partition("refused</span>")[2][:60]


ID = "11111111-2222-4333-8444-555555555555"


def test_an_id_that_is_not_taken_is_told_in_a_list_and_in_a_put() -> None:
    with open_store("memory") as store:
        client = create_app(contract("Vouchers"), store).test_client()
        sent = [{**vouchers()[0]}, {**vouchers()[1], "Id": ID}]
        told = client.post("/api/Vouchers/batch", json=sent).headers["Portal-Silent-Loss"]
        again = client.post("/api/Vouchers/batch", json=[None, vouchers()[0]])
    assert told == 'id.ignored;member="[1].Id"'
    assert "Portal-Silent-Loss" not in again.headers
    with open_store("memory") as store:
        client = create_app(contract("OrderSheets"), store, strict=False).test_client()
        own = client.post("/api/OrderSheets", json=SHEET).json["id"]
        kept = client.put(f"/api/OrderSheets/{own}", json={**SHEET, "id": own})
        other = client.put(f"/api/OrderSheets/{own}", json={**SHEET, "id": ID})
    assert (kept.status_code, kept.headers.get("Portal-Silent-Loss")) == (200, None)
    assert (other.json["id"], other.headers["Portal-Silent-Loss"]) == (own, 'id.ignored;member="id"')


SHEET = {"externalId": "k", "patientExternalId": "p", "delivery": {"city": "c", "street": "s"}, "items": []}


def test_of_a_record_that_is_not_there_the_page_says_so() -> None:
    with open_store("memory") as store:
        client = create_app(contract("Frames"), store).test_client()
        client.get(f"/api/Frames/{ID}")
        page = client.get("/_portal/page/exchanges/1").get_data(as_text=True)
    assert "GET api/Frames/{id}: it reached this operation, which found no such record." in page
