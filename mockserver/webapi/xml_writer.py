"""Records to DataContract XML: members in XML order, nil for null, no declaration.

The rule: a namespace is declared where it changes and the instance namespace once at the root. Error bodies are in
`http_errors`, scalars in `xml_scalars`.
Source: S XmlObjectSerializerWriteContext.cs; N XmlMediaTypeFormatter.cs (OmitXmlDeclaration, CheckCharacters off,
NewLineHandling.Replace with the host's line end, "\n" in the recording).
"""

from __future__ import annotations

import datetime
import re
from typing import Any

from contracts.model import TypeRef
from contracts.naming import ARRAYS, INSTANCE
from mockserver.webapi.dates import DateTime, DateTimeOffset, write
from mockserver.webapi.shapes import Record, Shape, Shapes
from mockserver.webapi.xml_scalars import ITEM_NAMES, XML_SCALARS

# XmlEncodedRawTextWriter.WriteElementTextBlock: what is no XML character is written as a reference; line ends are one.
_SPECIAL = re.compile("[&<>\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\r\n?")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "\n", "\r\n": "\n"}


#: XmlTextWriter's made-up prefix: the depth of the element and a running number (GUESS: members at depth 2 only).
_PREFIX = "d2p1"
_SYSTEM = "http://schemas.datacontract.org/2004/07/System"


def escape(text: str) -> str:
    """Element text as the framework's writer spells it."""
    return _SPECIAL.sub(lambda match: _ENTITIES.get(match[0]) or f"&#x{ord(match[0]):X};", text)


def write_root(shapes: Shapes, ref: TypeRef, record: Any, zone: datetime.tzinfo) -> str:
    """The value as a document."""
    shape = shapes[ref.name]
    root = shape.xml_root
    opening = f'<{root.name} xmlns:i="{INSTANCE}"' + (f' xmlns="{escape(root.namespace)}"' if root.namespace else "")
    content = write_members(shapes, shape, record, root.namespace, zone)
    return f"{opening}>{content}</{root.name}>" if content else f"{opening} />"


def write_members(shapes: Shapes, shape: Shape, record: Record, namespace: str, zone: datetime.tzinfo) -> str:
    """The members' elements, inside an element of that namespace."""
    parts = []
    for member in shape.xml_order:
        if member.xml is None:
            continue
        own = "" if member.xml.namespace == namespace else f' xmlns="{escape(member.xml.namespace)}"'
        value = record[member.name]
        if value is None:
            declared = _declared(member.type)
            parts.append(f'<{member.xml.name}{declared} i:nil="true"{own} />')
        else:
            parts.append(_element(shapes, member.xml.name, own, member.type, value, member.xml.namespace, zone))
    return "".join(parts)


# XmlWriterDelegator.WriteNamespaceDecl: the type's own namespace is declared on the member, nil or not.
def _declared(ref: TypeRef) -> str:
    if ref.kind in ("collection", "dictionary"):
        return f' xmlns:{_PREFIX}="{ARRAYS}"'
    return f' xmlns:{_PREFIX}="{_SYSTEM}"' if ref.name == "DateTimeOffset" else ""


def _element(
    shapes: Shapes, name: str, own: str, ref: TypeRef, value: Any, namespace: str, zone: datetime.tzinfo
) -> str:
    """One element that is not nil."""
    if ref.kind == "scalar" and ref.name != "DateTimeOffset":
        return f"<{name}{own}>{escape(XML_SCALARS[ref.name].write(value, zone))}</{name}>"
    enum = shapes.enum(ref)
    if enum is not None:
        names = {member.value: member.name for member in enum.members}
        if value not in names:
            raise WriteError(f"{value} is no member of {enum.name}")
        return f"<{name}{own}>{escape(names[value])}</{name}>"
    own += _declared(ref)
    prefix = _PREFIX
    if isinstance(value, DateTimeOffset):
        utc = write(DateTime(value.ticks - value.minutes * 600_000_000, "utc"), zone)
        return (
            f"<{name}{own}><{prefix}:DateTime>{utc}"
            f"</{prefix}:DateTime><{prefix}:OffsetMinutes>{value.minutes}</{prefix}:OffsetMinutes></{name}>"
        )
    if ref.kind == "model":
        content = write_members(shapes, shapes[ref.name], value, namespace, zone)
    elif ref.kind == "collection" and ref.item is not None:
        item = ref.item.name
        tag = f"{prefix}:{ITEM_NAMES.get(item, item[:1].lower() + item[1:])}"
        content = "".join(_item(shapes, tag, ref.item, one, namespace, zone) for one in value)
    elif ref.kind == "dictionary" and ref.item is not None:
        tag = f"{prefix}:KeyValueOfstringstring"
        content = "".join(
            f"<{tag}><{prefix}:Key>{escape(key)}</{prefix}:Key>"
            + _item(shapes, f"{prefix}:Value", ref.item, one, namespace, zone)
            + f"</{tag}>"
            for key, one in value.items()
        )
    else:
        content = escape(str(value))
    return f"<{name}{own}>{content}</{name}>" if content else f"<{name}{own} />"


def _item(shapes: Shapes, tag: str, ref: TypeRef, value: Any, namespace: str, zone: datetime.tzinfo) -> str:
    return f'<{tag} i:nil="true" />' if value is None else _element(shapes, tag, "", ref, value, namespace, zone)


class WriteError(Exception):
    """The serializer cannot write the value; the framework answers 500."""
