"""Defects of members that are no plain scalar, and of numbers and nulls: values that are kept otherwise than sent.

The rule: a member is known by its type in the contract, never by its name; each change is of the record as it was read,
before the portal keeps it, so that answer, read and list agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import unquote

from contracts.model import Contract, Model, Operation, Property
from mockserver.defects.layers import Handle, Layer, Roles, Site
from mockserver.defects.players import Player, Store, Turn, played
from mockserver.defects.table import Defect, family
from mockserver.webapi import Act, Request, Response, actions
from mockserver.webapi.actions import Outcome
from mockserver.webapi.dates import DateTimeOffset
from mockserver.webapi.shapes import Record

DAY = 24 * 3600 * 10_000_000
Change = Callable[[Any], Any]


@dataclass(frozen=True)
class _Changed:
    """The controller, given records in which some members are changed."""

    contract: Contract
    act: Act
    fits: Callable[[Contract, Property], bool]
    change: Change

    def __call__(self, operation: Operation, model: Model, record: Record) -> Record:
        changed = {
            prop.name: self.change(record[prop.name])
            for prop in model.properties
            if prop.name in record and prop.name not in (model.key.value, model.portal_id.value)
            if self.fits(self.contract, prop)
        }
        return self.act(operation, model, {**record, **changed})

    def perform(self, call: actions.Call) -> Outcome | None:
        return actions.perform(self.act, call)


def _kept(fits: Callable[[Contract, Property], bool], change: Change, null: bool = False) -> Layer:
    """A layer that changes the members that fit; `null`: those that are null as well."""

    def changed(value: Any) -> Any:
        return value if value is None and not null else change(value)

    def layer(site: Site, handle: Handle) -> Handle:
        def altered(request: Request, act: Act) -> Response:
            return handle(request, _Changed(site.contract, act, fits, changed))

        return altered

    return layer


def _of(kind: str, *clr: str) -> Callable[[Contract, Property], bool]:
    """Whether a member is of a kind, and of one of these CLR types."""

    def fits(contract: Contract, prop: Property) -> bool:
        ref = prop.type.value
        enum = ref.kind == "model" and ref.name in contract.models and contract.models[ref.name].kind == "enum"
        return ref.kind == kind and not enum and (not clr or ref.name in clr)

    return fits


def _nullable_number(contract: Contract, prop: Property) -> bool:
    return _of("scalar", "Int32", "Int64", "UInt32", "Byte")(contract, prop) and prop.nullable.value is True


def _trimmed(value: Mapping[str, Any]) -> Record:
    return {name: item.strip() if isinstance(item, str) else item for name, item in value.items()}


def _listed(change: Callable[[list[Any]], Any]) -> Change:
    """A change of lists that leaves bytes as they are."""
    return lambda value: change(value) if isinstance(value, list) else value


def _once(value: list[Any]) -> list[Any]:
    found: list[Any] = []
    for item in value:
        if item not in found:
            found.append(item)
    return found


def _binary(change: Callable[[bytes], Any]) -> Change:
    return lambda value: change(value) if isinstance(value, bytes) else value


class _Remembering(Player):
    """Values made of values as they were last sent, by record and over all."""

    def __init__(self) -> None:
        self._seen: dict[object, Record] = {}
        self._last: Record = {}

    def upsert(self, roles: Roles, record: Record, store: Store) -> Record:
        key = record.get(roles.key)
        changed = {**record, **self.mend(record, self._seen.get(key, {}), self._last)}
        self._seen[key] = self._last = dict(changed)
        return store(changed)

    def mend(self, record: Record, before: Record, last: Record) -> Record:
        """What is kept otherwise, given the same record as it was before and the last record of all."""
        return {}


class _Appends(_Remembering):
    def mend(self, record: Record, before: Record, last: Record) -> Record:
        lists = {name: value for name, value in record.items() if isinstance(value, list)}
        changed = {name: value for name, value in lists.items() if value != before.get(name)}
        return {name: [*(before.get(name) or []), *value] for name, value in changed.items()}


class _Merges(_Remembering):
    def mend(self, record: Record, before: Record, last: Record) -> Record:
        made = {name: value for name, value in record.items() if isinstance(value, dict)}
        return {name: {**(before.get(name) or {}), **value} for name, value in made.items()}


class _LeavesOver(_Remembering):
    def mend(self, record: Record, before: Record, last: Record) -> Record:
        made = (list, dict, bytes)
        return {n: last[n] for n, value in record.items() if value is None and isinstance(last.get(n), made)}


class _ReplaceAppends(Player):
    """A PUT puts the items of a list behind those that are there."""

    def __init__(self) -> None:
        self._lists: dict[str, Record] = {}

    def upsert(self, roles: Roles, record: Record, store: Store) -> Record:
        told = store(record)
        own = str(told.get(roles.own or "")).lower()
        self._lists[own] = {name: value for name, value in record.items() if isinstance(value, list)}
        return told

    def perform(self, turn: Turn) -> Outcome:
        before = self._lists.get(turn.named) if turn.does == "replace" else None
        if before is None:
            return turn.play(turn.call)
        body = {**turn.call.body, **{name: [*old, *(turn.call.body.get(name) or [])] for name, old in before.items()}}
        return turn.play(replace(turn.call, body=body))


class _RowsLackDeep(Player):
    """A search's rows show no lists, dictionaries and nested models."""

    def perform(self, turn: Turn) -> Outcome:
        outcome = turn.play(turn.call)
        if turn.does != "search" or outcome.status != 200 or not turn.plan.rows:
            return outcome
        rows = [
            {n: None if isinstance(v, list | dict) else v for n, v in r.items()} for r in outcome.value[turn.plan.rows]
        ]
        return replace(outcome, value={**outcome.value, turn.plan.rows: rows})


