"""What a collection, a dictionary or a pair holds, and what a lone value is: by the names of its elements in XML.

    path          is the element of                      e.g.
    X             a lone value, a pair                   <long>, <KeyValuePairOfstringint>
    X[]           an item of the collection at X         <d2p1:long>
    X{}           an entry of the dictionary at X        <KeyValueOfintlong>
    X{}.value     its value, if that holds others        (X{}.value[] is an item of it)

The rule: an element's name tells a type's width in XML; where none tells, the natural width is a guess. Source: .NET's
data contract serializer (DataContract.GetStableName, CollectionDataContract), and the element names of XmlSerializer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from contracts.helppage.draft import Located
from contracts.helppage.facts import inferred
from contracts.helppage.samples import Xml
from contracts.model import Fact, TypeRef
from contracts.scalars import PHRASES, SCALARS

# XSD names of items in DataContract XML → CLR names
_ELEMENTS = {scalar.xsd.partition(":")[2]: clr for clr, scalar in SCALARS.items()}
_SETTLE = "a page with an XML sample of this type"
# GetNamespacesDigest behind a name whose arguments are not all built in: eight characters, "/" and "+" as two each.
_DIGEST = r"(?:\w{8,16})?"

#: The elements that a page's samples show, by page and path.
Elements = Mapping[tuple[str, str], tuple[str, Xml]]


def content_fact(
    ref: TypeRef, phrase: Located, page: str, sample_page: str, path: str, elements: Elements
) -> Fact[TypeRef]:
    """The type with every width that the elements at a path tell; a guess where one is left open."""
    if not is_open(ref):
        return inferred(ref, "type.phrase", page, phrase.lines, phrase.text)
    shown: list[Xml] = []
    exact, told = _exact(ref, sample_page, path, elements, shown)
    if told:
        lines = [element.line for element in shown]
        return inferred(exact, "type.xml-element", sample_page, lines, " ".join(f"<{one.name}>" for one in shown))
    return inferred(exact, "type.natural", page, phrase.lines, phrase.text, _SETTLE)


def is_open(ref: TypeRef) -> bool:
    """Whether a scalar in the type stands for several CLR types."""
    if ref.kind == "scalar":
        choices = PHRASES[SCALARS[ref.name].phrase]
        return len(choices) > 1 and ref.name == choices[0].clr
    return any(is_open(part) for part in (ref.item, ref.key) if part)


def _exact(ref: TypeRef, page: str, path: str, elements: Elements, shown: list[Xml]) -> tuple[TypeRef, bool]:
    """The type as far as it is told, and whether all of it is."""
    if not is_open(ref):
        return ref, True
    if ref.kind == "collection" and ref.item:
        item, told = _exact(ref.item, page, f"{path}[]", elements, shown)
        return replace(ref, item=item), told
    entry = "{}" if ref.kind == "dictionary" else ""
    found = elements.get((page, path + entry))
    if found is None:
        return ref, False
    shown.append(found[1])
    name = found[1].name
    if ref.kind == "scalar":
        clr = _ELEMENTS.get(name)
        same = clr is not None and SCALARS[clr].phrase == SCALARS[ref.name].phrase
        return (replace(ref, name=clr), True) if clr and same else (ref, False)
    arguments = re.sub(r"\A(?:KeyValueOf|KeyValuePairOf)", "", name)
    return _of_entry(ref, arguments, page, path + entry, elements, shown)


def _of_entry(
    ref: TypeRef, arguments: str, page: str, path: str, elements: Elements, shown: list[Xml]
) -> tuple[TypeRef, bool]:
    if ref.key is None or ref.item is None:
        return ref, False
    for key in _alike(ref.key):
        if not arguments.startswith(_word(key)):
            continue
        behind = arguments.removeprefix(_word(key))
        for item in _alike(ref.item):
            if item.kind == "scalar" and re.fullmatch(re.escape(_word(item)) + _DIGEST, behind):
                return replace(ref, key=key, item=item), True
        if ref.item.kind != "scalar":
            item, told = _exact(ref.item, page, f"{path}.value", elements, shown)
            return replace(ref, key=key, item=item), told
    return ref, False


def _alike(ref: TypeRef) -> list[TypeRef]:
    """The types that the phrase of a scalar stands for, the longest word first; another type alone."""
    if ref.kind != "scalar" or not is_open(ref):
        return [ref]
    found = [TypeRef("scalar", scalar.clr) for scalar in PHRASES[SCALARS[ref.name].phrase]]
    return sorted(found, key=lambda one: -len(_word(one)))


def _word(ref: TypeRef) -> str:
    return SCALARS[ref.name].xsd.partition(":")[2] if ref.kind == "scalar" else ref.name
