"""From the drafts of all pages to one contract: types looked up, samples walked, operations built.

The rule: a fault of one page never stops the reading of another. Pages that are damaged are left out, whatever else is
wrong is noted, and only where nothing is left is an error raised, with every fault.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from contracts.errors import Fault, PageError
from contracts.helppage.draft import PageDraft, Source
from contracts.helppage.facts import inferred, unknown
from contracts.helppage.listing import entries_of
from contracts.helppage.models import build_models
from contracts.helppage.operations import operation_of, parsed_samples, path_of
from contracts.helppage.phrases import FRAMEWORK, OPAQUE, models_in, type_of
from contracts.helppage.remarks import check_remarks, documented
from contracts.helppage.sampled import by_samples
from contracts.helppage.sections import A_FRAMEWORK_TYPE, AN_INDEX
from contracts.helppage.tables import gather, is_opaque
from contracts.helppage.unknowns import check_types, phrases
from contracts.helppage.walk import Walk
from contracts.model import Casing, Contract, Fact, Operation, Page
from contracts.naming import json_name

# The casings, the one that most portals turn names to first; the last turns nothing.
_CASINGS: tuple[Casing, ...] = ("camelCase", "snake_case", "kebab-case", "PascalCase")


def join(drafts: Sequence[PageDraft], notes: Sequence[Fault]) -> Contract:
    """One contract from all drafts; `notes` is what was found so far. Raises PageError where nothing is left to join.

    Pages that turn out to be damaged are left out, and the others joined without them.
    """
    found, left = list(notes), list(drafts)
    while True:
        broken = {fault.page for fault in found if fault.broken}
        left = [draft for draft in left if draft.source.name not in broken]
        if not any(_tells(draft) for draft in left):
            raise PageError([*found, *(_untelling(draft) for draft in left)])
        later: list[Fault] = []
        contract = _joined(left, later)
        if not any(fault.broken for fault in later):
            break
        found += [fault for fault in later if fault.page in {f.page for f in later if f.broken}]
    return replace(contract, notes=_notes([*found, *later]))


def _tells(draft: PageDraft) -> bool:
    """Whether a page says anything of an operation or a model."""
    return draft.kind != "index" and (draft.kind == "api" or draft.title.text not in FRAMEWORK)


def _untelling(draft: PageDraft) -> Fault:
    what, remedy = AN_INDEX if draft.kind == "index" else A_FRAMEWORK_TYPE
    return Fault(draft.source.name, draft.title.line, what, remedy)


def _notes(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """The faults as notes, each once, in page order; those that cost a page say so."""
    left_out = [
        replace(fault, what=f"the page was left out: {fault.what}") if fault.broken else fault for fault in set(faults)
    ]
    return tuple(sorted(left_out))


def _joined(drafts: Sequence[PageDraft], faults: list[Fault]) -> Contract:
    drafts = [by_samples(documented(draft)) for draft in drafts]
    told = _told(drafts)
    tables = gather(told, faults)
    walk = Walk(tables, faults)
    for draft in told:
        if draft.kind == "api":
            _walk(draft, walk, faults)
    missing, remarks, described = set[str](), set[str](), tables.described()
    for draft in told:
        check_types(draft, described, tables, missing, faults)
        check_remarks(draft, remarks, faults)
    casing = _casing(walk)
    models = build_models(walk, casing.value)
    operations = [operation_of(draft, walk, faults) for draft in told if draft.kind == "api"]
    _check_twice(told, operations, faults)
    pages = tuple(_page(draft.source) for draft in drafts)
    listed = entries_of(drafts, operations, faults)
    return Contract(pages, _once(operations), models, casing, listed=listed)


def _told(drafts: Sequence[PageDraft]) -> list[PageDraft]:
    """The pages of the portal's own; a type of the framework (Version) is one where the portal's models use it."""
    own = [draft for draft in drafts if _tells(draft)]
    used = {model for draft in own for phrase, _ in phrases(draft) for model in _models(phrase.text)}
    return [draft for draft in drafts if _tells(draft) or (draft.kind != "index" and draft.title.text in used - OPAQUE)]


def _models(phrase: str) -> set[str]:
    ref = type_of(phrase)
    return models_in(ref) if ref else set()


def _walk(draft: PageDraft, walk: Walk, faults: list[Fault]) -> None:
    for side in (draft.request, draft.response):
        ref = type_of(side.phrase.text) if side.phrase else None
        for json, xml in parsed_samples(side, draft.source, faults):
            if ref is not None and side.phrase and not is_opaque(side.phrase):
                walk.enter(ref, json, xml, draft.source.name, side.phrase.text, path_of(side.phrase))


def _page(source: Source) -> Page:
    return Page(source.name, source.sha256, source.layout, source.lines)


def _casing(walk: Walk) -> Fact[Casing | None]:
    """The casing that explains the members of the samples: any that turns names if a member was turned so."""
    told: list[tuple[frozenset[Casing], str, int, str]] = []
    for view in (view for views in walk.seen.values() for view in views):
        for name, key in view.keys.items():
            casings = frozenset(casing for casing in _CASINGS if json_name(name, casing) == key)
            if casings and ("PascalCase" not in casings or len(casings) == 1):  # else the name may be so in the code
                line = view.json[key].line if view.json is not None else 0
                told.append((casings, view.page, line, f"{name} is {key!r}"))
    alone = {casing for casings, *_ in told for casing in casings if len(casings) == 1}
    either = {casing for casings, *_ in told for casing in casings}
    casing = next((casing for casing in _CASINGS if casing in (alone - {"PascalCase"} or either)), None)
    if casing is None:
        return unknown(None, "a page with a JSON sample of a model")
    _, page, line, quote = next(one for one in told if casing in one[0])
    others = {other for casings, other, _, _ in told if casings != {"PascalCase"}}
    for casings, other, at, words in told:
        if casing != "PascalCase" and casings == {"PascalCase"} and other not in others:
            what = f"JSON is in PascalCase here ({words}), in {casing} on {page}; {casing} is taken"
            walk.faults.append(Fault(other, at, what, "give pages of one site"))
            break
    return inferred(casing, "casing.samples", page, (line,), quote)


def _check_twice(drafts: Sequence[PageDraft], operations: Sequence[Operation], faults: list[Fault]) -> None:
    pages = [draft for draft in drafts if draft.kind == "api"]
    first: dict[str, tuple[PageDraft, Operation]] = {}
    for draft, operation in zip(pages, operations, strict=True):
        title = draft.title.text.lower()  # routes are matched in any case
        if title in first and _content(first[title][1]) != _content(operation):
            what = f"{draft.title.text} stands on {first[title][0].source.name} too, with other content"
            faults.append(Fault(draft.source.name, draft.title.line, what, "give each operation's page once"))
        first.setdefault(title, (draft, operation))


def _content(operation: Operation) -> object:
    """What two pages of one operation must have in common, whatever their layout."""
    request, response = operation.request, operation.response
    return (
        operation.summary.value,
        [(p.name, p.phrase.value, p.required.value, p.default.value) for p in operation.parameters],
        *((body.type.value, [m.value for m in body.media_types], body.opaque) for body in (request, response)),
    )


def _once(operations: Sequence[Operation]) -> tuple[Operation, ...]:
    seen: dict[object, Operation] = {}
    for operation in operations:
        seen.setdefault((operation.id.lower(), *(p.name for p in operation.parameters)), operation)
    return tuple(seen.values())
