"""Which action a request reaches: verbs, required keys, templates beside the default route, 404 and 405."""

from collections.abc import Iterator

import pytest
from invented_site import body, contract, member, model, named, operation, parameter, scalar, things

from contracts.model import Contract, Operation, TypeRef
from mockserver.webapi import Request, Response, WebApi
from mockserver.webapi.actions import Call, Outcome
from mockserver.webapi.parameters import query_of
from mockserver.webapi.routing import Router

_TEXT, _INT = scalar("String"), scalar("Int32")


def _reached(told: Contract, verb: str, target: str) -> str | tuple[str, ...]:
    route = Router(told).route(verb, target, query_of(target))
    return route.operation.id if route.operation else route.allowed


@pytest.mark.parametrize(
    ("verb", "target", "reached"),
    [
        ("POST", "/api/Things", "POST api/Things"),
        ("post", "/API/THINGS/", "POST api/Things"),
        ("GET", "/api/Things?externalId=a", "GET api/Things?externalId"),
        ("GET", "/api/Things?EXTERNALID=", "GET api/Things?externalId"),
        ("GET", "/api/Things/5", "GET api/Things/{id}"),
        ("GET", "/api/Things?id=5", "GET api/Things/{id}"),
        ("DELETE", "/api/Things?id=5", "DELETE api/Things/{id}"),
        ("POST", "/api/Things/5", "POST api/Things"),
        ("GET", "/api/Things/search", "GET api/Things/search?name&size&page&itemsPerPage"),
        ("GET", "/api/Things/Search?x=1", "GET api/Things/search?name&size&page&itemsPerPage"),
        ("GET", "/api/Things/a%2Fb/parts", ()),
        ("GET", "/api/Things/a%20b/parts", "GET api/Things/{thingId}/parts"),
        ("POST", "/api/Things/batch", "POST api/Things/batch"),
        # a required key that is missing leaves the action out: what remains decides between 405 and 404
        ("GET", "/api/Things", ("POST",)),
        ("DELETE", "/api/Things", ("POST",)),
        ("HEAD", "/api/Things", ("POST",)),
        ("OPTIONS", "/api/Things/5", ("GET", "PUT", "PATCH", "DELETE")),
        ("DELETE", "/api/Things?externalId=a", ("GET",)),
        ("PUT", "/api/Things/search", ("GET",)),
        ("GET", "/api/Things/batch", ("POST",)),
        ("GET", "/api/Others", ()),
        ("GET", "/api/Things/a/b/c", ()),
    ],
)
def test_verb_path_and_keys_choose_the_action(verb: str, target: str, reached: str | tuple[str, ...]) -> None:
    assert _reached(things(), verb, target) == reached


def test_of_two_that_fit_the_one_with_more_required_keys_is_called() -> None:
    one = operation("GET", "api/Things", parameter("a", _TEXT, required=True))
    two = operation("GET", "api/Things", parameter("a", _TEXT, required=True), parameter("b", _TEXT, required=True))
    told = contract(one, two)
    assert _reached(told, "GET", "/api/Things?a=1") == "GET api/Things?a"
    assert _reached(told, "GET", "/api/Things?b=1&a=1") == "GET api/Things?a&b"


def test_two_that_fit_alike_are_the_portals_fault() -> None:
    told = contract(
        operation("GET", "api/Things", parameter("a", _TEXT, required=True)),
        operation("GET", "api/Things", parameter("b", _TEXT, required=True)),
    )
    response = _handled(told, "GET", "/api/Things?a=1&b=2")
    assert (response.status, response.body) == (500, b'{"Message":"An error has occurred."}')


def test_a_literal_goes_before_a_parameter_and_never_falls_back() -> None:
    word, what = parameter("word", _TEXT, path=True), parameter("what", _TEXT, path=True)
    told = contract(
        operation("GET", "api/Things/{word}/{what}", word, what),
        operation("GET", "api/Things/all/{what}", what),
        operation("GET", "api/Things/all/new", parameter("since", _TEXT, required=True)),
        operation("DELETE", "api/Things/{word}/new", word),
    )
    assert _reached(told, "GET", "/api/Things/x/y") == "GET api/Things/{word}/{what}"
    assert _reached(told, "GET", "/api/Things/all/y") == "GET api/Things/all/{what}"
    assert _reached(told, "GET", "/api/Things/all/new?since=1") == "GET api/Things/all/new?since"
    assert _reached(told, "GET", "/api/Things/all/new") == "GET api/Things/all/{what}"
    assert _reached(told, "DELETE", "/api/Things/all/new") == "DELETE api/Things/{word}/new"
    assert _reached(told, "POST", "/api/Things/all/new") == ("GET",)


