"""What .NET's XsdDataContractExporter writes for equal classes: names, kinds of lists, what its importer reads.

The expected names are the exporter's own (System.Runtime.Serialization), written for classes of the namespace Zoo.
"""

from typing import Any

import pytest
from emit_zoo import body, listed, member, model, record, scalar, stated
from lxml import etree

from contracts.emit import Schemas, emit
from contracts.emit.contract_names import ContractNames
from contracts.emit.evidence import Evidence
from contracts.emit.refs import BASE64, nullable
from contracts.model import Body, Contract, EnumMember, Fact, Model, Operation, Page, Property, Sample, TypeRef, XmlName
from contracts.naming import generic_contract_name

ZOO = "http://schemas.datacontract.org/2004/07/Zoo"
SYSTEM = "http://schemas.datacontract.org/2004/07/System"
GENERIC = f"{SYSTEM}.Collections.Generic"
ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
SERIALIZATION = "http://schemas.microsoft.com/2003/10/Serialization/"
XSD = "http://www.w3.org/2001/XMLSchema"


def mapped(key: TypeRef, item: TypeRef) -> TypeRef:
    return TypeRef("dictionary", key=key, item=item)


def paired(key: TypeRef, item: TypeRef) -> TypeRef:
    return TypeRef("pair", key=key, item=item)


INT, TEXT, ANY = scalar("Int32"), scalar("String"), TypeRef("any")
OFFSET, GUID, INNER, PLAIN = scalar("DateTimeOffset"), scalar("Guid"), model("Inner"), model("Plain")
NAMES = [
    (listed(INT), ARRAYS, "ArrayOfint"),
    (listed(nullable(INT)), SYSTEM, "ArrayOfNullableOfint"),
    (listed(listed(nullable(INT))), SYSTEM, "ArrayOfArrayOfNullableOfint"),
    (listed(nullable(PLAIN)), SYSTEM, "ArrayOfNullableOfPlainXnRlto51"),
    (listed(nullable(OFFSET)), SYSTEM, "ArrayOfNullableOfDateTimeOffset5F2dSckg"),
    (listed(OFFSET), SYSTEM, "ArrayOfDateTimeOffset"),
    (listed(GUID), ARRAYS, "ArrayOfguid"),
    (listed(ANY), ARRAYS, "ArrayOfanyType"),
    (listed(BASE64), ARRAYS, "ArrayOfbase64Binary"),
    (listed(scalar("Byte")), ARRAYS, "ArrayOfunsignedByte"),
    (listed(listed(INNER)), ZOO, "ArrayOfArrayOfInner"),
    (listed(mapped(TEXT, TEXT)), ARRAYS, "ArrayOfArrayOfKeyValueOfstringstring"),
    (mapped(TEXT, INNER), ARRAYS, "ArrayOfKeyValueOfstringInnerRPrglZVO"),
    (mapped(TEXT, listed(INNER)), ARRAYS, "ArrayOfKeyValueOfstringArrayOfInnerRPrglZVO"),
    (mapped(PLAIN, TEXT), ARRAYS, "ArrayOfKeyValueOfPlainstringEMpdo4Zv"),
    (mapped(INT, nullable(INT)), ARRAYS, "ArrayOfKeyValueOfintNullableOfintU6ho3Bhd"),
    (mapped(TEXT, listed(nullable(INT))), ARRAYS, "ArrayOfKeyValueOfstringArrayOfNullableOfintU6ho3Bhd"),
    (mapped(TEXT, mapped(TEXT, INT)), ARRAYS, "ArrayOfKeyValueOfstringArrayOfKeyValueOfstringintty7Ep6D1"),
    (mapped(TEXT, BASE64), ARRAYS, "ArrayOfKeyValueOfstringbase64Binary"),
    (mapped(GUID, scalar("Uri")), ARRAYS, "ArrayOfKeyValueOfguidanyURI"),
    (mapped(ANY, ANY), ARRAYS, "ArrayOfKeyValueOfanyTypeanyType"),
    (paired(TEXT, INT), GENERIC, "KeyValuePairOfstringint"),
    (listed(paired(TEXT, INNER)), GENERIC, "ArrayOfKeyValuePairOfstringInnerRPrglZVO"),
]  # fmt: skip
GENERICS = [
    ("Two", [("int", XSD), ("Inner", ZOO)], "TwoOfintInnerRPrglZVO"),
    ("Two", [("Inner", ZOO), ("Plain", ZOO)], "TwoOfInnerPlain0ma1Rp0I"),
    ("Page", [("guid", SERIALIZATION)], "PageOfguid"),
    ("Page", [("Inner", ZOO)], "PageOfInnerXnRlto51"),
    ("Page", [("ArrayOfstring", ARRAYS)], "PageOfArrayOfstringuHEDJ7Dj"),
]


