"""Schemas of XML and form bodies for OpenAPI, where they differ from JSON: names, order, values.

The rules: an XML component lists its elements in the order that the serializer demands (`x-order-matters`), each with
the namespace of the class that declares it; a form has one flat list of keys, named as the CLR names its members. Both
are descriptions for tools and people; what judges XML is the XSD.
"""

from __future__ import annotations

from collections.abc import Callable

from contracts.emit.citations import about
from contracts.emit.contract_names import SYSTEM, Name
from contracts.emit.data_contract import DataContracts, Element
from contracts.emit.json_schema import JsonSchemas, Schema
from contracts.emit.refs import BASE64, bare
from contracts.emit.shapes import RENAMED, Shapes, may_be_combined, wire_names
from contracts.model import Model, Property, TypeRef
from contracts.naming import key_name
from contracts.scalars import SCALARS

_DEEPEST = 3  # nested members of a form are listed this deep
# System.Xml.XmlConvert: scalars whose text in XML is not their text in JSON.
_XML_TEXT: dict[str, Schema] = {
    "Char": {"type": "integer", "minimum": 0, "maximum": 65535, "description": "The character's UTF-16 code."},
    "TimeSpan": {"type": "string", "description": "An xs:duration, e.g. PT1H30M."},
}


class XmlSchemas:
    """Components of XML bodies; `ref` gives the `$ref` to a model's component."""

    def __init__(self, shapes: Shapes, ref: Callable[[str], str]):
        self.shapes = shapes
        self.contracts = DataContracts(shapes)
        self.ref = ref

    def root(self, ref: TypeRef) -> Schema:
        """The schema of a whole body."""
        schema = self.of_type(ref)
        if "$ref" in schema or not schema:
            return schema
        return schema | {"xml": _xml(self.contracts.names.root(ref), wrapped=schema.get("type") == "array")}

    def of_model(self, model: Model) -> Schema:
        """A model's element: its members in the serializer's order."""
        name = self.contracts.levels(model)[-1].name
        head: Schema = {"title": model.name, "xml": _xml(name)}
        if model.kind == "enum":
            names = wire_names(model)
            if self.shapes.may_be_renamed(model):
                return {**head, "type": "string", "examples": names, "$comment": RENAMED}
            if may_be_combined(model):
                return {**head, "type": "string", "examples": names, "$comment": "Names, a blank between them."}
            return {**head, "type": "string", "enum": names}
        elements = self.contracts.elements(TypeRef("model", model.name))
        return {**head, **self._object(elements), "x-order-matters": True}

    def of_type(self, ref: TypeRef) -> Schema:
        """The schema of a type's content."""
        ref = self.contracts.visible(bare(ref))
        if ref == BASE64:
            return {"type": "string", "contentEncoding": "base64"}
        if ref.kind == "scalar" and self.contracts.name(ref).namespace != SYSTEM:
            return dict(_XML_TEXT.get(ref.name, SCALARS[ref.name].json))
        if ref.kind == "model":
            return {"$ref": self.ref(ref.name)}
        elements = self.contracts.elements(ref)
        if elements and elements[0].many:
            return {"type": "array", "items": {**self._content(elements[0]), "xml": _xml(elements[0].name)}}
        return {**self._object(elements), "x-order-matters": True} if elements else {}

    def _content(self, element: Element) -> Schema:
        # Null is i:nil, which OpenAPI 3.1 cannot say: a tool that is told of null writes the text "null".
        return self.of_type(element.type)

    def _object(self, elements: tuple[Element, ...]) -> Schema:
        properties = {element.name.local: self._member(element) for element in elements}
        required = [element.name.local for element in elements if element.required]
        schema: Schema = {"type": "object", "properties": properties}
        return {**schema, "required": required} if required else schema

    def _member(self, element: Element) -> Schema:
        schema = self._content(element)
        prop = element.prop
        more: Schema = {"xml": _xml(element.name, wrapped="items" in schema)}
        if prop is not None:
            text = {
                "description": prop.description.value,
                "$comment": about(prop, self.shapes.named),
                "readOnly": prop.read_only.value,
            }
            more |= {key: value for key, value in text.items() if value}
        return schema | more


