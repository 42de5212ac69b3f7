"""Values made of values: written as the samples write them, read back, the first difference told by its place."""

import json
import re
from decimal import Decimal
from functools import cache

import pytest
from sites import contract, judge

from contracts.conformance.bodies import document
from contracts.conformance.deep import reading, writing
from contracts.conformance.deep.comparing import difference, ticks
from contracts.conformance.deep.making import make
from contracts.conformance.subject import Subject, subjects
from contracts.conformance.wire import Wire
from mockserver.defects import BESIDE, DEFECTS, FURTHER, every
from mockserver.defects.table import Defect
from mockserver.webapi import Response

REMARKS = ["one", " two ", "one"]
OTHERS = ["one", "two", "one"]
ADDRESS = {"Street": "Ä 1", "City": "b", "PostCode": None, "Floor": -1, "Region": "r", "Zone": 7}
SHEET = {
    "PatientExternalId": "p",
    "Delivery": ADDRESS,
    "Items": [{"Sku": "s", "Quantity": 2, "UnitPrice": Decimal("12.125"), "Side": "Both", "Remarks": REMARKS}],
    "Steps": [3, 1, 3],
    "Drawing": b"\x00\xff",
    "Labels": {"aB.x": "v", " edge ": ""},
    "ExternalId": "k",
}
FITTING = {
    "Duration": "-1.02:03:04.5000000",
    "BookedAt": "2031-03-04T09:30:15.5+02:00",
    "Grade": "é",
    "ExternalId": "k",
}
FITTING["Manual"] = "http://portal-contract.invalid/a%20b?q=1"
SAME = {"OrderSheets": SHEET, "Fittings": FITTING}


@cache
def subject(site: str) -> Subject:
    return subjects(contract(site))[0]


def test_a_nested_record_is_written_in_json_as_the_sample_has_it() -> None:
    told = json.loads(writing.write(subject("OrderSheets"), "json", SHEET))
    assert told["delivery"]["postCode"] is None and told["delivery"]["floor"] == -1
    assert told["items"] == [
        {"sku": "s", "quantity": 2, "unitPrice": 12.125, "side": "Both", "remarks": ["one", " two ", "one"]}
    ]
    assert told["drawing"] == "AP8=" and told["labels"] == {"aB.x": "v", " edge ": ""}


def test_a_nested_record_is_written_in_xml_as_the_serializer_has_it() -> None:
    told = writing.write(subject("OrderSheets"), "xml", SHEET).decode()
    arrays = 'xmlns="http://schemas.microsoft.com/2003/10/Serialization/Arrays"'
    assert '<Floor>-1</Floor><PostCode i:nil="true" /><Region>r</Region><Street>Ä 1</Street>' in told
    assert f"<Remarks><string {arrays}>one</string><string {arrays}> two </string>" in told
    assert f"<Labels><KeyValueOfstringstring {arrays}><Key>aB.x</Key><Value>v</Value></KeyValueOfstringstring>" in told
    assert f"<Steps><int {arrays}>3</int><int {arrays}>1</int>" in told and "<Drawing>AP8=</Drawing>" in told


def test_scalars_of_their_own_spelling_are_written_in_xml_as_the_serializer_has_them() -> None:
    told = writing.write(subject("Fittings"), "xml", FITTING).decode()
    assert "<Duration>-P1DT2H3M4.5S</Duration>" in told and "<Grade>233</Grade>" in told
    clock = re.search(r"<BookedAt><DateTime [^>]*>([^<]*)</DateTime><OffsetMinutes [^>]*>([^<]*)<", told)
    assert clock is not None and clock.groups() == ("2031-03-04T07:30:15.5Z", "120")


def test_a_form_names_what_is_within_by_dots_and_indexes() -> None:
    held = {name: value for name, value in SHEET.items() if name != "Drawing"}
    told = writing.write(subject("OrderSheets"), "form", held).decode().split("&")
    assert "items%5B0%5D.remarks%5B1%5D=+two+" in told and "delivery.street=%C3%84+1" in told
    assert "labels%5B0%5D.Key=aB.x" in told and "labels%5B0%5D.Value=v" in told


@pytest.mark.parametrize("wire", ["json", "xml"])
@pytest.mark.parametrize("site", SAME)
def test_what_is_written_is_read_as_the_same(site, wire) -> None:
    one, record = subject(site), SAME[site]
    told = reading.read(one, wire, writing.write(one, wire, record))
    for name, value in record.items():
        ref = one.types.of(one.model, one.model[name])
        assert difference(one.types, ref, value, told.get(name), name) is None


@pytest.mark.parametrize(
    ("change", "place", "came"),
    [
        ({"Items": [{**SHEET["Items"][0], "Sku": "t"}]}, "Items[0].Sku", "'t' (another text)"),
        ({"Items": [{**SHEET["Items"][0], "Remarks": ["one", " two "]}]}, "Items[0].Remarks", "2 items"),
        ({"Items": [{**SHEET["Items"][0], "Remarks": OTHERS}]}, "Items[0].Remarks[1]", "'two' (another text)"),
        ({"Items": [{**SHEET["Items"][0], "UnitPrice": Decimal(12)}]}, "Items[0].UnitPrice", "12 (another number)"),
        ({"Delivery": {**ADDRESS, "Floor": None}}, "Delivery.Floor", "null"),
        ({"Delivery": {**ADDRESS, "PostCode": ""}}, "Delivery.PostCode", "'' (where null was sent)"),
        ({"Steps": [1, 3, 3]}, "Steps[0]", "1 (another number)"),
        ({"Steps": None}, "Steps", "null"),
        ({"Labels": {"ab.x": "v", " edge ": ""}}, "Labels['aB.x']", "only 'ab.x', ' edge '"),
        ({"Labels": {**SHEET["Labels"], "more": "m"}}, "Labels['more']", "'m'"),
        ({"Drawing": b"\x00"}, "Drawing", "bytes 00 (other bytes)"),
    ],
)  # fmt: skip
def test_the_first_difference_is_told_by_its_place(change, place, came) -> None:
    one = subject("OrderSheets")
    body = writing.write(one, "json", {**SHEET, **change})
    told = reading.row(one, document(body))
    found = [
        difference(one.types, one.types.of(one.model, one.model[name]), value, told.get(name), name)
        for name, value in SHEET.items()
    ]
    assert [(d.place, d.came) for d in found if d is not None] == [(place, came)]


