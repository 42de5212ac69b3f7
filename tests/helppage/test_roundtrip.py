"""Random contracts are written as pages and read back: what the page can show comes back, and no firm fact is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest
from contract_strategies import contracts, drawn
from hypothesis import given, settings
from hypothesis import strategies as st
from packing import packed

from contracts.helppage import read, write_pages
from contracts.model import TypeRef
from contracts.scalars import SCALARS

LAYOUTS = st.sampled_from(["html", "A", "B", "C", "D"])
#: Models that nothing refers to are not sampled, so a page shows only their tables.


def reachable(contract):
    """The models that the samples show."""
    found, todo = set(), [contract.operations[0].request.type.value]
    while todo:
        ref = todo.pop()
        todo += [part for part in (ref.item, ref.key) if part]
        if ref.kind == "model" and ref.name not in found:
            found.add(ref.name)
            todo += [prop.type.value for prop in contract.models[ref.name].properties]
    return found


def has_xml(contract):
    return any(fact.value.format == "xml" for fact in contract.operations[0].request.media_types)


def phrase_of_scalar(ref):
    return SCALARS[ref.name].phrase if ref.kind == "scalar" else None


def blurred(ref):
    """The type with the page's own words for scalars."""
    if ref.kind == "scalar":
        return phrase_of_scalar(ref)
    return ref.kind, ref.name, ref.item and blurred(ref.item), ref.key and blurred(ref.key)


def same_type(mine, other):
    """Equal, or of one phrase where the page cannot tell more (a guess), items likewise."""
    return mine == other.value or (other.standing == "guessed" and blurred(mine) == blurred(other.value))


def check_property(mine, other, sampled, xml):
    assert other.description.value == mine.description.value
    assert other.phrase.value == mine.phrase.value
    assert other.required.value == mine.required.value
    assert other.read_only.value == mine.read_only.value
    assert [note.value.text for note in other.annotations] == [note.value.text for note in mine.annotations]
    assert same_type(mine.type.value, other.type), (mine.type.value, other.type)
    assert other.json.value == mine.json.value
    if other.nullable.standing in ("stated", "inferred"):
        assert other.nullable.value == mine.nullable.value
    if "may be null" in mine.description.value:
        assert other.nullable.value is True
    if sampled and xml:
        assert other.xml.value == mine.xml.value


def check_model(mine, other, sampled, xml, layout):
    assert other.kind == mine.kind
    assert layout == "A" or other.description.value == mine.description.value  # A loses the words of a model's page
    assert other.members == mine.members
    if mine.kind == "enum":
        assert not sampled or other.as_string.value == mine.as_string.value
        return
    assert [prop.name for prop in other.properties] == [prop.name for prop in mine.properties]
    for ours, theirs in zip(mine.properties, other.properties, strict=True):
        check_property(ours, theirs, sampled, xml)
    if sampled:
        assert other.json_order.value == mine.json_order.value
        if xml:
            assert other.xml_order.value == mine.xml_order.value
            assert other.xml_root.value == mine.xml_root.value


@settings(max_examples=120)
@given(contracts(), LAYOUTS)
def test_a_contract_survives_the_page(contract, layout):
    pages = write_pages(contract, layout)
    back = read(packed(pages))
    sampled, xml = reachable(contract), has_xml(contract)
    mine, other = contract.operations[0], back.operations[0]
    for name in ("method", "path", "summary", "upsert"):
        assert getattr(other, name).value == getattr(mine, name).value
    for name in ("request", "response"):
        ours, theirs = getattr(mine, name), getattr(other, name)
        assert theirs.type.value == ours.type.value
        assert [fact.value for fact in theirs.media_types] == [fact.value for fact in ours.media_types]
        assert theirs.description.value == ours.description.value
    assert back.casing.value == contract.casing.value
    assert set(back.models) == set(contract.models)
    for name, model in contract.models.items():
        check_model(model, back.models[name], name in sampled, xml, layout)


@settings(max_examples=40)
@given(contracts(), LAYOUTS)
def test_a_text_says_the_same_as_html(contract, layout):
    one, two = (read(packed(write_pages(contract, each))) for each in (layout, "html"))
    for name, model in one.models.items():
        for ours, theirs in zip(model.properties, two.models[name].properties, strict=True):
            for fact in ("description", "type", "json", "xml", "nullable", "required", "read_only"):
                assert getattr(ours, fact).value == getattr(theirs, fact).value
                assert getattr(ours, fact).standing == getattr(theirs, fact).standing


def firm(prop, nullable):
    """The member with that nullability, where it has one to choose."""
    ref = prop.type.value
    free = ref.kind == "scalar" and SCALARS[ref.name].value_type
    words = prop.description.value.replace("it may be null", "it may be")
    return replace(prop, nullable=drawn(nullable if free else True), description=drawn(words))


@pytest.mark.parametrize("nullable", [True, False])
@settings(max_examples=40)
@given(contracts())
def test_a_text_after_it_settles_whether_values_can_be_null(nullable, contract):
    model = contract.models["WheelModel"]
    rows = [firm(prop, nullable) for prop in model.properties]
    last = replace(rows[-1], type=drawn(TypeRef("scalar", "String")), phrase=drawn("string"), nullable=drawn(True))
    changed = replace(model, properties=(*rows[:-1], last))
    contract = replace(contract, models={**contract.models, "WheelModel": changed})
    back = read(*write_pages(contract, "text").values()).models["WheelModel"]
    for prop in changed.properties:
        if prop.type.value.kind == "scalar":
            assert back[prop.name].nullable.standing in ("inferred", "stated")
            assert back[prop.name].nullable.value == prop.nullable.value
