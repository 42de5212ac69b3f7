"""Contract → JSON Schema 2020-12: what a body is in JSON, one schema a model and direction.

    request    what a client should send: required members present, text not blank, annotations kept
    response   what a portal answers: what the page calls required and what cannot be null is always there

The rules: members stand in the sample's order under their JSON names; members that the page does not list are allowed,
because the framework ignores them (Json.NET's MissingMemberHandling.Ignore, BaseJsonMediaTypeFormatter); a date is the
pattern of `contracts.scalars.DATE_TIME` and not the format `date-time`, whose offset a portal's times may lack.
Where schemas live and how they refer to each other is the caller's business (`ref`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal

from contracts.emit.annotations import constrained, refuses_a_gap
from contracts.emit.citations import about, cite, source
from contracts.emit.patterns import NOT_BLANK
from contracts.emit.refs import BASE64, bare, is_nullable, models_in, told_as
from contracts.emit.shapes import RENAMED, Shapes, json_members, may_be_combined, may_be_dropped, wire_names
from contracts.model import Fact, Model, Property, TypeRef
from contracts.scalars import DATE_TIME, SCALARS

Direction = Literal["request", "response"]
Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DIRECTIONS: tuple[Direction, ...] = ("request", "response")

# Names by which code generators choose a type (JSON Schema Validation 7.3; OpenAPI's format registry). A validator
# takes them as notes: what a value must look like is said by the other keywords.
_FORMATS = {"Guid": "uuid", "Int32": "int32", "Int64": "int64", "Double": "double", "Single": "float"}
#: What Convert.ToBase64String writes; a reader forgives white space as well.
BASE64_TEXT = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"


class JsonSchemas:
    """The schemas of one direction; `ref` gives the `$ref` to a model's schema."""

    def __init__(self, shapes: Shapes, direction: Direction, ref: Callable[[str], str]):
        self.shapes = shapes
        self.direction = direction
        self.ref = ref

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
            return {"title": model.name, **self.enumeration(model)}
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
        head = {"title": model.name, "description": model.description.value, "$comment": cite(model.description)}
        head = {key: value for key, value in head.items() if value}
        if model.kind == "enum":
            return head | self.enumeration(model)
        members = dict(json_members(model))
        required = [name for name, prop in members.items() if self.must_stand(model, prop)]
        schema: Schema = {**head, "type": "object"}
        schema["properties"] = {name: self.of_property(model, prop) for name, prop in members.items()}
        return schema | ({"required": required} if required else {})

    def enumeration(self, model: Model) -> Schema:
        """The schema of an enumeration's values."""
        return enumeration(model, self.shapes.may_be_renamed(model), self.shapes.is_open(model))

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
        if self.may_be_null(prop, ref):
            schema = nullable(schema)
        comment = about(prop)
        if schema.get("pattern") == DATE_TIME:
            comment += "; a time may bear 0 to 7 digits of a fraction and no offset, so it is not the format date-time"
        if NOT_BLANK in (schema.get("pattern"), *(part["pattern"] for part in schema.get("allOf", ()))):
            comment += "; null, empty and blank text is refused (RequiredAttribute.IsValid)"
        more = {"description": prop.description.value, "$comment": comment, "readOnly": prop.read_only.value}
        return schema | {key: value for key, value in more.items() if value}


