"""The app over Flask's test client: the vendor's part is the framework's, `/_portal/` is ours, and they do not meet."""

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from shipped_record import KEY, PORTAL_ID, record

from contracts import helppage
from contracts.model import Contract
from mockserver.app import create_app, request_of
from mockserver.controllers import acting
from mockserver.journal import Journal
from mockserver.store import Store, open_store
from mockserver.webapi import WebApi

PATH = "/api/Appointments"
JSON = "application/json; charset=utf-8"


@pytest.fixture(scope="module")
def contract() -> Contract:
    return helppage.shipped()


@pytest.fixture
def store() -> Iterator[Store]:
    with open_store("memory") as opened:
        yield opened


@pytest.fixture
def client(contract: Contract, store: Store) -> FlaskClient:
    return create_app(contract, store, body_limit=2000).test_client()


def test_a_record_is_created_and_updated_under_one_id(client: FlaskClient) -> None:
    created = client.post(PATH, json=record("K1", "first"))
    updated = client.post(PATH, json=record("K1", "second"))
    other = client.post(PATH, json=record("K2"))
    assert [answer.status_code for answer in (created, updated, other)] == [200, 200, 200]
    assert created.json[PORTAL_ID] == updated.json[PORTAL_ID] != other.json[PORTAL_ID]
    assert (created.json["cancelReason"], updated.json["cancelReason"]) == ("first", "second")


def test_the_clients_id_is_ignored(client: FlaskClient) -> None:
    mine = "11111111-2222-3333-4444-555555555555"
    answer = client.post(PATH, json={**record("K1"), PORTAL_ID: mine})
    assert answer.json[PORTAL_ID] != mine


def test_the_record_is_kept_in_the_store(client: FlaskClient, store: Store) -> None:
    client.post(PATH, json=record("K1", "kept text"))
    assert store.count() == 1
    assert "kept text" in (store.content("api/appointments", "K1") or "")


@pytest.mark.parametrize(
    ("method", "path", "status", "headers", "body"),
    [
        (
            "GET",
            "/",
            404,
            {},
            '{"message":"No HTTP resource was found that matches the request URI \'http://localhost/\'."}',
        ),
        (
            "POST",
            "/_portalX",
            404,
            {},
            '{"message":"No HTTP resource was found that matches the request URI \'http://localhost/_portalX\'."}',
        ),
        (
            "GET",
            PATH,
            405,
            {"Allow": "POST"},
            '{"message":"The requested resource does not support http method \'GET\'."}',
        ),
        (
            "OPTIONS",
            PATH,
            405,
            {"Allow": "POST"},
            '{"message":"The requested resource does not support http method \'OPTIONS\'."}',
        ),
        (
            "BREW",
            PATH,
            405,
            {"Allow": "POST"},
            '{"message":"The requested resource does not support http method \'BREW\'."}',
        ),
        ("HEAD", PATH, 405, {"Allow": "POST"}, ""),
        ("POST", PATH, 400, {}, '{"message":"The request has no body."}'),
    ],
)
def test_refusals_are_the_frameworks_not_flasks(
    client: FlaskClient, method: str, path: str, status: int, headers: dict[str, str], body: str
) -> None:
    answer = client.open(path, method=method)
    assert (answer.status_code, answer.get_data(as_text=True)) == (status, body)
    assert answer.headers["Content-Type"] == JSON
    for name, value in headers.items():
        assert answer.headers[name] == value


def test_a_media_type_that_is_not_read_is_415(client: FlaskClient) -> None:
    answer = client.post(PATH, data="x", content_type="text/plain")
    assert answer.status_code == 415
    assert answer.json == {
        "message": "The request entity's media type 'text/plain' is not supported for this resource."
    }


def test_the_path_is_matched_as_the_framework_does_it(client: FlaskClient) -> None:
    for path in ("/API/APPOINTMENTS", "/api/%41ppointments", "/api/Appointments/"):
        assert client.post(path, json=record()).status_code == 200, path


@pytest.mark.parametrize("size", [2001, 100_000])
def test_a_body_beyond_the_limit_is_413_and_not_read(contract: Contract, store: Store, size: int) -> None:
    client = create_app(contract, store, body_limit=2000).test_client()
    body = io.BytesIO(b" " * size)
    answer = client.post(PATH, input_stream=body, content_length=size, content_type="application/json")
    assert answer.status_code == 413
    assert "2000 bytes" in answer.json["message"]
    assert body.tell() == 0


