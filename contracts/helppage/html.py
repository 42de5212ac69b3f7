"""HTML as the HelpPage package renders it (v3.1 and later), to the same draft as text.

    h1 verb and path · p summary · h2, h3 sections · a model, table.help-page-table · h4 media types · pre sample

The rule: the page's tags are turned into a flat list of pieces with their lines; the sections are cut from that
list. What is not part of the page's own frame (menus, scripts) is skipped. A page whose frame is not closed has been
cut off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from contracts.helppage.draft import Block, EnumRow, Faults, Located, PageDraft, Row, Side, Source, joined
from contracts.helppage.sections import (
    AN_INDEX,
    CUT,
    HEADINGS,
    NOT_A_PAGE,
    TITLE,
    UNTITLED,
    check_headings,
    media_types,
    sample_text,
)

_VOID = frozenset(
    {"br", "hr", "img", "input", "link", "meta", "wbr", "col", "base", "area", "embed", "source", "track"}
)
_FRAME = frozenset(
    {"html", "body", "div", "section", "table", "tbody", "thead", "tr", "td", "pre", "h1", "h2", "h3", "h4"}
)
_CAPTURED = frozenset({"h1", "h2", "h3", "h4", "p", "pre", "td", "th"})
_SKIPPED = frozenset({"script", "style", "head", "title", "noscript"})
_HEADER = ["Name", "Description", "Type", "Additional information"]
_ENUM_HEADER = ["Name", "Value", "Description"]
_INDEX = ["API", "Description"]


@dataclass
class Piece:
    """A heading, paragraph, cell, sample, loose text, start of a table or row; `inner`: the paragraphs of a cell."""

    tag: str
    line: int
    chunks: list[tuple[str, int]] = field(default_factory=list)
    inner: list[Piece] = field(default_factory=list)

    def located(self, tag: str = "") -> Located:
        """The piece's text, without blanks around it, and where it stands."""
        text = "".join(chunk for chunk, _ in self.chunks)
        line = next((at + _lead(chunk) for chunk, at in self.chunks if chunk.strip()), self.line)
        stripped = text.strip("\r\n") if tag == "pre" else text.strip()
        return Located(stripped.rstrip(), line, line + stripped.strip().count("\n"))

    @property
    def text(self) -> str:
        """The piece's words on one line."""
        return " ".join("".join(chunk for chunk, _ in self.chunks).split())


def _lead(chunk: str) -> int:
    return chunk[: len(chunk) - len(chunk.lstrip())].count("\n")


