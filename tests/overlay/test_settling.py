"""An overlay settles what pages leave open; whatever it cannot mean is an error that says what would be right."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from contracts.describe.subjects import subjects
from contracts.errors import UsageError
from contracts.helppage import read
from contracts.model import TypeRef
from contracts.overlay import settle, template

SITES = Path(__file__).parent.parent / "data" / "sites"
AUTHOR = 'author = "Jo Green, integrator"\n'


@pytest.fixture(scope="module")
def counts():
    return read(*sorted((SITES / "StockCounts").glob("*.html")))


@pytest.fixture(scope="module")
def frames():
    return read(*sorted((SITES / "Frames").glob("*.html")))


def test_a_settled_fact_is_stated_by_its_author_on_its_line(counts):
    text = AUTHOR + "[models.CountEchoModel.members.Tri]\n# a remark\nnullable = true\n"
    fact = settle(counts, text).models["CountEchoModel"]["Tri"].nullable
    assert (fact.value, fact.standing, fact.settle) == (True, "stated", "")
    (evidence,) = fact.evidence
    assert (evidence.page, evidence.lines, evidence.author) == ("contract.toml", (4,), "Jo Green, integrator")
    assert evidence.quote == "nullable = True"


def test_all_else_stays_as_the_pages_say(counts):
    text = AUTHOR + "[models.CountEchoModel.members.Tri]\nnullable = true\n"
    before = {(s.owner, s.item, s.about): s.fact for s in subjects(counts)}
    after = {(s.owner, s.item, s.about): s.fact for s in subjects(settle(counts, text))}
    assert {key for key in before if before[key] != after[key]} == {("CountEchoModel", "Tri", "nullable")}


def test_types_are_named_by_their_clr_names(counts):
    text = AUTHOR + (
        '[models.CountEchoModel.members]\nBig.type = "Int64"\nAmount.type = "Dictionary of String to Int64"\n'
        'Text.type = "Collection of StockCountModel"\n[operations."PUT api/StockCounts/{id}"]\nresponse = "Guid"\n'
    )
    settled = settle(counts, text)
    types = {name: settled.models["CountEchoModel"][name].type.value for name in ("Big", "Amount", "Text")}
    assert types == {
        "Big": TypeRef("scalar", "Int64"),
        "Amount": TypeRef("dictionary", key=TypeRef("scalar", "String"), item=TypeRef("scalar", "Int64")),
        "Text": TypeRef("collection", item=TypeRef("model", "StockCountModel")),
    }
    (put,) = [operation for operation in settled.operations if operation.method.value == "PUT"]
    assert put.response.type.value == TypeRef("scalar", "Guid") and not put.response.opaque


def test_models_operations_and_enumerations_are_settled(frames):
    text = AUTHOR + (
        'casing = "PascalCase"\n[models.FrameModel]\nkey = "Name"\nportal_id = false\ndescription = "A frame."\n'
        "[models.FrameMaterial]\nas_string = true\n[models.FrameMaterial.values]\nHorn = 9\nWood = 'wooden'\n"
        '[operations."POST api/Frames"]\nupsert = false\n'
        '[operations."GET api/Frames/search?name&material&active&page&itemsPerPage".parameters.page]\ndefault = "2"\n'
    )
    settled = settle(frames, text)
    model, material = settled.models["FrameModel"], settled.models["FrameMaterial"]
    assert (settled.casing.value, model.key.value, model.portal_id.value) == ("PascalCase", "Name", None)
    assert model.description.value == "A frame."
    assert (material.as_string.value, material.members[-1].name, material.members[-1].value) == (True, "Horn", 9)
    assert {member.name: member.xml for member in material.members if member.xml} == {"Wood": "wooden"}
    by_id = {operation.id: operation for operation in settled.operations}
    assert by_id["POST api/Frames"].upsert.value is False
    search = next(operation for id_, operation in by_id.items() if "search" in id_)
    assert [p.default.value for p in search.parameters if p.name == "page"] == ["2"]


WRONG = [
    ("", "names no author", "begin it with author"),
    ('author = " "', "names no author", "begin it with author"),
    ("author = ", "is no TOML", "mend the line"),
    (
        AUTHOR + "[models.FrameModle]\n",
        "nothing is called 'FrameModle'",
        "did you mean 'FrameModel'?",
    ),
    (AUTHOR + "[models.FrameModel]\nkye = 'x'", "line 3, models.FrameModel.kye", "did you mean 'key'?"),
    (AUTHOR + "[models.FrameModel]\nkey = 'Nmae'", "line 3", "did you mean 'Name'?"),
    (AUTHOR + "[models.FrameModel.members.Nmae]\n", "line 2", "did you mean 'Name'?"),
    (AUTHOR + "[models.FrameModel.members.Name]\nnullable = 1", "line 3", "write true or false"),
    (AUTHOR + "[models.FrameModel.members.Name]\ntype = '?!'", "line 3", "write a type in quotes"),
    (AUTHOR + "[models.FrameModel.members.Name]\ntype = 'Int65'", "line 3", "did you mean"),
    (AUTHOR + "[models.FrameMaterial.values]\nHorn = ''", "line 3", "write its number"),
    (AUTHOR + "[models.FrameMaterial.values]\nWodo = 'x'", "line 3", "did you mean 'Wood'?"),
    (AUTHOR + "[operations.'POST api/Frame']\n", "line 2", "did you mean 'POST api/Frames'?"),
    (AUTHOR + "models = 1", "models is 1", "write a table, [models]"),
    (AUTHOR + "casing = 'snake'", "line 2, casing is 'snake'", '"kebab-case" or "PascalCase"'),
    (AUTHOR + "colour = 1", "line 2, colour: nothing is called 'colour'", "there are casing"),
]


@pytest.mark.parametrize(("text", "what", "remedy"), WRONG, ids=range(len(WRONG)))
def test_what_an_overlay_cannot_mean_is_told_with_what_would_be_right(frames, text, what, remedy):
    with pytest.raises(UsageError) as caught:
        settle(frames, text)
    assert what in str(caught.value)
    assert remedy in str(caught.value)


def test_the_template_settles_nothing_as_it_is_and_everything_when_it_counts(counts):
    text = template(counts)
    assert tomllib.loads(text)["author"] == ""
    filled = text.replace('author = ""', 'author = "Jo Green"')
    opened = {(s.owner, s.item, s.about) for s in subjects(counts) if s.fact.settle}
    assert {(s.owner, s.item, s.about) for s in subjects(settle(counts, filled)) if s.fact.settle} == opened
    counting = "\n".join(
        line.removeprefix("# ") if " = " in line and not line.startswith("# file") else line
        for line in filled.split("\n")
    )
    still = [s for s in subjects(settle(counts, counting)) if s.fact.settle and s.about in ("type", "nullable")]
    assert [s for s in still if s.owner.endswith("Model") and s.item] == []
