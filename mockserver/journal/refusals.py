"""What an error answer says: its message, and its words by member and by URI parameter.

The rule: the answer's bytes alone are looked at, in JSON or XML, in either casing; whatever they are, nothing fails.
Source: W HttpError.cs (Message, MessageDetail, ModelState; in XML the keys are spelled by XmlConvert.EncodeLocalName).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from mockserver.webapi.http import Response

_LONGEST = 1000


@dataclass(frozen=True)
class Refusal:
    """An error's message, and what it says of which member ("" for the body as a whole) and of which parameter."""

    message: str
    state: tuple[tuple[str, str], ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()


def read(response: Response, parameters: Iterable[str] = ()) -> Refusal:
    """What the error says, `parameters` being the operation's; its text as it is where it has no form that is known."""
    message, said = _read(response)
    of_state, of_parameters = [], []
    known = {name.lower(): name for name in parameters}
    for key, words in said:
        parameter = _parameter(key, known)
        if parameter is None:
            of_state.append((_path(key), words))
        else:
            of_parameters.append((parameter, words))
    return Refusal(message, tuple(of_state), tuple(of_parameters))


def _parameter(key: str, known: dict[str, str]) -> str | None:
    """The parameter that a key is of: "page", or "page.Int32" where the value is missing."""
    return known.get(key.lower()) or known.get(key.rpartition(".")[0].lower())


def _read(response: Response) -> tuple[str, list[tuple[str, str]]]:
    """The message, and the words by key."""
    charset = "utf-16" if response.body.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    text = response.body.decode(charset, "replace").removeprefix("\ufeff").strip()
    if text.startswith("{"):
        return _json(text)
    # The stub's own text, or a HAR's: a document with a DTD could be a bomb and is not parsed.
    if text.startswith("<") and "<!DOCTYPE" not in text and "<!ENTITY" not in text:
        return _xml(text)
    return text[:_LONGEST], []


def _json(text: str) -> tuple[str, list[tuple[str, str]]]:
    try:
        document: Any = json.loads(text)
        members = {str(name).lower(): value for name, value in document.items()}
    except (ValueError, RecursionError, AttributeError):
        return text[:_LONGEST], []
    state = members.get("modelstate")
    said = state.items() if isinstance(state, dict) else ()
    found = [(key, " ".join(map(str, words)) if isinstance(words, list) else str(words)) for key, words in said]
    return str(members.get("message", "")), found


def _xml(text: str) -> tuple[str, list[tuple[str, str]]]:
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError):
        return text[:_LONGEST], []
    state = root.find("ModelState")
    said = list(state) if state is not None else []
    return root.findtext("Message") or "", [(_decoded(child.tag), child.text or "") for child in said]


def _decoded(name: str) -> str:
    """A key as it was before it became an element's name: "Items_x005B_0_x005D_" is "Items[0]"."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), name)


def _path(key: str) -> str:
    """The path inside the parameter: "model.Start" is "Start", "models[0].Start" is "[0].Start", "model" is ""."""
    return re.sub(r"\A[^.\[]*\.?", "", key)
