"""The common road's values: what the standard parser gave, as the type wants it, where nothing is lost or odd.

The rule: NotPlainError for everything that Json.NET would treat otherwise, refuse or not keep in full; then the long
road (`json_binding`) decides. Only speed may live here, no rule of its own.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from contracts.model import TypeRef
from contracts.scalars import SCALARS
from mockserver.webapi import altered, base64_text, dates
from mockserver.webapi.json_scalars import JSON_SCALARS
from mockserver.webapi.shapes import Record, Shape, Shapes, fold
from mockserver.webapi.type_names import is_bytes

#: As many digits as a double keeps, and more levels than a model has.
_DIGITS, _DEEPEST = 15, 100


class NotPlainError(Exception):
    """The long road must be taken."""


class Number(str):
    """The text of a number with a point or an exponent."""

    __slots__ = ()


def plain_value(shapes: Shapes, ref: TypeRef, value: Any, zone: datetime.tzinfo, depth: int = 0) -> Any:
    """The value of that type; objects come as tuples of pairs."""
    if depth > _DEEPEST:
        raise NotPlainError
    if ref.kind == "scalar":
        return _scalar(ref.name, value, zone)
    if ref.kind == "model":
        shape = shapes.object(ref)
        return _enum(shapes, ref, value) if shape is None else _object(shapes, shape, value, zone, depth)
    if ref.kind == "collection" and ref.item is not None:
        if is_bytes(ref):
            if value.__class__ is not str:
                raise NotPlainError
            return base64_text.read(value)
        if value.__class__ is list:
            return [_item(shapes, ref.item, item, zone, depth) for item in value]
    if ref.kind == "dictionary" and ref.item is not None and ref.key == TypeRef("scalar", "String"):
        return _dictionary(shapes, ref.item, value, zone, depth)
    raise NotPlainError


def _item(shapes: Shapes, ref: TypeRef, value: Any, zone: datetime.tzinfo, depth: int) -> Any:
    if value is None:
        if shapes.value_type(ref):
            raise NotPlainError
        return None
    return plain_value(shapes, ref, value, zone, depth + 1)


def _object(shapes: Shapes, shape: Shape, value: Any, zone: datetime.tzinfo, depth: int) -> Record:
    if value.__class__ is not tuple or (value and value[0][0].startswith("$")):
        raise NotPlainError
    given: Record = {}
    for name, inner in value:
        member = shape.by_json.get(name) or shape.by_json_folded.get(fold(name))
        if member is None or not member.settable or member.json is None:
            raise NotPlainError
        if inner is None:
            if not member.nullable:
                raise NotPlainError
            given[member.name] = None
        else:
            given[member.name] = plain_value(shapes, member.type, inner, zone, depth + 1)
    if len(given) != len(value) or not given.keys() >= set(shape.json_must):
        raise NotPlainError
    return shape.defaults | given


def _dictionary(shapes: Shapes, ref: TypeRef, value: Any, zone: datetime.tzinfo, depth: int) -> dict[Any, Any]:
    if value.__class__ is not tuple or (value and value[0][0].startswith("$")):
        raise NotPlainError
    found = {name: _item(shapes, ref, item, zone, depth) for name, item in value}
    if len(found) != len(value):
        raise NotPlainError
    return found


def _enum(shapes: Shapes, ref: TypeRef, value: Any) -> int:
    enum = shapes.enum(ref)
    for member in enum.members if enum is not None else ():
        if value == (member.name if value.__class__ is str else member.value) and value.__class__ in (str, int):
            return member.value
    raise NotPlainError


def _scalar(clr: str, value: Any, zone: datetime.tzinfo) -> Any:
    read = _READ.get(clr)
    if read is None:
        raise NotPlainError
    return read(value, zone)


def _text(value: Any, _zone: datetime.tzinfo) -> str:
    if value.__class__ is not str:
        raise NotPlainError
    return str(value)


def _date(value: Any, zone: datetime.tzinfo) -> Any:
    found = dates.read_json(value, zone) if value.__class__ is str else None
    if found is None or not altered.same(value, found, zone):
        raise NotPlainError
    return found


def _guid(value: Any, _zone: datetime.tzinfo) -> Any:
    if value.__class__ is not str or value[:1] == "/":
        raise NotPlainError
    return JSON_SCALARS["Guid"].convert("String", value)


def _boolean(value: Any, _zone: datetime.tzinfo) -> bool:
    if value.__class__ is not bool:
        raise NotPlainError
    return bool(value)


def _number(make: Callable[[str], Any]) -> Callable[[Any, datetime.tzinfo], Any]:
    def read(value: Any, _zone: datetime.tzinfo) -> Any:
        if value.__class__ is not int and (
            value.__class__ is not Number or len(value) > _DIGITS or "e" in value or "E" in value
        ):
            raise NotPlainError
        return make(str(value))

    return read


def _decimal(text: str) -> Decimal:
    found = Decimal(text)
    return found or abs(found)  # System.Decimal's zero has no sign


def _integer(clr: str) -> Callable[[Any, datetime.tzinfo], Any]:
    low, high = SCALARS[clr].json["minimum"], SCALARS[clr].json["maximum"]

    def read(value: Any, _zone: datetime.tzinfo) -> int:
        if value.__class__ is not int or not low <= value <= high:
            raise NotPlainError
        return int(value)

    return read


_READ: Mapping[str, Callable[[Any, datetime.tzinfo], Any]] = {
    "String": _text, "DateTime": _date, "Guid": _guid, "Boolean": _boolean, "Decimal": _number(_decimal),
    "Double": _number(float),
    **{clr: _integer(clr) for clr, scalar in SCALARS.items() if scalar.json["type"] == "integer"},
}  # fmt: skip
