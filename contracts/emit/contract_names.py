"""The XML names of types: what .NET's data contract serializer calls each of them.

    name     the type's contract name: its XSD type, and the root element of a body of that type
    item     the element of one item of a collection, or of one entry of a dictionary

The rule: what a sample shows of a model is its name; everything else is named as the serializer names it
(DataContract.GetStableName, CollectionDataContract). What stands inside a type is decided elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from contracts.emit.evidence import Evidence
from contracts.emit.refs import ANY, BASE64, bare, is_nullable
from contracts.model import Contract, Model, Property, TypeRef
from contracts.naming import ARRAYS, DATA_CONTRACT, generic_contract_name
from contracts.scalars import SCALARS, SERIALIZATION

XS = "http://www.w3.org/2001/XMLSchema"
SYSTEM = DATA_CONTRACT + "System"
GENERIC = DATA_CONTRACT + "System.Collections.Generic"

_PREFIXES = {"xs": XS, "ser": SERIALIZATION, "dto": SYSTEM}


@dataclass(frozen=True)
class Name:
    """A qualified name."""

    namespace: str
    local: str


class ContractNames:
    """The names of one contract's types, by rule; `call` gives an item a name that a sample shows and no rule gives."""

    def __init__(self, contract: Contract, evidence: Evidence):
        self.contract = contract
        self.models = contract.models
        self._called: dict[TypeRef, Name] = {}
        self._shown = evidence.names
        self._known: dict[TypeRef, Name] = {}
        self._homes: dict[str, str] = {}

    def name(self, ref: TypeRef) -> Name:
        """The type's contract name."""
        found = self._known.get(ref)
        if found is None:
            found = self._known[ref] = self._name(self.visible(ref))
        return found

    def root(self, ref: TypeRef) -> Name:
        """The element of a whole body: built-in types stand in the serializer's own namespace."""
        found = self.name(bare(ref))
        return Name(SERIALIZATION, found.local) if found.namespace == XS else found

    def item(self, ref: TypeRef) -> Name:
        """The element of an item of a collection, or of an entry of a dictionary."""
        if ref in self._called:
            return self._called[ref]
        if ref.kind == "dictionary":
            return self._generic(ARRAYS, "KeyValue", ref)
        # Nullable<T> gives its namespace to the element, T its name (CollectionDataContract.ItemName).
        return Name(self.name(ref).namespace, self.name(bare(ref.item or ANY)).local)

    def call(self, ref: TypeRef, item: Name) -> None:
        """Give the items of a collection or a dictionary a name of their own."""
        self._called.setdefault(ref, item)
        self._known.clear()

    def of_model(self, model: Model) -> Name:
        """A model's name: as a sample shows it, else made of its own."""
        root, shown = model.xml_root.value, self._shown.get(TypeRef("model", model.name))
        if shown is not None and (root is None or model.xml_root.standing == "guessed"):
            return Name(*shown)
        return Name(self._home(model), encode(model.name)) if root is None else Name(root.namespace, root.name)

    def members(self, model: Model) -> tuple[Property, ...]:
        """The members in XML: in the sample's order, else, where no sample shows it, those whose element is known."""
        members = model.in_xml_order() if model.xml_order.value else model.properties
        return tuple(prop for prop in members if prop.xml.value is not None)

    def known(self, ref: TypeRef) -> TypeRef:
        """The type, or "anything" where it names a model that no page describes."""
        if ref.kind != "model":
            return ref
        model = self.models.get(ref.name)
        return ANY if model is None or (model.kind == "enum" and not model.members) else ref

    def visible(self, ref: TypeRef) -> TypeRef:
        """The type, or "anything" where nothing of it can be seen in XML."""
        ref = self.known(ref)
        if ref.kind == "model" and self.models[ref.name].kind == "object":
            model = self.models[ref.name]
            return ref if model.xml_root.value is not None or self.members(model) else ANY
        return ref

    def _name(self, ref: TypeRef) -> Name:
        if ref in self._called:
            item = self._called[ref]
            return Name(item.namespace, f"ArrayOf{item.local}")
        if ref == BASE64:
            return Name(XS, "base64Binary")
        if ref.kind == "scalar":
            prefix, local = SCALARS[ref.name].xsd.split(":")
            return Name(_PREFIXES[prefix], local)
        if ref.kind == "model":
            return self.of_model(self.models[ref.name])
        if ref.kind == "collection" and ref.item is not None:
            item = self.name(ref.item)
            return Name(ARRAYS if _built_in(item) else item.namespace, f"ArrayOf{item.local}")
        if ref.kind == "dictionary":
            return Name(ARRAYS, f"ArrayOf{self.item(ref).local}")
        if is_nullable(ref):
            return self._generic(SYSTEM, "Nullable", ref)
        if ref.kind == "pair":
            return self._generic(GENERIC, "KeyValuePair", ref)
        return Name(XS, "anyType")

    def _generic(self, namespace: str, outer: str, ref: TypeRef) -> Name:
        parts = [self.name(part) for part in (ref.key, ref.item) if part is not None]
        return Name(namespace, generic_contract_name(outer, [(part.local, part.namespace) for part in parts]))

    def _home(self, model: Model) -> str:
        """The namespace of a model that no sample shows as a root: its last class's, an enumeration's guessed."""
        members = self.members(model)
        if members and members[-1].xml.value is not None:
            return members[-1].xml.value.namespace
        if not self._homes:
            self._homes = self._users()
        return self._homes.get(model.name, DATA_CONTRACT)  # the global namespace's

    def _users(self) -> dict[str, str]:
        """The namespace of a type that no sample shows, by its model's name."""
        # GUESS: that of the first class that uses it; a sample in XML with the type as root would settle it.
        found: dict[str, str] = {}
        for model in self.models.values():
            for prop in model.properties:
                if prop.xml.value is not None:
                    for name in _mentions(prop.type.value):
                        found.setdefault(name, prop.xml.value.namespace)
        return found


def _built_in(name: Name) -> bool:
    """DataContract.IsBuiltInNamespace."""
    return name.namespace in (XS, SERIALIZATION)


def _mentions(ref: TypeRef | None) -> list[str]:
    return [] if ref is None else [ref.name, *_mentions(ref.key), *_mentions(ref.item)]


# XmlConvert.EncodeLocalName: a character that a name may not hold is written _xHHHH_, and so is the underscore of
# a text that already looks like that.
def encode(name: str) -> str:
    """A CLR name as the local part of an XML name.

    >>> encode("Page`1")
    'Page_x0060_1'
    """
    guarded = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", name)
    out = re.sub(r"[^\w.\-]|·", lambda m: f"_x{ord(m[0]):04X}_", guarded)
    return re.sub(r"^[\d.\-]", lambda m: f"_x{ord(m[0]):04X}_", out) or "_"
