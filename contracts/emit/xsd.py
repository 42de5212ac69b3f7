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
from xml.sax.saxutils import escape, quoteattr

from contracts.emit.citations import about, source
from contracts.emit.contract_names import XS, Name
from contracts.emit.data_contract import DataContracts, Element, Level, mentioned
from contracts.emit.names import xsd_names
from contracts.emit.shapes import RENAMED, Shapes, wire_names
from contracts.model import Model, TypeRef
from contracts.scalars import SCALARS, SERIALIZATION

# What the exporter writes for the namespace of guid, char and duration: these types, a global element for each scalar
# (the root of a simple body), and the attributes of an object graph.
_GUID = "-".join(rf"[\da-fA-F]{{{n}}}" for n in (8, 4, 4, 4, 12))
_OWN_TYPES = (
    '  <xs:simpleType name="char">',
    '    <xs:restriction base="xs:int"/>',
    "  </xs:simpleType>",
    '  <xs:simpleType name="duration">',
    '    <xs:restriction base="xs:duration">',
    r'      <xs:pattern value="\-?P(\d*D)?(T(\d*H)?(\d*M)?(\d*(\.\d*)?S)?)?"/>',
    '      <xs:minInclusive value="-P10675199DT2H48M5.4775808S"/>',
    '      <xs:maxInclusive value="P10675199DT2H48M5.4775807S"/>',
    "    </xs:restriction>",
    "  </xs:simpleType>",
    '  <xs:simpleType name="guid">',
    '    <xs:restriction base="xs:string">',
    f'      <xs:pattern value="{_GUID}"/>',
    "    </xs:restriction>",
    "  </xs:simpleType>",
    '  <xs:attribute name="FactoryType" type="xs:QName"/>',
    '  <xs:attribute name="Id" type="xs:ID"/>',
    '  <xs:attribute name="Ref" type="xs:IDREF"/>',
)


def _serialization() -> list[str]:
    """The framework's own schema, "Serialization.xsd"."""
    types = sorted(
        {s.xsd for s in SCALARS.values() if not s.xsd.startswith("dto:")} | {"xs:anyType", "xs:base64Binary"}
    )
    lines = []
    for name in types:
        shown = name.replace("ser:", "tns:")
        lines.append(f'  <xs:element name="{name.split(":")[1]}" nillable="true" type="{shown}"/>')
    return [*lines, *_OWN_TYPES]


class XsdFile:
    """One namespace's schema while it is written: its lines, and the namespaces they mention."""

    def __init__(self, namespace: str):
        self.namespace = namespace
        self.lines: list[str] = []
        self.mentions: set[str] = {namespace}
        self.done: set[Name] = set()

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
        declared = "".join(f" xmlns:{prefixes[space][:-1]}={_attribute(space)}" for space in shown)
        target = f" targetNamespace={_attribute(own)}" if own else ""
        imports = []
        for space in sorted(self.mentions - {own, XS}):
            named = f"namespace={_attribute(space)} " if space else ""
            imports.append(f'  <xs:import {named}schemaLocation="{files[space]}"/>')
        body = [re.sub("\0(.*?)\0", lambda m: prefixes[m[1]], line) for line in self.lines]
        opening = f'<xs:schema{declared} elementFormDefault="qualified"{target}>'
        lines = ['<?xml version="1.0" encoding="utf-8"?>', head, opening, *imports, *body, "</xs:schema>", ""]
        return "\n".join(lines).encode("utf-8", "xmlcharrefreplace")


def emit_xsds(shapes: Shapes) -> dict[str, bytes]:
    """Every namespace's schema by file name."""
    contracts = DataContracts(shapes)
    head = f"<!-- Derived from {_comment(source(shapes.contract))} by portal-contract emit; do not edit. -->"
    written: dict[str, XsdFile] = {}
    for ref in _types(contracts):
        _write(contracts, ref, written)
    if not written:
        return {}
    spaces = {space for file in written.values() for space in file.mentions} - {XS}
    for space in spaces:
        written.setdefault(space, XsdFile(space))
    if SERIALIZATION in written:
        written[SERIALIZATION].lines = _serialization()
    files = xsd_names(spaces)
    return {files[space]: written[space].text(files, head) for space in sorted(spaces)}


