"""DataContractSerializer's way of reading: forward only, all or nothing.

    order     an element counts only when it comes after the last one taken; what comes too early is passed over
    names     element and namespace exactly; nil is null; text between members, or a wrong root, is an error

The rule: one error makes the whole model null. Nodes (`xml_reader`) and the scalars' table (`xml_scalars`) may not
live here.
Source: S XmlObjectSerializerReadContext.cs (GetMemberIndex, HandleMemberNotFound, ReadIfNullOrRef,
InternalDeserialize), AttributeData.cs, XmlFormatReaderGenerator.cs, ClassDataContract.cs.
"""

from __future__ import annotations

import datetime
from typing import Any

from contracts.model import TypeRef
from contracts.naming import ARRAYS
from mockserver.webapi import altered, xml_attributes, xml_losses
from mockserver.webapi.dates import MINUTE, DateTime, DateTimeOffset, offset_at
from mockserver.webapi.losses import Losses
from mockserver.webapi.shapes import Member, Record, Shape, Shapes
from mockserver.webapi.xml_attributes import Attributes
from mockserver.webapi.xml_reader import XmlError, XmlReader
from mockserver.webapi.xml_scalars import ITEM_NAMES, XML_SCALARS, read_enum

#: The namespace of DateTimeOffset's two parts.
_SYSTEM = "http://schemas.datacontract.org/2004/07/System"


class DataContractReader:
    """Reads one body; what it passes over goes to `losses`."""

    def __init__(self, shapes: Shapes, text: str, zone: datetime.tzinfo, losses: Losses):
        self._shapes, self._zone, self._losses = shapes, zone, losses
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
        root = self._shapes[ref.name].xml_root
        if reader.kind != "element" or (reader.name, reader.namespace) != (root.name, root.namespace):
            raise XmlError(f"expecting element '{root.name}' from namespace '{root.namespace}'")
        found = self._value(ref, nullable=True)
        xml_losses.tell_rest(self._losses, reader)
        return found

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

    def _unknown(self) -> None:
        """Past an element that has no place here."""
        path = self._place(self._reader.name)
        self._losses.add("xml.unknown", path, xml_losses.content(self._skip()))

    def _place(self, name: str) -> str:
        return ".".join((*self._path, name))

    def _parsed(self, read: Any, text: str) -> Any:
        try:
            return read(text, self._zone)
        except ValueError as error:
            raise XmlError(str(error)) from error

    # ReadIfNullOrRef and what follows it in ReadValue
    def _value(self, ref: TypeRef, *, nullable: bool) -> Any:
        attributes = xml_attributes.read(self._reader, self._zone, self._losses, self._path)
        by_value = (ref.kind == "scalar" and ref.name not in ("String", "Uri")) or self._shapes.enum(ref) is not None
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
        found = self._content(ref, attributes)
        if attributes.id is not None:
            self._objects[attributes.id] = found
        return found

    def _content(self, ref: TypeRef, attributes: Attributes) -> Any:
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
        if ref.kind == "collection" and ref.item is not None:
            return self._items(ref.item)
        if ref.kind == "dictionary" and ref.item is not None:
            return self._pairs(ref.item)
        if ref.kind != "model":
            self._skip()
            return None
        shape = self._shapes[ref.name]
        root = shape.xml_root
        if attributes.type not in (None, (root.name, root.namespace)):
            raise XmlError(f"the type {attributes.type}")
        return self._populate(shape)

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
                xml_losses.tell_passed_over(self._losses, order, name, place, self._skip(), taken, reader)
                continue
            member = order[index]
            start = reader.start
            self._path.append(reader.name)
            record[member.name] = self._value(member.type, nullable=member.nullable)
            self._path.pop()
            taken[member.name] = slice(start, reader.start)
            next_index = index + 1
        reader.read()
        return record

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
        clock: DateTime | None = None
        minutes: int | None = None
        for _ in self._elements():
            name = self._reader.name if self._reader.namespace == _SYSTEM else ""
            if name == "DateTime" and clock is None and minutes is None:
                clock = self._parsed(XML_SCALARS["DateTime"].read, self._text())
            elif name == "OffsetMinutes" and clock is not None and minutes is None:
                minutes = self._parsed(XML_SCALARS["Int16"].read, self._text())
            else:
                self._unknown()
        if clock is None or minutes is None or abs(minutes) > 14 * 60:
            raise XmlError("the parts of the date and time")
        if clock.kind == "unspecified":
            return DateTimeOffset(clock.ticks, minutes)
        local = offset_at(clock.ticks, self._zone, universal=False) if clock.kind == "local" else 0
        return DateTimeOffset(clock.ticks - local + minutes * MINUTE, minutes)

    def _items(self, item: TypeRef) -> list[Any]:
        """A list's elements; one of another name is passed over."""
        found = []
        for _ in self._elements():
            if (self._reader.name, self._reader.namespace) != self._item_name(item):
                self._unknown()
                continue
            found.append(self._value(item, nullable=self._nullable(item)))
        return found

    def _pairs(self, item: TypeRef) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for _ in self._elements():
            pair: dict[str, Any] = {}
            for _ in self._elements():
                if self._reader.name == "Key" and "Key" not in pair:
                    pair["Key"] = self._value(TypeRef("scalar", "String"), nullable=True)
                elif self._reader.name == "Value" and "Value" not in pair:
                    pair["Value"] = self._value(item, nullable=self._nullable(item))
                else:
                    self._unknown()
            if pair.get("Key") is None or pair["Key"] in found:
                raise XmlError("the key")
            found[pair["Key"]] = pair.get("Value")
        return found

    def _nullable(self, ref: TypeRef) -> bool:
        return not ((ref.kind == "scalar" and ref.name not in ("String", "Uri")) or self._shapes.enum(ref) is not None)

    def _item_name(self, item: TypeRef) -> tuple[str, str]:
        if item.kind == "model" and self._shapes.enum(item) is None:
            root = self._shapes[item.name].xml_root
            return root.name, root.namespace
        return ITEM_NAMES.get(item.name, item.name[:1].lower() + item.name[1:]), ARRAYS
