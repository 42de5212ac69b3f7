"""The emitted schemas as judges of bodies: JSON by `jsonschema`, XML by `xmlschema`.

The rules: what is loaded is the emitted text; an import finds its sibling among the emitted texts, never on a disk or a
network; a body with a DTD is refused unread. Whatever a body holds, the answer is a list of faults, one sentence each:
where, what was expected, what came. An empty list is a body without fault.
"""

from __future__ import annotations

import io
import json
import re
import threading
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, cast
from xml.etree.ElementTree import Element
from xml.parsers import expat

import jsonschema
import xmlschema
from jsonschema import Draft202012Validator
from xmlschema.loaders import SchemaLoader
from xmlschema.validators.facets import XsdPatternFacets

from contracts.emit.contract_names import Name
from contracts.emit.data_contract import DataContracts
from contracts.emit.files import emit, json_files
from contracts.emit.json_schema import Direction
from contracts.emit.patterns import NOT_BLANK, to_python
from contracts.emit.shapes import Shapes
from contracts.errors import InternalError
from contracts.model import Contract, TypeRef
from contracts.scalars import DATE_TIME, GUID, TIME_SPAN

_LONGEST = 120
_MEANING = {
    DATE_TIME: "a date and time such as 2026-05-29T16:57:20.2263442+00:00",
    GUID: "a guid (8-4-4-4-12 hexadecimal digits)",
    TIME_SPAN: "a time interval such as 1.02:03:04.5000000",
    NOT_BLANK: "text that is not blank",
}


class Schemas:
    """The emitted schemas of a contract, loaded when first asked for."""

    def __init__(self, contract: Contract):
        self.contract = contract
        self._validators: dict[tuple[str, Direction], Draft202012Validator] = {}
        self._lock = threading.Lock()  # one XMLSchema is built once and walked by one thread at a time

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """The emitted texts by file name."""
        return emit(self.contract)

    def json_faults(self, model_name: str, direction: Direction, document: Any) -> list[str]:
        """What is wrong with a parsed JSON body, by the model's schema for that direction."""
        validator = self._validator(model_name, direction)
        try:
            found = (leaf for error in validator.iter_errors(document) for leaf in _leaves(error))
            errors = sorted(found, key=lambda error: [str(step) for step in error.absolute_path])
        except RecursionError:
            return ["$: nested too deeply to be judged"]
        return [_json_fault(error) for error in errors]

    def xml_faults(self, model_name: str, body: bytes, ignore_unknown: bool = False) -> list[str]:
        """What is wrong with an XML body, by the XSD; `ignore_unknown` leaves elements aside that no model has."""
        document = _parsed(body)
        if isinstance(document, str):
            return [document]
        root, want = document.root, self._root(model_name)
        if self._contracts.visible(TypeRef("model", model_name)).kind == "any":
            return []  # no sample shows the model in XML, so nothing is known that could be wrong
        if root.tag != _tag(want):
            return [f"/{_shown(root.tag)}: expected the root element {_shown(_tag(want))}"]
        if ignore_unknown:
            for parent, child, _ in self._unknown(TypeRef("model", model_name), root, f"/{want.local}"):
                _remove(parent, child)
        with self._lock:
            try:
                errors = list(self._xsd.iter_errors(document))
            except Exception as error:  # whatever the library stumbles over, the body brought it
                return [f"/{want.local}: cannot be judged: {_short(str(error))}"]
        return [_xml_fault(error) for error in errors]

    def unknown_elements(self, model_name: str, body: bytes) -> list[str]:
        """The paths of the elements that the model does not have; none for a body that cannot be read."""
        document = _parsed(body)
        if isinstance(document, str):
            return []
        start = TypeRef("model", model_name)
        return [path for _, _, path in self._unknown(start, document.root, f"/{_local(document.root.tag)}")]

    @cached_property
    def _contracts(self) -> DataContracts:
        return DataContracts(Shapes(self.contract))

    @cached_property
    def _json_files(self) -> Mapping[tuple[str, Direction], str]:
        return json_files(self._contracts.shapes)

    @cached_property
    def _xsd(self) -> xmlschema.XMLSchema10:
        """All namespaces in one set; built once."""
        texts: list[Any] = [data.decode("utf-8") for name, data in self.files.items() if name.endswith(".xsd")]
        return xmlschema.XMLSchema10(texts, loader_class=_Handed, use_fallback=False, allow="none", defuse="always")

    def _validator(self, model_name: str, direction: Direction) -> Draft202012Validator:
        key = (model_name, direction)
        if key not in self._validators:
            if key not in self._json_files:
                raise InternalError(
                    f"no body carries {model_name} as a {direction}, so it has no schema; please report this"
                )
            schema = json.loads(self.files[self._json_files[key]])
            self._validators[key] = _Validator(schema)
        return self._validators[key]

    def _root(self, model_name: str) -> Name:
        if model_name not in self.contract.models:
            raise InternalError(f"the contract has no model {model_name}; please report this")
        return self._contracts.levels(self.contract.models[model_name])[-1].name

    def _unknown(self, ref: TypeRef, element: Element, path: str) -> list[tuple[Element, Element, str]]:
        """The elements that a type does not have, (parent, element, path), all the way down."""
        if self._contracts.visible(ref).kind == "any":
            return []
        known = {_tag(member.name): member.type for member in self._contracts.elements(ref)}
        found = []
        for child in element:
            if not isinstance(child.tag, str):
                continue  # a comment or a processing instruction
            here = f"{path}/{_local(child.tag)}"
            if child.tag in known:
                found += self._unknown(known[child.tag], child, here)
            else:
                found.append((element, child, here))
        return found


