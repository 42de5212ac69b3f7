"""The part of a contract that names stand for: operations, models, groups of an index, paths.

The rule: a name stands for everything that bears it, in any case; an operation brings the models it carries. A name
that nothing bears is an error that tells the nearest.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import replace

from contracts.describe.subjects import subjects
from contracts.errors import UsageError
from contracts.model import Contract, Operation, TypeRef


def chosen(contract: Contract, names: Sequence[str]) -> Contract:
    """The contract with only what the names stand for; raises UsageError for a name that stands for nothing."""
    operations: dict[str, Operation] = {}
    models: set[str] = set()
    for name in names:
        mine = [operation for operation in contract.operations if _bears(operation, name, contract)]
        named = {model for model in contract.models if model.lower() == name.lower()}
        if not mine and not named:
            raise UsageError(f"nothing is called {name!r}\n    what to do: {_nearest(contract, name)}")
        operations |= {operation.id: operation for operation in mine}
        models |= named
    for operation in operations.values():
        models |= _reached(contract, operation)
    return replace(
        contract,
        operations=tuple(operation for operation in contract.operations if operation.id in operations),
        models={name: model for name, model in contract.models.items() if name in models},
        notes=(),
    )


def pages_behind(contract: Contract) -> set[str]:
    """The names of the pages that the contract's facts cite."""
    return {evidence.page for subject in subjects(contract) for evidence in subject.fact.evidence}


def _bears(operation: Operation, name: str, contract: Contract) -> bool:
    wanted = name.lower().strip("/")
    path = operation.path.value.lower()
    group = next(
        (entry.group for entry in contract.listed if entry.title.partition("?")[0].lower() == _title(operation)), ""
    )
    return wanted in (operation.id.lower(), _title(operation), path, group.lower()) or path.startswith(f"{wanted}/")


def _title(operation: Operation) -> str:
    return f"{operation.method.value} {operation.path.value}".lower()


def _reached(contract: Contract, operation: Operation) -> set[str]:
    """The models that an operation carries, with all that they hold."""
    found: set[str] = set()
    refs = [operation.request.type.value, operation.response.type.value, *(p.type.value for p in operation.parameters)]
    todo = [name for ref in refs if ref for name in _models(ref)]
    while todo:
        name = todo.pop()
        if name in contract.models and name not in found:
            found.add(name)
            todo += [other for prop in contract.models[name].properties for other in _models(prop.type.value)]
    return found


def _models(ref: TypeRef) -> Iterator[str]:
    if ref.kind == "model":
        yield ref.name
    for part in (ref.item, ref.key):
        if part:
            yield from _models(part)


def _nearest(contract: Contract, name: str) -> str:
    known = [*(operation.id for operation in contract.operations), *contract.models]
    near = difflib.get_close_matches(name, known, 1, 0.3)
    return f"did you mean {near[0]!r}?" if near else "read the pages without --only, which lists the names"
