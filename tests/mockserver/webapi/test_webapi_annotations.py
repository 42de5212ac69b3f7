"""Annotations of the page, enforced in the framework's words and in its order."""

import json
from decimal import Decimal
from typing import Any

import pytest
from invented_site import body, contract, many, member, model, named, operation, scalar

from contracts.model import Annotation, Contract, TypeRef
from mockserver.webapi import Request, WebApi
from mockserver.webapi.annotations import checks_of

_TEXT, _INT = scalar("String"), scalar("Int32")
_REQUIRED = Annotation("required")


def _first(kind: str, arguments: tuple[str, ...], value: Any) -> str | None:
    (check,) = checks_of("Mark", [Annotation(kind, arguments)])
    return check(value)


_RANGE = "The field Mark must be between {} and {}."
_LENGTH = "The field Mark must be a string with a minimum length of 2 and a maximum length of 3."
_AT_MOST = "The field Mark must be a string with a maximum length of 3."
_MAX = "The field Mark must be a string or array type with a maximum length of '3'."
_MIN = "The field Mark must be a string or array type with a minimum length of '2'."
_MATCH = "The field Mark must match the regular expression '{}'."


@pytest.mark.parametrize(
    ("kind", "arguments", "good", "bad", "message"),
    [
        ("required", (), ["a", 0, False, [], "\u200b"], [None, "", " \t\u00a0\u3000"], "The Mark field is required."),
        ("range", ("0", "5"), [None, "", 0, 5, "3", Decimal("-0.5"), 5.4], [-1, 6, "x", Decimal("5.5")],
         _RANGE.format(0, 5)),
        ("range", ("0.5", "9.5"), [None, Decimal("0.50"), 9.5], [Decimal("0.49"), 9.51, float("nan"), float("inf")],
         _RANGE.format(0.5, 9.5)),
        ("string_length", ("2", "3"), [None, "ab", "abc", "🦷"], ["", "a", "abcd", "🦷🦷"], _LENGTH),
        ("string_length", ("0", "3"), [None, "", "abc"], ["abcd"], _AT_MOST),
        ("max_length", ("3",), [None, "", "abc", [1, 2, 3]], ["abcd", "🦷🦷", [1, 2, 3, 4]], _MAX),
        ("min_length", ("2",), [None, "ab", "🦷", [None, None]], ["", "a", [1]], _MIN),
        ("pattern", (r"^(A|B)-\d{2}$",), [None, "", "A-12", "B-٣٣"], [" A-12", "A-12\n", "C-12"],
         _MATCH.format(r"^(A|B)-\d{2}$")),
        ("pattern", (r"\p{Lu}+",), ["ÄB"], ["Äb"], _MATCH.format(r"\p{Lu}+")),
        # the first match must be the whole text: an alternative that would fit is not looked for
        ("pattern", ("a|ab",), ["a"], ["ab", "ba"], _MATCH.format("a|ab")),
    ],
)  # fmt: skip
def test_a_value_is_refused_in_the_attributes_words(
    kind: str, arguments: tuple[str, ...], good: list[Any], bad: list[Any], message: str
) -> None:
    assert [value for value in good if _first(kind, arguments, value) is not None] == []
    assert [_first(kind, arguments, value) for value in bad] == [message] * len(bad)


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        ("data_type", ("EmailAddress",)),
        ("other", ()),
        ("range", ("1/1/2026", "2/1/2026")),
        ("pattern", (r"(?<Open-Close>x)+",)),
    ],
)
def test_what_the_page_does_not_give_in_full_is_not_checked(kind: str, arguments: tuple[str, ...]) -> None:
    assert checks_of("Mark", [Annotation(kind, arguments)]) == ()


INNER = model("Inner", member("Code", _TEXT, _REQUIRED), member("Count", _INT, Annotation("range", ("1", "9"))))
OUTER = model(
    "OuterModel",
    member("Name", _TEXT, Annotation("max_length", ("2",)), _REQUIRED),
    member("Prose", _TEXT, required=True),
    member("One", named("Inner"), _REQUIRED, nullable=True),
    member("Some", many(named("Inner")), Annotation("min_length", ("1",))),
    member("Pair", many(named("Inner")), Annotation("min_length", ("2",)), nullable=True),
    member("Map", TypeRef("dictionary", item=named("Inner"), key=_TEXT), nullable=True),
    member("Last", _TEXT, _REQUIRED),
)


