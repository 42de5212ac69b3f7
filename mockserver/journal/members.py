"""A body's members as they were sent, in any wire format: names, values, where they stand.

    bytes + Content-Type ─▶ Body: Member (name, namespace, value, path), …, each joined to the model's property it means

The rule: nothing is refused and nothing repaired: what cannot be read has no members and says why. A value is
JSON-ready; of XML and forms it is text. Whether the portal takes a value may not be decided here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.model import Contract, Model, Property, TypeRef, XmlName
from mockserver.explain import xml_tree
from mockserver.webapi import charsets, forms, media_types, negotiation
from mockserver.webapi.charsets import DecodeError
from mockserver.webapi.http import Request, Response
from mockserver.webapi.shapes import fold

_DEEPEST = 40
#: What leads the names of one item, in a form that is a list.
_NUMBER = re.compile(r"\[\d+\]\.")


@dataclass(frozen=True)
class Member:
    """One member as sent: `name` in the client's spelling, its value, and the property it means (None: none).

    `exact` is whether name and namespace are those of the wire format; `namespace` is None but in XML. `path` is where
    it stands ("lines[0].sku", in XML "Lines.LineModel[0].Sku"), `own` the same by the page's names ("Lines[0].Sku"; of
    a form the property of its first name), `model` what it stands in ("" where that is no model of the page), `outer`
    whether it is a member of the body itself, or of a record in the list that the body is.
    """

    path: str
    name: str
    value: Any
    namespace: str | None
    prop: Property | None
    exact: bool
    model: str
    own: str
    outer: bool = True

    @property
    def is_null(self) -> bool:
        """Whether it says nothing."""
        return self.value is None


@dataclass(frozen=True)
class Body:
    """What a body says: the wire format ("" when it is none that the portal reads), members, and why there are none."""

    format: str
    members: tuple[Member, ...] = ()
    fault: str = ""
    root: XmlName | None = None

    def outer(self) -> tuple[Member, ...]:
        """The members of the body itself."""
        return tuple(member for member in self.members if member.outer)

    def values(self) -> dict[str, Any]:
        """The members of the body itself by name; of a name that was sent twice, the last."""
        return {member.name: member.value for member in self.outer()}

    def known(self) -> dict[str, Any]:
        """The same by the names of the model's properties ("[0].Name" in a list), those that mean none left out."""
        return {member.own: member.value for member in self.outer() if member.prop is not None}


def read(contract: Contract, message: Request | Response, ref: TypeRef | None) -> Body:
    """The members of a request's or a response's body whose type is `ref` (None: not known)."""
    kind = next((value for name, value in message.headers if name.lower() == "content-type"), None)
    media = media_types.content_type(kind)
    name = negotiation.reader(media) or ""
    if not message.body or not name:
        return Body(name)
    reader = _Reader(contract)
    try:
        if name == "json":
            text = charsets.decode_json(message.body, negotiation.charset(media))
            return Body(name, tuple(reader.json(json.loads(text, object_pairs_hook=_Pairs), ref)))
        if name == "xml":
            root = xml_tree.read(charsets.decode_xml(message.body, negotiation.charset(media)))
            if root is None:
                return Body(name, (), "it is no well-formed XML")
            found = tuple(reader.xml(root, ref))
            return Body(name, found, root=XmlName(root.name, root.namespace, 0))
        return Body(name, tuple(reader.form(forms.pairs(message.body), ref)))
    except (DecodeError, ValueError, RecursionError) as error:
        return Body(name, (), str(error) or type(error).__name__)


class _Pairs(list[tuple[str, Any]]):
    """A JSON object with its members in the order sent, repeated ones too."""


def plain(value: Any) -> Any:
    """A value with its objects as dictionaries."""
    if isinstance(value, _Pairs):
        return {name: plain(inner) for name, inner in value}
    return [plain(item) for item in value] if isinstance(value, list) else value


