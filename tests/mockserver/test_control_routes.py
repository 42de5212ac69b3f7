"""Every route of the control API: there, described, answering what its description says; and what it refuses."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from shipped_record import record

from contracts import helppage
from mockserver.app import create_app
from mockserver.store import open_store

ID = "11111111-2222-4333-8444-555555555555"
ONE = "/records/Appointments"
#: The head of a parameter in a path as Flask has it.
PARAMETER = re.compile(r"<(?:[a-z]+:)?")

#: verb and path as in the document → calls of it: path, body, status.
CALLS: dict[str, list[tuple[str, Any, int]]] = {
    "GET /health": [("/health", None, 200)],
    "GET /contract": [("/contract", None, 200)],
    "GET /openapi.json": [("/openapi.json", None, 200)],
    "GET /schemas": [("/schemas", None, 200)],
    "GET /schemas/{name}": [("/schemas/openapi.json", None, 200), ("/schemas/none", None, 404)],
    "GET /control.json": [("/control.json", None, 200)],
    "GET /journal": [("/journal", None, 200), ("/journal?last=x", None, 400)],
    "GET /journal/{number}": [("/journal/1", None, 200), ("/journal/99", None, 404)],
    "GET /journal/count": [("/journal/count?status=200", None, 200)],
    "GET /journal/events": [("/journal/events", None, 200)],
    "DELETE /journal": [("/journal", None, 204)],
    "GET /grade": [("/grade", None, 200), ("/grade?format=yaml", None, 400)],
    "GET /faults": [("/faults", None, 200)],
    "POST /faults": [
        ("/faults", {"kind": "status", "status": 503, "path": "/nowhere"}, 201),
        ("/faults", {"kind": "status", "status": 99}, 400),
    ],
    "DELETE /faults/{number}": [("/faults/1", None, 204), ("/faults/1", None, 404)],
    "DELETE /faults": [("/faults", None, 204)],
    "GET /faults/kinds": [("/faults/kinds", None, 200)],
    "GET /records": [("/records", None, 200)],
    "DELETE /records": [("/records", None, 204)],
    "GET /records/{resource}": [(f"{ONE}?limit=5", None, 200), ("/records/Nothing", None, 404)],
    "DELETE /records/{resource}": [(ONE, None, 204), ("/records/Nothing", None, 404)],
    "POST /records/{resource}": [
        (ONE, record("K2"), 201),
        (ONE, record("K2"), 200),
        (ONE, {"start": "soon"}, 400),
        ("/records/Nothing", record(), 404),
        (ONE, {**record("K2"), "id": ID}, 409),
    ],
    "GET /records/{resource}/by-key": [(f"{ONE}/by-key?key=K1", None, 200), (f"{ONE}/by-key?key=k1", None, 404)],
    "PUT /records/{resource}/by-key": [
        (f"{ONE}/by-key?key=K1", record("K1"), 200),
        (f"{ONE}/by-key?key=K3", record("K3"), 201),
        (f"{ONE}/by-key?key=K3", record("K1"), 409),
        (f"{ONE}/by-key?key=K3", [], 400),
        ("/records/Nothing/by-key?key=K3", record("K3"), 404),
    ],
    "DELETE /records/{resource}/by-key": [(f"{ONE}/by-key?key=K1", None, 204), (f"{ONE}/by-key?key=K1", None, 404)],
    "GET /records/{resource}/{id}": [(f"{ONE}/{ID}", None, 404)],
    "PUT /records/{resource}/{id}": [
        (f"{ONE}/{ID}", record("K4"), 201),
        (f"{ONE}/{ID}", record("K4", "again"), 200),
        (f"{ONE}/{ID}", record("K1"), 409),
        (f"{ONE}/{ID}", {}, 400),
        (f"/records/Nothing/{ID}", record("K4"), 404),
    ],
    "DELETE /records/{resource}/{id}": [(f"{ONE}/{ID}", None, 404)],
    "POST /seed": [
        ("/seed", {"Appointments": [record("S1"), record("S2")]}, 200),
        ("/seed", [record("S1")], 400),
        ("/seed?resource=Nothing", [record("S1")], 404),
    ],
    "POST /reset": [("/reset", None, 204)],
    "GET /snapshot": [("/snapshot", None, 200)],
    "POST /restore": [
        ("/restore", {"portal-snapshot": 1, "taken": "2031-01-01T00:00:00Z", "settings": {}, "records": []}, 200),
        ("/restore", {"portal-snapshot": 2}, 400),
    ],
    "GET /snapshots": [("/snapshots", None, 200)],
    "PUT /snapshots/{name}": [("/snapshots/mine", None, 200), ("/snapshots/-mine", None, 400)],
    "GET /snapshots/{name}": [("/snapshots/kept", None, 200), ("/snapshots/none", None, 404)],
    "POST /snapshots/{name}/restore": [("/snapshots/kept/restore", None, 200), ("/snapshots/none/restore", None, 404)],
    "DELETE /snapshots/{name}": [("/snapshots/kept", None, 204), ("/snapshots/kept", None, 404)],
    "GET /settings": [("/settings", None, 200)],
    "PATCH /settings": [("/settings", {"strict": False}, 200), ("/settings", {"strict": "no"}, 400)],
    "DELETE /settings": [("/settings", None, 200)],
    "GET /tenants": [("/tenants", None, 200)],
    "DELETE /tenants": [("/tenants", None, 204)],
    "DELETE /tenants/{name}": [("/tenants/none", None, 404)],
}


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    """A portal with one record, one exchange, one snapshot and one fault."""
    with open_store("memory") as store:
        made = create_app(helppage.shipped(), store).test_client()
        made.post("/api/Appointments", json=record("K1", "first"))
        made.put("/_portal/snapshots/kept")
        made.post("/_portal/faults", json={"kind": "reset", "path": "/nowhere"})
        yield made


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    found = client.get("/_portal/control.json").json
    assert isinstance(found, dict)
    return found


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{verb.upper()} {path}": operation
        for path, verbs in document["paths"].items()
        for verb, operation in verbs.items()
    }


def test_the_document_is_valid_openapi_by_another_programs_word(document: dict[str, Any]) -> None:
    validate(document)
    assert document["openapi"] == "3.1.0"
    ids = [operation["operationId"] for operation in operations(document).values()]
    assert len(set(ids)) == len(ids)


def test_every_route_is_called_here_and_every_status_that_it_promises_is_seen(document: dict[str, Any]) -> None:
    told = operations(document)
    assert sorted(told) == sorted(CALLS)
    elsewhere = {
        "GET /journal/count": {"400", "409"},
        "GET /records/{resource}/{id}": {"200"},
        "DELETE /records/{resource}/{id}": {"204"},
        "DELETE /tenants/{name}": {"204"},
        "POST /snapshots/{name}/restore": {"400"},
    }
    for name, calls in CALLS.items():
        seen = {str(status) for _, _, status in calls}
        assert seen | elsewhere.get(name, set()) == set(told[name]["responses"]), name


def test_nothing_is_served_that_the_document_does_not_have(client: FlaskClient, document: dict[str, Any]) -> None:
    served = {
        f"{verb} {PARAMETER.sub('{', rule.rule.removeprefix('/_portal')).replace('>', '}')}"
        for rule in client.application.url_map.iter_rules()
        for verb in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    for_people = {"GET ", "GET /", "GET /page/{path}", "POST /page/{path}", "GET /static/{file}"}  # in test_pages_views
    assert served - for_people == set(operations(document))


@pytest.mark.parametrize("name", CALLS)
def test_a_route_answers_what_its_description_says(client: FlaskClient, document: dict[str, Any], name: str) -> None:
    verb, responses = name.partition(" ")[0], operations(document)[name]["responses"]
    for path, body, status in CALLS[name]:
        answer = client.open(f"/_portal{path}", method=verb, json=body)
        if name.endswith("/events"):
            answer.close()
        assert answer.status_code == status, answer.get_data(as_text=True)
        content = responses[str(status)].get("content")
        if content is None:
            assert answer.data == b""
        elif answer.mimetype == "application/json":
            ((_, media),) = content.items()
            schema = {**media["schema"], "components": document["components"]}
            assert not list(Draft202012Validator(schema).iter_errors(answer.json)), answer.json


def test_a_record_is_shown_as_the_portal_answers_it(client: FlaskClient) -> None:
    answered = client.post("/api/Appointments", json=record("K1", "second")).json
    shown = client.get("/_portal/records/appointments/by-key?key=K1").json
    assert shown["record"] == answered
    assert (shown["resource"], shown["key"], shown["id"], shown["version"]) == ("Appointments", "K1", answered["id"], 2)
    assert client.get(f"/_portal/records/API/APPOINTMENTS/{answered['id']}").status_code == 404
    assert client.get(f"/_portal/records/APPOINTMENTS/{answered['id']}").json == shown


def test_what_was_put_is_what_the_portal_updates(client: FlaskClient) -> None:
    made = client.put(f"/_portal{ONE}/{ID}", json=record("NEW", "by hand")).json
    assert made["id"] == made["record"]["id"] == ID
    assert client.post("/api/Appointments", json=record("NEW", "by client")).json["id"] == ID
    changed = client.get(f"/_portal{ONE}/{ID}").json
    assert (changed["record"]["cancelReason"], changed["version"]) == ("by client", 2)
    assert client.delete(f"/_portal{ONE}/{ID}").status_code == 204
    assert client.post("/api/Appointments", json=record("NEW")).json["id"] != ID


def test_a_record_keeps_its_id_when_its_key_is_changed(client: FlaskClient) -> None:
    own = client.get(f"/_portal{ONE}/by-key?key=K1").json["id"]
    assert client.put(f"/_portal{ONE}/{own}", json=record("OTHER")).json["key"] == "OTHER"
    assert client.get(f"/_portal{ONE}/by-key?key=K1").status_code == 404
    assert client.get(f"/_portal{ONE}/by-key?key=OTHER").json["id"] == own


def test_records_are_shown_page_by_page_in_the_order_of_arrival(client: FlaskClient) -> None:
    for number in range(5):
        client.post("/api/Appointments", json=record(f"P{number}"))
    page = client.get(f"/_portal{ONE}?offset=2&limit=2").json
    assert (page["total"], page["offset"], page["limit"]) == (6, 2, 2)
    assert [one["key"] for one in page["records"]] == ["P1", "P2"]


@pytest.mark.parametrize(
    ("body", "column", "says"),
    [
        ({**record("K"), "start": "soon"}, "start", "expected a date and time"),
        ({**record("K"), "room": "7"}, "room", "The model has no member of this name"),
        ({**record("K"), "locationExternalId": " "}, "locationExternalId", "field is required"),
    ],
)  # fmt: skip
def test_a_record_that_would_be_refused_or_lose_something_is_not_stored(
    client: FlaskClient, body: Any, column: str, says: str
) -> None:
    answer = client.post(f"/_portal{ONE}", json=body)
    assert answer.status_code == 400
    ((fault),) = answer.json["faults"]
    assert fault["column"] == column
    assert says in fault["what"]
    assert client.get("/_portal/records").json == {"records": {"Appointments": 1}}


@pytest.mark.parametrize(
    ("verb", "path", "body", "error", "remedy"),
    [
        ("GET", f"{ONE}?limit=x", None, "limit=x: expected a number", "limit=20"),
        ("GET", f"{ONE}?page=1", None, "unknown parameter page", "offset, limit"),
        ("GET", f"{ONE}?limit=1&limit=2", None, "limit is given 2 times", "once"),
        ("GET", f"{ONE}/by-key", None, "the parameter key is missing", "?key="),
        ("PATCH", "/settings", b"{", "the body is no JSON", "JSON document"),
        ("PATCH", "/settings", b"", "the body is empty", "JSON document"),
        ("PATCH", "/settings", b"[]", "no JSON object", "braces"),
        ("POST", "/seed?resource=Frames", b"externalId\nF1\n", "the body is no JSON", "Content-Type: text/csv"),
        ("PATCH", "/settings", b'{"colour": 1}', "unknown setting 'colour'", "strict, zone"),
        ("PATCH", "/settings", b'{"zone": "Atlantis/Capital"}', "unknown time zone", "Europe/Athens"),
        ("PATCH", "/settings", b'{"clock": "noon"}', "unknown clock 'noon'", "2030-01-07T09:00:00Z"),
        ("PATCH", "/settings", b'{"defects": ["nothing-like-it"]}', "unknown defect", "portal-mock defects"),
        ("PATCH", "/settings", b'{"body_limit": -1}', "body_limit is -1", "number of bytes"),
        ("DELETE", "/tenants/no such", None, "there is no tenant", "lists them"),
        ("POST", f"{ONE}", b'{"start": 1, "start": 2}', "start stands there more than once", "JSON document"),
        ("POST", f"{ONE}", b"[" * 100_000, "nested too deeply", "plainer"),
        (
            "POST", "/restore", b'{"portal-snapshot": 1, "settings": {}, "records": [1]}', "entry 0 of the snapshot",
            "as it is",
        ),
        (
            "POST", "/restore",
            b'{"portal-snapshot": 1, "settings": {}, "records": [{"resource": "api/other", "content": "[]"}]}',
            "the page has no resource 'api/other'", "the page it was taken with",
        ),
    ],
)  # fmt: skip
def test_a_refusal_says_what_is_wrong_and_what_to_do(
    client: FlaskClient, verb: str, path: str, body: bytes | None, error: str, remedy: str
) -> None:
    before = client.get("/_portal/settings").json
    answer = client.open(f"/_portal{path}", method=verb, data=body)
    assert answer.status_code in (400, 404), answer.data
    assert error in answer.json["error"]
    assert remedy in answer.json["remedy"]
    assert client.get("/_portal/settings").json == before


def test_programs_get_one_line_and_browsers_many(client: FlaskClient) -> None:
    plain = client.get("/_portal/settings").get_data(as_text=True)
    shown = client.get("/_portal/settings", headers={"Accept": "text/html,*/*;q=0.8"}).get_data(as_text=True)
    assert plain.count("\n") == 1
    assert shown.startswith('{\n  "strict": true,\n  "zone": "UTC",')
    assert json.loads(plain) == json.loads(shown)


def test_numbers_and_texts_pass_as_they_are_written() -> None:
    from mockserver.control.answers import Raw, encoded, indented, text_of

    text = text_of({"a": Raw("1.50"), "b": [], "c": ["{", '"\\'], "d": {}, "e": "\ud800é"})
    assert encoded(text) == '{"a":1.50,"b":[],"c":["{","\\"\\\\"],"d":{},"e":"\\ud800é"}'.encode()
    assert indented(text) == (
        '{\n  "a": 1.50,\n  "b": [],\n  "c": [\n    "{",\n    "\\"\\\\"\n  ],\n  "d": {},\n  "e": "\ud800é"\n}\n'
    )
