"""Which facts an overlay can settle, and how their values are written: one table for reading and for the template.

The rule: a key of the file is the name of the fact in `contracts.model`; its value is checked before it is believed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from contracts.errors import UsageError
from contracts.helppage.phrases import type_of
from contracts.model import Casing, TypeRef
from contracts.scalars import SCALARS


@dataclass(frozen=True)
class Kind:
    """A kind of value: what it is in words, how it is read (ValueError for what it is not), how it is written."""

    words: str
    read: Callable[[Any], Any]
    write: Callable[[Any], str]


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value


def _name(value: Any) -> str | None:
    """A name, or false for "there is none"."""
    return None if value is False else _text(value)


def _casing(value: Any) -> str:
    if value not in get_args(Casing):
        raise ValueError
    return str(value)


def type_from(text: Any) -> TypeRef:
    """A type by its CLR name ("Int64", "Collection of Int64", "Dictionary of String to Int64") or the page's phrase."""
    words = " ".join(_text(text).split())
    if words in SCALARS:
        return TypeRef("scalar", words)
    if words.startswith("Collection of "):
        return TypeRef("collection", item=type_from(words.removeprefix("Collection of ")))
    key, to, item = words.removeprefix("Dictionary of ").partition(" to ")
    if words.startswith("Dictionary of ") and to:
        return TypeRef("dictionary", key=type_from(key), item=type_from(item))
    ref = type_of(words)
    if ref is None:
        raise ValueError
    return ref


def type_text(ref: TypeRef) -> str:
    """A type in CLR words: the opposite of `type_from`."""
    if ref.kind == "collection" and ref.item:
        return f"Collection of {type_text(ref.item)}"
    if ref.key and ref.item:
        return f"{ref.kind.capitalize()} of {type_text(ref.key)} to {type_text(ref.item)}"
    return ref.name or "Object"


def _quoted(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else "false"


_FLAG = Kind("true or false", _flag, lambda value: "true" if value else "false")
_WORDS = Kind("a text in quotes", _text, _quoted)
_NAMED = Kind("a name in quotes, or false for none", _name, _quoted)
_TYPED = Kind(
    'a type in quotes, such as "Int64" or "Collection of String"',
    type_from,
    lambda ref: _quoted(type_text(ref) if ref else "Object"),
)
_CASED = Kind('"camelCase", "snake_case", "kebab-case" or "PascalCase"', _casing, _quoted)

MODEL: Mapping[str, Kind] = {
    "description": _WORDS,
    "key": _NAMED,
    "portal_id": _NAMED,
    "as_string": _FLAG,
    "data_contract": _FLAG,
}
MEMBER: Mapping[str, Kind] = {
    "description": _WORDS,
    "type": _TYPED,
    "json": _NAMED,
    "nullable": _FLAG,
    "required": _FLAG,
    "read_only": _FLAG,
    "is_field": _FLAG,
    "clr_name": _NAMED,
    "is_required": _FLAG,
    "emit_default": _FLAG,
}
OPERATION: Mapping[str, Kind] = {"summary": _WORDS, "upsert": _FLAG}
PARAMETER: Mapping[str, Kind] = {
    "description": _WORDS,
    "type": _TYPED,
    "required": _FLAG,
    "default": _NAMED,
    "nullable": _FLAG,
    "complex": _NAMED,
}
CONTRACT: Mapping[str, Kind] = {"casing": _CASED}
#: Keys of an operation's table that say what a body is; "request" and "response" are facts of a `Body`.
BODIES = ("request", "response")
TYPE = _TYPED
#: The key of an operation's table that says what its action calls the body, and how it is read.
BODY, NAME = "body", _WORDS


def checked(kind: Kind, value: Any, where: str) -> Any:
    """The value as the kind reads it; raises UsageError that says what it should be."""
    try:
        return kind.read(value)
    except ValueError:
        raise UsageError(f"{where} is {value!r}\n    what to do: write {kind.words}") from None
