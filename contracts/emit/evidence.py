"""What the pages' samples hold, filed under what they are samples of: each member's values and elements.

    Evidence.of_member   what samples show of a property: JSON values and XML elements
    Evidence.of_body     the same of a whole body
    Evidence.names       the element name of each model that a sample shows within a collection
    Evidence.shared      the models that a sample writes by reference: "$id" and "$ref", z:Id and z:Ref
    Evidence.attributes  what a sample of a model has as attributes (XmlSerializer writes some members so)
    Evidence.unlisted    the enumerations that a sample has a number of which no table lists

The rule: only what a sample shows is kept, a few pieces of each; whether a sample fits its table is the reader's
business. No type is decided here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from contracts.emit.refs import models_in
from contracts.model import Body, Contract, Model, Property, TypeRef
from contracts.naming import DATA_CONTRACT, INSTANCE
from contracts.scalars import SERIALIZATION

_DEEPEST = 50
_MOST = 4  # pieces kept of a member
_NIL = f"{{{INSTANCE}}}nil"
_SYSTEM = DATA_CONTRACT + "System"


@dataclass
class Shown:
    """What samples show of one thing: JSON values that are not null, XML elements that are not nil."""

    values: list[Any] = field(default_factory=list)
    elements: list[ElementTree.Element] = field(default_factory=list)


class Evidence:
    """The samples of a contract, walked once."""

    def __init__(self, contract: Contract):
        self.contract = contract
        self.names: dict[TypeRef, tuple[str, str]] = {}
        self.shared: set[str] = set()
        self.attributes: dict[str, set[str]] = {}
        self.unlisted: set[str] = set()
        self._members: dict[tuple[str, str], Shown] = {}
        for operation in contract.operations:
            for body in (operation.request, operation.response):
                if body.type.value is not None and any(models_in(body.type.value)):
                    shown = self.of_body(body)
                    for value in shown.values:
                        self._json(body.type.value, value, 0)
                    for element in shown.elements:
                        self._xml(body.type.value, element, 0)

    def of_member(self, model: Model, prop: Property) -> Shown:
        """What samples show of a property."""
        return self._members.get((model.name, prop.name), Shown())

    def of_body(self, body: Body) -> Shown:
        """What a body's own samples show."""
        shown = Shown()
        for sample in body.samples:
            if (value := _parsed(sample.text)) is not None:
                shown.values.append(value)
            elif (element := _element(sample.text)) is not None:
                shown.elements.append(element)
        return shown

    def _json(self, ref: TypeRef, value: Any, depth: int) -> None:
        if depth > _DEEPEST:
            return
        for inner, part in _parts_of_json(ref, value):
            self._json(inner, part, depth + 1)
        model = self.contract.models.get(ref.name) if ref.kind == "model" else None
        if model is not None and type(value) is int and all(value != member.value for member in model.members):
            self.unlisted.add(model.name)
        if model is None or not isinstance(value, dict):
            return
        # Json.NET, PreserveReferencesHandling: one whole object, then "$ref" in its place.
        if "$id" in value or "$ref" in value:
            self.shared.add(model.name)
        for name, prop in json_members(model):
            if value.get(name) is not None:
                self._keep(model, prop).values.append(value[name])
                self._json(prop.type.value, value[name], depth + 1)

    def _xml(self, ref: TypeRef, element: ElementTree.Element, depth: int) -> None:
        if depth > _DEEPEST or element.get(_NIL) == "true":
            return
        if ref.kind == "collection" and ref.item is not None and ref.item.kind == "model":
            for child in element:
                space, local = split(child.tag)
                if space != _SYSTEM:  # which is Nullable<T>'s, and not the type's own
                    self.names.setdefault(ref.item, (space, local))
        for inner, part in _parts_of_xml(ref, element):
            self._xml(inner, part, depth + 1)
        model = self.contract.models.get(ref.name) if ref.kind == "model" else None
        if model is None:
            return
        # DataContractSerializer, IsReference: one whole element, then z:Ref in its place.
        if element.get(f"{{{SERIALIZATION}}}Id") or element.get(f"{{{SERIALIZATION}}}Ref"):
            self.shared.add(model.name)
        if plain := {name for name in element.attrib if "{" not in name}:
            self.attributes.setdefault(model.name, set()).update(plain)
        for prop in model.properties:
            name = prop.xml.value
            found = None if name is None else element.find(f"{{{name.namespace}}}{name.name}")
            if found is not None and found.get(_NIL) != "true":
                self._keep(model, prop).elements.append(found)
                self._xml(prop.type.value, found, depth + 1)

    def _keep(self, model: Model, prop: Property) -> Shown:
        shown = self._members.setdefault((model.name, prop.name), Shown())
        del shown.values[_MOST - 1 :], shown.elements[_MOST - 1 :]
        return shown


def _parts_of_json(ref: TypeRef, value: Any) -> Iterator[tuple[TypeRef, Any]]:
    """The elements of a collection, the values of a dictionary, with their types."""
    if ref.item is not None and ref.kind == "collection" and isinstance(value, list):
        yield from ((ref.item, item) for item in value)
    elif ref.item is not None and ref.kind == "dictionary" and isinstance(value, dict):
        yield from ((ref.item, item) for item in value.values())


def _parts_of_xml(ref: TypeRef, element: ElementTree.Element) -> Iterator[tuple[TypeRef, ElementTree.Element]]:
    if ref.kind == "collection" and ref.item is not None:
        yield from ((ref.item, child) for child in element)
    elif ref.kind in ("dictionary", "pair"):
        for pair in element if ref.kind == "dictionary" else (element,):
            yield from (
                (part, inner) for part, inner in zip((ref.key, ref.item), pair, strict=False) if part is not None
            )


def _parsed(text: str) -> Any:
    """A sample as JSON, None where it is not."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _element(text: str) -> ElementTree.Element | None:
    """A sample as XML, None where it is not."""
    if "<" not in text[:5] or "<!DOCTYPE" in text:
        return None
    try:
        return ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError):
        return None


def split(tag: str) -> tuple[str, str]:
    """A tag of ElementTree's as namespace and local name."""
    space, _, local = tag.rpartition("}")
    return space[1:], local


def json_members(model: Model) -> Iterator[tuple[str, Property]]:
    """A model's members in JSON, (name, property), in the order the sample writes them (else in table order)."""
    for prop in model.in_json_order() if model.json_order.value else model.properties:
        if prop.json.value is not None:
            yield prop.json.value, prop