def test_a_pattern_that_takes_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.webapi.annotations._PATIENCE", 0.01)
    assert _first("pattern", (r"^(a|aa)+$",), "a" * 60 + "!") == _MATCH.format(r"^(a|aa)+$")


def _told(ref: TypeRef) -> Contract:
    return contract(operation("PUT", "api/Outers", takes=body(ref), gives=body(ref)), models=(OUTER, INNER))


def _errors(ref: TypeRef, sent: Any, *, strict: bool = False) -> dict[str, list[str]]:
    request = Request("PUT", "/api/Outers", [("Content-Type", "application/json")], json.dumps(sent).encode())
    response = WebApi(_told(ref), strict=strict).handle(request, lambda *given: given[2])
    found: dict[str, list[str]] = json.loads(response.body).get("ModelState", {})
    return found


_GOOD = {"Name": "a", "Prose": "p", "One": {"Code": "c", "Count": 1}, "Some": [{"Code": "c", "Count": 9}], "Last": "l"}


def test_a_whole_value_has_no_errors() -> None:
    assert _errors(named("OuterModel"), _GOOD, strict=True) == {}


def test_errors_come_in_the_models_order_with_the_path_to_each() -> None:
    sent = {**_GOOD, "Name": "abc", "One": {"Count": 0}, "Some": [{"Code": "c", "Count": 1}, {}], "Last": " "}
    found = _errors(named("OuterModel"), {**sent, "Map": {"k": {"Code": "c"}}})
    assert list(found.items()) == [
        ("outer.Name", ["The field Name must be a string or array type with a maximum length of '2'."]),
        ("outer.One.Code", ["The Code field is required."]),
        ("outer.One.Count", ["The field Count must be between 1 and 9."]),
        ("outer.Some[1].Code", ["The Code field is required."]),
        ("outer.Some[1].Count", ["The field Count must be between 1 and 9."]),
        ("outer.Map[0].Value.Count", ["The field Count must be between 1 and 9."]),
        ("outer.Last", ["The Last field is required."]),
    ]


def test_a_member_is_looked_at_only_where_nothing_in_it_fails() -> None:
    assert _errors(named("OuterModel"), {**_GOOD, "Some": []}) == {
        "outer.Some": ["The field Some must be a string or array type with a minimum length of '1'."]
    }
    short = {**_GOOD, "Pair": [{}]}
    assert list(_errors(named("OuterModel"), short)) == ["outer.Pair[0].Code", "outer.Pair[0].Count"]
    assert list(_errors(named("OuterModel"), {**_GOOD, "Pair": []})) == ["outer.Pair"]
    assert _errors(named("OuterModel"), {**_GOOD, "One": None}) == {"outer.One": ["The One field is required."]}


def test_what_prose_demands_counts_in_strict_mode_only() -> None:
    sent = {**_GOOD, "Prose": ""}
    assert _errors(named("OuterModel"), sent) == {}
    assert _errors(named("OuterModel"), sent, strict=True) == {"outer.Prose": ["The Prose field is required."]}


def test_a_collection_names_the_index_and_passes_over_null() -> None:
    assert _errors(many(named("Inner")), [{"Code": "a", "Count": 1}, None, {"Count": 1}]) == {
        "inners[2].Code": ["The Code field is required."]
    }


def test_a_camel_case_site_turns_the_keys_and_not_the_words() -> None:
    told = contract(*_told(named("Inner")).operations, models=(INNER,), casing="camelCase")
    request = Request("PUT", "/api/Outers", [("Content-Type", "application/json")], b'{"count":1}')
    response = WebApi(told, strict=False).handle(request, lambda *given: given[2])
    expected = '{"message":"The request is invalid.","modelState":{"inner.Code":["The Code field is required."]}}'
    assert response.body.decode() == expected


def test_a_model_inside_itself_is_checked_as_deep_as_it_goes() -> None:
    node = model("Node", member("Name", _TEXT, _REQUIRED), member("Next", named("Node"), nullable=True))
    told = contract(operation("PUT", "api/Nodes", takes=body(named("Node"))), models=(node,))
    sent = {"Name": "a", "Next": {"Name": "b", "Next": {}}}
    request = Request("PUT", "/api/Nodes", [("Content-Type", "application/json")], json.dumps(sent).encode())
    response = WebApi(told, strict=False).handle(request, lambda *given: given[2])
    assert json.loads(response.body)["ModelState"] == {"node.Next.Next.Name": ["The Name field is required."]}
