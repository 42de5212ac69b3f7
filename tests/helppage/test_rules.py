"""The rules of inference: the table against the facts, both ways, and each kind of inference on its own."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest
from test_customised import OLD, generic
from test_layout_traps import annotated
from test_text_habits import SHOWN

from contracts.describe.subjects import subjects
from contracts.helppage import prose, read, shipped
from contracts.helppage.agree import disagreement
from contracts.helppage.draft import Located
from contracts.helppage.numbering import Slot, solve
from contracts.helppage.phrases import annotation_of, phrase_of, split_annotations, type_of
from contracts.helppage.rules import RULES
from contracts.helppage.samples import Json, Number, Xml
from contracts.model import Annotation, TypeRef

DATA = Path(__file__).parent.parent / "data" / "sites"
SEED = (resources.files("schemas") / "pages" / "POST-api-Appointments.txt").read_text(encoding="utf-8")
NOT_OF_EVERY_MODEL = ("as string", "xml order", "json order", "key", "portal id")
SUMMARY = "Creates a new appointment or updates an existent appointment's information."
SAVES = SEED.replace(SUMMARY, "Saves a visit.")
UNNAMED = SEED.replace("Unique ID of the model on integrating system (Required).", "Number in your books.")


def cited(contract):
    return {evidence.rule for s in subjects(contract) for evidence in s.fact.evidence if evidence.rule}


def test_every_rule_is_cited_by_a_fact_and_every_cited_rule_is_in_the_table():
    found = cited(shipped()) | cited(read(UNNAMED)) | cited(read(SAVES))
    for folder in sorted(path for path in DATA.iterdir() if path.is_dir()):
        for layout in ("html", "txt"):
            found |= cited(read(*sorted(folder.glob(f"*[!a].{layout}"))))
    found |= cited(read(DATA.parent / "habits"))
    for others in ([OLD], generic(), [annotated()], [SHOWN]):
        found |= cited(read(*others))
    assert found == set(RULES)


def test_every_fact_bears_evidence_or_says_what_would_settle_it():
    for folder in sorted(path for path in DATA.iterdir() if path.is_dir()):
        for s in subjects(read(*sorted(folder.glob("*.html")))):
            assert s.fact.evidence or s.fact.settle or s.about in NOT_OF_EVERY_MODEL
            if s.fact.standing == "guessed":
                assert s.fact.settle


def test_every_stated_fact_stands_on_the_lines_it_names():
    for folder in sorted(path for path in DATA.iterdir() if path.is_dir()):
        pages = sorted(folder.glob("*[!a].txt"))
        lines = {page.name: page.read_text(encoding="utf-8").split("\n") for page in pages}
        for s in subjects(read(*pages)):
            for evidence in s.fact.evidence:
                said = " ".join(" ".join(lines[evidence.page][n - 1] for n in evidence.lines).split())
                if evidence.quote and not evidence.rule:
                    assert evidence.quote.rstrip("…") in said.replace(" :", ":"), (s, said)


def test_a_key_without_words_is_found_beside_the_portals_id():
    model = read(UNNAMED).models["AppointmentModel"]
    assert model.key.value == "ExternalId"
    assert model.key.evidence[0].rule == "key.beside-id"


def test_without_words_for_the_id_neither_is_known():
    text = UNNAMED.replace("Unique ID of the model in the portal (Read only).", "Another number.")
    model = read(text).models["AppointmentModel"]
    assert (model.key.standing, model.portal_id.standing) == ("unknown", "unknown")
    assert model.key.settle and model.portal_id.settle


# slots as name:kind:shown; who counts (y), who does not (n), who is open (?); hidden members
F, M, V, L, A = "fixed", "maybe", "free", "loose", "always"
NUMBERINGS = [
    ("three values before 5", [("a", F, 1), ("b", V, 0), ("c", V, 0), ("d", V, 0), ("e", F, 5)], "yyyyy", 0),
    ("none counted", [("a", F, 1), ("b", V, 0), ("c", V, 0), ("d", F, 2)], "ynny", 0),
    ("one of two", [("a", F, 1), ("b", V, 0), ("c", V, 0), ("d", F, 3)], "y??y", 0),
    ("after the last index", [("a", F, 1), ("b", V, 0)], "y?", 0),
    ("a number that shows 1 behind another", [("a", F, 1), ("b", M, 1), ("c", F, 2)], "yny", 0),
    ("a first number that shows 1", [("a", M, 1), ("b", F, 2)], "yy", 0),
    ("a first number that did not count", [("a", M, 1), ("b", F, 1)], "ny", 0),
    ("a hidden member", [("a", F, 1), ("b", F, 3)], "yy", 1),
    ("a hidden member beside a value", [("a", F, 1), ("b", V, 0), ("c", F, 4)], "y?y", 1),
    ("an object counts unseen", [("a", F, 1), ("b", A, 0), ("c", V, 0), ("d", F, 4)], "yyyy", 0),
    ("a member without setter", [("a", F, 1), ("b", L, 7), ("c", F, 2)], "yny", 0),
]  # fmt: skip


@pytest.mark.parametrize(("slots", "answers", "hidden"), [n[1:] for n in NUMBERINGS], ids=[n[0] for n in NUMBERINGS])
def test_the_numbers_tell_who_was_counted(slots, answers, hidden):
    got = solve([Slot(*slot) for slot in slots])
    assert "".join({True: "y", False: "n", None: "?"}[got.counted[slot[0]]] for slot in slots) == answers
    assert got.hidden == hidden


def test_a_known_null_settles_the_others():
    slots = [Slot("a", F, 1), Slot("b", V), Slot("c", V), Slot("d", F, 3)]
    assert solve(slots).open_groups == ((("b", "c"), 1),)
    assert solve(slots, uncounted={"b"}).counted == {"a": True, "b": False, "c": True, "d": True}


def test_numbers_that_no_reading_explains_say_nothing():
    assert solve([Slot("a", F, 5), Slot("b", F, 2)]) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Name (Required).", (True, "(Required)")),
        ("Name (Required, it can be zero).", (True, "(Required, it can be zero)")),
        ("Name (Required, if no other data is present).", (False, "(Required, if no other data is present)")),
        ("Name (required when sold)", (False, "(required when sold)")),
        ("Name (Optional).", (False, "(Optional)")),
        ("Name. Required.", (True, "Required.")),
        ("Name, mandatory", (True, "mandatory")),
        ("Name [REQUIRED]", (True, "[REQUIRED]")),
        ("Required. The name.", (True, "Required.")),
        ("Name. This field is required.", (True, "This field is required")),
        ("Name (not required).", (False, "(not required)")),
        ("Name. Optional.", (False, "Optional.")),
        ("Required if it is sold.", None),
        ("The day when approval is required.", None),
        ("The required amount.", None),
        ("Name.", None),
    ],
)
def test_prose_says_what_is_required(text, said):
    assert prose.required(text) == said


@pytest.mark.parametrize(
    ("summary", "upsert"),
    [
        ("Creates a new wheel or updates an existent wheel's information.", True),
        ("Create or update a wheel", True),
        ("Inserts the wheel, or replaces it if it exists.", True),
        ("Updates a wheel or creates it.", True),
        ("Upserts a wheel.", True),
        ("Adds or modifies a wheel.", True),
        ("Adds or updates a wheel.", True),
        ("Inserts or updates a wheel", True),
        ("Create/Update a wheel", True),
        ("Creates and updates wheels.", True),
        ("Creates new wheels and updates existing ones.", True),
        ("Creates a wheel. If it already exists, updates it.", True),
        ("Updates the wheel, creating it if needed.", True),
        ("Creates an order and updates the stock.", False),
        ("Validates an address or replaces it.", False),
        ("Updates a wheel if one was created before.", False),
        ("Creates a wheel.", False),
        ("Stores several wheels.", False),
        ("Updates a wheel.", False),
    ],
)
def test_a_summary_says_whether_it_is_an_upsert(summary, upsert):
    assert prose.upsert(summary) is upsert


@pytest.mark.parametrize(
    ("text", "model", "own"),
    [
        ("Unique ID of the model on integrating system (Required).", "WheelModel", True),
        ("Unique ID of the model in the integrating system.", "WheelModel", True),
        ("Unique ID of the wheel on integrating system.", "WheelModel", True),
        ("Unique ID of the wheel type on integrating system.", "WheelModel", False),
        ("Wheel's unique ID on integrating system.", "SpokeModel", False),
        ("Unique ID of the model in the portal (Read only).", "WheelModel", False),
        ("Wheel's unique ID on integrating system.", "WheelModel", True),
        ("The Wheel rim's ID in your own system", "WheelRimDto", True),
        ("Identifier of a wheel in the client's system.", "WheelModel", True),
        ("Unique identifier of wheel in the caller's database", "WheelModel", True),
        ("The wheel's weight. ID of the spoke on integrating system.", "WheelModel", False),
    ],
)
def test_only_the_models_own_id_is_its_key(text, model, own):
    assert prose.names_own_key(text, model) is own


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Unique ID of the model in the portal (Read only).", True),
        ("Wheel's ID in our system", True),
        ("Unique ID of the spoke in the portal.", False),
        ("Unique ID of the model on integrating system.", False),
    ],
)
def test_only_the_models_own_id_is_the_portals(text, own):
    assert prose.names_own_id(text, "WheelModel") is own


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Id (Read only).", "(Read only)"),
        ("Id (Read-only, set by the portal)", "(Read-only, set by the portal)"),
        ("Id. ReadOnly.", "ReadOnly."),
        ("Id [read only]", "[read only]"),
        ("Id. This field is read-only.", "This field is read-only"),
        ("Whether the user may read only.", ""),
        ("Id.", ""),
    ],
)
def test_prose_says_what_is_read_only(text, said):
    assert prose.read_only(text) == said


@pytest.mark.parametrize(
    ("clr", "json", "xml", "differ"),
    [
        ("Int32", Number("7"), "7", False),
        ("Int32", Number("7"), "8", True),
        ("Decimal", Number("7.0"), "7", False),
        ("Double", Number("7.1"), "7.2", True),
        ("Boolean", True, "true", False),
        ("Boolean", True, "false", True),
        ("String", "a  b", "a b", False),
        ("String", "a", "b", True),
        ("Guid", "0F0E0D0C-0B0A-0908-0706-050403020100", "0f0e0d0c-0b0a-0908-0706-050403020100", False),
        ("DateTime", "2031-03-05T07:09:11Z", "2031-03-05T03:09:11-04:00", False),
    ],
)
def test_json_and_xml_of_a_sample_show_one_value(clr, json, xml, differ):
    found = disagreement(TypeRef("scalar", clr), Json(json, 1), Xml("Thing", "", 1, {}, text=xml))
    assert bool(found) is differ


ONE_CLASS = """POST api/Things
Creates or updates a thing.
Request Information
URI Parameters
None.
Body Parameters
ThingModel| Name | Description | Type | Additional information |
|---|---|---|---|
| Id |
Unique ID of the model in the portal (Read only). |
globally unique identifier |
None. |
| Colour | string |
None. |
|
Request Formats
application/json
{"id": "0f0e0d0c-0b0a-0908-0706-050403020100", "colour": "sample string 2"}
application/xml
<ThingModel xmlns="urn:x"><Colour>sample string 2</Colour><Id>0f0e0d0c-0b0a-0908-0706-050403020100</Id></ThingModel>
Response Information
Resource Description
None."""


def test_a_text_beside_the_id_is_its_key_only_in_a_base_class():
    model = read(ONE_CLASS).models["ThingModel"]
    assert (model.portal_id.value, model.key.value) == ("Id", None)
    assert model.key.standing == "unknown"
    assert read(UNNAMED).models["AppointmentModel"].key.value == "ExternalId"


def test_a_post_that_saves_is_an_upsert_by_guess():
    upsert = read(SAVES).operations[0].upsert
    assert (upsert.value, upsert.standing) == (True, "guessed")
    assert upsert.settle == "post one key twice and compare the ids"


@pytest.mark.parametrize(
    ("text", "null"),
    [
        ("Day, it may be null.", True),
        ("It can be null", True),
        ("It cannot be null.", False),
        ("It must not be null", False),
        ("Day.", None),
    ],
)
def test_prose_says_what_may_be_null(text, null):
    assert prose.may_be_null(text) is null


STRING, INTEGER = TypeRef("scalar", "String"), TypeRef("scalar", "Int32")
PHRASES = [
    ("string", STRING),
    ("Object", TypeRef("any")),
    ("WheelModel", TypeRef("model", "WheelModel")),
    ("Collection of integer", TypeRef("collection", item=INTEGER)),
    ("Collection of Collection of integer", TypeRef("collection", item=TypeRef("collection", item=INTEGER))),
    ("Dictionary of string [key] and Collection of integer [value]",
     TypeRef("dictionary", item=TypeRef("collection", item=INTEGER), key=STRING)),
    ("Pair of string [key] and integer [value]", TypeRef("pair", item=INTEGER, key=STRING)),
]  # fmt: skip


@pytest.mark.parametrize(("phrase", "ref"), PHRASES)
def test_a_phrase_and_its_type_are_each_others_opposite(phrase, ref):
    assert type_of(phrase) == ref
    assert phrase_of(ref) == phrase


@pytest.mark.parametrize(
    "phrase", ["whole number", "", "Collection of", "integer (128 bits)", "Dictionary of string", "a-b"]
)
def test_what_is_no_phrase_has_no_type(phrase):
    assert type_of(phrase) is None


def test_a_dictionary_may_break_its_line():
    assert type_of("Dictionary of string [key]\nand integer [value]") == TypeRef("dictionary", item=INTEGER, key=STRING)


@pytest.mark.parametrize(
    ("text", "annotation"),
    [
        ("Required", ("required", ())),
        ("Range: inclusive between 0.5 and 99.5", ("range", ("0.5", "99.5"))),
        ("Max length: 8", ("max_length", ("8",))),
        ("Min length: 3", ("min_length", ("3",))),
        ("String length: inclusive between 2 and 40", ("string_length", ("2", "40"))),
        ("Data type: PhoneNumber", ("data_type", ("PhoneNumber",))),
        ("Matching regular expression pattern: (a|b) c", ("pattern", ("(a|b) c",))),
        ("Default value is True", ("default", ("True",))),
        ("Default value is", ("default", ("",))),
        ('Default value is empty string ("")', ("default", ("",))),
        ("None.", ("none", ())),
        ("Example value: 7", ("other", ())),
    ],
)
def test_every_wording_is_known(text, annotation):
    assert annotation_of(text) == Annotation(*annotation, text)


def test_annotations_joined_by_a_blank_are_told_apart():
    cell = "Required Data type: Text Matching regular expression pattern: a b String length: inclusive between 1 and 2"
    assert [part.text for part in split_annotations(Located(cell, 1))] == [
        "Required",
        "Data type: Text",
        "Matching regular expression pattern: a b",
        "String length: inclusive between 1 and 2",
    ]


def test_a_rule_is_one_sentence_with_a_source():
    for name, rule in RULES.items():
        assert re.fullmatch(r"[a-z]+\.[a-z-]+", name)
        assert rule.sentence.endswith(".") and rule.source