def _types(contracts: DataContracts) -> list[TypeRef]:
    """Every type that needs a definition: all models and bodies, and what they lead to, each once."""
    contract = contracts.shapes.contract
    starts = [TypeRef("model", name) for name in contract.models]
    for operation in contract.operations:
        bodies = (operation.request, operation.response)
        for body in bodies:  # a root whose numbers are guessed may be called by the natural guess or by the widest
            if (ref := contracts.shapes.of_body(body)) is not None:
                starts += [ref, body.type.value or ref]
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
        file.lines += _enumeration(name, model, contracts.shapes.may_be_renamed(model))
    elif model is not None:
        base: Name | None = None
        for level in contracts.levels(model):
            own = written.setdefault(level.name.namespace, XsdFile(level.name.namespace))
            own.lines += _class(contracts, own, model, level, base)
            base = level.name
    else:
        file.lines += [f'  <xs:complexType name="{name.local}">']
        file.lines += _sequence(contracts, file, contracts.elements(ref), "    ")
        file.lines += ["  </xs:complexType>"]
    file.lines.append(f'  <xs:element name="{name.local}" nillable="true" type="{file.type(name)}"/>')


def _class(contracts: DataContracts, file: XsdFile, model: Model, level: Level, base: Name | None) -> list[str]:
    """One class: its own members, after those of the class it extends."""
    lines = [f'  <xs:complexType name="{level.name.local}">']
    if level.invented:
        lines += _documentation("    ", "Base class. The page does not show its name, and neither does the wire.")
    else:
        lines += _documentation("    ", model.description.value)
    if base is None:
        return [*lines, *_sequence(contracts, file, level.elements, "    "), "  </xs:complexType>"]
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
        text = "" if element.prop is None else f"{element.prop.description.value} ({about(element.prop)})"
        if element.type.kind == "pair" and element.type.name == "entry":
            inner = _sequence(contracts, file, contracts.elements(element.type), f"{indent}      ")
            lines += [f"{opening}>", f"{indent}    <xs:complexType>", *inner, f"{indent}    </xs:complexType>"]
        else:
            opening += f' type="{file.type(contracts.name(element.type))}"'
            if not text:
                lines.append(f"{opening}/>")
                continue
            lines += [f"{opening}>", *_documentation(f"{indent}    ", text)]
        lines.append(f"{indent}  </xs:element>")
    return [f"{indent}<xs:sequence>", *lines, f"{indent}</xs:sequence>"] if lines else [f"{indent}<xs:sequence/>"]


def _enumeration(name: Name, model: Model, may_be_renamed: bool) -> list[str]:
    """An enumeration: XML writes names, whatever JSON does; other names are let through where one may be renamed."""
    lines = [f'  <xs:simpleType name="{name.local}">', *_documentation("    ", model.description.value)]
    values = ['<xs:restriction base="xs:string">']
    values += [f"  <xs:enumeration value={_attribute(value)}/>" for value in wire_names(model)]
    values += ["</xs:restriction>"]
    if may_be_renamed:
        values = ["<xs:simpleType>", *(f"  {line}" for line in values), "</xs:simpleType>"]
        values = ['<xs:union memberTypes="xs:string">', *(f"  {line}" for line in values), "</xs:union>"]
        lines = [lines[0], *_documentation("    ", f"{model.description.value} ({RENAMED})")]
    return [*lines, *(f"    {line}" for line in values), "  </xs:simpleType>"]


def _documentation(indent: str, text: str) -> list[str]:
    if not text.strip():
        return []
    flat = escape(_legal(" ".join(text.split())))
    return [
        f"{indent}<xs:annotation>",
        f"{indent}  <xs:documentation>{flat}</xs:documentation>",
        f"{indent}</xs:annotation>",
    ]


def _attribute(text: str) -> str:
    return quoteattr(_legal(text))


def _legal(text: str) -> str:
    """The text without the characters that no XML document may hold (XML 1.0, production Char)."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)


def _comment(text: str) -> str:
    """The text as the inside of a comment (XML 1.0, production Comment)."""
    return _legal(text).replace("--", "- -")
