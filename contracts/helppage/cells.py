"""Tables of flattened text as rows of cells: layouts B and D (pipes around each row) and C (pipes between cells only).

    B                  without a description      D                                 C
    | Start |          | Done | boolean |         | ID | integer | None. | |       Start |
    Date and time. |   None. |                                                      Date and time. |
    date |             |                                                            date |
    None. |                                                                         None. |

A row that lost its name but kept its description begins with a pipe alone.

The rule: a cell ends with " |" at the end of a line or with " | " inside one, so a pipe inside a word (a regular
expression) is only a character. In B a row begins with "| ", in C after as many cells as the table has columns; the
empty cell of a missing description has vanished and stands behind the others, or nowhere in the last row. Nothing is
interpreted here.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from contracts.helppage.draft import Faults, Located, shorten
from contracts.helppage.sections import CUSTOM, CUT

_SPLIT = re.compile(r"(?:(?<=\s)|^)\|(?=\s|$)")
_RULE = re.compile(r"\|?(?:\s*:?-{3,}:?\s*\|){1,}(?:\s*-{3,})?")
#: A line that closes two cells: the name was lost in the flattening, and the description with it.
LOST = "||"


def table_rows(
    lines: list[Located], width: int, faults: Faults, whole: Callable[[list[Located]], bool] = lambda cells: False
) -> list[list[Located]]:
    """The rows under a table's heading, each with `width` cells; what is cut off is noted and left out.

    The last row may have lost the empty cells at its end as well; `whole` says whether what it has is all of it.
    """
    lines = [line for line in lines if line.text.strip()]
    at, bordered = 0, bool(lines) and lines[0].text.startswith("|")
    if lines and _RULE.fullmatch(lines[0].text):
        at = 1
    end = next((end for end in range(len(lines), at, -1) if lines[end - 1].text.endswith("|")), len(lines))
    if end < len(lines):
        words = shorten(" ".join(line.text for line in lines[end:]), 60)
        faults.note(lines[end].line, f"words behind the table are left out: {words!r}", CUSTOM)
        lines = lines[:end]
    rows: list[list[Located]] = []
    while at < len(lines):
        row, at = _row(lines, at, width, bordered, faults, whole)
        if row:
            rows.append(row)
    return rows


def _row(
    lines: list[Located],
    at: int,
    width: int,
    bordered: bool,
    faults: Faults,
    whole: Callable[[list[Located]], bool],
) -> tuple[list[Located] | None, int]:
    """The row that begins at a line, None where it is cut off, and where the next begins."""
    first, start = lines[at], at
    if bordered and first.text == "|":
        if at + 1 == len(lines) or lines[at + 1].text.startswith("| "):  # the row before left it behind
            return None, at + 1
    elif bordered and not first.text.startswith("| "):
        faults.add(first.line, f"a row of the table was expected here, not {first.text[:60]!r}", CUT)
        return None, _next_row(lines, at + 1)
    cells, at = _gathered(lines, start, width, bordered, parted=False)
    if len(cells) < width:
        cells, at = _gathered(lines, start, width, bordered, parted=True)
    if len(cells) > width:  # pipes between blanks inside the last cell
        text = " | ".join(cell.text for cell in cells[width - 1 :])
        cells = [*cells[: width - 1], Located(text, cells[width - 1].line, cells[-1].line)]
    if len(cells) < width and at == len(lines) and whole(cells):
        return [*cells, *[Located("", cells[-1].line)] * (width - len(cells))], at
    if len(cells) < width:
        name = cells[0].text[:60] if cells else first.text[:60]
        faults.add(first.line, f"the row of {name!r} is cut off: it has {len(cells)} of {width} cells", CUT)
        return None, _next_row(lines, max(at, start + 1)) if bordered else len(lines)
    return cells, at


def _gathered(lines: list[Located], at: int, width: int, bordered: bool, parted: bool) -> tuple[list[Located], int]:
    """The cells from a line on, as far as a row goes; `parted`: below the first line, too, a line may hold several.

    It holds one where all of a row's cells are found so: then a pipe between blanks is a word of the description.
    """
    cells, at = _cells(lines, at, bordered)
    while len(cells) < width and at < len(lines) and not (bordered and lines[at].text.startswith("| ")):
        more, behind = _cells(lines, at, False)
        if not more:
            break
        one = Located(" | ".join(cell.text for cell in more), more[0].line, more[-1].last)
        cells, at = cells + (more if parted or not one.text.strip(" |") else [one]), behind
    return cells, at


def _cells(lines: list[Located], start: int, leading: bool) -> tuple[list[Located], int]:
    """The cells that end with the next line that ends with a pipe, and where the line behind it stands."""
    for at in range(start, len(lines)):
        line = lines[at]
        if at > start and line.text.startswith("| "):
            break
        if line.text in ("|", LOST):  # alone it closes an empty cell; below words, theirs
            words = "\n".join(part.text for part in lines[start:at])
            closed = Located(words.removeprefix("|").strip() if leading else words, lines[start].line, lines[at].line)
            return [closed, *[Located("", line.line)] * (len(line.text) - 1)], at + 1
        if not line.text.endswith(" |"):
            continue
        whole = "\n".join(part.text for part in lines[start : at + 1])[:-1]
        parts = _SPLIT.split(whole.removeprefix("|") if leading else whole)
        return [Located(part.strip(), lines[start].line, line.line) for part in parts], at + 1
    return [], start


def _next_row(lines: list[Located], at: int) -> int:
    while at < len(lines) and not lines[at].text.startswith("| "):
        at += 1
    return at