@dataclass(frozen=True)
class _Place:
    """Where a value stands: by the names sent, by the page's, how deep, and whether its members are the body's."""

    path: str = ""
    own: str = ""
    depth: int = 0
    outer: bool = True

    def member(self, name: str, prop: Property | None) -> _Place:
        dot = "." if self.path else ""
        own = prop.name if prop is not None else name
        return _Place(f"{self.path}{dot}{name}", f"{self.own}{dot}{own}", self.depth + 1, False)

    def item(self, index: int, name: str = "") -> _Place:
        dot = "." if self.path and name else ""
        outer = self.outer and not self.depth
        return _Place(f"{self.path}{dot}{name}[{index}]", f"{self.own}[{index}]", self.depth + 1, outer)


_BODY = _Place()


class _Reader:
    def __init__(self, contract: Contract):
        self._models: Mapping[str, Model] = contract.models

    def _model(self, ref: TypeRef | None) -> Model | None:
        model = self._models.get(ref.name) if ref is not None and ref.kind == "model" else None
        return model if model is not None and model.kind == "object" else None

    def json(self, value: Any, ref: TypeRef | None, at: _Place = _BODY) -> Iterator[Member]:
        """The members of a parsed JSON value of that type, all the way down."""
        if at.depth > _DEEPEST:
            return
        if isinstance(value, _Pairs):
            model = self._model(ref)
            by_name = {fold(p.json.value): p for p in model.properties if p.json.value} if model else {}
            for name, inner in value:
                prop = by_name.get(fold(name))
                here = at.member(name, prop)
                exact = prop is not None and prop.json.value == name
                within = model.name if model else ""
                yield Member(here.path, name, plain(inner), None, prop, exact, within, here.own, at.outer)
                yield from self.json(inner, prop.type.value if prop else _item(ref), here)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                yield from self.json(item, _item(ref), at.item(index))

    def xml(self, element: xml_tree.Element, ref: TypeRef | None, at: _Place = _BODY) -> Iterator[Member]:
        """The members of an element of that type, all the way down."""
        if at.depth > _DEEPEST:
            return
        if _is_list(ref):
            for index, child in enumerate(element.children):
                yield from self.xml(child, _item(ref), at.item(index, child.name))
            return
        model = self._model(ref)
        by_name = {fold(p.xml.value.name): p for p in model.properties if p.xml.value} if model else {}
        for child in element.children:
            prop = by_name.get(fold(child.name))
            here = at.member(child.name, prop)
            xml = prop.xml.value if prop else None
            exact = xml is not None and (xml.name, xml.namespace) == (child.name, child.namespace)
            within, value = model.name if model else "", _xml_value(child)
            yield Member(here.path, child.name, value, child.namespace, prop, exact, within, here.own, at.outer)
            yield from self.xml(child, prop.type.value if prop else _item(ref), here)

    def form(self, sent: list[tuple[str, str]], ref: TypeRef | None) -> Iterator[Member]:
        """The members of a form whose body is of that type; only the first name of a dotted one is looked up."""
        model = self._model(_item(ref) if _is_list(ref) else ref)
        by_name = {fold(p.name): p for p in model.properties} if model else {}
        for name, value in sent:
            if not name and not value:
                continue
            place = _NUMBER.match(name) if _is_list(ref) else None
            before = place[0] if place else ""
            head = name[len(before) :].partition(".")[0].partition("[")[0]
            prop = by_name.get(fold(head))
            exact = prop is not None and prop.name == head
            own = f"{before}{prop.name}" if prop else name
            yield Member(name, name, value, None, prop, exact, model.name if model else "", own)


def _item(ref: TypeRef | None) -> TypeRef | None:
    return ref.item if ref is not None else None


def _is_list(ref: TypeRef | None) -> bool:
    return ref is not None and ref.kind == "collection"


def _xml_value(element: xml_tree.Element) -> Any:
    if element.nil:
        return None
    if not element.children:
        return element.text
    names = [child.name for child in element.children]
    if len(names) > 1 and len(set(names)) == 1:
        return [_xml_value(child) for child in element.children]
    return {child.name: _xml_value(child) for child in element.children}
