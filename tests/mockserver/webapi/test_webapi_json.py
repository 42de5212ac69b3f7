"""Json.NET's leniency: what a body becomes, and how many errors it leaves under which key."""

import json

import pytest
from invented import errors, post

from mockserver.webapi.dates import DateTime

JSON = "application/json"


@pytest.mark.parametrize(
    "body",
    [
        '{"text": "a"}',
        "{'text': 'a'}",
        "{text: 'a'}",
        '/* c */ {/**/"text": /**/"a"/**/} // end',
        '{"TEXT": "a",}',
        '{"text": "b", "Text": "a"}',
        '\ufeff{"text": "a"} and more',
        '{"other": {"deep": [1, {"a": null}]}, "text": "a"}',
        '{"$id": "1", "$type": "x", "text": "a"}',
        '{"text": "\\u0061"}',
    ],
)
def test_these_all_say_the_same(body: str) -> None:
    _, record = post(body, JSON)
    assert record is not None
    assert record["Text"] == "a"


@pytest.mark.parametrize(
    ("value", "text"),
    [("5", "5"), ("5.0", "5"), ("1e3", "1000"), (".5", "0.5"), ("0x1F", "31"), ("017", "15"), ("true", "True"),
     ("-Infinity", "-Infinity"), ("100000000000000000000.00", "1E+20"), ("12345678901234567890123",) * 2,
     ('"2026-06-01T09:00:00Z"', "2026-06-01T09:00:00Z"), ('"\\uddb7"', "\ufffd"), ('"\\ud83e\\uddb7"', "🦷"),
     ('"a\nb"', "a\nb"), ("null", None)],
)  # fmt: skip
def test_any_primitive_becomes_text(value: str, text: str | None) -> None:
    _, record = post(f'{{"text": {value}}}', JSON)
    assert record is not None
    assert record["Text"] == text


@pytest.mark.parametrize(
    ("member", "value", "expected"),
    [
        ("count", '"12"', 12), ("count", "0x10", 16), ("maybe", '""', None), ("maybe", "null", None),
        ("big", "2.5", 2), ("big", "3.5", 4), ("big", "true", 1), ("price", '"1,000.50"', "1000.50"),
        ("price", "1.10", "1.10"),
        ("price", "79228162514264337593543950335", "79228162514264337593543950335"),
        ("flag", '" TRUE "', True), ("flag", "2", True), ("ratio", '"1e3"', 1000.0),
        ("shade", '"dark"', 1), ("shade", "7", 7), ("when", '"1 June 2026"', DateTime(639_158_688_000_000_000)),
    ],
)  # fmt: skip
def test_values_are_converted(member: str, value: str, expected: object) -> None:
    _, record = post(f'{{"{member}": {value}}}', JSON)
    assert record is not None
    found = record[member.capitalize()]
    assert (str(found) if isinstance(expected, str) else found) == expected


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ("[]", {"model": 1}),
        ('"x"', {"model": 1}),
        ("{", {"model": 1}),
        ('{"count": 5.0}', {"model.count": 1, "model": 1}),
        ('{"count": 99999999999, "text": "a"}', {"model.count": 1, "model.text": 1}),
        ('{"count": null}', {"model.count": 1}),
        ('{"count": [1]}', {"model.count": 1}),
        ('{"when": "nope", "code": "nope"}', {"model.when": 1, "model.code": 1}),
        ('{"code": {"a": 1}}', {"model.code.a": 1}),
        ('{"code": {"$ref": "1"}}', {"model.code": 1}),  # ResolveReference finds null, DynamicValueProvider refuses it
        ('{"text": "a" "code": "b"}', {"model.text": 1}),
        ('{"text": +5}', {"model.text": 2}),
        ('{"text": "\\q"}', {"model.text": 2}),
        ('{"text": "open', {"model.text": 2}),
        ('{"text": undefined}', {"model.text": 1}),
        ('{"text": 1E400, "count": 1}', {"model.text": 1, "model.count": 1}),
        ('{"when": "/Date(0+x)/"}', {"model.when": 1, "model": 1}),
    ],
)
def test_errors_are_counted_where_the_reader_stood(body: str, keys: dict[str, int]) -> None:
    response, record = post(body, JSON)
    assert record is None
    assert response.status == 400
    state = json.loads(response.body)["modelState"]
    assert {key: len(messages) for key, messages in state.items()} == keys


def test_a_depth_of_256_is_read_and_257_is_not() -> None:
    assert post('{"other": ' + "[" * 255 + "]" * 255 + "}", JSON)[0].status == 200
    assert post('{"other": ' + "[" * 256 + "]" * 256 + "}", JSON)[0].status == 400


@pytest.mark.parametrize("body", ["", " ", "null", "\0", '{"$ref": "1"}', "undefined"])
def test_no_model_and_no_error_is_told_as_such(body: str) -> None:
    assert errors(post(body, JSON)[0]) == '{"message":"The request has no body."}'


def test_the_members_that_did_arrive_are_still_validated() -> None:
    response, _ = post('{"code": "nope", "text": " "}', JSON, strict=True)
    expected = {"model.code": ["An error has occurred."], "model.Text": ["The Text field is required."]}
    assert json.loads(response.body)["modelState"] == expected


def test_output_is_spelled_as_json_net_spells_it() -> None:
    body = '{"text": "\\u0085\\u2028<é\\u007f\\u001f\\"", "price": 1.10, "ratio": 3, "when": "2026-06-01T09:00:00Z"}'
    response, _ = post(body, JSON)
    assert response.body.decode("utf-8") == (
        '{"text":"\\u0085\\u2028<é\x7f\\u001f\\"","count":0,"big":0,"price":1.10,"ratio":3.0,"flag":false,'
        '"when":"2026-06-01T09:00:00Z","code":"00000000-0000-0000-0000-000000000000","maybe":null,"shade":0,'
        '"id":"00000000-0000-0000-0000-000000000000","key":null}'
    )


def test_a_pascal_case_site_spells_everything_so() -> None:
    response, _ = post('{"Code": "nope"}', JSON, casing="PascalCase")
    assert errors(response) == (
        '{"Message":"The request is invalid.","ModelState":{"model.Code":["An error has occurred."]}}'
    )


# JsonTextReader.ReadNumberIntoBuffer looks at what follows a number before the state moves on, so the same place fails
# twice; ParseNumber fails after it, so the next member's value stands where a name is wanted.
@pytest.mark.parametrize(
    ("value", "keys"),
    [("5g", {"text": 2}), ("1:2", {"text": 2}), ("2026-06-01T09:00", {"text": 2}), ('5"', {"text": 2}),
     ("5 6", {"text": 1}), ("5e", {"text": 1, "count": 1}), ("1" * 381, {"text": 1, "count": 1})],
)  # fmt: skip
def test_a_number_that_goes_wrong_is_an_error_where_it_stands(value: str, keys: dict[str, int]) -> None:
    found = json.loads(errors(post(f'{{"text": {value}, "count": 1}}', JSON)[0]))
    expected = {f"model.{key}": ["An error has occurred."] * count for key, count in keys.items()}
    assert found["modelState"] == expected
