"""Contract → JSON Schema 2020-12: what a body is in JSON, one schema a model and direction.

    request    what a client should send: required members present, text not blank, annotations kept
    response   what a portal answers: what the page calls required and what cannot be null is always there

The rules: members stand in the sample's order under their JSON names; members that the page does not list are allowed,
because the framework ignores them (Json.NET's MissingMemberHandling.Ignore, BaseJsonMediaTypeFormatter); a date is the
pattern of `contracts.scalars.DATE_TIME` and not the format `date-time`, whose offset a portal's times may lack.
Where schemas live and how they refer to each other is the caller's business (`ref`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal

from contracts.emit.annotations import constrained, refuses_a_gap
from contracts.emit.citations import about, cite
from contracts.emit.enumerations import described, enumeration
from contracts.emit.patterns import NOT_BLANK
from contracts.emit.refs import BASE64, bare, is_nullable, models_in, told_as
from contracts.emit.shapes import Shapes, json_members, may_be_dropped
from contracts.model import Fact, Model, Property, TypeRef
from contracts.scalars import DATE_TIME, SCALARS

Direction = Literal["request", "response"]
Schema = dict[str, Any]

DIRECTIONS: tuple[Direction, ...] = ("request", "response")

# Names by which code generators choose a type (JSON Schema Validation 7.3; OpenAPI's format registry). A validator
# takes them as notes: what a value must look like is said by the other keywords.
_FORMATS = {"Guid": "uuid", "Int32": "int32", "Int64": "int64", "Double": "double", "Single": "float"}
#: What Convert.ToBase64String writes; a reader forgives white space as well.
BASE64_TEXT = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"


class JsonSchemas:
    """The schemas of one direction; `ref` gives the `$ref` to a model's schema.

    `extended`: with keywords of OpenAPI's tools ("x-…"), which a strict JSON Schema validator refuses.
    """

    def __init__(self, shapes: Shapes, direction: Direction, ref: Callable[[str], str], extended: bool = True):
        self.shapes = shapes
        self.direction = direction
        self.ref = ref
        self.extended = extended

    def of_type(self, ref: TypeRef) -> Schema:
        """The schema of a type's values, null left aside."""
        ref = self.shapes.known(ref)
        if is_nullable(ref):
            return nullable(self.of_type(bare(ref)))
        if ref == BASE64:
            return {"type": "string", "contentEncoding": "base64", "pattern": BASE64_TEXT}
        if ref.kind == "scalar":
            named = {"format": _FORMATS[ref.name]} if ref.name in _FORMATS else {}
            return {**SCALARS[ref.name].json, **named}
        if (text := told_as(ref)) is not None:
            model = replace(self.shapes.contract.models[ref.name], as_string=Fact(text))
            return {"description": described(model), **self.enumeration(model)}
        if ref.kind == "model":
            return {"$ref": self.ref(ref.name)}
        if ref.kind == "collection" and ref.item is not None:
            return {"type": "array", "items": self.item(ref.item)}
        if ref.kind == "dictionary" and ref.item is not None:
            return {"type": "object", "additionalProperties": self.item(ref.item)}
        if ref.kind == "pair" and ref.item is not None and ref.key is not None:
            # Json.NET, KeyValuePairConverter: members Key and Value, turned by the contract resolver.
            camel = self.shapes.contract.casing.value == "camelCase"
            key, value = ("key", "value") if camel else ("Key", "Value")
            return {"type": "object", "properties": {key: self.item(ref.key), value: self.item(ref.item)}}
        return {}

    def item(self, ref: TypeRef) -> Schema:
        """The schema of an element, which may be null where its type allows it."""
        ref = self.shapes.known(ref)
        return nullable(self.of_type(ref)) if self.shapes.is_reference(ref) else self.of_type(ref)

    def of_model(self, model: Model) -> Schema:
        """The schema of a model: an object, or one value of an enumeration."""
        head = {
            "title": model.name,
            "description": model.description.value,
            "$comment": cite(model.description, named=self.shapes.named),
        }
        if model.kind == "enum":
            values = self.enumeration(model)
            head["description"] = described(model)
            head["$comment"] = "; ".join(part for part in (head["$comment"], values.get("$comment")) if part)
            return values | {key: value for key, value in head.items() if value}
        head = {key: value for key, value in head.items() if value}
        members = dict(json_members(model))
        required = [name for name, prop in members.items() if self.must_stand(model, prop)]
        schema: Schema = {**head, "type": "object"}
        schema["properties"] = {name: self.of_property(model, prop) for name, prop in members.items()}
        return schema | ({"required": required} if required else {})

    def enumeration(self, model: Model) -> Schema:
        """The schema of an enumeration's values."""
        return enumeration(self.shapes, model, self.extended, self.direction == "response")

    def _foreign(self, schema: Schema) -> list[str]:
        """The keywords that a strict validator refuses; as notes they are told all the same."""
        return [] if self.extended else [key for key in schema if key.startswith("x-")]

    def must_stand(self, model: Model, prop: Property) -> bool:
        """Whether the member has to be there in this direction."""
        ref = self.shapes.of(model, prop)
        if model.name in self.shapes.shared:
            return False  # "$ref" alone may stand in its place
        if self.direction == "request":
            sent = prop.required.value or prop.is_required.value is True or refuses_a_gap(prop, ref)
            return sent and not prop.read_only.value
        if prop.name == model.portal_id.value:
            return True
        if may_be_dropped(model, prop):
            return prop.required.value and self.shapes.is_reference(ref)
        return prop.required.value or prop.nullable.value is False

    def may_be_null(self, prop: Property, ref: TypeRef) -> bool:
        """Whether null is allowed: in an answer always where the CLR type has it, for a lenient portal answers null."""
        if self.direction == "request" and prop.required.value and not prop.read_only.value:
            return False
        if self.direction == "response" and prop.nullable.standing == "guessed":
            return True
        return self.shapes.is_reference(ref) or prop.nullable.value is not False

    def of_property(self, model: Model, prop: Property) -> Schema:
        """One member: its type, null, whether the portal sets it, its description and where the page says so."""
        ref = self.shapes.of(model, prop)
        schema = self.of_type(ref)
        if self.direction == "request" and not prop.read_only.value:
            blank = [NOT_BLANK] if prop.required.value and ref == TypeRef("scalar", "String") else []
            schema = constrained(schema, prop.annotations, ref, *blank)
        notes = [f"{key[2:].replace('-', ' ')} {schema.pop(key)}" for key in self._foreign(schema)]
        if self.may_be_null(prop, ref):
            schema = nullable(schema)
        comment = "; ".join([about(prop, self.shapes.named), *notes])
        if schema.get("pattern") == DATE_TIME:
            comment += "; a time may bear 0 to 7 digits of a fraction and no offset, so it is not the format date-time"
        if NOT_BLANK in (schema.get("pattern"), *(part["pattern"] for part in schema.get("allOf", ()))):
            comment += "; null, empty and blank text is refused (RequiredAttribute.IsValid)"
        more = {"description": prop.description.value, "$comment": comment, "readOnly": prop.read_only.value}
        return schema | {key: value for key, value in more.items() if value}


def nullable(schema: Schema) -> Schema:
    """The schema with null allowed."""
    if "$ref" in schema:
        rest = {key: value for key, value in schema.items() if key != "$ref"}
        return {"anyOf": [{"$ref": schema["$ref"]}, {"type": "null"}]} | rest
    if "anyOf" in schema and {"type": "null"} not in schema["anyOf"]:
        return schema | {"anyOf": [*schema["anyOf"], {"type": "null"}]}
    if "type" not in schema or "null" in schema["type"]:
        return schema
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    wider = schema | {"type": [*types, "null"]}
    return wider | {"enum": [*schema["enum"], None]} if "enum" in schema else wider


def reachable(shapes: Shapes, start: TypeRef | None) -> Iterator[str]:
    """The names of the models a body leads to, each once, nearest first."""
    models: Mapping[str, Model] = shapes.contract.models
    waiting, seen = list(models_in(start)), set[str]()
    while waiting:
        name = waiting.pop(0)
        if name in seen or shapes.known(TypeRef("model", name)).kind == "any":
            continue
        seen.add(name)
        yield name
        for prop in models[name].properties:
            waiting += models_in(prop.type.value)
