"""What the real framework answered, answered again: every recorded exchange, byte for byte, in both modes."""

from collections import Counter

import pytest
from replaying import EXCHANGES, Replay, cases

from contracts.helppage import read, shipped

CATEGORIES = {
    "accept": 164, "charsets": 112, "content-type": 77, "crossed": 399, "dates": 195, "form-shapes": 65, "formats": 15,
    "guids": 35, "headers": 5, "json-shapes": 93, "json-values": 71, "methods": 23, "readonly-id": 10, "required": 54,
    "routing": 38, "text": 144, "upsert": 11, "xml-order": 94, "xml-shapes": 128,
}  # fmt: skip
PAGES = EXCHANGES.parent / "sites"


def test_no_category_of_the_recording_is_left_out() -> None:
    assert Counter(case["category"] for case in cases("appointments.jsonl")) == CATEGORIES


@pytest.mark.parametrize("mode", ["lenient", "strict"])
@pytest.mark.parametrize("category", sorted(CATEGORIES))
def test_every_answer_is_the_recorded_one(category: str, mode: str) -> None:
    replay = Replay(shipped(), mode)
    wrong = {
        case["name"]: differences
        for case in cases("appointments.jsonl")
        if case["category"] == category and (differences := replay.differences(case))
    }
    assert not wrong


def test_another_page_is_answered_as_its_own_portal_answered() -> None:
    pages = [PAGES / "Frames" / name for name in ("POST-api-Frames.html", "ResourceModel-FrameMaterial.html")]
    # The page does not show what the controller calls its argument.
    replay = Replay(read(*pages), "lenient", parameter="frame")
    wrong = {case["name"]: found for case in cases("frames.jsonl") if (found := replay.differences(case))}
    assert not wrong
