"""Records as text for a store, and back without a loss.

The rule: what `load` gives equals what `dump` was given, value by value and type by type. The text is JSON with the
types JSON lacks tagged; no wire format's spelling may be mistaken for it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from json.encoder import encode_basestring_ascii
from typing import Any

from contracts.model import Model
from mockserver.webapi.boxed import Boxed
from mockserver.webapi.dates import DateTime, DateTimeOffset

Record = dict[str, Any]
_ENCODER = json.JSONEncoder(separators=(",", ":"))  # json.dumps would make one for each record


def _packed(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return {"float": repr(value)}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, DateTime):
        return {"date": [value.ticks, value.kind]}
    if isinstance(value, DateTimeOffset):
        return {"offset": [value.ticks, value.minutes]}
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode("ascii")}
    if isinstance(value, Boxed):
        return {"boxed": [value.clr, _packed(value.value)]}
    if isinstance(value, list):
        return [_packed(item) for item in value]
    if isinstance(value, tuple):
        return {"pair": [_packed(item) for item in value]}
    if isinstance(value, dict):
        if all(type(key) is str for key in value):
            return {"object": {key: _packed(item) for key, item in value.items()}}
        return {"map": [[_packed(key), _packed(item)] for key, item in value.items()]}
    raise TypeError(f"{type(value).__name__} is no value of a record")


def _unpacked(value: Any) -> Any:
    if isinstance(value, list):
        return [_unpacked(item) for item in value]
    if not isinstance(value, dict):
        return value
    ((tag, inner),) = value.items()
    return _TAGS[tag](inner)


_TAGS: Mapping[str, Callable[[Any], Any]] = {
    "float": float,
    "decimal": Decimal,
    "date": lambda inner: DateTime(*inner),
    "offset": lambda inner: DateTimeOffset(*inner),
    "bytes": base64.b64decode,
    "boxed": lambda inner: Boxed(inner[0], _unpacked(inner[1])),
    "pair": lambda inner: tuple(_unpacked(item) for item in inner),
    "object": lambda inner: {key: _unpacked(item) for key, item in inner.items()},
    "map": lambda inner: {_unpacked(key): _unpacked(item) for key, item in inner},
}


def _text(value: Any) -> str:
    return _ENCODER.encode(_packed(value))


#: What nearly all values are, without an encoder made for each.
_TEXTS: Mapping[type, Callable[[Any], str]] = {
    str: encode_basestring_ascii,
    type(None): lambda _: "null",
    bool: lambda value: "true" if value else "false",
    int: int.__repr__,
    DateTime: lambda value: f'{{"date":[{value.ticks},"{value.kind}"]}}',
}


def dump(model: Model, record: Record) -> str:
    """The record as text, members in the model's order."""
    values = [record[prop.name] for prop in model.properties]
    return f"[{','.join([_TEXTS.get(type(value), _text)(value) for value in values])}]"


def load(model: Model, text: str) -> Record:
    """The record that `dump` wrote."""
    values = json.loads(text)
    return {prop.name: _unpacked(value) for prop, value in zip(model.properties, values, strict=True)}
