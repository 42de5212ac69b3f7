"""The controllers themselves: records in, records out, by the plan of each operation.

The rule: the store decides atomically which id a key has; a record is replaced as a whole; the portal's id is the
portal's alone. Which operation does what is decided in `plans`; how a record becomes text in `webapi.records`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from contracts.model import Contract, Model, Operation, TypeRef
from contracts.scalars import SCALARS
from mockserver.controllers.listing import matching, page_of
from mockserver.controllers.plans import Plan, plans
from mockserver.controllers.resources import resource_of
from mockserver.store import Kept, KeyTakenError, Records
from mockserver.webapi.actions import CONFLICT, NO_CONTENT, NOT_FOUND, OK, Call, Outcome
from mockserver.webapi.records import dump, load
from mockserver.webapi.shapes import Record, fold


def acting(contract: Contract, records: Records, *, references: bool = False) -> Controllers:
    """The controllers of a portal on one tenant's records; `references` refuses records that name unknown ones."""
    return Controllers(contract, records, references=references)


_known: list[tuple[Contract, dict[str, Plan]]] = []


def _plans_of(contract: Contract) -> dict[str, Plan]:
    """The plans of a contract, worked out once for all its tenants."""
    for known, made in _known:
        if known is contract:
            return made
    made = plans(contract)
    _known[:] = [(contract, made)]
    return made


class Controllers:
    """What every operation does; call it for an upsert, `perform` anything else."""

    def __init__(self, contract: Contract, records: Records, *, references: bool = False):
        self._contract, self._records, self._references = contract, records, references
        self._plans = _plans_of(contract)
        self._numbered = {name for name, model in contract.models.items() if _numbered(model)}

    def __call__(self, operation: Operation, model: Model, record: Record) -> Record:
        """Create or update by the client's key; the id is the portal's alone."""
        return self._upserted(resource_of(operation), model, record)

    def perform(self, call: Call) -> Outcome:
        """What an operation other than a single upsert does."""
        plan = self._plans[call.operation.id]
        model = plan.resource.model
        if plan.does == "echo" or model is None:
            return _echo(self._contract, call)
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

    def _write(self, call: Call, plan: Plan, model: Model) -> Outcome:
        sent = call.body if plan.many else [call.body]
        # GUESS: an item that is null is passed over; a post of one would settle it.
        found = [self._upserted(plan.resource.path, model, record) for record in sent if record is not None]
        answer = call.operation.response.type.value
        if plan.many and answer is not None and answer.kind == "scalar":
            return _answered(call, TypeRef("scalar", "Int32"), len(sent))  # GUESS: a number counts what was stored
        ref = TypeRef("model", model.name)
        return _answered(call, TypeRef("collection", item=ref) if plan.many else ref, found if plan.many else found[0])

    def _find(self, call: Call, plan: Plan, model: Model) -> Outcome:
        found = self._named(call, plan, model)
        return NOT_FOUND if found is None else _answered(call, TypeRef("model", model.name), self._read(model, found))

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
        return _answered(call, TypeRef("model", model.name), answered)

    def _delete(self, call: Call, plan: Plan, model: Model) -> Outcome:
        found = self._named(call, plan, model)
        if found is None or not self._records.delete(plan.resource.path, found.id):
            return NOT_FOUND
        return _answered(call, TypeRef("model", model.name), self._read(model, found))

    def _search(self, call: Call, plan: Plan, model: Model) -> Outcome:
        rows = [self._read(model, found) for found in self._records.all(plan.resource.path)]
        rows = matching(rows, {member: call.arguments.get(name) for name, member in plan.filters.items()})
        answer = call.operation.response.type.value
        if answer is None or not plan.rows:
            return Outcome(200, answer, rows)
        page, size = call.arguments.get(plan.page), call.arguments.get(plan.size)
        return Outcome(200, answer, page_of(self._contract.models[answer.name], plan.rows, rows, page, size))

    def _named(self, call: Call, plan: Plan, model: Model) -> Kept | None:
        """The record that the call's parameter names, None when it is not there."""
        name, member = plan.finder or ("", "")
        value = _text(call.arguments.get(name))
        if value is None:
            return None
        if member == model.portal_id.value:
            return self._records.by_id(plan.resource.path, value)
        return self._records.by_key(plan.resource.path, value)


_PLAYED: dict[str, Callable[[Controllers, Call, Plan, Model], Outcome]] = {
    "upsert": Controllers._write,
    "add": Controllers._write,
    "replace": Controllers._replace,
    "merge": Controllers._replace,
    "delete": Controllers._delete,
    "find": Controllers._find,
    "search": Controllers._search,
    "part": Controllers._part,
}


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


# GUESS: an id is a random guid (version 4), or a random number where the page calls it one; answers would settle it.
def _guid() -> str:
    return str(uuid.uuid4())


def _number() -> str:
    return str(uuid.uuid4().int % (2**31 - 1) + 1)


def drawing(model: Model) -> Callable[[], str]:
    """What gives a new record of a model its id."""
    return _number if _numbered(model) else _guid


def _numbered(model: Model) -> bool:
    own = model.portal_id.value
    ref = model[own].type.value if own else None
    return ref is not None and ref.kind == "scalar" and SCALARS[ref.name].json["type"] == "integer"


# void is 204; HttpResponseMessage is 204 too where it carries nothing; IHttpActionResult is Ok(), 200 without a body.
# W Controllers/VoidResultConverter.cs, Results/OkResult.cs. GUESS: of an opaque answer to a write that is the record.
def _answered(call: Call, ref: TypeRef, value: Any) -> Outcome:
    body = call.operation.response
    if body.type.value == ref:
        return Outcome(200, ref, value)
    if body.opaque:
        return OK if body.phrase.value == "IHttpActionResult" else NO_CONTENT
    return NO_CONTENT if body.type.value is None else Outcome(200, body.type.value, None)


def _echo(contract: Contract, call: Call) -> Outcome:
    """GUESS: what no rule decides gives back what it was given, as far as the answer's type has room for it."""
    ref = call.operation.response.type.value
    if ref is None:
        return _answered(call, TypeRef("any"), None)
    if ref == call.operation.request.type.value:
        return Outcome(200, ref, call.body)
    model = contract.models.get(ref.name) if ref.kind == "model" else None
    if model is not None and model.kind == "object":
        given = {fold(name): value for name, value in call.arguments.items()}
        return Outcome(200, ref, {p.name: given.get(fold(p.name)) for p in model.properties})
    return Outcome(200, ref, None)
