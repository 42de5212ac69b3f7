"""What DataContractSerializer calls each type: the name and namespace of its contract, of its root and of its items.

    String                  string                          http://www.w3.org/2001/XMLSchema
    a model                 as the page's sample shows      its own namespace
    collection of X         ArrayOf + X                     that of X, or …/Serialization/Arrays for simple types
    dictionary of K and V   ArrayOfKeyValueOf + K + V       …/Serialization/Arrays

The rule: names follow from the contract alone and are worked out once a type. Elements and values may not live here.
Source: S DataContract.cs (GetStableName, GetCollectionStableName, GetNamespacesDigest), CollectionDataContract.cs,
PrimitiveDataContract.cs, ClassDataContract.cs (GetChildNamespaceToDeclare).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from contracts.model import Contract, Fact, Model, TypeRef
from contracts.naming import ARRAYS, DATA_CONTRACT
from contracts.scalars import SCALARS, SERIALIZATION

XSD = "http://www.w3.org/2001/XMLSchema"
#: The CLR namespace System as a contract's.
SYSTEM = DATA_CONTRACT + "System"
_PAIRS = DATA_CONTRACT + "System.Collections.Generic"
_PREFIXES = {"xs": XSD, "ser": SERIALIZATION, "dto": SYSTEM}
_BUILT_IN = (XSD, SERIALIZATION)
_BASE64_DIGITS = 6


class Name(NamedTuple):
    """A name and its namespace."""

    local: str
    namespace: str


def _scalar(clr: str) -> Name:
    prefix, _, local = SCALARS[clr].xsd.partition(":")
    return Name(local, _PREFIXES[prefix])


#: The contract's name of every scalar by CLR name, and of what is no scalar but built in.
BUILT_IN: Mapping[str, Name] = {
    **{clr: _scalar(clr) for clr in SCALARS},
    "Bytes": Name("base64Binary", XSD),
    "Object": Name("anyType", XSD),
}


def is_bytes(ref: TypeRef) -> bool:
    """Whether the type is byte[], which every format writes as base64 text.

    GUESS: the page says "Collection of byte" of a byte[] and of a List<byte>, which is a plain list; a sample that
    shows numbers would settle it.
    """
    item = ref.item if ref.kind == "collection" and ref.form != "list" else None
    return item is not None and item.kind == "scalar" and item.name == "Byte"


def _digest(parts: str) -> str:
    """GetNamespacesDigest: six bytes of the MD5 as base64 without what a name cannot bear."""
    found = hashlib.md5(parts.encode("utf-8"), usedforsecurity=False).digest()[:_BASE64_DIGITS]
    return base64.b64encode(found).decode("ascii").replace("/", "_S").replace("+", "_P")


class TypeNames:
    """The names of one contract's types."""

    def __init__(self, contract: Contract):
        self._contract = contract
        self._known: dict[TypeRef, Name] = {}
        self._home = _home(contract)

    def of(self, ref: TypeRef) -> Name:
        """The contract's name (its "stable name")."""
        found = self._known.get(ref)
        if found is None:
            found = self._known[ref] = self._of(ref)
        return found

    def root(self, ref: TypeRef) -> Name:
        """The root element's name: built-in types take the serializer's namespace."""
        found = self.of(ref)
        return Name(found.local, SERIALIZATION) if self.built_in(ref) else found

    def item(self, ref: TypeRef) -> Name:
        """The element of one item of a collection or dictionary."""
        if ref.kind == "dictionary" and ref.key is not None and ref.item is not None:
            return Name(self._generic("KeyValueOf", ref.key, ref.item), ARRAYS)
        return Name(self.of(ref.item).local if ref.item is not None else "anyType", self.of(ref).namespace)

    def built_in(self, ref: TypeRef) -> bool:
        """Whether the serializer knows the type of itself."""
        if ref.kind == "scalar":
            return ref.name != "DateTimeOffset"
        return ref.kind == "any" or is_bytes(ref)

    def primitive(self, ref: TypeRef) -> bool:
        """The same but for Object, whose values bring a type of their own."""
        return ref.kind != "any" and self.built_in(ref)

    # GetChildNamespaceToDeclare
    def declared(self, ref: TypeRef) -> str:
        """The namespace that a member of this type declares on its own element, empty for simple types."""
        return "" if self.built_in(ref) or self.enum(ref) is not None else self.of(ref).namespace

    def enum(self, ref: TypeRef) -> Model | None:
        """The enumeration a type names, None when it is something else."""
        model = self._contract.models.get(ref.name) if ref.kind == "model" else None
        if model is None or model.kind != "enum":
            return None
        return replace(model, as_string=Fact(ref.form == "name", model.as_string.evidence)) if ref.form else model

    def _of(self, ref: TypeRef) -> Name:
        if ref.kind == "scalar":
            return BUILT_IN[ref.name]
        if is_bytes(ref):
            return BUILT_IN["Bytes"]
        if ref.kind == "model":
            return self._model(ref.name)
        if ref.kind == "dictionary" and ref.key is not None and ref.item is not None:
            return Name("ArrayOf" + self._generic("KeyValueOf", ref.key, ref.item), ARRAYS)
        if ref.kind == "pair" and ref.key is not None and ref.item is not None:
            return Name(self._generic("KeyValuePairOf", ref.key, ref.item), _PAIRS)
        if ref.kind == "collection" and ref.item is not None:
            item = self.of(ref.item)
            return Name("ArrayOf" + item.local, ARRAYS if item.namespace in _BUILT_IN else item.namespace)
        return BUILT_IN["Object"]

    def _model(self, name: str) -> Name:
        model = self._contract.models.get(name)
        root = model.xml_root.value if model is not None else None
        return Name(root.name, root.namespace) if root is not None else Name(name, self._home)

    def _generic(self, start: str, key: TypeRef, item: TypeRef) -> str:
        names = (self.of(key), self.of(item))
        local = start + "".join(name.local for name in names)
        if all(name.namespace in _BUILT_IN for name in names):
            return local
        return local + _digest(" 2" + "".join(f" {name.namespace}" for name in names))


def _home(contract: Contract) -> str:
    """The namespace of a model whose sample failed.

    GUESS: that of most other models; a page with an XML sample of it would settle it.
    """
    roots = [model.xml_root.value for model in contract.models.values()]
    spaces = [root.namespace for root in roots if root is not None]
    return max(spaces, key=spaces.count, default=DATA_CONTRACT)
