"""The contract's models, prepared for reading and writing: each member with everything a format asks of it.

    Shape ── members by name, by JSON name, in JSON order, in XML order ── default record

The rule: all that depends on the contract alone is worked out here once; a type that cannot be served is an error that
names it, at the start. No format's rules may live here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from contracts.errors import UsageError
from contracts.model import Contract, Model, TypeRef, XmlName
from contracts.scalars import SCALARS
from mockserver.webapi.dates import DateTime, DateTimeOffset

Record = dict[str, Any]

# default(T) where it is not what the contract's table says as JSON.
_DEFAULTS: Mapping[str, Any] = {
    "DateTime": DateTime(),
    "DateTimeOffset": DateTimeOffset(),
    "TimeSpan": 0,
    "Decimal": Decimal(0),
    "Char": "\0",
}

_TEXT = TypeRef("scalar", "String")


@dataclass(frozen=True, slots=True)
class Member:
    """One property: names per format, its type, whether null is a value of it, whether it must be given.

    `default` is what it holds when nothing was given, `text` whether it is a String, as most are.
    """

    name: str
    json: str | None
    xml: XmlName | None
    type: TypeRef
    nullable: bool
    required: bool
    default: Any
    text: bool


@dataclass(frozen=True)
class Shape:
    """A model as its readers and writers see it."""

    model: Model
    members: tuple[Member, ...]
    json_order: tuple[Member, ...]
    xml_order: tuple[Member, ...]
    by_json: Mapping[str, Member]
    by_json_folded: Mapping[str, Member]
    by_form: Mapping[str, Member]
    required: tuple[str, ...]
    defaults: Record

    @property
    def xml_root(self) -> XmlName:
        root = self.model.xml_root.value
        return root if root is not None else XmlName(self.model.name, "", 0)

    def blank(self) -> Record:
        """A new record with every member at its default."""
        return self.defaults.copy()


# OrdinalIgnoreCase: ASCII letters in any case; other letters by their simple upper case.
def fold(name: str) -> str:
    """The key under which names that differ only in case meet."""
    return name.lower() if name.isascii() else "".join(c.upper() if len(c.upper()) == 1 else c for c in name)


class Shapes:
    """Every shape of a contract, by model name."""

    def __init__(self, contract: Contract):
        self.contract = contract
        self._shapes = {name: self._shape(model) for name, model in contract.models.items() if model.kind == "object"}

    def __getitem__(self, name: str) -> Shape:
        return self._shapes[name]

    def enum(self, ref: TypeRef) -> Model | None:
        """The enumeration a type names, None when it is something else."""
        model = self.contract.models.get(ref.name) if ref.kind == "model" else None
        return model if model is not None and model.kind == "enum" else None

    def _value_type(self, ref: TypeRef) -> bool:
        if ref.kind == "scalar":
            if ref.name not in SCALARS:
                raise UsageError(f"the type {ref.name} cannot be served: it is no row of contracts.scalars")
            return SCALARS[ref.name].value_type
        return self.enum(ref) is not None

    def _default(self, ref: TypeRef, nullable: bool) -> Any:
        if nullable:
            return None
        if ref.kind != "scalar":
            return 0
        return _DEFAULTS.get(ref.name, json.loads(SCALARS[ref.name].default))

    def _shape(self, model: Model) -> Shape:
        members = []
        for prop in model.properties:
            ref = prop.type.value
            # A nullability the page leaves open is read as its natural choice: a value type is not nullable.
            nullable = not self._value_type(ref) or bool(prop.nullable.value)
            members.append(
                Member(
                    prop.name, prop.json.value, prop.xml.value, ref, nullable, prop.required.value,
                    self._default(ref, nullable), ref == _TEXT,
                )
            )  # fmt: skip
        by_name = {member.name: member for member in members}
        by_json = {member.json: member for member in members if member.json is not None}
        folded: dict[str, Member] = {}
        for name, member in by_json.items():
            folded.setdefault(fold(name), member)
        return Shape(
            model,
            tuple(members),
            tuple(by_name[name] for name in model.json_order.value),
            tuple(by_name[name] for name in model.xml_order.value),
            by_json,
            folded,
            {fold(member.name): member for member in members},
            tuple(member.name for member in members if member.required),
            {member.name: member.default for member in members},
        )
