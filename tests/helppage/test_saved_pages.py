"""Pages as people have them: saved by a browser, copied, converted; and files that are something else."""

from __future__ import annotations

import gzip
import re
from importlib import resources
from pathlib import Path

import pytest

from contracts.errors import PageError, UsageError
from contracts.helppage import read, shipped, write

DATA = Path(__file__).parent.parent / "data" / "sites"
SEED = (resources.files("schemas") / "pages" / "POST-api-Appointments.txt").read_text(encoding="utf-8")
HTML = write(shipped(), "html")
HEADINGS = r"(?m)^((?:application|text)/.*)$"


def said(contract):
    """What a contract says, without where it was read."""
    (operation,), (model,) = contract.operations, contract.models.values()
    rows = [
        (p.name, p.type.value, p.json.value, p.xml.value, p.nullable.value, p.required.value, p.read_only.value)
        for p in model.properties
    ]
    rows += [" ".join(p.description.value.split()) for p in model.properties]
    bodies = [
        (body.type.value, [fact.value for fact in body.media_types], len(body.samples), body.description.value)
        for body in (operation.request, operation.response)
    ]
    return operation.id, operation.upsert.value, model.key.value, model.portal_id.value, rows, bodies


@pytest.fixture(scope="module")
def wanted():
    return said(read(SEED))


def upper(page):
    """Tags in capitals, as older browsers save them."""
    return re.sub(r"<(/?)([a-z0-9]+)", lambda match: f"<{match[1]}{match[2].upper()}", page)