def plain(name: str, *members: tuple[str, int], as_string: bool | None = True) -> Model:
    found = tuple(EnumMember(*each) for each in members)
    root = stated(XmlName(name, ZOO, 0))
    return Model(name, "enum", stated(""), members=found, as_string=stated(as_string), xml_root=root)


def site(*rows: Property, json: str = "", xml: str = "", more: tuple[Model, ...] = (), **facts: Any) -> Contract:
    """A site of one model, "Thing", with samples of it."""
    texts = [(("application/json", "text/json"), json), (("application/xml", "text/xml"), xml)]
    samples = [Sample(names, text, "zoo.txt", 1) for names, text in texts if text]
    thing = record("Thing", list(rows), xml_root=stated(XmlName("Thing", ZOO, 0)), **facts)
    models = {each.name: each for each in (thing, *more)}
    sent = body(model("Thing"), *samples)
    operation = Operation(
        stated("POST"),
        stated("api/Things"),
        stated(""),
        stated(False),
        (),
        sent,
        Body(stated(None), (), (), stated("")),
    )
    return Contract((Page("zoo.txt", "ab" * 32, "B"),), (operation,), models, stated("PascalCase"))


def row(name: str, ref: TypeRef, guessed: bool = False) -> Property:
    prop = member(name, ref, 0, space=ZOO, sure=not guessed)
    return Property(**{**vars(prop), "json": Fact(name)})


def thing(inside: str) -> str:
    spaces = f'xmlns="{ZOO}" xmlns:s="{SYSTEM}" xmlns:a="{ARRAYS}" xmlns:z="{SERIALIZATION}"'
    return f'<Thing {spaces} xmlns:i="http://www.w3.org/2001/XMLSchema-instance">{inside}</Thing>'


@pytest.mark.parametrize(("ref", "space", "local"), NAMES, ids=[local for _, _, local in NAMES])
def test_a_type_is_called_as_the_exporter_calls_it(ref: TypeRef, space: str, local: str) -> None:
    kind = plain("Plain", ("Zero", 0), ("One", 1))
    inner = record("Inner", [row("Name", TEXT)], xml_root=stated(XmlName("Inner", ZOO, 0)))
    contract = site(row("It", ref), more=(kind, inner))
    name = ContractNames(contract, Evidence(contract)).name(ref)
    assert (name.namespace, name.local) == (space, local)


@pytest.mark.parametrize(("outer", "arguments", "name"), GENERICS, ids=[name for *_, name in GENERICS])
def test_a_generic_class_is_called_as_the_exporter_calls_it(
    outer: str, arguments: list[tuple[str, str]], name: str
) -> None:
    assert generic_contract_name(outer, arguments) == name


