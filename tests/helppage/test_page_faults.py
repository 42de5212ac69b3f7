"""What is wrong with a page is one clear error: every fault of every page, each with its line and a remedy."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from contracts.errors import PageError, UsageError
from contracts.helppage import read, shipped, write, write_pages

SEED = (resources.files("schemas") / "pages" / "POST-api-Appointments.txt").read_text(encoding="utf-8")
LINES = SEED.split("\n")


def faults_of(*pages):
    """What is wrong with the pages: the notes of the contract or, where none can be made, the faults of the error."""
    try:
        faults = read(*pages).notes
    except PageError as error:
        faults = error.faults
    assert all(fault.remedy for fault in faults)
    return faults


def changed(**lines):
    """The shipped page with some lines replaced: l12="text" replaces line 12."""
    text = list(LINES)
    for key, line in lines.items():
        text[int(key[1:]) - 1] = line
    return "\n".join(text)


# name, the page, line of the first fault, words that its message must contain
CASES = [
    ("prose", "Dear reader,\nthis is a letter.", 1, "not a help page"),
    ("other HTML", "<html><body><p>Hello</p></body></html>", 1, "not a help page"),
    ("HTML heading", "<html><body><h1>Hello</h1><p>you</p></body></html>", 1, "not a help page"),
    ("empty", b"", 0, "empty"),
    ("blanks", b" \n \n", 0, "empty"),
    ("binary", b"\x00\x01\x02\n", 1, "binary"),
    ("Latin-1", "POST api/Caf\u00e9s\nx\n".encode("latin-1"), 1, "not UTF-8"),
    (
        "layout A cut",
        "POST api/X\n\nDoes.\n\nRequest Information\n\nURI Parameters\n\nNone.\n",
        7,
        'has no sections "Body Parameters", "Response Information"',
    ),
    ("type phrase", changed(l12="whole number? |"), 12, "unknown type phrase of LocationExternalId"),
    ("missing model", changed(l12="Wheel |", l78="Wheel |"), 12, "no given page describes a model of that name"),
    ("table cut", "\n".join(LINES[:30]), 30, "the row of 'AppointmentTypeExternalId' is cut off"),
    ("no section", "\n".join(LINES[:71]), 54, 'no sections "Response Information", "Resource'),
    ("JSON cut", "\n".join([*LINES[:60], *LINES[68:]]), 60, "cannot be read: the JSON ends where"),
    ("XML cut", SEED[:-20], 136, "cannot be read: the XML breaks off"),
    ("member without row", changed(l57='"colour": "sample string 1",'), 56, "lacks the member LocationExternalId"),
    ("member without a row", changed(l57='"colour": "x",\n' + LINES[56]), 57, "'colour', which the table lacks"),
    ("value of another type", changed(l64='"start": 8,'), 64, "8 is no date"),
    ("number for text", changed(l57='"locationExternalId": 1,'), 57, "1 is no string"),
    ("JSON against XML", changed(l57='"locationExternalId": "sample string 3",'), 57, "JSON shows 'sample string 3'"),
    ("guid against XML", changed(l66='"id": "' + "0" * 8 + LINES[65][15:]), 66, "JSON shows '00000000-b04c"),
    ("JSON twice", changed(l58=LINES[56]), 58, "twice"),
    ("response lacks a media type", "\n".join(LINES[:134]), 121, "the response of the same type has none"),
    ("tables differ", changed(l78="date |"), 74, "differs from the one in line 8"),
    ("row twice", changed(l14=LINES[9], l80=LINES[75]), 14, "two rows called 'LocationExternalId'"),
    ("samples of nothing", "\n".join([*LINES[:6], "None.", *LINES[53:]]), 7, 'although the page says "None."'),
    ("no media type", changed(l55="text"), 54, "no media type stands"),
]


@pytest.mark.parametrize(("page", "line", "words"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_fault_names_its_line_and_what_is_wrong(page, line, words):
    found = [fault for fault in faults_of(page) if words in fault.what]
    assert found, faults_of(page)
    assert found[0].line == line


def test_all_faults_of_all_pages_come_together(tmp_path):
    one, two = tmp_path / "one.txt", tmp_path / "two.txt"
    one.write_text(changed(l12="flavour! |", l64='"start": 8,'), encoding="utf-8")
    two.write_text("No page\nat all", encoding="utf-8")
    found = faults_of(one, two)
    assert {(fault.page, fault.line) for fault in found} >= {("one.txt", 12), ("one.txt", 64), ("two.txt", 1)}


def test_the_message_is_for_people():
    with pytest.raises(PageError) as caught:
        read("\n".join(LINES[:30]))
    text = str(caught.value)
    assert text.startswith("2 faults in the help page\n")
    assert "page 1, line 30: the row of 'AppointmentTypeExternalId' is cut off: it has 1 of 4 cells" in text
    assert "what to do: save the page again, whole" in text


# What is wrong with a page, and what is understood all the same.
def test_an_unknown_type_costs_only_its_own_member():
    contract = read(changed(l12="flavour! |", l78="flavour! |"))
    model = contract.models["AppointmentModel"]
    assert {note.line for note in contract.notes} == {12, 78}
    assert model["LocationExternalId"].type.standing == "unknown"
    assert "flavour!" in model["LocationExternalId"].type.settle
    assert model["Start"].nullable.standing == "inferred"


def test_a_sample_that_contradicts_the_table_proves_nothing_and_the_other_sample_does():
    contract = read(changed(l57='"colour": "sample string 1",'))
    assert {note.line for note in contract.notes} == {56, 57}
    model = contract.models["AppointmentModel"]
    assert model["Start"].nullable.evidence[0].lines == (129, 130, 133)
    assert model.xml_root.evidence[0].lines == (136,)


def test_a_cut_page_is_left_out_and_the_others_are_read():
    other = write_pages(shipped(), "html")["ResourceModel-AppointmentModel.html"]
    contract = read("\n".join(LINES[:30]), other)
    assert not contract.operations and list(contract.models) == ["AppointmentModel"]
    assert {note.page for note in contract.notes} == {"page 1"}
    assert all(note.what.startswith("the page was left out: ") for note in contract.notes)


def test_a_page_that_cannot_be_opened_is_the_users_fault(tmp_path: Path):
    for path in (tmp_path / "none.txt", tmp_path, "none.txt"):  # tmp_path is a folder without a page
        with pytest.raises(UsageError, match="cannot read the help page"):
            read(path)
    with pytest.raises(UsageError, match="no help page was given"):
        read()


def test_one_operation_twice_is_read_once_but_not_with_other_content():
    assert len(read(SEED, SEED).operations) == 1
    found = faults_of(SEED, changed(l2="Creates a visit or updates one."))
    assert found[0].page == "page 2" and "stands on page 1 too" in found[0].what


def test_of_two_models_of_one_name_the_first_is_taken_and_both_places_are_named():
    html = write_pages(shipped(), "html")["ResourceModel-AppointmentModel.html"]
    assert read(SEED, html).models["AppointmentModel"].description.standing == "stated"
    found = faults_of(SEED, html.replace("CancelReason", "Colour"))
    assert "differs from the one in page 1, line 8: it lacks CancelReason; that one is taken" in found[0].what


def test_a_cut_html_page_says_where_it_ends():
    page = write(shipped(), "html")
    found = faults_of(page[: page.index("Response Information")])
    assert any("the page ends inside <" in fault.what for fault in found)


def test_a_document_type_in_a_sample_is_refused():
    bomb = '<!DOCTYPE a [<!ENTITY b "b">]><AppointmentModel>&b;</AppointmentModel>'
    assert any("document type" in fault.what for fault in faults_of(changed(l70=bomb)))


def test_a_sample_that_nests_without_end_is_refused():
    deep = changed(l57='"locationExternalId": ' + "[" * 5000)
    assert any("deeper than" in fault.what for fault in faults_of(deep))
