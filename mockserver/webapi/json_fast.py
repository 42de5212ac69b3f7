"""The common road of JSON: a plain object read by the standard parser, where both parsers agree.

The rule: whatever the standard parser refuses, or Json.NET reads differently, is left to `json_binding`: None is the
only answer then. It tells the losses that the long road would tell. Only speed may live here, no rule of its own.
"""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

from mockserver.webapi import altered, dates
from mockserver.webapi.json_scalars import JSON_SCALARS
from mockserver.webapi.json_scanning import spelled
from mockserver.webapi.losses import Losses
from mockserver.webapi.shapes import Member, Record, Shape, fold

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


def read(text: str, shape: Shape, zone: datetime.tzinfo, losses: Losses) -> Record | None:
    """The record of a plain body, None when the long road must be taken."""
    if _DIFFERENT.search(text) or text.count("[") + text.count("{") > _DEEP:
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
                    given[member.name] = _value(member, value, zone, name, losses)
            else:
                unknown += 1
                _pass_over(name, value, losses)
    except (_NotPlainError, ValueError, RecursionError):
        losses.clear()
        return None
    if shape.json_must and not given.keys() >= set(shape.json_must):
        losses.clear()
        return None
    if len(given) + unknown != len(found):
        _tell_duplicates(found, shape, losses)
    return shape.defaults | given


def _pass_over(name: str, value: Any, losses: Losses) -> None:
    losses.add("json.unknown", spelled(name) or '""', _shown(value))
    if isinstance(value, str | tuple | list):
        _unknown(value)


def _tell_duplicates(found: tuple[tuple[str, Any], ...], shape: Shape, losses: Losses) -> None:
    sent: dict[str, str] = {}
    for name, value in found:
        member = shape.by_json.get(name) or shape.by_json_folded.get(fold(name))
        if member is not None:
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
    """A date of the framework's own in an unknown member may fail there, so it is not passed over here."""
    if isinstance(value, str):
        if value.startswith("/Date("):
            raise _NotPlainError
    elif isinstance(value, tuple | list):
        for item in value:
            _unknown(item)


def _value(member: Member, value: Any, zone: datetime.tzinfo, sent_as: str, losses: Losses) -> Any:
    if member.type.kind != "scalar" or not member.settable or member.json is None:
        raise _NotPlainError
    if value is None and member.nullable:
        return None
    name = member.type.name
    if name == "Guid" and isinstance(value, str):
        return JSON_SCALARS[name].convert("String", value) if value[:1] != "/" else _refused(value)
    if name == "DateTime" and isinstance(value, str):
        found = dates.read_json(value, zone)
        if found is not None:
            if not altered.same(value, found, zone):
                for reason in altered.reasons(name, value, found, zone):
                    losses.add(reason, sent_as, _shown(value), altered.written(name, found, zone))
            return found
    raise _NotPlainError
