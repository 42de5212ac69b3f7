"""What an annotation of the page demands of a value, as keywords of JSON Schema.

The rules are those of System.ComponentModel.DataAnnotations: null passes everything but Required; an annotation that
cannot bear on a type is left aside; DataType describes and does not validate. A text's length counts code points here
and UTF-16 units there, which differ beyond the Basic Multilingual Plane. No type is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from contracts.emit.patterns import translate
from contracts.model import Annotation, Fact, Property, TypeRef
from contracts.scalars import SCALARS

Schema = dict[str, Any]

_TEXT = TypeRef("scalar", "String")
# Int32.Parse and Double.Parse as RangeAttribute meets them; a culture's comma or a date is no number here.
_WHOLE, _BROKEN = re.compile(r"[+-]?[0-9]+"), re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def constrained(schema: Schema, annotations: Iterable[Fact[Annotation]], ref: TypeRef, *more: str) -> Schema:
    """The schema with the annotations' keywords; `more` are patterns that must match as well."""
    patterns = list(more)
    for fact in annotations:
        keywords = keywords_of(fact.value, ref)
        if "pattern" in keywords:
            patterns.append(keywords.pop("pattern"))
        schema = schema | keywords
    if len(patterns) == 1 and "pattern" not in schema:
        return schema | {"pattern": patterns[0]}
    return schema | ({"allOf": [{"pattern": pattern} for pattern in patterns]} if patterns else {})


def keywords_of(annotation: Annotation, ref: TypeRef) -> Schema:
    """The keywords of one annotation as far as they bear on the type."""
    kind, arguments = annotation.kind, annotation.arguments
    text = ref == _TEXT
    size = ("minLength", "maxLength") if text else ("minItems", "maxItems") if ref.kind == "collection" else None
    if kind == "range" and _is_number(ref):
        bounds = [number(argument) for argument in arguments]
        return {key: bound for key, bound in zip(("minimum", "maximum"), bounds, strict=True) if bound is not None}
    if kind == "min_length" and size:
        return {size[0]: int(arguments[0])}
    if kind == "max_length" and size:
        return {size[1]: int(arguments[0])}
    if kind == "string_length" and text:
        return {"minLength": int(arguments[0]), "maxLength": int(arguments[1])}
    if kind == "pattern" and text:
        translated = translate(arguments[0])
        return {"x-pattern": arguments[0]} if translated is None else {"pattern": translated}
    if kind == "data_type":
        return {"x-data-type": arguments[0]}  # DataTypeAttribute describes, it does not validate
    return {}


def refuses_a_gap(prop: Property, ref: TypeRef) -> bool:
    """Whether a member that is left out breaks a range: what cannot be null is then 0, which RangeAttribute judges."""
    if prop.nullable.value is not False or not _is_number(ref):
        return False
    for fact in prop.annotations:
        if fact.value.kind == "range":
            low, high = (number(argument) for argument in fact.value.arguments)
            if (low is not None and low > 0) or (high is not None and high < 0):
                return True
    return False


def number(text: str) -> int | float | None:
    """A bound of a range; None for one that is no plain number.

    >>> number("5"), number("0.1"), number("2,5")
    (5, 0.1, None)
    """
    if _WHOLE.fullmatch(text):
        return int(text) if len(text) < 100 else None
    value = float(text) if _BROKEN.fullmatch(text) else float("inf")
    return value if abs(value) < float("inf") else None


def _is_number(ref: TypeRef) -> bool:
    return ref.name in SCALARS and SCALARS[ref.name].json.get("type") in ("integer", "number")
