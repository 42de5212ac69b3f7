"""Records to JSON text in Json.NET's spelling: no blanks, members in the samples' order, null written out.

The rule: every member of the contract is written, also those at their default. Scalars are in `json_scalars`, error
bodies in `http_errors`.
Source: J Serialization/JsonSerializerInternalWriter.cs, JsonTextWriter.cs.
"""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Any

from contracts.model import TypeRef
from contracts.naming import json_name
from mockserver.webapi.json_scalars import JSON_SCALARS, quote
from mockserver.webapi.shapes import Record, Shape, Shapes


def write_record(shapes: Shapes, shape: Shape, record: Record, zone: datetime.tzinfo) -> str:
    """The record as a JSON object."""
    parts = []
    for member in shape.json_order:
        value, ref = record[member.name], member.type
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
    if ref.kind == "collection" and ref.item is not None:
        return "[" + ",".join(write_value(shapes, ref.item, item, zone) for item in value) + "]"
    if ref.kind == "dictionary" and ref.item is not None:
        casing = shapes.contract.casing.value or "PascalCase"
        return (
            "{"
            + ",".join(
                f"{quote(json_name(key, casing))}:{write_value(shapes, ref.item, item, zone)}"
                for key, item in value.items()
            )
            + "}"
        )
    enum = shapes.enum(ref)
    if enum is not None:
        names = {member.value: member.name for member in enum.members}
        return quote(names[value]) if enum.as_string.value and value in names else str(value)
    if ref.kind == "model":
        return write_record(shapes, shapes[ref.name], value, zone)
    return _untyped(value)


def _untyped(value: Any) -> str:
    """A value of type Object: what the reader kept of it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else quote(str(value))
