"""Types that no phrase of a page names by itself, as `TypeRef`s of their own.

    BASE64          byte[]: "Collection of byte" on the page, one text on the wire
    ANY             what nothing is known of: it can hold anything
    as_text(T)      an enumeration that one member writes by name, another by number; as_number(T) likewise
    nullable(T)     an element that may be null though its type is a value type: List<int?>, which the page calls
                    "Collection of integer"

Nothing is read or decided here.
"""

from __future__ import annotations

from collections.abc import Iterator

from contracts.model import TypeRef

BASE64 = TypeRef("scalar", "Byte[]")
ANY = TypeRef("any")
BYTES = TypeRef("collection", item=TypeRef("scalar", "Byte"))

_NULLABLE = "Nullable"


def nullable(ref: TypeRef) -> TypeRef:
    """Nullable<T> of a value type."""
    return TypeRef("pair", _NULLABLE, item=ref)


def is_nullable(ref: TypeRef) -> bool:
    """Whether the type is Nullable<T>."""
    return ref.kind == "pair" and ref.name == _NULLABLE


def as_text(ref: TypeRef) -> TypeRef:
    """An enumeration where it travels by its names."""
    return TypeRef("model", ref.name, form="name")


def as_number(ref: TypeRef) -> TypeRef:
    """An enumeration where it travels by its numbers."""
    return TypeRef("model", ref.name, form="number")


def told_as(ref: TypeRef) -> bool | None:
    """Whether an enumeration travels by its names here; None where it does as everywhere."""
    return None if ref.kind != "model" or not ref.form else ref.form == "name"


def bare(ref: TypeRef) -> TypeRef:
    """The type without Nullable<T>."""
    return ref.item if is_nullable(ref) and ref.item is not None else ref


def models_in(ref: TypeRef | None) -> Iterator[str]:
    """The names of the models that a type names itself, not through their properties."""
    if ref is None:
        return
    if ref.kind == "model":
        yield ref.name
    yield from models_in(ref.key)
    yield from models_in(ref.item)
