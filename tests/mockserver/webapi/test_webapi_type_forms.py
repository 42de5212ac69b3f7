"""What samples tell of one type in two places, the stub does: bytes as a list or as base64, names or numbers."""

import datetime
import json
from pathlib import Path

import pytest

from contracts.helppage import read
from mockserver.webapi.bodies import Bodies
from mockserver.webapi.losses import Losses
from mockserver.webapi.model_state import ModelState
from mockserver.webapi.shapes import Shapes

HABITS = Path(__file__).parent.parent.parent / "data" / "habits"
BYTES = '<Bytes xmlns:d2p1="http://schemas.microsoft.com/2003/10/Serialization/Arrays"><d2p1:unsignedByte>7</d2p1:unsignedByte></Bytes>'  # fmt: skip # noqa: E501


@pytest.mark.parametrize(
    ("page", "sent", "name", "inside"),
    [
        ("GET-api-Trees-widths", {"bytes": [7], "base64": "Bw=="}, "Bytes", BYTES),
        ("GET-api-Trees-widths", {"bytes": [7], "base64": "Bw=="}, "Base64", "<Base64>Bw==</Base64>"),
        ("GET-api-Trees-moods", {"plain": 3, "named": "Autumn", "listed": ["Spring", "Autumn"]}, "", ""),
    ],
)
def test_each_place_keeps_its_form(page: str, sent: dict[str, object], name: str, inside: str) -> None:
    pages = [HABITS / f"{one}.html" for one in (page, "ResourceModel-Season", "ResourceModel-Spot")]
    contract = read(*pages)
    (operation,) = contract.operations
    ref, state = operation.response.type.value, ModelState()
    bodies = Bodies(Shapes(contract), datetime.UTC)
    assert ref is not None
    value = bodies.read_body("json", json.dumps(sent).encode(), None, ref, state, Losses())
    assert state.valid
    answer = json.loads(bodies.write_body("json", ref, value))
    assert {key: answer[key] for key in sent} == sent
    assert inside in bodies.write_body("xml", ref, value), name