def test_a_body_of_the_limit_is_read(client: FlaskClient) -> None:
    text = json.dumps(record()).ljust(2000)
    assert client.post(PATH, data=text, content_type="application/json").status_code == 200


def test_a_fault_of_our_own_is_500_as_a_server_would_say_it_and_is_logged(
    contract: Contract, store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("made up for this test")

    monkeypatch.setattr(WebApi, "handle", fail)
    client = create_app(contract, store).test_client()
    answer = client.post(PATH, json=record())
    assert (answer.status_code, answer.json) == (500, {"message": "An error has occurred."})
    assert "made up for this test" in caplog.text


def environ(**changes: Any) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/api/Things",
        "QUERY_STRING": "",
        "wsgi.input": io.BytesIO(b"abcdef"),
        **changes,
    }


@pytest.mark.parametrize(
    ("given", "target"),
    [
        ({}, "/api/Things"),
        ({"QUERY_STRING": "a=%20b+c"}, "/api/Things?a=%20b+c"),
        # PEP 3333: a path's bytes come as latin-1 characters; "é" is C3 A9 in UTF-8
        ({"PATH_INFO": "/api/\xc3\xa9 %"}, "/api/%C3%A9%20%25"),
        ({"PATH_INFO": "//a/./b;v=1,(2)"}, "//a/./b;v=1,(2)"),
        ({"PATH_INFO": "/x", "REQUEST_URI": "/%78?y"}, "/%78?y"),
        ({"PATH_INFO": "/x", "RAW_URI": "/%78?y"}, "/%78?y"),
    ],
)
def test_the_target_is_what_was_on_the_wire(given: dict[str, str], target: str) -> None:
    assert request_of(environ(**given), 100)[0].target == target


@pytest.mark.parametrize(
    ("given", "body", "fits"),
    [
        ({}, None, True),
        ({"CONTENT_LENGTH": ""}, None, True),
        ({"CONTENT_LENGTH": "0"}, b"", True),
        ({"CONTENT_LENGTH": "4"}, b"abcd", True),
        ({"CONTENT_LENGTH": "101"}, None, False),
        ({"HTTP_TRANSFER_ENCODING": "chunked"}, b"abcdef", True),
        ({"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": io.BytesIO(b"")}, b"", True),
        ({"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": io.BytesIO(b"x" * 101)}, None, False),
    ],
)
def test_no_length_is_told_from_length_zero(given: dict[str, Any], body: bytes | None, fits: bool) -> None:
    request, within = request_of(environ(**given), 100)
    assert (request.body, within) == (body, fits)


def test_headers_keep_their_values() -> None:
    given = environ(CONTENT_TYPE="text/json", CONTENT_LENGTH="2", HTTP_ACCEPT="a/b,c/d", HTTP_X_ODD="\xe9 ")
    assert list(request_of(given, 100)[0].headers) == [
        ("Accept", "a/b,c/d"),
        ("X-Odd", "\xe9 "),
        ("Content-Type", "text/json"),
        ("Content-Length", "2"),
    ]


def test_a_key_of_another_type_than_text_is_a_key_too(contract: Contract, store: Store) -> None:
    act: Callable[..., dict[str, Any]] = acting(contract, store.records())
    operation, model = next(iter(contract.upserts()))
    full = {prop.name: None for prop in model.properties}
    ids = [act(operation, model, {**full, str(model.key.value): key})[str(model.portal_id.value)] for key in (7, 7, 8)]
    assert ids[0] == ids[1] != ids[2]


def test_requests_of_our_own_paths_are_not_journalled(contract: Contract, store: Store) -> None:
    journal = Journal()
    app: Flask = create_app(contract, store, journal=journal)
    client = app.test_client()
    client.get("/_portal/health")
    client.get("/_portal/nothing")
    assert journal.seen == 0
    client.post(PATH, json=record())
    client.get("/nothing")
    assert journal.seen == 2
    assert [exchange.response.status for exchange in journal.last(5)] == [200, 404]


def test_the_shipped_record_names_what_the_page_names(contract: Contract) -> None:
    _, model = next(iter(contract.upserts()))
    assert (model[str(model.key.value)].json.value, model[str(model.portal_id.value)].json.value) == (KEY, PORTAL_ID)
