"""Values to DataContract XML: members in XML order, nil for null, no declaration.

    <Root xmlns:i="…" xmlns="…"><Label>x</Label><Parts xmlns:d2p1="…"><d2p1:string>a</d2p1:string></Parts></Root>

The rule: a namespace is declared where it changes, by the element's own name or by a prefix made of the element's depth
(d2p1) where the type of a member brings it. Error bodies are in `http_errors`, scalars in `xml_scalars`.
Source: S XmlObjectSerializerWriteContext.cs, XmlFormatWriterGenerator.cs, XmlWriterDelegator.cs, XmlDictionaryWriter.cs
(XmlWrappedWriter.WriteXmlnsAttribute); System.Xml XmlWellFormedWriter.cs; N XmlMediaTypeFormatter.cs
(OmitXmlDeclaration, CheckCharacters off, NewLineHandling.Replace with the host's line end, "\n" in the recording).
"""

from __future__ import annotations

import datetime
import re
from typing import Any

from contracts.model import Model, TypeRef
from contracts.naming import ARRAYS, INSTANCE
from mockserver.webapi.boxed import Boxed
from mockserver.webapi.dates import MINUTE, DateTime, DateTimeOffset, write
from mockserver.webapi.shapes import Member, Record, Shape, Shapes
from mockserver.webapi.type_names import BUILT_IN, SYSTEM
from mockserver.webapi.xml_scalars import XML_SCALARS

# XmlEncodedRawTextWriter.WriteElementTextBlock: what is no XML character is written as a reference; line ends are one.
_SPECIAL = re.compile("[&<>\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\r\n?")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "\n", "\r\n": "\n"}


class WriteError(Exception):
    """The serializer cannot write the value; the framework answers 500."""


def escape(text: str) -> str:
    """Element text as the framework's writer spells it."""
    return _SPECIAL.sub(lambda match: _ENTITIES.get(match[0]) or f"&#x{ord(match[0]):X};", text)


def write_root(shapes: Shapes, ref: TypeRef, value: Any, zone: datetime.tzinfo) -> str:
    """The value as a document; WriteError when it cannot be written."""
    return _Writer(shapes, zone).document(ref, value)


def enum_text(enum: Model, value: int) -> str:
    """EnumDataContract.WriteEnumValue: the member's name; a value without one cannot be written."""
    for member in enum.members:
        if member.value == value:
            return member.xml or member.name
    raise WriteError(f"{value} is no member of {enum.name}")


