"""What the controllers do with the store, over the whole way from a request to its answer."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from invented_site import LISTED, body, contract, many, member, model, named, operation, parameter, scalar, things

from contracts.model import Contract, Sample
from mockserver.controllers import acting, resources
from mockserver.store import Records, open_store
from mockserver.webapi import Request, Response, WebApi

Ask = Callable[..., Response]


@pytest.fixture
def records() -> Iterator[Records]:
    with open_store("memory") as store:
        yield store.records()


def asking(told: Contract, records: Records, **settings: Any) -> Ask:
    portal, act = WebApi(told, strict=False), acting(told, records, **settings)

    def ask(verb: str, target: str, sent: Any = None, **headers: str) -> Response:
        raw = b"" if sent is None else json.dumps(sent).encode()
        given = [("Host", "portal.example"), ("Content-Type", "application/json"), *headers.items()]
        return portal.handle(Request(verb, target, given, raw), act)

    return ask


@pytest.fixture
def ask(records: Records) -> Ask:
    return asking(things(), records)


def shown(response: Response) -> Any:
    return json.loads(response.body)


def test_resources_are_found_by_what_their_paths_share() -> None:
    (only,) = resources(things())
    assert (only.name, only.path, only.key, only.portal_id) == ("Things", "api/things", "ExternalId", "Id")
    assert only.model is not None
    assert (only.model.name, len(only.operations)) == ("ThingModel", 9)


def test_a_version_in_the_path_is_no_resource() -> None:
    told = contract(operation("GET", "api/v2/Things"), operation("GET", "Others"), operation("GET", "api/{x}/Last"))
    assert [(one.name, one.path) for one in resources(told)] == [
        ("Things", "api/v2/things"),
        ("Others", "others"),
        ("Last", "api/{x}/last"),
    ]


def test_an_upsert_is_read_back_by_its_key_and_by_its_id(ask: Ask) -> None:
    kept = shown(ask("POST", "/api/Things", {"externalId": "a/1", "name": "first", "size": 3}))
    assert shown(ask("GET", "/api/Things?externalId=a%2F1")) == kept
    assert shown(ask("GET", f"/api/Things/{kept['Id'].upper()}")) == kept
    later = shown(ask("POST", "/api/Things", {"externalId": "a/1", "id": "5" * 8 + "-0000-0000-0000-000000000000"}))
    assert (later["Id"], later["Name"], later["Size"]) == (kept["Id"], None, 0)


@pytest.mark.parametrize("target", ["/api/Things?externalId=A", "/api/Things/6b657c92-b04c-4123-a3de-09388147d9f7"])
def test_a_record_that_is_not_there_is_an_empty_404(ask: Ask, target: str) -> None:
    ask("POST", "/api/Things", {"externalId": "a"})
    assert ask("GET", target) == Response(404, ())


def test_a_put_replaces_and_keeps_the_id_of_the_path(ask: Ask) -> None:
    kept = shown(ask("POST", "/api/Things", {"externalId": "a", "name": "first", "size": 3}))
    other = "6b657c92-b04c-4123-a3de-09388147d9f7"
    put = shown(ask("PUT", f"/api/Things/{kept['Id']}", {"externalId": "b", "size": 4, "id": other}))
    assert (put["Id"], put["ExternalId"], put["Name"], put["Size"]) == (kept["Id"], "b", None, 4)
    assert ask("GET", "/api/Things?externalId=a").status == 404
    assert shown(ask("GET", "/api/Things?externalId=b")) == put
    assert ask("PUT", f"/api/Things/{other}", {"externalId": "c"}) == Response(404, ())
    assert shown(ask("PUT", f"/api/Things/{other}")) == {"Message": "The request has no body."}


def test_a_put_with_the_key_of_another_record_is_refused(ask: Ask) -> None:
    ask("POST", "/api/Things", {"externalId": "taken"})
    kept = shown(ask("POST", "/api/Things", {"externalId": "a"}))
    assert ask("PUT", f"/api/Things/{kept['Id']}", {"externalId": "taken"}).status == 409
    assert shown(ask("GET", f"/api/Things/{kept['Id']}")) == kept


def test_a_patch_keeps_what_it_leaves_out(ask: Ask) -> None:
    kept = shown(ask("POST", "/api/Things", {"externalId": "a", "name": "first", "size": 3}))
    patched = shown(ask("PATCH", f"/api/Things/{kept['Id']}", {"size": 4}))
    assert patched == {**kept, "Size": 4}


def test_a_delete_forgets_the_record_and_its_id(ask: Ask) -> None:
    kept = shown(ask("POST", "/api/Things", {"externalId": "a"}))
    assert ask("DELETE", f"/api/Things/{kept['Id']}") == Response(204, ())
    assert ask("DELETE", f"/api/Things/{kept['Id']}") == Response(404, ())
    assert ask("GET", "/api/Things?externalId=a").status == 404
    assert shown(ask("POST", "/api/Things", {"externalId": "a"}))["Id"] != kept["Id"]


@pytest.mark.parametrize(("word", "status"), [("", 204), ("HttpResponseMessage", 204), ("IHttpActionResult", 200)])
def test_what_a_delete_answers_follows_from_its_type(records: Records, word: str, status: int) -> None:
    post, *_ = things().operations
    gone = operation("DELETE", "api/Things/{id}", parameter("id", scalar("Guid"), path=True), gives=body(word=word))
    ask = asking(contract(post, gone, models=tuple(things().models.values())), records)
    kept = shown(ask("POST", "/api/Things", {"externalId": "a"}))
    assert ask("DELETE", f"/api/Things/{kept['Id']}") == Response(status, ())


def test_a_null_key_draws_an_id_each_time(ask: Ask) -> None:
    ids = {shown(ask("POST", "/api/Things", {"name": "no key"}))["Id"] for _ in range(3)}
    assert len(ids) == 3


@pytest.mark.parametrize(
    ("query", "keys", "numbers"),
    [
        ("name=x", ["a", "b", "c"], [3, 10, 1, 1, 1, 3]),
        ("name=x&page=2&itemsPerPage=2", ["c"], [3, 2, 2, 2, 3, 3]),
        ("name=x&page=3&itemsPerPage=2", [], [3, 2, 3, 2, 0, 0]),
        ("name=x&size=2", ["b"], [1, 10, 1, 1, 1, 1]),
        ("name=X", [], [0, 10, 1, 0, 0, 0]),
        ("", ["a", "b", "c", "d"], [4, 10, 1, 1, 1, 4]),
        ("page=0", [], [4, 10, 0, 1, 0, 0]),
        ("itemsPerPage=0", [], [4, 0, 1, 0, 0, 0]),
    ],
)
def test_a_search_filters_and_pages_in_the_order_of_arrival(
    ask: Ask, query: str, keys: list[str], numbers: list[int]
) -> None:
    for key, name, size in (("a", "x", 1), ("b", "x", 2), ("c", "x", 3), ("d", "y", 2)):
        ask("POST", "/api/Things", {"externalId": key, "name": name, "size": size})
    *found, (_, rows) = shown(ask("GET", f"/api/Things/search?{query}")).items()
    assert [row["ExternalId"] for row in rows] == keys
    assert [number for _, number in found] == numbers


def test_a_member_is_read_by_the_key_of_its_record(ask: Ask) -> None:
    ask("POST", "/api/Things", {"externalId": "a", "parts": [{"code": "c", "count": 2}]})
    ask("POST", "/api/Things", {"externalId": "b"})
    assert shown(ask("GET", "/api/Things/a/parts")) == [{"Code": "c", "Count": 2}]
    assert ask("GET", "/api/Things/b/parts").body == b"null"
    assert ask("GET", "/api/Things/none/parts") == Response(404, ())


def test_a_batch_stores_each_and_tells_how_many(ask: Ask) -> None:
    assert ask("POST", "/api/Things/batch", [{"externalId": "a"}, None, {"externalId": "b"}]).body == b"3"
    assert ask("GET", "/api/Things?externalId=b").status == 200
    assert ask("POST", "/api/Things/batch", []).body == b"0"


def test_a_batch_answers_the_records_where_the_page_says_so(records: Records) -> None:
    ref = body(many(named("ThingModel")))
    told = contract(operation("PUT", "api/Things/all", takes=ref, gives=ref), models=tuple(things().models.values()))
    ask = asking(told, records)
    first = shown(ask("PUT", "/api/Things/all", [{"externalId": "a"}, {"externalId": "a"}, None]))
    assert [row["Id"] for row in first] == [first[0]["Id"]] * 2


def test_a_model_without_a_key_is_a_new_record_each_time(records: Records) -> None:
    note = model("Note", member("Text", scalar("String")))
    told = contract(
        operation("POST", "api/Notes", takes=body(named("Note"))),
        operation("GET", "api/Notes", parameter("text", scalar("String")), gives=body(many(named("Note")))),
        models=(note,),
    )
    ask = asking(told, records)
    assert [ask("POST", "/api/Notes", {"text": text}) for text in "aba"] == [Response(204, ())] * 3
    assert shown(ask("GET", "/api/Notes?text=a")) == [{"Text": "a"}] * 2
    assert len(shown(ask("GET", "/api/Notes"))) == 3


def test_an_id_that_is_a_number_is_drawn_as_one(records: Records) -> None:
    row = model("Row", member("Id", scalar("Int32")), member("Code", scalar("String")), key="Code", own="Id")
    told = contract(
        operation("POST", "api/Rows", takes=body(named("Row")), gives=body(named("Row")), upsert=True),
        operation("GET", "api/Rows/{id}", parameter("id", scalar("Int32"), path=True), gives=body(named("Row"))),
        models=(row,),
    )
    ask = asking(told, records)
    kept = shown(ask("POST", "/api/Rows", {"code": "a"}))
    assert isinstance(kept["Id"], int)
    assert shown(ask("GET", f"/api/Rows/{kept['Id']}")) == kept


def test_what_nobody_can_tell_gives_back_what_it_was_given(records: Records) -> None:
    echo = model("Echo", member("Word", scalar("String")), member("Count", scalar("Int32")))
    told = contract(
        operation("GET", "api/Odd/echo", parameter("word", scalar("String")), gives=body(named("Echo"))),
        operation("POST", "api/Odd/scan", takes=body(scalar("String")), gives=body(scalar("String"))),
        operation("POST", "api/Odd/run", takes=body(scalar("String")), gives=body(word="IHttpActionResult")),
        models=(echo,),
    )
    ask = asking(told, records)
    assert shown(ask("GET", "/api/Odd/echo?word=a")) == {"Word": "a", "Count": 0}
    assert shown(ask("POST", "/api/Odd/scan", "b")) == "b"
    assert ask("POST", "/api/Odd/run", "c") == Response(200, ())


def test_what_was_marked_as_sent_is_not_asked_for_again(records: Records) -> None:
    post, *_ = things().operations
    asked = (parameter("alreadySent", scalar("Boolean")), parameter("page", scalar("Int32"), default="1"))
    told = contract(
        post,
        operation("GET", "api/Things/search", *asked, gives=body(named("ListModelOfThingModel"))),
        operation("POST", "api/ThingsSent", takes=body(many(scalar("Guid")))),
        models=tuple(things().models.values()),
    )
    ask = asking(told, records)

    def keys(query: str) -> list[str]:
        return [row["ExternalId"] for row in shown(ask("GET", f"/api/Things/search?{query}"))["Rows"]]

    ids = [shown(ask("POST", "/api/Things", {"externalId": key}))["Id"] for key in "abc"]
    assert keys("alreadySent=false") == ["a", "b", "c"]
    assert ask("POST", "/api/ThingsSent", [ids[1], "6b657c92-b04c-4123-a3de-09388147d9f7"]) == Response(204, ())
    assert (keys("alreadySent=false"), keys("alreadySent=true"), keys("")) == (["a", "c"], ["b"], ["a", "b", "c"])
    ask("POST", "/api/Things", {"externalId": "b", "name": "changed"})
    assert keys("alreadySent=true") == ["b"]


def test_a_page_that_is_no_number_pages_nothing(records: Records) -> None:
    post, *_ = things().operations
    search = operation("GET", "api/Things/search", parameter("page", scalar("String")), gives=body(named(LISTED.name)))
    ask = asking(contract(post, search, models=tuple(things().models.values())), records)
    ask("POST", "/api/Things", {"externalId": "a"})
    assert shown(ask("GET", "/api/Things/search?page=2"))["CurrentPage"] == 1


def test_an_answer_of_unknown_type_to_a_read_is_the_record(records: Records) -> None:
    post, *_ = things().operations
    get = operation(
        "GET", "api/Things/{id}", parameter("id", scalar("Guid"), path=True), gives=body(word="HttpResponseMessage")
    )
    ask = asking(contract(post, get, models=tuple(things().models.values())), records)
    kept = shown(ask("POST", "/api/Things", {"externalId": "a"}))
    assert shown(ask("GET", f"/api/Things/{kept['Id']}")) == kept


def test_the_pages_sample_answers_where_nothing_else_does(records: Records) -> None:
    echo = model("Echo", member("Word", scalar("String")), member("Count", scalar("Int32")))
    sample = Sample(("application/json",), '{"Word": "sample string 1", "Count": 2}', "test", 1)
    gives = replace(body(named("Echo")), samples=(sample,))
    told = contract(operation("GET", "api/Odd/echo", parameter("word", scalar("String")), gives=gives), models=(echo,))
    ask = asking(told, records)
    assert shown(ask("GET", "/api/Odd/echo?word=a")) == {"Word": "a", "Count": 2}


def test_a_parameter_of_another_type_than_the_member_of_its_name_is_not_put_there(records: Records) -> None:
    echo = model("Echo", member("Word", scalar("String")), member("Count", scalar("Int32")))
    sample = Sample(("application/json",), '{"Word": "sample string 1", "Count": 2}', "test", 1)
    gives = replace(body(named("Echo")), samples=(sample,))
    given = (parameter("word", scalar("Int32")), parameter("count", scalar("Int32")))
    told = contract(operation("GET", "api/Odd/echo", *given, gives=gives), models=(echo,))
    answer = shown(asking(told, records)("GET", "/api/Odd/echo?word=7&count=8"))
    assert answer == {"Word": "sample string 1", "Count": 8}
