"""HTML as pieces: headings, paragraphs, cells, samples and loose text, in their order, each with its line.

The rule: tags make pieces and nothing else is looked at (no class, no id, only links to models), so that a site's own
frame and styling do not matter. End tags that HTML lets a page omit are implied as it says; a table inside a cell is
words of that cell; a table that holds the page's headings is the site's frame. Time and memory grow with the page,
whatever it nests.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from html import unescape

from contracts.helppage.draft import Located
from contracts.helppage.letters import visible

_VOID = frozenset(
    {"br", "hr", "img", "input", "link", "meta", "wbr", "col", "base", "area", "embed", "source", "track"}
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CELLS = frozenset({"td", "th"})
#: Parts of a table whose end tags a page may omit.
_PARTS = _CELLS | {"tr", "thead", "tbody", "tfoot"}
#: Pieces that are words of the page, neither headings nor cells.
WORDS = frozenset({"p", "text", "li"})
#: Tags between which text does not run on.
_FRAME = frozenset({"html", "body", "div", "section", "table", "pre", "textarea"}) | _PARTS | _HEADINGS
#: Tags that are still open at the end of a page that was cut off; a site's own frame may well forget to close a div.
_KEPT_WHOLE = frozenset({"table", "pre", "textarea"}) | _PARTS | _HEADINGS
_CAPTURED = frozenset({"p", "pre", "textarea", "li"}) | _CELLS | _HEADINGS
_SKIPPED = frozenset({"head", "title", "noscript", "select"})
#: Elements whose text is no markup, with where each ends.
_RAW = {tag: re.compile(f"</{tag}", re.IGNORECASE) for tag in ("script", "style")}
#: A tag; what it bears is not looked at. Nothing in it runs on over another "<", so that a page is read once.
_TAG = re.compile(r"""<(/?)([A-Za-z][^\s/<>]*)(?:[^<>"']|"[^"]{0,4000}"|'[^']{0,4000}')*>""")
# A link to a model's page.
_MODEL = re.compile(r"""<a\s[^<>]*\bhref\s*=[^<>]*\bResourceModel\b""", re.IGNORECASE)
_COLLECTIONS = re.compile(r"(?:Collection of\s+)*\Z")
_BREAKS = frozenset({"div", "section", "ul", "ol"})
_MARKS = frozenset({"table", "tr"})
_DEEPEST = 400
# HTML, "optional tags": what a start tag closes, and what it does not look beyond.
_BLOCKS = _HEADINGS | {
    *("address", "article", "aside", "blockquote", "details", "div", "dl", "fieldset", "figure", "footer", "form"),
    *("header", "hr", "main", "menu", "nav", "ol", "p", "pre", "section", "table", "ul"),
}
_CLOSES: dict[str, tuple[Collection[str], Collection[str]]] = {
    **dict.fromkeys(_CELLS, (_CELLS, ("table",))),
    "tr": (_CELLS | {"tr"}, ("table",)),
    **dict.fromkeys(("thead", "tbody", "tfoot"), (_PARTS, ("table",))),
    "li": (("li",), ("ul", "ol", "menu", *_CELLS)),
    **dict.fromkeys(_BLOCKS, (("p",), ("table", "button", *_CELLS))),
}


@dataclass(slots=True)
class Piece:
    """A heading, paragraph, cell, sample, loose text, start of a table or row; `inner`: the paragraphs of a cell.

    `link` is where the last link to a model begins among the chunks.
    """

    tag: str
    line: int
    chunks: list[tuple[str, int]] = field(default_factory=list)
    inner: list[Piece] = field(default_factory=list)
    link: int | None = None
    _text: str | None = None

    def linked(self) -> tuple[Located, Located] | None:
        """The piece's words and the model that they end with, where that is a link to its page."""
        if self.link is None:
            return None
        head, tail = (Piece(self.tag, self.line, part) for part in (self.chunks[: self.link], self.chunks[self.link :]))
        words, model = head.located(), tail.located()
        match = _COLLECTIONS.search(f"{words.text} ")
        at = match.start() if match else len(words.text)
        model = replace(model, text=words.text[at:].strip() + " " * bool(words.text[at:].strip()) + model.text)
        return replace(words, text=words.text[:at].rstrip()), model

    def rename(self, text: str) -> None:
        """Gives the piece other words."""
        self.chunks, self._text = [(text, self.line)], text

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
        self.cells: list[Piece] = []
        self.skipping = 0
        self.loose: Piece | None = None
        self.ended = self.omits = self.headed = False
        self.frame = 0  # where the table that is open begins among the pieces
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
                    if tag == "a" and self.holders and _MODEL.match(match[0]):
                        self.holders[-1].link = len(self.holders[-1].chunks)
            elif after == at + 1:
                self._data("<", line)
            line += text.count("\n", at, after)
            at = after

    def _start(self, tag: str, line: int) -> None:
        if tag in _CLOSES:
            self._imply(*_CLOSES[tag])
        if tag in _VOID or len(self.open) > _DEEPEST:
            if tag == "br":
                self._data("\n", line)
            return
        if tag in _HEADINGS and self.cells and not self.headed:  # under a heading row it is words of its cell
            self._dissolve()
        piece: Piece | None = None
        if tag in _CAPTURED or tag in _MARKS:
            piece = Piece("pre" if tag == "textarea" else tag, line)
            self.loose = None
            self._place(piece, tag)
        elif tag in _BREAKS:
            self.loose = None
        self.skipping += tag in _SKIPPED
        self.open.append((tag, line, piece))
        self._count[tag] = self._count.get(tag, 0) + 1

    def _place(self, piece: Piece, tag: str) -> None:
        """Puts a piece into the cell that it stands in, or among the page's own."""
        nested = bool(self.cells)
        if not nested:
            self.headed = tag == "th" or (self.headed and tag != "table")
            self.frame = len(self.pieces) if tag == "table" else self.frame
        (self.cells[-1].inner if nested else self.pieces).append(piece)
        if tag in _MARKS:
            return
        self.holders.append(piece)
        if tag in _CELLS and not nested:
            self.cells.append(piece)

    def _dissolve(self) -> None:
        """Takes the table that is open as the site's frame: what stands in its cell stands on the page."""
        cell = self.cells.pop()
        self.holders = [holder for holder in self.holders if holder is not cell]
        for piece in self.pieces[self.frame :]:
            piece.tag = "" if piece.tag in _MARKS or piece.tag in _CELLS else piece.tag
        self.pieces += cell.inner
        self.frame = len(self.pieces)

    def _imply(self, closed: Collection[str], bounds: Collection[str]) -> None:
        """Closes what a start tag says has ended, though its end tag was omitted."""
        if not any(self._count.get(tag) for tag in closed):
            return
        found = len(self.open)
        for at in range(len(self.open) - 1, -1, -1):
            tag = self.open[at][0]
            if tag in closed:
                found = at
            elif tag in bounds:
                break
        self.omits = self.omits or any(tag in _PARTS for tag, _, _ in self.open[found:])
        while len(self.open) > found:
            self._pop()

    def _pop(self) -> str:
        tag, _, piece = self.open.pop()
        self._count[tag] -= 1
        self.skipping -= tag in _SKIPPED
        if piece is not None and self.holders and self.holders[-1] is piece:
            self.holders.pop()
        if piece is not None and self.cells and self.cells[-1] is piece:
            self.cells.pop()
        if tag in _FRAME:
            self.loose = None
        return tag

    def _end(self, tag: str) -> None:
        self.ended = self.ended or tag == "html"
        if not self._count.get(tag):
            return
        if tag not in _PARTS and tag not in ("table", "body", "html"):  # nothing ends beyond the cell it stands in
            for name, _, _ in reversed(self.open):
                if name == tag:
                    break
                if name in _CELLS:
                    return
        while self._pop() != tag:
            pass

    def _data(self, data: str, line: int) -> None:
        if self.skipping:
            return
        chunk = (visible(unescape(data)) if "&" in data else data, line)
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
        if self.omits:
            kept -= _PARTS | {"html", "body"}
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