# Phrase → what the samples show → what else is valid then, and what is not.
OPEN = [
    (listed(listed(scalar("Byte"))), '["QEA="]', "<a:base64Binary>QEA=</a:base64Binary>", "<a:ArrayOfunsignedByte/>"),
    (mapped(TEXT, listed(scalar("Byte"))), '{"k": "QEA="}',
     "<a:KeyValueOfstringbase64Binary><a:Key>k</a:Key><a:Value>QEA=</a:Value></a:KeyValueOfstringbase64Binary>",
     "<a:KeyValueOfstringbase64Binary><a:Key>k</a:Key><a:Value><a:unsignedByte>1</a:unsignedByte></a:Value>"
     "</a:KeyValueOfstringbase64Binary>"),
    (listed(INT), "[1, 2]", "<s:int>1</s:int><s:int i:nil='true'/>", "<a:int>1</a:int>"),
    (listed(INT), "[1]", "<a:int>1</a:int>", "<a:int i:nil='true'/>"),
    (listed(INT), "[1]", "<a:short>1</a:short>", "<a:short>40000</a:short>"),
    (listed(scalar("DateTime")), '["2030-01-07T09:00:00+00:00"]',
     "<s:DateTimeOffset><s:DateTime>2030-01-07T09:00:00Z</s:DateTime><s:OffsetMinutes>0</s:OffsetMinutes>"
     "</s:DateTimeOffset>", "<a:dateTime>2030-01-07T09:00:00Z</a:dateTime>"),
    (mapped(TEXT, mapped(TEXT, INT)), '{"a": {"b": 1}}',
     "<a:KeyValueOfstringArrayOfKeyValueOfstringintty7Ep6D1><a:Key>a</a:Key><a:Value>"
     "<a:KeyValueOfstringint><a:Key>b</a:Key><a:Value>1</a:Value></a:KeyValueOfstringint></a:Value>"
     "</a:KeyValueOfstringArrayOfKeyValueOfstringintty7Ep6D1>",
     "<a:KeyValueOfstringArrayOfKeyValueOfstringlongty7Ep6D1/>"),
    (mapped(TEXT, INT), '{"a": 1}',
     "<a:KeyValueOfstringNullableOfintU6ho3Bhd><a:Key>a</a:Key><a:Value i:nil='true'/>"
     "</a:KeyValueOfstringNullableOfintU6ho3Bhd>",
     "<a:KeyValueOfstringint><a:Key>a</a:Key><a:Value>1</a:Value></a:KeyValueOfstringint>"),
]  # fmt: skip


@pytest.mark.parametrize(("ref", "json", "shown", "other"), OPEN)
def test_samples_settle_what_a_phrase_leaves_open(ref: TypeRef, json: str, shown: str, other: str) -> None:
    contract = site(row("It", ref, guessed=True), json=f'{{"It": {json}}}', xml=thing(f"<It>{shown}</It>"))
    judge = Schemas(contract)
    assert judge.xml_faults("Thing", thing(f"<It>{shown}</It>").encode()) == []
    assert judge.xml_faults("Thing", thing(f"<It>{other}</It>").encode()) != []


def test_bytes_in_a_list_are_text_where_the_json_sample_alone_shows_them() -> None:
    ref = listed(listed(scalar("Byte")))
    text, numbers = {"It": ["QEA="]}, {"It": [[64, 64]]}
    as_text = Schemas(site(row("It", ref), json='{"It": ["QEA="]}'))
    as_list = Schemas(site(row("It", ref), json='{"It": [[64, 64]]}'))
    assert [as_text.json_faults("Thing", "request", each) == [] for each in (text, numbers)] == [True, False]
    assert [as_list.json_faults("Thing", "request", each) == [] for each in (text, numbers)] == [False, True]


def test_an_element_that_may_be_null_may_be_null_in_json() -> None:
    shown = {"json": '{"It": [1]}', "xml": thing("<It><s:int>1</s:int></It>")}
    assert Schemas(site(row("It", listed(INT)), **shown)).json_faults("Thing", "request", {"It": [1, None]}) == []
    assert Schemas(site(row("It", listed(INT)))).json_faults("Thing", "request", {"It": [1, None]}) != []


def test_a_list_whose_items_bear_a_name_of_their_own_is_valid() -> None:
    xml = thing('<It><Word xmlns="urn:own">a</Word></It>')
    contract = site(row("It", listed(TEXT)), json='{"It": ["a"]}', xml=xml)
    assert Schemas(contract).xml_faults("Thing", xml.encode()) == []


def test_a_class_that_is_referred_to_may_stand_as_a_reference() -> None:
    knot = record("Knot", [row("Label", TEXT)], xml_root=stated(XmlName("Knot", ZOO, 0)))
    xml = thing('<A z:Id="i1"><Label>a</Label></A><B z:Ref="i1"/>')
    json = '{"A": {"$id": "1", "Label": "a"}, "B": {"$ref": "1"}}'
    contract = site(row("A", model("Knot")), row("B", model("Knot")), json=json, xml=xml, more=(knot,))
    assert Schemas(contract).xml_faults("Thing", xml.encode()) == []
    plainly = site(row("A", model("Knot")), row("B", model("Knot")), more=(knot,))
    assert Schemas(plainly).xml_faults("Thing", xml.encode()) != []
    attributes = etree.fromstring(emit(contract)["Zoo.xsd"]).findall(f"{{{XSD}}}complexType/{{{XSD}}}attribute")
    assert [each.get("ref").split(":")[1] for each in attributes] == ["Id", "Ref"]


