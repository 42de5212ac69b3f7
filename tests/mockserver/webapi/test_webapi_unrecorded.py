"""Habits of the framework that no recording shows, each as its own libraries show them when asked: pairs, marks and
comments in JSON, attributes and required parts in XML, time spans, numbers too large, annotations that overflow."""

import datetime
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from every_type import ANY, BOX, INSTANCE, PARTS, box, keyed, read, write
from invented_site import body, contract, enum, many, member, model, named, operation, parameter, scalar, told

from contracts.model import Annotation, Contract, Property, TypeRef, XmlName
from contracts.naming import ARRAYS
from contracts.scalars import SERIALIZATION
from mockserver.webapi import Request, WebApi
from mockserver.webapi import time_spans as spans
from mockserver.webapi.actions import NO_CONTENT, Call, Outcome
from mockserver.webapi.annotations import ValidatorError, checks_of
from mockserver.webapi.boxed import Boxed
from mockserver.webapi.dates import DAY, SECOND
from mockserver.webapi.form_scalars import FORM_SCALARS
from mockserver.webapi.numbers import TooLargeError
from mockserver.webapi.type_names import SYSTEM

TEXT, NUMBER, GUID = scalar("String"), scalar("Int32"), "c9d1ba2c-2f6e-4d0a-9c1c-0a5b3f6f7a10"
XSD = "http://www.w3.org/2001/XMLSchema"


