"""The samples that the framework generates for a model, in JSON and in XML: what the reader infers from, made forwards.

One counter per object runs over the simple members that are no Nullable<T>, in the order of the properties; a
Nullable<T> shows what a lone value shows (1); collections hold two items; a model is generated once and repeated.
Source: HelpPage package, ObjectGenerator; Json.NET's and DataContractSerializer's writers for the spelling.

The rule: nothing here knows the reader's inference, so that reading back what this wrote proves something.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from contracts.helppage.xmltext import Element, xml_lines
from contracts.model import Body, Contract, Fact, Model, Property, TypeRef
from contracts.naming import ARRAYS
from contracts.scalars import SCALARS

DATE = "2031-03-05T07:09:11.1234567+00:00"
GUID = "0f0e0d0c-0b0a-0908-0706-050403020100"
_SYSTEM = "http://schemas.datacontract.org/2004/07/System"
_ALONE = "http://schemas.microsoft.com/2003/10/Serialization/"
_XSD = "http://www.w3.org/2001/XMLSchema"

# CLR name → JSON and XML of the value with index {n}
_TEXTS: Mapping[str, tuple[str, str]] = {
    "String": ('"sample string {n}"', "sample string {n}"),
    "Uri": ('"http://webapihelppage{n}.com"', "http://webapihelppage{n}.com/"),
    "Byte": ("64", "64"),
    "SByte": ("64", "64"),
    "Char": ('"A"', "65"),
    "Decimal": ("{n}.0", "{n}"),
    "Double": ("{n}.1", "{n}.1"),
    "Single": ("{n}.1", "{n}.1"),
    "Guid": (f'"{GUID}"', GUID),
    "TimeSpan": ('"00:00:00.1234567"', "PT0.1234567S"),
    "DateTime": (f'"{DATE}"', DATE),
    "DateTimeOffset": (f'"{DATE}"', ""),
    "Boolean": ("true", "true"),
}
_INTEGER = ("{n}", "{n}")


class UnbuildableError(Exception):
    """A type whose samples the framework cannot write: a model that holds itself."""


@dataclass
class Value:
    """A generated value: `json` a raw text, a list of lines' parts, or an object; `xml` its element's content."""

    json: str | list[Value] | dict[str, Value]
    text: str = ""
    children: list[Element] = field(default_factory=list)
    namespace: str = ""
    any_type: bool = False


def samples(contract: Contract, body: Body) -> dict[str, str]:
    """The sample of a body by wire format, "json" and "xml", indented as on the page; empty where none can be made."""
    ref = body.type.value
    if ref is None:
        return {}
    try:
        value = _value(contract, ref, 1, ())
    except UnbuildableError:
        return {}
    name, namespace = _root(contract, ref)
    root = _element(name, namespace, value)
    return {"json": "\n".join(_json_lines(value)), "xml": "\n".join(xml_lines(root))}


def _value(contract: Contract, ref: TypeRef, index: int, inside: tuple[str, ...]) -> Value:
    if ref.kind == "scalar":
        json, xml = _TEXTS.get(ref.name, _INTEGER)
        value = Value(json.replace("{n}", str(index)), xml.replace("{n}", str(index)))
        if ref.name == "DateTimeOffset":
            value.namespace = _SYSTEM
            value.children = [
                Element("DateTime", _SYSTEM, DATE.replace("+00:00", "Z")),
                Element("OffsetMinutes", _SYSTEM, "0"),
            ]
        return value
    if ref.kind == "any":
        return Value({}, any_type=True)
    if ref.kind == "model":
        model = contract.models[ref.name]
        return _object(contract, replace(model, as_string=Fact(ref.form == "name")) if ref.form else model, inside)
    if ref.kind == "collection" and ref.item:
        return _collection(contract, ref, ref.item, inside)
    return _dictionary(contract, ref, inside)


def _collection(contract: Contract, ref: TypeRef, item: TypeRef, inside: tuple[str, ...]) -> Value:
    if item == TypeRef("scalar", "Byte") and ref.form != "list":
        return Value('"QEA="', "QEA=")
    items = [_value(contract, item, n, inside) for n in (1, 2)]
    name, namespace = _item(contract, item)
    return Value(items, children=[_element(name, namespace, value) for value in items], namespace=namespace)


def _dictionary(contract: Contract, ref: TypeRef, inside: tuple[str, ...]) -> Value:
    if ref.key is None or ref.item is None:
        raise UnbuildableError(ref.kind)
    word = "KeyValueOf" + _item(contract, ref.key)[0] + _item(contract, ref.item)[0]
    members, children = dict[str, Value](), list[Element]()
    for n in (1, 3):
        key, value = _value(contract, ref.key, n, inside), _value(contract, ref.item, n + 1, inside)
        members[str(key.json).strip('"')] = value
        pair = [_element("Key", ARRAYS, key), _element("Value", ARRAYS, value)]
        children.append(Element(word, ARRAYS, children=pair))
    return Value(members, children=children, namespace=ARRAYS)


def _object(contract: Contract, model: Model, inside: tuple[str, ...]) -> Value:
    if model.kind == "enum":
        first = min(model.members, key=lambda member: member.value % 2**64)
        word = first.xml or first.name
        return Value(f'"{word}"' if model.as_string.value else str(first.value), word)
    if model.name in inside:
        raise UnbuildableError(model.name)
    values: dict[str, Value] = {}
    index = {False: 0, True: 0}  # public fields are counted on their own
    for prop in model.properties:
        field = bool(prop.is_field.value)
        index[field] += _counts(prop)
        shown = index[field] if _counts(prop) else 1
        values[prop.name] = _value(contract, prop.type.value, shown, (*inside, model.name))
    json = {str(prop.json.value): values[prop.name] for prop in model.in_json_order() if prop.json.value is not None}
    children = []
    for prop in model.in_xml_order():
        xml = prop.xml.value
        if xml:
            children.append(_element(xml.name, xml.namespace, values[prop.name]))
    root = model.xml_root.value
    return Value(json, children=children, namespace=root.namespace if root else "")


def _counts(prop: Property) -> bool:
    """Whether a member takes an index: simple, and no Nullable<T>."""
    ref = prop.type.value
    if ref.kind == "any":
        return True
    return ref.kind == "scalar" and not (SCALARS[ref.name].value_type and prop.nullable.value)


def _element(name: str, namespace: str, value: Value) -> Element:
    kind = ("anyType", _XSD) if value.any_type else ("", "")
    return Element(name, namespace, value.text, value.children, value.namespace, *kind)


def _item(contract: Contract, ref: TypeRef) -> tuple[str, str]:
    """The element's name and namespace of an item in a collection."""
    if ref.kind == "scalar":
        return SCALARS[ref.name].xsd.partition(":")[2], ARRAYS
    if ref.kind == "model":
        root = contract.models[ref.name].xml_root.value
        return (root.name, root.namespace) if root else (ref.name, "")
    if ref.kind == "any":
        return "anyType", ARRAYS
    return _root(contract, ref)


def _root(contract: Contract, ref: TypeRef) -> tuple[str, str]:
    """The element's name and namespace of a body."""
    if ref.kind == "scalar":
        return SCALARS[ref.name].xsd.partition(":")[2], _ALONE
    if ref.kind == "collection" and ref.item:
        name, namespace = _item(contract, ref.item)
        return f"ArrayOf{name}", namespace
    if ref.key and ref.item:
        return f"ArrayOfKeyValueOf{_item(contract, ref.key)[0]}{_item(contract, ref.item)[0]}", ARRAYS
    return _item(contract, ref)


def _json_lines(value: Value) -> list[str]:
    if isinstance(value.json, str):
        return [value.json]
    pairs = [("", item) for item in value.json] if isinstance(value.json, list) else list(value.json.items())
    opening, closing = "[]" if isinstance(value.json, list) else "{}"
    if not pairs:
        return [opening + closing]
    lines = [opening]
    for i, (name, item) in enumerate(pairs):
        inner = _json_lines(item)
        inner[0] = f'"{name}": {inner[0]}' if opening == "{" else inner[0]
        inner[-1] += "," if i < len(pairs) - 1 else ""
        lines += [f"  {line}" for line in inner]
    return [*lines, closing]
