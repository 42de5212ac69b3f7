"""Values of a record: plain ones that a correct portal must take, and the comparison of what was sent with what came.

    Record = {property name: value}      value: str, int, Decimal, bool or None; dates and guids are texts

The rule: every plain value is within what the page allows and visibly invented, differs from member to member and from
version to version, and is a function of those two alone. A portal may write a value in any way that means the same.
Wire formats are not known here (`bodies`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import Decimal

from contracts.conformance import moments
from contracts.conformance.annotated import matching, number_range
from contracts.conformance.subject import DECIMALS, INTEGERS, annotation, bounds, is_enum
from contracts.model import Contract, Property

Value = str | int | Decimal | bool | None
Record = Mapping[str, Value]

#: The first plain date's wall clock: a Tuesday in years to come, since a portal may refuse the past.
_FIRST = "2031-03-04T09:30:15"

#: A valid text for an annotated data type (System.ComponentModel.DataAnnotations.DataType).
DATA_TYPES = {
    "EmailAddress": "pc{n}@portal-contract.invalid",
    "Url": "http://portal-contract.invalid/{n}",
    "ImageUrl": "http://portal-contract.invalid/{n}.png",
    "PhoneNumber": "+1 555 01{n:02}",
    "PostalCode": "{n:05}",
    "CreditCard": "4111111111111111",
    "Currency": "{n}.00",
    "Date": "2031-03-04",
    "Time": "09:30:15",
    "DateTime": _FIRST,
    "Duration": "01:02:03",
}


def comparable(contract: Contract, prop: Property) -> bool:
    """Whether the suite compares this member: its type has one meaning in every format."""
    ref = prop.type.value
    kinds = {"String", "Guid", "Boolean", "DateTime", *INTEGERS, *DECIMALS}
    return is_enum(contract, prop) or (ref.kind == "scalar" and ref.name in kinds)


def writable(contract: Contract, prop: Property) -> bool:
    """Whether the suite can make up a value; any other is left out or `sampled`."""
    return is_enum(contract, prop) or (prop.type.value.kind == "scalar" and _drawable(prop))


def _drawable(prop: Property) -> bool:
    """Whether a text can be made up that the page's pattern allows."""
    pattern = annotation(prop, "pattern")
    text = prop.type.value.name == "String" and pattern is not None
    return not text or matching(pattern[0] if pattern else "", bounds(prop), 1) is not None


def sampled(contract: Contract, prop: Property) -> bool:
    """Whether a member must be sent as the page's sample has it: it can neither be made up nor be left out."""
    return not writable(contract, prop) and (prop.required.value or prop.nullable.value is False)


def plain(contract: Contract, prop: Property, index: int, version: int) -> Value:
    """A member's plain value: `index` its place among the members, `version` the record's, both from 0."""
    ref = prop.type.value
    number = 1 + index + 20 * version
    if is_enum(contract, prop):
        members = contract.models[ref.name].members
        return members[(index + version) % len(members)].name
    if ref.name in INTEGERS:
        return int(_within(prop, Decimal(number % 100), Decimal(1), whole=True))
    if ref.name in DECIMALS:
        return _within(prop, Decimal(number % 1000) + Decimal("0.25"), Decimal("0.25"), whole=False)
    if ref.name == "String":
        return _text(prop, number)
    return _FIXED[ref.name](index, version)


def moved(contract: Contract, prop: Property, index: int, count: int) -> Value:
    """A member's plain value changed `count` times, a date by minutes only: it stays before the dates after it."""
    if prop.type.value.name == "DateTime":
        first = moments.parse(_date(index, 0))
        assert first is not None
        return moments.write(first.wall + count % 50 * 60 * moments.TICKS) + "Z"
    return plain(contract, prop, index, count)


def _date(index: int, version: int) -> str:
    first = moments.parse(_FIRST)
    assert first is not None
    return moments.write(first.wall + (index + 24 * version) * 3600 * moments.TICKS)


_FIXED: Mapping[str, Callable[[int, int], Value]] = {
    "Boolean": lambda index, version: (index + version) % 2 == 0,
    "Guid": lambda index, version: f"{0xA0000000 + index:08x}-0000-4000-8000-{version + 1:012x}",
    "DateTime": lambda index, version: _date(index, version) + "Z",
    "DateTimeOffset": lambda index, version: _date(index, version) + "+00:00",
    "TimeSpan": lambda index, version: f"{1 + version % 20:02}:02:03",
    "Uri": lambda index, version: f"http://portal-contract.invalid/{index}/{version}",
    "Char": lambda index, version: chr(65 + (index + version) % 26),
}


def _within(prop: Property, wish: Decimal, step: Decimal, *, whole: bool) -> Decimal:
    """The wish, or the nearest number that the page's range leaves."""
    limits = number_range(prop)
    if limits is None or limits[0] <= wish <= limits[1]:
        return wish
    low, high = limits
    if whole:
        low, high = Decimal(math.ceil(low)), Decimal(math.floor(high))
    return low + (wish * step) % (high - low) if high > low else low


def _text(prop: Property, number: int) -> str:
    pattern, kind = annotation(prop, "pattern"), annotation(prop, "data_type")
    if pattern is not None:
        return matching(pattern[0], bounds(prop), number) or f"Invented {number}"
    if kind is not None and kind[0] in DATA_TYPES:
        return DATA_TYPES[kind[0]].format(n=number % 100)
    limits = bounds(prop)
    text = f"Invented {number}"
    if not limits.allow(text):
        text = str(number).zfill(limits.shortest)
        text = text[-limits.longest :] if limits.longest else text
    return text


def difference(contract: Contract, prop: Property, sent: Value, came: Value) -> str:
    """Why what came does not mean what was sent; empty when it does. Only for members that are `comparable`."""
    if sent is None or came is None:
        return "" if sent is came else ("nothing" if came is None else "a value where null was sent")
    ref = prop.type.value
    if is_enum(contract, prop):
        return "" if _enum(contract, ref.name, sent) == _enum(contract, ref.name, came) else "another value"
    if ref.name == "DateTime":
        return moments.difference(str(sent), came)
    if ref.name == "Boolean":
        return "" if came is sent else "another value"
    if ref.name in INTEGERS or ref.name in DECIMALS:
        return _numbers(sent, came)
    if ref.name == "Guid":
        return "" if str(sent).lower().strip("{}") == str(came).lower().strip("{}") else "another value"
    return "" if came == sent else _texts(str(sent), came)


def _enum(contract: Contract, name: str, value: Value) -> object:
    """An enumeration value by its number, whether it was written as a name or as a number."""
    names = {member.name: member.value for member in contract.models[name].members}
    return names.get(value, value) if isinstance(value, str) else value


def _numbers(sent: Value, came: Value) -> str:
    if isinstance(came, bool) or not isinstance(came, int | Decimal | float):
        return "no number"
    return "" if Decimal(str(came)) == Decimal(str(sent)) else "another number"


def _texts(sent: str, came: Value) -> str:
    """How a text was changed, in the words of the usual faults."""
    if not isinstance(came, str):
        return "no text"
    guesses = (
        ("emptied", came == ""),
        ("trimmed", came == sent.strip()),
        ("cut", sent.startswith(came)),
        ("in other case", came.lower() == sent.lower()),
        ("with characters replaced by ?", "?" in came and len(came) >= len(sent) // 2),
    )
    return next((word for word, holds in guesses if holds), "another text")
