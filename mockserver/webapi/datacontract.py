"""DataContractSerializer's way of reading: forward only, all or nothing.

    order     an element counts only when it comes after the last one taken; what comes too early is passed over
    names     element and namespace exactly; nil is null; text between members, or a wrong root, is an error
    required  a member that must be there and is passed by is an error (IsRequired; key and value of a pair)

The rule: one error makes the whole model null. Nodes (`xml_reader`) and the scalars' table (`xml_scalars`) may not
live here.
Source: S XmlObjectSerializerReadContext.cs (GetMemberIndex, HandleMemberNotFound, ReadIfNullOrRef,
InternalDeserialize), AttributeData.cs, XmlFormatReaderGenerator.cs, ClassDataContract.cs.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any, TypeVar

from contracts.model import TypeRef
from contracts.naming import ARRAYS
from mockserver.webapi import altered, xml_any, xml_attributes, xml_losses
from mockserver.webapi.dates import MINUTE, DateTimeOffset, offset_at
from mockserver.webapi.losses import Losses
from mockserver.webapi.shapes import Member, Record, Shape, Shapes
from mockserver.webapi.type_names import SYSTEM, Name, is_bytes
from mockserver.webapi.xml_attributes import Attributes
from mockserver.webapi.xml_reader import XmlError, XmlReader
from mockserver.webapi.xml_scalars import XML_SCALARS, read_enum

T = TypeVar("T")


class DataContractReader:
    """Reads one body; what it passes over goes to `losses`."""

    def __init__(self, shapes: Shapes, text: str, zone: datetime.tzinfo, losses: Losses):
        self._shapes, self._names, self._zone, self._losses = shapes, shapes.names, zone, losses
        self._path: list[str] = []
        self._returns = "\r" in text
        self._reader = XmlReader(text)
        self._objects: dict[str, Any] = {}

    # XmlObjectSerializer.ReadObjectHandleExceptions with verifyObjectName
    def read(self, ref: TypeRef) -> Any:
        """The value, None for a nil root; XmlError for anything that is wrong."""
        reader = self._reader
        reader.read()
        self._to_content()
        root = self._names.root(ref)
        if reader.kind != "element" or (reader.name, reader.namespace) != root:
            raise XmlError(f"expecting element '{root.local}' from namespace '{root.namespace}'")
        found = self._primitive(ref) if self._names.primitive(ref) else self._value(ref, nullable=True, root=True)
        xml_losses.tell_rest(self._losses, reader)
        return found

    # InternalReadObject, TryReadNullAtTopLevel: a built-in type's root has no attributes but where it can be null.
    def _primitive(self, ref: TypeRef) -> Any:
        return self._content(ref, Attributes()) if self._shapes.value_type(ref) else self._value(ref, nullable=True)

    # XmlReader.MoveToContent
    def _to_content(self) -> None:
        reader = self._reader
        while reader.kind in ("blank", "comment", "declaration"):
            reader.read()

    def _skip(self) -> str:
        """Past the present element and all that is in it; its text."""
        reader, depth = self._reader, 0
        start = reader.start
        while True:
            if reader.kind == "element":
                depth += 1
            elif reader.kind == "end":
                depth -= 1
            reader.read()
            if not depth:
                return reader.since(start)

    # SkipUnknownElement: its own attributes are read all the same, and may be bad.
    def _skip_unknown(self) -> str:
        xml_attributes.read(self._reader, self._zone, Losses(), self._path)
        return self._skip()

    def _unknown(self) -> None:
        """Past an element that has no place here."""
        path = self._place(self._reader.name)
        self._losses.add("xml.unknown", path, xml_losses.content(self._skip_unknown()))

    def _place(self, name: str) -> str:
        return ".".join((*self._path, name))

    def _parsed(self, read: Any, text: str) -> Any:
        try:
            return read(text, self._zone)
        except ValueError as error:
            raise XmlError(str(error)) from error

    # ReadIfNullOrRef and what follows it in ReadValue
    def _value(self, ref: TypeRef, *, nullable: bool, root: bool = False) -> Any:
        attributes = xml_attributes.read(self._reader, self._zone, self._losses, self._path)
        by_value = not root and self._shapes.value_type(ref)  # TryHandleNullOrRef asks no value type for the root
        if attributes.ref is not None:
            if by_value or attributes.ref not in self._objects:
                raise XmlError(f"the reference {attributes.ref}")
            self._skip()
            return self._objects[attributes.ref]
        if attributes.nil:
            if not nullable:
                raise XmlError("a value type cannot be null")
            xml_losses.tell_nil(self._losses, ".".join(self._path), self._skip())
            return None
        if attributes.id is not None and by_value:
            raise XmlError("a value type cannot have an id")
        found = self._any(attributes) if ref.kind == "any" else self._content(ref, attributes)
        if attributes.id is not None:
            self._objects[attributes.id] = found
        return found

    def _content(self, ref: TypeRef, attributes: Attributes) -> Any:
        if not self._names.built_in(ref) and attributes.type not in (None, self._names.of(ref)):
            raise XmlError(f"the type {attributes.type}")
        if ref.kind == "scalar":
            if ref.name == "DateTimeOffset":
                return self._date_time_offset()
            text = self._text()
            found = self._parsed(XML_SCALARS[ref.name].read, text)
            for reason in altered.reasons(ref.name, text, found, self._zone):
                kept = altered.written(ref.name, found, self._zone)
                self._losses.add(reason, ".".join(self._path), text, kept)
            return found
        enum = self._shapes.enum(ref)
        if enum is not None:
            return self._parsed(lambda text, zone: read_enum(enum, text), self._text())
        if is_bytes(ref):
            return self._parsed(XML_SCALARS["Bytes"].read, self._text())
        if ref.kind == "collection" and ref.item is not None:
            return self._items(ref, ref.item)
        if ref.kind == "dictionary":
            return self._pairs(ref)
        if ref.kind == "pair":
            return self._pair(ref, ("key", "value"), self._names.of(ref).namespace)
        return self._populate(self._shapes[ref.name])

    def _any(self, attributes: Attributes) -> Any:
        """A value of type Object: i:type says which."""
        clr = xml_any.clr_type(attributes.type)
        return self._parsed(lambda text, zone: xml_any.read(clr, text, zone), self._text())

    # XmlReader.ReadElementContentAsString: comments are passed over, an element inside is an error.
    def _text(self) -> str:
        reader = self._reader
        pieces = []
        start = reader.after
        reader.read()
        while reader.kind in ("text", "blank", "cdata", "comment"):
            if reader.kind != "comment":
                pieces.append(reader.text_value())
            reader.read()
        if reader.kind != "end":
            raise XmlError("an element inside a value")
        text = "".join(pieces)
        if self._returns:
            xml_losses.tell_line_ends(self._losses, ".".join(self._path), reader.since(start), text)
        reader.read()
        return text

    # XmlFormatClassReader: while (MoveToNextElement) { memberIndex = GetMemberIndex(…) }
    def _populate(self, shape: Shape) -> Record:
        reader = self._reader
        record = shape.blank()
        order = shape.xml_order
        next_index = 0
        taken: dict[str, slice] = {}
        reader.read()
        while True:
            self._to_content()
            if reader.kind == "end":
                break
            if reader.kind != "element":
                raise XmlError("text between the members")
            index = self._index(order, next_index)
            if index is None:
                name, place = (reader.name, reader.namespace), self._place(reader.name)
                xml_losses.tell_passed_over(self._losses, order, name, place, self._skip_unknown(), taken, reader)
                continue
            member = order[index]
            self._missing(order, next_index, index)
            start = reader.start
            self._path.append(reader.name)
            record[member.name] = self._value(member.type, nullable=member.nullable)
            self._path.pop()
            taken[member.name] = slice(start, reader.start)
            next_index = index + 1
        self._missing(order, next_index, len(order))
        reader.read()
        return record

    @staticmethod  # ThrowRequiredMemberMissing
    def _missing(order: tuple[Member, ...], start: int, end: int) -> None:
        for member in order[start:end]:
            if member.xml_must:
                raise XmlError(f"expecting element '{member.name}'")

    def _index(self, order: tuple[Member, ...], start: int) -> int | None:
        """GetMemberIndex: only members after the last one read are looked at."""
        reader = self._reader
        for index in range(start, len(order)):
            name = order[index].xml
            if name is not None and name.name == reader.name and name.namespace == reader.namespace:
                return index
        return None

    def _elements(self) -> Any:
        """Each child element in turn; the caller reads it."""
        reader = self._reader
        reader.read()
        while True:
            self._to_content()
            if reader.kind == "end":
                reader.read()
                return
            if reader.kind != "element":
                raise XmlError("text between elements")
            yield

    def _date_time_offset(self) -> DateTimeOffset:
        """DateTimeOffsetAdapter: both parts must be there; a time of no kind is the clock's, any other is UTC."""
        wanted = [(Name("DateTime", SYSTEM), "DateTime"), (Name("OffsetMinutes", SYSTEM), "Int16")]
        clock, minutes = self._parts(wanted, self._part)
        if abs(minutes) > 14 * 60:
            raise XmlError("the offset")
        if clock.kind == "unspecified":
            return DateTimeOffset(clock.ticks, minutes)
        local = offset_at(clock.ticks, self._zone, universal=False) if clock.kind == "local" else 0
        return DateTimeOffset(clock.ticks - local + minutes * MINUTE, minutes)

    def _items(self, ref: TypeRef, item: TypeRef) -> list[Any]:
        """A list's elements; one of another name is passed over."""
        found: list[Any] = []
        name, nullable = self._names.item(ref), not self._shapes.value_type(item)
        for _ in self._elements():
            if (self._reader.name, self._reader.namespace) != name:
                self._unknown()
                continue
            self._path.append(f"{name.local}[{len(found)}]")
            found.append(self._value(item, nullable=nullable))
            self._path.pop()
        return found

    def _pairs(self, ref: TypeRef) -> dict[Any, Any]:
        """A dictionary's elements, each a pair; a key twice, or null, is an error."""
        found: dict[Any, Any] = {}
        name = self._names.item(ref)
        for _ in self._elements():
            if (self._reader.name, self._reader.namespace) != name:
                self._unknown()
                continue
            self._path.append(f"{name.local}[{len(found)}]")
            key, value = self._pair(ref, ("Key", "Value"), ARRAYS)
            self._path.pop()
            if key is None or key in found:
                raise XmlError("the key")
            found[key] = value
        return found

    def _pair(self, ref: TypeRef, names: tuple[str, str], namespace: str) -> tuple[Any, Any]:
        """The class KeyValue<K, V>."""
        assert ref.key is not None and ref.item is not None
        kinds = [(Name(name, namespace), kind) for name, kind in zip(names, (ref.key, ref.item), strict=True)]
        key, value = self._parts(kinds, lambda kind: self._value(kind, nullable=not self._shapes.value_type(kind)))
        return key, value

    def _parts(self, wanted: list[tuple[Name, T]], read: Callable[[T], Any]) -> list[Any]:
        """The members of a class that must all be there, in their order; what has another name is passed over."""
        found: list[Any] = []
        for _ in self._elements():
            here = (self._reader.name, self._reader.namespace)
            at = next((i for i in range(len(found), len(wanted)) if wanted[i][0] == here), None)
            if at is None:
                self._unknown()
            elif at > len(found):
                raise XmlError(f"expecting element '{wanted[len(found)][0].local}'")
            else:
                self._path.append(self._reader.name)
                found.append(read(wanted[at][1]))
                self._path.pop()
        if len(found) == len(wanted):
            return found
        raise XmlError(f"expecting element '{wanted[len(found)][0].local}'")

    def _part(self, clr: str) -> Any:
        """A member of a built-in type that cannot be null."""
        attributes = xml_attributes.read(self._reader, self._zone, self._losses, self._path)
        if attributes.nil or attributes.id is not None or attributes.ref is not None:
            raise XmlError("a value type is neither null nor referred to")
        return self._parsed(XML_SCALARS[clr].read, self._text())
