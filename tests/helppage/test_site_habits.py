"""HTML as sites and browsers make it of the package's templates: what people see is the same, so what is read is."""

from __future__ import annotations

import re

import pytest
from test_saved_pages import HTML, said

from contracts.errors import PageError
from contracts.helppage import read

PRE = re.compile(r'(<pre class="wrapped">)(.*?)(</pre>)', re.DOTALL)
HEAD = "<th>Name</th><th>Description</th><th>Type</th><th>Additional information</th>"


@pytest.fixture(scope="module")
def wanted():
    return said(read(HTML))


def in_samples(change):
    return PRE.sub(lambda match: match[1] + change(match[2]) + match[3], HTML)


def omitted():
    """Without the end tags that a minifier may omit, and without what is behind the page."""
    page = re.sub(r"</(?:td|tr|th|thead|tbody|body|html)>", "", HTML)
    page = re.sub(r"</p>(?=\s*<(?:p|table|h\d|/?div|td|tr|/table))", "", page)
    return re.sub(r">\s+<", "><", page)


def as_tabs(page):
    """Both headings of a side's samples first, then both samples, as tabs stand in the page."""
    part = re.compile(
        r'(?s)<h4 class="sample-header">([^<]*)</h4>(.*?)(?=<h4|</div>\s*<h2>|</div>\s*</div>\s*</section>)'
    )

    def turned(match):
        found = part.findall(match[0])
        names = "".join(f'<li><a href="#s">{name}</a></li>' for name, _ in found)
        panes = "".join(f'<div class="tab-pane">{pane}</div>' for _, pane in found)
        return f"<h3>{match[1]} Formats</h3><ul>{names}</ul>{panes}{match[3]}"

    return re.sub(r"(?s)<h3>(Request|Response) Formats</h3>(.*?)(<h2>|</section>)", turned, page)


