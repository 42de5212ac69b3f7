"""JSON kept as it is: what Json.NET makes of objects and lists where a member's type is Object, and how it writes them.

    {"a": [1, null]}  →  JObject of JArray of Int64 and null  →  {"a":[1,null]}

The rule: names keep their case and place, and none may come twice; a comment in a list is kept, undefined is null.
Types of their own (`json_binding`) may not live here.
Source: J Serialization/JsonSerializerInternalReader.cs (CreateJObject, CreateJToken), JsonWriter.cs (WriteToken,
WriteConstructorDate), Linq/JTokenWriter.cs, Linq/JValue.cs (WriteTo).
"""

from __future__ import annotations

import datetime
from typing import Any

from mockserver.webapi import boxed
from mockserver.webapi.boxed import Boxed
from mockserver.webapi.dates import MAX, DateTime, ticks_of
from mockserver.webapi.json_reader import JsonReader
from mockserver.webapi.json_scalars import JSON_SCALARS, quote
from mockserver.webapi.json_scanning import JsonError

_STARTS = ("StartObject", "StartArray", "StartConstructor")
_ENDS = ("EndObject", "EndArray", "EndConstructor")
_TICKS = 10_000


def read_object(reader: JsonReader) -> Boxed:
    """The object whose first name, or end, the reader stands at."""
    found: dict[str, Any] = {}
    while True:
        if reader.token == "PropertyName":
            name = reader.value
            while reader.read() and reader.token == "Comment":
                pass
            if name in found:
                raise _twice(name)
            found[name] = read_value(reader)
        elif reader.token != "Comment":
            return Boxed("JObject", found)
        if not reader.read():
            raise JsonError("Unexpected end when deserializing object.")


def read_value(reader: JsonReader) -> Boxed | None:
    """The value the reader stands at, with all that is in it; what ends too early is kept as far as it goes."""
    if reader.token not in _STARTS:
        return boxed.of_token(reader.value)
    top: list[Boxed | None] = []
    within: list[_Holder] = [_Holder(top)]
    while True:
        token, value = reader.token, reader.value
        holder = within[-1]
        if token == "PropertyName":
            holder.name = value
        elif token in _ENDS:
            within.pop()
        elif token == "StartConstructor" and value == "Date":
            holder.keep(_constructed_date(reader))
        elif token in _STARTS:
            inner: list[Any] | dict[str, Any] = {} if token == "StartObject" else []
            kept = {"StartObject": "JObject", "StartArray": "JArray"}.get(token, "JConstructor")
            holder.keep(Boxed(kept, (value, inner) if kept == "JConstructor" else inner))
            within.append(_Holder(inner))
        elif token == "Comment":
            holder.comment(value)
        else:
            holder.keep(boxed.of_token(value))
        if len(within) == 1 or not reader.read():
            return top[0]


class _Holder:
    """A list or an object that is being filled; `name` is what the next value of an object is called."""

    __slots__ = ("name", "values")

    def __init__(self, values: list[Any] | dict[str, Any]):
        self.values = values
        self.name: str | None = None

    def keep(self, value: Boxed | None) -> None:
        if isinstance(self.values, list):
            self.values.append(value)
            return
        name, self.name = self.name or "", None
        if name in self.values:
            raise _twice(name)
        self.values[name] = value

    # JTokenWriter.WriteComment: a value of its own in a list, nothing between the members of an object, and what a name
    # waits for after one, so that the value has no place.
    def comment(self, text: str) -> None:
        if isinstance(self.values, list):
            self.values.append(Boxed("Comment", text))
        elif self.name is not None:
            raise JsonError(f"Can not add a value to the object: {self.name} holds a comment.")


def _twice(name: str) -> JsonError:
    return JsonError(f"Can not add property {name}: a property with the same name already exists on the object.")


# WriteConstructorDate: new Date(milliseconds)
def _constructed_date(reader: JsonReader) -> Boxed:
    if not reader.read() or reader.token != "Integer":
        raise JsonError(f"Unexpected token when reading date constructor. Expected Integer, got {reader.token}")
    ticks = reader.value * _TICKS + ticks_of(1970, 1, 1)
    if not reader.read() or reader.token != "EndConstructor":
        raise JsonError(f"Unexpected token when reading date constructor. Expected EndConstructor, got {reader.token}")
    if not 0 <= ticks <= MAX:
        raise JsonError("the date is out of range")
    return Boxed("DateTime", DateTime(ticks, "utc"))


def write(value: Boxed | None, zone: datetime.tzinfo) -> str:
    """A value of type Object as JSON."""
    if value is None:
        return "null"
    if value.clr in JSON_SCALARS:
        return JSON_SCALARS[value.clr].write(value.value, zone)
    if value.clr == "JObject":
        return "{" + ",".join(f"{quote(name)}:{write(one, zone)}" for name, one in value.value.items()) + "}"
    if value.clr == "JArray":
        return f"[{_listed(value.value, zone)}]"
    if value.clr == "JConstructor":
        name, arguments = value.value
        return f"new {name}({','.join(write(one, zone) for one in arguments)})"
    if value.clr == "List":
        return "[" + ",".join(map(quote, value.value)) + "]"
    if value.clr == "Comment":
        return f"/*{value.value}*/"
    return "{}" if value.clr == "Object" else str(value.value)


# JsonWriter.AutoComplete: a comment has no comma before it and is none itself.
def _listed(values: list[Boxed | None], zone: datetime.tzinfo) -> str:
    text, comma = "", ""
    for one in values:
        if one is not None and one.clr == "Comment":
            text += write(one, zone)
        else:
            text, comma = text + comma + write(one, zone), ","
    return text
