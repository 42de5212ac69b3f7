"""Types that nest, in every format: literal texts by the framework's rules, each read and written again."""

import datetime
import json
from dataclasses import replace
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from every_type import (
    ARRAYS,
    BOX,
    INSTANCE,
    NUMBER,
    PART,
    PARTS,
    SHADE,
    TEXT,
    box,
    every_type,
    keyed,
    listed,
    read,
    told,
    write,
)
from lxml import etree

from contracts.model import Annotation, Fact, Sample, TypeRef
from mockserver.webapi.bodies import Bodies, WriteError
from mockserver.webapi.boxed import Boxed
from mockserver.webapi.dates import DateTime, DateTimeOffset
from mockserver.webapi.shapes import Shapes

XSD = "http://www.w3.org/2001/XMLSchema"
SYSTEM = "http://schemas.datacontract.org/2004/07/System"
SER = "http://schemas.microsoft.com/2003/10/Serialization/"
NINE = 639_159_012_000_000_000  # 2026-06-01T09:00:00 in ticks

# Member, its text in JSON, its elements in XML (without the root), the value.
# "ty7Ep6D1" is what .NET makes of the namespaces of string and of a list of strings, seen in many public contracts.
SAMPLES = [
    ("Any", "5", f'<Any xmlns:d2p1="{XSD}" i:type="d2p1:long">5</Any>', Boxed("Int64", 5)),
    ("Any", '"a"', f'<Any xmlns:d2p1="{XSD}" i:type="d2p1:string">a</Any>', Boxed("String", "a")),
    ("Any", '""', f'<Any xmlns:d2p1="{XSD}" i:type="d2p1:string"></Any>', Boxed("String", "")),
    ("Any", "true", f'<Any xmlns:d2p1="{XSD}" i:type="d2p1:boolean">true</Any>', Boxed("Boolean", True)),
    ("Any", "1.5", f'<Any xmlns:d2p1="{XSD}" i:type="d2p1:double">1.5</Any>', Boxed("Double", 1.5)),
    ("Any", '"2026-06-01T09:00:00Z"', f'<Any xmlns:d2p1="{XSD}" i:type="d2p1:dateTime">2026-06-01T09:00:00Z</Any>',
     Boxed("DateTime", DateTime(NINE, "utc"))),
    ("Anything", '["a",null,1]',
     f'<Anything xmlns:d2p1="{ARRAYS}"><d2p1:anyType xmlns:d3p1="{XSD}" i:type="d3p1:string">a</d2p1:anyType>'
     f'<d2p1:anyType i:nil="true" /><d2p1:anyType xmlns:d3p1="{XSD}" i:type="d3p1:long">1</d2p1:anyType></Anything>',
     [Boxed("String", "a"), None, Boxed("Int64", 1)]),
    ("Bytes", '"AQID"', "<Bytes>AQID</Bytes>", b"\1\2\3"),
    ("Grid", "[[1,2],[],null]",
     f'<Grid xmlns:d2p1="{ARRAYS}"><d2p1:ArrayOfint><d2p1:int>1</d2p1:int><d2p1:int>2</d2p1:int></d2p1:ArrayOfint>'
     '<d2p1:ArrayOfint /><d2p1:ArrayOfint i:nil="true" /></Grid>', [[1, 2], [], None]),
    ("Lists", '{"a":["x"]}',
     f'<Lists xmlns:d2p1="{ARRAYS}"><d2p1:KeyValueOfstringArrayOfstringty7Ep6D1><d2p1:Key>a</d2p1:Key>'
     "<d2p1:Value><d2p1:string>x</d2p1:string></d2p1:Value></d2p1:KeyValueOfstringArrayOfstringty7Ep6D1></Lists>",
     {"a": ["x"]}),
    ("Main", '{"Count":1,"Open":null,"Tags":["a"],"Title":"t"}',
     f'<Main xmlns:d2p1="{PARTS}"><d2p1:Count>1</d2p1:Count><d2p1:Open i:nil="true" />'
     f'<d2p1:Tags xmlns:d3p1="{ARRAYS}"><d3p1:string>a</d3p1:string></d2p1:Tags><d2p1:Title>t</d2p1:Title></Main>',
     {"Count": 1, "Open": None, "Tags": ["a"], "Title": "t"}),
    ("Moments", '["2026-06-01T09:00:00+02:00"]',
     f'<Moments xmlns:d2p1="{SYSTEM}"><d2p1:DateTimeOffset><d2p1:DateTime>2026-06-01T07:00:00Z</d2p1:DateTime>'
     "<d2p1:OffsetMinutes>120</d2p1:OffsetMinutes></d2p1:DateTimeOffset></Moments>", [DateTimeOffset(NINE, 120)]),
    ("Names", '{"a b":"x","":null}',
     f'<Names xmlns:d2p1="{ARRAYS}"><d2p1:KeyValueOfstringstring><d2p1:Key>a b</d2p1:Key><d2p1:Value>x</d2p1:Value>'
     "</d2p1:KeyValueOfstringstring><d2p1:KeyValueOfstringstring><d2p1:Key></d2p1:Key>"
     '<d2p1:Value i:nil="true" /></d2p1:KeyValueOfstringstring></Names>', {"a b": "x", "": None}),
    ("Numbers", "[1,-2]", f'<Numbers xmlns:d2p1="{ARRAYS}"><d2p1:int>1</d2p1:int><d2p1:int>-2</d2p1:int></Numbers>',
     [1, -2]),
    ("Numbers", "[]", f'<Numbers xmlns:d2p1="{ARRAYS}" />', []),
    ("Pair", '{"Key":"a","Value":1}', '<Pair xmlns:d2p1="http://schemas.datacontract.org/2004/07/System.Collections.'
     'Generic"><d2p1:key>a</d2p1:key><d2p1:value>1</d2p1:value></Pair>', ("a", 1)),
    ("Parts", '[{"Count":1,"Open":"o","Tags":null,"Title":null},null]',
     f'<Parts xmlns:d2p1="{PARTS}"><d2p1:Part><d2p1:Count>1</d2p1:Count><d2p1:Open>o</d2p1:Open>'
     f'<d2p1:Tags xmlns:d4p1="{ARRAYS}" i:nil="true" /><d2p1:Title i:nil="true" /></d2p1:Part>'
     '<d2p1:Part i:nil="true" /></Parts>', [{"Count": 1, "Open": "o", "Tags": None, "Title": None}, None]),
    ("Shade", "5", "<Shade>dark-one</Shade>", 5),
    ("Shades", "[0,5]", f'<Shades xmlns:d2p1="{PARTS}"><d2p1:Shade>Light</d2p1:Shade><d2p1:Shade>dark-one</d2p1:Shade>'
     "</Shades>", [0, 5]),
    ("Side", '"right-hand"', "<Side>right-hand</Side>", 2),
    ("Sizes", '{"7":1.50}',
     f'<Sizes xmlns:d2p1="{ARRAYS}"><d2p1:KeyValueOfintdecimal><d2p1:Key>7</d2p1:Key><d2p1:Value>1.50</d2p1:Value>'
     "</d2p1:KeyValueOfintdecimal></Sizes>", {7: Decimal("1.50")}),
    ("Link", '"http://A.example/x y"', "<Link>http://a.example/x%20y</Link>", "http://A.example/x y"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "elements", "value"), SAMPLES)
