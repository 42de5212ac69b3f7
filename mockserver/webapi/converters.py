"""Texts to values of one type, as System.ComponentModel's type converters make them: forms, paths and queries share it.

    "12"   Int32 → 12         "south"       Aisle → 1        "North, West"   Aisle → 0 | 8

The rule: the invariant culture; ValueError (or NumberError) for what is none, TooLargeError where the framework does
not say what is wrong. Blanks and where a text comes from are the callers'.
Source: System.ComponentModel EnumConverter, NullableConverter; System.Enum.Parse.
"""

from __future__ import annotations

import datetime
from typing import Any

from contracts.model import Model, TypeRef
from mockserver.webapi.blanks import WHITE
from mockserver.webapi.form_scalars import FORM_SCALARS
from mockserver.webapi.json_scalars import enum_width
from mockserver.webapi.numbers import integer
from mockserver.webapi.shapes import Shapes


def read_text(shapes: Shapes, ref: TypeRef, text: str, zone: datetime.tzinfo) -> Any:
    """The value of that type; a type that no text can be is a ValueError."""
    enum = shapes.enum(ref)
    if enum is not None:
        return read_enum(enum, text)
    if ref.kind != "scalar":
        raise ValueError(ref.kind)
    return FORM_SCALARS[ref.name](text, zone)


# Enum.Parse: names in any case and numbers, several joined by commas; a number need not be any member's.
def read_enum(model: Model, text: str) -> int:
    """The number of a member's name, of a number, or of several of them together."""
    by_name = {member.name.lower(): member.value for member in model.members}
    most = 1 << enum_width(model) - 1
    found = 0
    for word in text.split(","):
        word = word.strip(WHITE)
        found |= by_name[word.lower()] if word.lower() in by_name else integer(word, -most, most - 1)
    return found
