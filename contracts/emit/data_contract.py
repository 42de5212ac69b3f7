"""What stands in the XML of each type: elements in order, class by class.

    Element   one element: name, namespace, type, whether it must stand, whether it may be nil
    Level     one class of a model: its type's name and its own elements

The rule: what the samples show is taken from them (a member's element, its namespace, its class). What types are
called is decided in `contract_names`; no XSD is written here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from contracts.emit.contract_names import GENERIC, SYSTEM, Name
from contracts.emit.refs import bare, is_nullable
from contracts.emit.shapes import Shapes, may_be_dropped
from contracts.model import Model, Property, TypeRef
from contracts.naming import ARRAYS

_OFFSET = TypeRef("scalar", "DateTimeOffset")


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
    """The XML contents of every type of a contract."""

    def __init__(self, shapes: Shapes):
        self.shapes = shapes
        self.names = shapes.names
        self.models = shapes.contract.models
        taken = {self.names.of_model(model) for model in self.models.values()}
        self._levels = {name: self._levels_of(model, taken) for name, model in self.models.items()}

    def name(self, ref: TypeRef) -> Name:
        """The type's contract name: its XSD type."""
        return self.names.name(ref)

    def visible(self, ref: TypeRef) -> TypeRef:
        """The type, or "anything" where nothing of it can be seen in XML."""
        return self.names.visible(ref)

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
            return (Element(self.names.item(ref), bare(ref.item), False, self._nullable(ref.item), many=True),)
        if ref.kind == "dictionary":
            return (Element(self.names.item(ref), TypeRef("pair", "entry", ref.item, ref.key), many=True),)
        if ref.kind == "pair" and ref.key is not None and ref.item is not None:
            namespace = ARRAYS if ref.name == "entry" else GENERIC
            words = ("Key", "Value") if ref.name == "entry" else ("key", "value")
            parts = zip(words, (ref.key, ref.item), strict=True)
            return tuple(Element(Name(namespace, word), bare(part), True, self._nullable(part)) for word, part in parts)
        return ()

    def levels(self, model: Model) -> tuple[Level, ...]:
        """The classes of a model, base class first, each with the members it declares."""
        return self._levels[model.name]

    def _levels_of(self, model: Model, taken: set[Name]) -> tuple[Level, ...]:
        """A model's classes; the names of base classes, which no page shows, are made up each only once."""
        own = self.names.of_model(model)
        runs = [list(run) for _, run in groupby(self.names.members(model), key=lambda prop: _place(prop)[1:])]
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

    def _element(self, model: Model, prop: Property) -> Element:
        local, namespace, _ = _place(prop)
        ref = self.shapes.of(model, prop)
        nil = self.shapes.is_reference(ref) or prop.nullable.value is not False or prop.nullable.standing == "guessed"
        must = prop.required.value and not prop.read_only.value
        if may_be_dropped(model, prop):  # one set of elements serves both directions
            must = must and self.shapes.is_reference(ref)
        must = must or prop.is_required.value is True
        return Element(Name(namespace, local), ref, must and model.name not in self.shapes.shared, nil, prop=prop)

    def _nullable(self, ref: TypeRef) -> bool:
        return is_nullable(ref) or self.shapes.is_reference(self.shapes.known(ref))


def _place(prop: Property) -> tuple[str, str, int]:
    """A member's element, its namespace and the class that declares it."""
    assert prop.xml.value is not None
    return prop.xml.value.name, prop.xml.value.namespace, prop.xml.value.level


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
