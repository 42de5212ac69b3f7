"""Words of the pages that stand for no type, and models that no given page describes: noted, each model once.

The rule: a model that a sample shows is read from it, and only what neither a page nor a sample tells stays unknown.
Nothing here changes what was read.
"""

from __future__ import annotations

from collections.abc import Iterator

from contracts.errors import Fault
from contracts.helppage.draft import Located, PageDraft, Row
from contracts.helppage.phrases import models_in, type_of
from contracts.helppage.tables import Tables, is_opaque

_NO_SUCH_TYPE = "the page uses a word for a type that the HelpPage package does not have: settle the type in an overlay"


def phrases(draft: PageDraft) -> Iterator[tuple[Located, str]]:
    """What a page calls a type, and of which member."""
    rows: list[Row] = [*draft.parameters, *draft.rows]
    for side in (draft.request, draft.response):
        if side.phrase is not None and not is_opaque(side.phrase):
            if not side.sampled:
                yield side.phrase, ""
            rows += side.rows or ()
    for row in (row for row in rows if not row.sampled):
        yield row.phrase, row.name.text if row.name else "a member"


def check_types(draft: PageDraft, described: set[str], tables: Tables, noted: set[str], faults: list[Fault]) -> None:
    """Notes what a page calls a type and what is none; a model that nobody describes only where it is met first."""
    for phrase, member in phrases(draft):
        ref, page = type_of(phrase.text), draft.source.name
        of = f" of {member}" if member else ""
        if ref is None:
            faults.append(Fault(page, phrase.line, f"unknown type phrase{of}: {phrase.text[:60]!r}", _NO_SUCH_TYPE))
            continue
        for model in sorted(models_in(ref) - described - noted):
            noted.add(model)
            what = (
                f"unknown type phrase{of}: {model!r} is no type word, and no given page describes a model of that name"
            ) + (
                "; its members are guessed from the samples" if model in tables.by_model else "; it is taken as Object"
            )
            remedy = (
                f"save the page that this word links to (ResourceModel?modelName={model}) and give it as well; "
                "if it links to none, report the word"
            )
            faults.append(Fault(page, phrase.line, what, remedy))
