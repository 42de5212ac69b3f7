"""What the portal sets: asked of no client, always in an answer."""

import json
from dataclasses import replace
from typing import Any

import pytest
from emit_zoo import member, scalar, zoo

from contracts.emit import Schemas, emit
from contracts.model import Annotation, Contract


def with_id(required: bool) -> Contract:
    """The zoo with an id that is a text which may be null, has a length, and is read-only."""
    contract = zoo()
    model = contract.models["ThingModel"]
    own = member("Id", scalar("String"), 0, required=required, annotations=(Annotation("max_length", ("3",)),))
    properties = tuple(own if prop.name == "Id" else prop for prop in model.properties)
    return replace(contract, models={**contract.models, "ThingModel": replace(model, properties=properties)})


def schema(contract: Contract, direction: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(emit(contract)[f"ThingModel.{direction}.schema.json"])
    return found


@pytest.mark.parametrize("required", [True, False])
def test_the_portals_id_stands_in_every_answer(required: bool) -> None:
    assert "id" in schema(with_id(required), "response")["required"]


@pytest.mark.parametrize("required", [True, False])
def test_no_client_has_to_send_what_is_read_only(required: bool) -> None:
    contract = with_id(required)
    assert "id" not in schema(contract, "request")["required"]
    body = b"""<Thing xmlns="http://schemas.datacontract.org/2004/07/Zoo"><Key xmlns="http://zoo.invalid/a">k</Key>
        <Exact>1</Exact></Thing>"""
    assert Schemas(contract).xml_faults("ThingModel", body) == []


def test_what_a_client_sends_for_a_read_only_member_is_not_measured() -> None:
    sent = schema(with_id(True), "request")["properties"]["id"]
    assert (sent["type"], sent["readOnly"], "maxLength" in sent) == (["string", "null"], True, False)