TEXTS = {
    "menu above": "Skip to content\nHome API\nHelp Page Home\n\n" + SEED,
    "path with a slash": SEED.replace("POST api", "POST /api", 1),
    "tabs beside pipes": SEED.replace(" |\n", "\t|\n").replace("| L", "|\tL"),
    "no-break spaces beside pipes": SEED.replace(" |\n", "\u00a0|\n").replace("| ", "|\u00a0"),
    "no-break spaces in words": SEED.replace("(Read only)", "(Read\u00a0only)"),
    "indented": re.sub(r"(?m)^", "    ", SEED),
    "entities": SEED.replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;"),
    "Sample: between blank lines": re.sub(HEADINGS, r"\1\n\nSample:\n", SEED),
    "XML over several lines": re.sub(r"> <(?=\w|/App)", ">\n  <", SEED),
    "headings with hashes": re.sub(r"(?m)^(POST|\w+ [IPFD]\w+$)", r"# \1", SEED),
    "JSON indented": re.sub(r'(?m)^("\w+":)', r"    \1", SEED),
}
PAGES = {
    "comment first": "<!-- saved from url=(0046)https://portal.example/Help/Api/POST -->\n" + HTML,
    "capitals": upper(HTML),
    "bare attributes": re.sub(r'class="([\w-]+)"', r"class=\1", HTML),
    "single quotes": re.sub(r'="([^"]*)"', r"='\1'", HTML),
    "script and style": HTML.replace("<h1>", '<script>var a = "<h1>x</h1>";</script><style>h1 {}</style><h1>'),
    "site's heading": HTML.replace('<div id="body"', '<header><h1>A portal</h1></header><div id="body"'),
    "site's foot": HTML.replace("</body>", "<hr><footer><h3>Contact</h3><p>&copy; a portal</p></footer></body>"),
    "absolute links": HTML.replace('href="/', 'href="https://portal.example/'),
    "one line": re.sub(r">\s*\n\s*<", "><", HTML),
    "Windows line ends": HTML.replace("\n", "\r\n"),
    "byte order mark": "\ufeff" + HTML,
    "no-break spaces": HTML.replace("<p>None.</p>", "<p>None.&nbsp;</p>"),
    "another section's box": HTML.replace("</body>", "<div><h3>Request</h3><button>Try it</button></div></body>"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_says_the_same_however_it_was_copied(name, wanted):
    assert TEXTS[name] != SEED
    assert said(read(TEXTS[name])) == wanted


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_the_same_however_it_was_saved(name, wanted):
    assert PAGES[name] != HTML
    assert said(read(PAGES[name])) == wanted


def test_utf_16_as_a_windows_program_saves_it_is_read(wanted):
    assert said(read(HTML.encode("utf-16"))) == wanted
    assert said(read(SEED.encode("utf-16"))) == wanted


def test_a_page_in_the_encoding_that_it_declares_is_read():
    page = HTML.replace('charset="utf-8"', 'charset="windows-1252"').replace("Doctor&#x27;s", "Médecin’s")
    description = read(page.encode("cp1252")).models["AppointmentModel"]["DoctorExternalId"].description
    assert description.value == "Médecin’s unique ID on integrating system (Required)."


@pytest.mark.parametrize("charset", ["utf-8", "hex", "no-such-charset"])
def test_a_page_that_is_not_in_the_encoding_it_declares_is_refused(charset):
    page = HTML.replace('charset="utf-8"', f'charset="{charset}"').replace("Doctor&#x27;s", "Médecin's")
    with pytest.raises(PageError, match="is not UTF-8"):
        read(page.encode("latin-1"))


def test_a_text_of_an_older_editor_is_read_and_what_was_assumed_is_told(wanted):
    page = SEED.replace("Doctor's", "Médecin’s")
    contract = read(page.encode("cp1252"))
    assert said(contract) == said(read(page))
    assert [note.what for note in contract.notes] == ["byte 428 is not UTF-8: the file was read as Windows-1252"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_read(encoding, wanted):
    assert said(read(SEED.encode(encoding))) == wanted


def test_a_release_build_shows_no_xml_and_leaves_xml_open():
    contract = read("\n".join("Sample not available." if x.startswith("<App") else x for x in SEED.split("\n")))
    (operation,), (model,) = contract.operations, contract.models.values()
    assert [fact.value.format for fact in operation.request.media_types] == ["json", "json", "xml", "xml", "form"]
    assert (model.key.value, model.portal_id.value) == ("ExternalId", "Id")
    assert model.xml_root.standing == model["Start"].xml.standing == "unknown"
    assert model["Start"].nullable.value is False


@pytest.mark.parametrize("left", ["json", "xml"])
def test_one_format_alone_will_do(left):
    json = r"(?s)application/json, text/json\n\{.*?\n\}\n"
    xml = r"application/xml, text/xml\n<.*(?:\n|\Z)"
    (operation,) = read(re.sub(xml if left == "json" else json, "", SEED)).operations
    assert [fact.value.format for fact in operation.request.media_types] == [left, left, "form"]
    assert [fact.value.format for fact in operation.response.media_types] == [left, left]


# what it is, bytes, words of the message, words of the remedy
OTHERS = [
    ("gzip", gzip.compress(HTML.encode()), "a gzip archive", "unpack it"),
    ("PDF", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "a PDF document", "HTML only"),
    ("MHTML", b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n\r\nDear reader", "web archive", "HTML only"),
    (
        "index in HTML",
        b"<h1>API</h1><table><tr><th>API</th><th>Description</th></tr></table>",
        "list of",
        "those pages",
    ),
    (
        "index in text",
        b"API\nThings\n| API | Description |\n|---|---|\n| GET api/Things |\nGets. |",
        "list of",
        "those pages",
    ),
    ("RTF", rb"{\rtf1\ansi POST api/Things}", "an RTF document", "HTML only"),
    ("picture", b"\x89PNG\r\n\x1a\n\x00", "a picture", "HTML only"),
    ("source view", b'<table><tr><td class="line-content">POST</table>', "view of a page's source", "page itself"),
    ("redirect", b'<meta http-equiv="refresh" content="0;url=/login">', "only leads to another", "save it again"),
    (
        "script",
        b"<title>App</title><body><div id=root></div><script>run()</script></body>",
        "nothing but scripts",
        "open it",
    ),
    ("no verb in text", SEED.replace("POST ", "", 1).encode(), "no verb and path", "save the page again"),
    ("no verb in HTML", HTML.replace("<h1>POST ", "<h1>").encode(), "no verb and path", "save the page again"),
]


@pytest.mark.parametrize(("data", "what", "remedy"), [case[1:] for case in OTHERS], ids=[case[0] for case in OTHERS])
def test_a_file_that_is_something_else_is_called_what_it_is(data, what, remedy):
    with pytest.raises(PageError) as caught:
        read(data)
    (fault,) = caught.value.faults
    assert what in fault.what
    assert remedy in fault.remedy


def test_a_folder_without_a_page_is_the_users_fault_and_the_message_says_what_to_give(tmp_path):
    (tmp_path / "logo.png").write_bytes(b"\x89PNG")
    with pytest.raises(UsageError, match=r"the folder holds no page\n    what to do: give a folder with pages"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("page", "line", "what"),
    [
        (SEED + "\n© 2031 A portal\n", 137, "'© 2031 A portal' follows the end of the XML"),
        (SEED.replace("\n}\n", "\n}\nA remark.\n", 1), 69, "'A remark.' follows the end of the JSON"),
        (SEED.replace("Response Information", "Remarks\nOne.\nResponse Information"), 72, "'Remarks One.' is no form"),
    ],
    ids=["behind XML", "behind JSON", "instead of a sample"],
)
def test_words_beside_a_sample_are_shown_with_their_line(page, line, what):
    (fault,) = read(page).notes
    assert (fault.line, "nothing else" in fault.remedy) == (line, True)
    assert what in fault.what


@pytest.mark.parametrize("layout", ["html", "txt"])
@pytest.mark.parametrize(
    ("resource", "models"),
    [("Frames", ["FrameMaterial"]), ("OrderSheets", ["AddressModel", "SheetItemModel", "Urgency", "EyeSide"])],
)
def test_only_the_forgotten_pages_are_asked_for(resource, models, layout):
    contract = read(DATA / resource / f"POST-api-{resource}.{layout}")
    remedies = [fault.remedy for fault in contract.notes]
    for missing in set(models) & set(contract.models):  # read from the samples instead
        assert all(prop.type.standing != "stated" for prop in contract.models[missing].properties)
    assert len(remedies) == len(models)
    for remedy, model in zip(remedies, models, strict=True):
        assert f"ResourceModel?modelName={model})" in remedy


def test_a_models_page_is_called_by_its_own_heading_not_the_sites():
    page = (DATA / "Frames" / "ResourceModel-FrameMaterial.html").read_text(encoding="utf-8")
    framed = page.replace("<h1>", "<header><h1>A portal</h1></header><h1>").replace("</body>", "<h1>Foot</h1></body>")
    assert framed.count("<h1>") == 3
    assert list(read(framed).models) == ["FrameMaterial"]


def test_a_models_name_in_a_files_name_has_no_endings(tmp_path):
    page = tmp_path / "ResourceModel@modelName=Kind.html.txt"
    page.write_text("Possible enumeration values:\n\nNameValueDescription\nRim\n\n0", encoding="utf-8")
    assert list(read(page).models) == ["Kind"]


def test_a_page_cut_inside_its_second_table_is_not_said_to_contradict_itself():
    with pytest.raises(PageError) as caught:
        read("\n".join(SEED.split("\n")[:90]))
    assert caught.value.faults
    assert not [fault for fault in caught.value.faults if "differs" in fault.what]


def test_operations_of_one_model_stand_side_by_side():
    page = "POST-api-Vouchers{}.html"
    tier = DATA / "Vouchers" / "ResourceModel-Tier.html"
    pages = [DATA / "Vouchers" / page.format(end) for end in ("", "-batch")]
    contract = read(*pages, tier)
    assert [operation.id for operation in contract.operations] == ["POST api/Vouchers", "POST api/Vouchers/batch"]
    assert set(contract.models) == {"VoucherModel", "Tier"}
    assert [operation.id for operation, _ in contract.upserts()] == ["POST api/Vouchers"]
