"""An operation's URI parameters as OpenAPI writes them: where each stands, what it is called, what it takes.

The rules: a member of an expanded complex type bears the key that the query gives it; a name of the path that the
page's table lacks is a text that must stand; an enumeration goes by its names (the binder takes numbers too, and any
case). A collection repeats its key, which the binder takes as well as the page's `name[0]`. Nothing here is a body.
"""

from __future__ import annotations

import json
import re
from typing import Any

from contracts.emit.annotations import constrained
from contracts.emit.json_schema import JsonSchemas, Schema
from contracts.model import Operation, Parameter, TypeRef

_NAMES = re.compile(r"\{([^}]*)\}")


def template(path: str) -> str:
    """The path as OpenAPI writes it: a leading slash, `{*rest}` and `{id:int}` as plain names.

    >>> template("api/Things/{*rest}"), template("api/Things/{id:int}")
    ('/api/Things/{rest}', '/api/Things/{id}')
    """
    return "/" + re.sub(r"\{\*?([^}:?=]*)[^}]*\}", r"{\1}", path.lstrip("/"))


class UriParameters:
    """Makes the parameters of operations; enumerations and models are those of requests."""

    def __init__(self, request: JsonSchemas):
        self.request = request

    def of(self, operation: Operation, shown: str) -> list[Schema]:
        """Every parameter, those of the path under the names that the shown template gives them."""
        own = _NAMES.findall(template(operation.path.value))
        inside = dict(zip((name.lower() for name in own), _NAMES.findall(shown), strict=True))
        found: dict[tuple[str, str], Schema] = {}
        for parameter in operation.parameters:
            name = inside.get(parameter.key.lower())
            place = "query" if name is None else "path"
            found.setdefault((place, name or parameter.key), self._parameter(parameter, name or parameter.key, place))
        for name in inside.values():
            bare: Schema = {"name": name, "in": "path", "schema": {"type": "string"}, "required": True}
            found.setdefault(("path", name), bare)
        for key in operation.query:
            # The title alone tells of it: "ids[0]" stands for the parameter "ids".
            name = re.sub(r"\[\d*\].*", "", key)
            if not any(name.lower() == known.lower() for _, known in found):
                told = "Only the title of the page names it."
                found["query", name] = {"name": name, "in": "query", "schema": {"type": "string"}, "description": told}
        return list(found.values())

    def _parameter(self, parameter: Parameter, name: str, place: str) -> Schema:
        shapes, text = self.request.shapes, parameter.description.value
        ref = shapes.known(shapes.widest(parameter.type))
        schema = constrained(self._values(ref), parameter.annotations, ref)
        default = parameter.default.value
        if default is not None:
            text = f"{text} Default value is {json.dumps(default, ensure_ascii=False)}.".strip()
            schema = schema | _default(schema, default)
        must = place == "path" or bool(parameter.required.value)
        # W ValueProviders: an empty text is null, and one that must be given, or has a default, takes no null.
        if ref == TypeRef("scalar", "String") and (must or default):
            schema = {**schema, "minLength": max(1, schema.get("minLength", 0))}
        out: Schema = {"name": name, "in": place, "required": must, "schema": schema}
        if text:
            out["description"] = text
        if parameter.complex.value:
            out["x-member-of"] = parameter.complex.value
        return out

    def _values(self, ref: TypeRef) -> Schema:
        """What a parameter takes."""
        model = self.request.shapes.contract.models.get(ref.name) if ref.kind == "model" else None
        if model is not None and model.kind == "enum":
            table = ", ".join(f"{member.name} = {member.value}" for member in model.members)
            names = list(dict.fromkeys(member.name for member in model.members))
            return {"type": "string", "enum": names, "title": model.name, "$comment": table}
        if ref.kind == "collection" and ref.item is not None:
            return {"type": "array", "items": self._values(self.request.shapes.known(ref.item))}
        return self.request.of_type(ref)


def _default(schema: Schema, text: str) -> Schema:
    """The default as a value of its type; none where the text is none."""
    value: Any = text
    if schema.get("type") in ("integer", "number", "boolean"):
        try:
            value = json.loads(text.lower())
        except ValueError:
            return {}
        if isinstance(value, bool) is not (schema["type"] == "boolean"):
            return {}
    return {"default": value} if "enum" not in schema or value in schema["enum"] else {}
