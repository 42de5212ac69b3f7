"""What the HelpPage package and its serializers do with models that the seven sites do not have.

The pages of `tests/data/habits` were made by the package's own rules from invented classes; each fact here is written
from the class, not from the page.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from truth import spoken

from contracts.helppage import read

HABITS = Path(__file__).parent.parent / "data" / "habits"


def pages(*names):
    return read(*(HABITS / f"{name}.html" for name in names))


def member(contract, model, name):
    return contract.models[model][name]


WIDTHS = {
    "Leaves": "Collection of Int64",
    "Lists": "Dictionary of String to Collection of Int64",
    "Nested": "Dictionary of String to Dictionary of String to Int16",
    "Times": "Collection of DateTimeOffset",
    "Days": "Collection of DateTime",
    "Grid": "Collection of Collection of Double",
    "Seasons": "Dictionary of Season to UInt64",
    "Rows": "Collection of Dictionary of Int32 to Single",
    "Bytes": "Collection of Byte",
    "Maybe": "Collection of UInt32",
}


@pytest.mark.parametrize("name", WIDTHS)
def test_elements_tell_the_widths_of_what_collections_hold_at_any_depth(name):
    fact = member(pages("GET-api-Trees-widths", "ResourceModel-Season"), "Widths", name).type
    assert spoken(fact.value) == WIDTHS[name]
    assert fact.standing == "inferred"


def test_a_pairs_width_is_told_by_its_element_in_a_list_and_open_in_a_member():
    found = pages("GET-api-Trees-widths", "ResourceModel-Spot")
    pairs, pair = member(found, "Widths", "Pairs").type, member(found, "Widths", "Pair").type
    assert pairs.value.item.item.name == "Int64" and pairs.standing == "inferred"
    assert pair.standing == "guessed" and pair.settle
    assert found.models["Spot"].xml_order.value == ("Lat", "Lon")  # a model in a pair is walked


def test_both_sides_of_a_page_have_their_own_width():
    (operation,) = pages("POST-api-Trees-count").operations
    assert (operation.request.type.value.name, operation.response.type.value.name) == ("Int32", "Int64")


def test_a_generic_model_of_an_array_is_called_with_brackets():
    found = pages("GET-api-Trees-arrays", "ResourceModel-WrapOfSpot[]", "ResourceModel-Spot")
    (operation,) = found.operations
    assert operation.response.type.value.name == "WrapOfSpot[]"
    assert spoken(member(found, "WrapOfSpot[]", "Value").type.value) == "Collection of Spot"
    assert found.models["WrapOfSpot[]"].data_contract.value is None
    assert found.notes == ()


def test_a_serializable_class_is_written_by_its_fields():
    found = pages("POST-api-Ships-box")
    box = found.models["Box"]
    assert [prop.json.value for prop in box.properties] == [
        "<Label>k__BackingField",
        "<Weight>k__BackingField",
        "<Worth>k__BackingField",
    ]
    assert box["Weight"].xml.value.name == "_x003C_Weight_x003E_k__BackingField"
    assert box["Weight"].nullable.value is False  # it shows 2
    assert box["Worth"].type.value.name == "Decimal"
    assert found.casing.value is None
    assert found.notes == ()


def test_a_class_that_keeps_references_is_read_and_what_it_adds_is_told():
    found = pages("POST-api-Ships-crew")
    crew = found.models["Crew"]
    assert [prop.name for prop in crew.properties if prop.listed] == ["Name", "Boss", "Rank"]
    assert len(crew.properties) == 3
    assert crew.data_contract.value is True and crew.data_contract.standing == "inferred"
    assert crew["Rank"].nullable.value is False
    assert [note.what.partition(",")[0] for note in found.notes] == [
        "the samples bear $ref",
        "the samples bear z:Id and z:Ref",
    ]


def test_names_and_order_of_json_alone_make_no_data_contract():
    found = pages("GET-api-Ships-plain", "ResourceModel-Tug", "ResourceModel-Boat")
    plain = found.models["Plain"]
    assert plain.data_contract.value is None
    assert plain.json_order.value[0] == "First"
    assert plain["renamed"].xml.value.name == "Old"
    assert {prop.xml.value.level for prop in plain.properties if prop.xml.value} == {0}


def test_a_get_only_number_is_not_taken_for_one_that_can_be_null():
    found = pages("GET-api-Dogs-sealed")
    total, code = member(found, "Sealed", "Sum"), member(found, "Sealed", "Code")
    assert total.nullable.standing == "guessed" and code.nullable.standing == "guessed"
    assert total.xml.value is None and total.xml.standing == "inferred"


def test_a_type_of_the_framework_is_read_where_a_model_uses_it():
    found = pages("GET-api-Dogs-release", "ResourceModel-Version")
    assert spoken(member(found, "Release", "Version").type.value) == "Version"
    assert "Major" in {prop.name for prop in found.models["Version"].properties}


def test_a_member_that_the_table_hides_is_read_from_the_samples():
    found = pages("GET-api-Bales-id", "ResourceModel-Dye", "ResourceModel-Part")
    hidden = member(found, "BaleModel", "Hidden")
    assert not hidden.listed and hidden.json.value == "Hidden" and hidden.xml.value is None
    assert hidden.type.standing == "guessed"
    assert "Hidden" in found.models["BaleModel"].json_order.value
    assert member(found, "BaleModel", "Id").nullable.value is False  # 2, between 1 and 3
    assert member(found, "BaleModel", "Length").type.value.name == "Decimal"


def test_xml_of_xmlserializer_is_told_and_makes_no_data_contract():
    found = pages("GET-api-Bales-id", "ResourceModel-Dye", "ResourceModel-Part")
    bale = found.models["BaleModel"]
    assert bale.xml_root.value.name == "bale" and bale.xml_root.value.level == 0
    assert bale.data_contract.value is None
    assert any("XmlSerializer" in note.what for note in found.notes)
