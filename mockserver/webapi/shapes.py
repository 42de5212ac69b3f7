"""The contract's models, prepared for reading and writing: each member with everything a format asks of it.

    Shape ── members by name, by JSON name, by CLR name, in JSON order, in XML order ── default record

The rule: all that depends on the contract alone is worked out here once; a type that cannot be served is an error that
names it, at the start. No format's rules may live here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from contracts.errors import UsageError
from contracts.model import Contract, Model, Property, TypeRef, XmlName
from contracts.naming import json_name, ordinal
from contracts.scalars import SCALARS
from mockserver.webapi.computed import Recipe, recipes, settable
from mockserver.webapi.dates import DateTime, DateTimeOffset
from mockserver.webapi.type_names import TypeNames

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

    `default` is what it holds when nothing was given, `text` whether it is a String that JSON sets, as most are. `clr`
    is the name that forms and error keys use. `json` None: JSON reads over it and does not write it. `settable` whether
    a reader may set it, `field` whether it is a public field, `must` whether the framework itself misses it (a value
    type with [Required] or IsRequired), `xml_must` whether XML misses it, `emit` EmitDefaultValue, `recipe` what it is
    made of, `odd` whether JSON writes it otherwise than it stands in the record.
    """

    name: str
    json: str | None
    xml: XmlName | None
    type: TypeRef
    nullable: bool
    required: bool
    default: Any
    text: bool
    clr: str = ""
    settable: bool = True
    field: bool = False
    must: bool = False
    xml_must: bool = False
    emit: bool = True
    recipe: Recipe | None = None
    odd: bool = False


@dataclass(frozen=True)
class Shape:
    """A model as its readers and writers see it; `json_must` are the names that JSON has to bring."""

    model: Model
    members: tuple[Member, ...]
    json_order: tuple[Member, ...]
    xml_order: tuple[Member, ...]
    by_json: Mapping[str, Member]
    by_json_folded: Mapping[str, Member]
    by_form: Mapping[str, Member]
    required: tuple[str, ...]
    defaults: Record
    xml_root: XmlName
    json_must: tuple[str, ...] = ()

    def blank(self) -> Record:
        """A new record with every member at its default."""
        return self.defaults.copy()


# OrdinalIgnoreCase: ASCII letters in any case; other letters by their simple upper case.
def fold(name: str) -> str:
    """The key under which names that differ only in case meet."""
    return name.lower() if name.isascii() else "".join(c.upper() if len(c.upper()) == 1 else c for c in name)


class Shapes:
    """Every shape of a contract, by model name; `names` is what XML calls its types."""

    def __init__(self, contract: Contract):
        self.contract = contract
        self.names = TypeNames(contract)
        self.casing = contract.casing.value or "PascalCase"
        self._shapes = {name: self._shape(model) for name, model in contract.models.items() if model.kind == "object"}

    def __getitem__(self, name: str) -> Shape:
        return self._shapes[name]

    def settled(self, ref: TypeRef) -> TypeRef:
        """The type with Object in the place of every model that no page describes."""
        if ref.kind == "model":
            return ref if ref.name in self.contract.models else TypeRef("any")
        if ref.item is None:
            return ref
        key = None if ref.key is None else self.settled(ref.key)
        return replace(ref, item=self.settled(ref.item), key=key)

    def enum(self, ref: TypeRef) -> Model | None:
        """The enumeration a type names, None when it is something else."""
        return self.names.enum(ref)

    def object(self, ref: TypeRef) -> Shape | None:
        """The shape of the object a type names, None when it is something else."""
        return self._shapes.get(ref.name) if ref.kind == "model" else None

    def value_type(self, ref: TypeRef) -> bool:
        """Whether null is no value of the type by itself."""
        if ref.kind == "scalar":
            if ref.name not in SCALARS:
                raise UsageError(f"the type {ref.name} cannot be served: it is no row of contracts.scalars")
            return SCALARS[ref.name].value_type
        return ref.kind == "pair" or self.enum(ref) is not None

    def default(self, ref: TypeRef) -> Any:
        """default(T)"""
        if not self.value_type(ref):
            return None
        if ref.kind == "pair" and ref.key is not None and ref.item is not None:
            return (self.default(ref.key), self.default(ref.item))
        return 0 if ref.kind != "scalar" else _DEFAULTS.get(ref.name, json.loads(SCALARS[ref.name].default))

    def _member(self, model: Model, prop: Property, recipe: Recipe | None) -> Member:
        ref = self.settled(prop.type.value)
        # A nullability the page leaves open is read as its natural choice: a value type is not nullable.
        nullable = not self.value_type(ref) or bool(prop.nullable.value)
        demanded = any(note.value.kind == "required" for note in prop.annotations) or bool(prop.is_required.value)
        can = settable(model, prop)
        return Member(
            prop.name, prop.json.value, self._xml_name(model, prop), ref, nullable, prop.required.value,
            None if nullable else self.default(ref), ref == _TEXT and can and prop.json.value is not None,
            prop.clr_name.value or prop.name, can, bool(prop.is_field.value),
            demanded and not nullable and not prop.is_field.value, bool(prop.is_required.value) or _field_of(prop),
            prop.emit_default.value is not False, recipe, recipe is not None or prop.emit_default.value is False,
        )  # fmt: skip

    def _xml_name(self, model: Model, prop: Property) -> XmlName | None:
        """The element; where the model's XML samples failed, what the serializer would call it."""
        if prop.xml.value is not None or model.xml_order.value or prop.xml.standing != "unknown":
            return prop.xml.value
        return XmlName(prop.clr_name.value or prop.name, self.names.of(TypeRef("model", model.name)).namespace, 0)

    def _shape(self, model: Model) -> Shape:
        made = recipes(self.contract, model)
        members = [self._member(model, prop, made.get(prop.name)) for prop in model.properties]
        by_name = {member.name: member for member in members}
        # JsonIgnore: the member is known by its name all the same, and what is sent for it is read and dropped.
        hidden = {json_name(member.name, self.casing): member for member in members if member.json is None}
        by_json = hidden | {member.json: member for member in members if member.json is not None}
        folded: dict[str, Member] = {}
        for name, member in by_json.items():
            folded.setdefault(fold(name), member)
        written = tuple(by_name[name] for name in model.json_order.value)
        in_xml = tuple(by_name[name] for name in model.xml_order.value) or tuple(
            sorted((member for member in members if member.xml is not None), key=lambda one: ordinal(one.clr))
        )
        # Web API's JsonContractResolver misses value types that validators require; the camelCase resolver replaces it,
        # and Json.NET's own misses what IsRequired says of any type (SetPropertySettingsFromAttributes).
        own = self.casing == "PascalCase"
        told = {prop.name for prop in model.properties if prop.is_required.value}
        return Shape(
            model,
            tuple(members),
            written or tuple(sorted((one for one in members if one.json is not None), key=lambda one: not one.field)),
            in_xml,
            by_json,
            folded,
            {fold(member.clr): member for member in members},
            tuple(member.name for member in members if member.required),
            {member.name: member.default for member in members},
            XmlName(*self.names.of(TypeRef("model", model.name)), 0),
            tuple(one.name for one in members if one.json is not None and (one.must if own else one.name in told)),
        )


# ClassDataContract.ImportDataMembers: of a [Serializable] class the fields are the contract, each of them required; of
# its own properties the compiler makes fields of this name.
def _field_of(prop: Property) -> bool:
    return prop.xml.value is not None and prop.xml.value.name.endswith("_x003E_k__BackingField")
