"""Forms: names and values from bytes, and the conversions of the type converters."""

import json

import pytest
from invented import errors, post

from mockserver.webapi import forms
from mockserver.webapi.dates import DateTime

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("body", "pairs"),
    [
        (b"a=1&b=2", [("a", "1"), ("b", "2")]),
        (b"&", [("", ""), ("", "")]),
        (b"a", [("a", "")]),
        (b"a=b=c", [("a", "b=c")]),
        (b"a+b=%20c%2B", [("a b", " c+")]),
        (b"a=%zz&b=%4&c=%", [("a", "%zz"), ("b", "%4"), ("c", "%")]),
        (b"a=%u00e9", [("a", "%u00e9")]),
        (b"a=Zo%C3%AB", [("a", "Zoë")]),
        ("a=Zoë".encode(), [("a", "Zoë")]),
        (b"a=Zo%EB", [("a", "Zo\ufffd")]),
        (b"a=%ED%A0%80", [("a", "\ufffd\ufffd")]),
        (b"a=%F0%80%80%80", [("a", "\ufffd\ufffd\ufffd")]),
        (b"a=%00", [("a", "\0")]),
    ],
)
def test_names_and_values(body: bytes, pairs: list[tuple[str, str]]) -> None:
    assert forms.pairs(body) == pairs


@pytest.mark.parametrize(
    ("name", "normalized"),
    [("a", "a"), ("a[]", "a"), ("a[b]", "a.b"), ("a[b][c]", "a.b.c"), ("a[0].b", "a[0].b"), ("a[0][b]", "a[0].b"),
     ("a]", "a]"), ("[]", ""), ("a[b]c", "a.bc")],
)  # fmt: skip
def test_brackets_become_dots(name: str, normalized: str) -> None:
    assert forms.normalized(name) == normalized


def test_a_bracket_that_is_never_closed_is_an_error_of_the_whole() -> None:
    response, _ = post("text=a&b[c=1", FORM)
    assert json.loads(response.body)["modelState"] == {"model": ["An error has occurred."]}


@pytest.mark.parametrize(
    ("body", "member", "value"),
    [
        ("TEXT=a&text=b", "Text", "a"),
        ("text=", "Text", None),
        ("text=%C2%85+", "Text", None),
        ("text=+a+", "Text", " a "),
        ("text[]=a", "Text", "a"),
        ("model.text=a", "Text", None),
        ("count=0x1F", "Count", 31),
        ("count=+7+", "Count", 7),
        ("maybe=+", "Maybe", None),
        ("flag=TRUE", "Flag", True),
        ("shade=dark", "Shade", 1),
        ("when=2026-06-01T12:00:00Z", "When", DateTime(639_159_120_000_000_000, "local")),
        ("code=%7B1b657c92-b04c-4123-a3de-09388147d9f7%7D", "Code", "1b657c92-b04c-4123-a3de-09388147d9f7"),
    ],
)
def test_values_are_converted_with_the_invariant_culture(body: str, member: str, value: object) -> None:
    _, record = post(body, FORM)
    assert record is not None
    assert record[member] == value


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ("when=", {"model.When": ["A value is required."]}),
        ("when=13/06/2026", {"model.When": ["The value '13/06/2026' is not valid for When."]}),
        ("code=x&code=y", {"model.Code": ["The value 'x,y' is not valid for Code."]}),
        ("flag=1", {"model.Flag": ["The value '1' is not valid for Flag."]}),
        ("count=99999999999", {"model.Count": ["An error has occurred."]}),
        ("price=1,000", {"model.Price": ["The value '1,000' is not valid for Price."]}),
        ("code=&count=x", {"model.Count": ["The value 'x' is not valid for Count."],
                           "model.Code": ["A value is required."]}),
    ],
)  # fmt: skip
def test_what_cannot_be_converted_is_told_in_the_models_order(body: str, state: dict[str, list[str]]) -> None:
    response, _ = post(body, FORM)
    found = json.loads(response.body)["modelState"]
    assert found == state
    assert list(found) == list(state)


def test_an_empty_form_is_no_body_and_an_ampersand_is_a_blank_record() -> None:
    assert errors(post("", FORM)[0]) == '{"message":"The request has no body."}'
    assert post("&", FORM)[0].status == 200


def test_raw_bytes_across_a_border_of_256_are_lost() -> None:
    body = b"text=" + b"a" * 250 + "é".encode()
    _, record = post(body, FORM)
    assert record is not None
    assert record["Text"] == "a" * 250 + "\ufffd\ufffd"
