"""Form values to records: by name in any case, the first of several, converted with the invariant culture.

    blank        null, and an error for what cannot be null
    conversion   "The value '…' is not valid for …." with all the values sent; a number too large is only "an error"

The rule: each member stands alone; errors come in the model's order. Splitting the body (`forms`) may not live here.
Source: W ModelBinding/Binders/MutableObjectModelBinder.cs, TypeConverterModelBinder.cs, ValueProviderResult.cs,
SRResources.resx; System.ComponentModel converters.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from contracts.model import Model, TypeRef
from contracts.scalars import SCALARS
from mockserver.webapi import altered, guids, liberal_dates, time_spans
from mockserver.webapi.blanks import WHITE, is_blank
from mockserver.webapi.dates import DateTime, DateTimeOffset
from mockserver.webapi.json_numbers import FLOAT, NumberError, to_decimal, to_double
from mockserver.webapi.losses import Losses
from mockserver.webapi.numbers import boolean, integer, single
from mockserver.webapi.shapes import Member, Record, Shape, Shapes, fold

#: An error's key (the member's CLR name, dotted) and its message; None stands for an exception.
Log = Callable[[str, str | None], None]
Read = Callable[[str, datetime.tzinfo], Any]


class TooLargeError(Exception):
    """The converter's exception is no FormatException: its message is not sent."""


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
        return _ranged(integer(text, -(10**4000), 10**4000), low, high)

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
    if len(text) != 1:
        raise ValueError(text)
    return text


#: Every scalar type by CLR name: what its TypeConverter makes of a string.
FORM_SCALARS: Mapping[str, Read] = {
    "String": lambda text, zone: text,
    "Guid": lambda text, zone: guids.read(text),
    "DateTime": _date,
    "DateTimeOffset": _date_offset,
    "Boolean": lambda text, zone: boolean(text),
    "Decimal": lambda text, zone: to_decimal(_float_text(text)),
    "Double": lambda text, zone: to_double(text.strip(WHITE)),
    "Single": lambda text, zone: single(to_double(text.strip(WHITE))),
    "Char": _char,
    "Uri": lambda text, zone: text,
    "TimeSpan": lambda text, zone: time_spans.read(text),
    **{clr: _integer(clr) for clr, scalar in SCALARS.items() if scalar.json["type"] == "integer"},
}


class FormBinder:
    """Fills one record from a form's values; errors go to `log`, what is passed over to `losses`."""

    def __init__(
        self, shapes: Shapes, values: Mapping[str, list[str]], zone: datetime.tzinfo, log: Log, losses: Losses
    ):
        self._shapes, self._values, self._zone, self._log, self._losses = shapes, values, zone, log, losses
        #: The names, folded, that a member took its value from.
        self.taken: set[str] = set()

    # PrefixContainer.ContainsPrefix: the empty prefix matches when there is any value at all.
    def bind_body(self, ref: TypeRef) -> Any:
        """The value, None when the form has no value at all."""
        return self._populate(self._shapes[ref.name], "") if self._values else None

    def _populate(self, shape: Shape, prefix: str) -> Record:
        record = shape.blank()
        for member in shape.members:
            self._member(member, record, f"{prefix}{member.name}")
        return record

    def _member(self, member: Member, record: Record, key: str) -> None:
        enum = self._shapes.enum(member.type)
        if member.type.kind == "model" and enum is None:
            if any(name.startswith(fold(key) + ".") for name in self._values):
                record[member.name] = self._populate(self._shapes[member.type.name], f"{key}.")
            return
        folded = fold(key)
        sent = self._values.get(folded)
        if sent is None or (member.type.kind != "scalar" and enum is None):
            return
        self.taken.add(folded)
        if len(sent) > 1:
            self._tell_others(key, sent)
        if is_blank(sent[0]):
            # ConvertSimpleType, ReplaceEmptyStringWithNull; CreateNullCheckFailedHandler for a value type
            if member.nullable:
                record[member.name] = None
                self._losses.add("form.blank", key, sent[0], "null")
            else:
                self._log(key, "A value is required.")
            return
        try:
            found = record[member.name] = self._converted(member.type, enum, sent[0])
            for reason in altered.reasons("Enum" if enum else member.type.name, sent[0], found, self._zone):
                kept = altered.written(member.type.name, found, self._zone)
                self._losses.add(reason, key, sent[0], kept)
        except TooLargeError:
            self._log(key, None)
        except (ValueError, NumberError):
            self._log(key, f"The value '{','.join(sent)}' is not valid for {member.name}.")

    def _tell_others(self, key: str, sent: list[str]) -> None:
        for other in sent[1:]:
            self._losses.add("form.duplicate", key, other, sent[0])

    def _converted(self, ref: TypeRef, enum: Model | None, text: str) -> Any:
        if enum is None:
            return FORM_SCALARS[ref.name](text, self._zone)
        by_name = {member.name.lower(): member.value for member in enum.members}
        word = text.strip(WHITE)
        return by_name[word.lower()] if word.lower() in by_name else integer(word, -(2**31), 2**31 - 1)
