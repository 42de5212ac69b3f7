"""Whatever is handed in: a contract or a clear error, never a traceback; a cut page is never read as a whole one."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.errors import PageError, PortalError
from contracts.helppage import read, shipped, write
from contracts.model import Contract

DATA = Path(__file__).parent.parent / "data" / "sites"
SEED = (resources.files("schemas") / "pages" / "POST-api-Appointments.txt").read_text(encoding="utf-8")
SEED_HTML = write(shipped(), "html")
LINES = {"text": SEED.split("\n"), "html": SEED_HTML.split("\n")}
WORDS = [
    "POST api/Things",
    "Request Information",
    "None.",
    "| Name |",
    "|",
    "||",
    "{",
    "}",
    '"a": 1',
    "<a>",
    "</a>",
    "\n",
]


def outcome(*pages):
    try:
        contract = read(*pages)
    except PortalError as error:
        assert str(error)
        return None
    assert isinstance(contract, Contract)
    return contract


def facts(contract):
    """What a contract says, without where it was read."""
    operation = contract.operations[0]
    types = [[fact.value for fact in body.media_types] for body in (operation.request, operation.response)]
    rows = [
        (p.name, p.description.value, p.type.value, p.json.value, p.xml.value, p.nullable.value)
        for model in contract.models.values()
        for p in model.properties
    ]
    return types, rows, operation.response.type.value, [len(b.samples) for b in (operation.request, operation.response)]


@settings(max_examples=150)
@given(st.binary(max_size=300))
def test_any_bytes_give_a_contract_or_a_portal_error(data):
    outcome(data)


@settings(max_examples=150)
@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=20)), max_size=30).map("\n".join))
def test_any_text_gives_a_contract_or_a_portal_error(text):
    outcome(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=300)
@given(st.sampled_from(["text", "html"]), st.sampled_from(["delete", "twice", "swap", "blank"]), st.data())
def test_a_page_with_a_damaged_line_gives_a_contract_or_a_portal_error(layout, kind, data):
    lines = list(LINES[layout])
    at = data.draw(st.integers(0, len(lines) - 2))
    if kind == "delete":
        del lines[at]
    elif kind == "twice":
        lines.insert(at, lines[at])
    elif kind == "blank":
        lines[at] = ""
    else:
        lines[at], lines[at + 1] = lines[at + 1], lines[at]
    outcome("\n".join(lines).encode())


@settings(max_examples=120)
@given(st.sampled_from(["txt", "html"]), st.sampled_from(["Coatings", "OrderSheets"]), st.data())
def test_damaged_pages_of_a_site_give_a_contract_or_a_portal_error(layout, resource, data):
    pages = [page.read_text(encoding="utf-8").split("\n") for page in sorted((DATA / resource).glob(f"*[!a].{layout}"))]
    for _ in range(data.draw(st.integers(1, 3))):
        lines = data.draw(st.sampled_from(pages))
        at = data.draw(st.integers(0, max(len(lines) - 1, 0)))
        lines[at : at + data.draw(st.integers(0, 2))] = data.draw(
            st.sampled_from([[], [""], ["|"], lines[:3], lines[-9:]])
        )
    outcome(*("\n".join(lines).encode() for lines in pages))


def test_an_enumeration_table_without_a_title_is_no_page():
    with pytest.raises(PageError, match="does not name it"):
        read("| Name | Value | Description |\n|---|---|---|\n| Red |\n1 |\n|")


@pytest.mark.parametrize("layout", ["text", "html"])
def test_a_page_cut_after_any_line_is_refused(layout):
    lines = LINES[layout]
    for end in range(len(lines)):
        if "\n".join(lines[:end]).strip() != "\n".join(lines).strip():
            with pytest.raises(PageError):
                read("\n".join(lines[:end]).encode())


def test_a_page_cut_inside_its_last_sample_is_refused():
    for end in range(len(SEED) - 400, len(SEED) - 1, 7):
        with pytest.raises(PageError, match="save it again"):
            read(SEED[:end])


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text + "\n\n\n",
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.replace("\n", "  \n"),
        lambda text: text.replace("application/json, text/json\n", "application/json, text/json\nSample:\n"),
        lambda text: text.replace("x-www-form-urlencoded\n", "x-www-form-urlencoded\nSample not available.\n"),
    ],
    ids=[
        "byte order mark",
        "blank lines",
        "Windows line ends",
        "old line ends",
        "trailing blanks",
        "Sample lines",
        "Sample not available",
    ],
)
def test_what_is_not_the_pages_own_does_not_matter(change):
    assert facts(read(change(SEED).encode("utf-8"))) == facts(read(SEED))


def test_utf_16_is_read_by_its_mark():
    assert facts(read(SEED.encode("utf-16"))) == facts(read(SEED))