def _cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


_LIST, _MADE, _MODEL = _of("collection"), _of("dictionary"), _of("model")

DEEP: tuple[Defect, ...] = family(
    "deep",
    ("nested-texts-trimmed", "Texts within a nested model are trimmed.", "deep.models", _kept(_MODEL, _trimmed)),
    ("list-loses-last", "A list loses its last item.", "deep.lists", _kept(_LIST, _listed(lambda v: v[:-1]))),
    ("list-dedupes", "A list keeps one of items that are alike.", "deep.lists", _kept(_LIST, _listed(_once))),
    ("list-reversed", "A list is kept backwards.", "deep.lists", _kept(_LIST, _listed(lambda v: v[::-1]))),
    (
        "dictionary-keys-lower",
        "A dictionary's keys are kept in lower case.",
        "deep.dictionaries",
        _kept(_MADE, lambda value: {key.lower(): item for key, item in value.items()}),
    ),
    (
        "dictionary-loses-last",
        "A dictionary loses its last entry.",
        "deep.dictionaries",
        _kept(_MADE, lambda value: dict(list(value.items())[:-1])),
    ),
    (
        "bytes-as-text",
        "Bytes go through a text in UTF-8.",
        "deep.bytes",
        _kept(_LIST, _binary(lambda value: value.decode("utf-8", "replace").encode())),
    ),
    (
        "span-loses-days",
        "A span of more than a day loses its days.",
        "deep.spans",
        _kept(_of("scalar", "TimeSpan"), lambda value: value % DAY),
    ),
    (
        "offset-lost",
        "A time with an offset keeps its clock and loses the offset.",
        "deep.moments",
        _kept(_of("scalar", "DateTimeOffset"), lambda value: DateTimeOffset(value.ticks, 0)),
    ),
    (
        "character-upper",
        "A character is kept in upper case.",
        "deep.characters",
        _kept(_of("scalar", "Char"), lambda value: value.upper()[:1]),
    ),
    (
        "address-unescaped",
        "What is escaped in a URI is kept unescaped.",
        "deep.addresses",
        _kept(_of("scalar", "Uri"), unquote),
    ),
    ("list-appends", "An update puts a list's items behind those of before.", "deep.replaced", played(_Appends)),
    ("dictionary-merges", "An update leaves a dictionary's old keys in it.", "deep.replaced", played(_Merges)),
    ("replace-appends", "A PUT puts a list's items behind those of before.", "deep.put", played(_ReplaceAppends)),
    ("rows-lack-lists", "The rows of a search show no lists.", "deep.listed", played(_RowsLackDeep)),
    ("nested-of-the-one-before", "What is left out is taken from another record.", "deep.apart", played(_LeavesOver)),
    (
        "empty-list-null",
        "An empty list is kept as null.",
        "deep.empty",
        _kept(_LIST, _listed(lambda value: value or None)),
    ),
    (
        "decimal-without-sign",
        "Decimals lose their sign.",
        "values.digits",
        _kept(_of("scalar", "Decimal"), abs),
    ),
    ("decimal-to-cents", "Decimals are kept to cents.", "values.digits", _kept(_of("scalar", "Decimal"), _cents)),
    (
        "decimal-as-double",
        "Decimals go through a floating number of 64 bits.",
        "values.wide",
        _kept(_of("scalar", "Decimal"), lambda value: Decimal(repr(float(value)))),
    ),
    ("null-number-zero", "A null is kept as 0.", "values.null", _kept(_nullable_number, lambda v: v or 0, null=True)),
)
