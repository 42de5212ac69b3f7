"""What numbers and places in samples prove, and what only looks so: found by random models against reflection."""

from __future__ import annotations

from contracts.helppage import read

PAGE = """GET api/Crates
Gets a crate.
Request Information
URI Parameters
None.
Body Parameters
None.
Response Information
Resource Description
Crate| Name | Description | Type | Additional information |
|---|---|---|---|
{rows}
Response Formats
application/json, text/json
{{ {json} }}
application/xml, text/xml
<Crate xmlns="http://schemas.datacontract.org/2004/07/Yard">{xml}</Crate>
"""


def crate(rows, json, xml):
    """The model of a page with these rows ("Name: type", "Name: type: annotation") and samples."""
    cells = []
    for row in rows.split("; "):
        name, kind, *notes = row.split(": ")
        cells.append(f"| {name} | {kind} |\n{notes[0] if notes else 'None.'} |\n|")
    return read(PAGE.format(rows="\n".join(cells), json=json, xml=xml)).models["Crate"]


ROWS = "Mark: string; Span: time interval; Word: string"
JSON = '"Mark": "sample string 1", "Span": "00:00:00.1234567", "Word": "sample string 3"'
XML = "<Mark>sample string 1</Mark><Span>PT0.1234567S</Span><Word>sample string 3</Word>"


def test_a_hidden_number_takes_the_index_that_it_shows():
    span = crate(ROWS, JSON, f"<Gone>2.1</Gone>{XML}")["Span"]
    assert (span.nullable.value, span.nullable.standing) == (True, "inferred")


def test_a_hidden_member_without_an_index_leaves_open_who_took_it():
    assert crate(ROWS, JSON, XML)["Span"].nullable.standing == "inferred"
    assert crate(ROWS, JSON, f"<Gone>true</Gone>{XML}")["Span"].nullable.standing == "guessed"


def test_an_element_with_elements_is_no_date_and_a_renamed_list_is_found():
    tags = "<Tags><a>sample string 1</a><a>sample string 2</a></Tags>"
    json = '"When": "2030-01-07T09:00:00", "tags": ["sample string 1", "sample string 2"]'
    found = crate("When: date; tags: Collection of string", json, tags)
    assert found["When"].xml.value is None
    assert found["tags"].xml.value.name == "Tags"


def test_a_row_whose_element_bears_another_name_is_sure_only_where_the_value_is_its_own():
    own = crate("label: string", '"label": "sample string 1"', "<Label>sample string 1</Label>")
    any_ = crate("done: boolean", '"done": true', "<Done>true</Done>")
    assert (own["label"].xml.standing, any_["done"].xml.standing) == ("inferred", "guessed")


def test_a_member_that_stands_first_in_json_alone_may_be_a_field_or_ordered():
    rows, xml = "Load: decimal number; Count: integer", "<Count>1</Count><Load>1.1</Load>"
    open_ = crate(rows, '"Count": 1, "Load": 1.1', xml)["Count"]
    assert (open_.is_field.value, open_.is_field.standing, open_.nullable.standing) == (True, "guessed", "guessed")


def test_the_count_tells_a_field_and_an_annotation_tells_that_it_is_none():
    one = "sample string 1"
    json, xml = f'"Word": "{one}", "Mark": "{one}"', f"<Mark>{one}</Mark><Word>{one}</Word>"
    rows = "Mark: string; Word: string"
    assert crate(rows, json, xml)["Word"].is_field.standing == "inferred"
    assert crate(f"{rows}: Required", json, xml)["Word"].is_field.value is None


def test_nothing_tells_whether_zero_is_a_decimal():
    load = crate("Load: decimal number", '"Load": 0.0', "")["Load"]
    assert load.type.standing == "guessed"
