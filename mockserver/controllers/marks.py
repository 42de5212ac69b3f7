"""Marks that clients set on records: "sent" by one operation, asked for by another.

    GET  api/Things/search?alreadySent=false    those that bear no mark
    POST api/ThingsSent                         the records named in the body bear it from now on

The rule: the operations find each other by their names alone; a mark is kept beside the records, under the path of the
operation that sets it, and goes with its record. GUESS: a portal's answers to both operations would settle all of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contracts.model import Contract, Operation, TypeRef
from mockserver.controllers.resources import Resource, resource_of
from mockserver.store import Kept, Records
from mockserver.webapi.shapes import fold

_ALREADY = "already"


def asking(contract: Contract, operation: Operation, resource: Resource) -> tuple[str, str] | None:
    """The parameter that asks for a mark on a resource's records, and the path under which the mark is kept."""
    for parameter in operation.parameters:
        word = fold(parameter.name).removeprefix(_ALREADY)
        if word == fold(parameter.name) or parameter.type.value != TypeRef("scalar", "Boolean"):
            continue
        for other in contract.operations:
            if resource_of(other).rpartition("/")[2] == fold(resource.name) + word and other.request.type.value:
                return parameter.name, resource_of(other)
    return None


def set_on(records: Records, resource: Resource, path: str, body: Any) -> None:
    """Marks every record that a body names, by its id or its key, however deep it stands there."""
    for name in _names(body):
        found = records.by_id(resource.path, name) or records.by_key(resource.path, name)
        if found is not None:
            records.upsert(path, found.id, lambda own=found.id: own, "[]")  # type: ignore[misc]


def bearing(records: Records, path: str, found: list[Kept], wanted: bool) -> list[Kept]:
    """Of these records those that bear the mark, or those that do not."""
    marked = {kept.key for kept in records.all(path)}
    return [kept for kept in found if (kept.id in marked) == wanted]


def _names(body: Any) -> Iterator[str]:
    if isinstance(body, dict):
        body = list(body.values())
    if isinstance(body, list):
        for part in body:
            yield from _names(part)
    elif isinstance(body, str | int) and not isinstance(body, bool):
        yield str(body)
