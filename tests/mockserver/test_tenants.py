"""Tenants: portals beside each other that see nothing of each other, named by header or by path."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from flask.testing import FlaskClient
from shipped_record import record

from contracts import helppage
from contracts.model import Contract
from mockserver.app import create_app
from mockserver.server import serving
from mockserver.store import Store, open_store
from mockserver.webapi import Request

PATH = "/api/Appointments"
JSON = [("Content-Type", "application/json")]


@pytest.fixture(scope="module")
def contract() -> Contract:
    return helppage.shipped()


@pytest.fixture
def store() -> Iterator[Store]:
    with open_store("memory") as opened:
        yield opened


@pytest.fixture
def client(contract: Contract, store: Store) -> FlaskClient:
    return create_app(contract, store, most_tenants=5).test_client()


def count(client: FlaskClient, base: str = "", **headers: str) -> int:
    found: int = client.get(f"{base}/_portal/health", headers=headers).json["records"]
    return found


def test_header_and_path_name_the_same_tenant(client: FlaskClient) -> None:
    by_header = client.post(PATH, json=record("K1"), headers={"Portal-Tenant": "mine"})
    by_path = client.post(f"/t/mine{PATH}", json=record("K1"))
    both = client.post(f"/t/mine{PATH}", json=record("K1"), headers={"Portal-Tenant": "mine"})
    assert by_header.json["id"] == by_path.json["id"] == both.json["id"]
    assert (count(client, "/t/mine"), count(client), count(client, "/t/other")) == (1, 0, 0)


def test_a_tenant_draws_its_own_ids_and_counts_its_own_exchanges(client: FlaskClient) -> None:
    ids = {client.post(f"{base}{PATH}", json=record("K1")).json["id"] for base in ("", "/t/a", "/t/b")}
    assert len(ids) == 3
    for base in ("", "/t/a", "/t/b"):
        told = client.get(f"{base}/_portal/journal").json
        assert [exchange["number"] for exchange in told["exchanges"]] == [1]


def test_the_portal_sees_what_follows_the_tenants_name(client: FlaskClient) -> None:
    assert client.post("/t/a/API/appointments/?x=1", json=record()).status_code == 200
    assert client.get(f"/t/a{PATH}").status_code == 405
    journal = client.get("/t/a/_portal/journal").json["exchanges"]
    assert [exchange["request"]["target"] for exchange in journal] == ["/API/appointments/?x=1", PATH]


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/t/a/nothing?x=1", "http://localhost/t/a/nothing?x=1"),
        ("/t/a/", "http://localhost/t/a/"),
        ("/t/a", "http://localhost/t/a/"),
        ("/t/a/../b/nothing%20here", "http://localhost/t/b/nothing here"),
        ("/t/a/t/b/nothing", "http://localhost/t/a/t/b/nothing"),
        ("/T/a/nothing", "http://localhost/T/a/nothing"),
        ("/t", "http://localhost/t"),
    ],
)
def test_a_404_names_the_url_that_the_client_asked_for(client: FlaskClient, path: str, url: str) -> None:
    # As an application in a folder of IIS does, which sees the whole URL.
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json["message"] == f"No HTTP resource was found that matches the request URI '{url}'."


@pytest.mark.parametrize("name", [".", "..", "-a", "a b", "a/b", "é", "a" * 101, "a;b", "_a"])
def test_a_name_that_is_none_is_refused_in_words(client: FlaskClient, name: str) -> None:
    answer = client.post(PATH, json=record(), headers={"Portal-Tenant": name.encode().decode("latin-1")})
    assert answer.status_code == 400
    assert "is no name of a tenant" in answer.json["error"]
    assert answer.json["remedy"].startswith("give 1 to 100 letters, digits, dots, hyphens or underscores")
    assert client.get("/_portal/tenants").json["tenants"] == [{"name": "", "records": 0, "exchanges": 0}]


def test_a_path_without_a_name_and_two_names_are_refused(client: FlaskClient) -> None:
    assert "no name follows /t/" in client.get("/t//api").json["error"]
    told = client.get("/t/a/_portal/health", headers={"Portal-Tenant": "b"})
    assert (told.status_code, told.json["error"]) == (400, "the header Portal-Tenant names 'b', the path 'a'")


def test_an_empty_header_names_none(client: FlaskClient) -> None:
    client.post(PATH, json=record(), headers={"Portal-Tenant": ""})
    assert count(client) == 1


def test_absurdly_many_tenants_are_refused_until_some_are_dropped(client: FlaskClient) -> None:
    for number in range(5):
        assert client.get(f"/t/n{number}/_portal/health").status_code == 200
    refused = client.post(f"/t/one-more{PATH}", json=record())
    assert refused.status_code == 429
    assert refused.json["error"] == "there are 5 tenants already, and no more are made"
    assert "DELETE /_portal/tenants/NAME" in refused.json["remedy"]
    assert client.delete("/_portal/tenants/n3").status_code == 204
    assert client.post(f"/t/one-more{PATH}", json=record()).status_code == 200


def test_dropping_a_tenant_leaves_nothing_of_it(client: FlaskClient, store: Store) -> None:
    client.post(f"/t/a{PATH}", json=record())
    client.post(f"/t/b{PATH}", json=record())
    client.patch("/t/a/_portal/settings", json={"strict": False})
    client.put("/t/a/_portal/snapshots/kept")
    assert client.delete("/_portal/tenants/a").status_code == 204
    assert client.delete("/_portal/tenants/a").status_code == 404
    assert store.tenants() == ["b"]
    health = client.get("/t/a/_portal/health").json
    assert (health["records"], health["exchanges"], health["mode"]) == (0, 0, "strict")
    assert client.get("/t/a/_portal/snapshots").json == {"snapshots": []}
    assert count(client, "/t/b") == 1


def test_a_request_that_is_under_way_while_its_tenant_is_dropped_leaves_nothing(
    contract: Contract, store: Store
) -> None:
    app = create_app(contract, store, keep_journal=True)
    client = app.test_client()
    client.post(f"/t/a{PATH}", json=record())
    tenant = app.extensions["portal"].tenants["a"]
    assert client.delete("/_portal/tenants/a").status_code == 204
    answer = tenant.way.handle(Request("POST", PATH, JSON, json.dumps(record()).encode()), tenant.way.act)
    assert (answer.status, store.tenants()) == (200, [])
    tenant.journal.add(0.0, 0.0, Request("POST", PATH, JSON, b"{}"), answer)
    assert store.tenants() == []
    tenant.records.upsert_all([("r", "k", "id-1", "{}")])
    assert store.tenants() == []
    entry = {"resource": "r", "id": "i", "key": "k", "content": "{}", "version": 1, "created": 0, "updated": 0}
    tenant.records.restore([entry])
    assert store.tenants() == []
    assert client.get("/_portal/tenants").json["tenants"] == [{"name": "", "records": 0, "exchanges": 0}]


def test_a_tenant_of_which_only_the_store_knows_is_listed_and_dropped(contract: Contract, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    with open_store(url) as store:
        client = create_app(contract, store).test_client()
        client.post(f"/t/records{PATH}", json=record())
        client.put("/t/snapshots/_portal/snapshots/kept")
    with open_store(url) as store:
        client = create_app(contract, store).test_client()
        told = client.get("/_portal/tenants").json["tenants"]
        assert [(one["name"], one["records"]) for one in told] == [("", 0), ("records", 1), ("snapshots", 0)]
        for name in ("records", "snapshots"):
            assert client.delete(f"/_portal/tenants/{name}").status_code == 204
        assert store.tenants() == []


def test_the_tenant_without_a_name_stays_when_all_are_dropped(client: FlaskClient) -> None:
    client.post(PATH, json=record())
    client.post(f"/t/a{PATH}", json=record())
    assert client.delete("/_portal/tenants").status_code == 204
    assert client.get("/_portal/tenants").json["tenants"] == [{"name": "", "records": 1, "exchanges": 1}]


def test_reset_concerns_one_tenant(client: FlaskClient) -> None:
    for base in ("", "/t/a"):
        client.post(f"{base}{PATH}", json=record())
        client.patch(f"{base}/_portal/settings", json={"strict": False})
    assert client.post("/t/a/_portal/reset").status_code == 204
    told = [client.get(f"{base}/_portal/health").json for base in ("", "/t/a")]
    assert [(one["records"], one["exchanges"], one["mode"]) for one in told] == [(1, 1, "lenient"), (0, 0, "strict")]


def test_a_page_with_such_paths_of_its_own_keeps_them(store: Store) -> None:
    shipped = helppage.shipped()
    (operation,) = shipped.operations
    moved = replace(operation, path=replace(operation.path, value="t/Things"))
    client = create_app(replace(shipped, operations=(moved,)), store).test_client()
    assert client.post("/t/Things", json=record()).status_code == 200
    assert client.post("/t/Things", json=record(), headers={"Portal-Tenant": "a"}).status_code == 200
    assert [one["name"] for one in client.get("/_portal/tenants").json["tenants"]] == ["", "a"]


def test_two_hundred_tests_in_parallel_do_not_see_each_other(contract: Contract, tmp_path: Path) -> None:
    """Each with the same keys, half named by header, half by path, on a real server; each looks at all that is its."""

    def one_test(url: str, number: int) -> list[Any]:
        name, wrong = f"test-{number}", []
        base = f"{url}/t/{name}" if number % 2 else url
        with requests.Session() as session:
            session.headers.update({} if number % 2 else {"Portal-Tenant": name})
            lenient = number % 3 == 0
            session.patch(f"{base}/_portal/settings", json={"strict": not lenient}, timeout=60)
            ids = [
                session.post(f"{base}{PATH}", json=record(key, f"of {name}"), timeout=60).json()["id"]
                for key in ("K1", "K2", "K1")
            ]
            if ids[0] != ids[2] or ids[0] == ids[1]:
                wrong.append(("ids", ids))
            short = session.post(f"{base}{PATH}", json={"externalId": "K3"}, timeout=60).status_code
            if short != (200 if lenient else 400):
                wrong.append(("mode", short))
            kept = session.get(f"{base}/_portal/records/Appointments", timeout=60).json()
            texts = {one["record"]["cancelReason"] for one in kept["records"]} - {None}
            if kept["total"] != (3 if lenient else 2) or texts != {f"of {name}"}:
                wrong.append(("records", kept))
            seen = session.get(f"{base}/_portal/journal?brief", timeout=60).json()["seen"]
            if seen != 4:
                wrong.append(("journal", seen))
            if number % 10 == 0:
                session.delete(f"{url}/_portal/tenants/{name}", timeout=60)
        return wrong

    store_url = f"sqlite:///{tmp_path / 'portal.db'}"
    with open_store(store_url) as store, serving(create_app(contract, store)) as url:
        with ThreadPoolExecutor(32) as threads:
            wrong = [found for found in threads.map(lambda number: one_test(url, number), range(200)) if found]
        left = requests.get(f"{url}/_portal/tenants", timeout=60).json()["tenants"]
    assert wrong == []
    assert len(left) == 1 + 180
    assert left[0] == {"name": "", "records": 0, "exchanges": 0}


def test_processes_that_share_a_store_share_settings_and_snapshots(contract: Contract, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    with open_store(url) as one, open_store(url) as other:
        first = create_app(contract, one, shared=True).test_client()
        second = create_app(contract, other, shared=True).test_client()
        assert second.post(f"/t/a{PATH}", json={}).status_code == 400
        first.patch("/t/a/_portal/settings", json={"strict": False, "defects": ["update-ignored"]})
        assert second.post(f"/t/a{PATH}", json={}).status_code == 200
        assert second.get("/t/a/_portal/settings").json["defects"] == ["update-ignored"]
        assert second.get("/_portal/settings").json["strict"] is True
        first.put("/t/a/_portal/snapshots/kept")
        assert second.post("/t/a/_portal/snapshots/kept/restore").json == {"records": 1}
        second.post("/t/a/_portal/reset")
        assert first.post(f"/t/a{PATH}", json={}).status_code == 400
