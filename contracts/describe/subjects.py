"""Every fact of a contract with words for what it is about.

The rule: facts are found by walking the dataclasses of `contracts.model`, so that none is forgotten when one is added.
A fact without value, evidence and `settle` was never asked for (an object is no enumeration) and is no subject.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from contracts.model import Body, Contract, Fact


@dataclass(frozen=True)
class Subject:
    """A fact and what it is about: an operation or model, one of its items (or none), and what of it."""

    owner: str
    item: str
    about: str
    fact: Fact[Any]


def subjects(contract: Contract) -> Iterator[Subject]:
    """Every fact of a contract."""
    yield Subject("JSON", "", "casing", contract.casing)
    for operation in contract.operations:
        yield from _facts_in(operation, operation.id, "")
    for model in contract.models.values():
        yield from _facts_in(model, model.name, "")


def _facts_in(holder: Any, owner: str, item: str) -> Iterator[Subject]:
    for field in fields(holder):
        value = getattr(holder, field.name)
        about = field.name.replace("_", " ").replace("media types", "media type")
        if isinstance(value, Fact):
            if value.value or value.evidence or value.settle:
                yield Subject(owner, item, about, value)
        elif isinstance(value, Body):
            yield from _facts_in(value, owner, field.name)
        for part in value if isinstance(value, tuple) else ():
            if isinstance(part, Fact):
                yield Subject(owner, item, about, part)
            elif is_dataclass(part) and hasattr(part, "name"):
                yield from _facts_in(part, owner, part.name)
