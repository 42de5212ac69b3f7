"""The members of a record that are no plain scalar, by kind.

    models  lists  dictionaries  bytes     made of other values
    spans  moments  characters  addresses  scalars that every format writes in its own way

The rule: a member is of a kind when a value of it can be made up as deep as the pages tell; any other (Object, a model
that no page describes, what travels by reference) is of none. No value is made here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from xml.etree import ElementTree

from contracts.conformance.subject import DECIMALS, INTEGERS, Subject
from contracts.emit.data_contract import DataContracts
from contracts.emit.evidence import Evidence
from contracts.emit.refs import BASE64, bare
from contracts.emit.shapes import Shapes
from contracts.model import Contract, Model, Property, TypeRef

Deep = Any
LEFT_OUT = object()  # in a record: a member that is not sent, though it would be as the sample has it

DEEPEST = 4  # models within models that a value is made of
KINDS = ("models", "lists", "dictionaries", "bytes", "spans", "moments", "characters", "addresses")
_SCALARS = {"TimeSpan": "spans", "DateTimeOffset": "moments", "Char": "characters", "Uri": "addresses"}
_MADE = {"model": "models", "collection": "lists", "dictionary": "dictionaries"}
#: What a dictionary's keys may be for the suite: JSON writes them as names.
_KEYS = frozenset({"String", "Int32", "Int64", "Int16", "Guid"})


@dataclass(frozen=True, eq=False)
class Types:
    """A contract's types as they travel."""

    contract: Contract
    _reaches: dict[tuple[TypeRef, int], bool] = field(default_factory=dict)

    @cached_property
    def contracts(self) -> DataContracts:
        """What stands in the XML of each type."""
        return DataContracts(Shapes(self.contract))

    @cached_property
    def evidence(self) -> Evidence:
        """What the samples hold."""
        return Evidence(self.contract)

    @cached_property
    def shown(self) -> frozenset[str]:
        """The name of every element that a sample in XML shows, in Clark's notation."""
        found: set[str] = set()
        for operation in self.contract.operations:
            for sample in (*operation.request.samples, *operation.response.samples):
                try:
                    found.update(element.tag for element in ElementTree.fromstring(sample.text).iter())
                except ElementTree.ParseError:
                    continue
        return frozenset(found)

    def of(self, model: Model, prop: Property) -> TypeRef:
        """The type that a member carries."""
        return self.contracts.shapes.of(model, prop)

    def enum(self, ref: TypeRef) -> Model | None:
        """The enumeration that a type names."""
        model = self.contract.models.get(ref.name) if ref.kind == "model" else None
        return model if model is not None and model.kind == "enum" else None

    def kind(self, ref: TypeRef) -> str:
        """The kind of a type; empty where it is of none."""
        if not self.makeable(ref):
            return ""
        if ref == BASE64:
            return "bytes"
        return _SCALARS.get(ref.name, "") if ref.kind == "scalar" else "" if self.enum(ref) else _MADE[ref.kind]

    def makeable(self, ref: TypeRef, depth: int = 0) -> bool:
        """Whether a value can be made up."""
        key = (ref, depth)
        if key not in self._reaches:
            self._reaches[key] = self._makeable(bare(ref), depth)
        return self._reaches[key]

    def _makeable(self, ref: TypeRef, depth: int) -> bool:
        if ref.kind == "scalar":
            return True
        if ref.kind == "collection" and ref.item is not None:
            return self.makeable(ref.item, depth)
        if ref.kind == "dictionary" and ref.key is not None and ref.item is not None:
            return ref.key.name in _KEYS and self.makeable(ref.item, depth)
        model = self.contract.models.get(ref.name) if ref.kind == "model" else None
        if model is None or model.name in self.contracts.shapes.shared:
            return False
        if model.kind == "enum":
            return bool(model.members)
        return depth < DEEPEST and bool(self.inside(model, depth))

    def inside(self, model: Model, depth: int) -> Mapping[str, tuple[Property, TypeRef]]:
        """The members of a model that a value is made of, by name."""
        found = ((p, self.of(model, p)) for p in model.properties if not p.read_only.value and p.json.value is not None)
        return {p.name: (p, ref) for p, ref in found if self.makeable(ref, depth + 1)}


def members(subject: Subject) -> Mapping[str, tuple[Property, ...]]:
    """A subject's members of each kind, in the order of the model; those whose values the target chooses left out."""
    found: dict[str, list[Property]] = {}
    for prop in subject.sent:
        if prop.json.value is not None and subject.shown(prop) and prop.name not in subject.accepts:
            found.setdefault(subject.types.kind(subject.types.of(subject.model, prop)), []).append(prop)
    key = subject.model.key.value
    return {kind: tuple(p for p in found[kind] if p.name != key) for kind in KINDS if kind in found}


def numbers(subject: Subject) -> tuple[Property, ...]:
    """Members with numbers."""
    return tuple(p for p in subject.values if p.type.value.name in INTEGERS or p.type.value.name in DECIMALS)


def nullable(subject: Subject) -> tuple[Property, ...]:
    """Numbers, times, enumerations and the like that the pages show to take null, and do not demand."""
    others = {"Boolean", "Guid", "DateTime", "DateTimeOffset", "TimeSpan", "Char", *INTEGERS, *DECIMALS}
    found = [p for p in subject.sent if p.type.value.kind == "scalar" and p.type.value.name in others]
    found += [p for p in subject.sent if subject.types.enum(p.type.value) is not None]
    sure = (p for p in found if p.nullable.value is True and p.nullable.standing != "guessed" and subject.shown(p))
    key = subject.model.key.value
    return tuple(p for p in sure if not p.required.value and p.name != key and p.name not in subject.accepts)
