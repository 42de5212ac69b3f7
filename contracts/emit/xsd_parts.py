"""Pieces of XSD text: annotations, enumerations, and the schema that every data contract schema leans on.

The rule: what .NET's importer reads to make the same classes again stands in `xs:appinfo`, as its exporter writes it
(an enumeration's numbers, IsDictionary, IsValueType, GenericType, EmitDefaultValue). No type is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from contracts.emit.contract_names import Name
from contracts.emit.shapes import RENAMED, may_be_combined
from contracts.model import Model
from contracts.scalars import SCALARS, SERIALIZATION

IS_DICTIONARY = f'<IsDictionary xmlns="{SERIALIZATION}">true</IsDictionary>'
IS_VALUE_TYPE = f'<IsValueType xmlns="{SERIALIZATION}">true</IsValueType>'
NOT_EMITTED = f'<DefaultValue xmlns="{SERIALIZATION}" EmitDefaultValue="false"/>'

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


def serialization() -> list[str]:
    """The framework's own schema, "Serialization.xsd"."""
    types = sorted(
        {s.xsd for s in SCALARS.values() if not s.xsd.startswith("dto:")} | {"xs:anyType", "xs:base64Binary"}
    )
    lines = []
    for name in types:
        shown = name.replace("ser:", "tns:")
        lines.append(f'  <xs:element name="{name.split(":")[1]}" nillable="true" type="{shown}"/>')
    return [*lines, *_OWN_TYPES]


def enumeration(name: Name, model: Model, may_be_renamed: bool) -> list[str]:
    """An enumeration: XML writes names, whatever JSON does.

    Any name is let through where one may be renamed unseen; values that may be combined stand in a list.
    """
    text = model.description.value
    if may_be_renamed:
        told = ", ".join(f"{member.xml or member.name} = {member.value}" for member in model.members)
        lines = [*annotation("    ", f"{text} ({told}; {RENAMED})"), '    <xs:restriction base="xs:string"/>']
    elif may_be_combined(model):
        inner = ["    <xs:list>", "      <xs:simpleType>", *_values(model, True, "        ")]
        lines = [*annotation("    ", text), *inner, "      </xs:simpleType>", "    </xs:list>"]
    else:
        lines = [*annotation("    ", text), *_values(model, False, "    ")]
    return [f'  <xs:simpleType name="{name.local}">', *lines, "  </xs:simpleType>"]


# EnumDataContract, SchemaExporter.ExportEnumDataContract: a number is written where it is not the next one from 0 on,
# and always where values may be combined.
def _values(model: Model, combined: bool, indent: str) -> list[str]:
    lines, taken = [f'{indent}<xs:restriction base="xs:string">'], set[str]()
    for position, member in enumerate(model.members):
        value = member.xml or member.name
        if value in taken:
            continue
        taken.add(value)
        number = f'<EnumerationValue xmlns="{SERIALIZATION}">{member.value}</EnumerationValue>'
        inner = annotation(
            f"{indent}    ", member.description, *([number] if combined or member.value != position else [])
        )
        opening = f"{indent}  <xs:enumeration value={attribute(value)}"
        lines += [f"{opening}>", *inner, f"{indent}  </xs:enumeration>"] if inner else [f"{opening}/>"]
    return [*lines, f"{indent}</xs:restriction>"]


def generic(outer: str, namespace: str, arguments: Iterable[Name]) -> str:
    """What the importer reads of a generic type: its name with places for its arguments' names."""
    parts = list(arguments)
    places = "".join(f"{{{number}}}" for number in range(len(parts)))
    inner = "".join(
        f"<GenericParameter Name={attribute(part.local)} Namespace={attribute(part.namespace)}/>" for part in parts
    )
    head = f'<GenericType xmlns="{SERIALIZATION}" Name="{outer}Of{places}{{#}}" Namespace={attribute(namespace)}>'
    return f"{head}{inner}</GenericType>"


def annotation(indent: str, text: str, *appinfo: str) -> list[str]:
    """What people read and what the importer reads; nothing where there is neither."""
    flat = escape(_legal(" ".join(text.split())))
    lines = [f"{indent}  <xs:appinfo>{''.join(appinfo)}</xs:appinfo>"] if appinfo else []
    lines += [f"{indent}  <xs:documentation>{flat}</xs:documentation>"] if flat else []
    return [f"{indent}<xs:annotation>", *lines, f"{indent}</xs:annotation>"] if lines else []


def attribute(text: str) -> str:
    """The text as an attribute's value, in quotes."""
    return quoteattr(_legal(text))


def comment(text: str) -> str:
    """The text as the inside of a comment (XML 1.0, production Comment)."""
    return _legal(text).replace("--", "- -")


def _legal(text: str) -> str:
    """The text without the characters that no XML document may hold (XML 1.0, production Char)."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
