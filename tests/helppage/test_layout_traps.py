"""What flattening does to a page, trap by trap: each page here is written from the rules of its layout."""

from __future__ import annotations

import pytest
from packing import packed

from contracts.helppage import read
from contracts.model import TypeRef

SPACE = "http://schemas.datacontract.org/2004/07/Invented.Api"


def page(body, answer="None.", title="POST api/Wheels", parameters="None."):
    """A page of layouts B to D."""
    return "\n".join(
        [
            title,
            "Does it.",
            "Request Information",
            "URI Parameters",
            parameters,
            "Body Parameters",
            body,
            "Response Information",
            "Resource Description",
            answer,
        ]
    )


FORMATS = f"""Request Formats
application/json, text/json
{{"Size": 1, "Colour": "sample string 2", "Email": "sample string 3"}}
application/xml, text/xml
<Wheel xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="{SPACE}"> <Colour>sample string 2</Colour> \
<Email>sample string 3</Email> <Size>1</Size> </Wheel>"""
B = """The wheel.
Wheel| Name | Description | Type | Additional information |
|---|---|---|---|
| Size | integer |
None. |
|
| Colour |
Its colour, one of
red and blue. |
string |
Matching regular expression pattern: (red|blue) |
| string |
Required |
||
"""
C = """The wheel.
WheelName | Description | Type | Additional information |
---|---|---|---|
Size | integer |
None. |
|
Colour |
Its colour, one of
red and blue. |
string |
Matching regular expression pattern: (red|blue) |
string |
Required |
||
"""
D = """The wheel.
Wheel| Name | Description | Type | Additional information |\x20
|---|---|---|---|\x20
| Size | integer | None. | |\x20
| Colour |\x20
Its colour, one of
red and blue. |\x20
string |\x20
Matching regular expression pattern: (red|blue) |\x20
| Email | string | Required | |\x20
"""


@pytest.mark.parametrize("table", [B, C, D], ids=["B", "C", "D"])
def test_rows_with_and_without_description_pipes_in_patterns_and_lost_names(table):
    contract = read(page(table + FORMATS))
    assert contract.notes == ()
    model = contract.models["Wheel"]
    assert [prop.name for prop in model.properties] == ["Size", "Colour", "Email"]
    assert model["Size"].description.value == ""
    assert model["Colour"].description.value.split() == ["Its", "colour,", "one", "of", "red", "and", "blue."]
    assert model["Colour"].annotations[0].value.arguments == ("(red|blue)",)
    assert model["Email"].required.value is True
    assert model["Email"].json.value == "Email"


def test_a_description_on_the_line_of_its_name():
    row = B.replace("| Colour |\nIts colour, one of\nred and blue. |", "| Colour | Its colour. |")
    model = read(page(row + FORMATS)).models["Wheel"]
    assert model["Colour"].description.value == "Its colour."
    assert model["Colour"].phrase.value == "string"


SHORT = {
    "B": "Wheel| Name | Description | Type | Additional information |\n|---|---|---|---|\n"
    "| Size | integer |\nNone. |\n|\n| Colour | string |\nRequired Max length: 8 |\n",
    "C": "WheelName | Description | Type | Additional information |\n---|---|---|---|\n"
    "Size | integer |\nNone. |\n|\nColour | string |\nRequired Max length: 8 |\n",
}


@pytest.mark.parametrize("layout", SHORT)
def test_the_last_row_may_lack_the_pipe_of_its_missing_description(layout):
    contract = read(page(SHORT[layout] + "Request Formats\napplication/json\nSample not available."))
    assert contract.notes == ()
    rows = [(p.name, p.phrase.value, len(p.annotations)) for p in contract.models["Wheel"].properties]
    assert rows == [("Size", "integer", 0), ("Colour", "string", 2)]


def test_the_last_value_of_an_enumeration_may_lack_it_too():
    table = "Aisle\nPossible enumeration values:\n| Name | Value | Description |\n|---|---|---|\n| North |\n0 |\n|\n"
    members = read(table + "| South |\n7 |").models["Aisle"].members
    assert [(member.name, member.value) for member in members] == [("North", 0), ("South", 7)]


def test_a_lost_name_that_no_sample_gives_back_is_noted_and_the_other_rows_are_kept():
    contract = read(page(B.rstrip() + "\nRequest Formats\napplication/json\nSample not available."))
    assert [prop.name for prop in contract.models["Wheel"].properties] == ["Size", "Colour"]
    assert ["lost its name" in note.what for note in contract.notes] == [True]


@pytest.mark.parametrize("phrase", ["boolean", "string", "Collection of integer"])
def test_a_type_glued_to_the_heading_behind_it(phrase):
    glued = page(f"Whether.\n{phrase}Request Formats\napplication/json\nSample not available.")
    (operation,) = read(glued).operations
    assert operation.request.phrase.value == phrase
    assert operation.request.description.value == "Whether."


def test_an_answer_that_says_nothing_is_told_from_words_above_none():
    (opaque,) = read(page("None.", "IHttpActionResultNone.")).operations
    (void,) = read(page("None.", "Nothing at all\nNone.")).operations
    assert opaque.response.opaque and opaque.response.phrase.value == "IHttpActionResult"
    assert void.response.void and void.response.description.value == "Nothing at all"


FAILED = "Request Formats\napplication/json\nSample:\ntext/json\nSample:\napplication/xml\nSample:\ntext/xml\nSample:"


