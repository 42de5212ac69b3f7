"""A KeyValuePair in JSON, as Json.NET's converter reads it: what it does not look for, it does not miss.

    {"Key": "a", "Value": 1}        names in any case; others are passed over; what is left out is default(T)

The rule: the converter steps past the token it is given, whatever it is, and takes members as long as some come; so a
bare value swallows what follows it. Errors inside are the caller's (`json_binding`).
Source: J Converters/KeyValuePairConverter.cs (ReadJson).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contracts.model import TypeRef
from mockserver.webapi.json_reader import JsonReader
from mockserver.webapi.json_scanning import JsonError
from mockserver.webapi.shapes import Shapes


def read(
    reader: JsonReader, shapes: Shapes, ref: TypeRef, value: Callable[[TypeRef], Any], *, nullable: bool
) -> tuple[Any, Any] | None:
    """The pair at hand, `value` reads what is in it; JsonError for a null where there can be none."""
    assert ref.key is not None and ref.item is not None
    if reader.token == "Null":
        if not nullable:
            raise JsonError("Cannot convert null value to KeyValuePair.")
        return None
    kinds = (ref.key, ref.item)
    found = [shapes.default(kind) for kind in kinds]
    _step(reader)
    while reader.token == "PropertyName":
        at = {"key": 0, "value": 1}.get(reader.value.lower())
        if at is None:
            reader.skip()
        else:
            _step(reader)
            found[at] = value(kinds[at])
        _step(reader)
    return found[0], found[1]


def _step(reader: JsonReader) -> None:
    if not reader.read():
        raise JsonError("Unexpected end when reading KeyValuePair.")