@pytest.mark.parametrize(
    ("target", "reached", "values"),
    [
        ("/api/Files/a.b.TXT", "GET api/Files/{name}.{kind}", {"name": "a.b", "kind": "TXT"}),
        ("/api/Files/readme", "GET api/Files/{word}", {"word": "readme"}),
        ("/api/Files/in/A/b/C", "GET api/Files/in/{*path}", {"path": "A/b/C"}),
        ("/api/Files/in/x", "GET api/Files/in/{one}", {"one": "x"}),
        ("/api/Files/a-z/.b", (), {}),
    ],
)
def test_a_segment_may_have_several_parts_and_the_last_may_take_all(
    target: str, reached: str | tuple[str, ...], values: dict[str, str]
) -> None:
    def get(path: str, *names: str) -> Operation:
        return operation("GET", path, *(parameter(name, _TEXT, path=True) for name in names))

    told = contract(
        get("api/Files/{word}", "word"),
        get("api/Files/{name}.{kind}", "name", "kind"),
        get("api/Files/in/{one}", "one"),
        get("api/Files/in/{*path}", "path"),
    )
    assert _reached(told, "GET", target) == reached
    assert Router(told).route("GET", target).values == values


def test_a_path_of_parameters_alone_keeps_each_requests_values() -> None:
    word, what = parameter("word", _TEXT, path=True), parameter("what", _TEXT, path=True)
    router = Router(contract(operation("GET", "{word}/{what}", word, what)))
    assert router.route("GET", "/a/B").values == {"word": "a", "what": "B"}
    assert router.route("GET", "/A/b").values == {"word": "A", "what": "b"}
    assert router.route("GET", "//b").operation is None


def test_a_template_without_its_required_key_is_404_for_every_verb() -> None:
    told = contract(
        operation("GET", "api/Things/echo", parameter("text", _TEXT, required=True)), operation("POST", "api/Things")
    )
    for verb in ("GET", "POST", "PUT"):
        response = _handled(told, verb, "/api/Things/echo?n=1&m=%20a")
        url = "http://portal.example/api/Things/echo?n=1&m= a"
        expected = f'{{"Message":"No HTTP resource was found that matches the request URI \'{url}\'."}}'
        assert (response.status, response.body.decode()) == (404, expected)


def test_a_member_of_a_complex_parameter_is_no_required_key() -> None:
    filters = model("Filter", member("Name", _TEXT))
    told = contract(
        operation("GET", "api/Things/find", parameter("Name", _TEXT, required=True, of="Filter")), models=(filters,)
    )
    assert _reached(told, "GET", "/api/Things/find") == "GET api/Things/find?Name"
    assert _reached(told, "PUT", "/api/Things/find") == ("GET",)


def test_the_road_to_an_operation_does_not_depend_on_how_many_there_are() -> None:
    def walked(count: int) -> int:
        site = [
            operation(verb, f"api/R{n}/{tail}")
            for n in range(count)
            for verb, tail in (("GET", "{id}"), ("POST", "batch"), ("GET", "{word}/parts"))
        ]
        router, seen = Router(contract(*site)), 0

        class Watched(dict):  # type: ignore[type-arg]
            def get(self, *key):  # type: ignore[no-untyped-def]
                nonlocal seen
                seen += 1
                return super().get(*key)

            def __iter__(self) -> Iterator[object]:
                raise AssertionError("the operations are walked through")

        router._tree.literals = Watched(router._tree.literals)
        router._standard = Watched(router._standard)
        assert router.route("POST", "/api/R1/batch").operation is not None
        assert router.route("GET", "/api/R1/5").operation is not None
        return seen

    assert walked(2) == walked(200)


def _handled(told: Contract, verb: str, target: str) -> Response:
    request = Request(verb, target, [("Host", "portal.example")], b"")
    return WebApi(told, strict=True).handle(request, lambda operation, model, record: record)


class _Watching:
    """A controller that keeps what it is called with."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def __call__(self, operation: Operation, told: object, record: object) -> object:
        raise AssertionError(operation)

    def perform(self, call: Call) -> Outcome:
        self.calls.append(call)
        return Outcome(200, TypeRef("scalar", "Int32"), len(self.calls))


@pytest.mark.parametrize(
    ("accept", "kind", "text"),
    [
        ("application/json", "application/json", b"1"),
        ("text/xml", "text/xml", b'<int xmlns="http://schemas.microsoft.com/2003/10/Serialization/">1</int>'),
    ],
)
def test_what_an_action_gives_is_written_in_the_negotiated_format(accept: str, kind: str, text: bytes) -> None:
    told = contract(operation("GET", "api/Things/count", gives=body(_INT)))
    act = _Watching()
    request = Request("GET", "/api/Things/count", [("Accept", accept)], b"ignored")
    response = WebApi(told, strict=True).handle(request, act)  # type: ignore[arg-type]
    assert response == Response(200, (("Content-Type", f"{kind}; charset=utf-8"),), text)
    assert act.calls == [Call(told.operations[0], {}, None)]


def test_a_body_that_nobody_reads_is_415_whatever_the_path_says() -> None:
    told = contract(
        operation("PUT", "api/Things/{id}", parameter("id", _INT, path=True), takes=body(named("Thing"))),
        models=(model("Thing", member("Name", _TEXT)),),
    )
    request = Request("PUT", "/api/Things/x", [("Content-Type", "text/plain")], b"{}")
    assert WebApi(told, strict=True).handle(request, lambda *given: given[2]).status == 415
