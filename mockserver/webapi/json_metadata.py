"""Names that start with "$" at the head of a JSON object: the serializer's own marks.

    $id names the object, $ref stands for one named before, $type is read and forgotten, $values holds a list

The rule: they count only where they come first. Members (`json_binding`) may not live here.
Source: J Serialization/JsonSerializerInternalReader.cs (ReadMetadataProperties).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.webapi import json_losses
from mockserver.webapi.json_reader import JsonReader
from mockserver.webapi.json_scanning import JsonError
from mockserver.webapi.losses import Losses

#: No $ref gave a value.
UNSET = object()
#: The reader stands at the list that $values holds.
LISTED = object()


def _checked_read(reader: JsonReader) -> None:
    if not reader.read():
        raise JsonError("Unexpected end when deserializing object.")


# ReadMetadataProperties; TypeNameHandling is None, so a $type is read and forgotten.
def read(reader: JsonReader, references: Mapping[str, Any], losses: Losses) -> tuple[str | None, Any]:
    """The `$id` of the object, and its value when a `$ref` gives it, LISTED when `$values` does."""
    identity: str | None = None
    while reader.token == "PropertyName" and reader.value in ("$ref", "$type", "$id", "$values"):
        name = reader.value
        _checked_read(reader)
        if name == "$values":
            losses.add("json.metadata", reader.path, "")
            return identity, LISTED
        value = reader.value
        if name in ("$type", "$id"):
            losses.add("json.metadata", reader.path, json_losses.shown(reader.since(reader.start)))
        if name == "$ref":
            if reader.token not in ("String", "Null"):
                raise JsonError("JSON reference $ref property must have a string or null value.")
            _checked_read(reader)
            if value is not None:
                if reader.token == "PropertyName":
                    raise JsonError("Additional content found in JSON reference object.")
                return None, references.get(value)
            continue
        if name == "$type" and value is None:
            raise JsonError("Object reference not set to an instance of an object.")
        if name == "$id":
            identity = None if value is None else str(value)
        _checked_read(reader)
    return identity, UNSET
