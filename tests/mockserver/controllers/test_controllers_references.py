"""References between resources: which members bear them, and what becomes of a record that names an unknown one."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from invented_site import body, contract, many, member, model, named, operation, scalar

from contracts.model import Contract
from mockserver.app import create_app
from mockserver.controllers import acting, references
from mockserver.store import Records, open_store
from mockserver.webapi import Request, Response, WebApi

_TEXT = scalar("String")


def _stored(name: str, *members: Any) -> Any:
    return model(name, member("Id", scalar("Guid")), member("ExternalId", _TEXT), *members, key="ExternalId", own="Id")


def shop() -> Contract:
    lens = model("Lens", member("CoatingExternalId", _TEXT), member("Cut", named("Lens"), nullable=True))
    pair = _stored(
        "PairModel",
        member("MakerExternalId", _TEXT),
        member("MakerId", scalar("Guid"), nullable=True),
        member("Seller", _TEXT, said="Maker's unique ID on integrating system (Required)."),
        member("ParentExternalId", _TEXT, said="Pair's unique ID on integrating system, of the pair that it replaces."),
        member("StrangerExternalId", _TEXT),
        member("CoatingId", scalar("Int32"), nullable=True),
        member("Lenses", many(named("Lens"))),
    )
    return contract(
        operation("PUT", "api/Pairs", takes=body(many(named("PairModel"))), gives=body(scalar("Int32"))),
        *(
            operation("POST", f"api/{name}", takes=body(named(one)), gives=body(named(one)), upsert=True)
            for name, one in (("Makers", "MakerModel"), ("Coatings", "CoatingModel"), ("Pairs", "PairModel"))
        ),
        models=(_stored("MakerModel"), _stored("CoatingModel"), pair, lens),
    )


@pytest.fixture
def records() -> Iterator[Records]:
    with open_store("memory") as store:
        yield store.records()


def _post(
    told: Contract, records: Records, path: str, sent: Any, *, refuse: bool = True, verb: str = "POST"
) -> Response:
    portal, act = WebApi(told, strict=True), acting(told, records, references=refuse)
    request = Request(verb, path, [("Content-Type", "application/json")], json.dumps(sent).encode())
    return portal.handle(request, act)


def test_members_name_records_by_their_name_or_their_description() -> None:
    found = {fact.value.path: fact for fact in references(shop())["api/pairs"]}
    assert {path: (fact.value.target.name, fact.value.member) for path, fact in found.items()} == {
        ("MakerExternalId",): ("Makers", "ExternalId"),
        ("MakerId",): ("Makers", "Id"),
        ("Seller",): ("Makers", "ExternalId"),
        ("ParentExternalId",): ("Pairs", "ExternalId"),
        ("Lenses", "CoatingExternalId"): ("Coatings", "ExternalId"),
    }
    assert {fact.standing for fact in found.values()} == {"guessed"}
    assert found["Seller",].evidence[0].rule == "reference.description"
    assert all(fact.evidence[0].page == "test" for fact in found.values())
    assert references(shop())["api/makers"] == ()


def test_an_unknown_record_is_refused_under_the_member_that_names_it(records: Records) -> None:
    told = shop()
    sent = {"externalId": "p", "makerExternalId": "nobody", "lenses": [{}, {"coatingExternalId": "none"}]}
    refused = _post(told, records, "/api/Pairs", sent)
    assert (refused.status, json.loads(refused.body)) == (
        400,
        {
            "Message": "The request is invalid.",
            "ModelState": {
                "pair.MakerExternalId": ["The MakerExternalId 'nobody' is of no known record of Makers."],
                "pair.Lenses[1].CoatingExternalId": ["The CoatingExternalId 'none' is of no known record of Coatings."],
            },
        },
    )
    assert records.count() == 0


def test_a_list_is_refused_as_a_whole_with_the_index_of_each(records: Records) -> None:
    sent = [{"externalId": "p"}, None, {"externalId": "q", "makerExternalId": "nobody"}]
    refused = _post(shop(), records, "/api/Pairs", sent, verb="PUT")
    assert (refused.status, list(json.loads(refused.body)["ModelState"])) == (400, ["pairs[2].MakerExternalId"])
    assert records.count() == 0


def test_in_the_order_of_dependency_all_are_taken(records: Records) -> None:
    told = shop()
    own = json.loads(_post(told, records, "/api/Makers", {"externalId": "m"}).body)["Id"]
    assert _post(told, records, "/api/Coatings", {"externalId": "c"}).status == 200
    sent = {"externalId": "p", "makerExternalId": "m", "makerId": own, "seller": "m", "parentExternalId": "p"}
    assert _post(told, records, "/api/Pairs", {**sent, "lenses": [{"coatingExternalId": "c"}]}).status == 200
    assert _post(told, records, "/api/Pairs", {"externalId": "q", "strangerExternalId": "whoever"}).status == 200


def test_without_the_setting_nothing_is_looked_up(records: Records) -> None:
    sent = {"externalId": "p", "makerExternalId": "nobody"}
    assert _post(shop(), records, "/api/Pairs", sent, refuse=False).status == 200


def test_the_portal_takes_it_as_a_setting_that_may_change() -> None:
    sent = {"externalId": "p", "makerExternalId": "nobody"}
    with open_store("memory") as store:
        client = create_app(shop(), store, references=True).test_client()
        assert client.post("/api/Pairs", json=sent).status_code == 400
        assert client.patch("/_portal/settings", json={"references": False}).status_code == 200
        assert client.post("/api/Pairs", json=sent).status_code == 200
