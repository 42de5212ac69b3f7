"""What an error answer says: its message, and its words by member.

The rule: the answer's bytes alone are looked at, in JSON or XML, in either casing; whatever they are, nothing fails.
Source: W HttpError.cs (Message, MessageDetail, ModelState).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from mockserver.webapi.http import Response

_LONGEST = 1000


@dataclass(frozen=True)
class Refusal:
    """An error's message, and what it says of which member ("" for the body as a whole)."""

    message: str
    state: tuple[tuple[str, str], ...] = ()


def read(response: Response) -> Refusal:
    """What the error says; its text as it is where it has no form that is known."""
    charset = "utf-16" if response.body.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    text = response.body.decode(charset, "replace").removeprefix("\ufeff").strip()
    if text.startswith("{"):
        return _json(text)
    # The stub's own text, or a HAR's: a document with a DTD could be a bomb and is not parsed.
    if text.startswith("<") and "<!DOCTYPE" not in text and "<!ENTITY" not in text:
        return _xml(text)
    return Refusal(text[:_LONGEST])


def _json(text: str) -> Refusal:
    try:
        document: Any = json.loads(text)
        members = {str(name).lower(): value for name, value in document.items()}
    except (ValueError, RecursionError, AttributeError):
        return Refusal(text[:_LONGEST])
    state = members.get("modelstate")
    said = state.items() if isinstance(state, dict) else ()
    found = tuple(
        (_path(key), " ".join(map(str, words)) if isinstance(words, list) else str(words)) for key, words in said
    )
    return Refusal(str(members.get("message", "")), found)


def _xml(text: str) -> Refusal:
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError):
        return Refusal(text[:_LONGEST])
    state = root.find("ModelState")
    said = list(state) if state is not None else []
    return Refusal(root.findtext("Message") or "", tuple((_path(child.tag), child.text or "") for child in said))


def _path(key: str) -> str:
    """The path inside the parameter: "model.Start" is "Start", "model" is ""."""
    head, dot, rest = key.partition(".")
    return rest if dot else key[head.find("[") :] if "[" in head else ""
