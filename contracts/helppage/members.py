"""The facts of one member: type, JSON and XML name, required, read-only, nullable, annotations.

The rule: what the row says is stated, what the samples show or the framework's manner gives is inferred by a named
rule, and what neither tells is a guess or unknown, with what would settle it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from contracts.helppage import prose
from contracts.helppage.draft import Located, Row, shorten
from contracts.helppage.facts import because, inferred, stated, unknown
from contracts.helppage.phrases import annotation_of, models_in, type_of
from contracts.helppage.samples import Number, Xml
from contracts.helppage.walk import Seen, Walk
from contracts.model import Annotation, Casing, Fact, Property, TypeRef, XmlName
from contracts.naming import json_name
from contracts.scalars import PHRASES, SCALARS

T = TypeVar("T")

# XSD names of items in DataContract XML → CLR names
_ELEMENTS = {scalar.xsd.partition(":")[2]: clr for clr, scalar in SCALARS.items() if scalar.xsd.startswith("xs:")}
_SETTLE_WIDTH = "the width of the integer: send {} and see whether it is refused"
_SETTLE_CLR = "send it as a form by its name in the code: forms bind that name only"
_SETTLE_CONTRACT = "whoever wrote the service: [DataMember] of this member"
_SETTLE_TABLE = "the page with this model's table (ResourceModel)"
_SETTLE_XML = "a page with an XML sample of this model"


@dataclass(frozen=True)
class Place:
    """Where a model's facts come from: its page, the best view of it in a sample, the levels of its XML members."""

    model: str
    page: str
    seen: Seen | None
    names: Mapping[str, Fact[XmlName | None]]
    nullable: Mapping[str, Fact[bool | None]]
    casing: Casing | None
    fields: frozenset[str] = frozenset()
    data_contract: bool = False


def property_of(row: Row, place: Place, walk: Walk) -> Property:
    """Everything known of the member in that row."""
    name = row.name or Located("", row.line)
    words, page = row.description, place.page
    description = stated(words.text, page, words) if words else stated("", page, Located("", row.line))
    annotations = tuple(
        stated(annotation_of(text.text), page, text)
        for text in row.annotations
        if annotation_of(text.text).kind != "none"
    )
    phrase = " ".join(row.phrase.text.split())
    contract: Fact[bool | None] = Fact(None, settle=_SETTLE_CONTRACT if place.data_contract else "")
    return Property(
        name=name.text,
        description=description,
        phrase=_sampled(phrase, row, page) if row.sampled else stated(phrase, page, row.phrase),
        type=_sampled_type(row, page, walk) if row.sampled else type_fact(row.phrase, page, place, name.text, walk),
        json=_json(row, name, place),
        xml=place.names.get(name.text) or unknown(None, _SETTLE_XML),
        nullable=place.nullable[name.text],
        required=_required(row, annotations, page),
        read_only=_read_only(row, page),
        annotations=annotations,
        is_field=_is_field(name, place),
        clr_name=_clr_name(name, place),
        is_required=contract,
        emit_default=contract,
    )


def _sampled(value: T, row: Row, page: str) -> Fact[T]:
    return inferred(value, "type.sample", page, row.phrase.lines, row.phrase.text, _SETTLE_TABLE)


def _sampled_type(row: Row, page: str, walk: Walk) -> Fact[TypeRef]:
    ref = type_of(row.phrase.text) or TypeRef("any")
    return _sampled(walk.known(ref), row, page)


def _is_field(name: Located, place: Place) -> Fact[bool | None]:
    if name.text not in place.fields or place.seen is None or place.seen.json is None:
        return Fact(None)
    line = place.seen.json[place.seen.keys[name.text]].line
    return inferred(True, "member.field", place.seen.page, (line,), place.seen.keys[name.text])


def _clr_name(name: Located, place: Place) -> Fact[str | None]:
    """The name in the code where the page shows that the table's is another; open where a contract may rename it."""
    seen = place.seen
    if seen and name.text in seen.renamed:
        element = seen.elements[name.text]
        return inferred(
            element.name, "xml.renamed", seen.page, (element.line,), f"<{element.name}>", settle=_SETTLE_CLR
        )
    odd = name.text[:1].islower() or "_" in name.text.strip("_")
    return unknown(None, _SETTLE_CLR) if place.data_contract and odd else Fact(None)


