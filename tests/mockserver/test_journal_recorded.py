"""Whatever was recorded of a real portal can be journalled, shown, told as HAR and graded, and comes back as it was."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts import helppage
from contracts.emit import Schemas
from contracts.errors import UsageError
from contracts.model import Contract
from mockserver import har
from mockserver.grade import grade
from mockserver.grade.writing import FORMATS, write
from mockserver.journal import Journal, Secrets, from_data, record
from mockserver.journal.reading import Reading
from mockserver.webapi import Request, Response

DATA = Path(__file__).parents[1] / "data"
PORTALS = {
    "appointments": lambda: helppage.shipped(),
    "frames": lambda: helppage.read(*sorted((DATA / "sites" / "Frames").glob("*.html"))),
}
#: As many as an everyday run looks at: every so-manieth.
STEP = 30


def body(message: dict[str, Any]) -> bytes | None:
    if "base64" in message:
        return base64.b64decode(message["base64"])
    return str(message["text"]).encode("utf-8", "surrogatepass") if "text" in message else None


def recorded(name: str, step: int) -> Iterator[tuple[Request, Response]]:
    lines = (DATA / "exchanges" / f"{name}.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n")
    for line in lines[::step]:
        for one in json.loads(line)["exchanges"]:
            asked, got = one["request"], one["lenient"]
            request = Request(asked["method"], asked["path"], tuple(asked.get("headers", {}).items()), body(asked))
            yield request, Response(got["status"], tuple(got.get("headers", {}).items()), body(got) or b"")


def journalled(name: str, step: int) -> tuple[Journal, Reading]:
    contract: Contract = PORTALS[name]()
    schemas = Schemas(contract)
    journal = Journal(exchanges=100_000)
    for number, (request, response) in enumerate(recorded(name, step)):
        journal.add(1_900_000_000.0 + number, 0.01, request, response)
    return journal, Reading(contract, lambda: schemas)


def check(name: str, step: int) -> None:
    journal, reading = journalled(name, step)
    exchanges = journal.all()
    assert len(exchanges) > 10
    for exchange in exchanges:
        told = reading.data(exchange)
        assert json.loads(json.dumps(told))["number"] == exchange.number
        refused = 400 <= exchange.response.status < 500
        assert (told["near"] is None) or refused
        assert from_data(json.loads(json.dumps(record(exchange, Secrets())))).request.body == (
            exchange.request.body or None
        )
    entries = har.read(json.loads(json.dumps(har.write(exchanges, "http://localhost", Secrets(), "1"))), "a file")
    assert [entry.exchange.request.body for entry in entries] == [one.request.body for one in exchanges]
    assert [entry.exchange.response.body for entry in entries] == [one.response.body for one in exchanges]
    found = grade(exchanges, reading)
    assert found.conclusion == "not clean"
    assert {one.number for finding in found.findings for one in finding.steps} <= {one.number for one in exchanges}
    for form in FORMATS:
        assert write(found, form)


@pytest.mark.parametrize("name", PORTALS)
def test_recorded_exchanges_are_read_and_come_back(name: str) -> None:
    check(name, STEP)


@pytest.mark.slow
@pytest.mark.parametrize("name", PORTALS)
def test_all_recorded_exchanges_are_read_and_come_back(name: str) -> None:
    check(name, 1)


@pytest.mark.parametrize("wrong", ["number", "status"])
def test_a_number_beyond_all_is_an_error_in_words(wrong: str) -> None:
    told = {
        "number": 1e999 if wrong == "number" else 1, "at": "2031-01-02T03:04:05+00:00", "milliseconds": 1.0,
        "request": {"method": "GET", "target": "/", "headers": []},
        "response": {"status": 1e999 if wrong == "status" else 200, "headers": []},
    }  # fmt: skip
    with pytest.raises(UsageError, match=r"an exchange is not as the journal writes it"):
        from_data(told)
    entry = {
        "startedDateTime": "2031-01-02T03:04:05Z", "time": 1, "request": {"method": "GET", "url": "http://h/"},
        "response": {"status": 1e999},
    }  # fmt: skip
    with pytest.raises(UsageError, match=r"log\.entries\[0\] is not as HAR"):
        har.read({"log": {"version": "1.2", "entries": [entry]}}, "a file")