def test_a_member_is_read_and_written_as_json_and_xml(name: str, text: str, elements: str, value: object) -> None:
    found, errors, losses = read("json", f'{{"{name}":{text}}}')
    assert (found[name], errors, losses) == (value, [], [])
    assert f'"{name}":{text}' in write("json", found)
    assert elements in write("xml", {**found, "Side": found["Side"] or 1})
    again, errors, _ = read("xml", box(elements))
    again["Link"] = value if name == "Link" else again["Link"]
    assert (again[name], errors) == (value, [])


def test_what_is_written_as_xml_other_readers_take() -> None:
    found = read("json", "{" + ",".join(f'"{name}":{text}' for name, text, _, _ in SAMPLES) + "}")[0]
    root = etree.fromstring(write("xml", {**found, "Parent": found}))
    assert [etree.QName(one).localname for one in root] == sorted(found)
    assert root.find(f"{{{BOX}}}Parent/{{{BOX}}}Main/{{{PARTS}}}Tags/{{{ARRAYS}}}string").text == "a"


# name and value pairs, member, value
FORMS = [
    ([("Numbers[0]", "1"), ("Numbers[1]", "2"), ("Numbers[3]", "4")], "Numbers", [1, 2]),
    ([("Numbers", "1"), ("Numbers", ""), ("numbers", "3")], "Numbers", [1, 0, 3]),
    ([("Numbers[]", "1"), ("Numbers[]", "2")], "Numbers", [1, 2]),
    ([("Numbers.index", "7"), ("Numbers.index", "5"), ("Numbers[5]", "1"), ("Numbers[7]", "2")], "Numbers", [2, 1]),
    ([("Numbers[1]", "1")], "Numbers", []),
    ([("Words", "a"), ("Words", "")], "Words", ["a", ""]),
    ([("Words[0]", "a"), ("Words[1]", " ")], "Words", ["a", None]),
    ([("Grid[0][0]", "1"), ("Grid[0][1]", "2"), ("Grid[1]", "3")], "Grid", [[1, 2], [3]]),
    ([("Main[Title]", "t"), ("main.COUNT", "2")], "Main", {"Count": 2, "Open": None, "Tags": None, "Title": "t"}),
    ([("Main.Open", "o")], "Main", {"Count": 0, "Open": None, "Tags": None, "Title": None}),
    ([("Main", "x")], "Main", {"Count": 0, "Open": None, "Tags": None, "Title": None}),
    ([("Parts[0].Tags[0]", "a")], "Parts", [{"Count": 0, "Open": None, "Tags": ["a"], "Title": None}]),
    ([("Names[0].Key", "a"), ("Names[0].Value", "x"), ("Names[1].Key", "a"), ("Names[1].Value", "y")], "Names",
     {"a": "y"}),
    ([("Names[0].Value", "x"), ("Names[1].Key", "b"), ("Names[1].Value", "y")], "Names", {"b": "y"}),
    ([("Names[a]", "x")], "Names", {}),
    # A name that sorts between another and its brackets does not hide them.
    ([("Main.A", "1"), ("Main.TagsE", "1"), ("Main.Tags[0]", "a")], "Main",
     {"Count": 0, "Open": None, "Tags": ["a"], "Title": None}),
    ([("Sizes[0].Key", "7"), ("Sizes[0].Value", "1.5")], "Sizes", {7: Decimal("1.5")}),
    ([("Shades[0]", "dark"), ("Shades[1]", "5"), ("Shades[2]", "9")], "Shades", [5, 5, 9]),
    ([("Any", "a")], "Any", Boxed("String", "a")),
    ([("Any", "a"), ("Any", "b")], "Any", Boxed("List", ["a", "b"])),
    ([("Any.x", "a")], "Any", Boxed("Object")),
    ([("Bytes[0]", "1"), ("Bytes[1]", "0xff")], "Bytes", b"\1\xff"),
    ([("Pair.key", "a"), ("Pair.Value", "2")], "Pair", ("a", 2)),
]  # fmt: skip