def _json(row: Row, name: Located, place: Place) -> Fact[str | None]:
    seen, page = place.seen, place.page
    if seen and seen.json is not None and name.text in seen.keys:
        key = seen.keys[name.text]
        at = seen.json[key].line
        if name.text in seen.table.lost:
            by = because("name.from-samples", page, (row.line,)), because("name.from-samples", seen.page, (at,), key)
            return Fact(key, by)
        return stated(key, seen.page, Located(f'"{key}":', at))
    if place.casing is None:
        return inferred(name.text, "json.casing", page, name.lines, name.text, settle="a page with a JSON sample")
    return inferred(json_name(name.text, place.casing), "json.casing", page, name.lines, name.text)


def _required(row: Row, annotations: tuple[Fact[Annotation], ...], page: str) -> Fact[bool]:
    for annotation in annotations:
        if annotation.value.kind == "required":
            return Fact(True, annotation.evidence)
    said = prose.required(row.description.text) if row.description else None
    if row.description and said:
        return stated(said[0], page, row.description, said[1])
    words = row.description or row.phrase
    return inferred(False, "required.unsaid", page, words.lines, words.text)


def _read_only(row: Row, page: str) -> Fact[bool]:
    said = prose.read_only(row.description.text) if row.description else ""
    if row.description and said:
        return stated(True, page, row.description, said)
    words = row.description or row.phrase
    return inferred(False, "readonly.unsaid", page, words.lines, words.text)


def type_fact(phrase: Located, page: str, place: Place | None, name: str, walk: Walk) -> Fact[TypeRef]:
    """The type behind a phrase, by the samples where the phrase alone leaves it open."""
    ref = type_of(phrase.text)
    if ref is None:
        return unknown(TypeRef("any"), f"whoever wrote the service: what {shorten(phrase.text, 60)!r} stands for")
    if walk.known(ref) != ref:
        missing = ", ".join(f"ResourceModel?modelName={name}" for name in sorted(models_in(ref)))
        return unknown(walk.known(ref), f"the page of the model ({missing})")
    seen = place.seen if place else None
    where = f"{place.model}.{name}" if place else name
    if ref.kind == "scalar":
        alone = None if place else walk.items.get((page, name))
        return _alone(ref, phrase, page, alone) if alone else _scalar(ref, phrase, page, seen, name)
    if ref.kind in ("collection", "dictionary"):
        item = walk.items.get((seen.page if seen else page, where))
        return _items(ref, phrase, page, item)
    return inferred(ref, "type.phrase", page, phrase.lines, phrase.text)


def _alone(ref: TypeRef, phrase: Located, page: str, root: tuple[str, Xml]) -> Fact[TypeRef]:
    """The type of a body that is a lone value: the root of its XML sample is called after it."""
    clr = _ELEMENTS.get(root[1].name)
    if clr and SCALARS[clr].phrase == SCALARS[ref.name].phrase:
        return inferred(TypeRef("scalar", clr), "type.xml-element", root[0], (root[1].line,), f"<{root[1].name}>")
    return _scalar(ref, phrase, page, None, "")


def _scalar(ref: TypeRef, phrase: Located, page: str, seen: Seen | None, name: str) -> Fact[TypeRef]:
    choices = PHRASES[SCALARS[ref.name].phrase]
    if len(choices) == 1 or ref.name != choices[0].clr:  # one type, or a customised word that tells which
        return inferred(ref, "type.phrase", page, phrase.lines, phrase.text)
    value = seen.json[seen.keys[name]] if seen and seen.json is not None and name in seen.keys else None
    element = seen.elements.get(name) if seen else None
    if ref.name == "DateTime" and seen and element is not None and not element.nil:
        clr = "DateTimeOffset" if element.children else "DateTime"
        return inferred(TypeRef("scalar", clr), "type.date", seen.page, (element.line,), f"<{element.name}>")
    if ref.name == "Decimal" and seen and value and isinstance(value.value, Number):
        whole = value.value.text.endswith(".0")
        clr, settle = (
            ("Decimal", "") if whole else ("Double", "Double or Single: send a number with 12 digits and read it back")
        )
        return inferred(TypeRef("scalar", clr), "type.decimal", seen.page, (value.line,), value.value.text, settle)
    settle = {
        "DateTime": "a page with an XML sample of this member",
        "Decimal": "a page with a JSON sample of this member",
        "Int32": _SETTLE_WIDTH.format("2147483648"),
        "UInt32": _SETTLE_WIDTH.format("4294967296"),
    }[ref.name]
    return inferred(ref, "type.natural", page, phrase.lines, phrase.text, settle)


