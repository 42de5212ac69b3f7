"""The common road of JSON gives nothing but what the long one gives."""

import datetime
import json

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


def _long_road(text: str) -> tuple[Record | None, list[str], list[tuple[str, str]]]:
    errors: list[str] = []
    losses = Losses()
    binder = JsonBinder(_SHAPES, text, datetime.UTC, lambda path, message: errors.append(path), losses)
    return binder.bind_body(TypeRef("model", "Thing")), errors, [(loss.reason, loss.member) for loss in losses.all()]


# Members may come twice, and the text may end early or late.
@given(
    st.lists(st.tuples(_NAMES, _VALUES), max_size=5), st.sampled_from(["", " ", ",", "}", "\n\t", "x"]), st.booleans()
)
def test_both_roads_give_the_same_record(members: list[tuple[str, object]], end: str, ascii_only: bool) -> None:
    inner = ", ".join(f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=ascii_only)}" for name, value in members)
    text = f"{{{inner}}}{end}"
    losses = Losses()
    fast = json_fast.read(text, _THING, datetime.UTC, losses)
    if fast is not None:
        record, errors, told = _long_road(text)
        assert (fast, []) == (record, errors)
        assert sorted((loss.reason, loss.member) for loss in losses.all()) == sorted(told)


def test_the_plain_body_takes_the_common_road() -> None:
    text = '{"text": "a", "code": "c9d1ba2c-2f6e-4d0a-9c1c-0a5b3f6f7a10", "when": "2026-06-01T09:00:00Z", "key": null}'
    assert json_fast.read(text, _THING, datetime.UTC, Losses()) is not None
