"""Every type of a page, as JSON Schema and as XSD: what is expected is written out, from the serializers' rules."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from emit_zoo import A, B, C, body, listed, member, model, record, scalar, stated, zoo
from lxml import etree

from contracts.emit import Schemas, emit
from contracts.errors import InternalError
from contracts.model import Annotation, Sample, TypeRef, XmlName

ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
SYSTEM = "http://schemas.datacontract.org/2004/07/System"
FILES = emit(zoo())
SCHEMAS = Schemas(zoo())

# A thing as Json.NET writes it.
THING: dict[str, Any] = {
    "key": "k1",
    "id": "1b657c92-b04c-4123-a3de-09388147d9f7",
    "made": "2026-05-29T16:57:20.2263442+02:00",
    "aging": "1.00:00:00.1234567",
    "amount": 7.5,
    "anything": {},
    "bytes": [64, 64],
    "code": "QAa",
    "count": 4000000000,
    "exact": -32768,
    "grade": "A",
    "home": "http://zoo.invalid/",
    "inner": {"name": "n", "again": {"name": None, "again": None}},
    "inners": [{"name": "n", "again": None}, None],
    "kind": 4,
    "labels": {"a": "b", "c": None},
    "lost": [1],
    "maybe": None,
    "mode": "Some",
    "pairs": {"key": "a", "value": 1},
    "photo": "QEA=",
    "ratio": 1.1,
    "rows": [["a", None], None],
    "tags": ["a", None],
}
# What is wrong, where, and whether an answer may be so.
WRONG = [
    ("aging", "25:00:00", False),
    ("amount", 11, True),
    ("amount", 0.4, True),
    ("bytes", "QEA=", False),
    ("bytes", [256], False),
    ("code", "qa", True),
    ("count", 1.5, False),
    ("exact", 32768, False),
    ("grade", "AB", False),
    ("inner", {"name": 1}, False),
    ("inner", {"again": {"again": {"name": 1}}}, False),
    ("inners", [{"name": 1}], False),
    ("kind", 3, False),
    ("kind", "Some", False),
    ("labels", {"a": 1}, False),
    ("made", "yesterday", False),
    ("mode", "some", False),
    ("mode", 4, False),
    ("pairs", {"value": "x"}, False),
    ("photo", [64], False),
    ("photo", "QE", False),
    ("photo", "_-8=", False),
    ("rows", ["a"], False),
    ("tags", ["a", "b", "c", "d"], True),
]

# The same thing as DataContractSerializer writes it: base classes first, within a class by ordinal order.
XML = f"""<Thing xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="{C}">
<Id xmlns="{A}">1b657c92-b04c-4123-a3de-09388147d9f7</Id>
<Key xmlns="{A}">k1</Key>
<Made xmlns:d2p1="{SYSTEM}" xmlns="{B}"><d2p1:DateTime>2026-05-29T14:57:20.2263442Z</d2p1:DateTime>\
<d2p1:OffsetMinutes>120</d2p1:OffsetMinutes></Made>
<Aging>P1DT0.1234567S</Aging>
<Amount>7.5</Amount>
<Anything xmlns:d2p1="http://www.w3.org/2001/XMLSchema" i:type="d2p1:int">5</Anything>
<Bytes xmlns:d2p1="{ARRAYS}"><d2p1:unsignedByte>64</d2p1:unsignedByte></Bytes>
<Code>QAa</Code>
<Count>4000000000</Count>
<Exact>-32768</Exact>
<Grade>65</Grade>
<Home>http://zoo.invalid/</Home>
<Inner><Again i:nil="true"/><Name>n</Name></Inner>
<Inners><InnerModel><Again i:nil="true"/><Name>n</Name></InnerModel><InnerModel i:nil="true"/></Inners>
<Kind>Some</Kind>
<Labels xmlns:d2p1="{ARRAYS}"><d2p1:KeyValueOfstringstring><d2p1:Key>a</d2p1:Key><d2p1:Value>b</d2p1:Value>\
</d2p1:KeyValueOfstringstring></Labels>
<Lost><any/></Lost>
<Maybe i:nil="true"/>
<Mode>None</Mode>
<Pairs xmlns:d2p1="http://schemas.datacontract.org/2004/07/System.Collections.Generic"><d2p1:key>a</d2p1:key>\
<d2p1:value>1</d2p1:value></Pairs>
<Photo>QEA=</Photo>
<Ratio>INF</Ratio>
<Rows xmlns:d2p1="{ARRAYS}"><d2p1:ArrayOfstring><d2p1:string>a</d2p1:string></d2p1:ArrayOfstring></Rows>
<Tags xmlns:d2p1="{ARRAYS}"><d2p1:string>a</d2p1:string><d2p1:string i:nil="true"/></Tags>
</Thing>"""
WRONG_XML = [
    ("<Kind>Some", "<Kind>4"),
    ("<Mode>None", "<Mode>none"),
    ("d2p1:unsignedByte", "d2p1:byte"),
    ("<Grade>65", "<Grade>A"),
    ("P1DT0.1234567S", "1.00:00:00"),
    ("<Exact>-32768", "<Exact>-32769"),
    ("<Exact>-32768</Exact>", ""),
    (f'<Key xmlns="{A}">k1</Key>', f'<key xmlns="{A}">k1</key>'),
    ("KeyValueOfstringstring", "KeyValueOfstringint"),
    ("OffsetMinutes", "Offset"),
    (f'<Made xmlns:d2p1="{SYSTEM}" xmlns="{B}">', f'<Made xmlns:d2p1="{SYSTEM}" xmlns="{A}">'),
    ("<Photo>QEA=", "<Photo>Q"),
    ("<InnerModel i:nil", "<Inner i:nil"),
    ("<Pairs", '<Pairs i:nil="true"'),
    ('xmlns:d2p1="http://schemas.microsoft', 'xmlns:d2p1="http://schemas.example'),
]


def test_a_thing_of_every_type_is_valid_in_json() -> None:
    assert SCHEMAS.json_faults("ThingModel", "request", THING) == []
    assert SCHEMAS.json_faults("ThingModel", "response", THING) == []


@pytest.mark.parametrize(("member", "value", "answerable"), WRONG, ids=lambda v: str(v)[:30])
def test_a_wrong_value_of_each_type_is_refused_in_json(member: str, value: object, answerable: bool) -> None:
    faults = SCHEMAS.json_faults("ThingModel", "request", THING | {member: value})
    assert faults
    assert all(fault.startswith(f"$.{member}") for fault in faults)
    assert bool(SCHEMAS.json_faults("ThingModel", "response", THING | {member: value})) is not answerable


def test_a_thing_of_every_type_is_valid_in_xml(libxml: Callable[[dict[str, bytes]], etree.XMLSchema]) -> None:
    assert SCHEMAS.xml_faults("ThingModel", XML.encode()) == []
    assert SCHEMAS.unknown_elements("ThingModel", XML.encode()) == []
    libxml(FILES).assertValid(etree.fromstring(XML))


@pytest.mark.parametrize(("old", "new"), WRONG_XML)
def test_a_wrong_value_of_each_type_is_refused_in_xml(
    libxml: Callable[[dict[str, bytes]], etree.XMLSchema], old: str, new: str
) -> None:
    assert old in XML
    body = XML.replace(old, new)
    assert SCHEMAS.xml_faults("ThingModel", body.encode())
    assert not libxml(FILES).validate(etree.fromstring(body))


def test_a_namespace_has_a_file() -> None:
    assert set(FILES) == {
        "Arrays.xsd",
        "GET-api-Things-id.response.schema.json",
        "POST-api-Words-rest.request.schema.json",
        "Serialization.xsd",
        "System.Collections.Generic.xsd",
        "System.xsd",
        "ThingModel.request.schema.json",
        "ThingModel.response.schema.json",
        "Zoo.B.xsd",
        "Zoo.xsd",
        "openapi.json",
        "zoo.invalid-a.xsd",
    }


def test_base_classes_extend_each_other_over_three_namespaces() -> None:
    own, middle = FILES["Zoo.xsd"].decode(), FILES["Zoo.B.xsd"].decode()
    assert '<xs:complexType name="Thing">' in own
    assert re.search(r'base="q\d:ThingBase"', own)
    assert re.search(r'base="q\d:ThingBaseBase"', middle)
    assert '<xs:element name="Thing" nillable="true" type="tns:Thing"/>' in own
    assert 'xs:element name="ThingBase' not in own + middle, "the wire never shows a base class"


def test_the_request_schema_says_what_to_send_and_the_response_what_to_expect() -> None:
    request = json.loads(FILES["ThingModel.request.schema.json"])
    response = json.loads(FILES["ThingModel.response.schema.json"])
    assert request["required"] == ["key", "amount", "exact"], "a gap is 0, which the range of amount refuses"
    assert response["required"] == [
        "key", "id", "made", "aging", "amount", "count", "exact", "grade", "kind", "pairs",
    ]  # fmt: skip
    assert request["properties"]["id"]["readOnly"] is True
    assert request["properties"]["amount"]["minimum"] == 0.5
    assert request["properties"]["code"]["pattern"] == "^(?:[A-Z]{2}(a|b))?$"
    assert "pattern" not in response["properties"]["code"]
    assert request["properties"]["photo"] == {
        "type": ["string", "null"],
        "contentEncoding": "base64",
        "pattern": "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
        "description": "About Photo.",
        "$comment": "page line 1",
    }
    assert list(request["properties"]) == list(THING)
    assert request["$defs"]["InnerModel"]["properties"]["again"]["anyOf"] == [
        {"$ref": "#/$defs/InnerModel"},
        {"type": "null"},
    ]


def test_a_model_that_no_body_carries_by_itself_has_no_schema_of_its_own() -> None:
    with pytest.raises(InternalError, match="no body carries InnerModel as a request"):
        SCHEMAS.json_faults("InnerModel", "request", {})
    with pytest.raises(InternalError, match="no model Unheard"):
        SCHEMAS.xml_faults("Unheard", b"<a/>")


def test_a_model_that_no_sample_shows_in_xml_is_judged_by_well_formedness_only() -> None:
    contract = zoo()
    bare = record("ThingModel", [])
    schemas = Schemas(replace(contract, models={**contract.models, "ThingModel": bare}))
    assert schemas.xml_faults("ThingModel", b"<Whatever/>") == []
    assert len(schemas.xml_faults("ThingModel", b"<Whatever>")) == 1


def test_the_names_that_a_sample_shows_go_before_those_of_the_rules(
    libxml: Callable[[dict[str, bytes]], etree.XMLSchema],
) -> None:
    kinds = f'<Kinds xmlns:k="urn:kinds"><k:Sort>Some</k:Sort></Kinds><Map xmlns:m="{ARRAYS}"><m:Odd>'
    text = f'<T xmlns="{C}">{kinds}<m:Key>a</m:Key><m:Value>b</m:Value></m:Odd></Map></T>'
    members = [
        member("Kinds", listed(model("Kind"))),
        member("Map", TypeRef("dictionary", key=scalar("String"), item=scalar("String"))),
    ]
    thing = record("ThingModel", members, xml_root=stated(XmlName("T", C, 2)))
    contract = zoo()
    sent = body(model("ThingModel"), Sample(("application/xml", "text/xml"), text, "zoo.txt", 9))
    shown = replace(contract.operations[0], request=sent, response=sent)
    shown_too = replace(contract, operations=(shown,), models={"ThingModel": thing, "Kind": contract.models["Kind"]})
    schemas = Schemas(shown_too)
    assert "urn-kinds.xsd" in schemas.files
    assert schemas.xml_faults("ThingModel", text.encode()) == []
    assert schemas.xml_faults("ThingModel", text.replace("k:Sort", "k:Kind").encode())
    libxml(dict(schemas.files)).assertValid(etree.fromstring(text))


def test_an_annotation_that_does_not_bear_on_a_type_is_left_aside() -> None:
    contract = zoo()
    odd = [
        Annotation("range", ("1", "2")),
        Annotation("max_length", ("1",)),
        Annotation("other", (), "Example value: 3"),
    ]
    members = [
        member(name, ref, annotations=(annotation,))
        for n, annotation in enumerate(odd)
        for name, ref in (
            (f"Bytes{n}", listed(scalar("Byte"))),
            (f"Day{n}", scalar("DateTime")),
            (f"Any{n}", TypeRef("any")),
        )
    ]
    schemas = Schemas(replace(contract, models={**contract.models, "ThingModel": record("ThingModel", members)}))
    right = {
        "bytes0": "QEA=",
        "bytes1": "QEA=",
        "day0": "2026-01-01T00:00:00",
        "day1": "2026-01-01T00:00:00",
        "any0": 9,
    }
    assert schemas.json_faults("ThingModel", "request", right) == []


@pytest.mark.parametrize(
    ("sample", "schema"),
    [('"QEA="', {"type": "string", "contentEncoding": "base64"}), ("[64, 64]", {"type": "array"})],
)
def test_a_body_of_bytes_is_what_its_sample_shows(sample: str, schema: dict[str, str]) -> None:
    contract = zoo()
    sent = body(listed(scalar("Byte")), Sample(("application/json", "text/json"), sample, "zoo.txt", 9))
    shown = replace(contract, operations=(replace(contract.operations[0], request=sent),))
    api = json.loads(emit(shown)["openapi.json"])
    found = api["paths"]["/api/Things"]["post"]["requestBody"]["content"]["text/json"]["schema"]
    assert {name: found.get(name) for name in schema} == schema


def test_a_fault_inside_a_value_that_may_be_null_is_told_where_it_is() -> None:
    thing = THING | {"inners": [{"name": "n"}, {"again": {"name": 1}}]}
    assert SCHEMAS.json_faults("ThingModel", "response", thing) == [
        "$.inners[1].again.name: expected string or null, got 1"
    ]
