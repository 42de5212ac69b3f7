"""Records to JSON text in Json.NET's spelling: no blanks, members in the samples' order, null written out.

The rule: every member of the contract is written, also those at their default. Scalars are in `json_scalars`, error
bodies in `http_errors`.
Source: J Serialization/JsonSerializerInternalWriter.cs, JsonTextWriter.cs.
"""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Any

from contracts.model import Model, TypeRef
from contracts.naming import json_name, key_name
from mockserver.webapi import json_tokens
from mockserver.webapi.computed import made
from mockserver.webapi.json_keys import write_key
from mockserver.webapi.json_scalars import JSON_SCALARS, quote
from mockserver.webapi.shapes import Record, Shape, Shapes


def write_record(shapes: Shapes, shape: Shape, record: Record, zone: datetime.tzinfo) -> str:
    """The record as a JSON object."""
    parts = []
    for member in shape.json_order:
        value, ref = record[member.name], member.type
        if member.odd:
            if not member.emit and value == member.default:
                continue
            if member.recipe is not None:
                value = made(member.recipe, record)
        if value is None:
            text = "null"
        elif ref.kind == "scalar":  # nearly all are: one call less
            text = JSON_SCALARS[ref.name].write(value, zone)
        else:
            text = write_value(shapes, ref, value, zone)
        parts.append(f"{_quoted_name(member.json or member.name)}:{text}")
    return "{" + ",".join(parts) + "}"


#: Names come from the contract alone, so there are few of them.
_quoted_name = lru_cache(maxsize=None)(quote)


def write_value(shapes: Shapes, ref: TypeRef, value: Any, zone: datetime.tzinfo) -> str:
    """Any value as JSON, by its type."""
    if value is None:
        return "null"
    if ref.kind == "scalar":
        return JSON_SCALARS[ref.name].write(value, zone)
    if isinstance(value, bytes):
        return JSON_SCALARS["Bytes"].write(value, zone)
    if ref.kind == "collection" and ref.item is not None:
        return "[" + ",".join(write_value(shapes, ref.item, item, zone) for item in value) + "]"
    if ref.kind == "dictionary" and ref.item is not None and ref.key is not None:
        pairs = []
        for key, item in value.items():
            name = key_name(write_key(shapes, ref.key, key, zone), shapes.casing)
            pairs.append(f"{quote(name)}:{write_value(shapes, ref.item, item, zone)}")
        return "{" + ",".join(pairs) + "}"
    if ref.kind == "pair" and ref.item is not None and ref.key is not None:
        names = (json_name(name, shapes.casing) for name in ("Key", "Value"))
        both = zip(names, (ref.key, ref.item), value, strict=True)
        return "{" + ",".join(f'"{name}":{write_value(shapes, kind, one, zone)}' for name, kind, one in both) + "}"
    enum = shapes.enum(ref)
    if enum is not None:
        return _enum(enum, value)
    if ref.kind == "model":
        return write_record(shapes, shapes[ref.name], value, zone)
    return json_tokens.write(value, zone)


# StringEnumConverter.WriteJson: a value without a name is written as a number.
def _enum(enum: Model, value: int) -> str:
    if enum.as_string.value:
        for member in enum.members:
            if member.value == value:
                return quote(member.xml or member.name)
    return str(value)
