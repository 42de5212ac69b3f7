"""What can be wrong with a request, one thing at a time, and how it is said.

The rule: a difference names where, what is wrong in one word of `PROBLEMS`, what was sent and what is wanted. What is
wrong may not be decided here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from contracts.model import Property
from mockserver.webapi.shapes import fold

#: What can be wrong, and how it is said.
PROBLEMS = {
    "path": "the path is another",
    "method": "the verb is another",
    "no body": "there is no body",
    "no type": "there is no Content-Type",
    "type not read": "the portal does not read this Content-Type",
    "not readable": "the body cannot be read in the format that its Content-Type names",
    "root": "the root element is another",
    "missing": "the member is required and is not there",
    "blank": "the member is required and says nothing",
    "unknown": "the model has no such member",
    "case": "in XML the case of a name counts",
    "namespace": "the element stands in another namespace",
    "order": "the element stands after one that must follow it",
    "value": "the portal does not take this value",
    "parameter": "the portal does not take this value of a URI parameter",
    "no value": "the URI parameter is required and has no value",
}
_CUTOFF = 0.6
_LONGEST = 200


@dataclass(frozen=True)
class Difference:
    """One thing that differs: `where` (a member's path, "parameter NAME", "path", "method", "Content-Type" or
    "body"), `problem` a key
    of PROBLEMS, what was sent and what is wanted, `meant` a similar name that there is ("" for none)."""

    where: str
    problem: str
    sent: str
    wanted: str
    meant: str = ""

    @property
    def told(self) -> str:
        """The problem in words."""
        return PROBLEMS[self.problem]


def spelled(prop: Property, format_name: str) -> str:
    """A property's name in a wire format; "" where it is not written there."""
    if format_name == "json":
        return prop.json.value or ""
    if format_name == "xml":
        return prop.xml.value.name if prop.xml.value else ""
    return prop.name


def closest(name: str, names: Iterable[str]) -> str:
    """The name that is most alike, "" when none is."""

    def key(text: str) -> str:
        return fold(text).replace("_", "").replace("-", "")

    scored = [(SequenceMatcher(None, key(name), key(one)).ratio(), one) for one in names]
    best = max(scored, key=lambda one: one[0], default=(0.0, ""))
    return best[1] if best[0] >= _CUTOFF else ""


def short(value: object) -> str:
    """A value as it may be shown: a text as it is, all else as JSON."""
    text = value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def among(names: list[str]) -> str:
    """The names that would have been known."""
    return short("one of " + ", ".join(names)) if names else ""
