"""Flattened pages and Markdown as crawlers, converters and assistants leave them: oddities met on many real sites."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from test_saved_pages import SEED, said

from contracts.helppage import read, write
from contracts.model import Fact, TypeRef


@pytest.fixture(scope="module")
def wanted():
    return said(read(SEED))


def test_a_pipe_on_a_line_of_its_own_closes_the_words_above_it(wanted):
    page = re.sub(r"(?m)^((?!\|).*[.)]) \|$", r"\1\n|", SEED)
    assert page.count("\n|\n") > SEED.count("\n|\n") + 10
    contract = read(page)
    assert said(contract) == wanted
    assert contract.notes == ()


LOST = """POST api/Wheels
Adds or updates a wheel.
Request Information
URI Parameters
| Name | Description | Type | Additional information |
|---|
Body Parameters
The wheel.
Wheel| Name | Description | Type | Additional information |
|---|---|---|---|
| Maker |
Who made it.
|
string |
None.
|
|
Where to write to.
|
string |
Required
|
|
| Tags | Collection of string |
None.
|
|
Request Formats
application/json, text/json
Sample:
{
"Maker": "sample string 1",
"Email": "sample string 2",
"Tags": [
"sample string 1",
"sample string 2"
]
}
Response Information
Resource Description
None."""


def test_a_row_that_lost_its_name_and_kept_its_words_gets_its_name_from_the_sample():
    contract = read(LOST)
    assert contract.notes == ()
    (wheel,) = contract.models.values()
    told = [(prop.name, prop.description.value, prop.required.value) for prop in wheel.properties]
    assert told == [("Maker", "Who made it.", False), ("Email", "Where to write to.", True), ("Tags", "", False)]


@pytest.mark.parametrize("glued", ["Wheel", "The wheel.\n"])
def test_a_table_without_a_models_name_is_called_by_the_operation_and_told(glued):
    contract = read(LOST.replace("The wheel.\nWheel|", glued.replace("Wheel", "") + "|"))
    (name,) = contract.models
    assert name == "POSTApiWheelsRequest"
    assert [prop.name for prop in contract.models[name].properties] == ["Maker", "Email", "Tags"]
    assert [note.what[:46] for note in contract.notes] == ["the table of this body does not name its model"]


def test_a_button_behind_the_path_is_left_out_of_a_text_too():
    contract = read(LOST.replace("Wheels\n", "Wheels Try Now\n", 1))
    assert [operation.id for operation in contract.operations] == ["POST api/Wheels"]
    assert [note.what for note in contract.notes] == ["'Try Now' behind the path is left out"]


PLAIN = """POST api/Wheels

Request Information

URI Parameters

None.

Body Parameters

Wheel
NameDescriptionTypeAdditional information
Size
How large it is.
integer
Required
Range: inclusive between 1 and 9
Maker
string
None.

Response Information

Resource Description

None."""


def test_layout_a_without_blank_lines_is_read_row_by_row():
    page = PLAIN.replace(
        "\n\nResponse I", '\n\nRequest Formats\n\napplication/json\n\n{ "Size": 1, "Maker": "x" }\n\nResponse I'
    )
    contract = read(page)
    assert contract.notes == ()
    wheel = contract.models["Wheel"]
    assert [(prop.name, prop.description.value) for prop in wheel.properties] == [
        ("Size", "How large it is."),
        ("Maker", ""),
    ]
    assert [note.value.kind for note in wheel["Size"].annotations] == ["required", "range"]


@pytest.mark.parametrize(
    ("word", "clr"),
    [("int", "Int32"), ("long", "Int64"), ("bool", "Boolean"), ("DateTime", "DateTime"), ("float", "Single")],
)
def test_a_site_that_shows_the_words_of_its_code_is_believed(word, clr):
    wheel = read(
        PLAIN.replace("integer", word).replace("None.\n\nRes", "None.\n\nRequest Formats\n\ntext/x\n\nRes")
    ).models
    assert wheel["Wheel"]["Size"].type.value == TypeRef("scalar", clr)
    assert wheel["Wheel"]["Size"].type.standing == "inferred"


MARKDOWN = """<!-- https://portal.example/Help/Api/PUT-api-Wheels-id, saved by an assistant -->

