"""The contract as it is shown: at 80 columns, without colour, and as JSON for programs."""

from __future__ import annotations

import io
import json
import re
from importlib import resources
from pathlib import Path

import pytest
from rich.console import Console

from contracts.describe import as_json, print_contract
from contracts.helppage import read, shipped, write, write_pages

DATA = Path(__file__).parent.parent / "data" / "sites"
SEED = (resources.files("schemas") / "pages" / "POST-api-Appointments.txt").read_text(encoding="utf-8")


def printed(contract, width=80):
    out = io.StringIO()
    print_contract(contract, Console(file=out, width=width, color_system=None, force_terminal=False), everything=True)
    return out.getvalue()


def site(resource):
    return read(*sorted((DATA / resource).glob("*.html")))


@pytest.mark.parametrize("width", [80, 120])
def test_nothing_is_wider_than_the_screen(width):
    for contract in (shipped(), site("Coatings"), site("OrderSheets")):
        lines = printed(contract, width).split("\n")
        assert [line for line in lines if len(line) > width and not line.startswith("[")] == []


def test_the_table_shows_each_member_with_its_lines():
    text = printed(shipped())
    assert re.search(r"PatientPracticeManagementSystemId +String +yes +no +yes +23–24, 60", text)
    assert re.search(r"Id +Guid +no +yes +no +47–48, 66", text)
    assert "upsert by ExternalId" in text
    assert "…" not in text.partition("\n")[2]


def test_inferred_facts_stand_with_their_rules_in_words():
    text = " ".join(printed(shipped()).split())
    assert "AppointmentModel: Start, End, Id nullable = no (l. 63–67)" in text
    assert "One counter runs over the simple members" in text


def test_what_is_open_stands_with_what_would_settle_it():
    text = " ".join(printed(site("Frames")).split())
    assert "Guessed (? above), and what would settle it" in text
    assert "→ the width of the integer: send 2147483648" in text


def test_several_pages_are_told_apart_by_number():
    text = printed(site("Frames"))
    assert re.search(r"^\[5\] POST-api-Frames.html", text, re.MULTILINE)
    assert re.search(r"POST api/Frames  upsert by ExternalId  \[5\] 22", text)


def test_the_json_holds_every_fact_with_its_evidence():
    document = json.loads(as_json(shipped()))
    (model,) = document["models"].values()
    start = next(prop for prop in model["properties"] if prop["name"] == "Start")
    assert start["nullable"] == {
        "value": False,
        "standing": "inferred",
        "evidence": [
            {
                "page": "POST-api-Appointments.txt",
                "lines": [63, 64, 67],
                "quote": "CancelReason 7, Start, ExternalId 11",
                "rule": "nullable.numbering",
                "author": "",
            }
        ],
        "settle": "",
    }
    assert document["rules"]["nullable.numbering"]["source"] == "HelpPage package, ObjectGenerator"
    assert list(document) == ["pages", "operations", "models", "casing", "notes", "listed", "rules"]


def masked(text):
    """A page without the values that the framework draws anew: dates and guids."""
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+(\+00:00|Z)", "DATE", text)
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "GUID", text)


def test_written_back_the_contract_is_the_shipped_page_again():
    assert masked(write(shipped(), "text")) == masked(SEED)


@pytest.mark.parametrize("resource", ["Frames", "Fittings"])
def test_written_back_another_contract_is_its_page_again(resource):
    page = (DATA / resource / f"POST-api-{resource}.txt").read_text(encoding="utf-8")
    written = write_pages(site(resource), "text")[f"POST-api-{resource}.txt"]
    assert masked(written) + "\n" == masked(page).replace("Sample not available.\n", "")


def test_a_page_with_a_lost_name_joins_with_one_that_kept_it():
    pages = [DATA / "Coatings" / "POST-api-Coatings.txt", DATA / "Coatings" / "ResourceModel-CoatingModel.html"]
    for order in (pages, pages[::-1]):
        assert read(*order).models["CoatingModel"]["Email"].json.value == "email"
