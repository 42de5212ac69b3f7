"""Which members name records of other resources: derived from the contract, each with why it is believed.

    SupplierExternalId · "Supplier's unique ID on integrating system"  →  Suppliers, by ExternalId

The rule: a member names another resource's record when it is called by that resource and its key (or the portal's id),
or when its description says so; it must have the type of what it is compared with. What is done about a name that
nobody bears is `acting`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from contracts.model import Contract, Evidence, Fact, Model, Property, TypeRef
from mockserver.controllers.resources import Resource, object_of, resources
from mockserver.webapi.shapes import fold

_CLASS = re.compile(r"(?:Model|Dto|DTO|Contract|Resource)$")
_SETTLE = "a post that names an unknown record: does the portal refuse it?"


@dataclass(frozen=True)
class Reference:
    """A member that names a record: `path` to it from the record ("Items[].ProductKey" is ("Items", "ProductKey")),
    the resource it names, and the member there that it is compared with."""

    path: tuple[str, ...]
    target: Resource
    member: str

    @property
    def by_id(self) -> bool:
        """Whether it names the portal's id, not the key."""
        return self.member == self.target.portal_id


def references(contract: Contract) -> dict[str, tuple[Fact[Reference], ...]]:
    """The references of each resource's model, by the resource's path; all of them are guesses."""
    served = resources(contract)
    return {one.path: tuple(_of(contract, served, one)) for one in served if one.model is not None}


def _of(contract: Contract, served: tuple[Resource, ...], resource: Resource) -> Iterator[Fact[Reference]]:
    for path, prop in _members(contract, resource.model, ()) if resource.model is not None else ():
        if len(path) == 1 and prop.name in (resource.key, resource.portal_id):
            continue
        found = _target(served, prop)
        if found is not None:
            target, member, evidence = found
            yield Fact(Reference(path, target, member), evidence, _SETTLE)


def _members(
    contract: Contract, model: Model, above: tuple[str, ...], seen: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Property]]:
    """Every member of a model and of what it holds, with the way to it; a model inside itself is not entered."""
    for prop in model.properties:
        ref: TypeRef | None = prop.type.value
        while ref is not None and ref.kind == "collection":
            ref = ref.item
        inner = object_of(contract, ref)
        path = (*above, prop.name)
        if inner is None:
            yield path, prop
        elif inner.name not in seen:
            yield from _members(contract, inner, path, (*seen, model.name, inner.name))


def _target(served: tuple[Resource, ...], prop: Property) -> tuple[Resource, str, tuple[Evidence, ...]] | None:
    """The resource and member that a property names; the longest name of a resource wins."""
    best: tuple[int, Resource, str, tuple[Evidence, ...]] | None = None
    for target in served:
        for member in (target.key, target.portal_id):
            if member is None or target.model is None or target.model[member].type.value != prop.type.value:
                continue
            for noun in _nouns(target):
                evidence = _evidence(prop, noun, member)
                if evidence and (best is None or len(noun) > best[0]):
                    best = (len(noun), target, member, evidence)
    return best[1:] if best is not None else None


def _evidence(prop: Property, noun: str, member: str) -> tuple[Evidence, ...]:
    named = fold(prop.name) == fold(noun + member)
    words = " ".join(re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", noun)).lower()
    said = bool(re.match(rf"{re.escape(words)}('s|s'|') +unique id\b", prop.description.value.lower()))
    if not named and not said:
        return ()
    facts = [*(prop.type.evidence if named else ()), *(prop.description.evidence if said else ())]
    rule = "reference.name" if named else "reference.description"
    return tuple(Evidence(e.page, e.lines, e.quote, rule) for e in facts[:2]) or (Evidence("", rule=rule),)


def _nouns(resource: Resource) -> set[str]:
    """What one record is called: by its class, and by the resource's name in the singular."""
    name = resource.name
    singulars = {name.removesuffix("s"), name.removesuffix("es")}
    if name.endswith("ies"):
        singulars.add(f"{name[:-3]}y")
    own = {_CLASS.sub("", resource.model.name)} if resource.model is not None else set()
    return {noun for noun in singulars | own if noun}


def named(record: Any, path: tuple[str, ...], where: str = "") -> Iterator[tuple[str, Any]]:
    """Every value that a path leads to in a record, with where it stands; null leads nowhere."""
    if isinstance(record, list):
        for index, item in enumerate(record):
            yield from named(item, path, f"{where}[{index}]")
    elif record is not None and path:
        yield from named(record[path[0]], path[1:], f"{where}.{path[0]}" if where else path[0])
    elif record is not None:
        yield where, record
