"""Bytes as people read them: by their wire format, member by line, and byte by byte.

The rule: what is shown says the same as what was sent, only with line breaks; where it cannot be read as its format it
stands as it is. What cannot be seen is made visible; what is very long is cut, and says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from mockserver.control.answers import indented, text_of

#: How many characters of a body, of a value and of a line, and how many bytes, are shown.
LONGEST, VALUE, LINE, DUMPED = 100_000, 2_000, 300, 2_048
_XML = re.compile(r"<[^>]*>|[^<]+")
_KINDS = (("json", "JSON"), ("xml", "XML"), ("form-urlencoded", "form"), ("multipart", "multipart"), ("html", "HTML"))


@dataclass(frozen=True)
class Readable:
    """A body for people: its wire format in a word, its text by lines, its first bytes, and how many there are."""

    kind: str
    text: str
    dump: str
    size: int


def kind_of(headers: Any) -> str:
    """The wire format that the headers name, in a word; "" when they name none."""
    sent = next((value.lower() for name, value in headers if name.lower() == "content-type"), "")
    return next((word for part, word in _KINDS if part in sent), sent.partition(";")[0][:40])


def read(headers: Any, body: bytes | None) -> Readable:
    """A message's body."""
    kind, data = kind_of(headers), body or b""
    text = _decoded(data[: 4 * LONGEST])
    cut = len(data) > 4 * LONGEST or len(text) > LONGEST
    text = text[:LONGEST] if cut else _by_lines(kind, text)
    return Readable(kind, visible(text, 2 * LONGEST), _dump(data), len(data))


def _decoded(data: bytes) -> str:
    charset = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    return data.decode(charset, "replace")


def _by_lines(kind: str, text: str) -> str:
    if kind == "JSON" and text.strip()[:1] in ("{", "[") and len(text) < LONGEST:
        return indented(text).rstrip("\n") if text.count("\n") < 2 else text
    if kind == "XML" and text.count("\n") < 2:
        return _xml(text)
    if kind == "form":
        return "\n".join(_field(part) for part in text.split("&"))
    return text


def _field(part: str) -> str:
    name, equal, value = part.partition("=")
    return f"{unquote_plus(name)}{' = ' if equal else ''}{unquote_plus(value)}"


def _xml(text: str) -> str:
    lines: list[str] = []
    depth, leaf = 0, False  # leaf: the last tag opened an element, and nothing but text followed
    for token in _XML.findall(text):
        closes, opens = token.startswith("</"), token.startswith("<") and not token.startswith(("</", "<?", "<!"))
        if closes:
            depth = max(depth - 1, 0)
        if lines and (leaf if closes else not token.startswith("<")):
            lines[-1] += token
        else:
            lines.append("  " * depth + token)
        if token.startswith("<"):
            leaf = opens and not token.endswith("/>")
            depth += leaf
    return "\n".join(lines)


def _dump(data: bytes) -> str:
    lines = []
    for at in range(0, min(len(data), DUMPED), 16):
        part = data[at : at + 16]
        text = "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in part)
        lines.append(f"{at:06x}  {part[:8].hex(' '):<23}  {part[8:].hex(' '):<23}  {text}")
    if len(data) > DUMPED:
        lines.append(f"… and {len(data) - DUMPED} bytes more")
    return "\n".join(lines)


def visible(text: Any, longest: int = VALUE) -> str:
    """The text with what cannot be seen escaped, cut where it is very long."""
    given = str(text)
    shown = "".join(
        c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape", "replace").decode("ascii")
        for c in given[:longest]
    )
    return shown if len(given) <= longest else f"{shown}… ({len(given)} characters)"


def value(given: Any) -> str:
    """A member's value: text as it is, all else as JSON."""
    if isinstance(given, str):
        return visible(given)
    try:
        return visible(text_of(given))
    except (TypeError, ValueError):
        return visible(given)
