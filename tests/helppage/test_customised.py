"""Pages of other versions and of sites that changed the templates: what can be is understood, the rest is noted."""

from __future__ import annotations

import pytest

from contracts.helppage import read
from contracts.model import TypeRef

SPACE = "http://schemas.datacontract.org/2004/07/Invented.Api"
JSON = """{
  "size": 1,
  "total": 2.0,
  "name": "sample string 3",
  "made": "2031-03-05T07:09:11.1234567+00:00",
  "parts": [ { "code": "sample string 1" }, { "code": "sample string 1" } ],
  "tags": { "sample string 1": 2, "sample string 3": 4 }
}"""
XML = f"""<Wheel xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="{SPACE}">
  <Made>2031-03-05T07:09:11.1234567+00:00</Made>
  <Name>sample string 3</Name>
  <Parts><Part><Code>sample string 1</Code></Part><Part><Code>sample string 1</Code></Part></Parts>
  <Size>1</Size>
  <Tags xmlns:d2p1="http://schemas.microsoft.com/2003/10/Serialization/Arrays">
    <d2p1:KeyValueOfstringint><d2p1:Key>sample string 1</d2p1:Key><d2p1:Value>2</d2p1:Value></d2p1:KeyValueOfstringint>
    <d2p1:KeyValueOfstringint><d2p1:Key>sample string 3</d2p1:Key><d2p1:Value>4</d2p1:Value></d2p1:KeyValueOfstringint>
  </Tags>
  <Total>2</Total>
</Wheel>"""


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def samples(word):
    parts = [f"<h3>{word}</h3>"]
    for name, text in (("application/json, text/json", JSON), ("application/xml, text/xml", XML)):
        parts.append(f"<h4>{name}</h4><div><span><b>Sample:</b></span><pre>{escaped(text)}</pre></div>")
    return "\n".join(parts)


OLD = f"""<html><body><h1>PUT api/Wheels/{{id}}</h1><p>No documentation available.</p>
<h2>Request Information</h2><h3>Parameters</h3>
<table><thead><tr><th>Name</th><th>Description</th><th>Additional information</th></tr></thead><tbody>
<tr><td><b>id</b></td><td><pre>Number of the wheel.</pre></td>
<td>Define this parameter in the request <b>URI</b>.</td></tr>
<tr><td><b>wheel</b></td><td><pre>The wheel.</pre></td><td>Define this parameter in the request <b>body</b>.</td></tr>
</tbody></table>
{samples("Request body formats")}
<h2>Response Information</h2>{samples("Response body formats")}</body></html>"""
OLD_TEXT = f"""PUT api/Wheels/{{id}}
No documentation available.
Request Information
Parameters
| Name | Description | Additional information |
|---|---|---|
| id |
Number of the wheel. |
Define this parameter in the request URI. |
| wheel |
The wheel. |
Define this parameter in the request body. |
Request body formats
application/json, text/json
{JSON}
application/xml, text/xml
{XML}
Response Information
Response body formats
application/json, text/json
{JSON}
application/xml, text/xml
{XML}"""
OLD_PLAIN = f"""PUT api/Wheels/{{id}}

No documentation available.

Request Information

Parameters

NameDescriptionAdditional information

id

Number of the wheel.

Define this parameter in the request URI.

wheel

The wheel.

Define this parameter in the request body.

Request body formats

application/json, text/json

Sample:

{JSON}

application/xml, text/xml

Sample:

{XML}

Response Information

Response body formats

application/json, text/json

Sample:

{JSON}"""


@pytest.mark.parametrize("old", [OLD, OLD_TEXT, OLD_PLAIN], ids=["html", "B", "A"])
def test_the_old_layout_without_types_is_read_from_its_samples(old):
    contract = read(old)
    assert contract.notes == ()
    (operation,) = contract.operations
    assert operation.request.type.value == TypeRef("model", "Wheel")
    assert operation.request.description.value == "The wheel."
    (parameter,) = operation.parameters
    assert (parameter.name, parameter.in_path, parameter.type.standing) == ("id", True, "guessed")
    wheel = contract.models["Wheel"]
    words = {prop.name: prop.phrase.value for prop in wheel.properties}
    assert words == {
        "Size": "integer",
        "Total": "decimal number",
        "Name": "string",
        "Made": "date",
        "Parts": "Collection of Part",
        "Tags": "Dictionary of string [key] and integer [value]",
    }
    assert all(prop.type.standing == "guessed" for prop in wheel.properties)
    assert [prop.name for prop in contract.models["Part"].properties] == ["Code"]
    assert wheel.xml_root.value.namespace == SPACE


def table(heading, *rows):
    cells = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    head = "".join(f"<th>{name}</th>" for name in heading)
    return f"<table><tr>{head}</tr>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


def changed(inner, more=""):
    """A page of an operation whose body is shown by other means than the package's."""
    return f"""<html><body><h1>POST api/Wheels</h1><p>Does it.</p>{more}
<h2>Request Information</h2><h3>URI Parameters</h3><p>None.</p><h3>Body Parameters</h3>{inner}
<h2>Response Information</h2><h3>Resource Description</h3><p>None.</p></body></html>"""


def test_other_headings_of_the_columns_are_understood():
    rows = table(("Property", "Description", "Type", "Details"), ("Size", "-", "integer (16 bits)", "-"))
    wheel = read(changed(f"<p>A wheel.</p>Wheel{rows}")).models["Wheel"]
    assert wheel["Size"].type.value == TypeRef("scalar", "Int16")
    assert wheel["Size"].type.standing == "inferred"
    assert wheel["Size"].description.value == ""


