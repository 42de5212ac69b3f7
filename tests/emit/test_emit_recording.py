"""What the real framework answered with 200 is valid by the emitted schemas, in both modes."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts.emit import Schemas

RECORDING = Path(__file__).parents[1] / "data" / "exchanges" / "appointments.jsonl"
MODEL = "AppointmentModel"

# CheckCharacters=false: the framework writes characters that no XML document may hold. No parser reads these answers.
UNREADABLE = {
    ("text", "json ctrl->xml '\\x01'"),
    ("text", "json ctrl->xml '\\x08'"),
    ("text", "json ctrl->xml '\\x0b'"),
    ("text", "json ctrl->xml '\\ufffe'"),
    ("text", "json escape->xml \\b\\f\\n\\r\\t"),
    ("text", "xml ctrl ref '\\x01'"),
    ("text", "xml ctrl ref '\\x1f'"),
    ("form-shapes", "nul (xml out)"),
}


def answers(mode: str) -> Iterator[tuple[tuple[str, str], str, bytes]]:
    """Every 200 answer of a mode: its case, its media type, its bytes; the portal's ids filled in."""
    with RECORDING.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            case: dict[str, Any] = json.loads(line)
            for exchange in case["exchanges"]:
                answer = exchange.get(mode, exchange["lenient"])
                if answer["status"] == 200:
                    text = re.sub(r"\{id-(\d+)\}", lambda m: f"00000000-0000-4000-8000-{int(m[1]):012}", answer["text"])
                    body = text.encode(answer.get("encoding", "utf-8"), "surrogatepass")
                    yield (case["category"], case["name"]), answer["headers"]["content-type"], body


@pytest.mark.parametrize(("mode", "json_count", "xml_count"), [("lenient", 750, 571), ("strict", 624, 393)])
def test_every_answer_of_the_real_framework_is_valid(
    seed_schemas: Schemas, mode: str, json_count: int, xml_count: int
) -> None:
    counted, faulty, unreadable = {"json": 0, "xml": 0}, {}, set()
    for case, media_type, body in answers(mode):
        if "json" in media_type:
            counted["json"] += 1
            text = body.decode("utf-16" if "utf-16" in media_type else "utf-8")
            faults = seed_schemas.json_faults(MODEL, "response", json.loads(text))
        else:
            counted["xml"] += 1
            faults = seed_schemas.xml_faults(MODEL, body)
            if case in UNREADABLE:
                assert "reference to invalid character number" in faults[0]
                unreadable.add(case)
                continue
        if faults:
            faulty[case] = faults
    assert faulty == {}
    assert unreadable == UNREADABLE
    assert counted == {"json": json_count, "xml": xml_count}


def test_the_recording_has_times_that_are_no_rfc_3339() -> None:
    texts = [
        body.decode("utf-8") for _, kind, body in answers("lenient") if "json; charset=utf-8" in kind.replace("_", "")
    ]
    starts = [match for text in texts for match in re.findall(r'"start":"([^"]*)"', text)]
    assert any(re.fullmatch(r"[-0-9]{10}T[:0-9]{8}", start) for start in starts), "without an offset"
    assert any(re.search(r"\.[0-9]{7}", start) for start in starts), "with seven digits of a fraction"
