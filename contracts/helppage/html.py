"""HTML: a page as the templates of the HelpPage package write it, of every version, or as a site has customised it.

The rule: headings, tables and samples are recognised by their words (`sections`), never by classes or ids; columns by
what their headings say. What is not understood is noted with its line, and the rest read on. Nothing is interpreted
here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from contracts.helppage.columns import Columns, columns_of
from contracts.helppage.draft import Block, Entry, EnumRow, Faults, Located, PageDraft, Row, Side, Source, joined
from contracts.helppage.pieces import Flattener, Piece
from contracts.helppage.sections import (
    CUSTOM,
    CUT,
    HEADINGS,
    IN_BODY,
    MEDIA_TYPES,
    NOT_A_PAGE,
    OLD,
    TITLE,
    UNTITLED,
    check_headings,
    divide,
    media_types,
    sample_text,
)

_ENUM_HEADER = ["Name", "Value", "Description"]
_INDEX = ["API", "Description"]
_INTRO = "Possible enumeration values:"


def parse(source: Source, faults: Faults) -> PageDraft | None:
    """The draft of an HTML page; None when it is not a help page at all, which is then told."""
    text = "\n".join(source.lines)
    flattener = Flattener()
    flattener.feed(text)
    cut = flattener.cut()
    if cut:
        faults.add(len(source.lines), f"the page ends inside <{cut[0]}> of line {cut[1]}", CUT)
    return _draft(source, flattener.pieces, faults)


def _draft(source: Source, pieces: list[Piece], faults: Faults) -> PageDraft | None:
    tables = _tables(pieces)
    if any(head == _INDEX for head, _, _ in tables):
        return _index(source, pieces)
    start = _title(pieces)
    if start is None and not (source.called and tables):
        faults.add(1, "this is not a help page: it has no heading of the first level", NOT_A_PAGE)
        return None
    if start is None:
        return _resource(source, Located(source.called, 1), pieces, faults)
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

    Above it a site's frame may have headings of its own. A customised page may have its title in another heading.
    """
    headings = [at for at, piece in enumerate(pieces) if piece.tag == "h1"]
    titles = [at for at, piece in enumerate(pieces) if piece.tag in ("h1", "h2", "h3") and TITLE.fullmatch(piece.text)]
    titles.sort(key=lambda at: pieces[at].tag)
    table = next((at for at, piece in enumerate(pieces) if piece.tag == "table"), len(pieces))
    above = [at for at in headings if at < table]
    return next(iter([*titles[:1], *above[-1:], *headings[:1]]), None)


def _tables(pieces: Sequence[Piece]) -> list[tuple[list[str], int, int]]:
    """The tables among the pieces: the words of their heading row, and where they begin and end."""
    starts = [at for at, piece in enumerate(pieces) if piece.tag == "table"]
    found = []
    for start, end in zip(starts, [*starts[1:], len(pieces)], strict=False):
        cells = _cells(pieces[start:end])
        found.append(([cell.text for cell in cells[0][1]] if cells else [], start, end))
    return found


def _index(source: Source, pieces: list[Piece]) -> PageDraft:
    entries = []
    for head, start, end in _tables(pieces):
        if head != _INDEX:
            continue
        group = next((piece.text for piece in reversed(pieces[:start]) if piece.tag == "h2"), "")
        for _, cells in _cells(pieces[start:end])[1:]:
            if cells and TITLE.fullmatch(cells[0].text):
                title = replace(cells[0].located(), text=cells[0].text)
                words = (cells[1].inner or cells[1:])[0].located().text if len(cells) > 1 else ""
                entries.append(Entry(title, group, words))
    title = next((piece.located() for piece in pieces if piece.tag == "h1"), Located("", 1))
    return PageDraft(source, "index", title, None, entries=tuple(entries))


def _heading(piece: Piece) -> Located | None:
    known = piece.tag in ("h2", "h3", "h4") and (piece.text in HEADINGS or piece.text in OLD)
    return Located(piece.text, piece.line) if known else None


def _operation(source: Source, title: Located, pieces: list[Piece], faults: Faults) -> PageDraft:
    at, sections, headings = divide(pieces, _heading)
    check_headings(headings, faults, source.marked_up)
    summary = [piece.located() for piece in sections[""] if piece.tag in ("p", "text") and piece.text]
    parameters = _parameters(sections.get("URI Parameters", []), at.get("URI Parameters", 0), faults)
    request = _side(sections, at, "Body Parameters", "Request Formats", faults)
    body = next((row for row in parameters if any(note.text == IN_BODY for note in row.annotations)), None)
    return PageDraft(
        source,
        "api",
        title,
        joined(summary),
        parameters=tuple(row for row in parameters if row is not body),
        request=replace(request, description=body.description, line=body.line) if body else request,
        response=_side(sections, at, "Resource Description", "Response Formats", faults),
    )


