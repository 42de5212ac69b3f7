"""Random contracts as Hypothesis strategies: values as a page could show them, made without the reader.

`contracts()` draws a contract with one operation, an object model with scalars of every phrase, nullable or not, an
optional base class, annotations, prose, enumerations, collections and nested models. Its facts bear the evidence
"drawn".
"""

from __future__ import annotations

from hypothesis import strategies as st

from contracts.model import (
    Annotation,
    Body,
    Contract,
    EnumMember,
    Evidence,
    Fact,
    MediaType,
    Model,
    Operation,
    Page,
    Property,
    TypeRef,
    XmlName,
)
from contracts.naming import json_name, ordinal
from contracts.scalars import SCALARS

DRAWN = (Evidence("drawn", (1,), "drawn"),)
ROOT = "http://schemas.datacontract.org/2004/07/Invented."
NAMES = st.from_regex(r"[A-Z][a-z]{2,6}([A-Z][a-z]{2,5})?", fullmatch=True)
WORDS = st.lists(
    st.sampled_from(["Blue", "wheel's", "<b>", "count & sum", 'a "quote"', "größe", "a|b", "of"]), max_size=4
)
PROSE = (
    ("", False),
    ("(Required)", True),
    ("(Required, it can be zero)", True),
    ("(Required, if nothing else is given)", False),
    ("(Optional)", False),
)
NOTES = (
    "Max length: 8",
    "Data type: Password",
    "Range: inclusive between 1 and 9",
    "Matching regular expression pattern: a|b",
)
MEDIA = (
    (("application/json", "json"), ("text/json", "json")),
    (("application/json", "json"), ("text/json", "json"), ("application/xml", "xml"), ("text/xml", "xml")),
    (("application/xml", "xml"), ("application/json", "json")),
)
FORM = ("application/x-www-form-urlencoded", "form")


def drawn(value):
    """The value as a fact."""
    return Fact(value, DRAWN)


@st.composite
def enums(draw, name):
    """An enumeration of that name."""
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique_by=str.lower))
    values = draw(st.lists(st.integers(0, 40), min_size=len(names), max_size=len(names), unique=True))
    members = tuple(EnumMember(n, v, " ".join(draw(WORDS))) for n, v in zip(names, values, strict=True))
    return Model(
        name,
        "enum",
        drawn("Invented values."),
        members=members,
        as_string=drawn(draw(st.booleans())),
        xml_root=drawn(XmlName(name, ROOT + "Main", 0)),
    )


def phrase_for(ref):
    """The page's phrase, spelled out here and not by the code under test."""
    if ref.kind == "scalar":
        return SCALARS[ref.name].phrase
    if ref.kind == "collection":
        return f"Collection of {phrase_for(ref.item)}"
    if ref.kind == "dictionary":
        return f"Dictionary of {phrase_for(ref.key)} [key] and {phrase_for(ref.item)} [value]"
    return ref.name or "Object"


def types(models):
    """Types of members, of scalars and the given models."""
    scalars = st.sampled_from([TypeRef("scalar", clr) for clr in SCALARS])
    known = [TypeRef("model", name) for name in models]
    simple = st.one_of(scalars, st.sampled_from(known)) if known else scalars
    string = TypeRef("scalar", "String")
    words = st.sampled_from(
        [TypeRef("scalar", clr) for clr in ("String", "Int32", "Boolean", "Guid", "Int64", "DateTime")]
    )
    return st.one_of(
        simple,
        scalars,
        simple.map(lambda item: TypeRef("collection", item=item)),
        words.map(lambda item: TypeRef("dictionary", item=item, key=string)),
        st.just(TypeRef("any")),
    )


@st.composite
def properties(draw, name, ref, casing, namespace, level, enum_names):
    """One member: its prose, its annotations, and whether it can be null."""
    value_type = SCALARS[ref.name].value_type if ref.kind == "scalar" else ref.name in enum_names
    nullable = draw(st.booleans()) if value_type else True
    said, required = draw(st.sampled_from(PROSE))
    told = nullable and draw(st.booleans())
    read_only = draw(st.integers(0, 4)) == 0
    notes = draw(st.lists(st.sampled_from(NOTES), max_size=2, unique=True))
    if draw(st.integers(0, 4)) == 0:
        notes, required = ["Required", *notes], True
    words = [*draw(WORDS), said, "it may be null" if told else "", "(Read only)" if read_only else ""]
    return Property(
        name=name,
        description=drawn(" ".join(word for word in words if word)),
        phrase=drawn(phrase_for(ref)),
        type=drawn(ref),
        json=drawn(json_name(name, casing)),
        xml=drawn(XmlName(name, namespace, level)),
        nullable=drawn(nullable),
        required=drawn(required),
        read_only=drawn(read_only),
        annotations=tuple(
            drawn(Annotation("drawn", (), note)) for note in sorted(notes, key=lambda n: (n != "Required", n))
        ),
    )


@st.composite
def objects(draw, name, casing, models):
    """An object model, half of the time with a base class in another namespace."""
    enum_names = {model.name for model in models.values() if model.kind == "enum"}
    names = draw(st.lists(NAMES, min_size=1, max_size=7, unique_by=str.lower))
    inherited = draw(st.integers(0, len(names) - 1))
    rows = []
    for at, member in enumerate(names):
        base = at >= len(names) - inherited
        space, level = (ROOT + "Base", 0) if base else (ROOT + "Main", 1 if inherited else 0)
        rows.append(draw(properties(member, draw(types(models)), casing, space, level, enum_names)))
    in_xml = sorted(rows, key=lambda row: (row.xml.value.level, ordinal(row.name)))
    return Model(
        name,
        "object",
        drawn("An invented model."),
        tuple(rows),
        json_order=drawn(tuple(names)),
        xml_order=drawn(tuple(row.name for row in in_xml)),
        xml_root=drawn(XmlName(name, ROOT + "Main", 1 if inherited else 0)),
    )


@st.composite
def contracts(draw):
    """A contract of one operation."""
    casing = draw(st.sampled_from(["camelCase", "PascalCase"]))
    models = {}
    for name in draw(st.sampled_from([(), ("KindOne",), ("KindOne", "KindTwo")])):
        models[name] = draw(enums(name))
    for name in draw(st.sampled_from([(), ("PartModel",)])):
        models[name] = draw(objects(name, casing, dict(models)))
    models["WheelModel"] = draw(objects("WheelModel", casing, dict(models)))
    media = draw(st.sampled_from(MEDIA))
    form = (FORM,) if draw(st.booleans()) else ()
    ref = TypeRef("model", "WheelModel")
    ref = draw(st.sampled_from([ref, TypeRef("collection", item=ref)]))
    answered = draw(st.sampled_from([ref, None]))
    request = Body(drawn(ref), tuple(drawn(MediaType(*m)) for m in (*media, *form)), (), drawn("What is sent."))
    types_out = tuple(drawn(MediaType(*m)) for m in media) if answered else ()
    response = Body(drawn(answered), types_out, (), drawn(""))
    method, summary, upsert = draw(
        st.sampled_from(
            [
                ("POST", "Creates a wheel or updates it.", True),
                ("POST", "Counts wheels.", False),
                ("PUT", "Creates a wheel or updates it.", False),
            ]
        )
    )
    operation = Operation(drawn(method), drawn("api/Wheels"), drawn(summary), drawn(upsert), (), request, response)
    return Contract((Page("drawn", "0" * 64, "B"),), (operation,), models, drawn(casing))
