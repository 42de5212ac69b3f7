"""Forms and the scalar types: what each type's TypeConverter makes of a text.

    CLR type → what converts a text that is not blank; ValueError when it is none

The rule: one table with one row a type, the invariant culture; TooLargeError where the framework keeps the reason to
itself. Names and indexes (`form_binding`) may not live here.
Source: System.ComponentModel converters (BaseNumberConverter, DateTimeConverter, GuidConverter, CharConverter, …).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from contracts.scalars import SCALARS
from mockserver.webapi import guids, liberal_dates, time_spans, uris
from mockserver.webapi.blanks import WHITE
from mockserver.webapi.dates import DateTime, DateTimeOffset
from mockserver.webapi.json_numbers import FLOAT, integer_text, to_decimal, to_double
from mockserver.webapi.numbers import LAST_CHAR, NAMED, TooLargeError, boolean, integer, single

# Numbers beyond any type are too large, not no numbers.
_ENDLESS = 10**4000
Read = Callable[[str, datetime.tzinfo], Any]


# BaseNumberConverter: "#", "0x" and "&h" start a hexadecimal number; a number out of range is no FormatException.
def _integer(clr: str) -> Read:
    low, high = SCALARS[clr].json["minimum"], SCALARS[clr].json["maximum"]
    bits = (high - low).bit_length()

    def read(text: str, _zone: datetime.tzinfo) -> int:
        text = text.strip(WHITE)
        for start in ("#", "0x", "0X", "&h", "&H"):
            if text.startswith(start):
                value = int(text[len(start) :], 16)
                return value - (1 << bits) if low < 0 and high < value < 1 << bits else _ranged(value, low, high)
        return _ranged(integer(text, -_ENDLESS, _ENDLESS), low, high)

    return read


def _ranged(value: int, low: int, high: int) -> int:
    if not low <= value <= high:
        raise TooLargeError
    return value


# DateTimeConverter: blanks give DateTime.MinValue, all else is DateTime.Parse.
def _date(text: str, zone: datetime.tzinfo) -> DateTime:
    text = text.strip(WHITE)
    return liberal_dates.read(text, zone, round_trip=False) if text else DateTime()


def _date_offset(text: str, zone: datetime.tzinfo) -> DateTimeOffset:
    text = text.strip(WHITE)
    return liberal_dates.read_offset(text, zone) if text else DateTimeOffset()


def _float_text(text: str) -> str:
    """NumberStyles.Float: blanks around, a sign, a point, an exponent, and no thousands."""
    text = text.strip(WHITE)
    if not FLOAT.match(text):
        raise ValueError(text)
    return text


def _char(text: str, _zone: datetime.tzinfo) -> str:
    text = text.strip(WHITE) if len(text) > 1 else text
    if len(text) != 1 or text > LAST_CHAR:
        raise ValueError(text)
    return text


# BaseNumberConverter: "&h" is cut off even where no hexadecimal number is allowed, and Convert reads what follows.
def _cut(text: str) -> str | None:
    """What follows "&h", None when the text does not start so."""
    text = text.strip(WHITE)
    return text[2:] if text[:2] in ("&h", "&H") else None


def _decimal(text: str, _zone: datetime.tzinfo) -> Decimal:
    rest = _cut(text)
    found: Decimal = to_decimal(_float_text(text)) if rest is None else integer_text(rest, "decimal")[1]
    return found


def _double(text: str, _zone: datetime.tzinfo) -> float:
    rest = _cut(text)
    text = text.strip(WHITE) if rest is None else rest.strip(WHITE).replace(",", "")
    return NAMED[text] if text in NAMED else to_double(text)


#: Every scalar type by CLR name: what its TypeConverter makes of a string.
FORM_SCALARS: Mapping[str, Read] = {
    "String": lambda text, zone: text,
    "Guid": lambda text, zone: guids.read(text),
    "DateTime": _date,
    "DateTimeOffset": _date_offset,
    "Boolean": lambda text, zone: boolean(text),
    "Decimal": _decimal,
    "Double": _double,
    "Single": lambda text, zone: single(_double(text, zone)),
    "Char": _char,
    "Uri": lambda text, zone: uris.read(text),
    "TimeSpan": lambda text, zone: time_spans.read(text),
    **{clr: _integer(clr) for clr, scalar in SCALARS.items() if scalar.json["type"] == "integer"},
}
