"""An enumeration in JSON: its names, its numbers, or either where no sample shows which travels.

The rule: what a page cannot close stays open, and says why: names that an EnumMember may change unseen, a number that
a sample has and no table, values that may be combined. A member that was never set is answered as 0, whether the table
has a 0 or not (C#: the default of an enumeration). XML writes names; that is the XSD's business.
"""

from __future__ import annotations

import re
from typing import Any

from contracts.emit.shapes import RENAMED, Shapes, may_be_combined, wire_names
from contracts.model import Model

Schema = dict[str, Any]


def enumeration(shapes: Shapes, model: Model, extended: bool, answered: bool) -> Schema:
    """The schema of an enumeration's values; `extended` adds the names of numbers as code generators read them.

    openapi-generator reads x-enum-varnames, NSwag x-enumNames; a strict validator refuses keywords it does not know.
    `answered`: as a portal answers it, with the 0 of what was never set.
    """
    comments: list[str] = []
    by_name, by_number = _by_name(shapes, model, comments), _by_number(shapes, model, comments)
    unset = answered and bool(model.members) and all(member.value != 0 for member in model.members)
    if unset:
        comments.append("0 where it was never set")
        if "enum" in by_number:
            by_number = {**by_number, "enum": [0, *by_number["enum"]]}
    if extended and "enum" in by_number:
        words = [_word(model, number) for number in by_number["enum"]]
        by_number |= {"x-enum-varnames": words, "x-enumNames": words}
    if model.as_string.value is None:
        comments.append("no sample shows whether names or numbers travel")
        schema: Schema = {"anyOf": [by_name, by_number]}
    elif model.as_string.value:
        # StringEnumConverter writes a number that no member has as a number.
        schema = {"anyOf": [by_name, {"type": "integer", "enum": [0]}]} if unset else by_name
    else:
        schema = by_number
    return {**schema, "$comment": "; ".join(comments)} if comments else schema


def _word(model: Model, number: int) -> str:
    """The name of a number; one of our own for the 0 that no member has."""
    named = next((member.name for member in model.members if member.value == number), None)
    if named is not None:
        return named
    taken, word = {member.name for member in model.members}, "Unset"
    while word in taken:
        word += "_"
    return word


def described(model: Model) -> str:
    """The page's words on an enumeration, with its numbers where those may travel."""
    text = model.description.value
    if model.as_string.value is True:
        return text
    table = ", ".join(f"{member.name} = {member.value}" for member in model.members)
    return f"{text} ({table})" if text else table


def _by_name(shapes: Shapes, model: Model, comments: list[str]) -> Schema:
    names = wire_names(model)
    if model.as_string.value is False:
        return {}
    if shapes.may_be_renamed(model):
        comments.append(RENAMED)
        return {"type": "string", "examples": names}
    if may_be_combined(model):
        # Enum.ToString and Enum.Parse: "Red, Blue".
        comments.append("values may be combined")
        either = "|".join(re.escape(name) for name in names)
        return {"type": "string", "pattern": f"^(?:{either})(?:, (?:{either}))*$"}
    return {"type": "string", "enum": names}


def _by_number(shapes: Shapes, model: Model, comments: list[str]) -> Schema:
    numbers = list(dict.fromkeys(member.value for member in model.members))
    if model.as_string.value is True:
        return {}
    if shapes.is_open(model):
        comments.append("a sample has a number that no table lists")
        return {"type": "integer", "examples": numbers}
    if may_be_combined(model):
        every = 0
        for number in numbers:
            every |= number
        comments.append("values may be combined: the sum of their numbers")
        return {"type": "integer", "minimum": 0, "maximum": every}
    return {"type": "integer", "enum": numbers}
