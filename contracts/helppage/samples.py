"""A sample's text as a tree whose every node knows its line on the page.

`parse_json` and `parse_xml` read the two syntaxes; numbers keep their spelling, since "3.0" and "3.1" tell decimal from
double. The rule: text that is no JSON or XML is a `SampleError` with the line on which it ends to make sense.
Nothing here compares or infers.
"""

from __future__ import annotations

import json.decoder
import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from contracts.naming import INSTANCE

_SCHEMA = "http://www.w3.org/2001/XMLSchema"

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_BLANK = re.compile(r"[ \t\n\r]*")
_END = re.compile(r"\n")
_WORDS = {"true": True, "false": False, "null": None}
_DEEPEST = 60
# What expat says of XML that ends too early: no element, an unclosed token, half a character, an unclosed CDATA.
_ENDED = (3, 5, 6, 20)


class SampleError(ValueError):
    """The text is not what its syntax demands; `line` is 0-based within the sample.

    `foreign` says that a sample may be there, but other words stand around it, `cut` that the text ends too early.
    """

    def __init__(self, line: int, what: str, foreign: bool = False, cut: bool = False):
        self.line = line
        self.foreign = foreign
        self.cut = cut
        super().__init__(what)


@dataclass(frozen=True)
class Number:
    """A JSON number as it was written."""

    text: str


@dataclass(frozen=True)
class Json:
    """A JSON value: a str, Number, bool, None, list of Json, or dict of name → Json; and the page line it stands on."""

    value: Any
    line: int


@dataclass
class Xml:
    """An XML element: local name, namespace, page line, attributes by "{namespace}name", children, text.

    `declared` says that XmlSerializer wrote it: members in the order of declaration, no data contract.
    """

    name: str
    namespace: str
    line: int
    attributes: dict[str, str]
    children: list[Xml] = field(default_factory=list)
    text: str = ""
    declared: bool = False

    @property
    def nil(self) -> bool:
        """Whether the element says that it is null."""
        return self.attributes.get(f"{{{INSTANCE}}}nil") == "true"


def parse_json(text: str, line: int) -> Json:
    """The tree of a JSON sample that starts on page line `line`; raises SampleError."""
    value, end = _value(text, _skip(text, 0), _Lines(text, line), 0)
    if _skip(text, end) != len(text):
        after = _skip(text, end)
        raise SampleError(
            text.count("\n", 0, after), f"{_words(text, after)} follows the end of the JSON", foreign=True
        )
    return value


class _Lines:
    """On which line of the page a place in the sample stands; `first` is the line that it starts on."""

    def __init__(self, text: str, first: int):
        self.first = first
        self._ends = [match.start() for match in _END.finditer(text)]

    def of(self, at: int) -> int:
        """The line of a place."""
        return self.first + bisect_left(self._ends, at)