def told(contract: Contract, file: str, kind: str, name: str) -> list[str]:
    """What the importer reads of a type: the texts and attributes under xs:appinfo."""
    found = etree.fromstring(emit(contract)[file]).find(f"{{{XSD}}}{kind}[@name='{name}']")
    each = [info for info in found.iter() if etree.QName(info).namespace == SERIALIZATION]
    return [f"{etree.QName(info).localname} {info.text or dict(info.attrib)}" for info in each]


def test_the_importer_is_told_what_the_exporter_tells_it() -> None:
    kind = plain("Plain", ("Zero", 0), ("One", 1), ("Four", 4))
    contract = site(row("A", mapped(TEXT, TEXT)), row("B", OFFSET), row("C", paired(TEXT, INT)), more=(kind,))
    assert told(contract, "Zoo.xsd", "simpleType", "Plain") == ["EnumerationValue 4"]
    assert told(contract, "Arrays.xsd", "complexType", "ArrayOfKeyValueOfstringstring") == ["IsDictionary true"]
    assert told(contract, "System.xsd", "complexType", "DateTimeOffset") == ["IsValueType true"]
    assert told(contract, "System.Collections.Generic.xsd", "complexType", "KeyValuePairOfstringint") == [
        f"GenericType {{'Name': 'KeyValuePairOf{{0}}{{1}}{{#}}', 'Namespace': '{GENERIC}'}}",
        f"GenericParameter {{'Name': 'string', 'Namespace': '{XSD}'}}",
        f"GenericParameter {{'Name': 'int', 'Namespace': '{XSD}'}}",
        "IsValueType true",
    ]


def test_a_member_that_is_not_written_with_its_default_is_told_so() -> None:
    quiet = Property(**{**vars(row("It", INT)), "emit_default": Fact(False)})
    assert told(site(quiet), "Zoo.xsd", "complexType", "Thing") == ["DefaultValue {'EmitDefaultValue': 'false'}"]
    assert told(site(row("It", INT)), "Zoo.xsd", "complexType", "Thing") == []


FLAGS = [("None", 0), ("Red", 1), ("Green", 2), ("Blue", 4)]


@pytest.mark.parametrize(
    ("members", "combined"),
    [
        (FLAGS, True),
        ([("A", 1), ("B", 2), ("Both", 3), ("C", 8)], True),
        ([("Zero", 0), ("One", 1), ("Two", 2), ("Three", 3), ("Four", 4)], False),
        ([("Zero", 0), ("One", 1), ("Four", 4)], False),
        ([("A", 1), ("B", 2), ("C", 4), ("D", 9)], False),
        ([("A", -1), ("B", 1), ("C", 2), ("D", 4)], False),
        ([("A", 1), ("B", 2), ("C", 5_000_000_000)], False),
    ],
)
def test_values_that_are_bits_may_be_combined(members: list[tuple[str, int]], combined: bool) -> None:
    kind = plain("Plain", *members)
    contract = site(row("It", PLAIN), more=(kind,))
    judge, two = Schemas(contract), [name for name, _ in members[-2:]]
    assert (judge.xml_faults("Thing", thing(f"<It>{' '.join(two)}</It>").encode()) == []) is combined
    assert (judge.json_faults("Thing", "request", {"It": ", ".join(two)}) == []) is combined
    assert judge.json_faults("Thing", "request", {"It": two[0]}) == []
    assert judge.json_faults("Thing", "request", {"It": "Nothing"}) != []
    assert judge.xml_faults("Thing", thing("<It>Nothing</It>").encode()) != []


def test_numbers_that_are_bits_may_be_added() -> None:
    judge = Schemas(site(row("It", PLAIN), more=(plain("Plain", *FLAGS, as_string=False),)))
    assert [judge.json_faults("Thing", "request", {"It": number}) == [] for number in (0, 3, 7, 8, -1)] == [
        True, True, True, False, False,
    ]  # fmt: skip
