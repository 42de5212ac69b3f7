"""Whether a member can be null: by its prose, by its type, by the numbers of the samples, or not at all.

The rule, in this order: what the prose says; reference types can be null; what the numbering proves; otherwise open, as
"one of these, which is not known" where a gap tells the count, as a guess of "cannot" where nothing tells anything.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from contracts.helppage import prose
from contracts.helppage.agree import is_offset
from contracts.helppage.draft import Row, shorten
from contracts.helppage.facts import because, inferred, stated, unknown
from contracts.helppage.matching import Seen
from contracts.helppage.numbering import Numbering, Slot, solve
from contracts.helppage.phrases import annotation_of, says_nullable, type_of
from contracts.helppage.samples import Json, Number
from contracts.model import Evidence, Fact, TypeRef
from contracts.scalars import SCALARS

_INDEX = re.compile(r"(?:sample string |http://webapihelppage)(\d{1,6})(?:\.com/?)?")
_WHOLE = re.compile(r"(\d{1,6})(?:\.[01])?")
_FREE = frozenset({"Boolean", "Guid", "DateTime", "TimeSpan", "Byte", "SByte", "Char"})
_SETTLE = "send this member as null: a member that cannot be null is refused or comes back as its default"


def nullability(
    rows: Sequence[Row], page: str, views: Sequence[Seen], enums: Collection[str]
) -> dict[str, Fact[bool | None]]:
    """The fact for every named row; `views` are where samples show the model, `enums` names the enumerations."""
    facts: dict[str, Fact[bool | None]] = {}
    for row in rows:
        if row.name:
            fact = _told(row, page, enums)
            if fact:
                facts[row.name.text] = fact
    for view in views:
        _shown(rows, view, facts)
    said = {name for name, fact in facts.items() if fact.value and fact.standing == "stated"}
    for view in views:
        if view.json is not None:
            _by_numbers(rows, view, said, facts)
    for row in rows:
        if row.name and row.name.text not in facts:
            words = row.phrase
            facts[row.name.text] = inferred(False, "nullable.guess", page, words.lines, words.text, _SETTLE)
    return facts


def _shown(rows: Sequence[Row], view: Seen, facts: dict[str, Fact[bool | None]]) -> None:
    """What a sample of the portal's own shows as null can be null."""
    for name in (_name(row) for row in rows if _name(row) not in facts):
        key, element = view.keys.get(name, ""), view.elements.get(name)
        value = view.json.get(key) if view.json is not None else None
        if value is not None and value.value is None:
            facts[name] = inferred(True, "nullable.shown", view.page, (value.line,), f"{name} is null")
        elif element is not None and element.nil:
            facts[name] = inferred(True, "nullable.shown", view.page, (element.line,), f"<{name}> is nil")


def _told(row: Row, page: str, enums: Collection[str]) -> Fact[bool | None] | None:
    said = prose.may_be_null(row.description.text) if row.description else None
    if row.description and said is not None:
        return stated(said, page, row.description)
    if says_nullable(row.phrase.text):
        return stated(True, page, row.phrase)
    ref = type_of(row.phrase.text)
    if ref and not _is_value(ref, enums):
        return inferred(True, "nullable.reference-type", page, row.phrase.lines, row.phrase.text)
    return None


def _is_value(ref: TypeRef, enums: Collection[str]) -> bool:
    if ref.kind == "scalar":
        return SCALARS[ref.name].value_type
    return ref.kind == "pair" or (ref.kind == "model" and ref.name in enums)


def _by_numbers(rows: Sequence[Row], view: Seen, said: set[str], facts: dict[str, Fact[bool | None]]) -> None:
    fields, sure = fields_of(view)
    own = [row for row in view.table.rows if row.name]
    parts = [[r for r in own if _name(r) not in fields], [r for r in own if _name(r) in fields]]
    told = _counted(own, view, said) if not sure else None  # what both readings tell is so in any case
    doubts = Doubts(_hidden(view)[1], frozenset(_ahead(view) - fields))
    for part in parts:
        slots = [slot for slot in (_slot(row, view) for row in part) if slot]
        answer = _counted(part, view, said)
        if answer is None:
            continue
        lines = _lines(slots, view)
        for slot in slots:
            counted = answer.counted[slot.name]
            if sure or (told and told.counted[slot.name] is counted):
                _tell(slot, counted, doubts, slots, view, facts)
        if sure:
            _open(answer, facts, lines)


def _counted(rows: Sequence[Row], view: Seen, said: set[str]) -> Numbering | None:
    slots, taken = [slot for slot in (_slot(row, view) for row in rows) if slot], _hidden(view)[0]
    return solve(slots, taken, said) or solve(slots, taken)


@dataclass(frozen=True)
class Doubts:
    """What a model's samples leave open: whether a member that no table lists may have taken an index without showing
    it, and the members that JSON writes first, which may be fields or have an order of their own."""

    unplaced: bool
    ahead: frozenset[str]


