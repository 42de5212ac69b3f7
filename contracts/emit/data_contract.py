"""What .NET's data contract serializer calls things: types, element names, their order and namespaces.

    Shape     a named type and what stands in it: elements in order, names of an enumeration, or one of the XSD's own
    Element   one element: name, namespace, type, whether it must stand, whether it may be nil

The rule: what the samples show is taken from them (a member's element, its namespace, its class); what they do not show
is named as the serializer names it (DataContract.GetStableName, CollectionDataContract). No XSD is written here.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from contracts.emit.observed import observed
from contracts.emit.shapes import ANY, BASE64, Shapes, may_be_dropped
from contracts.model import Model, Property, TypeRef
from contracts.naming import ARRAYS, DATA_CONTRACT
from contracts.scalars import SCALARS, SERIALIZATION

XS = "http://www.w3.org/2001/XMLSchema"
SYSTEM = DATA_CONTRACT + "System"
GENERIC = DATA_CONTRACT + "System.Collections.Generic"

_PREFIXES = {"xs": XS, "ser": SERIALIZATION, "dto": SYSTEM}
_OFFSET = TypeRef("scalar", "DateTimeOffset")


@dataclass(frozen=True)
class Name:
    """A qualified name."""

    namespace: str
    local: str


@dataclass(frozen=True)
class Element:
    """One element of a type; `many` for the items of a collection, `prop` the member behind it."""

    name: Name
    type: TypeRef
    required: bool = False
    nillable: bool = False
    many: bool = False
    prop: Property | None = None


@dataclass(frozen=True)
class Level:
    """One class of a model: its type's name, its own elements in order; `invented` where no page shows the name."""

    name: Name
    elements: tuple[Element, ...]
    invented: bool


