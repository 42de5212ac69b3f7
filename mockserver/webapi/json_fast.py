"""The common road of JSON: a plain object read by the standard parser, where both parsers agree.

The rule: whatever the standard parser refuses, or Json.NET reads differently, is left to `json_binding`: None is the
only answer then. Only speed may live here, no rule of its own.
"""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

from mockserver.webapi import dates
from mockserver.webapi.json_scalars import JSON_SCALARS
from mockserver.webapi.shapes import Record, Shape, fold

# Surrogates, deep nesting and NUL are read differently; so is every number but a short integer.
_DIFFERENT = re.compile(r"\\u[dD][89a-fA-F]|\x00")
_DEEP = 200


class _NotPlainError(Exception):
    pass


def _refused(_text: str) -> Any:
    raise _NotPlainError


def _integer(text: str) -> int:
    if len(text) > 15:
        raise _NotPlainError
    return int(text)


_DECODER = json.JSONDecoder(
    object_pairs_hook=tuple, parse_float=_refused, parse_constant=_refused, parse_int=_integer, strict=True
)


def read(text: str, shape: Shape, zone: datetime.tzinfo) -> Record | None:
    """The record of a plain body, None when the long road must be taken."""
    if _DIFFERENT.search(text) or text.count("[") + text.count("{") > _DEEP:
        return None
    try:
        found = _DECODER.decode(text)
        if not isinstance(found, tuple) or (found and found[0][0].startswith("$")):
            return None
        record = shape.blank()
        for name, value in found:
            member = shape.by_json.get(name) or shape.by_json_folded.get(fold(name))
            if member is not None:
                record[member.name] = _value(member.type.kind, member.type.name, member.nullable, value, zone)
            elif isinstance(value, str | tuple | list):
                _unknown(value)
    except (_NotPlainError, ValueError, RecursionError):
        return None
    return record


def _unknown(value: Any) -> None:
    """A date of the framework's own in an unknown member may fail there, so it is not passed over here."""
    if isinstance(value, str):
        if value.startswith("/Date("):
            raise _NotPlainError
    elif isinstance(value, tuple | list):
        for item in value:
            _unknown(item)


def _value(kind: str, name: str, nullable: bool, value: Any, zone: datetime.tzinfo) -> Any:
    if kind != "scalar":
        raise _NotPlainError
    if value is None and nullable:
        return None
    if name == "String" and isinstance(value, str):
        return value
    if name == "Guid" and isinstance(value, str):
        return JSON_SCALARS[name].convert("String", value) if value[:1] != "/" else _refused(value)
    if name == "DateTime" and isinstance(value, str):
        found = dates.read_json(value, zone)
        if found is not None:
            return found
    raise _NotPlainError
