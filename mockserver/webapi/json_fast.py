"""The common road of JSON: an object read by the standard parser, where both parsers agree.

The rule: whatever the standard parser refuses, or Json.NET reads differently, is left to `json_binding`: None is the
only answer then. It tells the losses that the long road would tell, and inside nested values none: what would be lost
there takes the long road (`json_fast_values`). Only speed may live here, no rule of its own.
"""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

from mockserver.webapi import altered, dates
from mockserver.webapi.json_fast_values import NotPlainError, Number, plain_value
from mockserver.webapi.json_scalars import JSON_SCALARS
from mockserver.webapi.json_scanning import spelled
from mockserver.webapi.losses import Losses
from mockserver.webapi.shapes import Member, Record, Shape, Shapes, fold

# Surrogates, deep nesting and NUL are read differently; so are long integers.
_DIFFERENT = re.compile(r"\\u[dD][89a-fA-F]|\x00")
_DEEP = 200


def _refused(_text: str) -> Any:
    raise NotPlainError


def _integer(text: str) -> int:
    if len(text) > 15:
        raise NotPlainError
    return int(text)


_DECODER = json.JSONDecoder(
    object_pairs_hook=tuple, parse_float=Number, parse_constant=_refused, parse_int=_integer, strict=True
)


def read(text: str, shapes: Shapes, shape: Shape, zone: datetime.tzinfo, losses: Losses) -> Record | None:
    """The record of a plain body, None when the long road must be taken."""
    if _DIFFERENT.search(text):
        return None
    try:
        found = _DECODER.decode(text)
        if not isinstance(found, tuple) or (found and found[0][0].startswith("$")):
            return None
        given: Record = {}
        unknown = 0
        for name, value in found:
            member = shape.by_json.get(name) or shape.by_json_folded.get(fold(name))
            if member is not None:
                if member.text and value.__class__ is str:
                    given[member.name] = value
                else:
                    given[member.name] = _value(shapes, member, value, zone, name, losses)
            else:
                unknown += 1
                _pass_over(name, value, losses)
        if unknown and text.count("[") + text.count("{") > _DEEP:
            raise NotPlainError
        if len(given) + unknown != len(found):
            _tell_duplicates(found, shape, losses)
    except (NotPlainError, ValueError, RecursionError):
        losses.clear()
        return None
    if shape.json_must and not given.keys() >= set(shape.json_must):
        losses.clear()
        return None
    return shape.defaults | given


def _pass_over(name: str, value: Any, losses: Losses) -> None:
    if isinstance(value, str | tuple | list):
        _unknown(value)
    losses.add("json.unknown", spelled(name) or '""', _shown(value))


def _tell_duplicates(found: tuple[tuple[str, Any], ...], shape: Shape, losses: Losses) -> None:
    sent: dict[str, str] = {}
    for name, value in found:
        member = shape.by_json.get(name) or shape.by_json_folded.get(fold(name))
        if member is not None:
            if isinstance(value, tuple | list | Number):  # what is added to, and numbers as they were sent
                raise NotPlainError
            before, text = sent.get(member.name), _shown(value)
            if before is not None:
                losses.add("json.duplicate", spelled(name), before, text)
            sent[member.name] = text


def _shown(value: Any) -> str:
    """A value about as it was sent; objects are pairs here."""
    return json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return {name: _plain(inner) for name, inner in value}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _unknown(value: Any) -> None:
    """A date of the framework's own in an unknown member may fail there, and a number is told as it was sent, so they
    are not passed over here."""
    if isinstance(value, str):
        if value.startswith("/Date(") or value.__class__ is Number:
            raise NotPlainError
    elif isinstance(value, tuple | list):
        for item in value:
            _unknown(item)


def _value(shapes: Shapes, member: Member, value: Any, zone: datetime.tzinfo, sent_as: str, losses: Losses) -> Any:
    if not member.settable or member.json is None:
        raise NotPlainError
    if value is None and member.nullable:
        return None
    name = member.type.name
    if member.type.kind == "scalar" and value.__class__ is str:
        if name == "Guid":
            return JSON_SCALARS[name].convert("String", value) if value[:1] != "/" else _refused(value)
        if name == "DateTime":
            found = dates.read_json(value, zone)
            if found is not None:
                if not altered.same(value, found, zone):
                    for reason in altered.reasons(name, value, found, zone):
                        losses.add(reason, sent_as, _shown(value), altered.written(name, found, zone))
                return found
    return plain_value(shapes, member.type, value, zone)
