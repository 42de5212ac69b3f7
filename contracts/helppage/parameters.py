"""The URI parameters of an operation: rows of the table, placeholders of the path, keys of the query, brought together.

    row       key of the query        it is
    page      page                    a parameter of its own
    ids       ids[0], ids[1]          a collection (a dictionary: ids[0].key, ids[0].value)
    Lowest    Lowest                  a parameter, or a member of a complex type whose members the page lists
    Lowest    filter.Lowest           a member of one of several complex types
    -         id                      a parameter that the page forgot

The rule: what a row says is stated; that rows are the members of a model follows only where annotations or the
model's own page show it. Source: the HelpPage package, GenerateUriParameters; ApiExplorer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from contracts.helppage import prose
from contracts.helppage.draft import Located, PageDraft, Row, Source
from contracts.helppage.facts import because, inferred, stated, unknown
from contracts.helppage.members import type_fact
from contracts.helppage.phrases import annotation_of, models_in, type_of
from contracts.helppage.tables import Table
from contracts.helppage.walk import Walk
from contracts.model import Fact, Parameter, TypeRef
from contracts.scalars import SCALARS

_PLACEHOLDER = re.compile(r"\{\*?([^{}?:=]+)[^{}]*\}")
_SETTLE_NULL = "send it empty: a parameter that cannot be null answers 400"
# What a row of a parameter of its own can say; all else is a member's.
_OWN = frozenset({"required", "default", "none", "other"})


def parameters_of(draft: PageDraft, path: str, query: Sequence[str], walk: Walk) -> tuple[Parameter, ...]:
    """Every parameter, the rows of the table first, in their order."""
    rows = [row for row in draft.parameters if row.name]
    places = {name.lower() for name in _PLACEHOLDER.findall(path)}
    complex_of = _complex(rows, places, draft.source.name, walk)
    found = [_parameter(row, draft.source, places, query, complex_of.get(_name(row)), walk) for row in rows]
    known = {parameter.name.lower() for parameter in found}
    stems = dict.fromkeys(key.partition("[")[0] for key in query)
    keys = {parameter.key.lower() for parameter in found} | known
    left = [name for name in _PLACEHOLDER.findall(path) if name.lower() not in known]
    found += [_forgotten(name, True, draft) for name in left]
    found += [_forgotten(name, False, draft) for name in stems if name.lower() not in keys]
    return tuple(found)


def _name(row: Row) -> str:
    return row.name.text if row.name else ""


def _parameter(
    row: Row, source: Source, places: set[str], query: Sequence[str], complex_: Fact[str | None] | None, walk: Walk
) -> Parameter:
    page, name = source.name, _name(row)
    notes = [(text, annotation_of(text.text)) for text in row.annotations]
    required = next((text for text, note in notes if note.kind == "required"), None)
    default = next(((text, note) for text, note in notes if note.kind == "default"), None)
    said = row.annotations[0] if row.annotations else row.phrase
    words = row.description
    in_path = name.lower() in places
    parameter = Parameter(
        name=name,
        description=stated(words.text, page, words) if words else stated("", page, said, ""),
        phrase=stated(" ".join(row.phrase.text.split()), page, row.phrase),
        type=_type(row, page, name, in_path, walk),
        in_path=in_path,
        required=stated(required is not None, page, required or said),
        default=stated(default[1].arguments[0] if default else None, page, default[0] if default else said),
        annotations=tuple(stated(note, page, text) for text, note in notes if note.kind not in ("none", "default")),
        complex=complex_ or Fact(None),
        prefix=_prefix(name, query),
    )
    return replace(parameter, nullable=_nullable(parameter, row, page, walk))


def _type(row: Row, page: str, name: str, in_path: bool, walk: Walk) -> Fact[TypeRef]:
    if row.phrase.text:
        return type_fact(row.phrase, page, None, f"?{name}", walk)
    settle = "whoever wrote the service: pages of this layout show no types"
    return inferred(TypeRef("scalar", "String"), "parameter.untyped", page, (row.line,), name, settle)


def _prefix(name: str, query: Sequence[str]) -> str:
    """What stands before the name in the query's key, "filter." or nothing."""
    keys = [key for key in query if key.partition("[")[0].lower() == name.lower()]
    longer = [key for key in query if key.lower().endswith(f".{name.lower()}")]
    return longer[0][: -len(name)] if longer and not keys else ""


