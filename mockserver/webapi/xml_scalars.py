"""XML and the scalar types: element text to value and back.

    CLR type → what reads the text, what writes the value; an enumeration's names; what a list's elements are called

The rule: one table with one row a type; what cannot be read is a ValueError. Elements and nil (`datacontract`,
`xml_writer`) may not live here.
Source: S XmlReaderDelegator.cs, XmlWriterDelegator.cs; System.Xml XmlConvert.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from contracts.model import Model
from contracts.scalars import SCALARS
from mockserver.webapi import base64_text, dates, guids, time_spans, uris, xsd_dates
from mockserver.webapi.blanks import WHITE
from mockserver.webapi.json_numbers import to_decimal, to_double
from mockserver.webapi.numbers import NAMED, general, integer, single

_BLANKS = "\t\n\r "
# XmlConvert.ToDouble: its own words, else Double.Parse, which has words too.
_ENDLESS = {"INF": float("inf"), "-INF": float("-inf"), **NAMED}
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\Z")


@dataclass(frozen=True)
class XmlScalar:
    """`read` text to value (ValueError when it is none), `write` value to text."""

    read: Callable[[str, datetime.tzinfo], Any]
    write: Callable[[Any, datetime.tzinfo], str]


def read_boolean(text: str, _zone: datetime.tzinfo) -> bool:
    word = text.strip(_BLANKS)
    if word not in ("true", "1", "false", "0"):
        raise ValueError(text)
    return word in ("true", "1")


def _decimal(text: str, _zone: datetime.tzinfo) -> Decimal:
    text = text.strip(WHITE)
    if not _DECIMAL.match(text):
        raise ValueError(text)
    return to_decimal(text)


def _double(text: str, _zone: datetime.tzinfo) -> float:
    text = text.strip(WHITE)
    return _ENDLESS[text] if text in _ENDLESS else to_double(text)


def _write_float(digits: int, exact: int) -> Callable[[Any, datetime.tzinfo], str]:
    return lambda value, zone: general(value, digits, exact).replace("Infinity", "INF")


def _plain(value: Any, _zone: datetime.tzinfo) -> str:
    return str(value)


def _integer_row(clr: str) -> XmlScalar:
    low, high = SCALARS[clr].json["minimum"], SCALARS[clr].json["maximum"]
    return XmlScalar(lambda text, zone: integer(text, low, high), _plain)


#: Every scalar type by CLR name, and byte[] as Bytes; a DateTimeOffset is an element of two parts and has no row.
XML_SCALARS: Mapping[str, XmlScalar] = {
    "String": XmlScalar(lambda text, zone: text, _plain),
    "Guid": XmlScalar(lambda text, zone: guids.read(text), _plain),
    "DateTime": XmlScalar(xsd_dates.read, dates.write),
    "Boolean": XmlScalar(read_boolean, lambda value, zone: "true" if value else "false"),
    "Decimal": XmlScalar(_decimal, lambda value, zone: f"{value:f}"),
    "Double": XmlScalar(_double, _write_float(15, 17)),
    "Single": XmlScalar(lambda text, zone: single(_double(text, zone)), _write_float(7, 9)),
    "Char": XmlScalar(lambda text, zone: chr(integer(text, 0, 0xFFFF)), lambda value, zone: str(ord(value))),
    "Uri": XmlScalar(lambda text, zone: uris.read(text), lambda value, zone: uris.write(value)),
    "Bytes": XmlScalar(lambda text, zone: base64_text.read(text), lambda value, zone: base64_text.write(value)),
    "TimeSpan": XmlScalar(
        lambda text, zone: time_spans.read_duration(text), lambda value, zone: time_spans.write_duration(value)
    ),
    **{clr: _integer_row(clr) for clr, scalar in SCALARS.items() if scalar.json["type"] == "integer"},
}

#: What a list's elements of simple types are called where that is not the CLR name in lower case.
ITEM_NAMES = {
    "Int16": "short", "Int32": "int", "Int64": "long", "UInt16": "unsignedShort", "UInt32": "unsignedInt",
    "UInt64": "unsignedLong", "Byte": "unsignedByte", "SByte": "byte", "Single": "float", "Uri": "anyURI",
    "TimeSpan": "duration",
}  # fmt: skip


def read_enum(enum: Model, text: str) -> int:
    """EnumDataContract.ReadEnumValue: the exact name that XML has for a member."""
    for member in enum.members:
        if (member.xml or member.name) == text:
            return member.value
    raise ValueError(f"the value {text}")
