"""An XML body put right: every element where the model has it, in the member's own namespace and spelling.

    text → elements → the same values in the model's order, as text that the portal's reader takes

The rule: an element goes to the member of its name and namespace, else to one of its name, else to one of its name in
any case; of several the first. What belongs nowhere is left out, attributes but nil too. Values are not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from contracts.model import TypeRef
from contracts.naming import INSTANCE
from mockserver.webapi.shapes import Member, Shape, Shapes, fold
from mockserver.webapi.xml_reader import XmlError, XmlReader
from mockserver.webapi.xml_writer import escape


@dataclass
class Element:
    """An element as it was read."""

    name: str
    namespace: str
    nil: bool
    text: str = ""
    children: list[Element] = field(default_factory=list)


def read(text: str) -> Element | None:
    """The document's root, None when the text is no XML that the portal's reader takes."""
    reader = XmlReader(text)
    root: Element | None = None
    open_: list[Element] = []
    try:
        while reader.kind != "eof":
            reader.read()
            if reader.kind == "element":
                nil = any((n, ns, v) in _NIL for n, ns, v in reader.attributes)
                element = Element(reader.name, reader.namespace, nil)
                if open_:
                    open_[-1].children.append(element)
                root = root or element
                open_.append(element)
            elif reader.kind == "end":
                open_.pop()
                if not open_:
                    return root
            elif reader.kind in ("text", "blank", "cdata") and open_:
                open_[-1].text += reader.text_value()
    except XmlError:
        return None
    return root


_NIL = {("nil", INSTANCE, "true"), ("nil", INSTANCE, "1")}


def parts(text: str) -> tuple[str, list[tuple[tuple[str, str], str]]]:
    """The root's opening tag, and each element in it as name, namespace and its own text; `text` is the portal's."""
    reader = XmlReader(text)
    reader.read()
    opening = text[: reader.after]
    found: list[tuple[tuple[str, str], str]] = []
    reader.read()
    while reader.kind == "element":
        name, start = (reader.name, reader.namespace), reader.start
        depth = 0
        while True:
            depth += {"element": 1, "end": -1}.get(reader.kind, 0)
            reader.read()
            if not depth:
                break
        found.append((name, text[start : reader.start]))
    return opening.removesuffix("/>").rstrip() + ">" * opening.endswith("/>"), found


def names(text: str) -> set[str]:
    """The names of the elements inside the root."""
    root = read(text)
    return {child.name for child in root.children} if root is not None else set()


def fitted(shapes: Shapes, shape: Shape, text: str, takes: Callable[[str], bool]) -> str | None:
    """The document put right, the portal's own id left out, None when it cannot be read.

    Where the portal does not take the whole (`takes`), each member that it does not take alone is left out: an element
    that was passed over may hold anything.
    """
    root = read(text)
    if root is None:
        return None
    own = shape.model.portal_id.value
    shape = replace(shape, xml_order=tuple(member for member in shape.xml_order if member.name != own))
    whole = _document(shapes, shape, root)
    if takes(whole):
        return whole
    alone = {member: _document(shapes, replace(shape, xml_order=(member,)), root) for member in shape.xml_order}
    left = tuple(member for member, document in alone.items() if takes(document))
    return _document(shapes, replace(shape, xml_order=left), root)


def _document(shapes: Shapes, shape: Shape, root: Element) -> str:
    inner = "".join(f"  {member}\n" for member in _members(shapes, shape, root))
    return _element(shape.xml_root.name, shape.xml_root.namespace, f"\n{inner}")


def _element(name: str, namespace: str, inner: str, *, nil: bool = False) -> str:
    attribute = f' xmlns:i="{INSTANCE}" i:nil="true"' if nil else ""
    return f'<{name} xmlns="{escape(namespace)}"{attribute}>{"" if nil else inner}</{name}>'


def _members(shapes: Shapes, shape: Shape, parent: Element) -> list[str]:
    parts = []
    left = list(parent.children)
    for member in shape.xml_order:
        found = _find(member, left)
        if found is not None and member.xml is not None:
            left.remove(found)
            nil = found.nil and (member.nullable or not found.text.strip())
            inner = _inner(shapes, member.type, found)
            parts.append(_element(member.xml.name, member.xml.namespace, inner, nil=nil))
    return parts


def _find(member: Member, elements: list[Element]) -> Element | None:
    xml = member.xml
    if xml is None:
        return None
    exact = next((e for e in elements if (e.name, e.namespace) == (xml.name, xml.namespace)), None)
    named = next((e for e in elements if e.name == xml.name), None)
    return exact or named or next((e for e in elements if fold(e.name) == fold(xml.name)), None)


def _inner(shapes: Shapes, ref: TypeRef, element: Element) -> str:
    if ref.kind == "model" and shapes.enum(ref) is None:
        return "".join(_members(shapes, shapes[ref.name], element))
    if ref.kind == "collection" and ref.item is not None and element.children:
        return "".join(_items(shapes, ref, ref.item, element))
    if element.children:
        parts = (_element(c.name, c.namespace, _inner(shapes, TypeRef("any"), c), nil=c.nil) for c in element.children)
        return "".join(parts)
    return escape(element.text.replace("\r", _RETURN)).replace(_RETURN, "&#xD;")


#: Stands for a carriage return until the text is escaped.
_RETURN = "\uf00d"


def _items(shapes: Shapes, ref: TypeRef, item: TypeRef, element: Element) -> Iterator[str]:
    """A list's elements under the name that the portal expects; where none has it, as they were sent."""
    name = shapes.names.item(ref)
    known = [child for child in element.children if child.name == name.local]
    for child in known or element.children:
        inner = _inner(shapes, item, child)
        yield _element(child.name, name.namespace if known else child.namespace, inner, nil=child.nil)


#: Stands for a carriage return until the text is escaped.
_RETURN = "\uf00d"