def _items(ref: TypeRef, phrase: Located, page: str, item: tuple[str, Xml] | None) -> Fact[TypeRef]:
    """A collection's or dictionary's type, with the width of what it holds where an element's name tells it."""
    if not _is_open(ref):
        return inferred(ref, "type.phrase", page, phrase.lines, phrase.text)
    exact, told = _narrowed(ref, item[1].name) if item else (ref, False)
    if item and told:
        return inferred(exact, "type.xml-element", item[0], (item[1].line,), f"<{item[1].name}>")
    settle = "a page with an XML sample of this collection"
    return inferred(ref, "type.natural", page, phrase.lines, phrase.text, settle)


def _is_open(ref: TypeRef) -> bool:
    """Whether a scalar in the type stands for several CLR types."""
    if ref.kind == "scalar":
        return len(PHRASES[SCALARS[ref.name].phrase]) > 1
    return any(_is_open(part) for part in (ref.item, ref.key) if part)


def _narrowed(ref: TypeRef, element: str) -> tuple[TypeRef, bool]:
    """The type with the widths that an element's name tells ("long", "KeyValueOfintlong"), and whether it tells all."""
    if ref.kind == "collection" and ref.item:
        item, told = _narrowed(ref.item, element)
        return replace(ref, item=item), told
    if ref.kind == "dictionary" and ref.key and ref.item:
        for key in _alike(ref.key):
            local = element.removeprefix("KeyValueOf")
            if key and local.startswith(_word(key)):
                item, told = _narrowed(ref.item, local.removeprefix(_word(key)))
                if told:
                    return replace(ref, key=key, item=item), told
        return ref, False
    if ref.kind != "scalar":
        return ref, True
    clr = _ELEMENTS.get(element)
    same = bool(clr) and SCALARS[clr].phrase == SCALARS[ref.name].phrase if clr else not _is_open(ref)
    return (TypeRef("scalar", clr), True) if clr and same else (ref, same)


def _alike(ref: TypeRef) -> list[TypeRef]:
    """The types that the phrase of a scalar stands for, the longest word first; another type alone."""
    if ref.kind != "scalar":
        return [ref]
    found = [TypeRef("scalar", scalar.clr) for scalar in PHRASES[SCALARS[ref.name].phrase]]
    return sorted(found, key=lambda one: -len(_word(one)))


def _word(ref: TypeRef) -> str:
    return SCALARS[ref.name].xsd.partition(":")[2] if ref.kind == "scalar" else ""


def hidden_property(element: Xml, place: Place) -> Property:
    """A member that only the XML sample shows: JSON hides it, and the table with it."""
    clr = next((clr for clr, looks in _LOOKS if element.text.startswith(looks)), "String")
    page, line, quote = place.seen.page if place.seen else place.page, element.line, f"<{element.name}>{element.text}"
    settle = "whoever wrote the service: the table does not list this member"
    by = (because("json.hidden", page, (line,), quote),)
    kind = inferred(TypeRef("scalar", clr), "type.hidden", page, (line,), quote, settle)
    return Property(
        name=element.name,
        description=unknown("", settle),
        phrase=unknown("", settle),
        type=kind,
        json=Fact(None, by),
        xml=place.names[element.name],
        nullable=Fact(not SCALARS[clr].value_type, by, settle),
        required=Fact(False, by, settle),
        read_only=Fact(False, by, settle),
    )


# how the sample of a hidden member begins → its type; what begins otherwise is text
_LOOKS = (("Uri", "http://webapihelppage"), ("TimeSpan", "PT0.1234567S"), ("Boolean", "true"))
