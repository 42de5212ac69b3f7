"""Many records at once: those that match, and one page of them.

The rule: records come in the order of arrival; a filter compares the whole value, and one that is null or empty lets
all pass. GUESS: so a search of the portal would show. Which member is filtered by what is decided in `plans`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contracts.model import Model
from mockserver.webapi.shapes import Record, fold

#: GUESS: what a page holds when the request does not say; the parameters' default values would settle it.
PAGE, SIZE = 1, 10


def matching(rows: list[Record], wanted: Mapping[str, Any]) -> list[Record]:
    """The records whose members have these values; None and "" want nothing."""
    given = {member: value for member, value in wanted.items() if value is not None and value != ""}
    return [row for row in rows if all(row[member] == value for member, value in given.items())]


def page_of(model: Model, rows_name: str, rows: list[Record], page: int | None, size: int | None) -> Record:
    """One page of a list as its model: the rows, and numbers that tell where they stand, from 1 (0: nowhere)."""
    page, size = PAGE if page is None else page, SIZE if size is None else size
    start = (page - 1) * size
    shown = rows[start : start + size] if size > 0 and start >= 0 else []
    numbers = {
        "totalitems": len(rows),
        "itemsperpage": size,
        "currentpage": page,
        "totalpages": -(-len(rows) // size) if size > 0 else 0,
        "firstrowonpage": start + 1 if shown else 0,
        "lastrowonpage": start + len(shown) if shown else 0,
    }
    return {p.name: shown if p.name == rows_name else _number(numbers, p.name) for p in model.properties}


# GUESS: other names for the same numbers; an answer of the portal would settle it.
_OTHER = {
    "total": "totalitems", "totalcount": "totalitems", "count": "totalitems", "totalrows": "totalitems",
    "pagesize": "itemsperpage", "page": "currentpage", "pagenumber": "currentpage", "pageindex": "currentpage",
    "pagecount": "totalpages", "pages": "totalpages",
}  # fmt: skip


def _number(numbers: Mapping[str, int], name: str) -> int:
    word = fold(name)
    return numbers.get(_OTHER.get(word, word), 0)