def _skip(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _fail(text: str, at: int, wanted: str) -> SampleError:
    if at >= len(text):
        return SampleError(text.count("\n"), f"the JSON ends where {wanted} should follow", cut=True)
    if not text[:at].strip():
        return SampleError(0, f"{_words(text, at)} is no JSON", foreign=True)
    return SampleError(text.count("\n", 0, at), f"the JSON has {text[at : at + 12]!r} where {wanted} should follow")


def _words(text: str, at: int) -> str:
    """The line's words at a place, shortened, in quotes."""
    return repr(text[at : at + 40].partition("\n")[0].strip())


def _string(text: str, at: int) -> tuple[str, int]:
    if text[at : at + 1] != '"':
        raise _fail(text, at, "a name in quotes")
    try:
        return json.decoder.scanstring(text, at + 1, False)  # type: ignore[attr-defined, no-any-return]
    except ValueError:
        raise _fail(text, len(text), "a closing quote") from None


def _value(text: str, at: int, lines: _Lines, depth: int) -> tuple[Json, int]:
    here = lines.of(at)
    if depth > _DEEPEST:
        raise SampleError(here - lines.first, f"the JSON nests deeper than {_DEEPEST} levels")
    first = text[at : at + 1]
    if first == "{":
        return _object(text, at, lines, depth)
    if first == "[":
        return _array(text, at, lines, depth)
    if first == '"':
        string, end = _string(text, at)
        return Json(string, here), end
    for word, meaning in _WORDS.items():
        if text.startswith(word, at):
            return Json(meaning, here), at + len(word)
    number = _NUMBER.match(text, at)
    if number:
        return Json(Number(number[0]), here), number.end()
    raise _fail(text, at, "a value")


def _object(text: str, at: int, lines: _Lines, depth: int) -> tuple[Json, int]:
    here, members = lines.of(at), dict[str, Json]()
    at = _skip(text, at + 1)
    while text[at : at + 1] != "}":
        if members:
            if text[at : at + 1] != ",":
                raise _fail(text, at, '"," or "}"')
            at = _skip(text, at + 1)
        named = lines.of(at)
        name, at = _string(text, at)
        if name in members:
            raise SampleError(named - lines.first, f"the JSON has the member {name!r} twice")
        at = _skip(text, at)
        if text[at : at + 1] != ":":
            raise _fail(text, at, '":"')
        member, at = _value(text, _skip(text, at + 1), lines, depth + 1)
        members[name] = Json(member.value, named)
        at = _skip(text, at)
    return Json(members, here), at + 1


def _array(text: str, at: int, lines: _Lines, depth: int) -> tuple[Json, int]:
    here, items = lines.of(at), list[Json]()
    at = _skip(text, at + 1)
    while text[at : at + 1] != "]":
        if items:
            if text[at : at + 1] != ",":
                raise _fail(text, at, '"," or "]"')
            at = _skip(text, at + 1)
        item, at = _value(text, at, lines, depth + 1)
        items.append(item)
        at = _skip(text, at)
    return Json(items, here), at + 1


def parse_xml(text: str, line: int) -> Xml:
    """The tree of an XML sample that starts on page line `line`; raises SampleError. Documents types are refused."""
    parser = expat.ParserCreate(namespace_separator=" ")
    top = Xml("", "", line, {})
    stack, prefixes = [top], set[tuple[str | None, str]]()

    def space(prefix: str | None, uri: str) -> None:
        if len(stack) == 1:
            prefixes.add((prefix, uri))

    def start(tag: str, attributes: dict[str, str]) -> None:
        namespace, _, name = tag.rpartition(" ")
        at, own = line + parser.CurrentLineNumber - 1, {_braced(k): v for k, v in attributes.items()}
        # XmlSerializer.Serialize declares both at the root, by these prefixes; data contracts use others.
        node = Xml(name, namespace, at, own, declared=prefixes >= {("xsi", INSTANCE), ("xsd", _SCHEMA)})
        stack[-1].children.append(node)
        stack.append(node)
        if len(stack) > _DEEPEST:
            raise SampleError(parser.CurrentLineNumber - 1, f"the XML nests deeper than {_DEEPEST} levels")

    def end(_tag: str) -> None:
        stack.pop()

    def data(chunk: str) -> None:
        stack[-1].text += chunk

    def doctype(*_: object) -> None:
        raise SampleError(0, "the XML declares a document type, which no sample does")

    parser.StartNamespaceDeclHandler = space
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = data, doctype
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        if top.children and len(stack) == 1:
            last = text.rstrip().split("\n")[error.lineno - 1 :]
            follows = f"{_words(last[0], error.offset)} follows the end of the XML" if last else "the XML has no end"
            raise SampleError(error.lineno - 1, follows, foreign=True) from None
        what = f"the XML breaks off or is not well formed ({error})"
        raise SampleError(error.lineno - 1, what, cut=error.code in _ENDED) from None
    return top.children[0]


def _braced(name: str) -> str:
    namespace, _, local = name.rpartition(" ")
    return f"{{{namespace}}}{local}" if namespace else local
