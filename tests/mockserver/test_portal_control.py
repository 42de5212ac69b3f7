"""What is the stub's own, under `/_portal/`: health, journal, contract, schemas, and a page for people."""

import json
from collections.abc import Iterator
from importlib import resources

import pytest
from flask.testing import FlaskClient
from shipped_record import record

from contracts import helppage
from mockserver.app import create_app
from mockserver.store import open_store

PATH = "/api/Appointments"


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    with open_store("memory") as store:
        yield create_app(helppage.shipped(), store, strict=False).test_client()


def test_health_says_what_runs(client: FlaskClient) -> None:
    client.post(PATH, json=record("K1"))
    client.post(PATH, json=record("K1"))
    answer = client.get("/_portal/health")
    assert answer.status_code == 200
    told = dict(answer.json)
    assert told.pop("version")
    assert told == {
        "status": "ok",
        "mode": "lenient",
        "zone": "UTC",
        "store": "memory",
        "tenant": "",
        "records": 1,
        "exchanges": 2,
        "operations": ["POST api/Appointments"],
        "pages": ["POST-api-Appointments.txt"],
    }


def test_the_journal_shows_exchanges_with_the_schemas_verdict(client: FlaskClient) -> None:
    client.post(PATH, json=record("K1"))
    client.post(PATH, json={**record("K1"), "start": "soon"})
    client.post(PATH, data="<a/>", content_type="text/xml", headers={"Accept": "text/xml"})
    client.post(PATH, data="externalId=K2", content_type="application/x-www-form-urlencoded")
    client.get("/nothing?x=1")
    told = client.get("/_portal/journal").json
    assert (told["seen"], told["kept"], len(told["exchanges"])) == (5, 5, 5)
    good, bad, xml, form, lost = told["exchanges"]
    assert [exchange["response"]["status"] for exchange in told["exchanges"]] == [200, 400, 400, 200, 404]
    assert (good["operation"], good["request"]["faults"], good["response"]["faults"]) == (
        "POST api/Appointments",
        [],
        [],
    )
    assert json.loads(good["request"]["text"]) == record("K1")
    assert len(bad["request"]["faults"]) == 1
    assert bad["request"]["faults"][0].startswith("$.start: expected a date and time")
    assert bad["response"]["faults"] is None
    assert len(xml["request"]["faults"]) == 1
    assert "expected the root element AppointmentModel" in xml["request"]["faults"][0]
    assert form["request"]["faults"] is None
    assert (lost["operation"], lost["request"]["target"], lost["request"]["faults"]) == (None, "/nothing?x=1", None)


def test_bodies_that_are_no_text_are_shown_in_base64(client: FlaskClient) -> None:
    client.post(PATH, data=b"\xff\xfe\x00", content_type="text/plain")
    (shown,) = client.get("/_portal/journal").json["exchanges"]
    assert shown["request"]["base64"] == "//4A"
    assert "text" not in shown["request"]


def test_credentials_are_not_shown(client: FlaskClient) -> None:
    secrets = {"Authorization": "Bearer s3cret", "X-Api-Key": "s3cret", "Proxy-Authorization": "Basic s3cret"}
    client.post(PATH, json=record(), headers=secrets)
    shown = client.get("/_portal/journal").get_data(as_text=True)
    assert "s3cret" not in shown
    assert shown.count("(hidden)") == 3


@pytest.mark.parametrize(
    ("query", "numbers"), [("?last=2", [2, 3]), ("?last=0", []), ("?last=9", [1, 2, 3]), ("", [1, 2, 3])]
)
def test_the_newest_exchanges_can_be_asked_for(client: FlaskClient, query: str, numbers: list[int]) -> None:
    for _ in range(3):
        client.get("/nothing")
    told = client.get(f"/_portal/journal{query}").json
    assert [exchange["number"] for exchange in told["exchanges"]] == numbers


@pytest.mark.parametrize("asked", ["x", "-1", "1.5", "", "\u0663"])
def test_a_number_that_is_none_is_400(client: FlaskClient, asked: str) -> None:
    answer = client.get("/_portal/journal", query_string={"last": asked})
    assert answer.status_code == 400
    assert "for example last=20" in answer.json["error"]


def test_the_journal_can_be_emptied(client: FlaskClient) -> None:
    client.get("/nothing")
    assert client.delete("/_portal/journal").status_code == 204
    assert client.get("/_portal/journal").json == {"seen": 0, "kept": 0, "exchanges": []}


def test_the_contract_and_every_committed_schema_are_served(client: FlaskClient) -> None:
    contract = client.get("/_portal/contract")
    assert contract.content_type == "application/json"
    assert isinstance(contract.json, dict)
    names = [path.rpartition("/")[2] for path in client.get("/_portal/schemas").json["schemas"]]
    assert "openapi.json" in names
    committed = resources.files("schemas")
    for name in names:
        answer = client.get(f"/_portal/schemas/{name}")
        assert answer.data == (committed / name).read_bytes()
        assert answer.mimetype == ("application/xml" if name.endswith(".xsd") else "application/json")
    assert client.get("/_portal/openapi.json").data == (committed / "openapi.json").read_bytes()


def test_a_schema_that_is_not_there_is_404_that_lists_the_others(client: FlaskClient) -> None:
    answer = client.get("/_portal/schemas/none.xsd")
    assert answer.status_code == 404
    assert "openapi.json" in answer.json["remedy"]


@pytest.mark.parametrize("path", ["/_portal/nothing", "/_portal/health/", "/_portal//", "/_portal/Health"])
def test_an_unknown_path_of_ours_is_404_that_lists_what_there_is(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (404, "application/json")
    assert "GET /_portal/health" in answer.json["there is"]
    assert "GET /_portal/control.json" in answer.json["remedy"]


@pytest.mark.parametrize(
    ("verb", "path", "nearest"),
    [
        ("GET", "/_portal/record", "GET /_portal/records"),
        ("POST", "/_portal/snapshot/before/restore", "POST /_portal/snapshots/{name}/restore"),
        ("PUT", "/_portal/records/Appointments", "POST /_portal/records/{resource}"),
        ("PATCH", "/t/one/_portal/Settings", "PATCH /t/one/_portal/settings"),
    ],
)
def test_an_unknown_path_is_told_the_few_that_are_like_it(
    client: FlaskClient, verb: str, path: str, nearest: str
) -> None:
    answer = client.open(path, method=verb, json={})
    assert answer.status_code in (404, 405)
    assert nearest in answer.json["there is"]
    assert len(answer.data) < 2000


def test_a_wrong_verb_on_a_path_of_ours_is_405_with_allow(client: FlaskClient) -> None:
    answer = client.post("/_portal/health")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("path", ["/_portal", "/_portal/"])
def test_the_page_for_people_shows_a_command_that_works(client: FlaskClient, path: str) -> None:
    page = client.get(path).get_data(as_text=True)
    assert "curl -X POST" in page
    assert "http://localhost/api/Appointments" in page
    assert 'href="/_portal/health"' in page
    assert "http-equiv" not in page and "<style" not in page
