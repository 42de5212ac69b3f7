"""Words of a page that say nothing ("No documentation available."), and remarks that nobody understands.

The rule: what stands for missing words is no words. A remark in the column "Additional information" that is none of the
package's is kept as it stands and noted, each wording once, since nothing enforces it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from contracts.errors import Fault
from contracts.helppage.draft import Located, PageDraft, Row, Side
from contracts.helppage.phrases import annotation_of
from contracts.helppage.sections import IN_BODY, IN_URI, UNDOCUMENTED

_UNENFORCED = (
    "it is kept but not enforced; what it says of a type, a default or a required member, an overlay can settle"
)
_NUMBER = re.compile(r"\d+")


def documented(draft: PageDraft) -> PageDraft:
    """The draft without words that only say that there are none."""
    return replace(
        draft,
        summary=_words(draft.summary),
        parameters=_rows(draft.parameters),
        rows=_rows(draft.rows),
        request=_side(draft.request),
        response=_side(draft.response),
        entries=tuple(
            replace(entry, description="") if entry.description == UNDOCUMENTED else entry for entry in draft.entries
        ),
    )


def _words(words: Located | None) -> Located | None:
    return None if words is not None and words.text.strip() == UNDOCUMENTED else words


def _rows(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    return tuple(replace(row, description=_words(row.description)) for row in rows)


def _side(side: Side) -> Side:
    rows = None if side.rows is None else _rows(side.rows)
    return replace(side, description=_words(side.description), rows=rows)


def check_remarks(draft: PageDraft, noted: set[str], faults: list[Fault]) -> None:
    """Notes each wording of a remark that is none of the package's, where it is met first."""
    for remark in _remarks(draft):
        wording = _NUMBER.sub("#", remark.text)
        if wording in noted or remark.text in ("", "-", IN_BODY, IN_URI) or annotation_of(remark.text).kind != "other":
            continue
        noted.add(wording)
        what = f"a remark of unknown wording: {remark.text[:60]!r}"
        faults.append(Fault(draft.source.name, remark.line, what, _UNENFORCED))


def _remarks(draft: PageDraft) -> Iterator[Located]:
    for rows in (draft.parameters, draft.request.rows, draft.response.rows, draft.rows):
        for row in rows or ():
            yield from row.annotations
