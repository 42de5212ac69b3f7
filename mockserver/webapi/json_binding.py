"""Tokens to records: how Json.NET fills an object, which errors it files under which path, and how it goes on.

    names      exact first, then in any case; unknown ones are passed over; of duplicates the last wins
    errors     each is filed under the reader's path and counts as handled: the object goes on with its next member
    missing    a value type that must be there and is not is an error of the object (PascalCase sites only)

The rule: an error is caught where Json.NET catches it, per member and once around the whole. Reading tokens
(`json_reader`) and the scalars' table (`json_scalars`) may not live here.
Source: J Serialization/JsonSerializerInternalReader.cs; N Formatting/BaseJsonMediaTypeFormatter.cs.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from contracts.model import TypeRef
from mockserver.webapi import boxed, json_losses, json_metadata, json_pairs, json_tokens
from mockserver.webapi.json_keys import read_key
from mockserver.webapi.json_numbers import NumberError
from mockserver.webapi.json_scalars import JSON_SCALARS, big_for_another, read_enum
from mockserver.webapi.json_scanning import JsonError
from mockserver.webapi.json_typed_reader import TypedReader
from mockserver.webapi.losses import Losses
from mockserver.webapi.shapes import Record, Shape, Shapes, fold
from mockserver.webapi.type_names import is_bytes

#: What is told of each error: its path and the framework's own words (never sent, error detail being off).
Log = Callable[[str, str], None]

_VALUES = ("Integer", "Float", "Boolean", "Date", "Bytes", "String", "StartConstructor", "Null", "Undefined")
#: What StringEnumConverter reads.
_TOLD = ("Null", "String", "Integer")


class JsonBinder:
    """Reads one body; errors go to `log`, what is passed over to `losses`."""

    def __init__(self, shapes: Shapes, text: str, zone: datetime.tzinfo, log: Log, losses: Losses):
        self._shapes, self._log, self._losses, self._zone = shapes, log, losses, zone
        self._reader = TypedReader(text, zone)
        self._references: dict[str, Any] = {}

    def bind_body(self, ref: TypeRef) -> Any:
        """The value of the whole body, None when there is none or an error ended the reading."""
        found = None
        try:  # JsonSerializerInternalReader.Deserialize
            if self._read_for(ref):
                found = self._create(ref, nullable=True)
        except JsonError as error:
            self._log(self._reader.path, str(error))
        json_losses.tell_rest(self._losses, self._reader)
        return found

    def _read_for(self, ref: TypeRef) -> bool:
        """ReadForType: strings, dates and some numbers are asked for as such; False at the end of the text."""
        reader = self._reader
        enum = self._shapes.enum(ref)
        if ref.kind == "pair" or (enum is not None and enum.as_string.value):  # hasConverter: Read, whatever comes
            return reader.read()
        read = JSON_SCALARS[ref.name].read if ref.kind == "scalar" else "bytes" if is_bytes(ref) else "any"
        if read == "any":
            while reader.read():
                if reader.token != "Comment":
                    return True
            return False
        if read == "string":
            reader.read_string()
        elif read == "int32":
            reader.read_integer()
        elif read == "decimal":
            reader.read_decimal()
        elif read == "bytes":
            reader.read_bytes()
        else:
            reader.read_date(offset=read == "offset")
        return reader.token != "None"

    # CreateValueInternal
    def _create(self, ref: TypeRef, *, nullable: bool, existing: Any = None) -> Any:
        """The value at hand; an `existing` list, dictionary or object is added to, not replaced."""
        reader = self._reader
        if ref.kind == "pair":
            return json_pairs.read(reader, self._shapes, ref, self._handled, nullable=nullable)
        enum = self._shapes.enum(ref)
        if enum is not None and enum.as_string.value and reader.token not in _TOLD:
            raise JsonError(f"Unexpected token {reader.token} when parsing enum.")  # StringEnumConverter
        while True:
            token = reader.token
            if token == "StartObject":
                return self._object(ref, nullable, existing)
            if token == "StartArray":
                return self._array(ref, existing)
            if token in _VALUES:
                return self._value(ref, nullable)
            if token != "Comment":
                raise JsonError(f"Unexpected token while deserializing object: {token}")
            if not reader.read():
                raise JsonError("Unexpected end when deserializing object.")

    def _value(self, ref: TypeRef, nullable: bool) -> Any:
        """EnsureType; an empty string is null to every nullable type but String itself."""
        reader = self._reader
        token, value = reader.token, reader.value
        if token == "StartConstructor":
            token = "String"
        if ref.kind == "any":
            return boxed.of_token(value)
        if value is None or (token == "String" and not value and ref.name != "String"):
            if nullable:
                json_losses.tell_blank(self._losses, reader)
                return None
            raise JsonError(f"Error converting value {{null}} to type '{ref.name}'.")
        try:
            enum = self._shapes.enum(ref)
            if big_for_another(token, value, ref.name, nullable=nullable):
                raise ValueError(value)
            if enum is not None:
                found: Any = read_enum(enum, token, value)
            elif ref.kind == "scalar":
                found = JSON_SCALARS[ref.name].convert(token, value)
            elif is_bytes(ref) and token == "Bytes":
                return value
            else:
                raise ValueError
            json_losses.tell_altered(self._losses, reader, "Enum" if enum else ref.name, found, self._zone)
            return found
        except (ValueError, NumberError) as error:
            raise JsonError(f"Error converting value {value!r} to type '{ref.name}'.") from error

    def _checked_read(self) -> None:
        if not self._reader.read():
            raise JsonError("Unexpected end when deserializing object.")

    # CreateObject
    def _object(self, ref: TypeRef, nullable: bool, existing: Any) -> Any:
        reader = self._reader
        self._checked_read()
        identity, value = json_metadata.read(reader, self._references, self._losses)
        if value is json_metadata.LISTED:
            found = self._array(ref, existing)
            self._checked_read()
            return found
        if value is not json_metadata.UNSET:
            if value is None and not nullable:  # the property's setter takes no null
                raise JsonError(f"Error setting value to '{ref.name}'.")
            return value
        if ref.kind == "dictionary":
            return self._dictionary(ref, existing)
        if ref.kind == "model" and self._shapes.enum(ref) is None:
            return self._populate(self._shapes[ref.name], identity, existing)
        if (
            (ref.kind == "scalar" or self._shapes.enum(ref))
            and reader.token == "PropertyName"
            and reader.value == "$value"
        ):
            self._checked_read()
            if reader.token == "StartObject":
                raise JsonError("Unexpected token when deserializing primitive value: StartObject")
            found = self._create(ref, nullable=nullable)
            self._checked_read()
            return found
        if ref.kind == "any":
            return json_tokens.read_object(reader)
        raise JsonError(f"Cannot deserialize the current JSON object into type '{ref.name}'.")

    # PopulateObject
    def _populate(self, shape: Shape, identity: str | None, existing: Record | None) -> Record:
        reader = self._reader
        record = shape.blank() if existing is None else existing
        if identity is not None:
            if identity in self._references:
                raise JsonError(f"Error reading object reference '{identity}'.")
            self._references[identity] = record
        depth = reader.depth
        sent: dict[str, str] = {}
        present: set[str] = set()
        while True:
            token = reader.token
            if token == "PropertyName":
                try:
                    self._member(shape, record, reader.value, sent, present)
                except JsonError as error:
                    self._recover(error, depth)
            elif token == "EndObject":
                self._missing(shape, present, depth)
                return record
            elif token != "Comment":
                raise JsonError(f"Unexpected token when deserializing object: {token}")
            if not reader.read():
                self._log(reader.path, "Unexpected end when deserializing object.")
                self._missing(shape, present, depth)
                return record

    # EndObject
    def _missing(self, shape: Shape, present: set[str], depth: int) -> None:
        for name in shape.json_must:
            if name not in present:
                self._recover(JsonError(f"Required property '{name}' not found in JSON."), depth)

    def _member(self, shape: Shape, record: Record, name: str, sent: dict[str, str], present: set[str]) -> None:
        reader = self._reader
        start = reader.position
        member = shape.by_json.get(name) or shape.by_json_folded.get(fold(name))
        if member is None:
            path = reader.path
            if reader.read():
                reader.skip()
            self._losses.add("json.unknown", path or '""', json_losses.shown(reader.since(start)))
            return
        if not self._read_for(member.type):
            raise JsonError(f"Unexpected end when setting {name}'s value.")
        present.add(member.name)
        if member.json is None or not member.settable:  # Ignored, or not Writable: read over
            path = reader.path
            reader.skip()
            self._losses.add("json.not-set", path, json_losses.shown(reader.since(start)))
            return
        # ObjectCreationHandling.Auto: what the member holds already is used.
        existing = record[member.name]
        record[member.name] = self._create(member.type, nullable=member.nullable, existing=existing)
        # what is added to is not replaced
        if member.type.kind not in ("collection", "dictionary"):
            json_losses.tell_duplicate(self._losses, reader, member.name, reader.since(start), sent)

    # HandleError(readPastError: true); an error in here goes to whoever is further out.
    def _recover(self, error: JsonError, depth: int) -> None:
        reader = self._reader
        self._log(reader.path, str(error))
        reader.skip()
        while reader.depth > depth + 1:
            if not reader.read():
                break

    # JsonSerializerInternalReader.Deserialize, as a converter calls it for what is inside
    def _handled(self, ref: TypeRef) -> Any:
        """The value at hand; an error is filed and gives default(T)."""
        try:
            return self._create(ref, nullable=not self._shapes.value_type(ref))
        except JsonError as error:
            self._log(self._reader.path, str(error))
            return self._shapes.default(ref)

    # PopulateList
    def _array(self, ref: TypeRef, existing: Any) -> Any:
        if ref.kind == "any":
            return json_tokens.read_value(self._reader)
        if ref.kind != "collection" or ref.item is None or is_bytes(ref):
            raise JsonError(f"Cannot deserialize the current JSON array into type '{ref.name}'.")
        reader = self._reader
        found: list[Any] = [] if existing is None else existing
        depth = reader.depth
        nullable, failed = not self._shapes.value_type(ref.item), None
        while True:
            try:
                if not self._read_for(ref.item):
                    break
                if reader.token == "EndArray":
                    return found
                if reader.token != "Comment":
                    found.append(self._create(ref.item, nullable=nullable))
            except JsonError as error:
                index = reader.index_at(depth)
                self._recover(error, depth)
                if index == failed:
                    raise JsonError("Infinite loop detected from error handling.") from error
                failed = index
        self._log(reader.path, "Unexpected end when deserializing array.")
        return found

    # PopulateDictionary
    def _dictionary(self, ref: TypeRef, existing: Any) -> Any:
        assert ref.item is not None and ref.key is not None
        reader, found = self._reader, {} if existing is None else existing
        depth = reader.depth
        sent: dict[str, str] = {}
        while True:
            if reader.token == "PropertyName":
                name, start = reader.value, reader.position
                try:
                    key = read_key(self._shapes, ref.key, name, self._zone)
                    if not self._read_for(ref.item):
                        raise JsonError("Unexpected end when deserializing object.")
                    found[key] = self._create(ref.item, nullable=not self._shapes.value_type(ref.item))
                    json_losses.tell_duplicate(self._losses, reader, name, reader.since(start), sent)
                except JsonError as error:
                    self._recover(error, depth)
            elif reader.token == "EndObject":
                return found
            elif reader.token != "Comment":
                raise JsonError(f"Unexpected token when deserializing object: {reader.token}")
            if not reader.read():
                self._log(reader.path, "Unexpected end when deserializing object.")
                return found
