"""Random sites are written as pages in every layout and read back: the same operations, and no firm fact is wrong."""

from __future__ import annotations

import pytest
from hypothesis import Phase, given, settings
from packing import packed
from site_strategies import sites
from test_roundtrip import same_type

from contracts.helppage import read, write_pages

#: Shrinking a whole site takes minutes; a failing one is small enough to read.
UNSHRUNK = (Phase.explicit, Phase.generate)
LAYOUTS = ("html", "A", "B", "C", "D")


def check_parameter(mine, other):
    for name in ("description", "phrase", "required", "default"):
        assert getattr(other, name).value == getattr(mine, name).value
    assert (other.in_path, other.prefix) == (mine.in_path, mine.prefix)
    assert same_type(mine.type.value, other.type)
    assert other.nullable.settle or other.nullable.value == mine.nullable.value
    assert [note.value.text for note in other.annotations] == [note.value.text for note in mine.annotations]


def check_body(mine, other):
    assert other.opaque == mine.opaque and other.void == mine.void
    assert other.description.value == mine.description.value
    assert other.phrase.value == mine.phrase.value
    if mine.type.value is None:
        assert other.type.value is None
    else:
        assert same_type(mine.type.value, other.type)
    assert [fact.value for fact in other.media_types] == [fact.value for fact in mine.media_types]


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=10, phases=UNSHRUNK)
@given(contract=sites())
def test_a_site_survives_its_pages(layout, contract):
    back = read(packed(write_pages(contract, layout)))
    assert back.notes == ()
    assert sorted(operation.id for operation in back.operations) == sorted(op.id for op in contract.operations)
    others = {operation.id: operation for operation in back.operations}
    for mine in contract.operations:
        other = others[mine.id]
        assert (other.summary.value, other.query) == (mine.summary.value, mine.query)
        assert [p.name for p in other.parameters] == [p.name for p in mine.parameters]
        for one, two in zip(mine.parameters, other.parameters, strict=True):
            check_parameter(one, two)
        check_body(mine.request, other.request)
        check_body(mine.response, other.response)
    assert set(back.models) == set(contract.models)
    for name, model in contract.models.items():
        check_model(model, back.models[name])


def check_model(mine, other):
    assert other.kind == mine.kind and other.members == mine.members
    assert [prop.name for prop in other.properties] == [prop.name for prop in mine.properties]
    for one, two in zip(mine.properties, other.properties, strict=True):
        assert same_type(one.type.value, two.type)
        assert two.nullable.settle or two.nullable.value == one.nullable.value
        assert not two.is_field.value or one.is_field.value
        if two.json.standing == "stated":
            assert two.json.value == one.json.value
        if two.xml.standing in ("stated", "inferred"):
            assert two.xml.value == one.xml.value
    if other.json_order.standing == "inferred":
        assert other.json_order.value == mine.json_order.value