class _Handed(SchemaLoader):
    """Follows no import: every sibling is handed over as text."""

    def get_locations(self, namespace: str, location: str | None = None) -> list[str]:
        return []


# ECMA-262 (what JSON Schema asks for): `$` is the very end of the text.
def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[jsonschema.ValidationError]:
    if isinstance(instance, str) and re.search(to_python(pattern), instance) is None:
        yield jsonschema.ValidationError(f"expected {_MEANING.get(pattern, f'text that matches {pattern}')}")


def _required(validator: Any, names: list[str], instance: Any, schema: Any) -> Iterator[jsonschema.ValidationError]:
    for name in names if isinstance(instance, dict) else ():
        if name not in instance:
            yield jsonschema.ValidationError(f"expected the member {name}, it is missing")


_own = {"pattern": _pattern, "required": _required}
_Validator = jsonschema.validators.extend(Draft202012Validator, _own)  # type: ignore[no-untyped-call]


def _leaves(error: jsonschema.ValidationError) -> Iterator[jsonschema.ValidationError]:
    """What is wrong inside a value that may also be null, in place of "fits neither"."""
    context = error.context if error.validator == "anyOf" else None
    inner = [each for each in context or () if each.validator_value != "null" or each.validator != "type"]
    branches = {each.relative_schema_path[0] for each in inner}
    if error.instance is None or len(branches) != 1:
        yield error
        return
    for each in inner:
        yield from _leaves(each)


def _json_fault(error: jsonschema.ValidationError) -> str:
    path = "$" + "".join(_step(step) for step in error.absolute_path)
    got, want = _short(_as_json(error.instance)), cast(Any, error.validator_value)
    if error.validator == "required":
        return f"{path}: {error.message}"
    if error.validator == "type":
        return f"{path}: expected {want if isinstance(want, str) else ' or '.join(want)}, got {got}"
    if error.validator == "pattern":
        return f"{path}: {error.message}, got {got}"
    word = "one of" if error.validator == "enum" else str(error.validator)
    return f"{path}: expected {word} {_short(_as_json(want))}, got {got}"


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if re.fullmatch(r"\w+", step) else f"[{_as_json(step)}]"


def _as_json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        return f"a {type(value).__name__}"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else f"{flat[:_LONGEST]}… ({len(text)} characters)"


class _DtdError(Exception):
    """A DTD in a body."""


def _parsed(body: bytes) -> xmlschema.XMLResource | str:
    """The body as a document, or the fault for which it is none."""
    # DataContractSerializer's readers refuse a DTD: "Processing instructions … and DTDs are not supported."
    guard = expat.ParserCreate()

    def refuse(*_: Any) -> None:
        raise _DtdError

    guard.StartDoctypeDeclHandler = refuse
    try:
        guard.Parse(body, True)
        return xmlschema.XMLResource(io.BytesIO(body), allow="none", defuse="always")
    except _DtdError:
        return "/: expected a document without a DTD"
    except (expat.ExpatError, xmlschema.XMLSchemaException, LookupError, ValueError) as error:
        return f"/: expected well-formed XML, got {_short(body.decode('utf-8', 'replace'))} ({_short(str(error))})"


# An expanded name in a message of the library's; a quantifier of a pattern is none.
_EXPANDED = re.compile(r"Q?\{[^{}]*[:/][^{}]*\}|\b\w+:(?=\w)")


def _xml_fault(error: xmlschema.XMLSchemaValidationError) -> str:
    path = _EXPANDED.sub("", error.path or "/")
    got = ""
    if error.elem is not None and not len(error.elem):
        got = f", got {_short(_as_json(error.elem.text or ''))}"
    reason = str(error.reason or error.message)
    if isinstance(error.validator, XsdPatternFacets):
        reason = (
            f"expected a value of the type {getattr(error.validator.parent, 'local_name', 'that the schema names')}"
        )
    return f"{path}: {_short(_EXPANDED.sub('', reason))}{got}"


def _remove(parent: Element, child: Element) -> None:
    """Take an element out, but not the text behind it."""
    at = list(parent).index(child)
    if child.tail:
        if at:
            parent[at - 1].tail = (parent[at - 1].tail or "") + child.tail
        else:
            parent.text = (parent.text or "") + child.tail
    parent.remove(child)


def _tag(name: Name) -> str:
    return f"{{{name.namespace}}}{name.local}" if name.namespace else name.local


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _shown(tag: str) -> str:
    space, _, local = tag.rpartition("}")
    return f"{local} in the namespace {space[1:]}" if space else f"{local} in no namespace"
