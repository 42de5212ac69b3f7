"""The common road of JSON gives nothing but what the long one gives."""

import datetime
import json

from every_type import every_type
from hypothesis import given
from hypothesis import strategies as st
from invented import contract

from contracts.model import TypeRef
from mockserver.webapi import json_fast
from mockserver.webapi.json_binding import JsonBinder
from mockserver.webapi.losses import Losses
from mockserver.webapi.shapes import Record, Shapes

_SHAPES = Shapes(contract())
_THING = _SHAPES["Thing"]
_NAMES = st.sampled_from(["text", "Text", "TEXT", "code", "when", "key", "id", "count", "maybe", "other", "$id", ""])
_VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.text(max_size=8),
        st.integers(),
        st.booleans(),
        st.floats(),
        st.sampled_from(
            [
                "2026-06-01T09:00:00",
                "2026-06-01T09:00:00.1234567+05:30",
                "2026-06-01",
                "2026-06-01T24:00:00",
                "/Date(1780304400000)/",
                "/Date(",
                "1 June 2026",
                "c9d1ba2c-2f6e-4d0a-9c1c-0a5b3f6f7a10",
                "{c9d1ba2c-2f6e-4d0a-9c1c-0a5b3f6f7a10}",
                "C9D1BA2C2F6E4D0A9C1C0A5B3F6F7A10",
            ]
        ),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(_NAMES, inner, max_size=2)),
    max_leaves=4,
)


def _long_road(
    text: str, shapes: Shapes = _SHAPES, model: str = "Thing"
) -> tuple[Record | None, list[str], list[tuple[str, str]]]:
    errors: list[str] = []
    losses = Losses()
    binder = JsonBinder(shapes, text, datetime.UTC, lambda path, message: errors.append(path), losses)
    return binder.bind_body(TypeRef("model", model)), errors, [(loss.reason, loss.member) for loss in losses.all()]


# Members may come twice, and the text may end early or late.
@given(
    st.lists(st.tuples(_NAMES, _VALUES), max_size=5), st.sampled_from(["", " ", ",", "}", "\n\t", "x"]), st.booleans()
)
def test_both_roads_give_the_same_record(members: list[tuple[str, object]], end: str, ascii_only: bool) -> None:
    inner = ", ".join(f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=ascii_only)}" for name, value in members)
    text = f"{{{inner}}}{end}"
    losses = Losses()
    fast = json_fast.read(text, _SHAPES, _THING, datetime.UTC, losses)
    if fast is not None:
        record, errors, told = _long_road(text)
        assert (fast, []) == (record, errors)
        assert sorted((loss.reason, loss.member) for loss in losses.all()) == sorted(told)


def test_the_plain_body_takes_the_common_road() -> None:
    text = '{"text": "a", "code": "c9d1ba2c-2f6e-4d0a-9c1c-0a5b3f6f7a10", "when": "2026-06-01T09:00:00Z", "key": null}'
    assert json_fast.read(text, _SHAPES, _THING, datetime.UTC, Losses()) is not None


_BOXES = Shapes(every_type())
_INNER = st.sampled_from(["Count", "count", "Open", "Tags", "Title", "Key", "Side", "Shade", "a", "$id", ""])
_NESTED = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-9, 9) | st.text(max_size=4)
    | st.sampled_from(["Left", "dark-one", "Dark", "AQID", "AQ", "/Date(1)/", "2026-06-01T09:00:00Z", "1.50"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_INNER, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
_PART = st.fixed_dictionaries(
    {}, optional={"Count": st.integers(-9, 9), "Title": st.text(max_size=3), "tags": st.lists(st.text(max_size=3))}
)
_LIKELY = {
    "Parts": st.lists(_PART, max_size=3), "Main": _PART, "Numbers": st.lists(st.integers()), "Side": st.just("Right"),
    "Shades": st.lists(st.sampled_from([0, 5, "Dark", 9])), "Names": st.dictionaries(st.text(), st.text(), max_size=2),
    "Lists": st.dictionaries(st.text(), st.lists(st.text()), max_size=2), "Bytes": st.just("AQID"),
    "Moments": st.just(["2026-06-01T09:00:00Z"]), "Sizes": st.just({"7": 1.5}), "Grid": st.just([[1], []]),
}  # fmt: skip


@given(st.fixed_dictionaries({}, optional={name: likely | _NESTED for name, likely in _LIKELY.items()}))
def test_both_roads_give_the_same_nested_values(members: dict[str, object]) -> None:
    text = json.dumps(members)
    losses = Losses()
    fast = json_fast.read(text, _BOXES, _BOXES["Box"], datetime.UTC, losses)
    if fast is not None:
        record, errors, told = _long_road(text, _BOXES, "Box")
        assert (fast, []) == (record, errors)
        assert [(loss.reason, loss.member) for loss in losses.all()] == told


def test_a_plain_nested_body_takes_the_common_road() -> None:
    text = '{"Parts": [{"Count": 1, "Tags": ["a"]}], "Names": {"a": "b"}, "Shades": [5, "Dark"], "Bytes": "AQID"}'
    assert json_fast.read(text, _BOXES, _BOXES["Box"], datetime.UTC, Losses()) is not None


def test_a_nested_member_sent_twice_takes_the_long_road() -> None:
    text = '{"Main": {"Count": 1, "count": 2}}'
    assert json_fast.read(text, _BOXES, _BOXES["Box"], datetime.UTC, Losses()) is None
