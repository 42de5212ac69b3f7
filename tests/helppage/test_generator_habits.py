"""What the HelpPage package and its serializers do with models that the seven sites do not have.

The pages of `tests/data/habits` were made by the package's own rules from invented classes; each fact here is written
from the class, not from the page.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from truth import spoken

from contracts.helppage import read
from contracts.helppage.draft import Located
from contracts.helppage.phrases import annotation_of, split_annotations
from contracts.model import TypeRef

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


def test_a_body_without_members_is_told_from_no_body_in_text():
    (operation,) = read(HABITS / "POST-api-v1-Stones-object.txt").operations
    for body in (operation.request, operation.response):
        assert body.type.value == TypeRef("any") and not body.void
        assert body.description.value == ""


def cut(words):
    return [part.text for part in split_annotations(Located(words, 1))]


def test_annotations_that_were_joined_are_parted_where_the_package_could_have_joined_them():
    pattern = "Matching regular expression pattern: "
    assert cut(f"Required {pattern}^a$ String length: inclusive between 0 and 9") == [
        "Required",
        f"{pattern}^a$",
        "String length: inclusive between 0 and 9",
    ]
    assert cut(f"{pattern}[A-Z]{{2}} Required") == [f"{pattern}[A-Z]{{2}} Required"]
    assert cut(f"{pattern}x Data type: y Range: inclusive between 1 and 2") == [
        f"{pattern}x Data type: y",
        "Range: inclusive between 1 and 2",
    ]
    assert cut("Max length: -1 Min length: 2") == ["Max length: -1", "Min length: 2"]


def test_a_length_without_end_limits_nothing():
    found = annotation_of("Max length: -1")
    assert (found.kind, found.arguments) == ("max_unlimited", ())


CSV = """<h4>text/csv</h4><div><span><b>Sample:</b></span><pre>Label;Weight
crate;12</pre></div>"""


def test_a_sample_that_was_set_for_one_side_costs_no_page():
    page = (HABITS / "POST-api-Ships-box.html").read_text(encoding="utf-8")
    found = read(page.replace("<h2>Response Information", CSV + "<h2>Response Information"))
    assert [operation.id for operation in found.operations] == ["POST api/Ships/box"]
    assert [note.what for note in found.notes] == ["no sample and no rule tells what 'text/csv' is written in"]


PIPES = """CrateModel
| Name | Description | Type | Additional information |
|---|---|---|---|
| Kind |
One of wood | steel || paper
or none. |
string |
Matching regular expression pattern: (wood | steel) |
| Count | integer |
None. |
|
| Weight |
In kg | lb |
decimal number |
None. |
"""


def test_pipes_in_a_description_are_its_words():
    crate = read(PIPES).models["CrateModel"]
    assert [prop.name for prop in crate.properties] == ["Kind", "Count", "Weight"]
    assert crate["Kind"].description.value == "One of wood | steel || paper\nor none."
    assert crate["Kind"].annotations[0].value.arguments == ("(wood | steel)",)
    assert crate["Weight"].description.value == "In kg | lb"


def test_samples_tell_a_list_of_bytes_from_base64():
    found = pages("GET-api-Trees-widths", "ResourceModel-Season")
    assert member(found, "Widths", "Bytes").type.value.form == "list"
    assert member(found, "Widths", "Base64").type.value.form == ""


def test_an_enumeration_may_travel_by_name_here_and_by_number_there():
    found = pages("GET-api-Trees-moods", "ResourceModel-Season")
    plain, by_name, listed = (member(found, "Moods", name).type.value for name in ("Plain", "Named", "Listed"))
    assert found.models["Season"].as_string.value is False
    assert (plain.form, by_name.form, listed.item.form) == ("", "name", "name")


def test_the_bounds_of_a_range_are_read_in_the_servers_culture():
    for text, bounds in (("-1,5 and 99,95", ("-1.5", "99.95")), ("0 and 1,5E+20", ("0", "1.5E+20"))):
        found = annotation_of(f"Range: inclusive between {text}")
        assert (found.arguments, found.text) == (bounds, f"Range: inclusive between {text}")


def test_an_item_tells_the_namespace_of_an_enumeration_where_a_member_does_not():
    found = pages("GET-api-Trees-moods", "ResourceModel-Season").models["Season"].xml_root
    assert (found.value.name, found.standing) == ("Season", "inferred")
    assert found.value.namespace == "http://schemas.datacontract.org/2004/07/Acre.Fields.Trees"