def _parameters(pieces: list[Piece], heading: int, faults: Faults) -> tuple[Row, ...]:
    if any(piece.tag == "table" for piece in pieces):
        return _rows(pieces, faults)
    if heading and [piece.text for piece in pieces if piece.text] != ["None."]:
        faults.note(heading, 'the section "URI Parameters" holds neither a table nor "None."', CUSTOM)
    return ()


def _side(sections: dict[str, list[Piece]], at: dict[str, int], body: str, formats: str, faults: Faults) -> Side:
    blocks = _blocks(sections.get(formats, []), at.get(formats, 0), faults)
    if body not in at:
        return Side(at.get(formats, 0), blocks=blocks)
    pieces = sections[body]
    table = next((i for i, piece in enumerate(pieces) if piece.tag == "table"), len(pieces))
    loose = next((i for i, piece in enumerate(pieces[:table]) if piece.tag == "text"), None)
    words = [
        piece.located() for piece in pieces[: table if loose is None else loose] if piece.tag == "p" and piece.text
    ]
    none = next(
        (piece.located() for piece in reversed(pieces[:table]) if piece.tag == "p" and piece.text == "None."), None
    )
    side = Side(at[body], blocks=blocks, formats=formats in at)
    if loose is not None:
        rows = _rows(pieces, faults) if table < len(pieces) else () if none else None
        return replace(side, description=joined(words), phrase=pieces[loose].located(), rows=rows, none=none)
    if none is not None and table == len(pieces):
        return replace(side, none=none, description=joined([word for word in words if word != none]))
    if words and table < len(pieces):  # a customised page that shows the type as a paragraph of its own
        return replace(side, description=joined(words[:-1]), phrase=words[-1], rows=_rows(pieces, faults))
    faults.note(at[body], f'the section "{body}" names neither a type nor "None."', CUSTOM)
    return replace(side, description=joined(words))


def _blocks(pieces: list[Piece], heading: int, faults: Faults) -> tuple[Block, ...]:
    starts = [i for i, piece in enumerate(pieces) if piece.tag == "h4" and MEDIA_TYPES.fullmatch(piece.text)]
    if heading and not starts:
        faults.note(heading, "no media type stands under this heading", CUSTOM)
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
    table = _cells(pieces)
    columns = columns_of([cell.text for cell in table[0][1]]) if table else None
    if columns is None:
        head = ", ".join(cell.text for cell in table[0][1])[:80] if table else "nothing"
        line = next(piece.line for piece in pieces if piece.tag == "table")
        faults.note(line, f"the table's columns are not known: {head}", CUSTOM)
        return ()
    rows = []
    for line, cells in table[1:]:
        row = _row(line, cells, columns)
        if row is None:
            name = repr(cells[0].text) if cells else "nothing"
            faults.note(line, f"the row of {name} has {len(cells)} of {columns.count} cells and is left out", CUSTOM)
        else:
            rows.append(row)
    return tuple(rows)


def _row(line: int, cells: list[Piece], columns: Columns) -> Row | None:
    if len(cells) < columns.count or not cells[columns.name].text:
        return None
    name, phrase = cells[columns.name].located(), None
    if columns.type is not None:
        phrase = cells[columns.type].located()
    else:
        called, colon, word = name.text.partition(":")
        if colon and word.strip():  # "Name : type" in one cell
            name, phrase = replace(name, text=called.strip()), replace(name, text=word.strip())
    described = cells[columns.description].located() if columns.description is not None else None
    annotations: list[Located] = []
    if columns.notes is not None:
        cell = cells[columns.notes]
        annotations = [part.located() for part in cell.inner if part.text] or [cell.located()]
    return Row(
        name,
        described if described and described.text not in ("", "-") else None,
        phrase or Located("", line),
        tuple(annotations),
        line,
        sampled=phrase is None,
    )


def _resource(source: Source, title: Located, pieces: list[Piece], faults: Faults) -> PageDraft | None:
    table = next((i for i, piece in enumerate(pieces) if piece.tag == "table"), None)
    before = pieces if table is None else pieces[:table]
    words = [piece.located() for piece in before if piece.tag in ("p", "text") and piece.text]
    words = [word for word in words if word.text not in ("None.", _INTRO)]
    if table is None:
        if any(piece.text == "None." for piece in pieces):
            return PageDraft(source, "model", title, joined(words))
        faults.add(title.line, "this is not a help page: it shows neither an operation nor a model", NOT_A_PAGE)
        return None
    rows = _cells(pieces[table:])
    if not rows or [cell.text for cell in rows[0][1]] != _ENUM_HEADER:
        return PageDraft(source, "model", title, joined(words), rows=_rows(pieces[table:], faults))
    members = []
    for line, cells in rows[1:]:
        if len(cells) == 3 and cells[0].text:
            members.append(EnumRow(cells[0].located(), cells[1].located(), cells[2].located().text))
        else:
            faults.note(line, "a row of the enumeration has no three cells and is left out", CUSTOM)
    return PageDraft(source, "enum", title, joined(words), members=tuple(members))