def test_an_element_that_a_sample_shows_is_read_in_its_namespace_alone() -> None:
    one = subject("OrderSheets")
    body = writing.write(one, "xml", {"Notes": ["a"], "ExternalId": "k"})
    lost = body.replace(b"/2003/10/Serialization/Arrays", b"/2003/10/Serialization/Elsewhere")
    assert reading.read(one, "xml", body)["Notes"] == ["a"]
    assert reading.read(one, "xml", lost)["Notes"] == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("1.02:03:04.5000000", "1.02:03:04.5", True), ("00:00:01", "-00:00:01", False), ("1.00:00:00", "24:00:00", True)],
)
def test_spans_are_compared_by_their_ticks(one, other, same) -> None:
    assert (ticks(one) == ticks(other)) is same


def test_rich_values_show_what_the_usual_faults_do() -> None:
    one = subject("OrderSheets")

    def made(name: str, turn: int):
        prop = one.model[name]
        return make(one.types, prop, one.types.of(one.model, prop), 5, turn)

    notes = made("Notes", 0)
    assert len(notes) == 4 and len(set(notes)) == 3 and notes not in (sorted(notes), notes[::-1])
    assert all(note != note.strip() and len(note) > 50 and not note.isascii() for note in notes)
    labels = made("Labels", 0)
    assert len({key.lower() for key in labels}) == len(labels) and any(key != key.lower() for key in labels)
    assert not any(key[0].isupper() for key in labels)  # which a camelCase site may turn
    with pytest.raises(UnicodeDecodeError):
        made("Drawing", 0).decode()
    assert len(made("Notes", 1)) == 1 and set(made("Labels", 1)) < set(labels)
    assert made("Notes", 0) != made("Notes", 2) and made("Delivery", 0) != made("Delivery", 2)


def test_a_list_has_no_more_items_than_the_page_allows() -> None:
    one = subject("Suppliers")
    prop = one.model["Tags"]
    assert len(make(one.types, prop, one.types.of(one.model, prop), 0, 0)) == 3


def test_a_finding_names_the_place() -> None:
    report = judge("OrderSheets", "nested-texts-trimmed", include=("deep.models",))
    (finding,) = report.findings
    assert finding.expected.startswith("Delivery.Street = ' ") and "Delivery.Street = 'G" in finding.got
    assert any(source.lines for source in finding.requirement.sources)


@pytest.mark.parametrize(
    ("site", "defect"),
    [("OrderSheets", "part-lacks-last"), ("Vouchers", "batch-backwards"), ("Vouchers", "batch-unchecked")],
)
def test_a_defect_behind_an_upsert_is_convicted_for_what_it_names(site, defect) -> None:
    report = judge(site, defect, include=("part.*", "batch.*"))
    assert [finding.requirement.id for finding in report.findings] == list(FURTHER[defect].requirements)
    assert judge(site, include=("part.*", "batch.*")).conclusion == "conforms"


def test_no_two_defects_share_a_name() -> None:
    assert len(every()) == len(DEFECTS) + len(BESIDE) + len(FURTHER)


def test_what_is_refused_is_observed_and_convicts_nobody(monkeypatch) -> None:
    """A portal may take no blanks at a text's end, no more than two items, no negative number."""

    def picky(site, handle):
        def altered(request, act):
            body = request.body or b""
            refused = b"more than fifty" in body or b"-1234567" in body or b"9007199254740993" in body
            return Response(400, (), b"") if refused else handle(request, act)

        return altered

    monkeypatch.setitem(FURTHER, "picky", Defect("picky", "", "", (), picky))
    report = judge("OrderSheets", "picky", include=("deep.*", "values.*"))
    assert report.findings == () and report.conclusion == "conforms"
    told = [text for outcome in report.outcomes for text in outcome.observations]
    assert "Notes is refused with rich values" in told and "Total is refused with -1234567.125" in told


def test_two_runs_send_the_same_bytes(monkeypatch) -> None:
    sent: list[list[bytes | None]] = []
    send = Wire.send

    def noted(self, method, path, headers=(), body=None):
        sent[-1].append(body)
        return send(self, method, path, headers, body)

    monkeypatch.setattr(Wire, "send", noted)
    for _ in range(2):
        sent.append([])
        judge("Fittings", include=("deep.*", "values.digits", "values.wide", "values.null"))
    assert sent[0] == sent[1] and len(sent[0]) > 40


def test_the_kinds_follow_what_a_page_holds() -> None:
    assert list(subject("OrderSheets").deep) == ["models", "lists", "dictionaries", "bytes"]
    assert list(subject("Fittings").deep) == ["dictionaries", "spans", "moments", "characters", "addresses"]
    assert list(subject("Frames").deep) == []
