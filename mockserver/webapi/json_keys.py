"""Names of a JSON object as a dictionary's keys, of any type, and back.

    "7" → Int32 7        "south" → Aisle.South        a date → its round-trip form

The rule: a key is the text that the type's converter takes; null is no key. What stands under it (`json_binding`,
`json_writer`) may not live here.
Source: J Serialization/JsonSerializerInternalReader.cs (PopulateDictionary), JsonSerializerInternalWriter.cs
(GetPropertyName); System.Convert.ChangeType.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from contracts.model import TypeRef
from mockserver.webapi import dates, liberal_dates, time_spans
from mockserver.webapi.boxed import Boxed
from mockserver.webapi.json_numbers import NumberError, integer_text, number_text
from mockserver.webapi.json_scalars import JSON_SCALARS, read_enum
from mockserver.webapi.json_scanning import JsonError
from mockserver.webapi.shapes import Shapes


def _date(text: str, zone: datetime.tzinfo) -> Any:
    found = dates.read_json(text, zone)
    return liberal_dates.read(text, zone, round_trip=False) if found is None else found


# What is read in another way as a value, where the reader is asked for it.
_READ: Mapping[str, Callable[[str, datetime.tzinfo], Any]] = {
    "DateTime": _date,
    "DateTimeOffset": liberal_dates.read_offset,
    "Decimal": lambda text, zone: integer_text(text, "decimal")[1],
}


def read_key(shapes: Shapes, ref: TypeRef, name: str, zone: datetime.tzinfo) -> Any:
    """The key; JsonError when the name cannot be one."""
    if ref.kind == "any":
        return Boxed("String", name)
    try:
        enum = shapes.enum(ref)
        if enum is not None:
            return read_enum(enum, "String", name)
        if ref.kind == "scalar":
            read = _READ.get(ref.name)
            return JSON_SCALARS[ref.name].convert("String", name) if read is None else read(name, zone)
    except (ValueError, NumberError) as error:
        raise JsonError(f"Could not convert string '{name}' to dictionary key type '{ref.name}'.") from error
    raise JsonError(f"Could not convert string '{name}' to dictionary key type.")


def write_key(shapes: Shapes, ref: TypeRef, key: Any, zone: datetime.tzinfo) -> str:
    """The key as a name."""
    if isinstance(key, Boxed):
        key = key.value
    enum = shapes.enum(ref)
    if enum is not None:
        return next((member.name for member in enum.members if member.value == key), str(key))
    if isinstance(key, dates.DateTime):
        return dates.write(key, zone)
    if isinstance(key, dates.DateTimeOffset):
        return dates.write_offset(key)
    if ref.name == "TimeSpan":
        return time_spans.write(key)
    return number_text(key) if isinstance(key, int | float | Decimal) else str(key)
