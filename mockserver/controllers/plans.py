"""What each operation of a contract does: one plan an operation, worked out at the start.

    body                 verb, path, answer                          does
    a model with a key   POST, PUT without an id                     upsert   (several of them: upsert each)
    a model without      the same                                    add      (a new record each time)
    a model              PUT, PATCH with an id or key                replace, merge
    -                    DELETE with an id or key                    delete
    -                    GET, answers the model                      find
    -                    GET, answers many, or a paged list          search
    -                    GET, answers a member of the record         part     (api/Things/{id}/parts)
    names of records     POST to what a search asks for              mark     (alreadySent, api/ThingsSent: `marks`)
    anything else                                                    echo     (GUESS: nothing of the page decides it)

The rule: a plan is data; it names the resource, and which parameter stands for what. Records may not live here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from contracts.model import Contract, Model, Operation, Property, TypeRef
from mockserver.controllers.marks import asking
from mockserver.controllers.resources import Resource, object_of, paged, resource_of, resources
from mockserver.webapi.shapes import fold

Does = Literal["upsert", "add", "replace", "merge", "delete", "find", "search", "part", "mark", "echo"]


@dataclass(frozen=True)
class Plan:
    """What an operation does with which resource.

    `many` whether its body is a collection of records; `finder` the parameter that names the record and the member it
    is compared with (the portal's id, the key, or another); `filters` parameter to member; `page` and `size` the
    parameters that page a search; `rows` the paged list's member that holds its rows; `part` the member that is read;
    `marked` the parameter that asks for a mark, with the path under which marks are kept.
    """

    does: Does
    resource: Resource
    many: bool = False
    finder: tuple[str, str] | None = None
    filters: Mapping[str, str] = field(default_factory=dict)
    page: str = ""
    size: str = ""
    rows: str = ""
    part: str = ""
    marked: tuple[str, str] | None = None


def plans(contract: Contract) -> dict[str, Plan]:
    """The plan of every operation, by the operation's id."""
    made: dict[str, Plan] = {}
    found = resources(contract)
    kept = {resource.model.name: resource for resource in reversed(found) if resource.model is not None}
    for resource in found:
        for operation in resource.operations:
            made[operation.id] = _plan(contract, operation, resource, kept)
    setting = {plan.marked[1]: plan.resource for plan in made.values() if plan.marked}
    for operation in contract.operations:
        target = setting.get(resource_of(operation))
        if target is not None and operation.method.value.upper() != "GET":
            made[operation.id] = Plan("mark", target, marked=("", resource_of(operation)))
    return made


def _plan(contract: Contract, operation: Operation, resource: Resource, kept: Mapping[str, Resource]) -> Plan:
    method, model = operation.method.value.upper(), resource.model
    if model is None:
        return Plan("echo", resource)
    body = operation.request.type.value
    many = body is not None and body.kind == "collection"
    written = object_of(contract, body.item if body is not None and many else body)
    finder = _finder(operation, resource, model)
    if written is not None and written.name == model.name:
        if method in ("PUT", "PATCH") and finder and not many:
            return Plan("merge" if method == "PATCH" else "replace", resource, finder=finder)
        if method in ("POST", "PUT", "PATCH"):
            return Plan("upsert" if model.key.value is not None else "add", resource, many=many)
    if method == "DELETE" and finder:
        return Plan("delete", resource, finder=finder)
    if method == "GET":
        return _read(contract, operation, resource, model, finder, kept)
    return Plan("echo", resource)


def _read(
    contract: Contract, operation: Operation, resource: Resource, model: Model, finder: tuple[str, str] | None,
    kept: Mapping[str, Resource],
) -> Plan:  # fmt: skip
    answer = operation.response.type.value
    if answer is None:
        # GUESS: an answer of unknown type to a read of one record is the record.
        return Plan("find" if operation.response.opaque and finder else "echo", resource, finder=finder)
    part = _part(operation, model)
    if part is not None and finder and part.type.value == answer:
        return Plan("part", resource, finder=finder, part=part.name)
    one = object_of(contract, answer)
    if one is not None and one.name in kept and finder and one.name == model.name:
        return Plan("find", resource, finder=finder)
    listed = paged(contract, one) if one is not None else None
    item = answer.item if answer.kind == "collection" else listed[1] if listed else None
    source = kept.get(item.name) if item is not None and item.kind == "model" else None
    if item is None or source is None or source.model is None:
        return Plan("echo", resource)
    numbers = [p.name for p in operation.parameters if p.type.value == TypeRef("scalar", "Int32")]
    return Plan(
        "search", source, filters=_filters(operation, source.model), rows=listed[0] if listed else "",
        page=_named(numbers, ("page", "currentpage", "pagenumber", "pageindex")),
        size=_named(numbers, ("itemsperpage", "itemperpage", "pagesize", "size", "limit", "take", "count")),
        marked=asking(contract, operation, source),
    )  # fmt: skip


# GUESS: these words page a list; an answer of the portal would settle it.
def _named(names: list[str], words: tuple[str, ...]) -> str:
    by_word = {fold(name): name for name in names}
    return next((by_word[word] for word in words if word in by_word), "")


# GUESS: a parameter called as a member filters by it; the whole value is compared. A search would settle it.
def _filters(operation: Operation, model: Model) -> dict[str, str]:
    members = {fold(prop.name): prop.name for prop in model.properties}
    return {p.name: members[fold(p.name)] for p in operation.parameters if fold(p.name) in members}


# GUESS: a parameter called as the portal's id or the key is compared with it; the last one of the path, whatever it is
# called, with the id when it has its type, else with the key. A read of a known record would settle it.
def _finder(operation: Operation, resource: Resource, model: Model) -> tuple[str, str] | None:
    by_name = {fold(p.name): p for p in operation.parameters}
    for member in (resource.portal_id, resource.key):
        if member and fold(member) in by_name:
            return by_name[fold(member)].name, member
    in_path = [p for p in operation.parameters if p.in_path]
    if not in_path:
        return None
    last, own, key = in_path[-1], resource.portal_id, resource.key
    if own and model[own].type.value == last.type.value and last.type.value.name != "String":
        return last.name, own
    if key and model[key].type.value == last.type.value:
        return last.name, key
    return (last.name, own) if own and model[own].type.value == last.type.value else None


def _part(operation: Operation, model: Model) -> Property | None:
    """The member that the path's last literal names, behind a parameter."""
    segments = operation.path.value.strip("/").split("/")
    if len(segments) < 2 or segments[-1].startswith("{") or not segments[-2].startswith("{"):
        return None
    return next((prop for prop in model.properties if fold(prop.name) == fold(segments[-1])), None)