def test_a_name_and_its_type_in_one_cell_are_understood():
    rows = table(
        ("Property", "Note", "Constraints"), ("Key : universally unique identifier", "Its key.", "Max items: 4")
    )
    wheel = read(changed(f"Wheel{rows}")).models["Wheel"]
    assert wheel["Key"].type.value == TypeRef("scalar", "Guid")
    assert wheel["Key"].description.value == "Its key."
    assert [note.value.kind for note in wheel["Key"].annotations] == ["other"]


def test_a_remark_of_the_sites_own_is_kept_and_each_wording_told_once():
    heading = ("Name", "Description", "Type", "Additional information")
    remarks = ("Max items: 4", "Max items: 7", "Must be unique", "-", "Required", "Krävs", "None")
    rows = table(heading, *((f"M{at}", "", "string", remark) for at, remark in enumerate(remarks)))
    contract = read(changed(f"Wheel{rows}"))
    told = [note.what for note in contract.notes if "remark" in note.what]
    assert told == ["a remark of unknown wording: 'Max items: 4'", "a remark of unknown wording: 'Must be unique'"]
    assert all(note.matters for note in contract.notes)
    required = [prop.required.value for prop in contract.models["Wheel"].properties]
    assert required == [False, False, False, False, True, True, False]


@pytest.mark.parametrize("old", [OLD, OLD_TEXT, OLD_PLAIN], ids=["html", "B", "A"])
def test_what_stands_for_missing_words_is_no_description(old):
    (operation,) = read(old.replace("Number of the wheel.", "No documentation available.")).operations
    assert (operation.summary.value, operation.summary.standing) == ("", "unknown")
    assert operation.parameters[0].description.value == ""


def test_a_table_of_unknown_columns_is_noted_with_its_line_and_the_rest_is_read():
    contract = read(changed("Wheel\n" + table(("Was", "Wert"), ("a", "b"))))
    assert [note.line for note in contract.notes if "columns are not known: Was, Wert" in note.what] == [3]
    assert [operation.id for operation in contract.operations] == ["POST api/Wheels"]


def test_a_row_without_all_its_cells_costs_only_itself():
    rows = table(
        ("Name", "Description", "Type", "Additional information"), ("Lost", "x"), ("Size", "", "integer", "None.")
    )
    contract = read(changed(f"Wheel{rows}"))
    assert [prop.name for prop in contract.models["Wheel"].properties] == ["Size"]
    assert any("the row of 'Lost' has 2 of 4 cells and is left out" in note.what for note in contract.notes)


def test_a_site_that_forgets_to_close_a_div_or_shows_more_is_read_without_a_remark():
    page = changed("<p>None.</p>", "<div><div><p>More.</p>").replace("<h2>R", "<div><h2>R", 1)
    assert read(page).notes == ()


def test_a_missing_section_of_a_whole_page_is_noted():
    page = changed("<p>None.</p>").replace("<h3>Resource Description</h3><p>None.</p>", "")
    contract = read(page)
    assert 'no section "Resource Description"' in contract.notes[0].what
    assert contract.operations[0].response.type.standing == "unknown"


def test_a_sample_of_the_sites_own_proves_nothing_but_stands_in_no_ones_way():
    rows = table(("Name", "Description", "Type", "Additional information"), ("Size", "", "integer", "None."))
    body = f"Wheel{rows}<h3>Request Formats</h3><h4>application/json</h4><pre>{{ size: 1, ... }}</pre>"
    contract = read(changed(body))
    assert "cannot be read" in contract.notes[0].what
    assert contract.models["Wheel"]["Size"].json.standing == "guessed"


def test_a_value_of_an_enumeration_that_is_written_otherwise_is_told_by_the_sample():
    enum = "<html><body><h1>Tier</h1>" + table(("Name", "Value", "Description"), ("Gold", "1", ""), ("Basic", "0", ""))
    rows = table(("Name", "Description", "Type", "Additional information"), ("Tier", "", "Tier", "None."))
    body = f'Wheel{rows}<h3>Request Formats</h3><h4>application/json</h4><pre>{{ "Tier": "basic-tier" }}</pre>'
    tier = read(changed(body), enum + "</body></html>").models["Tier"]
    assert tier.as_string.value is True
    assert [(member.name, member.xml) for member in tier.members] == [("Gold", ""), ("Basic", "basic-tier")]


def generic():
    """A page whose model holds a generic one, and the pages of both."""
    head = ("Name", "Description", "Type", "Additional information")
    inner = f'<Page><Box xmlns="{SPACE}"><Rows><Part><Code>sample string 1</Code></Part></Rows></Box></Page>'
    body = (
        f"Page{table(head, ('Box', '', 'BoxOfPart', 'None.'))}<h3>Request Formats</h3><h4>application/json</h4><pre>"
        '{ "Box": { "Rows": [ { "Code": "sample string 1" } ] } }'
        f"</pre><h4>application/xml</h4><pre>{escaped(inner)}</pre>"
    )
    models = [
        f"<html><body><h1>{name}</h1>{table(head, row)}</body></html>"
        for name, row in (
            ("BoxOfPart", ("Rows", "", "Collection of Part", "None.")),
            ("Part", ("Code", "", "string", "None.")),
        )
    ]
    return [changed(body), *models]


def test_a_generic_model_that_is_no_root_gets_its_contract_name_by_rule():
    contract = read(*generic())
    root = contract.models["BoxOfPart"].xml_root
    assert (root.standing, root.evidence[0].rule) == ("guessed", "xml.generic-name")
    assert root.value.name.startswith("BoxOfPart") and len(root.value.name) == len("BoxOfPart") + 8
