"""Contract → XSD, one schema a namespace, in the manner of .NET's XsdDataContractExporter.

    complexType a class (a base class is extended), its members a sequence in order; nillable where null is possible
    element     one global element a type, nillable

The rules: a member must stand where the page calls it required, else it may be missing (the serializer takes a gap as
the type's default); a namespace's file imports its siblings by name, so a folder of them works by itself. One set
serves both directions, for the serializer reads and writes the same elements.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from contracts.emit.citations import about, source
from contracts.emit.contract_names import GENERIC, XS, Name
from contracts.emit.data_contract import DataContracts, Element, Level, mentioned
from contracts.emit.names import xsd_names
from contracts.emit.shapes import Shapes
from contracts.emit.xsd_parts import (
    IS_DICTIONARY,
    IS_VALUE_TYPE,
    NOT_EMITTED,
    annotation,
    attribute,
    comment,
    enumeration,
    generic,
    serialization,
)
from contracts.model import Body, Model, TypeRef
from contracts.scalars import SERIALIZATION


class XsdFile:
    """One namespace's schema while it is written: its lines, and the namespaces they mention."""

    def __init__(self, namespace: str):
        self.namespace = namespace
        self.lines: list[str] = []
        self.mentions: set[str] = {namespace}
        self.done: set[Name] = set()
        self.roots: set[Name] = set()

    def type(self, name: Name) -> str:
        """A type's name with a placeholder for its prefix."""
        self.mentions.add(name.namespace)
        return f"\0{name.namespace}\0{name.local}"

    def text(self, files: dict[str, str], head: str) -> bytes:
        """The finished schema, UTF-8 with LF line ends."""
        own, others = self.namespace, sorted(self.mentions - {self.namespace, XS, ""})
        prefixes = {XS: "xs:", "": "", **{space: f"q{n}:" for n, space in enumerate(others, 1)}, own: "tns:"}
        if not own:
            prefixes[own] = ""
        shown = [space for space in (XS, own, *others) if space]
        declared = "".join(f" xmlns:{prefixes[space][:-1]}={attribute(space)}" for space in shown)
        target = f" targetNamespace={attribute(own)}" if own else ""
        imports = []
        for space in sorted(self.mentions - {own, XS}):
            named = f"namespace={attribute(space)} " if space else ""
            imports.append(f'  <xs:import {named}schemaLocation="{files[space]}"/>')
        body = [re.sub("\0(.*?)\0", lambda m: prefixes[m[1]], line) for line in self.lines]
        opening = f'<xs:schema{declared} elementFormDefault="qualified"{target}>'
        lines = ['<?xml version="1.0" encoding="utf-8"?>', head, opening, *imports, *body, "</xs:schema>", ""]
        return "\n".join(lines).encode("utf-8", "xmlcharrefreplace")


def emit_xsds(shapes: Shapes) -> dict[str, bytes]:
    """Every namespace's schema by file name."""
    contracts = DataContracts(shapes)
    head = f"<!-- Derived from {comment(source(shapes.contract))} by portal-contract emit; do not edit. -->"
    written: dict[str, XsdFile] = {}
    for ref in _types(contracts):
        _write(contracts, ref, written)
    if not written:
        return {}
    for operation in shapes.contract.operations:
        for body in (operation.request, operation.response):
            _write_roots(contracts, body, written)
    spaces = {space for file in written.values() for space in file.mentions} - {XS}
    for space in spaces:
        written.setdefault(space, XsdFile(space))
    if SERIALIZATION in written:
        written[SERIALIZATION].lines = serialization()
    files = xsd_names(spaces)
    return {files[space]: written[space].text(files, head) for space in sorted(spaces)}


def _types(contracts: DataContracts) -> list[TypeRef]:
    """Every type that needs a definition: all models and bodies, and what they lead to, each once."""
    contract = contracts.shapes.contract
    starts = [TypeRef("model", name) for name in contract.models]
    for operation in contract.operations:
        for body in (operation.request, operation.response):
            starts += contracts.shapes.roots_of(body)
    return list(dict.fromkeys(ref for start in starts for ref in mentioned(contracts, start)))


