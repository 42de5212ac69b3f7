"""Form values to records: names with indexes and dots, converted with the invariant culture.

    Name=a&Parts[0].Count=1&Parts[1].Count=2&Tags=x&Tags=y&Labels[0].Key=k&Labels[0].Value=v

    blank        null, and an error for what cannot be null
    conversion   "The value '…' is not valid for …." with all the values sent; a number too large is only "an error"
    lists        by indexes from 0 up to the first that is missing, by an `.index` of its own, or one name many times

The rule: names are those of the code, in any case; public fields and members without a setter are no targets. Errors
come in the order in which members are bound. Splitting the body (`forms`) may not live here.
Source: W ModelBinding/Binders/MutableObjectModelBinder.cs, ComplexModelDtoModelBinder.cs, CollectionModelBinder.cs,
DictionaryModelBinder.cs, KeyValuePairModelBinder.cs, TypeConverterModelBinder.cs, TypeMatchModelBinder.cs,
Validation/ModelValidationNode.cs, ValueProviders/ValueProviderResult.cs, SRResources.resx.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any

from contracts.model import Model, TypeRef
from mockserver.webapi import altered
from mockserver.webapi.blanks import is_blank
from mockserver.webapi.boxed import Boxed
from mockserver.webapi.converters import read_text
from mockserver.webapi.form_scalars import FORM_SCALARS
from mockserver.webapi.form_values import FormValues, joined
from mockserver.webapi.json_numbers import NumberError
from mockserver.webapi.losses import Losses
from mockserver.webapi.numbers import TooLargeError
from mockserver.webapi.shapes import Member, Record, Shape, Shapes, fold
from mockserver.webapi.type_names import is_bytes

#: An error's key (the member's CLR name, dotted) and its message; None stands for an exception.
Log = Callable[[str, str | None], None]
#: Whether a value was bound, and the value: null may be one.
Bound = tuple[bool, Any]

_UNBOUND: Bound = (False, None)
#: GUESS: where the framework's stack ends is the host's; nobody nests so deep, and an answer would settle it.
_DEEPEST = 512
_TITLES = {"any": "Object", "pair": "KeyValuePair`2", "dictionary": "Dictionary`2", "collection": "List`1"}


class FormBinder:
    """Fills one value from a form's values; errors go to `log`, what is passed over to `losses`; `missing` is what is
    said of a value type that must be there."""

    def __init__(
        self, shapes: Shapes, values: Mapping[str, list[str]], zone: datetime.tzinfo, log: Log, losses: Losses,
        missing: str = "The {} property is required.",
    ):  # fmt: skip
        self._shapes, self._zone, self._log, self._losses, self._missing = shapes, zone, log, losses, missing
        self._values = FormValues(values)
        self._depth = 0
        # ModelState: the names that have a message or may get one, in the order they were looked at.
        self._state: dict[str, tuple[str, list[str | None]]] = {}

    @property
    def taken(self) -> set[str]:
        """The names, folded, that a member took its value from."""
        return self._values.taken

    # FormDataCollectionExtensions.ReadAs with an empty model name, CompositeModelBinder
    def bind_body(self, ref: TypeRef) -> Any:
        """The value, default(T) when the form has none for it."""
        bound, value = self._bind(ref, "", self._title(ref))
        if bound and value is None:
            self._add(self._title(ref), "A value is required but was not present in the request.")
        self._tell()
        return value if bound else self._shapes.default(ref)

    def bind_at(self, ref: TypeRef, key: str) -> Bound:
        """Whether a value stands under a name or below it, and which."""
        bound = self._bind(ref, key, self._title(ref))
        self._tell()
        return bound

    def _tell(self) -> None:
        for key, messages in self._state.values():
            for message in messages:
                self._log(key, message)
        self._state.clear()

    def _touch(self, key: str) -> list[str | None]:
        """SetModelValue: the name has its place among the errors from now on."""
        return self._state.setdefault(fold(key), (key, []))[1]

    def _add(self, key: str, message: str | None) -> None:
        self._touch(key).append(message)

    # ModelMetadata.GetDisplayName of what is no property: the type's name.
    def _title(self, ref: TypeRef) -> str:
        return ref.name or _TITLES[ref.kind]

    # HttpActionContextExtensions.Bind: the first of the framework's binders that binds
    def _bind(self, ref: TypeRef, key: str, title: str) -> Bound:
        enum = self._shapes.enum(ref)
        if ref.kind == "scalar" or enum is not None:
            return self._simple(ref, enum, key, title)
        self._depth += 1
        if self._depth > _DEEPEST:  # EnsureStackHelper: the framework gives up before its stack ends
            raise RecursionError(f"names nest deeper than {_DEEPEST} levels")
        bound = self._nested(ref, key)
        self._depth -= 1
        return bound

    def _nested(self, ref: TypeRef, key: str) -> Bound:
        if ref.kind == "any":
            return self._untyped(key)
        if ref.kind == "pair":
            return self._pair(ref, key)
        sent = None if ref.kind == "model" else self._values.get(key)
        if ref.kind == "collection" and sent is not None and len(sent) > 1 and ref.item == TypeRef("scalar", "String"):
            # GUESS: the list of values fits the member as it is (TypeMatchModelBinder); in an array blanks become null.
            self._touch(key)
            return True, list(sent)
        if not self._values.below(key):
            return _UNBOUND
        if ref.kind == "model":
            return True, self._populate(self._shapes[ref.name], key)
        items = self._elements(ref, key, sent)
        if is_bytes(ref):
            return True, bytes(items)
        if ref.kind == "collection":
            return True, list(items)
        # CreateOrReplaceDictionary: of duplicates the last wins, a null key is dropped.
        return True, {name: value for name, value in items if name is not None}

    # TypeConverterModelBinder
    def _simple(self, ref: TypeRef, enum: Model | None, key: str, title: str) -> Bound:
        sent = self._values.get(key)
        if sent is None:
            return _UNBOUND
        for other in sent[1:]:
            self._losses.add("form.duplicate", key, other, sent[0])
        if is_blank(sent[0]):
            # ConvertSimpleType, ReplaceEmptyStringWithNull
            self._touch(key)
            return True, None
        try:
            found = read_text(self._shapes, ref, sent[0], self._zone)
            for reason in altered.reasons("Enum" if enum else ref.name, sent[0], found, self._zone):
                kept = altered.written(ref.name, found, self._zone)
                self._losses.add(reason, key, sent[0], kept)
            return True, found
        except TooLargeError:
            self._add(key, None)
        except (ValueError, NumberError):
            self._add(key, f"The value '{','.join(sent)}' is not valid for {title}.")
        return _UNBOUND

    # TypeMatchModelBinder, else MutableObjectModelBinder of a type without properties
    def _untyped(self, key: str) -> Bound:
        sent = self._values.get(key)
        if sent is None:
            return (True, Boxed("Object")) if self._values.below(key) else _UNBOUND
        self._touch(key)
        if len(sent) > 1:
            return True, Boxed("List", list(sent))
        return True, None if is_blank(sent[0]) else Boxed("String", sent[0])

    def _pair(self, ref: TypeRef, key: str) -> Bound:
        assert ref.key is not None and ref.item is not None
        has_key, name = self._bind(ref.key, joined(key, "key"), self._title(ref.key))
        has_value, value = self._bind(ref.item, joined(key, "value"), self._title(ref.item))
        if not (has_key and has_value):
            return has_key or has_value or self._values.below(key), self._shapes.default(ref)
        return True, (self._or_default(ref.key, name), self._or_default(ref.item, value))

    # CastOrDefault
    def _or_default(self, ref: TypeRef, value: Any) -> Any:
        return self._shapes.default(ref) if value is None else value

    # BindSimpleCollection, BindComplexCollection
    def _elements(self, ref: TypeRef, key: str, sent: list[str] | None) -> Iterator[Any]:
        item = TypeRef("pair", "", ref.item, ref.key) if ref.kind == "dictionary" else ref.item
        assert item is not None
        title = self._title(item)
        if sent is not None:
            for one in sent:
                with self._values.one(key, one):
                    yield self._or_default(item, self._bind(item, key, title)[1])
            return
        indexes = self._values.get(joined(key, "index"))
        for index in count() if indexes is None else indexes:
            bound, value = self._bind(item, f"{key}[{index}]", title)
            if not bound and indexes is None:
                return
            yield self._or_default(item, value)

    # ComplexModelDtoModelBinder, ProcessDto
    def _populate(self, shape: Shape, prefix: str) -> Record:
        record = shape.blank()
        found: dict[str, Any] = {}
        for member in shape.members:
            if not member.field and member.settable:
                bound, value = self._bind(member.type, joined(prefix, member.clr), member.clr)
                if bound:
                    found[member.name] = value
        for member in shape.members:
            if member.must and member.name not in found:
                self._add(joined(prefix, member.clr), self._missing.format(member.clr))
        for member in shape.members:
            if member.name in found:
                self._set(member, record, found[member.name], joined(prefix, member.clr))
        return record

    # SetProperty, CreateNullCheckFailedHandler
    def _set(self, member: Member, record: Record, value: Any, key: str) -> None:
        if value is None and not member.nullable:
            self._add(key, "A value is required.")
            return
        record[member.name] = value
        if value is None:
            self._losses.add("form.blank", key, (self._values.get(key) or [""])[0], "null")


__all__ = ["FORM_SCALARS", "FormBinder"]