def _tell(
    slot: Slot,
    counted: bool | None,
    doubts: Doubts,
    slots: Sequence[Slot],
    view: Seen,
    facts: dict[str, Fact[bool | None]],
) -> None:
    if counted is None or slot.name in facts:
        return
    if not counted and slot.kind == "loose":  # it may as well have no setter, and then it never counts
        return
    if not counted and slot.shown == 1 and slot.name in doubts.ahead:  # a field counts on its own
        return
    if counted and slot.shown < 2 and doubts.unplaced:
        return
    facts[slot.name] = Fact(not counted, _evidence(slot, slots, view, _lines(slots, view)))


def _hidden(view: Seen) -> tuple[list[int], bool]:
    """The indexes that members without a row show, and whether one of them may have taken one without showing it."""
    shown = [_spelled(element.text) for element in view.extra if not element.children or is_offset(element)]
    for name in view.unlisted:
        value = view.json[view.keys[name]].value if view.json is not None else None
        if not isinstance(value, (dict, list)):
            shown.append(_spelled(value.text if isinstance(value, Number) else str(value)))
    return [index for index in shown if index], not all(shown)


def _spelled(text: str) -> int:
    """The index that a text shows, 0 for none; a number 1 may be a Nullable<T>'s as well."""
    whole = _WHOLE.fullmatch(text.strip())
    return _index(text) or (int(whole[1]) if whole and int(whole[1]) > 1 else 0)


def _name(row: Row) -> str:
    return row.name.text if row.name else ""


def _open(answer: Numbering, facts: dict[str, Fact[bool | None]], lines: Mapping[str, int]) -> None:
    for names, count in answer.open_groups:
        where = f"lines {min(lines[n] for n in names)} to {max(lines[n] for n in names)}"
        settle = f"exactly {count} of {', '.join(names)} can be null ({where}): send each as null"
        for name in names:
            if name not in facts:
                facts[name] = unknown(None, settle)


def _evidence(slot: Slot, slots: Sequence[Slot], view: Seen, lines: Mapping[str, int]) -> tuple[Evidence, ...]:
    """The member's own line, and those of the visible indexes before and after it."""
    at = slots.index(slot)
    visible = [i for i, other in enumerate(slots) if other.shown and other.kind != "free"]
    before = [i for i in visible if i < at][-1:]
    after = [i for i in visible if i > at][:1]
    near = [slots[i] for i in (*before, at, *after)]
    quote = ", ".join(f"{other.name} {other.shown}" if other.shown else other.name for other in near)
    used = [lines[other.name] for other in near]
    return (because("nullable.numbering", view.page, used, shorten(quote)),)


def _lines(slots: Sequence[Slot], view: Seen) -> dict[str, int]:
    return {slot.name: view.json[view.keys[slot.name]].line for slot in slots if view.json is not None}


def _ahead(view: Seen) -> set[str]:
    """The members that JSON writes before the first of the table."""
    by_key = {key: name for name, key in view.keys.items()}
    order = [by_key[key] for key in view.json or {} if key in by_key]
    first = next((row.name.text for row in view.table.rows if row.name), "")
    return set(order[: order.index(first)]) if first in order else set()


def fields_of(view: Seen) -> tuple[set[str], bool]:
    """The public fields: last in the table, first in JSON, counted on their own from 1; and whether that is sure.

    An explicit order in JSON looks the same; then only the count tells. Fields bear no annotations.
    """
    rows = [row for row in view.table.rows if row.name]
    names = [_name(row) for row in rows]
    by_key = {key: name for name, key in view.keys.items()}
    order = [by_key[key] for key in view.json or {} if by_key.get(key) in names]
    size = len(names) - names.index(order[0]) if order and order[0] in names[1:] else 0
    if not size or names[-size:] != order[:size] or names[:-size] != order[size:]:
        return set(), True
    noted = any(annotation_of(note.text).kind != "none" for row in rows[-size:] for note in row.annotations)
    if noted or not _solved(rows[-size:], view):
        return set(), True
    return set(names[-size:]), not _solved(rows, view)


def _solved(rows: Sequence[Row], view: Seen) -> bool:
    """Whether one count from 1 on explains the numbers of these members, and no index is left out."""
    answer = solve([slot for slot in (_slot(row, view) for row in rows) if slot])
    return answer is not None and answer.hidden == 0


def _index(text: str) -> int:
    match = _INDEX.fullmatch(text)
    return int(match[1]) if match else 0


def _slot(row: Row, view: Seen) -> Slot | None:
    """What part a row takes in the numbering, None if it never takes one."""
    name, ref = _name(row), type_of(row.phrase.text)
    if ref is None or view.json is None or name not in view.keys:
        return None
    value: Json = view.json[view.keys[name]]
    unset = view.xml is not None and name not in view.elements
    if ref.kind == "any":
        return Slot(name, "always")
    if ref.kind != "scalar" or value.value is None:
        return None
    if ref.name in _FREE:
        return Slot(name, "free")
    if isinstance(value.value, Number):
        whole, _, fraction = value.value.text.partition(".")
        shown = int(whole) if whole.isdigit() and fraction in ("", "0", "1") else 0
        return Slot(name, "loose" if unset or not shown else "maybe", shown)
    shown = _index(value.value) if isinstance(value.value, str) else 0
    if unset or not shown:
        return Slot(name, "loose", shown) if shown else None
    return Slot(name, "fixed", shown)
