"""What .NET's XsdDataContractExporter writes for equal classes: names, kinds of lists, what its importer reads.

The expected names are the exporter's own (System.Runtime.Serialization), written for classes of the namespace Zoo.
"""

import pytest
from emit_things import ARRAYS, SERIALIZATION, SYSTEM, ZOO, plain, row, site, thing
from emit_zoo import listed, model, record, scalar, stated
from lxml import etree

from contracts.emit import Schemas, emit
from contracts.emit.contract_names import ContractNames
from contracts.emit.evidence import Evidence
from contracts.emit.refs import BASE64, nullable
from contracts.model import Contract, Fact, Property, TypeRef, XmlName
from contracts.naming import generic_contract_name

GENERIC = f"{SYSTEM}.Collections.Generic"
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