class FormSchemas:
    """Components of form bodies."""

    def __init__(self, shapes: Shapes, request: JsonSchemas):
        self.shapes = shapes
        self.request = request

    def of_model(self, model: Model) -> Schema:
        """The keys of a form: members by name, nested ones as `Outer.Inner`, elements of a list as `List[0]`."""
        keys: Schema = {}
        self._keys(model, "", keys, 0)
        required = [bound(prop) for prop in model.properties if prop.required.value and not prop.read_only.value]
        note = "Names are matched whatever their case; an empty value is null (ReplaceEmptyStringWithNull)."
        schema: Schema = {"title": model.name, "description": note, "type": "object", "properties": keys}
        required = [name for name in required if name in keys]
        return {**schema, "required": required} if required else schema

    def _keys(self, model: Model, prefix: str, keys: Schema, depth: int) -> None:
        for prop in model.properties:
            if prop.is_field.value is not True:  # ModelMetadata has properties only, so a field cannot be set
                self._key(model, prop, self.shapes.of(model, prop), prefix + bound(prop), keys, depth)

    def _key(self, model: Model, prop: Property, ref: TypeRef, key: str, keys: Schema, depth: int) -> None:
        ref = self.shapes.known(bare(ref))
        inner = self.shapes.contract.models.get(ref.name) if ref.kind == "model" else None
        if ref == BASE64 or ref.kind in ("any", "pair", "dictionary"):
            return  # a form cannot carry them as one value
        if inner is not None and inner.kind == "object":
            if depth < _DEEPEST:
                self._keys(inner, f"{key}.", keys, depth + 1)
        elif ref.kind == "collection" and ref.item is not None:
            self._key(model, prop, ref.item, f"{key}[0]", keys, depth + 1)
        elif depth == 0:
            keys[key] = self.request.of_property(model, prop)
        else:
            keys[key] = self.request.of_type(ref)


def bound(prop: Property) -> str:
    """What a form calls a member: its CLR name, which a DataMember's or JsonProperty's name does not change."""
    return prop.clr_name.value or prop.name


def error_json(camel: bool) -> Schema:
    """HttpError in JSON; its names are turned by the portal's casing (HttpError.cs, HttpErrorKeys)."""
    casing = "camelCase" if camel else "PascalCase"
    text = {"type": "string"}
    details = ("MessageDetail", "ExceptionMessage", "ExceptionType", "StackTrace")
    state = {"type": "object", "additionalProperties": {"type": "array", "items": text}}
    state["description"] = "Faults by member, e.g. model.Start; which name a key bears depends on where it failed."
    properties = {key_name("Message", casing): text, key_name("ModelState", casing): state}
    properties |= {key_name(name, casing): text for name in details}
    return {
        "title": "HttpError",
        "type": "object",
        "properties": properties,
        "required": [key_name("Message", casing)],
    }


def error_xml() -> Schema:
    """HttpError in XML: the element Error, in no namespace, ModelState with one element a key (HttpError.cs)."""
    text = {"type": "string"}
    state: Schema = {"type": "object", "additionalProperties": text}
    state["description"] = "One element a member; several faults of it are joined by a space."
    properties = {"Message": text, "ModelState": state, "MessageDetail": text, "ExceptionMessage": text}
    properties |= {"ExceptionType": text, "StackTrace": text}
    head: Schema = {"title": "Error", "type": "object", "xml": {"name": "Error"}}
    return {**head, "properties": properties, "required": ["Message"]}


def _xml(name: Name, wrapped: bool = False) -> Schema:
    """OpenAPI's XML Object."""
    out: Schema = {"name": name.local}
    if name.namespace:
        out["namespace"] = name.namespace
    return {**out, "wrapped": True} if wrapped else out
