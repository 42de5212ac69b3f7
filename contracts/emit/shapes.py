"""What a property carries on the wire, decided once for every schema.

What a page leaves open is decided here, so that JSON Schema, XSD and OpenAPI agree:

    Collection of byte      byte[] travels as base64 text, List<byte> as a list: the samples show which
    a guessed width         "integer" may be 16, 32 or 64 bits: schemas allow the widest, the page forbids none
    an unknown model        a name that no page describes can hold anything
    an enumeration's names  a class with [DataContract] may have enumerations with EnumMember, which no table shows

No schema is written here.
"""

from __future__ import annotations

from contracts.emit.contract_names import ContractNames
from contracts.emit.evidence import Evidence, json_members, split
from contracts.emit.refs import BASE64, is_nullable, models_in
from contracts.emit.settling import alternatives, settled
from contracts.model import Body, Contract, Fact, Model, Property, TypeRef
from contracts.scalars import SCALARS

__all__ = ["RENAMED", "Shapes", "json_members", "may_be_combined", "may_be_dropped", "wire_names"]

#: Why an enumeration's names are left open.
RENAMED = "a class that uses it has a data contract of its own, so an EnumMember may rename a value unseen"


class Shapes:
    """The wire's view of a contract's types.

    `of(model, prop)` is the type a property carries, `names` what XML calls each type, `shared` the models that travel
    once and are referred to after ([DataContract(IsReference = true)]), `named` whether a citation names its page.
    """

    def __init__(self, contract: Contract):
        self.contract = contract
        self.named = len(contract.pages) > 1
        self._evidence = Evidence(contract)
        self.names = ContractNames(contract, self._evidence)
        self.shared = frozenset(self._evidence.shared)
        self._settled: dict[tuple[str, str], TypeRef] = {}
        self._bodies: dict[int, TypeRef] = {}
        marked = [prop for model in contract.models.values() if model.data_contract.value for prop in model.properties]
        self._in_contracts = {name for prop in marked for name in models_in(prop.type.value)}

    def of(self, model: Model, prop: Property) -> TypeRef:
        """The type that the property carries, the open questions decided."""
        key = (model.name, prop.name)
        if key not in self._settled:
            shown = self._evidence.of_member(model, prop)
            found = settled(self.names, prop.type.value, prop.type.standing == "guessed", shown)
            self._settled[key] = self.known(found)
        return self._settled[key]

    def widest(self, fact: Fact[TypeRef]) -> TypeRef:
        """The type, its numbers as wide as the page's words allow where they are guessed."""
        return next(iter(alternatives(fact.value, True))) if fact.standing == "guessed" else fact.value

    def of_body(self, body: Body) -> TypeRef | None:
        """The type that a body carries; None for no body and for one that the page says nothing of."""
        ref = body.type.value
        if ref is None or body.opaque:
            return None
        if id(body) not in self._bodies:  # which live as long as the contract
            shown = self._evidence.of_body(body)
            self._bodies[id(body)] = settled(self.names, ref, body.type.standing == "guessed", shown, root=True)
        return self._bodies[id(body)]

    def roots_of(self, body: Body) -> list[TypeRef]:
        """The types whose names a body's root may bear; without a sample in XML the natural guess is one as well."""
        ref, said = self.of_body(body), body.type.value
        if ref is None or said is None:
            return []
        return [ref] if self._evidence.of_body(body).elements else [ref, said]

    def shown_roots(self, body: Body) -> list[tuple[str, str]]:
        """(namespace, local name) of the roots of a body's samples in XML."""
        return [split(element.tag) for element in self._evidence.of_body(body).elements]

    def attributes(self, model: Model) -> list[str]:
        """What samples of a model have as attributes, sorted."""
        return sorted(self._evidence.attributes.get(model.name, ()))

    def is_open(self, model: Model) -> bool:
        """Whether an enumeration has values that no table lists."""
        return model.name in self._evidence.unlisted

    def known(self, ref: TypeRef) -> TypeRef:
        """The type, or "anything" where it names a model that no page describes."""
        return self.names.known(ref)

    def may_be_renamed(self, model: Model) -> bool:
        """Whether an enumeration's names on the wire may be others than the table's."""
        # A class with a data contract of its own may well use enumerations with one; where none does, names are names.
        return model.name in self._in_contracts or any(member.xml for member in model.members)

    def is_reference(self, ref: TypeRef) -> bool:
        """Whether null is always possible: a reference type, or Nullable<T>."""
        if is_nullable(ref):
            return True
        if ref.kind == "scalar":
            return ref == BASE64 or not SCALARS[ref.name].value_type
        if ref.kind == "model":
            return self.contract.models[ref.name].kind == "object"
        return ref.kind != "pair"


# ClassDataContract, and Json.NET's DefaultContractResolver: EmitDefaultValue=false leaves out what has its default.
def may_be_dropped(model: Model, prop: Property) -> bool:
    """Whether an answer may lack the member: its DataMember says so, or may say so where no page tells."""
    emitted = prop.emit_default.value
    return emitted is False or (emitted is None and model.data_contract.value is True)


def may_be_combined(model: Model) -> bool:
    """Whether an enumeration looks like [Flags], whose values may be combined."""
    # GUESS: numbers that are bits and sums of bits, but do not count on from one another, tell [Flags]; the vendor's
    # source would settle it.
    numbers = {member.value for member in model.members}
    bits = {number for number in numbers if number > 0 and number & (number - 1) == 0}
    counted = max(numbers, default=0) - min(numbers, default=0) < len(numbers)
    return len(bits) > 2 and not counted and all(number >= 0 and number & ~sum(bits) == 0 for number in numbers)


def wire_names(model: Model) -> list[str]:
    """The names of an enumeration as XML and Json.NET's StringEnumConverter write them, as far as the page shows."""
    return list(dict.fromkeys(member.xml or member.name for member in model.members))