SAME = {
    "end tags omitted": omitted(),
    "end tags and quotes omitted": re.sub(r'="([\w/.-]+)"', r"=\1", omitted()),
    "coloured samples": in_samples(lambda text: '<code><span class="k">' + text.replace("\n", "</span>\n<span>")),
    "numbered lines": in_samples(
        lambda text: "<ol>" + "".join(f"<li>{line}</li>" for line in text.strip().split("\n")) + "</ol>"
    ),
    "no-break spaces in samples": in_samples(lambda text: text.replace("  ", "&nbsp;&nbsp;")),
    "line breaks in samples": in_samples(lambda text: text.strip("\n").replace("\n", "<br>")),
    "a byte order mark in samples": in_samples(lambda text: "&#65279;" + text),
    "bent quotes": in_samples(lambda text: re.sub("&quot;([^&]*)&quot;", "\u201c\\1\u201d", text)),
    "a line each, as Word saves them": in_samples(
        lambda text: "</pre><pre>".join(line for line in text.split("\n") if line.strip())
    ),
    "samples in textareas": HTML.replace('<pre class="wrapped">', "<textarea>").replace("</pre>", "</textarea>"),
    "samples in boxes": HTML.replace('<pre class="wrapped">', '<div class="code">').replace("</pre>", "</div>"),
    "samples in tabs": as_tabs(HTML),
    "hyphens and breaks in names": HTML.replace("globally unique", "globally uni\u00adque").replace(
        "PatientExternalId</td>", "Patient&#8203;External<wbr>Id</td>"
    ),
    "headings in capitals": HTML.replace("Body Parameters", "BODY PARAMETERS").replace("Response I", "Response i"),
    "headings with a colon": HTML.replace("Body Parameters</h3>", "Body Parameters:</h3>"),
    "smaller headings": HTML.replace("h3>", "h5>").replace("h2>", "h4>"),
    "a table as the site's frame": HTML.replace("<body>", "<body><table><tr><td>Menu</td><td>").replace(
        "</body>", "</td><td>Foot</td></tr></table></body>"
    ),
    "no dot": HTML.replace("<p>None.</p>", "<p>None</p>"),
    "whole address": HTML.replace("<h1>POST ", "<h1>POST https://portal.example/"),
    "a badge": HTML.replace("<h1>POST ", '<h1><span class="label">[POST]</span>\n'),
    "no heading": HTML.replace("<h1>POST api/Appointments</h1>", "<div>POST api/Appointments</div>"),
    "columns in Swedish": HTML.replace(HEAD, "<th>Namn</th><th>Beskrivning</th><th>Typ</th><th>Information</th>"),
    "type at the words' end": re.sub(
        r"</p>\s*<a href=[^>]*>AppointmentModel</a>",
        ' <a href="/Help/ResourceModel?modelName=A">AppointmentModel</a></p>',
        HTML,
    ),
    "the test client": HTML.replace(
        "</body>",
        "<button>Test API</button><div title='POST api/x'><table><tr><td><input></td></tr></table>"
        "<h5>URI parameters</h5><div><table><tbody><tr><td>=</td></tr></tbody></table></div><h5>Body</h5>"
        "<select><option>application/json</option></select><pre><textarea></textarea></pre></div></body>",
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_what_people_see_alike_is_read_alike(name, wanted):
    assert SAME[name] != HTML
    contract = read(SAME[name])
    assert said(contract) == wanted
    assert contract.notes == ()


def test_a_buttons_words_behind_the_path_are_left_out_and_told(wanted):
    contract = read(HTML.replace("</h1>", ' <a class="btn">Try Now</a></h1>', 1))
    assert said(contract) == wanted
    (note,) = contract.notes
    assert (note.line, note.what) == (19, "'Try Now' behind the path is left out")


GERMAN = {
    "Request Information": "Beschreibung der Anfrage",
    "URI Parameters": "Parameter im Pfad",
    "Body Parameters": "Anforderungsparameter",
    "Request Formats": "Anfrageformat",
    "Response Information": "Antwortbeschreibung",
    "Resource Description": "Beschreibung der Quelle",
    "Response Formats": "Antwortformat",
    HEAD: "<th>Name</th><th>Beschreibung</th><th>Typ</th><th>Zusatzinformation</th>",
}


def test_headings_of_another_language_are_known_by_their_place_which_is_told(wanted):
    page = HTML
    for old, new in GERMAN.items():
        page = page.replace(old, new)
    contract = read(page)
    assert said(contract) == wanted
    (note,) = contract.notes
    assert "read by their place: 'Beschreibung der Anfrage' as 'Request Information'" in note.what
    assert "'Antwortformat' as 'Response Formats'" in note.what


def test_headings_that_stand_otherwise_are_not_guessed():
    page = HTML
    for old, new in GERMAN.items():
        page = page.replace(old, new)
    contract = read(page.replace("<h2>Antwortbeschreibung</h2>", ""))
    assert not any("by their place" in note.what for note in contract.notes)
    told = [note.what for note in contract.notes if "has no sections" in note.what]
    assert len(told) == 1 and '"Body Parameters"' in told[0]


def with_column(name, *cells):
    page = HTML.replace(HEAD, HEAD.replace("<th>Add", f"<th>{name}</th><th>Add"))
    parts = re.split(r'(?=<td class="parameter-annotations">)', page)
    marks = [cells[at % 11 % len(cells)] for at in range(len(parts) - 1)]
    return parts[0] + "".join(f"<td>{mark}</td>{part}" for mark, part in zip(marks, parts[1:], strict=True))


def test_a_column_that_says_required_is_believed():
    contract = read(with_column("Required", "Yes", "No"))
    assert contract.notes == ()
    (model,) = contract.models.values()
    told = [[note.value.kind for note in prop.annotations] for prop in model.properties]
    assert told == [["required"] if at % 2 == 0 else [] for at in range(len(told))]
    assert len(told) == 11


def test_a_column_of_unknown_words_is_told_and_the_others_are_read(wanted):
    contract = read(with_column("Since version", "2.0"))
    assert said(contract) == wanted
    assert {note.what for note in contract.notes} == {"the table has columns that are not read: Since version"}


def test_a_table_inside_a_cell_is_words_of_that_cell(wanted):
    inner = "<table><tr><th>code</th><th>means</th></tr><tr><td>1</td><td>new</td></tr></table>"
    page = re.sub(r'(<td class="parameter-documentation">\s*<p>)', rf"\1{inner}", HTML)
    contract = read(page)
    assert contract.notes == ()
    (model,) = contract.models.values()
    assert len(model.properties) == len(wanted[4]) // 2
    assert all("code" in prop.description.value for prop in model.properties)


def test_a_body_whose_table_names_no_model_is_called_as_its_sample_is(wanted):
    contract = read(re.sub(r"</p>\s*<a href=[^>]*>AppointmentModel</a>", "</p>", HTML))
    assert said(contract) == wanted
    assert {note.what[:49] for note in contract.notes} == {"the table of this body does not name its model: i"}


@pytest.mark.parametrize(
    ("page", "what", "remedy"),
    [
        (
            "<title>Log in - A portal</title><h1>Welcome</h1><form><input type='password'></form>",
            "sign-in page",
            "sign in to",
        ),
        ("<h2>Please sign in</h2><p>Use your account.</p>", "a sign-in page ('Please sign in')", "sign in to"),
        ("<title>404 - File or directory not found.</title><h1>Server Error</h1>", "an error page ('404 - ", "again"),
        ("<h1>Server Error in '/' Application.</h1><h2>Runtime Error</h2>", "an error page", "again"),
        ("<title>Object moved</title><h2>Object moved to <a href='/login'>here</a>.</h2>", "an error page", "again"),
        ("<title>Swagger UI</title><div id='swagger-ui'></div>", "a page of OpenAPI tools", "swagger.json"),
        (
            "<title>Home - A portal</title><h1>ASP.NET</h1><p>Web API.</p>",
            "not a help page ('Home - A portal'): ",
            "give",
        ),
    ],
)
def test_a_page_that_was_saved_by_mistake_is_called_what_it_is(page, what, remedy):
    with pytest.raises(PageError) as caught:
        read(f"<html><body>{page}</body></html>")
    (fault,) = caught.value.faults
    assert what in fault.what
    assert remedy in fault.remedy


def test_among_the_pages_of_a_site_it_costs_only_itself(tmp_path, wanted):
    (tmp_path / "POST-api-Appointments.html").write_text(HTML, encoding="utf-8")
    form = "<html><h1>Sign in</h1><table><tr><td>Name<td><input><tr><td>Word<td><input type=password></table></html>"
    (tmp_path / "ResourceModel-Thing.html").write_text(form, encoding="utf-8")
    contract = read(tmp_path)
    assert said(contract) == wanted
    (note,) = contract.notes
    assert note.page == "ResourceModel-Thing.html"
    assert note.what.startswith("the page was left out: this is a sign-in page ('Sign in')")


CASED = """<html><body><h1>POST api/Wheels</h1><p>Adds or updates a wheel.</p><h2>Request Information</h2>
<h3>URI Parameters</h3><p>None.</p><h3>Body Parameters</h3>Wheel<table><tr>{head}</tr>
<tr><td>Id</td><td></td><td>integer</td><td>None.</td></tr>
<tr><td>SKUCode</td><td></td><td>string</td><td>None.</td></tr>
<tr><td>SizeInMm</td><td></td><td>integer</td><td>None.</td></tr></table>
<h3>Request Formats</h3><h4>application/json</h4><pre>{json}</pre>
<h2>Response Information</h2><h3>Resource Description</h3><p>None.</p></body></html>"""


@pytest.mark.parametrize(
    ("casing", "names"),
    [
        ("camelCase", ["id", "skuCode", "sizeInMm"]),
        ("snake_case", ["id", "sku_code", "size_in_mm"]),
        ("kebab-case", ["id", "sku-code", "size-in-mm"]),
        ("PascalCase", ["Id", "SKUCode", "SizeInMm"]),
    ],
)
def test_json_in_another_casing_belongs_to_its_rows(casing, names):
    json = '{{"{}": 1, "{}": "sample string 2", "{}": 3}}'.format(*names)
    spare = f"<html><body><h1>Spoke</h1><table><tr>{HEAD}</tr><tr><td>PartNo</td><td></td><td>string</td><td>None."
    contract = read(CASED.format(head=HEAD, json=json), spare + "</td></tr></table></body></html>")
    assert contract.notes == ()
    assert contract.casing.value == casing
    assert [prop.json.value for prop in contract.models["Wheel"].properties] == names
    unseen = {"camelCase": "partNo", "snake_case": "part_no", "kebab-case": "part-no", "PascalCase": "PartNo"}
    assert contract.models["Spoke"]["PartNo"].json.value == unseen[casing]


INDEX = """<html><body><h1>Our API</h1><h2>Wheels</h2><table><tr><th>Verb</th><th>Path</th><th>What</th></tr>
<tr><td>GET</td><td><a href="/Help/Api/GET-api-Wheels">api/Wheels</a></td><td>Lists them.</td></tr>
<tr><td>POST</td><td>api/Wheels</td><td><p>No documentation available.</p></td></tr></table></body></html>"""


def test_an_index_in_a_sites_own_columns_is_one():
    contract = read(INDEX, HTML)
    assert [(entry.title, entry.group, entry.description) for entry in contract.listed] == [
        ("GET api/Wheels", "Wheels", "Lists them."),
        ("POST api/Wheels", "Wheels", ""),
    ]
    assert [note.what[:20] for note in contract.notes] == ["2 of 2 listed operat"]


def test_a_table_that_names_an_operation_among_other_things_is_no_index():
    row = "<tr><td>Stop</td><td>Ends it</td></tr>"
    page = (
        f"<html><h1>How to</h1><table><tr><th>To do</th><th>How</th></tr><tr><td>GET api/x</td><td>y</td></tr>{row * 3}"
    )
    with pytest.raises(PageError, match="this is not a help page"):
        read(page + "</table></html>")