# PUT api/Wheels/{id}

Replaces a wheel.

## Request Information

### URI Parameters

| Name | Description | Type | Additional information |
| --- | --- | --- | --- |
| id | Number of the wheel. | integer | Required |

### Body Parameters

What is known of it. [Wheel](https://portal.example/Help/ResourceModel?modelName=Wheel)

| Name | Description | Type | Additional information |
| --- | --- | --- | --- |
| Size |  | integer | Required<br>Range: inclusive between 1 and 9 |
| Code | Letters. | string | Matching regular expression pattern: A\\|B |
| Parts | | Collection of [Part](/Help/ResourceModel?modelName=Part) | None. |

### Request Formats

- [application/json, text/json](#json)
- [application/xml, text/xml](#xml)

```
{
  "Size": 1,
  "Code": "sample string 2",
  "Parts": [ { "Name": "sample string 1", "Kind": 0 }, { "Name": "sample string 1", "Kind": 0 } ]
}
```

## Response Information

### Resource Description

string

### Response Formats

#### application/json, text/json

**Sample:**

    "sample string 1"
"""
PART = """# Part

A part of a wheel.

Name | Description | Type | Additional information
---|---|---|---
Name |  | string | None.
Kind | What it is. | [Kind](/Help/ResourceModel?modelName=Kind) | None.
"""
KIND = """Kind
====

Possible enumeration values:

| Name | Value | Description |
|------|-------|-------------|
| Rim  | 0     |             |
| Hub  | 1     | Inside.     |
"""


def told(contract):
    (operation,) = contract.operations
    wheel = contract.models["Wheel"]
    return (
        operation.id,
        operation.summary.value,
        [(p.name, p.type.value.name, p.required.value, p.in_path) for p in operation.parameters],
        operation.request.description.value,
        [(p.name, p.json.value, [note.value.text for note in p.annotations]) for p in wheel.properties],
        operation.request.type.value,
        [(len(body.media_types), len(body.samples)) for body in (operation.request, operation.response)],
        operation.response.type.value,
    )


IN_MARKDOWN = (
    "PUT api/Wheels/{id}",
    "Replaces a wheel.",
    [("id", "Int32", True, True)],
    "What is known of it.",
    [
        ("Size", "Size", ["Required", "Range: inclusive between 1 and 9"]),
        ("Code", "Code", ["Matching regular expression pattern: A|B"]),
        ("Parts", "Parts", []),
    ],
    TypeRef("model", "Wheel"),
    [(4, 1), (2, 1)],
    TypeRef("scalar", "String"),
)
WRITTEN = {
    "hashes": MARKDOWN,
    "underlined": re.sub(r"(?m)^# (.*)$", r"\1\n=====", re.sub(r"(?m)^## (.*)$", r"\1\n-----", MARKDOWN)),
    "no borders": re.sub(r"(?m)^\| (.*) \|$", r"\1", MARKDOWN),
    "the model in a paragraph of its own": MARKDOWN.replace("it. [W", "it.\n\n[W"),
    "Windows line ends": MARKDOWN.replace("\n", "\r\n"),
    "links with titles and brackets": MARKDOWN.replace("modelName=Wheel)", 'modelName=Wheel(Of) "Wheel")'),
    "front matter": "---\ntitle: Wheels\n---\n" + MARKDOWN,
}


@pytest.mark.parametrize("way", WRITTEN)
def test_a_page_in_markdown_says_what_the_page_says(way):
    contract = read(WRITTEN[way], PART, KIND)
    assert told(contract) == IN_MARKDOWN
    assert contract.notes == ()
    assert {page.layout for page in contract.pages} == {"markdown"}
    assert [(member.name, member.value) for member in contract.models["Kind"].members] == [("Rim", 0), ("Hub", 1)]
    assert contract.models["Part"].description.value == "A part of a wheel."


def test_facts_of_a_page_in_markdown_bear_its_lines():
    (operation,) = read(MARKDOWN, PART, KIND).operations
    assert operation.method.evidence[0].lines == (3,)
    assert operation.parameters[0].required.evidence[0].lines == (13,)


def test_a_pipe_that_markdown_takes_for_a_border_is_told():
    contract = read(MARKDOWN.replace("A\\|B", "A|B"), PART, KIND)
    assert [(note.line, note.what) for note in contract.notes] == [
        (22, "the row has more than 4 cells: what stands in the others is lost")
    ]


def test_markdown_in_a_folder_is_a_page_and_a_readme_beside_it_is_told(tmp_path):
    for name, text in (
        ("PUT.md", MARKDOWN),
        ("Part.md", PART),
        ("Kind.md", KIND),
        ("README.md", "# The API\n\nOurs.\n"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    contract = read(tmp_path)
    assert told(contract) == IN_MARKDOWN
    assert [(note.page, "not a help page" in note.what) for note in contract.notes] == [("README.md", True)]


FOLDED = """POST api/Wheels

Request Information

URI Parameters

None.

Body Parameters

Wheel
NameDescriptionTypeAdditional information
Size

integer

None.

Codes

Collection of integer

None.

Request Formats

application/json, text/json

Sample:
Click to beautify!
{
  • "Size": 1,
  • "Codes": [
    • 1,
    • 2
    ]
}

application/x-www-form-urlencoded

Sample:
Click to beautify!

Sample not available.

Response Information

Resource Description

integer

Response Formats

application/json, text/json

Sample:
  • 1"""


def test_bullets_and_a_buttons_words_are_no_part_of_a_sample():
    contract = read(FOLDED)
    assert contract.notes == ()
    (operation,) = contract.operations
    assert [len(body.samples) for body in (operation.request, operation.response)] == [1, 1]
    assert [prop.json.standing for prop in contract.models["Wheel"].properties] == ["stated", "stated"]


OLD = """PUT api/Wheels?id={id}

Replaces it.

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

application/json

Sample:

{ "size": 1 }

Response Information"""


def test_a_name_is_one_line_in_the_old_layout_too():
    (operation,) = read(OLD).operations
    assert [(p.name, p.description.value) for p in operation.parameters] == [("id", "Number of the wheel.")]
    assert operation.request.description.value == "The wheel."


HEADERS_B = """Header Parameters
| Name | Description | Type | Additional information |
|---|---|---|---|
| X-Login |
Who asks. |
string |
Required |
Body Parameters"""
HEADERS_A = """Header Parameters

NameDescriptionTypeAdditional information

X-Login

Who asks.

string

Required

Body Parameters"""
HEADERS_HTML = """<h3>Header Parameters</h3><table><tr><th>Name<th>Description<th>Type<th>Additional information
<tr><td>X-Login<td>Who asks.<td>string<td>Required</table><h3>Body Parameters"""


@pytest.mark.parametrize("table", [False, True], ids=["beside none", "beside a table"])
@pytest.mark.parametrize(
    ("layout", "section"), [("B", HEADERS_B), ("A", HEADERS_A), ("html", HEADERS_HTML)], ids=["B", "A", "html"]
)
def test_a_section_of_the_sites_own_is_told_and_taken_for_nothing_else(layout, section, table):
    given = read(SEED if not table else SEED.replace("api/Appointments", "api/Appointments/{number}", 1))
    if table:
        number = given.operations[0].parameters[0]
        number = replace(number, phrase=Fact("integer"), description=Fact("Its number."))
        given = replace(given, operations=(replace(given.operations[0], parameters=(number,)),))
    page = write(given, layout).replace("<h3>Body Parameters" if layout == "html" else "Body Parameters", section, 1)
    contract = read(page)
    assert [p.name for p in contract.operations[0].parameters] == (["number"] if table else [])
    assert [note.what for note in contract.notes] == [
        "the section 'Header Parameters' is none of a help page, and is left out"
    ]


def test_a_text_that_lacks_a_section_in_its_middle_was_made_so_and_is_not_cut_off(wanted):
    contract = read(SEED.replace("Request Information\n", "", 1))
    assert said(contract) == wanted
    assert [note.what for note in contract.notes] == ['the page has no section "Request Information"']


SHOWN = PLAIN.replace(
    "\n\nResponse I",
    '\n\nRequest Formats\n\napplication/json\n\n{ "Size": null, "Maker": "Red Wheels" }\n\nResponse I',
)


def test_what_a_sample_of_the_portals_own_shows_as_null_can_be_null():
    size = read(SHOWN).models["Wheel"]["Size"]
    assert (size.nullable.value, size.nullable.standing) == (True, "inferred")
    assert [evidence.rule for evidence in size.nullable.evidence] == ["nullable.shown"]


@pytest.mark.parametrize(
    ("layout", "words"),
    [("B", "Remarks\nNone.\nExample\nSee above.\n"), ("A", "Remarks\n\nNone.\n\nExample\n\nNone.\n\n")],
)
def test_words_behind_a_table_are_told_and_cost_nothing(layout, words, wanted):
    page = write(read(SEED), layout)
    contract = read(page.replace("Request Formats", words + "Request Formats", 1))
    assert said(contract) == wanted
    assert {note.what[:41] for note in contract.notes} == {
        "words behind the table are left out: 'Rem",
        *({"words behind the table are left out: 'Exa"} if layout == "A" else set()),
    }


# What a browser's clipboard holds: a tab behind each cell but the last, blank lines around paragraphs.
HEADER = "Name\tDescription\tType\tAdditional information\n"
COPIED = (
    "Help Page Home\n\nPUT api/Wheels/{id}\nReplaces a wheel.\n\nRequest Information\nURI Parameters\n"
    + HEADER
    + "id\t\n\nNumber of the wheel.\n\n\tinteger\t\n\nRequired\n\nBody Parameters\nThe wheel.\n\nWheel\n"
    + HEADER
    + "Size\t\n\n\tinteger\t\n\nRequired\n\nRange: inclusive between 1 and 9\n\nMaker\tWho made it.\tstring\tNone.\n"
    "Kind\t\n\nWhat it is.\n\n\tKind\t\n\nNone.\n\nRequest Formats\napplication/json, text/json\nSample:\n"
    '{\n  "Size": 1,\n  "Maker": "sample string 2",\n  "Kind": 0\n}\nResponse Information\n'
    "Resource Description\nNone.\n"
)
COPIED_KIND = "Kind\nPossible enumeration values:\n\nName\tValue\tDescription\nRim\t\n0\n\n\nHub\t\n1\n\nInside.\n"
COPIED_INDEX = (
    "ASP.NET Web API Help Page\nIntroduction\nWheels\nAPI\tDescription\nPUT api/Wheels/{id}\t\n\nReplaces a wheel.\n\n"
    "GET api/Wheels\tLists them.\n"
)


def test_what_was_copied_from_a_browser_is_read():
    contract = read(COPIED, COPIED_KIND)
    assert contract.notes == ()
    wheel = contract.models["Wheel"]
    told = [(p.name, p.description.value, [note.value.kind for note in p.annotations]) for p in wheel.properties]
    assert told == [("Size", "", ["required", "range"]), ("Maker", "Who made it.", []), ("Kind", "What it is.", [])]
    assert [(m.name, m.value, m.description) for m in contract.models["Kind"].members] == [
        ("Rim", 0, ""),
        ("Hub", 1, "Inside."),
    ]
    (operation,) = contract.operations
    assert [(p.name, p.description.value, p.required.value) for p in operation.parameters] == [
        ("id", "Number of the wheel.", True)
    ]


def test_an_index_copied_from_a_browser_lists_its_operations():
    listed = read(COPIED, COPIED_KIND, COPIED_INDEX).listed
    assert [(entry.title, entry.group, entry.description) for entry in listed] == [
        ("PUT api/Wheels/{id}", "Wheels", "Replaces a wheel."),
        ("GET api/Wheels", "Wheels", "Lists them."),
    ]
