"""URI parameters as the framework binds them: conversions, blanks, defaults, several values, complex types."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from invented_site import body, contract, enum, many, member, model, named, operation, parameter, scalar

from contracts.model import Annotation, Contract, Evidence, Fact, Parameter, TypeRef
from mockserver.webapi import Request, Response, WebApi
from mockserver.webapi.actions import NO_CONTENT, Call, Outcome
from mockserver.webapi.dates import DateTime

_TEXT, _INT = scalar("String"), scalar("Int32")
_NONE = "A value is required but was not present in the request."


class _Reached:
    """A controller that keeps the arguments it is called with."""

    def __init__(self) -> None:
        self.arguments: Mapping[str, Any] | None = None

    def __call__(self, *given: Any) -> Any:
        return given[2]

    def perform(self, call: Call) -> Outcome:
        self.arguments = call.arguments
        return NO_CONTENT


def _asked(told: Contract, target: str, verb: str = "GET") -> tuple[Response, Mapping[str, Any] | None]:
    act = _Reached()
    response = WebApi(told, strict=False).handle(Request(verb, target, [], b""), act)  # type: ignore[arg-type]
    return response, act.arguments


AISLES = enum("Aisle", North=0, South=1, West=8)
_KINDS = {
    "text": parameter("text", _TEXT),
    "count": parameter("count", _INT, default="7"),
    "maybe": parameter("maybe", _INT),
    "flag": parameter("flag", scalar("Boolean"), default="True"),
    "price": parameter("price", scalar("Decimal"), default="1.50"),
    "ratio": parameter("ratio", scalar("Double"), default="0.25"),
    "day": parameter("day", scalar("DateTime")),
    "token": parameter("token", scalar("Guid")),
    "span": parameter("span", scalar("TimeSpan")),
    "aisle": parameter("aisle", named("Aisle"), default="South"),
    "word": parameter("word", _TEXT, default="end"),
    "ids": parameter("ids", many(_INT)),
}


def echo() -> Contract:
    return contract(operation("GET", "api/Echo", *_KINDS.values()), models=(AISLES,))


def test_what_is_not_given_has_its_default() -> None:
    defaults = {
        "text": None, "count": 7, "maybe": None, "flag": True, "price": Decimal("1.50"), "ratio": 0.25, "day": None,
        "token": None, "span": None, "aisle": 1, "word": "end", "ids": [],
    }  # fmt: skip
    assert _asked(echo(), "/api/Echo") == (Response(204, ()), defaults)


@pytest.mark.parametrize(
    ("query", "name", "value"),
    [
        ("text=a+b%26%C3%A9", "text", "a b&é"),
        ("TEXT=%20a%20", "text", " a "),
        ("text=null", "text", "null"),
        ("text=first&text=second", "text", "first"),
        ("count=%200x1F%20", "count", 31),
        ("count=5&count=x", "count", 5),
        ("maybe=-3", "maybe", -3),
        ("flag=%20fAlse", "flag", False),
        ("price=1e2", "price", Decimal("1E+2")),
        ("ratio=1e3", "ratio", 1000.0),
        ("day=06/13/2026", "day", DateTime((date(2026, 6, 13).toordinal() - 1) * 864_000_000_000)),
        ("token=%7B6B657C92-b04c-4123-a3de-09388147d9f7%7D", "token", "6b657c92-b04c-4123-a3de-09388147d9f7"),
        ("span=1", "span", 864000000000),
        ("aisle=nORTH", "aisle", 0),
        ("aisle=South,%20wEST", "aisle", 9),
        ("aisle=99", "aisle", 99),
        ("ids=1&ids=2", "ids", [1, 2]),
        ("ids[0]=3&ids[1]=4&ids[3]=5", "ids", [3, 4]),
        ("ids[]=6", "ids", [6]),
        ("&zzz=1&text=a", "text", "a"),
    ],
)
def test_values_are_converted_with_the_invariant_culture(query: str, name: str, value: Any) -> None:
    told = contract(operation("GET", "api/Echo", _KINDS[name]), models=(AISLES,))
    response, arguments = _asked(told, f"/api/Echo?{query}")
    assert (response.status, arguments) == (204, {name: value})


@pytest.mark.parametrize(
    ("query", "key", "message"),
    [
        ("text=", "text.String", _NONE),
        ("text", "text.String", _NONE),
        ("text=%20%09", "text.String", _NONE),
        ("count=&count=5", "count.Int32", _NONE),
        ("maybe=", "maybe.Nullable`1", _NONE),
        ("word=", "word.String", _NONE),
        ("aisle=", "aisle.Aisle", _NONE),
        ("count=abc", "count", "The value 'abc' is not valid for Int32."),
        ("count=x&count=y", "count", "The value 'x,y' is not valid for Int32."),
        ("count=1,000", "count", "The value '1,000' is not valid for Int32."),
        ("count=99999999999", "count", "An error has occurred."),
        ("maybe=1.0", "maybe", "The value '1.0' is not valid for Nullable`1."),
        ("flag=1", "flag", "The value '1' is not valid for Boolean."),
        ("aisle=Unknown", "aisle", "The value 'Unknown' is not valid for Aisle."),
        ("aisle=North,x", "aisle", "The value 'North,x' is not valid for Aisle."),
        ("ids=1&ids=x", "ids", "The value 'x' is not valid for Int32."),
        ("ids[0]=x", "ids[0]", "The value 'x' is not valid for Int32."),
    ],
)
def test_what_cannot_be_converted_is_told_in_the_frameworks_words(query: str, key: str, message: str) -> None:
    response, arguments = _asked(echo(), f"/api/Echo?{query}")
    expected = f'{{"Message":"The request is invalid.","ModelState":{{"{key}":["{message}"]}}}}'
    assert (response.status, response.body.decode(), arguments) == (400, expected, None)


def test_a_list_is_null_only_where_there_is_nothing_at_all_to_bind() -> None:
    # the default route has a value of its own, the controller's name; a template of its own has none
    told = contract(operation("GET", "api/Things/all/new", _KINDS["ids"]))
    assert _asked(told, "/api/Things/all/new")[1] == {"ids": None}
    assert _asked(told, "/api/Things/all/new?x=1")[1] == {"ids": []}


def test_dictionaries_and_models_are_bound_by_indexes_and_dots() -> None:
    pairs = parameter("pairs", TypeRef("dictionary", item=_INT, key=_TEXT))
    told = contract(
        operation("GET", "api/Things/all/new", pairs, parameter("where", named("Filter"))), models=(FILTER,)
    )
    query = (
        "pairs[0].Key=a&pairs[0].Value=1&pairs[1][key]=b&pairs[1][value]=2&Where.Name=n&where[lowest]=4&where.rank=1"
    )
    where = {"Name": "n", "Lowest": 4, "Exact": False, "Rank": 1}
    assert _asked(told, f"/api/Things/all/new?{query}")[1] == {"pairs": {"a": 1, "b": 2}, "where": where}


def test_a_value_without_a_name_is_every_parameters_that_was_not_given() -> None:
    told = contract(operation("GET", "api/Echo", _KINDS["text"], _KINDS["count"]))
    assert _asked(told, "/api/Echo?=5") == (Response(204, ()), {"text": "5", "count": 5})
    response, _ = _asked(told, "/api/Echo?&count=1")
    assert b'"ModelState":{"text.String":' in response.body


def test_a_blank_without_a_name_adds_nothing_to_what_is_wrong_already() -> None:
    told = contract(operation("GET", "api/Echo", _KINDS["count"]))
    response, _ = _asked(told, "/api/Echo?count=x&=")
    assert response.body.decode().endswith('"ModelState":{"count":["The value \'x\' is not valid for Int32."]}}')


def test_the_path_goes_before_the_query() -> None:
    told = contract(operation("GET", "api/Things/{id}", parameter("id", _INT, path=True)))
    assert _asked(told, "/api/Things/5?id=6")[1] == {"id": 5}
    assert _asked(told, "/api/Things?id=6")[1] == {"id": 6}


def test_the_path_keeps_the_case_and_the_blanks_of_its_values() -> None:
    one, two = parameter("one", _TEXT, path=True), parameter("two", _TEXT, path=True)
    told = contract(operation("GET", "api/Things/{one}/{two}", one, two))
    assert _asked(told, "/API/things/%20aB/Z%C3%A9%2B+")[1] == {"one": " aB", "two": "Zé++"}


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("/api/Things/5?Id=6", [("query.duplicate", "Id", "6", "5")]),
        ("/api/Things/5?n=a&N=b&n=a", [("query.duplicate", "N", "b", "a"), ("query.duplicate", "n", "a", "a")]),
        ("/api/Things/5?x=1&ids=1&ids=2&ids[2]=3", [("query.unknown", "x", "1", None)]),
        ("/api/Things/5?", []),
        (
            "/api/Things/5?Day=2026-06-13T09:00:00%2B02:00",
            [("time.zone-moved", "Day", "2026-06-13T09:00:00+02:00", "2026-06-13T07:00:00+00:00")],
        ),
        ("/api/Things/5?n.x=1&n[]=a&n[=b", [("query.unknown", "n.x", "1", None), ("query.unknown", "n[", "b", None)]),
    ],
)
def test_what_no_parameter_takes_is_told(target: str, told: list[Any]) -> None:
    asked = (parameter("id", _INT, path=True), parameter("n", _TEXT), parameter("ids", many(_INT)), _KINDS["day"])
    response, _ = _asked(contract(operation("GET", "api/Things/{id}", *asked)), target)
    assert [(loss.reason, loss.member, loss.sent, loss.kept) for loss in response.losses] == told


def test_a_guess_about_a_type_gives_way_to_the_answers_member_of_its_name() -> None:
    answer = model("Answer", member("Ratio", scalar("Double")), member("Limit", _INT, nullable=True))

    def words(asked: Parameter, query: str) -> bytes:
        told = contract(operation("GET", "api/Echo", asked, gives=body(named("Answer"))), models=(answer,))
        return _asked(told, f"/api/Echo?{query}")[0].body

    guess = Fact(scalar("Decimal"), (Evidence("test"),), "the error's text")
    like = replace(answer["Ratio"].phrase, value="decimal number")
    assert b"not valid for Decimal" in words(replace(_KINDS["price"], name="ratio", type=guess, phrase=like), "ratio=x")
    answer = model("Answer", replace(answer["Ratio"], phrase=like), answer["Limit"])
    assert b"not valid for Double" in words(replace(_KINDS["price"], name="ratio", type=guess, phrase=like), "ratio=x")
    assert b'"limit.Nullable`1"' in words(parameter("limit", _INT, required=True), "limit=")
    assert b'"limit.Int32"' in words(parameter("limit", _INT, default="5"), "limit=")


FILTER = model(
    "Filter",
    member("Name", _TEXT, Annotation("required"), Annotation("string_length", ("2", "3"))),
    member("Lowest", _INT, Annotation("range", ("0", "5")), nullable=True),
    member("Exact", scalar("Boolean")),
    member("Rank", _INT, Annotation("required")),
)


def filtered() -> Contract:
    """A complex parameter, expanded to its members as the page shows it."""
    expanded = tuple(
        parameter(p.name, p.type.value, *(note.value for note in p.annotations), nullable=p.nullable.value, of="Filter")
        for p in FILTER.properties
    )
    return contract(operation("GET", "api/Things/find", *expanded), models=(FILTER,))


def test_a_complex_parameter_is_filled_member_by_member() -> None:
    response, arguments = _asked(filtered(), "/api/Things/find?name=ab&lowest=&rank=2")
    assert (response.status, arguments) == (204, {"Name": "ab", "Lowest": None, "Exact": False, "Rank": 2})


def test_a_list_with_an_item_that_is_wrong_is_not_checked_as_a_whole() -> None:
    ids = parameter("Ids", many(_INT), Annotation("min_length", ("2",)), of="Filter")
    told = contract(operation("GET", "api/Things/find", ids), models=(FILTER,))
    assert _asked(told, "/api/Things/find?ids[0]=1&ids[1]=2")[1] == {"Ids": [1, 2]}
    found = [_asked(told, f"/api/Things/find?ids[0]={sent}")[0].body.decode() for sent in ("1", "x")]
    short = "The field Ids must be a string or array type with a minimum length of '2'."
    assert found[0].endswith(f'"ModelState":{{"Ids":["{short}"]}}}}')
    assert found[1].endswith('"ModelState":{"Ids[0]":["The value \'x\' is not valid for Int32."]}}')


def test_on_the_default_route_a_complex_parameter_is_always_bound() -> None:
    (one,) = filtered().operations
    told = contract(operation("GET", "api/Things", *one.parameters), models=(FILTER,))
    response, _ = _asked(told, "/api/Things")
    errors = '"Name":["The Name field is required."],"Rank":["The Rank field is required."]'
    assert response.body.decode() == f'{{"Message":"The request is invalid.","ModelState":{{{errors}}}}}'


def test_without_any_value_there_is_nothing_to_bind() -> None:
    response, arguments = _asked(filtered(), "/api/Things/find")
    assert (response.status, arguments) == (204, {"Name": None, "Lowest": None, "Exact": False, "Rank": 0})


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("Rank=1", '"Name":["The Name field is required."]'),
        ("Rank=1&Name=", '"Name":["The Name field is required."]'),
        ("Name=ab", '"Rank":["The Rank field is required."]'),
        ("Name=ab&Rank=", '"Rank":["A value is required."]'),
        ("Name=ab&Rank=1&Exact=", '"Exact":["A value is required."]'),
        ("Name=ab&Rank=1&Lowest=(5)", '"Lowest":["The value \'(5)\' is not valid for Lowest."]'),
        ("Name=ab&Rank=1&Lowest=6", '"Lowest":["The field Lowest must be between 0 and 5."]'),
        (
            "Name=abcd&Lowest=x",
            '"Lowest":["The value \'x\' is not valid for Lowest."],"Rank":["The Rank field is required."],'
            '"Name":["The field Name must be a string with a minimum length of 2 and a maximum length of 3."]',
        ),
    ],
)
def test_a_complex_parameters_errors_bear_its_members_names(query: str, errors: str) -> None:
    response, arguments = _asked(filtered(), f"/api/Things/find?{query}")
    expected = f'{{"Message":"The request is invalid.","ModelState":{{{errors}}}}}'
    assert (response.status, response.body.decode(), arguments) == (400, expected, None)
