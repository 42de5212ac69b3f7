"""What a page's samples show of a type is what its schemas say: at any depth, in JSON and in XML."""

from dataclasses import replace

import pytest
from emit_things import ZOO, plain, row, site, thing
from emit_zoo import listed, model, record, scalar, stated
from lxml import etree

from contracts.emit import Schemas, emit
from contracts.model import Fact, Sample, TypeRef, XmlName

XSD = "http://www.w3.org/2001/XMLSchema"
INT, TEXT = scalar("Int32"), scalar("String")
KIND = plain("Plain", ("Zero", 0), ("One", 1), as_string=False)


def mapped(key: TypeRef, item: TypeRef) -> TypeRef:
    return TypeRef("dictionary", key=key, item=item)


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


def test_one_enumeration_may_travel_by_number_in_one_member_and_by_name_in_another() -> None:
    rows = row("Number", model("Plain")), row("Name", model("Plain")), row("Names", listed(model("Plain")))
    contract = site(*rows, json='{"Number": 1, "Name": "One", "Names": ["One"]}', more=(KIND,))
    judge = Schemas(contract)
    assert judge.json_faults("Thing", "response", {"Number": 0, "Name": "Zero", "Names": ["Zero", "One"]}) == []
    for wrong in ({"Number": "Zero"}, {"Name": 0}, {"Name": "Two"}, {"Names": [1]}):
        assert judge.json_faults("Thing", "response", wrong) != [], wrong


def test_a_number_of_a_sample_that_no_table_lists_leaves_the_enumeration_open() -> None:
    judge = Schemas(site(row("It", model("Plain")), json='{"It": 7}', more=(KIND,)))
    assert [judge.json_faults("Thing", "response", {"It": value}) == [] for value in (7, 0, 99, "Zero")] == [
        True, True, True, False,
    ]  # fmt: skip
    closed = Schemas(site(row("It", model("Plain")), json='{"It": 1}', more=(KIND,)))
    assert closed.json_faults("Thing", "response", {"It": 7}) != []


def test_a_body_whose_sample_bears_another_root_than_its_type_is_valid() -> None:
    contract = site(row("It", INT))
    post = contract.operations[0]

    sent = replace(
        post.request, type=stated(listed(INT)), samples=(Sample(("text/xml",), "<Row><int>1</int></Row>", "p", 1),)
    )
    files = emit(replace(contract, operations=(replace(post, request=sent),)))
    roots = etree.fromstring(files["no-namespace.xsd"]).findall(f"{{{XSD}}}element")
    assert [each.get("name") for each in roots if each.get("name") == "Row"] == ["Row"]


def test_an_attribute_that_a_sample_shows_may_stand() -> None:
    shown = thing("<It>1</It>").replace("<Thing ", '<Thing Rolls="3" ')
    assert Schemas(site(row("It", INT), xml=shown)).xml_faults("Thing", shown.encode()) == []
    assert Schemas(site(row("It", INT))).xml_faults("Thing", shown.encode()) != []


def test_a_guess_that_a_member_is_never_null_refuses_no_answer() -> None:
    sure = replace(row("It", INT), nullable=stated(False))
    guess = replace(row("It", INT), nullable=Fact(False, sure.nullable.evidence, "send null"))
    nil = thing('<It i:nil="true"/>').encode()
    for prop, taken in ((sure, False), (guess, True)):
        judge = Schemas(site(prop))
        assert (judge.json_faults("Thing", "response", {"It": None}) == []) is taken
        assert (judge.xml_faults("Thing", nil) == []) is taken
        assert judge.json_faults("Thing", "request", {"It": None}) != []


def test_a_guess_of_a_plain_text_gives_way_to_a_sample_with_elements_inside() -> None:
    shown = thing("<It><Inner>1</Inner></It>")
    assert Schemas(site(row("It", TEXT, guessed=True), xml=shown)).xml_faults("Thing", shown.encode()) == []
    assert Schemas(site(row("It", TEXT, guessed=True))).xml_faults("Thing", shown.encode()) != []


@pytest.mark.parametrize("as_string", [False, True, None])
def test_what_was_never_set_of_an_enumeration_without_a_0_is_answered_as_0(as_string: bool | None) -> None:
    # The default of an enumeration in C# is 0, and StringEnumConverter writes a number without a name as a number.
    grade = plain("Grade", ("Soft", 1), ("Hard", 2), as_string=as_string)
    judge = Schemas(site(row("It", model("Grade")), more=(grade,)))
    assert judge.json_faults("Thing", "response", {"It": 0}) == []
    assert judge.json_faults("Thing", "request", {"It": 0}) != []
    assert judge.json_faults("Thing", "response", {"It": 3}) != []


def test_an_enumeration_with_a_0_has_one_0() -> None:
    judge = Schemas(site(row("It", model("Plain")), more=(KIND,)))
    assert judge.json_faults("Thing", "response", {"It": 0}) == []
    assert judge.json_faults("Thing", "response", {"It": 2}) != []
