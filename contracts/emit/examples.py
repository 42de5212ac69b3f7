"""The page's own samples as examples of OpenAPI: values that fit the schemas beside them.

    JSON   the sample as it stands; in a request without what the portal sets itself
    XML    the sample as the value that the schema describes; its text, as it stands, in the example's description

The rules: an example is one that a tool may send, so a sample that breaks the page's own annotations is none, and the
text beside says where it breaks them. A string in place of an object would be as good by OpenAPI's words, but tools
that check examples refuse it. No schema is made here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree

from jsonschema import Draft202012Validator, ValidationError

from contracts.emit.contract_names import Name
from contracts.emit.data_contract import DataContracts, Element
from contracts.emit.evidence import json_members, split
from contracts.emit.refs import bare
from contracts.model import Body, MediaType, Property, Sample, TypeRef
from contracts.naming import INSTANCE
from contracts.scalars import SCALARS

Schema = dict[str, Any]

_NIL = f"{{{INSTANCE}}}nil"
_DEEPEST = 50
_MOST = 6  # places that are told of a sample that does not fit


class Examples:
    """Makes the examples of bodies."""

    def __init__(self, contracts: DataContracts):
        self.contracts = contracts
        self.models = contracts.models

    def of(
        self, body: Body, media_type: MediaType, sent: bool, schema: Schema, components: Mapping[str, Schema]
    ) -> tuple[Schema, list[str]]:
        """The examples of a media type, and what is to be told of samples that are none."""
        form = media_type.format
        out: Schema = {}
        notes: list[str] = []
        for sample in body.samples:
            if media_type.name not in sample.media_types or form == "form":
                continue
            example = self._json(body, sample, sent) if form == "json" else self._xml(body, sample, sent)
            if example is None:
                continue
            if _refers(example["value"]):
                notes.append(f"The page's own sample (line {sample.line}) is no example: it refers to parts of itself.")
                continue
            if places := list(_breaks({**schema, "components": {"schemas": components}}, example["value"])):
                shown = ", ".join(places[:_MOST]) + (", …" if len(places) > _MOST else "")
                notes.append(f"The page's own sample (line {sample.line}) is no example, for it does not fit: {shown}.")
                continue
            out["page" if not out else f"page-{len(out) + 1}"] = example
        return out, notes

    def _json(self, body: Body, sample: Sample, sent: bool) -> Schema | None:
        try:
            value = json.loads(sample.text)
        except (ValueError, RecursionError):
            return None
        ref = body.type.value
        kept = self._sendable(ref, value, 0) if sent and ref is not None else value
        return {"summary": _told(sample, kept != value), "value": kept}

    def _xml(self, body: Body, sample: Sample, sent: bool) -> Schema | None:
        ref = self.contracts.shapes.of_body(body)
        try:
            root = ElementTree.fromstring(sample.text)
        except (ElementTree.ParseError, ValueError):
            return None
        if ref is None:
            return None
        left: list[Property] = []
        value = self._value(ref, root, sent, left, 0)
        text = f"As the page has it:\n\n```xml\n{sample.text.strip()}\n```"
        return {"summary": _told(sample, bool(left)), "description": text, "value": value}

    def _sendable(self, ref: TypeRef, value: Any, depth: int) -> Any:
        """The value without the members that the portal sets."""
        if depth > _DEEPEST:
            return value
        if isinstance(value, list) and ref.kind == "collection" and ref.item is not None:
            return [self._sendable(ref.item, each, depth + 1) for each in value]
        if not isinstance(value, dict):
            return value
        if ref.kind == "dictionary" and ref.item is not None:
            return {key: self._sendable(ref.item, each, depth + 1) for key, each in value.items()}
        model = self.models.get(ref.name) if ref.kind == "model" else None
        members = {} if model is None else dict(json_members(model))
        return {
            key: self._sendable(members[key].type.value, each, depth + 1) if key in members else each
            for key, each in value.items()
            if key not in members or not members[key].read_only.value
        }

    def _value(self, ref: TypeRef, element: ElementTree.Element, sent: bool, left: list[Property], depth: int) -> Any:
        """An element as the value that the schema of its type describes; `left` gathers what is left out.

        None for i:nil, which OpenAPI 3.1 has no value for: the element is left out.
        """
        ref = self.contracts.visible(bare(ref))
        if element.get(_NIL) == "true" or depth > _DEEPEST:
            return None
        members = self.contracts.elements(ref)
        if members and members[0].many:
            values = (self._value(members[0].type, child, sent, left, depth + 1) for child in element)
            return [value for value in values if value is not None]
        if not members:
            return _text(ref, element)
        out: Schema = {}
        for child in element:
            found = _member(members, child)
            if found is None:
                continue
            if sent and found.prop is not None and found.prop.read_only.value:
                left.append(found.prop)
            elif (value := self._value(found.type, child, sent, left, depth + 1)) is not None:
                out[found.name.local] = value
        return out


def _member(members: tuple[Element, ...], child: ElementTree.Element) -> Element | None:
    name = Name(*split(child.tag))
    return next((each for each in members if each.name == name), None)


def _text(ref: TypeRef, element: ElementTree.Element) -> Any:
    """An element's text as its type's value; what cannot be one stays text."""
    text = element.text or ""
    kind = SCALARS[ref.name].json.get("type") if ref.kind == "scalar" and ref.name in SCALARS else ""
    if kind in ("integer", "number", "boolean") or ref == TypeRef("scalar", "Char"):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return {} if len(element) else text


def _refers(value: Any) -> bool:
    """Whether a value has "$ref" or "$id" (Json.NET's), which OpenAPI's tools would take as their own."""
    if isinstance(value, dict):
        return "$ref" in value or "$id" in value or any(_refers(part) for part in value.values())
    return isinstance(value, list) and any(_refers(part) for part in value)


def _told(sample: Sample, shortened: bool) -> str:
    without = ", without what the portal sets" if shortened else ""
    return f"The page's own sample, line {sample.line}{without}"


def _breaks(schema: Schema, value: Any) -> Iterator[str]:
    """Where a value breaks a schema, and which keyword: "$.Grade (pattern)"."""
    try:
        errors = [leaf for error in Draft202012Validator(schema).iter_errors(value) for leaf in _leaves(error)]
    except RecursionError:
        errors = []
    yield from dict.fromkeys(f"{error.json_path} ({error.validator})" for error in errors)


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """What is wrong inside a value that may be null as well."""
    inner = [each for each in error.context or () if each.validator_value != "null"]
    if error.validator != "anyOf" or error.instance is None or not inner:
        yield error
        return
    for each in inner:
        yield from _leaves(each)