class DataContracts:
    """The XML names and contents of every type of a contract."""

    def __init__(self, shapes: Shapes):
        self.shapes = shapes
        self.models = shapes.contract.models
        self._seen = observed(shapes.contract)
        taken = {self._own_name(model, self._namespace(model)) for model in self.models.values()}
        self._levels = {name: self._levels_of(model, taken) for name, model in self.models.items()}

    def name(self, ref: TypeRef) -> Name:
        """The type's contract name: its XSD type, and the name of its element in a collection."""
        ref = self.visible(ref)
        if ref == BASE64:
            return Name(XS, "base64Binary")
        if ref.kind == "scalar":
            prefix, local = SCALARS[ref.name].xsd.split(":")
            return Name(_PREFIXES[prefix], local)
        if ref.kind == "model":
            return self.levels(self.models[ref.name])[-1].name
        if ref.kind == "collection" and ref.item is not None:
            item = self.name(ref.item)
            return Name(ARRAYS if _built_in(item) else item.namespace, f"ArrayOf{item.local}")
        if ref.kind == "dictionary":
            return Name(ARRAYS, f"ArrayOf{self.entry(ref).local}")
        if ref.kind == "pair":
            return self._generic(GENERIC, "KeyValuePairOf", ref)
        return Name(XS, "anyType")

    def entry(self, ref: TypeRef) -> Name:
        """The name of a dictionary's entries."""
        if ref in self._seen:
            return Name(*self._seen[ref])
        return self._generic(ARRAYS, "KeyValueOf", ref)

    def elements(self, ref: TypeRef) -> tuple[Element, ...]:
        """What stands in an element of that type, in order; nothing in text, in enumerations and in "anything"."""
        ref = self.visible(ref)
        if ref == _OFFSET:
            # .NET, DateTimeOffsetAdapter: two members in the namespace of System.
            clr = (("DateTime", "DateTime"), ("OffsetMinutes", "Int16"))
            return tuple(Element(Name(SYSTEM, name), TypeRef("scalar", type_), True) for name, type_ in clr)
        if ref.kind == "model":
            return tuple(element for level in self.levels(self.models[ref.name]) for element in level.elements)
        if ref.kind == "collection" and ref.item is not None:
            item, own = self.name(ref.item), self.name(ref)
            return (Element(Name(own.namespace, item.local), ref.item, False, self._nullable(ref.item), many=True),)
        if ref.kind == "dictionary":
            return (Element(self.entry(ref), TypeRef("pair", "entry", ref.item, ref.key), many=True),)
        if ref.kind == "pair" and ref.key is not None and ref.item is not None:
            namespace = ARRAYS if ref.name == "entry" else GENERIC
            names = ("Key", "Value") if ref.name == "entry" else ("key", "value")
            parts = zip(names, (ref.key, ref.item), strict=True)
            return tuple(Element(Name(namespace, name), part, True, self._nullable(part)) for name, part in parts)
        return ()

    def levels(self, model: Model) -> tuple[Level, ...]:
        """The classes of a model, base class first, each with the members it declares."""
        return self._levels[model.name]

    def _levels_of(self, model: Model, taken: set[Name]) -> tuple[Level, ...]:
        """A model's classes; the names of base classes, which no page shows, are made up each only once."""
        own = self._own_name(model, self._namespace(model))
        runs = [list(run) for _, run in groupby(self._members(model), key=lambda prop: _place(prop)[1:])]
        if not runs or _place(runs[-1][0])[1] != own.namespace:
            runs.append([])  # a class that adds no member of its own
        levels = [Level(own, tuple(self._element(model, prop) for prop in runs[-1]), False)]
        for run in reversed(runs[:-1]):
            name = Name(_place(run[0])[1], f"{levels[0].name.local}Base")
            while name in taken:
                name = Name(name.namespace, f"{name.local}_")
            taken.add(name)
            levels.insert(0, Level(name, tuple(self._element(model, prop) for prop in run), True))
        return tuple(levels)

    def _namespace(self, model: Model) -> str:
        """The namespace of a model that no sample shows as a root: its last class's, an enumeration's guessed."""
        members = self._members(model)
        return _place(members[-1])[1] if members else self._namespace_of_user(model)

    def _members(self, model: Model) -> tuple[Property, ...]:
        """The members in XML: in the sample's order, else, where no sample shows it, those whose element is known."""
        members = model.in_xml_order() if model.xml_order.value else model.properties
        return tuple(prop for prop in members if prop.xml.value is not None)

    def _element(self, model: Model, prop: Property) -> Element:
        local, namespace, _ = _place(prop)
        ref = self.shapes.of(model, prop)
        nil = self.shapes.is_reference(ref) or prop.nullable.value is not False
        must = prop.required.value and not prop.read_only.value
        if may_be_dropped(model, prop):  # one set of elements serves both directions
            must = must and self.shapes.is_reference(ref)
        must = must or prop.is_required.value is True
        return Element(Name(namespace, local), ref, must, nil, prop=prop)

    def _own_name(self, model: Model, namespace: str) -> Name:
        root, seen = model.xml_root.value, self._seen.get(TypeRef("model", model.name))
        if seen is not None and (root is None or model.xml_root.standing == "guessed"):
            return Name(*seen)
        return Name(namespace, encode(model.name)) if root is None else Name(root.namespace, root.name)

    def _namespace_of_user(self, used: Model) -> str:
        """The namespace of a type that no sample shows."""
        # GUESS: that of the first class that uses it; a sample in XML with the type as root would settle it.
        for model in self.models.values():
            for prop in model.properties:
                if prop.xml.value is not None and _mentions(prop.type.value, used.name):
                    return prop.xml.value.namespace
        return DATA_CONTRACT

    def _nullable(self, ref: TypeRef) -> bool:
        return self.shapes.is_reference(self.shapes.known(ref))

    def visible(self, ref: TypeRef) -> TypeRef:
        """The type, or "anything" where nothing of it can be seen in XML."""
        ref = self.shapes.known(ref)
        if ref.kind == "model" and self.models[ref.name].kind == "object":
            model = self.models[ref.name]
            return ref if model.xml_root.value is not None or self._members(model) else ANY
        return ref

    def _generic(self, namespace: str, outer: str, ref: TypeRef) -> Name:
        """A generic's contract name: its arguments' names, and a digest of their namespaces unless all are built in."""
        parts = [self.name(part) for part in (ref.key, ref.item) if part is not None]
        local = outer + "".join(part.local for part in parts)
        if all(_built_in(part) for part in parts):
            return Name(namespace, local)
        # DataContract.GetNamespacesDigest: MD5, its first 6 bytes. GUESS: with two arguments " 2" stands first; a
        # sample of a dictionary of models would settle it.
        text = f" {len(parts)}" + "".join(f" {part.namespace}" for part in parts)
        digest = hashlib.md5(text.encode("utf-8"), usedforsecurity=False).digest()[:6]
        return Name(namespace, local + base64.b64encode(digest).decode("ascii").replace("/", "_S").replace("+", "_P"))


def _place(prop: Property) -> tuple[str, str, int]:
    """A member's element, its namespace and the class that declares it."""
    assert prop.xml.value is not None
    return prop.xml.value.name, prop.xml.value.namespace, prop.xml.value.level


def _built_in(name: Name) -> bool:
    """DataContract.IsBuiltInNamespace."""
    return name.namespace in (XS, SERIALIZATION)


def _mentions(ref: TypeRef | None, name: str) -> bool:
    return ref is not None and (ref.name == name or _mentions(ref.key, name) or _mentions(ref.item, name))


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


def mentioned(contracts: DataContracts, start: TypeRef) -> Iterator[TypeRef]:
    """A type and every type its elements lead to, each once."""
    waiting, seen = [start], set[TypeRef]()
    while waiting:
        ref = contracts.visible(waiting.pop(0))
        if ref in seen:
            continue
        seen.add(ref)
        yield ref
        waiting += [element.type for element in contracts.elements(ref)]
