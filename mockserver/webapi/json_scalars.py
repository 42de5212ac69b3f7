"""JSON and the scalar types: how a token becomes a value of each, and how each is written.

    CLR type → how the reader is asked, what converts the token, what writes the value

The rule: one table with one row a type; a type without a row cannot be served and says so when the server starts.
Objects and collections (`json_binding`, `json_writer`) may not live here.
Source: J JsonContract.cs (InternalReadType), JsonSerializerInternalReader.EnsureType, Utilities/ConvertUtils.cs,
JsonConvert.cs, Utilities/JavaScriptUtils.cs; System.Convert.ChangeType.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from json.encoder import encode_basestring
from typing import Any

from contracts.model import Model
from contracts.scalars import SCALARS
from mockserver.webapi import base64_text, dates, guids, time_spans, uris
from mockserver.webapi.blanks import WHITE
from mockserver.webapi.dates import DateTime, DateTimeOffset
from mockserver.webapi.json_numbers import NumberError, fit_decimal, number_text, to_double
from mockserver.webapi.numbers import LAST_CHAR, NAMED, boolean, general, integer, single, wrapped

Convert = Callable[[str, Any], Any]
Write = Callable[[Any, datetime.tzinfo], str]


_LONG = range(-(2**63), 2**63)
#: The digits, in bits, that a double keeps.
_MANTISSA = 53


class TokenError(ValueError):
    """The token cannot become a value of the type."""


@dataclass(frozen=True)
class JsonScalar:
    """`read` how the reader is asked for the token, `convert` token and value to the value, `write` to JSON text."""

    read: str
    convert: Convert
    write: Write


# JavaScriptUtils.WriteEscapedJavaScriptString: quotes, backslash, controls below 0x20, NEL, LS and PS.
_ESCAPED = re.compile('["\\\\\x00-\x1f\x85\u2028\u2029]')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f", "\b": "\\b"}


def quote(text: str) -> str:
    """The text as a JSON string in Json.NET's spelling."""
    if text.isascii():  # within ASCII the standard library spells every escape as Json.NET does, and faster
        return encode_basestring(text)
    return '"' + _ESCAPED.sub(lambda match: _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04x}", text) + '"'


# Where the reader was not asked for a string, Convert.ChangeType makes one of a number.
def _string(token: str, value: Any) -> Any:
    if token in ("Integer", "Float", "Boolean"):
        return number_text(value)
    if token != "String":
        raise TokenError(token)
    return value


def _date(token: str, value: Any) -> Any:
    if not isinstance(value, DateTime):
        raise TokenError(token)
    return value


def _date_offset(token: str, value: Any) -> Any:
    if not isinstance(value, DateTimeOffset):
        raise TokenError(token)
    return value


def _bytes(token: str, value: Any) -> Any:
    if token != "Bytes":
        raise TokenError(token)
    return value


def _text_by(read: Callable[[str], Any]) -> Convert:
    """A type that only a string can become."""

    def convert(token: str, value: Any) -> Any:
        if token != "String":
            raise TokenError(token)
        return read(value)

    return convert


def _integer(low: int, high: int) -> Convert:
    """Convert.ToInt…: strings are parsed, fractions rounded half to even, booleans are 1 and 0."""

    def convert(token: str, value: Any) -> int:
        if token == "String":
            return integer(value, low, high)
        if token not in ("Integer", "Float", "Boolean") or value != value:
            raise TokenError(token)
        number = value if isinstance(value, int) else Decimal(value).to_integral_value(ROUND_HALF_EVEN)
        if not low <= number <= high:
            raise TokenError(f"{value} is out of range")
        return int(number)

    return convert


def _decimal(token: str, value: Any) -> Decimal:
    if token not in ("Integer", "Float"):
        raise TokenError(token)
    return fit_decimal(Decimal(value))


def _double(token: str, value: Any) -> float:
    if token == "String":
        text = value.strip(WHITE)
        return NAMED[text] if text in NAMED else to_double(text.replace(",", ""))
    if token not in ("Integer", "Float", "Boolean"):
        raise TokenError(token)
    return _from_big(value) if token == "Integer" and value not in _LONG else float(value)


# BigInteger's explicit conversion (NumericsHelpers.GetDoubleFromParts): what does not fit is cut off, never rounded.
def _from_big(value: int) -> float:
    spare = max(value.bit_length() - _MANTISSA, 0)
    cut = abs(value) >> spare << spare
    try:
        return float(cut if value > 0 else -cut)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _single(token: str, value: Any) -> float:
    """A number too large is infinite, a text that says one is none."""
    found = _double(token, value)
    try:
        return single(found)
    except ValueError:
        if token == "String":
            raise
        return float("inf") if found > 0 else float("-inf")


