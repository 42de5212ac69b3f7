"""What the control API gives back: data as JSON, and refusals in one shape.

    {"error": what is wrong, "remedy": what to do, "faults": [...], "there is": {...}}      the last two where they help

The rule: JSON that was written elsewhere (a record as the portal writes it) passes through letter by letter: numbers
keep their digits. Programs get one line, people who look with a browser get it indented. What a route does may not
live here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

JSON = "application/json"


@dataclass(frozen=True)
class Raw:
    """JSON text that is put into an answer as it is."""

    text: str


@dataclass(frozen=True)
class Answer:
    """A status, and data for JSON; or with a `media_type` of its own text, bytes, or bytes piece by piece."""

    data: Any = None
    status: int = 200
    media_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


#: Done, and nothing to tell.
DONE = Answer(status=204)


class Refused(Exception):  # noqa: N818  it is an answer, not a fault of ours
    """A call that cannot be done: its answer in the shape above; `more` are further members."""

    def __init__(self, status: int, error: str, remedy: str, headers: Mapping[str, str] | None = None, **more: Any):
        super().__init__(error)
        self.status, self.headers = status, dict(headers or {})
        self.data = {"error": error, "remedy": remedy, **more}

    @classmethod
    def of(cls, error: Exception, status: int = 400, **more: Any) -> Refused:
        """That of an error of this project, whose text ends with what to do."""
        what, _, remedy = str(error).partition("\n    what to do: ")
        return cls(status, what, remedy, **more)


def text_of(value: Any) -> str:
    """The data as JSON text in one line."""
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_quoted(str(name))}:{text_of(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(text_of, value)) + "]"
    return _quoted(value)


def _quoted(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def exact(text: str | bytes) -> Any:
    """Parsed JSON whose numbers keep their digits; ValueError for no JSON, and for a member that stands there twice."""
    return json.loads(text, parse_float=Raw, parse_int=Raw, parse_constant=_no_number, object_pairs_hook=_once)


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number of JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen = set[str]()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise ValueError(f"the member {twice} stands there more than once")
    return found


_HALF = re.compile("[\ud800-\udfff]")


def encoded(text: str) -> bytes:
    """JSON text as UTF-8; half a surrogate pair, which UTF-8 has not, is escaped."""
    return _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", text).encode()


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')


def indented(text: str) -> str:
    """JSON text with a line for each member, every token as it stands there."""
    return "".join(_indented(_TOKEN.findall(text))) + "\n"


def _indented(tokens: list[str]) -> Iterable[str]:
    depth = 0
    for place, token in enumerate(tokens):
        if token in "}]":
            depth -= 1
            if tokens[place - 1] not in "{[":
                yield "\n" + "  " * depth
        elif place and tokens[place - 1] in ("{", "[", ","):
            yield "\n" + "  " * depth
        yield token + " " if token == ":" else token
        if token in ("{", "["):
            depth += 1
