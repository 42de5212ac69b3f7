"""The facts of one member: type, JSON and XML name, required, read-only, nullable, annotations.

The rule: what the row says is stated, what the samples show or the framework's manner gives is inferred by a named
rule, and what neither tells is a guess or unknown, with what would settle it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from contracts.helppage import prose
from contracts.helppage.contents import content_fact
from contracts.helppage.draft import Located, Row, shorten
from contracts.helppage.facts import because, inferred, stated, unknown
from contracts.helppage.matching import Seen
from contracts.helppage.phrases import annotation_of, models_in, type_of
from contracts.helppage.samples import Number
from contracts.helppage.walk import Walk
from contracts.model import Annotation, Casing, Fact, Property, TypeRef, XmlName
from contracts.naming import json_name
from contracts.scalars import PHRASES, SCALARS

T = TypeVar("T")

_SETTLE_WIDTH = "the width of the integer: send {} and see whether it is refused"
_SETTLE_CLR = "send it as a form by its name in the code: forms bind that name only"
_SETTLE_FIELD = "send it in a form: forms set properties only"
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
    fields_sure: bool = True
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
    settle = "" if place.fields_sure else _SETTLE_FIELD
    return inferred(True, "member.field", place.seen.page, (line,), place.seen.keys[name.text], settle)


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
    path = f"{place.model}.{name}" if place else name
    ref = walk.formed(ref, seen.page if seen else page, path)
    if ref.kind == "scalar" and (page, path) not in walk.items:
        return _scalar(ref, phrase, page, seen, name)
    return content_fact(ref, phrase, page, seen.page if seen else page, path, walk.items)


def _scalar(ref: TypeRef, phrase: Located, page: str, seen: Seen | None, name: str) -> Fact[TypeRef]:
    choices = PHRASES[SCALARS[ref.name].phrase]
    exact = " ".join(phrase.text.split()) not in PHRASES  # a customised word that tells which
    if len(choices) == 1 or exact:
        return inferred(ref, "type.phrase", page, phrase.lines, phrase.text)
    value = seen.json[seen.keys[name]] if seen and seen.json is not None and name in seen.keys else None
    element = seen.elements.get(name) if seen else None
    if ref.name == "DateTime" and seen and element is not None and not element.nil:
        clr = "DateTimeOffset" if element.children else "DateTime"
        return inferred(TypeRef("scalar", clr), "type.date", seen.page, (element.line,), f"<{element.name}>")
    if ref.name == "Decimal" and seen and value and isinstance(value.value, Number) and value.value.text != "0.0":
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
