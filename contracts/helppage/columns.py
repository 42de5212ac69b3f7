"""What the columns of a page's table hold, by the words above them: the package's own, and those of customised sites.

The rule: a table of known words, no guess by position. A table without a name column is not understood.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# What a column holds → what stands above it, in small letters; the package's own word first.
_WORDS = {
    "name": ("name", "property", "parameter", "field", "member", "property name", "parameter name"),
    "description": ("description", "documentation", "note", "notes", "comment", "comments", "summary"),
    "type": ("type", "data type", "datatype"),
    "notes": ("additional information", "constraints", "details", "annotations", "remarks", "validation"),
}


@dataclass(frozen=True)
class Columns:
    """Where each part of a row stands, None where the table has no such column; `count` cells make a row."""

    count: int
    name: int
    description: int | None
    type: int | None
    notes: int | None


def columns_of(heading: Sequence[str]) -> Columns | None:
    """The columns under a heading row; None where no column is known to hold names.

    >>> columns_of(["Name", "Description", "Type", "Additional information"])
    Columns(count=4, name=0, description=1, type=2, notes=3)
    """
    words = [word.strip().lower() for word in heading]
    found = {part: next((at for at, word in enumerate(words) if word in known), None) for part, known in _WORDS.items()}
    if found["name"] is None:
        return None
    return Columns(len(words), found["name"], found["description"], found["type"], found["notes"])
