"""The tables of an HTML page: their rows as cells, and their cells as the rows of a draft, by the words of the heading.

The rule: a row of too few cells costs only itself and is told; a column of unknown words is told and not read. Nothing
is interpreted here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from contracts.helppage.columns import Columns, columns_of, says_yes
from contracts.helppage.draft import Faults, Located, Row
from contracts.helppage.phrases import split_annotations
from contracts.helppage.pieces import Piece
from contracts.helppage.sections import CUSTOM

Cells = list[tuple[int, list[Piece]]]


def tables_of(pieces: Sequence[Piece]) -> list[tuple[list[str], int, int]]:
    """The tables among the pieces: the words of their heading row, and where they begin and end."""
    starts = [at for at, piece in enumerate(pieces) if piece.tag == "table"]
    found = []
    for start, end in zip(starts, [*starts[1:], len(pieces)], strict=False):
        cells = cells_of(pieces[start:end])
        found.append(([cell.text for cell in cells[0][1]] if cells else [], start, end))
    return found


def cells_of(pieces: Sequence[Piece]) -> Cells:
    """The rows of the first table among the pieces: their line and their cells."""
    rows: Cells = []
    tables = 0
    for piece in pieces:
        tables += piece.tag == "table"
        if tables > 1:
            break
        if piece.tag == "tr":
            rows.append((piece.line, []))
        elif piece.tag in ("td", "th") and rows:
            rows[-1][1].append(piece)
    return [row for row in rows if row[1]]


def rows_of(pieces: Sequence[Piece], faults: Faults) -> tuple[Row, ...]:
    """The rows of the first table that has a column of names; what is not understood is noted."""
    found = tables_of(pieces)
    start = next((start for head, start, _ in found if columns_of(head)), found[0][1] if found else 0)
    table = cells_of(pieces[start:])
    columns = columns_of([cell.text for cell in table[0][1]]) if table else None
    if columns is None:
        head = ", ".join(cell.text for cell in table[0][1])[:80] if table else "nothing"
        faults.note(pieces[start].line, f"the table's columns are not known: {head}", CUSTOM)
        return ()
    if columns.others:
        what = f"the table has columns that are not read: {', '.join(columns.others)[:80]}"
        faults.note(pieces[start].line, what, CUSTOM)
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
    return Row(
        name,
        described if described and described.text not in ("", "-") else None,
        phrase or Located("", line),
        _annotations(cells, columns),
        line,
        sampled=phrase is None,
    )


def _annotations(cells: list[Piece], columns: Columns) -> tuple[Located, ...]:
    """What the column of remarks says, and "Required" where a column of its own says so."""
    found: list[Located] = []
    if columns.required is not None and says_yes(cells[columns.required].text):
        found.append(replace(cells[columns.required].located(), text="Required"))
    if columns.notes is not None:
        cell = cells[columns.notes]
        parts = [part.located() for part in cell.inner if part.text] or _split(cell)
        found += [part for part in parts if not (found and part.text in ("Required", "None."))]
    return tuple(found)


def _split(cell: Piece) -> list[Located]:
    """The remarks of a cell that has no paragraphs: each on its line, or side by side."""
    whole = cell.located()
    lines = [Located(text.strip(), whole.line + at) for at, text in enumerate(whole.text.split("\n")) if text.strip()]
    return [part for line in lines for part in split_annotations(line)]