#: What ConvertUtils.FromBigInteger converts to; it does not know the types' Nullable forms.
_FROM_BIG = ("Double", "Single", "UInt64")


def big_for_another(token: str, value: Any, clr: str, *, nullable: bool) -> bool:
    """Whether a number beyond Int64 meets a type that no such number is converted to."""
    return token == "Integer" and value not in _LONG and (nullable or clr not in _FROM_BIG)


def _boolean(token: str, value: Any) -> bool:
    if token == "String":
        return boolean(value)
    if token not in ("Integer", "Float", "Boolean"):
        raise TokenError(token)
    return bool(value)


def _char(token: str, value: Any) -> str:
    if token == "String" and len(value) == 1 and value <= LAST_CHAR:
        return str(value)
    if token == "Integer" and 0 <= value <= ord(LAST_CHAR):
        return chr(value)
    raise TokenError(token)


def _write_text(value: Any, _zone: datetime.tzinfo) -> str:
    return quote(value)


def _write_plain(value: Any, _zone: datetime.tzinfo) -> str:
    return str(value)


# JsonConvert.ToString(double): "R", then ".0" where neither a point nor an exponent shows that it is no integer.
def _write_float(digits: int, exact: int) -> Write:
    def write(value: Any, _zone: datetime.tzinfo) -> str:
        text = general(value, digits, exact)
        if value != value or text.endswith("Infinity"):
            return quote(text)
        return text if "." in text or "E" in text else text + ".0"

    return write


def _write_decimal(value: Any, _zone: datetime.tzinfo) -> str:
    text = f"{value:f}"
    return text if "." in text else text + ".0"


def _int_row(clr: str) -> JsonScalar:
    low, high = SCALARS[clr].json["minimum"], SCALARS[clr].json["maximum"]
    return JsonScalar("int32" if clr == "Int32" else "any", _integer(low, high), _write_plain)


#: Every scalar type by CLR name, and byte[] as Bytes.
JSON_SCALARS: Mapping[str, JsonScalar] = {
    "String": JsonScalar("string", _string, _write_text),
    "Guid": JsonScalar("any", _text_by(guids.read), _write_text),
    "DateTime": JsonScalar("date", _date, lambda value, zone: f'"{dates.write(value, zone)}"'),
    "DateTimeOffset": JsonScalar("offset", _date_offset, lambda value, zone: f'"{dates.write_offset(value)}"'),
    "Boolean": JsonScalar("any", _boolean, lambda value, zone: "true" if value else "false"),
    "Decimal": JsonScalar("decimal", _decimal, _write_decimal),
    "Double": JsonScalar("any", _double, _write_float(15, 17)),
    "Single": JsonScalar("any", _single, _write_float(7, 9)),
    "Char": JsonScalar("any", _char, _write_text),
    "Uri": JsonScalar("any", _text_by(uris.read), _write_text),
    "Bytes": JsonScalar("bytes", _bytes, lambda value, zone: f'"{base64_text.write(value)}"'),
    "TimeSpan": JsonScalar("any", _text_by(time_spans.read), lambda value, zone: f'"{time_spans.write(value)}"'),
    **{clr: _int_row(clr) for clr, scalar in SCALARS.items() if scalar.json["type"] == "integer"},
}


# The page shows the numbers, not the type behind them: Int32 is C#'s own, Int64 what larger ones need.
def enum_width(enum: Model) -> int:
    """The bits of an enumeration's numbers."""
    return 32 if all(-(2**31) <= member.value < 2**31 for member in enum.members) else 64


# Enum.Parse(ignoreCase) for strings, Enum.ToObject for numbers: any number will do.
def read_enum(enum: Model, token: str, value: Any) -> int:
    if token == "Integer":
        return wrapped(value, enum_width(enum))
    if token == "Boolean":
        return int(value)
    if token != "String":
        raise ValueError(value)
    text = value.strip()
    if text[:1].isdigit() or text[:1] in "+-":
        most = 1 << enum_width(enum) - 1
        return integer(text, -most, most - 1)
    by_name = {member.name.lower(): member.value for member in enum.members}
    if enum.as_string.value:  # StringEnumConverter knows an EnumMember's value as well
        by_name |= {member.xml.lower(): member.value for member in enum.members if member.xml}
    total = 0
    for part in text.split(","):
        if part.strip().lower() not in by_name:
            raise ValueError(part)
        total |= by_name[part.strip().lower()]
    return total


__all__ = ["JSON_SCALARS", "JsonScalar", "NumberError", "TokenError", "big_for_another", "quote", "read_enum"]
