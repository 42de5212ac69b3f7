"""Each JSON Schema stands alone: whole bodies that are no model, keywords that every validator knows, named pages."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from emit_sites import HOSTS, RESOURCES, contract_of, host_of, samples
from emit_things import plain, row, site
from emit_zoo import model, scalar, stated
from jsonschema import Draft202012Validator

from contracts.emit import emit
from contracts.model import Annotation, Contract, Property

# JSON Schema 2020-12: core, applicators, validation, annotations and content, as far as they are written.
KNOWN = {
    "$schema", "$id", "$ref", "$defs", "$comment", "title", "description", "examples", "readOnly", "type", "enum",
    "properties", "required", "additionalProperties", "items", "anyOf", "allOf", "pattern", "format", "minimum",
    "maximum", "minLength", "maxLength", "minItems", "maxItems", "contentEncoding",
}  # fmt: skip


def inside(schema: Any) -> Iterator[dict[str, Any]]:
    """A schema and all schemas within."""
    if isinstance(schema, dict):
        yield schema
        for word in ("properties", "$defs"):
            for part in schema.get(word, {}).values():
                yield from inside(part)
        for word in ("items", "additionalProperties"):
            yield from inside(schema.get(word))
        for word in ("anyOf", "allOf"):
            for part in schema.get(word, ()):
                yield from inside(part)


def documents(contract: Contract) -> dict[str, Any]:
    return {name: json.loads(data) for name, data in emit(contract).items() if name.endswith(".schema.json")}


@pytest.mark.parametrize("host", HOSTS)
def test_a_json_schema_has_no_keyword_that_a_strict_validator_refuses(host: str) -> None:
    for name, document in documents(host_of(host)).items():
        for part in inside(document):
            assert set(part) <= KNOWN, name


def test_what_only_tools_of_openapi_read_is_told_in_words() -> None:
    kind = plain("Plain", ("Zero", 0), ("Four", 4), as_string=False)
    notes = (stated(Annotation("data_type", ("Password",))), stated(Annotation("pattern", ("(?i)x",))))
    word = Property(**{**vars(row("Word", scalar("String"))), "annotations": notes})
    document = documents(site(word, row("Kind", model("Plain")), more=(kind,)))["Thing.request.schema.json"]
    assert all(set(part) <= KNOWN for part in inside(document))
    assert "data type Password; pattern (?i)x" in document["properties"]["Word"]["$comment"]
    assert document["$defs"]["Plain"]["enum"] == [0, 4]
    assert document["$defs"]["Plain"]["description"] == "Zero = 0, Four = 4"


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_body_that_is_no_model_has_a_schema_and_its_samples_fit(resource: str) -> None:
    contract, found = contract_of(resource), documents(contract_of(resource))
    checked = set()
    for operation, side, form, text in samples(contract):
        ref = (operation.request if side == "request" else operation.response).type.value
        if form == "json" and ref is not None and ref.kind != "model":
            name = next(name for name, each in found.items() if each["title"] == operation.id and f".{side}." in name)
            Draft202012Validator(found[name]).validate(json.loads(text))
            checked.add(name)
    assert checked == {name for name, document in found.items() if "/" in document["title"]}
    assert {name.split(".")[0] for name in checked} == BODIES[resource]


BODIES = {
    "Coatings": set(), "Fittings": set(), "Frames": set(), "Suppliers": set(),
    "OrderSheets": {"GET-api-OrderSheets-sheetId-items"},
    "StockCounts": {
        "GET-api-StockCounts-search-FrameExternalId-Lowest-Aisle-Exact", "POST-api-StockCounts-batch",
        "POST-api-StockCounts-scan", "PUT-api-StockCounts-id",
    },
    "Vouchers": {"POST-api-Vouchers-batch"},
}  # fmt: skip


def test_a_comment_names_its_page_where_there_are_several() -> None:
    document = documents(contract_of("Frames"))["FrameModel.request.schema.json"]
    notes = [part["$comment"] for part in document["properties"].values()]
    assert notes
    assert all(".html line" in note for note in notes)
    alone = documents(site(row("Word", scalar("String"))))["Thing.request.schema.json"]
    assert alone["properties"]["Word"]["$comment"] == "page line 1"
