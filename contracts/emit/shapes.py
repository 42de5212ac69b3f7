"""What a property carries on the wire, decided once for every schema.

Four things that a page leaves open are decided here, so that JSON Schema, XSD and OpenAPI agree:

    Collection of byte      byte[] travels as base64 text, List<byte> as a list: the JSON sample shows which
    a guessed width         "integer" may be 16, 32 or 64 bits: schemas allow the widest, the page forbids none
    an unknown model        a name that no page describes can hold anything
    an enumeration's names  a class with [DataContract] may have enumerations with EnumMember, which no table shows

No schema is written here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from contracts.model import Body, Contract, Fact, Model, Property, TypeRef
from contracts.scalars import SCALARS

#: byte[]: not a phrase of its own, so it is no row of `contracts.scalars`.
BASE64 = TypeRef("scalar", "Byte[]")
ANY = TypeRef("any")
#: Why an enumeration's names are left open.
RENAMED = "a class that uses it has a data contract of its own, so an EnumMember may rename a value unseen"

_BYTES = TypeRef("collection", item=TypeRef("scalar", "Byte"))
# "decimal number" and the integers by how much they hold; the widest stands first.
_WIDEST = {"integer": "Int64", "unsigned integer": "UInt64", "decimal number": "Double"}


class Shapes:
    """The wire's view of a contract's types.

    `of(model, prop)` is the type a property carries, `base64` the (model, property) pairs whose bytes travel as text.
    """

    def __init__(self, contract: Contract):
        self.contract = contract
        self._seen: dict[tuple[str, str], Any] = {}
        marked = [prop for model in contract.models.values() if model.data_contract.value for prop in model.properties]
        self._in_contracts = {name for prop in marked for name in models_in(prop.type.value)}
        for operation in contract.operations:
            for body in (operation.request, operation.response):
                for sample in body.samples:
                    if body.type.value is not None and (value := _parsed(sample.text)) is not None:
                        self._walk(body.type.value, value, 0)

    def of(self, model: Model, prop: Property) -> TypeRef:
        """The type that the property carries, the open questions decided."""
        ref = prop.type.value
        if ref == _BYTES:
            # GUESS: without a sample, byte[]; a sample of this member would settle it.
            return ref if isinstance(self._seen.get((model.name, prop.name)), list) else BASE64
        return self.known(self.widest(prop.type))

    def widest(self, fact: Fact[TypeRef]) -> TypeRef:
        """The type, its numbers as wide as the page's words allow where they are guessed."""
        return _widened(fact.value) if fact.standing == "guessed" else fact.value

    def of_body(self, body: Body) -> TypeRef | None:
        """The type that a body carries; None for no body and for one that the page says nothing of."""
        ref = body.type.value
        if ref is None or body.opaque:
            return None
        if ref == _BYTES:
            return ref if any(isinstance(_parsed(sample.text), list) for sample in body.samples) else BASE64
        return _widened(ref) if body.type.standing == "guessed" else ref

    def known(self, ref: TypeRef) -> TypeRef:
        """The type, or "anything" where it names a model that no page describes."""
        if ref.kind != "model":
            return ref
        model = self.contract.models.get(ref.name)
        return ANY if model is None or (model.kind == "enum" and not model.members) else ref

    def may_be_renamed(self, model: Model) -> bool:
        """Whether an enumeration's names on the wire may be others than the table's."""
        # A class with a data contract of its own may well use enumerations with one; where none does, names are names.
        return model.name in self._in_contracts or any(member.xml for member in model.members)

    def is_reference(self, ref: TypeRef) -> bool:
        """Whether the CLR type is a reference type, so that null is always possible."""
        if ref.kind == "scalar":
            return ref == BASE64 or not SCALARS[ref.name].value_type
        if ref.kind == "model":
            return self.contract.models[ref.name].kind == "object"
        return ref.kind != "pair"

    def _walk(self, ref: TypeRef, value: Any, depth: int) -> None:
        """Remember one sample value a member, as far as the sample reaches."""
        if ref.kind == "collection" and isinstance(value, list) and ref.item is not None:
            for item in value[:1]:
                self._walk(ref.item, item, depth + 1)
        model = self.contract.models.get(ref.name) if ref.kind == "model" else None
        if model is None or not isinstance(value, dict) or depth > 50:
            return
        for name, prop in json_members(model):
            if value.get(name) is not None:
                self._seen.setdefault((model.name, prop.name), value[name])
                self._walk(prop.type.value, value[name], depth + 1)


def _widened(ref: TypeRef) -> TypeRef:
    item, key = (None if part is None else _widened(part) for part in (ref.item, ref.key))
    if ref.kind == "scalar" and ref.name in SCALARS:
        return TypeRef("scalar", _WIDEST.get(SCALARS[ref.name].phrase, ref.name))
    return TypeRef(ref.kind, ref.name, item, key)


def _parsed(text: str) -> Any:
    """A sample as JSON, None where it is not."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def json_members(model: Model) -> Iterator[tuple[str, Property]]:
    """A model's members in JSON, (name, property), in the order the sample writes them (else in table order)."""
    for prop in model.in_json_order() if model.json_order.value else model.properties:
        if prop.json.value is not None:
            yield prop.json.value, prop


def models_in(ref: TypeRef | None) -> Iterator[str]:
    """The names of the models that a type names itself, not through their properties."""
    if ref is None:
        return
    if ref.kind == "model":
        yield ref.name
    yield from models_in(ref.key)
    yield from models_in(ref.item)


# ClassDataContract, and Json.NET's DefaultContractResolver: EmitDefaultValue=false leaves out what has its default.
def may_be_dropped(model: Model, prop: Property) -> bool:
    """Whether an answer may lack the member: its DataMember says so, or may say so where no page tells."""
    emitted = prop.emit_default.value
    return emitted is False or (emitted is None and model.data_contract.value is True)


def wire_names(model: Model) -> list[str]:
    """The names of an enumeration as XML and Json.NET's StringEnumConverter write them, as far as the page shows."""
    return list(dict.fromkeys(member.xml or member.name for member in model.members))