class _Writer:
    """One document; `_scope` are the namespaces declared around the present element, the innermost last."""

    def __init__(self, shapes: Shapes, zone: datetime.tzinfo):
        self._shapes, self._zone, self._names = shapes, zone, shapes.names
        self._scope: list[tuple[str, str]] = []
        self._depth = 0

    # DataContractSerializer.InternalWriteObjectContent: only what can hold references gets the instance namespace.
    def document(self, ref: TypeRef, value: Any) -> str:
        root = self._names.root(ref)
        # DataContract.WriteRootElement: of what is no primitive, only Object is in the serializer's own namespace.
        prefix = "z" if ref.kind == "any" else ""
        tag = f"{prefix}:{root.local}" if prefix else root.local
        own = f' xmlns{":z" if prefix else ""}="{escape(root.namespace)}"' if root.namespace else ""
        if value is None:  # XmlWellFormedWriter.StartElementContent: the later declaration is written first
            return f'<{tag} i:nil="true" xmlns:i="{INSTANCE}"{own} />'
        self._scope.append((prefix, root.namespace))
        if not (self._names.primitive(ref) or self._shapes.enum(ref) is not None):
            own = f' xmlns:i="{INSTANCE}"{own}'
            self._scope.append(("i", INSTANCE))
        self._depth = 1
        return self._element(tag, "", own, ref, value)

    # XmlWellFormedWriter.LookupPrefix
    def _prefix(self, namespace: str) -> str | None:
        """The prefix that stands for a namespace here, None when none does."""
        for at in range(len(self._scope) - 1, -1, -1):
            prefix, known = self._scope[at]
            if known == namespace:
                return None if any(later == prefix for later, _ in self._scope[at + 1 :]) else prefix
        return "" if not namespace and all(prefix for prefix, _ in self._scope) else None

    def _start(self, local: str, namespace: str) -> tuple[str, str]:
        """WriteStartElement(null, …): the tag, and the declaration when no prefix stands for the namespace."""
        prefix = self._prefix(namespace)
        if prefix is not None:
            return (f"{prefix}:{local}" if prefix else local), ""
        return local, f' xmlns="{escape(namespace)}"'

    def _members(self, shape: Shape, record: Record) -> str:
        parts = []
        known, tag_start, own = None, "", ""
        for member in shape.xml_order:
            value, name = record[member.name], member.xml
            if name is None or (not member.emit and self._left_out(member, value)):
                continue
            if name.namespace != known:
                known = name.namespace
                tag_start, own = self._start("", known)
            tag, ref = tag_start + name.name, member.type
            if value is not None and ref.kind == "scalar" and ref.name != "DateTimeOffset":  # most are: one call less
                parts.append(f"<{tag}{own}>{escape(XML_SCALARS[ref.name].write(value, self._zone))}</{tag}>")
            else:
                parts.append(self._child(tag, own, known, ref, value))
        return "".join(parts)

    # XmlFormatWriterGenerator: a member that must be there cannot be left out.
    @staticmethod
    def _left_out(member: Member, value: Any) -> bool:
        if value != member.default:
            return False
        if member.xml_must:
            raise WriteError(f"{member.name} must be emitted")
        return True

    def _child(self, tag: str, own: str, namespace: str, ref: TypeRef, value: Any) -> str:
        """An element below the root."""
        if ref.kind == "scalar" and value is not None and ref.name != "DateTimeOffset":
            return f"<{tag}{own}>{escape(XML_SCALARS[ref.name].write(value, self._zone))}</{tag}>"
        mark = len(self._scope)
        self._depth += 1
        if own:
            self._scope.append(("", namespace))
        attributes = self._declare(self._names.declared(ref))
        if value is None:
            text = f'<{tag}{attributes} i:nil="true"{own} />'
        else:
            text = self._element(tag, attributes, own, ref, value)
        self._depth -= 1
        del self._scope[mark:]
        return text

    # WriteNamespaceDecl: a prefix of depth and number, where none stands for the namespace yet.
    def _declare(self, namespace: str) -> str:
        if not namespace or self._prefix(namespace) is not None:
            return ""
        prefix = f"d{self._depth}p1"
        self._scope.append((prefix, namespace))
        return f' xmlns:{prefix}="{escape(namespace)}"'

    def _element(self, tag: str, attributes: str, own: str, ref: TypeRef, value: Any) -> str:
        """An element that is not nil; what is in it decides how it ends."""
        if ref.kind == "any":
            more, content = self._boxed(value)
            attributes += more
        else:
            content = self._content(ref, value)
        if content or ref.kind == "scalar" or (ref.kind == "any" and value.clr != "Object"):
            return f"<{tag}{attributes}{own}>{content}</{tag}>"
        return f"<{tag}{attributes}{own} />"

    def _content(self, ref: TypeRef, value: Any) -> str:
        if isinstance(value, DateTimeOffset):
            return self._date_time_offset(value)
        if ref.kind == "scalar":
            return escape(XML_SCALARS[ref.name].write(value, self._zone))
        if isinstance(value, bytes):
            return XML_SCALARS["Bytes"].write(value, self._zone)
        enum = self._shapes.enum(ref)
        if enum is not None:
            return escape(enum_text(enum, value))
        if ref.kind == "model":
            return self._members(self._shapes[ref.name], value)
        if ref.kind == "collection" and ref.item is not None:
            name = self._names.item(ref)
            tag, own = self._start(*name)
            return "".join(self._child(tag, own, name.namespace, ref.item, one) for one in value)
        if ref.kind == "dictionary":
            return self._pairs(ref, value)
        key, item = value
        return self._pair(ref, ("key", key), ("value", item), self._names.of(ref).namespace)

    def _pairs(self, ref: TypeRef, value: dict[Any, Any]) -> str:
        name = self._names.item(ref)
        tag, own = self._start(*name)
        parts = []
        self._depth += 1
        for key, item in value.items():
            parts.append(f"<{tag}{own}>{self._pair(ref, ('Key', key), ('Value', item), ARRAYS)}</{tag}>")
        self._depth -= 1
        return "".join(parts)

    def _pair(self, ref: TypeRef, key: tuple[str, Any], item: tuple[str, Any], namespace: str) -> str:
        assert ref.key is not None and ref.item is not None
        parts = []
        for kind, (local, value) in ((ref.key, key), (ref.item, item)):
            tag, own = self._start(local, namespace)
            parts.append(self._child(tag, own, namespace, kind, value))
        return "".join(parts)

    # DateTimeOffsetAdapter
    def _date_time_offset(self, value: DateTimeOffset) -> str:
        utc = write(DateTime(value.ticks - value.minutes * MINUTE, "utc"), self._zone)
        clock, own = self._start("DateTime", SYSTEM)
        minutes, _ = self._start("OffsetMinutes", SYSTEM)
        return f"<{clock}{own}>{utc}</{clock}><{minutes}{own}>{value.minutes}</{minutes}>"

    # SerializeAndVerifyType, WriteTypeInfo: the type's name goes along; a type that nobody announced cannot be written.
    def _boxed(self, value: Boxed) -> tuple[str, str]:
        if value.clr == "Object" and self._depth == 1:  # the root's type is the one that was asked for
            return "", ""
        name = BUILT_IN.get(value.clr)
        if name is None or value.clr == "DateTimeOffset":
            raise WriteError(f"{value.clr} is not expected")
        declared = self._declare(name.namespace)
        prefix = self._prefix(name.namespace)
        told = f'{declared} i:type="{prefix + ":" if prefix else ""}{name.local}"'
        return told, "" if value.clr == "Object" else escape(XML_SCALARS[value.clr].write(value.value, self._zone))
