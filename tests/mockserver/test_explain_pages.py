"""`explain` on pages of seven other resources: what was recorded from them, with nested models, lists and enumerations.

For every recorded request that the portal takes with a loss: the request to send instead is taken, loses nothing, and
holds all that was kept of the first one, but for what is named.
"""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from contracts.helppage import read
from mockserver.cli import main
from mockserver.explain import Explainer, Explanation
from mockserver.webapi import Request

SITES = Path(__file__).parents[1] / "data" / "sites"
RESOURCES = ("Coatings", "Fittings", "Frames", "OrderSheets", "Suppliers", "Vouchers")
JSON, XML = "application/json", "application/xml"


@lru_cache
def explainer(resource: str) -> Explainer:
    return Explainer(read(*sorted((SITES / resource).glob("*.html"))), strict=False)


def requests(resource: str) -> Iterator[Request]:
    """The recorded requests with a body in JSON, XML or a form."""
    with gzip.open(SITES / resource / "exchanges.jsonl.gz", "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            for exchange in json.loads(line)["exchanges"]:
                sent = exchange["request"]
                if sent["method"] == "POST" and sent.get("text"):
                    body = sent["text"].encode(sent.get("encoding", "utf-8"), "surrogatepass")
                    yield Request("POST", sent["path"], list(sent["headers"].items()), body)


def lossy(resource: str) -> Iterator[Explanation]:
    for request in requests(resource):
        found = explainer(resource).explain(request)
        if found.response.status == 200 and found.losses and found.record is not None:  # no list of models
            yield found


def less(before: Any, after: Any) -> bool:
    """Whether a value, a list's items or a model's members are gone."""
    if isinstance(before, dict):
        return not isinstance(after, dict) or any(less(value, after.get(name)) for name, value in before.items())
    if isinstance(before, list):
        return not isinstance(after, list) or len(after) < len(before) or any(map(less, before, after))
    return before is not None and (after is None or (before and after in ("", b"")))


@pytest.mark.parametrize("resource", RESOURCES)
def test_what_is_said_to_be_sent_holds_all_that_was_kept_but_what_is_named(resource: str) -> None:
    counted: Counter[str] = Counter()
    for found in lossy(resource):
        assert found.record is not None
        counted["lossy"] += 1
        if found.corrected is None:
            continue
        counted["corrected"] += 1
        again = explainer(resource).explain(found.corrected)
        assert (again.response.status, again.losses) == (200, ())
        named = {loss.member.lower() for loss in found.losses} | {name.lower() for name in found.gone}
        for name, value in found.record.items():
            if name != "Id" and name.lower() not in named:
                assert again.record is not None
                assert not less(value, again.record[name]), (found.request.body, name)
    assert counted["corrected"] >= counted["lossy"] - 1  # a form of which no member is known
    assert counted["lossy"] > 20


NAMESPACE = "http://schemas.datacontract.org/2004/07/Optic.Portal.Api.Models.OrderSheets"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
ITEMS = "<Items><SheetItemModel><Quantity>12</Quantity><Sku>S-1</Sku></SheetItemModel></Items>"
NOTES = f'<Notes><string xmlns="{ARRAYS}">a</string><string xmlns="{ARRAYS}" i:nil="true"/></Notes>'


def sheet(inner: str) -> Explanation:
    body = f'<OrderSheetModel xmlns:i="{INSTANCE}" xmlns="{NAMESPACE}">{inner}</OrderSheetModel>'
    request = Request("POST", "/api/OrderSheets", [("Content-Type", XML), ("Accept", XML)], body.encode())
    return explainer("OrderSheets").explain(request)


def test_a_list_of_models_and_a_null_in_a_list_are_in_the_request_to_send_instead() -> None:
    found = sheet(ITEMS + NOTES + "<Room>7</Room>")
    assert [loss.member for loss in found.losses] == ["Room"]
    assert found.corrected is not None and found.gone == ()
    again = explainer("OrderSheets").explain(found.corrected)
    assert found.record is not None and again.record is not None
    assert [(item["Sku"], item["Quantity"]) for item in again.record["Items"]] == [("S-1", 12)]
    assert again.record["Notes"] == ["a", None]


def test_a_nested_element_out_of_order_is_named_by_its_path_and_put_right() -> None:
    found = sheet("<Delivery><Street>x</Street><City>y</City></Delivery>")
    assert [(loss.reason, loss.member) for loss in found.losses] == [("xml.out-of-order", "Delivery.City")]
    assert found.corrected is not None
    again = explainer("OrderSheets").explain(found.corrected)
    assert again.record is not None
    assert {name: value for name, value in again.record["Delivery"].items() if value} == {"Street": "x", "City": "y"}


def first(resource: str, method: str, path: str) -> dict[str, Any]:
    """The first recorded request of that kind in JSON."""
    with gzip.open(SITES / resource / "exchanges.jsonl.gz", "rt", encoding="utf-8", newline="\n") as lines:
        sent = (exchange["request"] for line in lines for exchange in json.loads(line)["exchanges"])
        found: dict[str, Any] = next(
            one for one in sent
            if one["method"] == method and one["path"].startswith(path) and one["headers"].get("Content-Type") == JSON
        )  # fmt: skip
        return found


def test_a_put_is_explained_under_its_own_address() -> None:
    sent = json.loads(first("Suppliers", "PUT", "/api/Suppliers/")["text"])
    target = "/api/Suppliers/7b1d4c02-1111-4000-8000-000000000000"
    request = Request("PUT", target, [("Content-Type", JSON)], json.dumps({**sent, "Room": 7}).encode())
    found = explainer("Suppliers").explain(request)
    assert [(loss.reason, loss.member) for loss in found.losses] == [("json.unknown", "Room")]
    assert found.corrected is not None and found.corrected.target == target
    assert json.loads(found.corrected.body or b"").keys() == sent.keys() - {"Id"}


def test_a_list_of_models_is_explained_item_by_item() -> None:
    (sent, *_) = json.loads(first("Vouchers", "POST", "/api/Vouchers/batch")["text"])
    body = json.dumps([sent, {**sent, "Room": 7}]).encode()
    found = explainer("Vouchers").explain(Request("POST", "/api/Vouchers/batch", [("Content-Type", JSON)], body))
    assert [(loss.reason, loss.member) for loss in found.losses] == [("json.unknown", "[1].Room")]
    assert found.corrected is not None
    kept = json.loads(found.corrected.body or b"")
    assert [{name: item.get(name) for name in sent} for item in kept] == [sent, sent]


def test_of_many_operations_those_that_are_most_like_the_request_are_named(tmp_path: Path) -> None:
    request = tmp_path / "request.http"
    request.write_text("POST /api/StockCount HTTP/1.1\nContent-Type: application/json\n\n{}", encoding="utf-8")
    done = CliRunner().invoke(main, ["explain", "--page", str(SITES / "StockCounts"), str(request)])
    told = " ".join(done.stdout.split())
    assert "send it to a path of the page: POST api/StockCounts, " in told
    assert "(the most alike; there are 3 more)." in told


def test_a_query_that_lacks_what_the_operation_requires_is_told_what(tmp_path: Path) -> None:
    request = tmp_path / "request.http"
    told = {}
    for site, target in (
        ("Suppliers", "/api/Suppliers/search?minimum=1"),
        ("Coatings", "/api/Coatings"),
        ("Frames", "/api/Frames/search?material=Foo"),
    ):
        request.write_text(f"GET {target} HTTP/1.1\n\n", encoding="utf-8")
        done = CliRunner().invoke(main, ["explain", "--page", str(SITES / site), str(request)])
        told[site] = done.stdout.partition("To do: ")[2].strip()
    assert told == {
        "Suppliers": "give in the query what the operation requires: name.",
        "Coatings": "give in the query what the operation requires: externalId.",
        "Frames": "mend the URI parameters that are named above.",
    }