@pytest.mark.parametrize(("pairs", "name", "value"), FORMS)
def test_a_form_binds_names_indexes_and_prefixes(pairs: list[tuple[str, str]], name: str, value: object) -> None:
    found, errors, _ = read("form", urlencode(pairs))
    assert (found[name], errors) == (value, [])


# format, body, keys of the model state
FAULTS = [
    ("json", '{"Parts":[{"Count":"x"}]}', ["box.Parts[0].Count"]),
    ("json", '{"Names":{"a":{}}}', ["box.Names.a"]),
    ("json", '{"Sizes":{"x":1}}', ["box.Sizes.x"]),
    ("json", '{"Numbers":[1,null]}', ["box.Numbers[1]"]),
    ("json", '{"Numbers":{}}', ["box.Numbers"]),
    ("json", '{"Side":{"a":1}}', ["box.Side"]),
    ("json", '{"Bytes":[256]}', ["box.Bytes[0]", "box.Bytes"]),
    ("xml", box(f'<Parts xmlns:p="{PARTS}"><p:Part><p:Count>x</p:Count></p:Part></Parts>'), ["box"]),
    ("xml", box("<Any>a</Any>"), ["box"]),
    ("xml", box(f'<Any xmlns:p="{XSD}" i:type="p:QName">a</Any>'), ["box"]),
    ("xml", box(f'<Names xmlns:p="{ARRAYS}"><p:KeyValueOfstringstring><p:Key>a</p:Key></p:KeyValueOfstringstring>'
                "</Names>"), ["box"]),
    ("form", "Parts[0].Count=x", ["box.Parts[0].Count"]),
    ("form", "Parts[0].Count=", ["box.Parts[0].Count"]),
    ("form", "Names[0].Key=a&Sizes[0].key=x&Sizes[0].Value=y", ["box.Sizes[0].key", "box.Sizes[0].value"]),
    ("form", "Bytes=AQID", ["box.Bytes"]),
    ("form", "Numbers[0]=1&Numbers[1]=x", ["box.Numbers[1]"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "body", "keys"), FAULTS)
def test_a_fault_inside_is_filed_under_its_path(kind: str, body: str, keys: list[str]) -> None:
    assert [key for key, _ in read(kind, body)[1]] == keys


def test_a_list_that_cannot_go_on_is_given_up() -> None:
    (path, messages), *rest = read("json", '{"Numbers":[1,@]}')[1]
    assert (path, len(messages), rest) == ("box.Numbers[0]", 4, [])


def test_an_enumeration_is_known_by_its_names_and_by_what_stands_for_them() -> None:
    assert [read("json", f'{{"Side":"{name}"}}')[0]["Side"] for name in ("Right", "right-hand", "LEFT")] == [2, 2, 1]
    ref = keyed(SHADE, NUMBER)
    assert read("json", '{"dark":1}', ref)[0] == {5: 1}
    assert write("json", {5: 1, 9: 2}, ref) == '{"Dark":1,"9":2}'


def test_the_words_of_a_fault_in_a_form_name_the_type_where_there_is_no_member() -> None:
    assert read("form", "Numbers[0]=x")[1] == [("box.Numbers[0]", ["The value 'x' is not valid for Int32."])]
    assert read("form", "Main.Count=")[1] == [("box.Main.Count", ["A value is required."])]


def test_the_camel_case_resolver_turns_keys_of_dictionaries_and_pairs() -> None:
    found = read("json", '{"names":{"AName":"x"},"pair":{"KEY":"a","value":1}}', casing="camelCase")[0]
    text = write("json", found, casing="camelCase")
    assert '"names":{"aName":"x"}' in text
    assert '"pair":{"key":"a","value":1}' in text


@pytest.mark.parametrize(
    "text", ['{"a":[1,{"b":null}],"A":2}', "[]", "{}", '[[1.50,"2026-06-01T09:00:00Z"],new Word(1,"a"),null]']
)
def test_json_inside_object_is_kept_and_cannot_be_written_as_xml(text: str) -> None:
    found = read("json", f'{{"Side":1,"Any":{text}}}')[0]
    assert f'"Any":{text.replace("1.50", "1.5")}' in write("json", found)
    with pytest.raises(WriteError):
        write("xml", found)


def test_nothing_as_a_whole_body_is_nil() -> None:
    assert write("xml", None) == f'<Box i:nil="true" xmlns:i="{INSTANCE}" xmlns="{BOX}" />'
    assert read("xml", write("xml", None))[:2] == (None, [])
    assert write("json", None) == "null"


def test_an_enumeration_without_zero_cannot_be_written_as_xml_while_unset() -> None:
    with pytest.raises(WriteError):
        write("xml", read("json", "{}")[0])


# type, JSON, XML, form, value: a body that is no object
WHOLE = [
    (TEXT, '"a"', f'<string xmlns="{SER}">a</string>', "=a", "a"),
    (NUMBER, "5", f'<int xmlns="{SER}">5</int>', "=5", 5),
    (SHADE, "5", f'<Shade xmlns="{PARTS}">dark-one</Shade>', "=Dark", 5),
    (listed(TEXT), '["a"]', f'<ArrayOfstring xmlns:i="{INSTANCE}" xmlns="{ARRAYS}"><string>a</string></ArrayOfstring>',
     "[0]=a", ["a"]),
    (keyed(TEXT, NUMBER), '{"a":1}', f'<ArrayOfKeyValueOfstringint xmlns:i="{INSTANCE}" xmlns="{ARRAYS}">'
     "<KeyValueOfstringint><Key>a</Key><Value>1</Value></KeyValueOfstringint></ArrayOfKeyValueOfstringint>",
     "[0].Key=a&[0].Value=1", {"a": 1}),
    (listed(PART), '[{"Count":1,"Open":null,"Tags":null,"Title":"t"}]',
     f'<ArrayOfPart xmlns:i="{INSTANCE}" xmlns="{PARTS}"><Part><Count>1</Count><Open i:nil="true" />'
     f'<Tags xmlns:d3p1="{ARRAYS}" i:nil="true" /><Title>t</Title></Part></ArrayOfPart>',
     "[0].Count=1&[0].Title=t", [{"Count": 1, "Open": None, "Tags": None, "Title": "t"}]),
    (listed(TypeRef("scalar", "Byte")), '"AQ=="', f'<base64Binary xmlns="{SER}">AQ==</base64Binary>', "[0]=1", b"\1"),
]  # fmt: skip


@pytest.mark.parametrize(("ref", "text", "document", "form", "value"), WHOLE)
def test_a_whole_body_may_be_any_type(ref: TypeRef, text: str, document: str, form: str, value: object) -> None:
    for kind, body in (("json", text), ("xml", document), ("form", form)):
        assert read(kind, body, ref)[:2] == (value, []), kind
    assert (write("json", value, ref), write("xml", value, ref)) == (text, document)


@pytest.mark.parametrize(
    ("casing", "annotated", "demanded", "missed"),
    [
        ("PascalCase", True, False, {"Count"}), ("PascalCase", False, True, {"Count"}),
        ("camelCase", True, False, set()), ("camelCase", False, True, {"Count", "Title"}),
    ],
)  # fmt: skip
def test_what_json_misses_hangs_on_the_resolver(casing: str, annotated: bool, demanded: bool, missed: set[str]) -> None:
    contract = every_type(casing)
    part = contract.models["Part"]
    notes = (Fact(Annotation("required")),) if annotated else ()
    properties = tuple(
        replace(one, annotations=notes, is_required=Fact(demanded)) if one.name in ("Count", "Title") else one
        for one in part.properties
    )
    models = {**contract.models, "Part": replace(part, properties=properties)}
    assert set(Shapes(replace(contract, models=models))["Part"].json_must) == missed


@pytest.mark.parametrize(
    ("sample", "shown"),
    [
        ("sample string 1/sample string 8", "a/"), ("sample string 1", "a"), ("fixed", "fixed"),
        ("sample string 9", None), (None, None),
    ],
)  # fmt: skip
def test_a_text_that_nobody_can_set_is_made_as_its_sample_shows(sample: str | None, shown: str | None) -> None:
    contract = every_type(body=PART)
    part, body = contract.models["Part"], contract.operations[0].response
    closed = tuple(replace(one, xml=told(None)) if one.name == "Open" else one for one in part.properties)
    texts = {"Title": "sample string 1", "Key": "sample string 8", "Open": sample}
    key = replace(part["Title"], name="Key", json=told("Key"))
    part = replace(part, properties=(*closed, key), json_order=told((*part.json_order.value, "Key")))
    shown_by = replace(body, samples=(Sample(("application/json",), json.dumps(texts), "test", 1),))
    operation = replace(contract.operations[0], response=shown_by)
    contract = replace(contract, operations=(operation,), models={**contract.models, "Part": part})
    record = {"Count": 1, "Tags": None, "Title": "a", "Key": None, "Open": None}
    answer = json.loads(Bodies(Shapes(contract), datetime.UTC).write_body("json", PART, record))
    assert answer["Open"] == shown


def test_a_blank_form_value_is_no_body_of_a_simple_type() -> None:
    assert read("form", "=", TEXT)[1] == [("box.String", ["A value is required but was not present in the request."])]
    assert read("form", "a=b", NUMBER)[:2] == (0, [])


def test_a_model_that_no_page_describes_is_an_object_of_any_kind() -> None:
    lost = TypeRef("collection", item=TypeRef("model", "Lost"))
    found = read("json", '[{"a":1}]', lost)[0]
    assert write("json", found, lost) == '[{"a":1}]'
