"""What a type's phrase leaves open and its samples close: byte[] or a list, widths, elements that may be null.

The page says "Collection of integer" of a List<long> as of a List<int?>, and "Collection of Collection of byte" of a
List<byte[]>; the samples write other elements and other texts for each.

The rule: of all types that a phrase may stand for (`alternatives`, the most general first) the first is taken that
every sample fits, by its looks and by the serializer's names. No sample is read here.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from typing import Any
from xml.etree.ElementTree import Element

from contracts.emit.contract_names import GENERIC, ContractNames, Name
from contracts.emit.evidence import Shown
from contracts.emit.refs import ANY, BASE64, BYTES, as_number, as_text, bare, is_nullable, nullable, told_as
from contracts.model import TypeRef
from contracts.naming import ARRAYS, INSTANCE
from contracts.scalars import PHRASES, SCALARS

# "decimal number" and the integers by how much they hold; the widest stands first.
_WIDEST = {"integer": "Int64", "unsigned integer": "UInt64", "decimal number": "Double"}
_MOST = 2_000  # alternatives that are tried of one type
_NIL = f"{{{INSTANCE}}}nil"
_OFFSET = TypeRef("scalar", "DateTimeOffset")
_NAMED_APART = ("model", "any")  # their names tell nothing of what is open here


def settled(names: ContractNames, ref: TypeRef, guessed: bool, shown: Shown, root: bool = False) -> TypeRef:
    """The type as its samples show it; where none fits, as its phrase says, numbers as wide as they may be.

    `root`: the elements are whole bodies, which bear the type's name.
    """
    first: TypeRef | None = None
    for other in islice(alternatives(ref, guessed), _MOST):
        first = first or other
        if all(_fits_json(names, other, value) for value in shown.values) and all(
            (not root or ref.kind in _NAMED_APART or names.root(other) == _name(element.tag))
            and _fits_xml(names, other, element)
            for element in shown.elements
        ):
            return other
    # More than the type can hold: a member that only an XML sample shows, whose type is a guess.
    if first is not None and first.kind == "scalar" and any(len(element) for element in shown.elements):
        return ANY
    # Named by no rule: [CollectionDataContract(ItemName = …)]. The sample's own name is then the only one.
    for element in shown.elements:
        if first is not None and first.kind in ("collection", "dictionary") and len(element):
            names.call(first, _name(element[0].tag))
    return first or ref


def alternatives(ref: TypeRef, guessed: bool) -> Iterator[TypeRef]:
    """All types that may stand behind a phrase, the most general of scalars first where they are guessed."""
    if ref.kind == "scalar" and ref.name in SCALARS:
        yield from _scalars(ref, guessed)
    elif ref.kind == "collection" and ref.item is not None:
        # GUESS: without a sample, byte[]; a sample of this member would settle it.
        if ref == BYTES:
            yield BASE64
        for item in _elements(ref.item, guessed):
            yield TypeRef("collection", ref.name, item)
    elif ref.kind == "model":
        yield from (ref, as_text(ref), as_number(ref))
    elif ref.key is not None and ref.item is not None:
        for key, item in product(alternatives(ref.key, guessed), _elements(ref.item, guessed)):
            yield TypeRef(ref.kind, ref.name, item, key)
    else:
        yield ref


def _elements(ref: TypeRef, guessed: bool) -> list[TypeRef]:
    plain = list(alternatives(ref, guessed))
    return [*plain, *(nullable(each) for each in plain if _may_be_value(each))]


def _may_be_value(ref: TypeRef) -> bool:
    """Whether Nullable<T> of it may be; a model may be a struct or an enumeration."""
    return ref.kind in ("model", "pair") or (ref.kind == "scalar" and ref != BASE64 and SCALARS[ref.name].value_type)


def _scalars(ref: TypeRef, guessed: bool) -> Iterator[TypeRef]:
    if not guessed:
        yield ref
        return
    phrase = SCALARS[ref.name].phrase
    names = [_WIDEST.get(phrase, ref.name), ref.name, *(scalar.clr for scalar in PHRASES[phrase])]
    yield from (TypeRef("scalar", name) for name in dict.fromkeys(names))


def _fits_json(names: ContractNames, ref: TypeRef, value: Any) -> bool:
    ref = bare(names.known(ref))
    if value is None or ref.kind == "any":
        return True
    if ref.kind == "model":
        model, text = names.models[ref.name], told_as(ref)
        text = model.as_string.value if text is None else text
        return model.kind == "object" or text is None or isinstance(value, str) is text
    if ref.kind == "collection":
        return isinstance(value, list) and all(_fits_json(names, ref.item or ref, each) for each in value)
    if ref.kind == "dictionary":
        return isinstance(value, dict) and all(_fits_json(names, ref.item or ref, each) for each in value.values())
    return isinstance(value, dict) if ref.kind == "pair" else not isinstance(value, (list, dict))


def _fits_xml(names: ContractNames, ref: TypeRef, element: Element) -> bool:
    """Whether an element may be of the type, as far as the names within it tell."""
    ref = bare(names.visible(ref))
    if element.get(_NIL) == "true" or ref.kind in ("any", "model"):
        return True
    if ref == _OFFSET:
        return {_name(child.tag).local for child in element} == {"DateTime", "OffsetMinutes"}
    if ref.kind == "scalar":
        return not len(element)
    if ref.kind in ("collection", "dictionary"):
        want = names.item(ref)
        inner = ref.item if ref.kind == "collection" else TypeRef("pair", "entry", ref.item, ref.key)
        return all(_name(child.tag) == want and _fits_xml(names, inner or ref, child) for child in element)
    if ref.key is None or ref.item is None or is_nullable(ref):
        return True
    words = ("Key", "Value") if ref.name == "entry" else ("key", "value")
    space = ARRAYS if ref.name == "entry" else GENERIC
    parts = (element.find(f"{{{space}}}{word}") for word in words)
    return all(part is None or _fits_xml(names, of, part) for of, part in zip((ref.key, ref.item), parts, strict=True))


def _name(tag: str) -> Name:
    space, _, local = tag.rpartition("}")
    return Name(space[1:], local)
