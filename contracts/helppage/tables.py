"""The tables of all pages, gathered by model: what each model's members are called, and where it says so.

The rule: a model has one table, however many pages show it. Tables are compared as sets, since the order in which the
framework reflects members differs from page to page; two that differ are a fault naming both places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from contracts.errors import Fault
from contracts.helppage.draft import EnumRow, Located, PageDraft, Row
from contracts.helppage.phrases import OPAQUE, type_of
from contracts.model import TypeRef


@dataclass
class Table:
    """A model's table on one page; `rows` of an object or `members` of an enumeration."""

    model: str
    page: str
    line: int
    rows: tuple[Row, ...] = ()
    members: tuple[EnumRow, ...] = ()
    is_enum: bool = False
    own: bool = False
    lost: frozenset[str] = frozenset()

    @property
    def sampled(self) -> bool:
        """Whether no page shows the table: it is made from a sample."""
        return any(row.sampled for row in self.rows)

    def name(self, at: int, name: Located) -> None:
        """Gives the row at that position the name that it lost."""
        self.rows = (*self.rows[:at], replace(self.rows[at], name=name), *self.rows[at + 1 :])
        self.lost |= {name.text}


@dataclass
class Tables:
    """Every model's tables, the first found first, and what the pages say about each model."""

    by_model: dict[str, list[Table]]
    descriptions: dict[str, tuple[str, Located | None, bool]]

    def described(self) -> set[str]:
        """The models that a page describes, not only a sample."""
        return {name for name, tables in self.by_model.items() if not all(table.sampled for table in tables)}

    def of(self, model: str, page: str = "") -> Table | None:
        """The table of a model: the page's own, else one that lost no name, else the first."""
        tables = self.by_model.get(model, [])
        whole = next((table for table in tables if all(row.name for row in table.rows)), None)
        return next((table for table in tables if table.page == page), whole or (tables[0] if tables else None))


def gather(drafts: Sequence[PageDraft], faults: list[Fault]) -> Tables:
    """The tables of all drafts; differing ones are noted."""
    tables = Tables({}, {})
    for draft in drafts:
        name = draft.source.name
        if draft.kind == "api":
            for side in (draft.request, draft.response):
                model = _bottom(type_of(side.phrase.text)) if side.phrase else ""
                if side.phrase and model and side.rows is not None and model not in OPAQUE:
                    _add(tables, Table(model, name, side.phrase.line, side.rows), faults)
                    if side is draft.request:
                        tables.descriptions.setdefault(model, (name, side.description, False))
        elif draft.title.text not in OPAQUE:
            model = draft.title.text
            if not tables.descriptions.get(model, ("", None, False))[2]:
                tables.descriptions[model] = (name, draft.summary or replace(draft.title, text=""), True)
            table = Table(model, name, draft.title.line, draft.rows, draft.members, draft.kind == "enum", own=True)
            _add(tables, table, faults)
    return tables


def is_opaque(phrase: Located | None) -> bool:
    """Whether a body's type is one of the framework's own, which says nothing."""
    ref = type_of(phrase.text) if phrase else None
    return ref is not None and _bottom(ref) in OPAQUE


def _bottom(ref: TypeRef | None) -> str:
    """The model whose members a body's table lists: its own, or that of a collection's items."""
    while ref and ref.kind == "collection":
        ref = ref.item
    return ref.name if ref and ref.kind == "model" else ""


def _add(tables: Tables, table: Table, faults: list[Fault]) -> None:
    known = tables.by_model.setdefault(table.model, [])
    if not known:
        _check_names(table, faults)
    elif not _same(known[0], table):
        first = known[0]
        where = f"line {first.line}" if first.page == table.page else f"{first.page}, line {first.line}"
        faults.append(
            Fault(
                table.page,
                table.line,
                f"the table of {table.model} differs from the one in {where}: {_difference(first, table)}; "
                "that one is taken",
                "give pages of one site and one time; two models cannot share a name",
            )
        )
        return
    known.append(table)


def _check_names(table: Table, faults: list[Fault]) -> None:
    rows = [row.name for row in table.rows if row.name] + [member.name for member in table.members]
    seen: set[str] = set()
    for name in rows:
        if name.text in seen:
            what = f"{table.model} has two rows called {name.text!r}"
            faults.append(Fault(table.page, name.line, what, "save the page again; a model has each member once"))
        seen.add(name.text)


def _same(one: Table, other: Table) -> bool:
    """Whether two tables list the same members; where one lost a name, what else the rows say must do."""
    if one.is_enum or other.is_enum:
        values = [{(row.name.text, row.value.text) for row in table.members} for table in (one, other)]
        return values[0] == values[1] and one.is_enum == other.is_enum
    lost = any(row.name is None for row in (*one.rows, *other.rows))
    mine, others = ([_content(row)[2 if lost else 0 :] for row in table.rows] for table in (one, other))
    return sorted(mine) == sorted(others) if lost else set(mine) == set(others)


def _content(row: Row) -> tuple[str, ...]:
    name = row.name.text if row.name else ""
    words = " ".join(row.description.text.split()) if row.description else ""
    phrase = " ".join(row.phrase.text.split())
    return (name, words, phrase, *(annotation.text for annotation in row.annotations))


def _difference(first: Table, second: Table) -> str:
    mine, other = _named(first), _named(second)
    if mine - other:
        return f"it lacks {', '.join(sorted(mine - other))}"
    if other - mine:
        return f"it adds {', '.join(sorted(other - mine))}"
    return "a row says something else"


def _named(table: Table) -> set[str]:
    return {row.name.text for row in table.rows if row.name} | {member.name.text for member in table.members}