def _write(contracts: DataContracts, ref: TypeRef, written: dict[str, XsdFile]) -> None:
    """Write one type and its global element into the file of its namespace."""
    name = contracts.name(ref)
    if name.namespace == XS or (ref.kind == "scalar" and name.namespace == SERIALIZATION):
        if ref.kind in ("scalar", "any"):  # the root of a simple body
            written.setdefault(SERIALIZATION, XsdFile(SERIALIZATION))
        return
    file = written.setdefault(name.namespace, XsdFile(name.namespace))
    if ref.name == "entry" or name in file.done:
        return
    file.done.add(name)
    model = contracts.models.get(ref.name) if ref.kind == "model" else None
    if model is not None and model.kind == "enum":
        file.lines += enumeration(name, model, contracts.shapes.may_be_renamed(model))
    elif model is not None:
        base: Name | None = None
        for level in contracts.levels(model):
            own = written.setdefault(level.name.namespace, XsdFile(level.name.namespace))
            own.lines += _class(contracts, own, model, level, base)
            base = level.name
    else:
        file.lines += [f'  <xs:complexType name="{name.local}">', *annotation("    ", "", *_told(contracts, ref))]
        file.lines += _sequence(contracts, file, contracts.elements(ref), "    ")
        file.lines += ["  </xs:complexType>"]
    file.lines.append(f'  <xs:element name="{name.local}" nillable="true" type="{file.type(name)}"/>')
    file.roots.add(name)


def _write_roots(contracts: DataContracts, body: Body, written: dict[str, XsdFile]) -> None:
    """The elements that a body's own samples have as roots, where they bear another name than their type."""
    ref = contracts.shapes.of_body(body)
    for root in contracts.shapes.shown_roots(body) if ref is not None else ():
        name = Name(*root)
        if ref is None or name == contracts.names.root(ref) or name == contracts.name(ref):
            continue
        file = written.setdefault(name.namespace, XsdFile(name.namespace))
        line = f'  <xs:element name="{name.local}" nillable="true" type="{file.type(contracts.name(ref))}"/>'
        if name not in file.roots:
            file.lines.append(line)
        file.roots.add(name)


def _told(contracts: DataContracts, ref: TypeRef) -> list[str]:
    """What the importer has to know of a type that is no class of the portal's own."""
    if ref.kind == "dictionary":
        return [IS_DICTIONARY]
    if ref.kind == "pair":
        parts = [contracts.name(part) for part in (ref.key, ref.item) if part is not None]
        return [generic("KeyValuePair", GENERIC, parts), IS_VALUE_TYPE]
    return [IS_VALUE_TYPE] if ref.kind == "scalar" else []


def _class(contracts: DataContracts, file: XsdFile, model: Model, level: Level, base: Name | None) -> list[str]:
    """One class: its own members, after those of the class it extends."""
    lines = [f'  <xs:complexType name="{level.name.local}">']
    if level.invented:
        lines += annotation("    ", "Base class. The page does not show its name, and neither does the wire.")
    else:
        lines += annotation("    ", model.description.value)
    if base is None:
        inner = _sequence(contracts, file, level.elements, "    ")
        for word in ("Id", "Ref") if model.name in contracts.shapes.shared else ():
            inner.append(f'    <xs:attribute ref="{file.type(Name(SERIALIZATION, word))}"/>')
        inner += [f"    <xs:attribute name={attribute(word)}/>" for word in contracts.shapes.attributes(model)]
        return [*lines, *inner, "  </xs:complexType>"]
    lines += ['    <xs:complexContent mixed="false">', f'      <xs:extension base="{file.type(base)}">']
    lines += _sequence(contracts, file, level.elements, "        ")
    return [*lines, "      </xs:extension>", "    </xs:complexContent>", "  </xs:complexType>"]


def _sequence(contracts: DataContracts, file: XsdFile, elements: Iterable[Element], indent: str) -> list[str]:
    """Elements in order."""
    lines = []
    for element in elements:
        occurs = ('minOccurs="0" maxOccurs="unbounded" ' if element.many else "") or (
            "" if element.required else 'minOccurs="0" '
        )
        nil = ' nillable="true"' if element.nillable else ""
        opening = f'{indent}  <xs:element {occurs}name="{element.name.local}"{nil}'
        prop = element.prop
        text = "" if prop is None else f"{prop.description.value} ({about(prop, contracts.shapes.named)})"
        told = [NOT_EMITTED] if prop is not None and prop.emit_default.value is False else []
        if element.type.kind == "pair" and element.type.name == "entry":
            inner = _sequence(contracts, file, contracts.elements(element.type), f"{indent}      ")
            lines += [f"{opening}>", f"{indent}    <xs:complexType>", *inner, f"{indent}    </xs:complexType>"]
        else:
            opening += f' type="{file.type(contracts.name(element.type))}"'
            if not text and not told:
                lines.append(f"{opening}/>")
                continue
            lines += [f"{opening}>", *annotation(f"{indent}    ", text, *told)]
        lines.append(f"{indent}  </xs:element>")
    return [f"{indent}<xs:sequence>", *lines, f"{indent}</xs:sequence>"] if lines else [f"{indent}<xs:sequence/>"]