class _Flattener(HTMLParser):
    """Turns tags into pieces."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self.open: list[tuple[str, int, Piece | None]] = []
        self.loose: Piece | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        if tag in _VOID:
            return
        piece = Piece(tag, line) if tag in _CAPTURED or tag in ("table", "tr") else None
        if piece and tag not in ("table", "tr"):
            cell = self._capturing()
            if cell and cell.tag in ("td", "th"):
                cell.inner.append(piece)
            else:
                self.pieces.append(piece)
            self.loose = None
        elif piece or tag in ("div", "section", "h4"):
            self.pieces += [piece] if piece else []
            self.loose = None
        self.open.append((tag, line, piece))

    def handle_endtag(self, tag: str) -> None:
        if any(name == tag for name, _, _ in self.open):
            while self.open.pop()[0] != tag:
                pass
            if tag in _FRAME:
                self.loose = None

    def handle_data(self, data: str) -> None:
        if any(name in _SKIPPED for name, _, _ in self.open):
            return
        line = self.getpos()[0]
        holders = [piece for _, _, piece in self.open if piece and piece.tag in _CAPTURED]
        for piece in holders:
            piece.chunks.append((data, line))
        if not holders and data.strip():
            if self.loose is None:
                self.loose = Piece("text", line)
                self.pieces.append(self.loose)
            self.loose.chunks.append((data, line))
        elif not holders and self.loose:
            self.loose.chunks.append((data, line))

    def _capturing(self) -> Piece | None:
        return next((piece for _, _, piece in reversed(self.open) if piece and piece.tag in _CAPTURED), None)


def parse(source: Source, faults: Faults) -> PageDraft | None:
    """The draft of an HTML page; None when it is not a help page at all, which is then noted."""
    flattener = _Flattener()
    try:
        flattener.feed("\n".join(source.lines))
        flattener.close()
    except (AssertionError, ValueError, RecursionError) as error:
        faults.add(flattener.getpos()[0], f"this is no HTML: {error or type(error).__name__}", NOT_A_PAGE)
        return None
    unclosed = [(tag, line) for tag, line, _ in flattener.open if tag in _FRAME]
    if unclosed:
        what = f"the page ends inside <{unclosed[-1][0]}> of line {unclosed[-1][1]}"
        faults.add(len(source.lines), what, CUT)
    pieces = flattener.pieces
    start = _title(pieces)
    if start is None:
        faults.add(1, "this is not a help page: it has no heading of the first level", NOT_A_PAGE)
        return None
    title, rest = pieces[start].located(), pieces[start + 1 :]
    title = replace(title, text=pieces[start].text)
    if TITLE.fullmatch(title.text):
        return _operation(source, title, rest, faults)
    if any(piece.tag in ("h2", "h3") and piece.text in HEADINGS for piece in rest):
        faults.add(title.line, UNTITLED, CUT)
        return None
    return _resource(source, title, rest, faults)


def _title(pieces: list[Piece]) -> int | None:
    """Where the page's own heading stands: its verb and path, else the last heading of the first level above a table.

    Above it a site's frame may have headings of its own.
    """
    headings = [at for at, piece in enumerate(pieces) if piece.tag == "h1"]
    titles = [at for at in headings if TITLE.fullmatch(pieces[at].text)]
    table = next((at for at, piece in enumerate(pieces) if piece.tag == "table"), len(pieces))
    above = [at for at in headings if at < table]
    return next(iter([*titles[:1], *above[-1:], *headings[:1]]), None)


def _operation(source: Source, title: Located, pieces: list[Piece], faults: Faults) -> PageDraft:
    headings: list[Located] = []
    sections: dict[str, list[Piece]] = {"": []}
    for piece in pieces:
        if piece.tag in ("h2", "h3") and piece.text in HEADINGS:
            headings.append(Located(piece.text, piece.line))
            sections.setdefault(piece.text, [])
        else:
            sections[headings[-1].text if headings else ""].append(piece)
    check_headings(headings, faults)
    at = {heading.text: heading.line for heading in headings}
    summary = [piece.located() for piece in sections[""] if piece.tag in ("p", "text") and piece.text]
    return PageDraft(
        source,
        "api",
        title,
        joined(summary),
        parameters=_parameters(sections.get("URI Parameters", []), at.get("URI Parameters", 0), faults),
        request=_side(sections, at, "Body Parameters", "Request Formats", faults),
        response=_side(sections, at, "Resource Description", "Response Formats", faults),
    )


def _parameters(pieces: list[Piece], heading: int, faults: Faults) -> tuple[Row, ...]:
    if any(piece.tag == "table" for piece in pieces):
        return _rows(pieces, faults)
    if heading and [piece.text for piece in pieces if piece.text] != ["None."]:
        faults.add(heading, 'the section "URI Parameters" holds neither a table nor "None."', CUT)
    return ()


def _side(sections: dict[str, list[Piece]], at: dict[str, int], body: str, formats: str, faults: Faults) -> Side:
    if body not in at:
        return Side(0)
    pieces = sections[body]
    table = next((i for i, piece in enumerate(pieces) if piece.tag == "table"), len(pieces))
    loose = next((i for i, piece in enumerate(pieces[:table]) if piece.tag == "text"), None)
    words = [
        piece.located() for piece in pieces[: table if loose is None else loose] if piece.tag == "p" and piece.text
    ]
    none = next(
        (piece.located() for piece in reversed(pieces[:table]) if piece.tag == "p" and piece.text == "None."), None
    )
    side = Side(at[body], blocks=_blocks(sections.get(formats, []), at.get(formats, 0), faults), formats=formats in at)
    if loose is not None:
        rows = _rows(pieces, faults) if table < len(pieces) else () if none else None
        return replace(side, description=joined(words), phrase=pieces[loose].located(), rows=rows, none=none)
    if none is not None and table == len(pieces):
        return replace(side, none=none, description=joined([word for word in words if word != none]))
    faults.add(at[body], f'the section "{body}" names neither a type nor "None."', CUT)
    return side


def _blocks(pieces: list[Piece], heading: int, faults: Faults) -> tuple[Block, ...]:
    starts = [i for i, piece in enumerate(pieces) if piece.tag == "h4"]
    if heading and not starts:
        faults.add(heading, "no media type stands under this heading", CUT)
    blocks = []
    for start, end in zip(starts, [*starts[1:], len(pieces)], strict=False):
        header = Located(pieces[start].text, pieces[start].line)
        pre = next((piece.located("pre") for piece in pieces[start:end] if piece.tag == "pre"), None)
        lines = pre.text.split("\n") if pre else []
        text, line = sample_text([Located(text, pre.line + i) for i, text in enumerate(lines)]) if pre else (None, 0)
        blocks.append(Block(media_types(header.text), header, text, line))
    return tuple(blocks)


def _cells(pieces: Sequence[Piece]) -> list[tuple[int, list[Piece]]]:
    """The rows of the tables among the pieces: their line and their cells."""
    rows: list[tuple[int, list[Piece]]] = []
    for piece in pieces:
        if piece.tag == "tr":
            rows.append((piece.line, []))
        elif piece.tag in ("td", "th") and rows:
            rows[-1][1].append(piece)
    return rows


def _rows(pieces: list[Piece], faults: Faults) -> tuple[Row, ...]:
    rows = []
    table = _cells(pieces)
    if not table or [cell.text for cell in table[0][1]] != _HEADER:
        line = next(piece.line for piece in pieces if piece.tag == "table")
        faults.add(line, f"the table's heading is not {', '.join(_HEADER)}", NOT_A_PAGE)
        return ()
    for line, cells in table[1:]:
        if len(cells) != 4 or not cells[0].text:
            name = repr(cells[0].text) if cells else "nothing"
            faults.add(line, f"the row of {name} is cut off: it has {len(cells)} of 4 cells", CUT)
            continue
        called, description, phrase, notes = cells
        words = description.located()
        paragraphs = [part.located() for part in notes.inner if part.text] or [notes.located()]
        rows.append(Row(called.located(), words if words.text else None, phrase.located(), tuple(paragraphs), line))
    return tuple(rows)


def _resource(source: Source, title: Located, pieces: list[Piece], faults: Faults) -> PageDraft | None:
    table = next((i for i, piece in enumerate(pieces) if piece.tag == "table"), None)
    before = pieces if table is None else pieces[:table]
    words = [piece.located() for piece in before if piece.tag in ("p", "text") and piece.text]
    words = [word for word in words if word.text not in ("None.", "Possible enumeration values:")]
    if table is None:
        if any(piece.text == "None." for piece in pieces):
            return PageDraft(source, "model", title, joined(words))
        faults.add(title.line, "this is not a help page: it shows neither an operation nor a model", NOT_A_PAGE)
        return None
    rows = _cells(pieces[table:])
    if rows and [cell.text for cell in rows[0][1]] == _INDEX:
        faults.add(title.line, *AN_INDEX)
        return None
    if not rows or [cell.text for cell in rows[0][1]] != _ENUM_HEADER:
        return PageDraft(source, "model", title, joined(words), rows=_rows(pieces[table:], faults))
    members = []
    for line, cells in rows[1:]:
        if len(cells) == 3 and cells[0].text:
            members.append(EnumRow(cells[0].located(), cells[1].located(), cells[2].text))
        else:
            faults.add(line, "a row of the enumeration is cut off", CUT)
    return PageDraft(source, "enum", title, joined(words), members=tuple(members))
