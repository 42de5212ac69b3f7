"""Values for every type: rich ones, in which the usual faults show, and tame ones like those of a sample.

    rich    texts with blanks at their ends and letters beyond ASCII, lists that are not sorted and repeat an item,
            keys with capitals, blanks and dots, bytes that are no text, spans of days, times off UTC

The rule: a value is a function of its type, the member's annotations and a number; other numbers give other values, and
an odd turn gives less (one item, a key fewer), so that what is not replaced shows. A portal may refuse what is rich and
keeps it when it takes it. What no annotation forbids may be sent; ranges, lengths and patterns are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from contracts.conformance import values
from contracts.conformance.annotated import number_range
from contracts.conformance.deep.kinds import Deep, Types
from contracts.conformance.subject import CLOSED, DECIMALS, INTEGERS, bounds
from contracts.emit.refs import BASE64, bare
from contracts.model import Property, TypeRef

TURN = 40  # the numbers of one turn do not meet those of the next
#: Which numbers the items of a list have: unsorted, one of them twice.
_ITEMS = {1: (0,), 2: (1, 0), 3: (1, 0, 0), 4: (2, 0, 1, 0)}
_FEW = {1: (0,), 2: (1, 0)}
_BYTES = bytes((0, 255, 128, 65, 10, 13, 195, 40, 254, 0, 0))
_CHARACTERS = "éñüøå"


def make(types: Types, prop: Property, ref: TypeRef, place: int, turn: int, *, rich: bool = True) -> Deep:
    """A member's value: `place` its place among the members, `turn` the record's version, both from 0."""
    return _value(types, prop, ref, 7 * place + TURN * turn + 1, turn, rich, 0)


def _value(types: Types, prop: Property | None, ref: TypeRef, number: int, turn: int, rich: bool, depth: int) -> Deep:
    ref = bare(ref)
    enum = types.enum(ref)
    if enum is not None:
        return enum.members[number % len(enum.members)].name
    if ref == BASE64:
        return _bytes(prop, number, rich)
    if ref.kind == "scalar":
        return _scalar(types, prop, ref, number, rich)
    if ref.kind == "collection" and ref.item is not None:
        item = ref.item
        return [_value(types, None, item, number + n, turn, rich, depth) for n in _items(prop, turn, rich)]
    if ref.kind == "dictionary" and ref.key is not None and ref.item is not None:
        item, keys = ref.item, _keys(ref.key, rich)
        if turn % 2:
            keys = [keys[0], *keys[2:]]
        limit = bounds(prop).longest if prop is not None else None
        return {key: _value(types, None, item, number + n, turn, rich, depth) for n, key in enumerate(keys[:limit])}
    model = types.contract.models[ref.name]
    return {
        name: _value(types, inner, of, number + n, turn, rich, depth + 1)
        for n, (name, (inner, of)) in enumerate(types.inside(model, depth).items())
    }


def _items(prop: Property | None, turn: int, rich: bool) -> list[int]:
    """The numbers of a list's items, as many as the page allows."""
    limits = bounds(prop) if prop is not None else None
    most = 1 if turn % 2 else (4 if rich else 2)
    if limits is not None:
        most = max(limits.shortest, min(most, limits.longest if limits.longest is not None else most))
    patterns = _ITEMS if rich else _FEW
    return list(patterns[most]) if most in patterns else list(range(most))


def _keys(ref: TypeRef, rich: bool) -> list[str]:
    """The keys of a dictionary, which begin with no capital: a site may write those small."""
    if ref.name == "Guid":
        return [f"a0000000-0000-4000-8000-0000000000{n:02}" for n in range(1, 5)]
    if ref.name != "String":
        return [str(n) for n in (12, 7, 30, 1)]
    return ["size of B", "aB-1.x", "zWidth_é", " edge "] if rich else ["zeta", "alpha", "mid"]


def _bytes(prop: Property | None, number: int, rich: bool) -> bytes:
    whole = bytes((number % 256,)) + (_BYTES if rich else b"invented")
    longest = bounds(prop).longest if prop is not None else None
    return whole[:longest]


def _scalar(types: Types, prop: Property | None, ref: TypeRef, number: int, rich: bool) -> Deep:
    name = ref.name
    if name in _OWN:
        return _OWN[name](number, rich)
    if name == "String":
        return _text(types, prop, number, rich)
    if name in INTEGERS or name in DECIMALS:
        if prop is not None and number_range(prop) is not None:
            return values.plain(types.contract, prop, number, 0)
        if rich and number % 2 and prop is not None and prop.nullable.value is True:
            return 0 if name in INTEGERS else Decimal(0)  # which is no null
        return 1 + number % 120 if name in INTEGERS else Decimal(number % 500) + Decimal("0.125")
    return values.plain(types.contract, prop, number, 0) if prop is not None else _alone(name, number)


def _text(types: Types, prop: Property | None, number: int, rich: bool) -> str:
    text = f" Größe {number}, an Invented text of more than fifty characters, № {number} "
    free = prop is None or not CLOSED & {note.value.kind for note in prop.annotations}
    if rich and free and (prop is None or bounds(prop).allow(text)):
        return text
    return str(values.plain(types.contract, prop, number, 0)) if prop is not None else f"Invented {number}"


def _alone(name: str, number: int) -> Deep:
    """A scalar that is no member by itself: an item, a value of a dictionary."""
    if name == "Boolean":
        return number % 2 == 0
    if name == "Guid":
        return f"{0xA0000000 + number:08x}-0000-4000-8000-00000000000a"
    return f"2031-03-{1 + number % 28:02}T09:30:15Z"


def _span(number: int, rich: bool) -> str:
    if not rich:
        return f"{number % 24:02}:02:03"
    return f"{'-' if number % 2 else ''}{1 + number % 9}.02:{number % 60:02}:04.5000000"


def _moment(number: int, rich: bool) -> str:
    tail = ".5+02:00" if rich else "+00:00"
    return f"2031-03-{1 + number % 28:02}T09:{number % 60:02}:15{tail}"


def _address(number: int, rich: bool) -> str:
    tail = f"Part%20{number}/list?q={number}&name=A%20b" if rich else f"part/{number}"
    return f"http://portal-contract.invalid/{tail}"


_OWN: Mapping[str, Callable[[int, bool], str]] = {
    "TimeSpan": _span,
    "DateTimeOffset": _moment,
    "Uri": _address,
    "Char": lambda number, rich: _CHARACTERS[number % 5] if rich else chr(97 + number % 26),
}
