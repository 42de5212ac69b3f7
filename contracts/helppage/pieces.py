"""HTML as pieces: headings, paragraphs, cells, samples and loose text, in their order, each with its line.

The rule: tags make pieces and nothing else is looked at (no class, no id), so that a site's own frame and styling do
not matter. Time and memory grow with the page, whatever it nests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from contracts.helppage.draft import Located

_VOID = frozenset(
    {"br", "hr", "img", "input", "link", "meta", "wbr", "col", "base", "area", "embed", "source", "track"}
)
#: Tags between which text does not run on.
_FRAME = frozenset(
    {"html", "body", "div", "section", "table", "tbody", "thead", "tr", "td", "pre", "h1", "h2", "h3", "h4"}
)
#: Tags that are still open at the end of a page that was cut off; a site's own frame may well forget to close a div.
_KEPT_WHOLE = frozenset({"table", "tbody", "thead", "tr", "td", "pre", "h1", "h2", "h3", "h4"})
_CAPTURED = frozenset({"h1", "h2", "h3", "h4", "p", "pre", "td", "th"})
_SKIPPED = frozenset({"head", "title", "noscript"})
#: Elements whose text is no markup, with where each ends.
_RAW = {tag: re.compile(f"</{tag}", re.IGNORECASE) for tag in ("script", "style")}
#: A tag; what it bears is not looked at. Nothing in it runs on over another "<", so that a page is read once.
_TAG = re.compile(r"""<(/?)([A-Za-z][^\s/<>]*)(?:[^<>"']|"[^"]{0,4000}"|'[^']{0,4000}')*>""")
_BREAKS = frozenset({"div", "section", "h4"})
_CELLS = frozenset({"td", "th"})
_MARKS = frozenset({"table", "tr"})
_DEEPEST = 400


@dataclass(slots=True)
class Piece:
    """A heading, paragraph, cell, sample, loose text, start of a table or row; `inner`: the paragraphs of a cell."""

    tag: str
    line: int
    chunks: list[tuple[str, int]] = field(default_factory=list)
    inner: list[Piece] = field(default_factory=list)
    _text: str | None = None

    def located(self, tag: str = "") -> Located:
        """The piece's text, without blanks around it, and where it stands."""
        text = "".join(chunk for chunk, _ in self.chunks)
        line = next((at + _lead(chunk) for chunk, at in self.chunks if chunk.strip()), self.line)
        stripped = text.strip("\r\n") if tag == "pre" else text.strip()
        return Located(stripped.rstrip(), line, line + stripped.strip().count("\n"))

    @property
    def text(self) -> str:
        """The piece's words on one line."""
        if self._text is None:
            self._text = " ".join("".join(chunk for chunk, _ in self.chunks).split())
        return self._text


def _lead(chunk: str) -> int:
    return chunk[: len(chunk) - len(chunk.lstrip())].count("\n")


class Flattener:
    """Turns tags into pieces: `feed` once, then `pieces`."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.open: list[tuple[str, int, Piece | None]] = []
        self.holders: list[Piece] = []
        self.skipping = 0
        self.loose: Piece | None = None
        self.ended = False
        self._count: dict[str, int] = {}

    def feed(self, text: str) -> None:
        """Reads the page."""
        at, line, end = 0, 1, len(text)
        while at < end:
            start = text.find("<", at)
            start = end if start < 0 else start
            if start > at:
                self._data(text[at:start], line)
                line += text.count("\n", at, start)
                at = start
                continue
            match = _TAG.match(text, at)
            after = match.end() if match else _behind(text, at)
            if match:
                tag = match[2].lower()
                if match[1]:
                    self._end(tag)
                elif tag in _RAW:  # its text is no markup
                    closing = _RAW[tag].search(text, after)
                    after = closing.start() if closing else end
                else:
                    self._start(tag, line)
            elif after == at + 1:
                self._data("<", line)
            line += text.count("\n", at, after)
            at = after

    def _start(self, tag: str, line: int) -> None:
        if tag in _VOID or len(self.open) > _DEEPEST:
            return
        piece: Piece | None = None
        if tag in _CAPTURED:
            piece = Piece(tag, line)
            cell = self.holders[-1] if self.holders else None
            (cell.inner if cell and cell.tag in _CELLS else self.pieces).append(piece)
            self.holders.append(piece)
            self.loose = None
        elif tag in _MARKS:
            piece = Piece(tag, line)
            self.pieces.append(piece)
            self.loose = None
        elif tag in _BREAKS:
            self.loose = None
        self.skipping += tag in _SKIPPED
        self.open.append((tag, line, piece))
        self._count[tag] = self._count.get(tag, 0) + 1

    def _end(self, tag: str) -> None:
        self.ended = self.ended or tag == "html"
        if not self._count.get(tag):
            return
        while True:
            name, _, piece = self.open.pop()
            self._count[name] -= 1
            self.skipping -= name in _SKIPPED
            if piece is not None and self.holders and self.holders[-1] is piece:
                self.holders.pop()
            if name == tag:
                break
        if tag in _FRAME:
            self.loose = None

    def _data(self, data: str, line: int) -> None:
        if self.skipping:
            return
        chunk = (unescape(data) if "&" in data else data, line)
        for piece in self.holders:
            piece.chunks.append(chunk)
        if not self.holders and (self.loose or not data.isspace()):
            if self.loose is None:
                self.loose = Piece("text", line)
                self.pieces.append(self.loose)
            self.loose.chunks.append(chunk)

    def cut(self) -> tuple[str, int] | None:
        """The tag that the page's end stands in, None where the page is whole: closed, or with nothing left open."""
        kept = _KEPT_WHOLE if self.ended else _FRAME
        return next(((tag, line) for tag, line, _ in reversed(self.open) if tag in kept), None)


def _behind(text: str, at: int) -> int:
    """Where a comment, a declaration or what is no tag ends."""
    if text.startswith("<!--", at):
        end = text.find("-->", at + 4)
        return len(text) if end < 0 else end + 3
    if text[at + 1 : at + 2] in ("!", "?"):
        end = text.find(">", at)
        return len(text) if end < 0 else end + 1
    return at + 1
