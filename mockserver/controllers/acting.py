"""The controllers themselves: records in, records out, by the plan of each operation.

The rule: the store decides atomically which id a key has; a record is replaced as a whole; the portal's id is the
portal's alone. Which operation does what is decided in `plans`; how a record becomes text in `webapi.records`.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from functools import cached_property
from typing import Any

from contracts.fact import Fact
from contracts.model import Contract, Model, Operation, TypeRef
from contracts.scalars import SCALARS
from mockserver.controllers.answers import Examples, empty, written
from mockserver.controllers.listing import matching, page_of
from mockserver.controllers.marks import bearing, set_on
from mockserver.controllers.plans import Plan, plans
from mockserver.controllers.references import Reference, named, references
from mockserver.controllers.resources import resource_of
from mockserver.store import Kept, KeyTakenError, Records
from mockserver.webapi.actions import CONFLICT, NOT_FOUND, Call, Outcome, RefusedError
from mockserver.webapi.records import dump, load
from mockserver.webapi.shapes import Record


def acting(contract: Contract, records: Records, *, references: bool = False) -> Controllers:
    """The controllers of a portal on one tenant's records; `references` refuses records that name unknown ones."""
    return Controllers(_site_of(contract), records, references=references)


class _Site:
    """What is worked out of a contract once, for all its tenants."""

    def __init__(self, contract: Contract):
        self.contract = contract
        self.plans = plans(contract)
        self.numbered = {name for name, model in contract.models.items() if _numbered(model)}
        self.examples = Examples(contract)

    @cached_property
    def references(self) -> dict[str, tuple[Fact[Reference], ...]]:
        """The references of each resource's records, by the resource's path."""
        return references(self.contract)


_known: list[_Site] = []


def _site_of(contract: Contract) -> _Site:
    for known in _known:
        if known.contract is contract:
            return known
    site = _Site(contract)
    _known[:] = [site]
    return site


