"""What the pages of seven invented resources promise beyond single facts: keys, upserts, bodies.

The pages are those that the real HelpPage package made, read in HTML and in layout B. `test_truth` holds the facts.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from contracts.helppage import read
from contracts.model import Annotation, TypeRef

DATA = Path(__file__).parent.parent / "data" / "sites"
LAYOUTS = ("html", "txt")


@cache
def contract(resource, layout):
    return read(*(page for page in sorted((DATA / resource).glob(f"*.{layout}")) if ".layout-" not in page.name))


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
    upserts = {op.id for resource in KEYS for op, _ in contract(resource, layout).upserts()}
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
    model = read(DATA / "StockCounts" / f"ResourceModel-CountEchoModel.{layout}").models["CountEchoModel"]
    assert model["Flag"].nullable.standing == "guessed"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_model_whose_samples_failed_is_open_about_xml(layout):
    model = contract("StockCounts", layout).models["ShelfNodeModel"]
    assert model.xml_root.standing == "unknown"
    assert model["Name"].xml.settle
    assert model["Name"].json.value == "name"  # the portal's casing
