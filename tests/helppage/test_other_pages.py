"""Pages of seven invented resources, as the real HelpPage package made them, read in both layouts.

`tests/data/pages/truth.json` holds what reflection over the compiled models says, trimmed to what a perfect reader can
know; "open" stands where the page cannot tell, and the reader must say so. It was not made by the reader.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from contracts.helppage import read
from contracts.model import Annotation, TypeRef

DATA = Path(__file__).parent.parent / "data" / "pages"
TRUTH = json.loads((DATA / "truth.json").read_text(encoding="utf-8"))
LAYOUTS = ("html", "txt")


@cache
def contract(resource, layout):
    return read(*sorted((DATA / resource).glob(f"*.{layout}")))


CASES = [(resource, layout) for resource in TRUTH for layout in LAYOUTS]
MODELS = [(r, layout, name) for r, layout in CASES for name in TRUTH[r]["models"]]


@pytest.mark.parametrize(("resource", "layout"), CASES)
def test_the_operations_are_read(resource, layout):
    operations = {operation.id: operation for operation in contract(resource, layout).operations}
    for wanted in TRUTH[resource]["operations"]:
        got = operations[f"POST {wanted['path']}"]
        assert got.summary.value == wanted["summary"]
        assert [fact.value.name for fact in got.request.media_types] == wanted["request"]
        if not got.response.opaque:
            assert [fact.value.name for fact in got.response.media_types] == wanted["response"]


@pytest.mark.parametrize(("resource", "layout", "name"), MODELS)
def test_every_recoverable_fact_of_a_model_is_read(resource, layout, name):
    wanted, got = TRUTH[resource]["models"][name], contract(resource, layout).models[name]
    assert got.kind == wanted["kind"]
    if got.kind == "enum":
        assert {member.name: member.value for member in got.members} == wanted["values"]
        assert got.as_string.value == wanted["asString"]
        return
    assert {prop.name for prop in got.properties} == set(wanted["members"])
    for member, truth in wanted["members"].items():
        check_member(got[member], truth)
    sampled = any(fact.value for fact in (got.xml_root,))
    if sampled:
        assert list(got.json_order.value) == wanted["jsonOrder"]
        assert list(got.xml_order.value) == wanted["xmlOrder"]
        assert [got.xml_root.value.name, got.xml_root.value.namespace] == wanted["xmlName"]


def check_member(got, truth):
    plain = {
        "description": got.description.value,
        "phrase": got.phrase.value,
        "required": got.required.value,
        "readOnly": got.read_only.value,
        "json": got.json.value,
        "xml": [got.xml.value.name, got.xml.value.namespace, got.xml.value.level] if got.xml.value else None,
        "notes": sorted(note.value.text for note in got.annotations),
    }
    for about, value in truth.items():
        if about in plain:
            assert plain[about] == value, about
    if truth.get("nullable") == "open":
        assert got.nullable.standing in ("guessed", "unknown") and got.nullable.settle
    elif "nullable" in truth:
        assert (got.nullable.value, got.nullable.settle) == (truth["nullable"], "")
    if truth.get("type") == "open" and got.type.value.kind == "scalar":
        assert got.type.standing == "guessed" and got.type.settle
    elif truth.get("type", "open") != "open":
        assert (got.type.value.name or "Object", got.type.settle) == (truth["type"], "")


KEYS = {
    "Frames": ("FrameModel", "ExternalId", "Id"),
    "Suppliers": ("SupplierModel", "ExternalId", "Id"),
    "OrderSheets": ("OrderSheetModel", "ExternalId", "Id"),
    "Fittings": ("FittingModel", "ExternalId", "Id"),
    "Vouchers": ("VoucherModel", "ExternalId", "Id"),
    "Coatings": ("CoatingModel", "ExternalId", "Id"),
    "StockCounts": ("StockCountModel", None, None),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("resource", KEYS)
def test_the_key_and_the_portals_id_are_found_or_said_to_be_unknown(resource, layout):
    model, key, portal_id = KEYS[resource]
    got = contract(resource, layout).models[model]
    assert (got.key.value, got.portal_id.value) == (key, portal_id)
    if key is None:
        assert got.key.standing == "unknown" and got.key.settle


@pytest.mark.parametrize("layout", LAYOUTS)
def test_only_a_post_that_creates_or_updates_is_an_upsert(layout):
    upserts = {op.id for resource in TRUTH for op, _ in contract(resource, layout).upserts()}
    names = ("Frames", "Suppliers", "OrderSheets", "Fittings", "Vouchers", "Coatings")
    assert upserts == {f"POST api/{name}" for name in names}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_query_parameters_have_types_needs_and_defaults(layout):
    (search,) = [op for op in contract("Frames", layout).operations if op.path.value == "api/Frames/search"]
    assert [(p.name, p.type.value.name, p.required.value, p.default.value, p.in_path) for p in search.parameters] == [
        ("name", "String", False, "", False),
        ("material", "FrameMaterial", False, None, False),
        ("active", "Boolean", False, None, False),
        ("page", "Int32", False, "1", False),
        ("itemsPerPage", "Int32", False, "10", False),
    ]
    assert search.request.type.value is None and not search.request.opaque


@pytest.mark.parametrize("layout", LAYOUTS)
def test_answers_that_say_nothing_are_opaque(layout):
    by_id = {op.id: op for op in contract("StockCounts", layout).operations}
    summary = by_id["GET api/StockCounts/summary/{aisle}/{shelf}"]
    assert summary.response.opaque and summary.response.type.value is None and not summary.response.media_types
    assert [(p.name, p.in_path, p.required.value) for p in summary.parameters] == [
        ("shelf", True, True),
        ("aisle", True, True),
    ]
    assert by_id["PUT api/StockCounts/{id}"].response.opaque
    void = by_id["POST api/StockCounts"].response
    assert void.type.value is None and not void.opaque


@pytest.mark.parametrize("layout", LAYOUTS)
def test_bodies_need_not_be_objects(layout):
    by_id = {op.id: op for op in contract("StockCounts", layout).operations}
    string, integer = TypeRef("scalar", "String"), TypeRef("scalar", "Int32")
    assert by_id["POST api/StockCounts/scan"].request.type.value == string
    assert by_id["POST api/StockCounts/batch"].response.type.value == integer
    assert by_id["POST api/StockCounts/batch"].response.type.standing == "inferred"  # <int> in the XML sample
    many = by_id["POST api/StockCounts/batch"].request.type.value
    assert many == TypeRef("collection", item=TypeRef("model", "StockCountModel"))
    assert by_id["PUT api/StockCounts/{id}"].request.type.value == TypeRef("dictionary", item=integer, key=string)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_annotations_are_told_apart(layout):
    model = contract("Suppliers", layout).models["SupplierModel"]
    notes = {prop.name: [note.value for note in prop.annotations] for prop in model.properties}
    assert notes["Grade"] == [
        Annotation("pattern", (r"^(A|B|C)-\d{2}$",), r"Matching regular expression pattern: ^(A|B|C)-\d{2}$")
    ]
    assert notes["Secret"] == [
        Annotation("required", (), "Required"),
        Annotation("data_type", ("Password",), "Data type: Password"),
        Annotation("string_length", ("6", "20"), "String length: inclusive between 6 and 20"),
    ]
    assert notes["Email"] == [
        Annotation("required", (), "Required"),
        Annotation("data_type", ("EmailAddress",), "Data type: EmailAddress"),
    ]
    assert notes["Margin"][0].arguments == ("0.5", "99.5")


def test_a_name_lost_in_flattening_comes_back_from_the_samples():
    email = contract("Coatings", "txt").models["CoatingModel"]["Email"]
    assert email.json.value == "email"
    assert email.json.evidence[0].rule == "name.from-samples"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_model_without_a_sample_is_open_about_null(layout):
    model = contract("StockCounts", layout).models["CountEchoModel"]  # its page alone: no sample
    assert model["Flag"].nullable.standing == "guessed"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_model_whose_samples_failed_is_open_about_xml(layout):
    model = contract("StockCounts", layout).models["ShelfNodeModel"]
    assert model.xml_root.standing == "unknown"
    assert model["Name"].xml.settle
    assert model["Name"].json.value == "name"  # the portal's casing


@pytest.mark.parametrize(("resource", "layout"), CASES)
def test_the_enumeration_of_another_page_is_asked_for(resource, layout):
    pages = list((DATA / resource).glob(f"POST*.{layout}"))
    enums = [name for name, model in TRUTH[resource]["models"].items() if model["kind"] == "enum"]
    asked = " ".join(note.remedy for note in read(*pages).notes)
    assert all(f"ResourceModel?modelName={name})" in asked for name in enums)