# JSON, member, its value, keys of the model state
TAKEN = [
    ('{"Numbers":{"$values":[1,2]}}', "Numbers", [1, 2], []),
    ('{"Numbers":{"$id":"1","$values":[3]}}', "Numbers", [3], []),
    ('{"Numbers":{"$values":["x"]}}', "Numbers", [], ["box.Numbers.$values[0]"]),
    ('{"Shade":{"$value":5}}', "Shade", 5, []),
    ('{"Pair":[]}', "Pair", (None, 0), []),
    ('{"Pair":/*c*/{"Key":"a"}}', "Pair", (None, 0), []),
    ('{"Pair":{"Key":5,"Value":true,"x":[1]}}', "Pair", ("5", 1), []),
    ('{"Pair":{"Key":"a","Value":"x"}}', "Pair", ("a", 0), ["box.Pair.Value"]),
    ('{"Pair":null}', "Pair", (None, 0), ["box.Pair"]),
    ('{"Pair":5}', "Pair", (None, 0), ["box"]),
    ('{"Side":/*c*/1}', "Side", None, ["box.Side"]),
    (f'{{"Bytes":"{GUID}"}}', "Bytes", None, ["box.Bytes", "box"]),
    ('{"Any":{"a":1,"a":2}}', "Any", None, ["box.Any.a"]),
    ('{"Any":{"a":{"b":1,"b":2}}}', "Any", None, ["box.Any.a.b"]),
    ('{"Any":[{"b":/*c*/2}]}', "Any", None, ["box.Any[0].b", "box.Any"]),
    ('{"Moments":["9999-12-31T23:59:59-14:00"]}', "Moments", [], ["box.Moments[0]"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name", "value", "keys"), TAKEN)
def test_json_marks_and_pairs_are_read_as_json_net_reads_them(
    text: str, name: str, value: object, keys: list[str]
) -> None:
    found, errors, _ = read("json", text)
    assert (found and found[name], [key for key, _ in errors]) == (value, keys)


@pytest.mark.parametrize(
    ("sent", "written"),
    [
        ("[1,,2]", "[1,null,2]"), ("[undefined]", "[null]"), ('{"a":undefined}', '{"a":null}'),
        ("[/*c*/1/*d*/,2]", "[/*c*/1/*d*/,2]"), ("[1,//c\n2]", "[1/*c*/,2]"), ('{/*c*/"a":1}', '{"a":1}'),
        ('[{/*c*/"a":2/*d*/,"":3}]', '[{"a":2,"":3}]'), ("[new Foo(/*c*/1)]", "[new Foo(/*c*/,1)]"),
        ('{"$values":[1,{"a":2}]}', '[1,{"a":2}]'), ('{"$values":5}', "5"),
    ],
)  # fmt: skip
def test_a_comment_in_a_list_of_anything_is_kept_and_undefined_is_null(sent: str, written: str) -> None:
    assert write("json", read("json", sent, ANY)[0], ANY) == written


def test_a_character_is_one_code_unit_and_a_large_number_no_boolean() -> None:
    for text, ref in (('"😀"', "Char"), ("9223372036854775808", "Boolean")):
        assert [key for key, _ in read("json", f"[{text}]", many(scalar(ref)))[1]] == ["box[0]"]
    with pytest.raises(ValueError, match="😀"):
        FORM_SCALARS["Char"]("😀", datetime.UTC)


# what stands in a Box, member and value (None: the whole body is an error)
ELEMENTS = [
    (f'<Main xmlns:p="{PARTS}" i:type="p:Part"/>', ("Main", {"Count": 0, "Open": None, "Tags": None, "Title": None})),
    ('<Key i:type="nobody:int">a</Key>', ("Key", "a")),
    ('<Shade i:type="nobody:int">Light</Shade>', None),
    (f'<Shade xmlns:x="{XSD}" i:type="x:int">Light</Shade>', None),
    ('<Nope i:nil="x"/>', None),
    ('<Nope><Inner i:nil="x"/></Nope>', ("Key", None)),
    (f'<Nope xmlns:z="{SERIALIZATION}" z:Id=""/>', None),
    (f'<Moments xmlns:s="{SYSTEM}"><s:DateTimeOffset><s:OffsetMinutes>0</s:OffsetMinutes>'
     "<s:DateTime>2026-06-01T07:00:00Z</s:DateTime></s:DateTimeOffset></Moments>", None),
    (f'<Moments xmlns:s="{SYSTEM}"><s:DateTimeOffset><s:DateTime i:nil="true"/>'
     "<s:OffsetMinutes>0</s:OffsetMinutes></s:DateTimeOffset></Moments>", None),
    (f'<Names xmlns:a="{ARRAYS}"><a:KeyValueOfstringstring><a:Value>x</a:Value><a:Key>a</a:Key><a:Value>x</a:Value>'
     "</a:KeyValueOfstringstring></Names>", None),
    (f'<Names xmlns:a="{ARRAYS}"><a:KeyValueOfstringstring><a:Key>a</a:Key><a:Nope/><a:Value>x</a:Value>'
     "</a:KeyValueOfstringstring></Names>", ("Names", {"a": "x"})),
]  # fmt: skip


@pytest.mark.parametrize(("inner", "wanted"), ELEMENTS)
def test_required_parts_keep_their_order_and_attributes_are_read_wherever_they_stand(
    inner: str, wanted: tuple[str, Any] | None
) -> None:
    found, errors, _ = read("xml", box(inner))
    if wanted is None:
        assert (found, [key for key, _ in errors]) == (None, ["box"])
    else:
        assert (found[wanted[0]], errors) == (wanted[1], [])


@pytest.mark.parametrize(
    ("ref", "root", "value"),
    [
        (NUMBER, f'<int xmlns="{SERIALIZATION}" xmlns:i="{INSTANCE}" i:nil="x">5</int>', 5),
        (TEXT, f'<string xmlns="{SERIALIZATION}" xmlns:i="{INSTANCE}" i:nil="1">a</string>', None),
        (scalar("Double"), f'<double xmlns="{SERIALIZATION}">-Infinity</double>', float("-inf")),
    ],
)
def test_the_root_of_a_built_in_type_is_read_without_its_attributes(ref: TypeRef, root: str, value: object) -> None:
    assert read("xml", root, ref)[:2] == (value, [])


def test_a_root_that_refers_to_another_object_is_refused() -> None:
    root = f'<string xmlns="{SERIALIZATION}" xmlns:z="{SERIALIZATION}" z:Ref="i1">a</string>'
    assert [key for key, _ in read("xml", root, TEXT)[1]] == ["box"]


def test_a_day_of_no_year_is_one_of_1904() -> None:
    root = f'<dateTime xmlns="{SERIALIZATION}">--02-29</dateTime>'
    found = read("xml", root, scalar("DateTime"))[0]
    assert write("json", found, scalar("DateTime")) == '"1904-02-29T00:00:00"'


@pytest.mark.parametrize(
    ("value", "root"),
    [
        (Boxed("Int64", 5), f'<z:anyType xmlns:d1p1="{XSD}" i:type="d1p1:long" xmlns:i="{INSTANCE}" '
         f'xmlns:z="{SERIALIZATION}">5</z:anyType>'),
        (Boxed("Guid", GUID), f'<z:anyType i:type="z:guid" xmlns:i="{INSTANCE}" xmlns:z="{SERIALIZATION}">{GUID}'
         "</z:anyType>"),
        (Boxed("Object"), f'<z:anyType xmlns:i="{INSTANCE}" xmlns:z="{SERIALIZATION}" />'),
    ],
)  # fmt: skip
def test_a_whole_body_of_any_type_has_the_serializers_prefix(value: Boxed, root: str) -> None:
    assert write("xml", value, ANY) == root


@pytest.mark.parametrize(
    ("text", "ticks"),
    [
        ("24:00:00", 24 * DAY), ("-24:00:00", -24 * DAY), ("1:2:3:4", DAY + 7384 * SECOND),
        ("1.2:3", DAY + 7380 * SECOND), ("1:2:.5", 3720 * SECOND + SECOND // 2),
        ("1.2:3:.5", DAY + 7380 * SECOND + SECOND // 2),
        ("0000000000001:00", 3600 * SECOND), ("1:2:3.00000001", 3723 * SECOND + 1), ("10675199", 10675199 * DAY),
    ],
)  # fmt: skip
def test_a_time_span_is_told_apart_by_what_stands_between_its_numbers(text: str, ticks: int) -> None:
    assert spans.read(text) == ticks


def test_a_time_span_of_no_shape_is_not_valid_and_one_too_large_says_nothing() -> None:
    for text in ("", "-", "1:", "1e2", "1.2", "1:2:3:4:5:6", "--1", "1:2:3,5"):
        with pytest.raises(ValueError) as caught:
            spans.read(text)
        assert not isinstance(caught.value, TooLargeError), text
    for text in (
        "24:00",
        "1:60",
        "25:61:00",
        "10675200",
        "1:2:3.12345678",
        "1.12345678901",
        "10675199.02:48:05.4775808",
    ):
        with pytest.raises(TooLargeError):
            spans.read(text)


@pytest.mark.parametrize(
    ("ref", "text", "message"),
    [
        ("Double", "1E400", "An error has occurred."),
        ("Decimal", "79228162514264337593543950336", "An error has occurred."),
        ("Single", "1e39", "An error has occurred."), ("TimeSpan", "2147483648", "An error has occurred."),
        ("TimeSpan", "1:", "The value '1:' is not valid for TimeSpan."),
        ("Double", "infinity", "The value 'infinity' is not valid for Double."),
    ],
)  # fmt: skip
def test_a_form_says_what_is_no_number_and_not_what_is_too_large(ref: str, text: str, message: str) -> None:
    assert read("form", f"[0]={text}", many(scalar(ref)))[1] == [("box[0]", [message])]


def test_the_endless_numbers_have_names_in_a_form() -> None:
    assert read("form", "[0]=Infinity&[1]=-Infinity", many(scalar("Double")))[0] == [float("inf"), float("-inf")]


_WHOLE = Annotation("range", ("1", "10"))


def test_a_range_of_whole_bounds_converts_as_int32_does() -> None:
    (check,) = checks_of("Mark", [_WHOLE])
    refused = "The field Mark must be between 1 and 10."
    assert [check(value) for value in (True, " 5 ", "+5", 10.5)] == [None] * 4
    assert [check(value) for value in (False, "1.5", "x", 10.6)] == [refused] * 4
    for value in (2**31, -(2**31) - 1, "2147483648", float("nan"), 1e300):
        with pytest.raises(ValidatorError):
            check(value)
    (check,) = checks_of("Agreed", [Annotation("range", ("true", "true"))])
    assert (check(True), check(False)) == (None, "The field Agreed must be between True and True.")


def _sent(ref: TypeRef, text: str | None) -> tuple[int, str]:
    told = contract(operation("POST", "api/Things", takes=body(ref), gives=body(ref)), models=(RULED,))
    request = Request("POST", "/api/Things", [("Content-Type", "application/json")], (text or "").encode())
    response = WebApi(told, strict=False).handle(request, _Echo())
    return response.status, response.body.decode()


RULED = model("Ruled", member("Size", scalar("Int64"), _WHOLE), member("Code", TEXT, Annotation("required")))


class _Echo:
    """A controller that gives back what it was given."""

    def __init__(self) -> None:
        self.arguments: Mapping[str, Any] = {}

    def __call__(self, *given: Any) -> Any:
        return given[2]

    def perform(self, call: Call) -> Outcome:
        self.arguments = call.arguments
        sent = call.operation.request.type.value
        return NO_CONTENT if sent is None else Outcome(200, sent, call.body)


def test_an_annotation_that_overflows_is_the_servers_fault() -> None:
    assert _sent(named("Ruled"), '{"Size":2147483648,"Code":"a"}') == (500, '{"Message":"An error has occurred."}')


def test_what_is_in_a_pair_is_checked_under_its_value() -> None:
    pair = TypeRef("pair", key=TEXT, item=named("Ruled"))
    keys = {}
    for ref, text in ((pair, '{"Value":{"Size":5}}'), (keyed(TEXT, pair), '{"a":{"Value":{"Size":5}}}')):
        status, answer = _sent(ref, text)
        keys[ref.kind] = (status, list(json.loads(answer)["ModelState"]))
    assert [(status, key.split(".", 1)[1]) for status, (key,) in keys.values()] == [
        (400, "Value.Code"), (400, "Value.Value.Code")
    ]  # fmt: skip


def test_no_body_at_all_is_the_default_of_a_value_type() -> None:
    assert _sent(NUMBER, None) == (200, "0")
    assert _sent(TEXT, None) == (400, '{"Message":"The request has no body."}')


def _asked(query: str, *parameters: Any) -> tuple[int, dict[str, list[str]], Mapping[str, Any]]:
    told = contract(operation("GET", "api/Things", *parameters), models=(RULED,))
    act = _Echo()
    response = WebApi(told, strict=False).handle(Request("GET", f"/api/Things?{query}", [], b""), act)
    return response.status, json.loads(response.body or b"{}").get("ModelState", {}), act.arguments


def test_a_model_inside_a_complex_parameter_is_checked_too() -> None:
    inner = parameter("Inner", named("Ruled"), of="Filter", nullable=True)
    code, size = ["The Code field is required."], ["The field Size must be between 1 and 10."]
    assert _asked("Inner.Size=5", inner)[:2] == (400, {"Inner.Code": code})
    assert _asked("Inner.Size=0&Inner.Code=a", inner)[:2] == (400, {"Inner.Size": size})
    assert _asked("Inner.Size=x&Inner.Code=a", inner)[:2] == (
        400, {"Inner.Size": ["The value 'x' is not valid for Size."]},
    )  # fmt: skip


def test_of_two_complex_parameters_each_is_bound_under_its_name_or_without_one() -> None:
    rows = [
        replace(parameter("Size", NUMBER, of="Ruled", nullable=False), prefix=prefix) for prefix in ("one.", "two.")
    ]
    bad = "The value 'x' is not valid for Size."
    assert _asked("one.Size=x&two.Size=5", *rows)[1] == {"one.Size": [bad]}
    assert _asked("one.Size=5&Size=x", *rows)[1] == {"Size": [bad]}
    assert _asked("Size=x", *rows)[1] == {"Size": [bad, bad]}
    assert _asked("Size=5", *rows)[2] == {"Size": 5}


def _one(prop: Property, root: str = BOX) -> Contract:
    """A site of one model, Thing, with that one member."""
    thing = replace(model("Thing", prop), xml_root=told(XmlName("Thing", root, 0)))
    carried = body(named("Thing"))
    return contract(operation("POST", "api/Things", takes=carried, gives=carried), models=(thing,))


def _answer(site: Contract, kind: str, text: str) -> tuple[int, str]:
    request = Request("POST", "/api/Things", [("Content-Type", kind)], text.encode())
    response = WebApi(site, strict=False).handle(request, _Echo())
    return response.status, response.body.decode()


def test_of_a_serializable_class_xml_misses_every_member_and_json_none() -> None:
    element = "_x003C_Size_x003E_k__BackingField"
    prop = replace(member("Size", NUMBER), xml=told(XmlName(element, BOX, 0)), json=told("<Size>k__BackingField"))
    site = _one(prop)
    assert _answer(site, "application/xml", f'<Thing xmlns="{BOX}" />')[0] == 400
    assert _answer(site, "application/xml", f'<Thing xmlns="{BOX}"><{element}>5</{element}></Thing>')[0] == 200
    assert _answer(site, "application/json", "{}") == (200, '{"<Size>k__BackingField":0}')


def test_a_member_that_xml_serializer_writes_elsewhere_is_set_by_json() -> None:
    prop = replace(member("Size", NUMBER), xml=told(None))
    assert _answer(_one(prop, "urn:things"), "application/json", '{"Size":5}') == (200, '{"Size":5}')
    assert _answer(_one(prop), "application/json", '{"Size":5}') == (200, '{"Size":0}')


def test_an_enumeration_of_large_numbers_has_64_bits() -> None:
    far = enum("Far", Near=0, Away=5_000_000_000)
    site = contract(operation("POST", "api/Things", takes=body(named("Far")), gives=body(named("Far"))), models=(far,))
    for sent, shown in (("5000000000", "5000000000"), ('"away"', "5000000000"), ('"-5000000001"', "-5000000001")):
        assert _answer(site, "application/json", sent) == (200, shown)
    assert _answer(site, "application/x-www-form-urlencoded", "=5000000000") == (200, "5000000000")


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ('[["a"],null)[]]', {"box[0]": 1, "box": 2}), ('[NaN"a"],1.5,[]]', {"box": 4}),
        ('[["a"})]', {"box[0]": 1, "box": 4}),
    ],
)  # fmt: skip
def test_a_list_is_given_up_when_the_reader_stands_still(text: str, counts: dict[str, int]) -> None:
    errors = read("json", text, many(many(TEXT)))[1]
    assert {key: len(messages) for key, messages in errors} == counts


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("http://a.example/%41%7e%2d%2E%5f%30%c3%a9%20%2f%3F%25%zz%4",
         "http://a.example/A~-._0%C3%A9%20%2f%3F%25%25zz%254"),
        ("http://É.Example:80/É?%41#%41", "http://é.example/%C3%89?A#A"), ("rel/%41 é", "rel/A%20%C3%A9"),
        ("http://u%41:é@é.example/", "http://uA:%C3%A9@é.example/"), ("http://a.example/%E9", "http://a.example/%E9"),
    ],
)  # fmt: skip
def test_xml_escapes_what_an_address_must_not_bear_and_nothing_else(sent: str, shown: str) -> None:
    assert write("xml", sent, scalar("Uri")) == f'<anyURI xmlns="{SERIALIZATION}">{shown}</anyURI>'
