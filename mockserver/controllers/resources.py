"""The resources of a site: operations gathered by the controller that their paths name.

    api/Things, api/Things/{id}, api/Things/search, api/Things/{id}/parts  →  Things

The rule: everything comes from the contract; records of one resource are kept under its path in lower case. What an
operation does may not live here (`plans`).
Source: W HttpConfigurationExtensions and the template's default route, api/{controller}/{id}.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from contracts.model import Contract, Model, Operation, TypeRef

# GUESS: "api" and a version such as "v1" lead to the controllers; the portal's route table would settle it.
_LEADING = re.compile(r"api|v[0-9]+(?:\.[0-9]+)*", re.IGNORECASE)


@dataclass(frozen=True)
class Resource:
    """One kind of record that a site serves.

    `name` is as the path spells it, `path` in lower case, `model` what a record is (None: no operation tells), `key`
    the member that the client chooses, `portal_id` the one that the portal draws.
    """

    name: str
    path: str
    model: Model | None
    key: str | None
    portal_id: str | None
    operations: tuple[Operation, ...]


def resource_of(operation: Operation) -> str:
    """Under which path an operation's records are kept."""
    return _path(operation.path.value).casefold()


@lru_cache(maxsize=1024)  # paths come from the contract alone, so there are few of them
def _path(path: str) -> str:
    """The path up to and with its controller: the first literal segment that is no prefix of the site."""
    segments = path.strip("/").split("/")
    for count, segment in enumerate(segments, 1):
        if not segment.startswith("{") and not _LEADING.fullmatch(segment):
            return "/".join(segments[:count])
    return "/".join(segments)


def resources(contract: Contract) -> tuple[Resource, ...]:
    """The resources in the order in which the contract first names them."""
    gathered: dict[str, list[Operation]] = {}
    for operation in contract.operations:
        gathered.setdefault(resource_of(operation), []).append(operation)
    return tuple(_resource(contract, path, tuple(operations)) for path, operations in gathered.items())


def _resource(contract: Contract, path: str, operations: tuple[Operation, ...]) -> Resource:
    name = _path(operations[0].path.value).rpartition("/")[2]
    model = _model(contract, operations)
    return Resource(
        name, path, model, model.key.value if model else None, model.portal_id.value if model else None, operations
    )


# What is written is the record; where nothing is written, what is read. A collection's items count as its model.
def _model(contract: Contract, operations: tuple[Operation, ...]) -> Model | None:
    ranked = sorted(operations, key=lambda o: (not o.upsert.value, o.method.value.upper() not in ("POST", "PUT")))
    for bodies in ([o.request for o in ranked], [o.response for o in ranked]):
        for body in bodies:
            ref = body.type.value
            model = object_of(contract, ref.item if ref is not None and ref.kind == "collection" else ref)
            if model is not None and paged(contract, model) is None:
                return model
    for operation in ranked:
        model = object_of(contract, operation.response.type.value)
        item = paged(contract, model) if model else None
        if item is not None:
            return contract.models.get(item[1].name)
    return None


def object_of(contract: Contract, ref: TypeRef | None) -> Model | None:
    """The object model that a type names, None for everything else."""
    model = contract.models.get(ref.name) if ref is not None and ref.kind == "model" else None
    return model if model is not None and model.kind == "object" else None


# A page of a list: one collection of objects, all else are numbers that tell where in the list it stands.
def paged(contract: Contract, model: Model) -> tuple[str, TypeRef] | None:
    """The member of a paged list that holds its rows, with the type of a row; None when the model is no such list."""
    rows = [p for p in model.properties if p.type.value.kind == "collection"]
    others = [p.type.value for p in model.properties if p.type.value.kind != "collection"]
    if len(rows) != 1 or not others or any(ref.name not in ("Int32", "Int64") for ref in others):
        return None
    item = rows[0].type.value.item
    return (rows[0].name, item) if item is not None and object_of(contract, item) is not None else None