def _nullable(parameter: Parameter, row: Row, page: str, walk: Walk) -> Fact[bool | None]:
    words = row.description
    told = prose.may_be_null(words.text) if words else None
    if words and told is not None:
        return stated(told, page, words)
    if not _is_value(parameter.type.value, walk):
        return inferred(True, "nullable.reference-type", page, row.phrase.lines, row.phrase.text)
    optional = not parameter.required.value and parameter.default.value is None
    if optional and parameter.complex.value is None and row.annotations:
        said = row.annotations[0]
        return inferred(True, "parameter.optional-null", page, said.lines, said.text)
    return inferred(False, "nullable.guess", page, row.phrase.lines, row.phrase.text, _SETTLE_NULL)


def _is_value(ref: TypeRef, walk: Walk) -> bool:
    if ref.kind == "model":
        table = walk.tables.of(ref.name)
        return bool(table and table.is_enum)
    return ref.kind == "pair" or (ref.kind == "scalar" and SCALARS[ref.name].value_type)


def _complex(rows: Sequence[Row], places: set[str], page: str, walk: Walk) -> dict[str, Fact[str | None]]:
    """The rows that are members of a complex type, with the model where a page tells it."""
    found: dict[str, Fact[str | None]] = {}
    own = [row for row in rows if _name(row).lower() not in places]
    firm = {_name(row) for row in own if any(annotation_of(note.text).kind not in _OWN for note in row.annotations)}
    by_name = {_name(row): row for row in own}
    for model, tables in walk.tables.by_model.items():
        table = tables[0]
        members = [by_name.get(_name(row)) for row in table.rows]
        if table.is_enum or not table.rows or not all(members):
            continue
        same = all(_says(one) == _says(other) for one, other in zip(table.rows, members, strict=True) if other)
        sure = any(_name(row) in firm for row in table.rows) or (len(members) > 1 and model not in _used(walk))
        if same and sure and not any(_name(row) in found for row in table.rows):
            found |= {_name(row): _member_of(model, row, table) for row in table.rows}
    for name in firm - found.keys():
        row = by_name[name]
        by = because("parameter.annotated", page, row.annotations[0].lines, row.annotations[0].text)
        found[name] = Fact("", (by,))
    return found


def _member_of(model: str, row: Row, table: Table) -> Fact[str | None]:
    return inferred(model, "parameter.complex", table.page, row.name.lines if row.name else (row.line,), _name(row))


def _says(row: Row) -> tuple[str, str, list[str]]:
    words = row.description.text if row.description else ""
    return words, " ".join(row.phrase.text.split()), [note.text for note in row.annotations]


def _used(walk: Walk) -> set[str]:
    """The models that other models or bodies mention."""
    used = set(walk.seen)
    for tables in walk.tables.by_model.values():
        for row in tables[0].rows:
            used |= models_in(ref) if (ref := type_of(row.phrase.text)) else set()
    return used


def _forgotten(name: str, in_path: bool, draft: PageDraft) -> Parameter:
    """A placeholder or key of the title that the table lacks: text, as far as anyone can tell."""
    page, title = draft.source.name, draft.title
    settle = "whoever wrote the service: the page's table does not list this parameter"
    where = Located(title.text, title.line)
    return Parameter(
        name=name,
        description=unknown("", settle),
        phrase=unknown("", settle),
        type=inferred(TypeRef("scalar", "String"), "parameter.untyped", page, where.lines, title.text, settle),
        in_path=in_path,
        required=inferred(in_path, "parameter.untyped", page, where.lines, title.text, settle),
        default=unknown(None, settle),
        nullable=inferred(True, "nullable.reference-type", page, where.lines, title.text),
    )