def test_samples_that_all_failed_leave_their_media_types():
    (operation,) = read(page(B.replace("| string |", "| Email | string |").replace("||", "|") + FAILED)).operations
    names = ["application/json", "text/json", "application/xml", "text/xml"]
    assert [fact.value.name for fact in operation.request.media_types] == names
    assert operation.request.samples == ()


A = """POST api/Wheels

Does it.

Request Information

URI Parameters

None.

Body Parameters

Wheel
NameDescriptionTypeAdditional information

Size

integer

Required

Range: inclusive between 1 and 9

Required

Whether it is required.

In two paragraphs.

boolean

None.

string

string

string

None.

Aisle

Aisle

None.

Request Formats

application/json

Sample:

Failed to generate the sample for media type 'application/json'. Cannot use formatter 'X' to write type 'Wheel'.

Response Information

Resource Description

None."""
AISLE = "Possible enumeration values:\n\nNameValueDescription\n\nNorth\n\n-1\n\nSouth\n\n7\n\nWhere it is warm."


def test_rows_without_borders_are_told_apart_by_types_and_annotations():
    contract = read(packed({"page.txt": A, "ResourceModel-Aisle.txt": AISLE}))
    assert contract.notes == ()
    rows = [
        (p.name, p.description.value, p.phrase.value, len(p.annotations)) for p in contract.models["Wheel"].properties
    ]
    assert rows == [
        ("Size", "", "integer", 2),
        ("Required", "Whether it is required.\nIn two paragraphs.", "boolean", 0),
        ("string", "string", "string", 0),
        ("Aisle", "", "Aisle", 0),
    ]
    members = [(m.name, m.value, m.description) for m in contract.models["Aisle"].members]
    assert members == [("North", -1, ""), ("South", 7, "Where it is warm.")]


NAMES = [
    "ResourceModel-Aisle.txt",
    "ResourceModel-Aisle.layout-a.txt",
    "ResourceModel@modelName=Aisle.txt",
    "Help/ResourceModel%3FmodelName%3DAisle.txt",
    "ResourceModel_Aisle.txt",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_models_page_without_its_heading_is_called_by_its_file(name):
    assert list(read(packed({name: AISLE})).models) == ["Aisle"]


@pytest.mark.parametrize("lead", ["| ", ""])
def test_a_models_page_with_pipes_may_lack_its_heading_too(lead):
    rule = ("|" if lead else "") + "---|---|---|---|"
    head = f"{lead}Name | Description | Type | Additional information |\n{rule}\n"
    table = head + f"{lead}Size | integer |\nNone. |\n|\n{lead}Colour | string |\nRequired |"
    model = read(packed({"ResourceModel-Wheel.txt": table})).models["Wheel"]
    assert [prop.name for prop in model.properties] == ["Size", "Colour"]


def test_a_models_page_that_nothing_names_is_left_out_and_the_rest_is_read():
    contract = read(packed({"page.txt": A, "aisles.txt": AISLE}))
    assert [operation.id for operation in contract.operations] == ["POST api/Wheels"]
    assert "ResourceModel-NAME.txt" in " ".join(note.remedy for note in contract.notes)
    assert contract.models["Wheel"]["Aisle"].type.value == TypeRef("any")


def test_a_page_that_a_browser_saved_is_called_by_the_address_in_its_comment():
    table = "<table><tr><th>Name</th><th>Description</th><th>Type</th><th>Additional information</th></tr>"
    row = "<tr><td>Size</td><td><p></p></td><td>integer</td><td><p>None.</p></td></tr></table>"
    comment = "<!-- saved from url=(0064)https://portal.example/Help/ResourceModel?modelName=Wheel -->"
    assert list(read(f"{comment}\n<html><body>{table}{row}</body></html>").models) == ["Wheel"]


def test_the_name_of_a_page_does_not_matter_where_its_title_stands_in_it():
    hashed = "GET-api-Wheels_0123456789abcdef0123456789abcdef.txt"
    title = "GET api/Wheels?first={first}&second={second}"
    table = (
        "| Name | Description | Type | Additional information |\n|---|---|---|---|\n| first | string |\nRequired |\n|"
    )
    contract = read(packed({hashed: page("None.", title=title, parameters=table)}))
    (operation,) = contract.operations
    assert operation.id == "GET api/Wheels?first&second"
    assert [(p.name, p.required.value, p.type.standing) for p in operation.parameters] == [
        ("first", True, "inferred"),
        ("second", False, "guessed"),  # a key that the table forgot
    ]


LOWEST = """| Name | Description | Type | Additional information |
|---|---|---|---|
| Lowest | integer |
Range: inclusive between 0 and 500 |
|
| page | integer |
Default value is 1 |
|"""


def annotated():
    """A page whose parameter bears an annotation that only members bear."""
    title = "GET api/Wheels/{shelf}?filter.Lowest={filter.Lowest}&page={page}"
    return page("None.", title=title, parameters=LOWEST)


def test_parameters_that_only_members_could_be_are_members_of_a_complex_type():
    (operation,) = read(annotated()).operations
    lowest, number, shelf = operation.parameters
    assert (lowest.complex.value, lowest.key, lowest.annotations[0].value.kind) == ("", "filter.Lowest", "range")
    assert (number.complex.value, number.key, number.default.value) == (None, "page", "1")
    assert (shelf.name, shelf.in_path, shelf.required.value) == ("shelf", True, True)  # a placeholder that it forgot
