"""Whatever a contract holds, its schemas load in every library: random contracts, judged by others' tools."""

import json
import re
from collections.abc import Callable

from emit_zoo import body, listed, member, model, record, scalar, stated
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from lxml import etree
from openapi_spec_validator import validate

from contracts.emit import Schemas, emit
from contracts.model import Annotation, Body, Contract, EnumMember, Model, Operation, Page, Property, TypeRef
from contracts.scalars import SCALARS

NAMES = ["AlphaModel", "BetaModel", "ListModelOfAlphaModel", "Page`1", "Con", "alphaModel"]
SPACES = [
    "",
    "http://schemas.datacontract.org/2004/07/",
    "http://schemas.datacontract.org/2004/07/Any.Models",
    "http://schemas.datacontract.org/2004/07/Any",
    "http://any.invalid/x?y=1&z",
    "urn:any",
]
paths = st.sampled_from(["api/A", "api/A/{id}", "api/B/{*rest}", "b"])
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
identifiers = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
types = st.recursive(
    st.sampled_from(
        [scalar(name) for name in SCALARS] + [model(name) for name in [*NAMES, "Kind", "Gone"]] + [TypeRef("any")]
    ),
    lambda inner: st.one_of(
        inner.map(listed),
        st.builds(lambda k, v: TypeRef("dictionary", key=k, item=v), inner, inner),
        st.builds(lambda k, v: TypeRef("pair", key=k, item=v), inner, inner),
    ),
    max_leaves=4,
)
annotations = st.sampled_from(
    [
        Annotation("required"),
        Annotation("range", ("1", "5")),
        Annotation("range", ("1/1/2020", "2,5")),
        Annotation("pattern", ("(?i)x|y",)),
        Annotation("pattern", ("[a-z]+",)),
        Annotation("max_length", ("3",)),
        Annotation("string_length", ("1", "3")),
        Annotation("data_type", ("Password",)),
        Annotation("other", (), "Example value: 3"),
    ]
)


@st.composite
def members(draw: st.DrawFn, spaces: tuple[str, ...]) -> list[Property]:
    names = draw(st.lists(identifiers, max_size=5, unique_by=str.lower))
    out = []
    for name in names:
        level = draw(st.integers(0, len(spaces) - 1))
        nullable = draw(st.sampled_from([True, False, None]))
        marks = tuple(draw(st.lists(annotations, max_size=2)))
        sure, required = draw(st.booleans()), draw(st.booleans())
        out.append(member(name, draw(types), level, nullable, required, marks, sure, spaces[level]))
    return out


@st.composite
def contracts(draw: st.DrawFn) -> Contract:
    models: dict[str, Model] = {}
    for name in draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True)):
        spaces = tuple(draw(st.lists(st.sampled_from(SPACES), min_size=1, max_size=3)))
        models[name] = record(name, draw(members(spaces)))
    kinds = tuple(EnumMember(name, n) for n, name in enumerate(draw(st.lists(identifiers, max_size=3, unique=True))))
    models["Kind"] = Model("Kind", "enum", stated(draw(texts)), members=kinds, as_string=stated(draw(st.booleans())))
    sides = st.one_of(types.map(body), st.just(Body(stated(None), (), (), stated(""))))
    operations = tuple(
        Operation(
            stated(draw(st.sampled_from(["GET", "POST", "PUT"]))), stated(path), stated(draw(texts)), stated(False), (),
            draw(sides), draw(sides),
        )
        for path in draw(st.lists(paths, max_size=3, unique=True))
    )  # fmt: skip
    casing = draw(st.sampled_from(["camelCase", "PascalCase"]))
    return Contract((Page(f"page {draw(texts)}", "0" * 64, "B"),), operations, models, stated(casing))


@settings(max_examples=40)
@given(contract=contracts())
def test_the_schemas_of_any_contract_load_everywhere(
    libxml: Callable[[dict[str, bytes]], etree.XMLSchema], contract: Contract
) -> None:
    files = emit(contract)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in files)
    assert len({name.lower() for name in files}) == len(files)
    for name, data in files.items():
        if name.endswith(".schema.json"):
            Draft202012Validator.check_schema(json.loads(data))
    validate(json.loads(files["openapi.json"]))
    if any(name.endswith(".xsd") for name in files):
        libxml(files)
    schemas = Schemas(contract)
    for name, found in contract.models.items():
        if found.kind == "object":
            assert bool(schemas.xml_faults(name, b"<nothing/>")) is bool(found.properties)
            schemas.xml_faults(name, b'<%b xmlns="urn:any"/>' % name.encode().replace(b"`", b"_x0060_"))


@settings(max_examples=200)
@given(
    document=st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_no_json_document_raises(seed_schemas: Schemas, document: object) -> None:
    assert seed_schemas.json_faults("AppointmentModel", "request", document)
    assert seed_schemas.json_faults("AppointmentModel", "response", document)
