"""From the drafts of all pages to one contract: types looked up, samples walked, operations built.

The rule: every fault of every page is found before anything is raised, and a contract is only made of pages without
one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contracts.errors import Fault, PageError
from contracts.helppage.draft import Located, PageDraft, Row, Source
from contracts.helppage.facts import inferred, unknown
from contracts.helppage.models import build_models
from contracts.helppage.operations import operation_of, parsed_samples
from contracts.helppage.phrases import FRAMEWORK, models_in, type_of
from contracts.helppage.tables import Tables, gather, is_opaque
from contracts.helppage.walk import Walk
from contracts.model import Casing, Contract, Fact, Operation, Page
from contracts.naming import camel_case

_NO_SUCH_TYPE = "the page uses a word for a type that the HelpPage package does not have: check the line, or report it"


def join(drafts: Sequence[PageDraft], faults: list[Fault]) -> Contract:
    """One contract from all drafts; raises PageError with every fault, those already found included."""
    drafts = [draft for draft in drafts if draft.kind == "api" or draft.title.text not in FRAMEWORK]
    tables = gather(drafts, faults)
    for draft in drafts:
        _check_types(draft, tables, faults)
    walk = Walk(tables, faults)
    for draft in drafts:
        if draft.kind == "api":
            for side in (draft.request, draft.response):
                ref = type_of(side.phrase.text) if side.phrase else None
                for json, xml in parsed_samples(side, draft.source.name, faults):
                    if ref is not None and not is_opaque(side.phrase):
                        walk.enter(ref, json, xml, draft.source.name, side.phrase.text if side.phrase else "the body")
    casing = _casing(walk)
    models = build_models(walk, casing.value)
    operations = [operation_of(draft, walk, faults) for draft in drafts if draft.kind == "api"]
    _check_twice(drafts, operations, faults)
    if faults:
        raise PageError(faults)
    pages = tuple(_page(draft.source) for draft in drafts)
    return Contract(pages, _once(operations), models, casing)


def _page(source: Source) -> Page:
    return Page(source.name, source.sha256, source.layout, source.lines)


def _casing(walk: Walk) -> Fact[Casing | None]:
    """camelCase if any member was turned, PascalCase if one that would have been was not."""
    pascal = None
    for views in walk.seen.values():
        for view in views:
            for name, key in view.keys.items():
                line = view.json[key].line if view.json is not None else 0
                if key != name:
                    return inferred("camelCase", "casing.samples", view.page, (line,), f"{name} is {key!r}")
                if camel_case(name) != name and pascal is None:
                    pascal = (view.page, line, f"{name} is {key!r}")
    if pascal:
        return inferred("PascalCase", "casing.samples", pascal[0], (pascal[1],), pascal[2])
    return unknown(None, "a page with a JSON sample of a model")


def _phrases(draft: PageDraft) -> Iterator[tuple[Located, str]]:
    rows: list[Row] = [*draft.parameters, *draft.rows]
    for side in (draft.request, draft.response):
        if side.phrase is not None and not is_opaque(side.phrase):
            yield side.phrase, ""
            rows += side.rows or ()
    for row in rows:
        yield row.phrase, row.name.text if row.name else "a member"


def _check_types(draft: PageDraft, tables: Tables, faults: list[Fault]) -> None:
    noted: set[str] = set()
    for phrase, member in _phrases(draft):
        ref, page = type_of(phrase.text), draft.source.name
        of = f" of {member}" if member else ""
        if ref is None:
            faults.append(Fault(page, phrase.line, f"unknown type phrase{of}: {phrase.text[:60]!r}", _NO_SUCH_TYPE))
            continue
        for model in sorted(models_in(ref) - tables.by_model.keys() - noted):
            noted.add(model)
            what = (
                f"unknown type phrase{of}: {model!r} is no type word, and no given page describes a model of that name"
            )
            remedy = (
                f"save the page that this word links to (ResourceModel?modelName={model}) and give it as well; "
                "if it links to none, report the word"
            )
            faults.append(Fault(page, phrase.line, what, remedy))


def _check_twice(drafts: Sequence[PageDraft], operations: Sequence[Operation], faults: list[Fault]) -> None:
    pages = [draft for draft in drafts if draft.kind == "api"]
    first: dict[str, tuple[PageDraft, Operation]] = {}
    for draft, operation in zip(pages, operations, strict=True):
        title = draft.title.text
        if title in first and _content(first[title][1]) != _content(operation):
            what = f"{title} stands on {first[title][0].source.name} too, with other content"
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
        seen.setdefault((operation.id, *(p.name for p in operation.parameters)), operation)
    return tuple(seen.values())