def enumeration(model: Model, may_be_renamed: bool = False, is_open: bool = False) -> Schema:
    """An enumeration: names, numbers, or both where no sample shows which; open where an EnumMember may rename, and
    where a sample has a number that the table lacks (`is_open`).

    Numbers have their names beside them, as openapi-generator (x-enum-varnames) and NSwag (x-enumNames) read them.
    """
    names: list[Any] = wire_names(model)
    if may_be_combined(model) and not may_be_renamed:
        return _combined(model, names)
    numbers: list[Any] = list(dict.fromkeys(member.value for member in model.members))
    table = ", ".join(f"{member.name} = {member.value}" for member in model.members)
    if model.as_string.value is False and is_open:
        return {
            "type": "integer",
            "examples": numbers,
            "$comment": f"{table}; a sample has a number that is none of them",
        }
    if model.as_string.value is False:
        words = [next(member.name for member in model.members if member.value == number) for number in numbers]
        return {"type": "integer", "enum": numbers, "x-enum-varnames": words, "x-enumNames": words}
    if may_be_renamed:
        types = "string" if model.as_string.value else ["string", "integer"]
        return {"type": types, "examples": names, "$comment": f"{table}; {RENAMED}"}
    if model.as_string.value is True:
        return {"type": "string", "enum": names}
    comment = f"{table}; no sample shows whether names or numbers travel"
    return {"type": ["string", "integer"], "enum": names + numbers, "$comment": comment}


def _combined(model: Model, names: list[Any]) -> Schema:
    """An enumeration whose values may be combined: a sum of its numbers, or names with commas between."""
    every = 0
    for member in model.members:
        every |= member.value
    either = "|".join(re.escape(name) for name in names)
    number: Schema = {"type": "integer", "minimum": 0, "maximum": every}
    words: Schema = {"type": "string", "pattern": f"^(?:{either})(?:, (?:{either}))*$"}
    told = f"{', '.join(f'{member.name} = {member.value}' for member in model.members)}; values may be combined"
    if model.as_string.value is None:
        return {"anyOf": [words, number], "$comment": f"{told}; no sample shows whether names or numbers travel"}
    return {**(words if model.as_string.value else number), "$comment": told}


def nullable(schema: Schema) -> Schema:
    """The schema with null allowed."""
    if "$ref" in schema:
        rest = {key: value for key, value in schema.items() if key != "$ref"}
        return {"anyOf": [{"$ref": schema["$ref"]}, {"type": "null"}]} | rest
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


def roots(shapes: Shapes, direction: Direction) -> list[str]:
    """The object models that get a schema of their own: those a body carries, and those that no body leads to."""
    contract, led_to, own = shapes.contract, set[str](), list[str]()
    for operation in contract.operations:
        for side, body in (("request", operation.request), ("response", operation.response)):
            if body.type.value is None or body.opaque:
                continue
            led_to.update(reachable(shapes, body.type.value))
            if side == direction:
                own += models_in(body.type.value)
    own += [name for name in contract.models if name not in led_to]
    return [name for name in dict.fromkeys(own) if name in contract.models and contract.models[name].kind == "object"]


def document(shapes: Shapes, model: Model, direction: Direction) -> Schema:
    """A model's schema as a document of its own, everything it leads to under `$defs`."""
    build = JsonSchemas(shapes, direction, lambda name: f"#/$defs/{_pointer(name)}")
    body = build.of_model(model)
    inner = [name for prop in model.properties for name in reachable(shapes, build.shapes.of(model, prop))]
    definitions = {name: build.of_model(shapes.contract.models[name]) for name in dict.fromkeys(inner)}
    head: Schema = {"$schema": DIALECT, "$id": f"urn:portal-contract:{_segment(model.name)}:{direction}"}
    told = [model, *(shapes.contract.models[name] for name in dict.fromkeys(inner))]
    derived = f"derived from {source(shapes.contract, told)}"
    body["$comment"] = "; ".join(part for part in (body.get("$comment"), derived) if part)
    return head | body | ({"$defs": definitions} if definitions else {})


def _segment(name: str) -> str:
    """A name as a segment of a urn (RFC 8141: unreserved characters, the rest as %XX)."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-._~") else _percent(c) for c in name)


def _percent(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogatepass"))


def _pointer(name: str) -> str:
    """A name as the fragment's last step (RFC 6901 escapes, then RFC 3986)."""
    return _segment(name.replace("~", "~0").replace("/", "~1"))