class Controllers:
    """What every operation does; call it for an upsert, `perform` anything else."""

    def __init__(self, site: _Site, records: Records, *, references: bool = False):
        self._site, self._records, self._refuses = site, records, references
        self._numbered = site.numbered

    def __call__(self, operation: Operation, model: Model, record: Record) -> Record:
        """Create or update by the client's key; the id is the portal's alone."""
        path = resource_of(operation)
        if self._refuses:
            self._check(path, model, record)
        return self._upserted(path, model, record)

    def perform(self, call: Call) -> Outcome:
        """What an operation other than a single upsert does."""
        plan = self._site.plans[call.operation.id]
        model = plan.resource.model
        if plan.does == "echo" or model is None:
            return self._site.examples.answer(call)
        if self._refuses and plan.does in _WRITING:
            self._check(plan.resource.path, model, call.body)
        return _PLAYED[plan.does](self, call, plan, model)

    def _upserted(self, path: str, model: Model, record: Record) -> Record:
        own, chosen = model.portal_id.value, model.key.value
        key = record.get(chosen) if chosen else None
        kept = {**record, own: None} if own else record  # the store keeps the id beside the record
        draw = _number if model.name in self._numbered else _guid
        drawn = self._records.upsert(path, None if key is None else str(key), draw, dump(model, kept))
        return {**record, own: self._id(model, drawn)} if own else record

    def _id(self, model: Model, kept: str) -> Any:
        return int(kept) if model.name in self._numbered else kept

    def _read(self, model: Model, found: Kept) -> Record:
        own, record = model.portal_id.value, load(model, found.content)
        return {**record, own: self._id(model, found.id)} if own else record

    # GUESS: a reference to nobody is refused under the member that bears it; a portal that checks would show its words.
    def _check(self, path: str, model: Model, body: Any) -> None:
        unknown = []
        own = body.get(model.key.value) if isinstance(body, dict) and model.key.value else None
        for fact in self._site.references[path]:
            target, by = fact.value.target, self._records.by_id if fact.value.by_id else self._records.by_key
            for where, value in named(body, fact.value.path):
                itself = target.path == path and not fact.value.by_id and value == own
                if not itself and by(target.path, str(value)) is None:
                    told = f"The {fact.value.path[-1]} '{value}' is of no known record of {target.name}."
                    unknown.append((where, told))
        if unknown:
            raise RefusedError(unknown)

    def _write(self, call: Call, plan: Plan, model: Model) -> Outcome:
        sent = call.body if plan.many else [call.body]
        # GUESS: an item that is null is passed over; a post of one would settle it.
        found = [self._upserted(plan.resource.path, model, record) for record in sent if record is not None]
        ref = TypeRef("model", model.name)
        if plan.many:
            return written(call.operation, TypeRef("collection", item=ref), found, None, len(sent))
        return written(call.operation, ref, found[0], _own(model, found[0]), 1)

    def _find(self, call: Call, plan: Plan, model: Model) -> Outcome:
        found = self._named(call, plan, model)
        if found is None:
            return NOT_FOUND
        return Outcome(200, TypeRef("model", model.name), self._read(model, found))

    def _part(self, call: Call, plan: Plan, model: Model) -> Outcome:
        found = self._named(call, plan, model)
        if found is None:
            return NOT_FOUND
        return Outcome(200, call.operation.response.type.value, self._read(model, found)[plan.part])

    def _replace(self, call: Call, plan: Plan, model: Model) -> Outcome:
        found = self._named(call, plan, model)
        if found is None:
            return NOT_FOUND
        own, chosen, record = model.portal_id.value, model.key.value, call.body
        if plan.does == "merge":  # GUESS: a PATCH keeps what it leaves out or sends as null; one would settle it
            record = {**self._read(model, found), **{n: v for n, v in record.items() if v is not None}}
        kept = {**record, own: None} if own else record
        key = _text(record.get(chosen)) if chosen else None
        try:
            if not self._records.replace(plan.resource.path, found.id, key, dump(model, kept)):
                return NOT_FOUND
        except KeyTakenError:
            return CONFLICT  # GUESS: two records of one key are refused; a PUT with another's key would settle it
        answered = {**record, own: self._id(model, found.id)} if own else record
        return written(call.operation, TypeRef("model", model.name), answered, _own(model, answered), 1)

    def _delete(self, call: Call, plan: Plan, model: Model) -> Outcome:
        found = self._named(call, plan, model)
        if found is None or not self._records.delete(plan.resource.path, found.id):
            return NOT_FOUND
        record = self._read(model, found)
        if call.operation.response.type.value is None:
            return empty(call.operation)
        return written(call.operation, TypeRef("model", model.name), record, _own(model, record), 1)

    def _search(self, call: Call, plan: Plan, model: Model) -> Outcome:
        kept = self._records.all(plan.resource.path)
        wanted = call.arguments.get(plan.marked[0]) if plan.marked else None
        if plan.marked and wanted is not None:
            kept = bearing(self._records, plan.marked[1], kept, wanted)
        rows = [self._read(model, found) for found in kept]
        rows = matching(rows, {member: call.arguments.get(name) for name, member in plan.filters.items()})
        answer = call.operation.response.type.value
        if answer is None or not plan.rows:
            return Outcome(200, answer, rows)
        page, size = call.arguments.get(plan.page), call.arguments.get(plan.size)
        return Outcome(200, answer, page_of(self._site.contract.models[answer.name], plan.rows, rows, page, size))

    def _mark(self, call: Call, plan: Plan, _: Model) -> Outcome:
        if plan.marked:
            set_on(self._records, plan.resource, plan.marked[1], call.body)
        if call.operation.response.type.value is None:
            return empty(call.operation)
        return self._site.examples.answer(call)

    def _named(self, call: Call, plan: Plan, model: Model) -> Kept | None:
        """The record that the call's parameter names, None when it is not there."""
        name, member = plan.finder or ("", "")
        value = _text(call.arguments.get(name))
        if value is None:
            return None
        if member == model.portal_id.value:
            return self._records.by_id(plan.resource.path, value)
        return self._records.by_key(plan.resource.path, value)


_WRITING = frozenset({"upsert", "add", "replace", "merge"})
_PLAYED: dict[str, Callable[[Controllers, Call, Plan, Model], Outcome]] = {
    "upsert": Controllers._write,
    "add": Controllers._write,
    "replace": Controllers._replace,
    "merge": Controllers._replace,
    "delete": Controllers._delete,
    "find": Controllers._find,
    "search": Controllers._search,
    "mark": Controllers._mark,
    "part": Controllers._part,
}


def _own(model: Model, record: Record) -> Any:
    return record[model.portal_id.value] if model.portal_id.value else None


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


# GUESS: an id is a random guid (version 4), or a random number where the page calls it one; answers would settle it.
def _guid() -> str:
    # RFC 9562, 5.4: random bits but for the version (4) and the variant (8, 9, a or b); uuid.UUID takes thrice as long.
    bits = os.urandom(16).hex()
    return f"{bits[:8]}-{bits[8:12]}-4{bits[13:16]}-{'89ab'[int(bits[16], 16) & 3]}{bits[17:20]}-{bits[20:]}"


def _number() -> str:
    return str(uuid.uuid4().int % (2**31 - 1) + 1)


def drawing(model: Model) -> Callable[[], str]:
    """What gives a new record of a model its id."""
    return _number if _numbered(model) else _guid


def _numbered(model: Model) -> bool:
    own = model.portal_id.value
    ref = model[own].type.value if own else None
    return ref is not None and ref.kind == "scalar" and SCALARS[ref.name].json["type"] == "integer"
