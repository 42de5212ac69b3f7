"""Who may use the control API: programs and pages of its own; other origins, rebound names and strangers may not."""

import base64
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from flask.testing import FlaskClient
from shipped_record import record

from contracts import helppage
from contracts.errors import UsageError
from mockserver.app import create_app
from mockserver.control import Options
from mockserver.control.cors import origin_of
from mockserver.store import open_store

PATH = "/api/Appointments"
EVIL, OWN, DEV = "https://evil.example", "http://localhost", "http://localhost:3000"
BASIC = base64.b64encode(b"anyone:s3cret").decode()


class Portals:
    """Portals with options, closed at the end."""

    def __init__(self, until_the_end: ExitStack):
        self._until_the_end = until_the_end

    def __call__(self, **options: Any) -> FlaskClient:
        store = self._until_the_end.enter_context(open_store("memory"))
        return create_app(helppage.shipped(), store, options=Options(**options)).test_client()


@pytest.fixture
def portal() -> Iterator[Portals]:
    with ExitStack() as until_the_end:
        yield Portals(until_the_end)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 204),  # a program
        ({"Origin": OWN, "Sec-Fetch-Site": "same-origin"}, 204),  # the portal's own page
        ({"Sec-Fetch-Site": "none"}, 204),  # an address that somebody typed
        ({"Origin": EVIL, "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": EVIL}, 403),  # a browser without fetch metadata
        ({"Origin": "null"}, 403),  # a sandboxed frame, a file
        ({"Origin": DEV, "Sec-Fetch-Site": "same-site"}, 403),  # another port is another origin
        ({"Origin": "https://localhost"}, 204),  # TLS may end before the portal
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://localhost.evil.example"}, 403),
    ],
)
@pytest.mark.parametrize("verb_path", ["POST /reset", "DELETE /records", "DELETE /journal", "DELETE /tenants"])
def test_a_page_of_another_origin_changes_nothing(
    portal: Portals, verb_path: str, headers: dict[str, str], status: int
) -> None:
    client = portal()
    client.post(PATH, json=record())
    client.post(f"/t/a{PATH}", json=record())
    verb, path = verb_path.split(" ")
    answer = client.open(f"/_portal{path}", method=verb, headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert "another origin" in answer.json["error"]
        assert client.get("/_portal/health").json["records"] == 1
        assert client.get("/t/a/_portal/health").json["records"] == 1


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("localhost:8080", 200),
        ("127.0.0.1:8080", 200),
        ("127.1.2.3", 200),
        ("[::1]:8080", 200),
        ("portal.localhost:8080", 200),
        ("evil.example", 403),
        ("127.0.0.1.evil.example", 403),
        ("192.0.2.7:8080", 403),
    ],
)
def test_a_name_that_was_made_to_point_here_reads_nothing(portal: Portals, host: str, status: int) -> None:
    client = portal()
    answer = client.get("/_portal/journal", headers={"Host": host, "Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == status
    assert client.get(PATH, headers={"Host": host}).status_code == 405  # the vendor's paths have any name


def test_a_portal_beyond_this_machine_has_names_that_nobody_knows(portal: Portals) -> None:
    client = portal(local=False)
    assert client.get("/_portal/health", headers={"Host": "portal.team.example"}).status_code == 200
    own = {"Host": "portal.team.example:8080", "Origin": "http://portal.team.example:8080"}
    assert client.post("/_portal/reset", headers=own).status_code == 204
    assert client.post("/_portal/reset", headers={**own, "Origin": EVIL}).status_code == 403


def test_without_its_control_api_a_portal_answers_health_only(portal: Portals) -> None:
    client = portal(off=True)
    assert client.get("/_portal/health").json == {"status": "ok"}
    assert client.get("/t/a/_portal/health").json == {"status": "ok"}
    for path in ("", "/", "/journal", "/control.json", "/records", "/nothing", "/openapi.json"):
        answer = client.get(f"/_portal{path}")
        assert (answer.status_code, "--no-control" in answer.json["remedy"]) == (404, True), path
    assert client.post("/_portal/reset").status_code == 404
    assert client.post(PATH, json=record()).status_code == 200


@pytest.mark.parametrize("given", [None, "Bearer wrong", "Bearer", "Bearer s3cre", "s3cret", "Basic s3cret", "Basic !"])
def test_without_the_token_nothing_is_shown_or_changed(portal: Portals, given: str | None) -> None:
    client = portal(token="s3cret")
    headers = {} if given is None else {"Authorization": given}
    answer = client.get("/_portal/journal", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="portal-mock", Basic realm="portal-mock"'
    assert "Authorization: Bearer TOKEN" in answer.json["remedy"]
    assert client.get("/_portal/nothing", headers=headers).status_code == 401
    assert client.post("/_portal/reset", headers=headers).status_code == 401
    assert client.get("/_portal/health", headers=headers).json == {"status": "ok"}
    assert client.post(PATH, json=record()).status_code == 200


@pytest.mark.parametrize("given", ["Bearer s3cret", "bearer  s3cret", f"Basic {BASIC}"])
def test_who_bears_the_token_may(portal: Portals, given: str) -> None:
    client = portal(token="s3cret")
    headers = {"Authorization": given}
    assert client.get("/_portal/health", headers=headers).json["mode"] == "strict"
    assert client.post("/_portal/reset", headers=headers).status_code == 204
    assert client.post("/_portal/reset", headers={**headers, "Host": "tunnel.example"}).status_code == 204
    assert client.post("/_portal/reset", headers={**headers, "Origin": EVIL}).status_code == 403


def test_the_frameworks_answer_to_options_stands_while_no_origin_is_let_in(portal: Portals) -> None:
    asked = {"Origin": DEV, "Access-Control-Request-Method": "POST"}
    answer = portal().options(PATH, headers=asked)
    assert answer.status_code == 405
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize("path", [PATH, f"/t/a{PATH}", "/_portal/settings", "/t/a/_portal/settings"])
def test_pages_of_an_origin_that_is_let_in_may_call(portal: Portals, path: str) -> None:
    client = portal(origins=(DEV,))
    asked = {
        "Origin": DEV,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "content-type,portal-tenant",
    }
    before = client.options(path, headers=asked)
    assert (before.status_code, before.data) == (204, b"")
    assert before.headers["Access-Control-Allow-Origin"] == DEV
    assert before.headers["Access-Control-Allow-Methods"] == "PATCH"
    assert before.headers["Access-Control-Allow-Headers"] == "content-type,portal-tenant"
    answer = client.get(path, headers={"Origin": DEV})
    assert answer.headers["Access-Control-Allow-Origin"] == DEV
    assert answer.headers["Vary"] == "Origin"
    assert "Portal-Silent-Loss" in answer.headers["Access-Control-Expose-Headers"]
    stranger = client.get(path, headers={"Origin": EVIL})
    assert "Access-Control-Allow-Origin" not in stranger.headers
    assert client.patch("/_portal/settings", json={}, headers={"Origin": DEV}).status_code == 200
    assert client.patch("/_portal/settings", json={}, headers={"Origin": EVIL}).status_code == 403


def test_any_origin_means_the_vendors_paths_only(portal: Portals) -> None:
    client = portal(origins=("*",))
    assert client.get(PATH, headers={"Origin": EVIL}).headers["Access-Control-Allow-Origin"] == "*"
    for path in ("/_portal/journal", "/t/a/_portal/journal", "/_portal"):
        assert "Access-Control-Allow-Origin" not in client.get(path, headers={"Origin": EVIL}).headers
    assert client.post("/_portal/reset", headers={"Origin": EVIL}).status_code == 403


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("http://localhost:3000", DEV),
        ("HTTP://LOCALHOST:3000/", DEV),
        ("https://a.example", "https://a.example"),
        ("*", "*"),
    ],
)
def test_origins_are_read_as_browsers_send_them(given: str, origin: str) -> None:
    assert origin_of(given) == origin


@pytest.mark.parametrize("given", ["", "localhost:3000", "ftp://a.example", "http://a.example/path", "http://"])
def test_what_is_no_origin_is_refused(given: str) -> None:
    with pytest.raises(UsageError, match=r"for example http://localhost:3000"):
        origin_of(given)


def test_the_tab_icon_of_a_browser_does_not_fill_the_journal(portal: Portals) -> None:
    client = portal()
    assert client.get("/favicon.ico").status_code == 404
    assert client.get("/t/a/favicon.ico").status_code == 404
    assert client.get("/_portal/health").json["exchanges"] == 0
    assert client.get("/t/a/_portal/health").json["exchanges"] == 0


def test_an_origin_that_is_no_address_changes_nothing_and_is_told(portal: Portals) -> None:
    answer = portal().post("/_portal/reset", headers={"Origin": "http://[evil"})
    assert (answer.status_code, answer.get_json()["error"][:24]) == (403, "a page of another origin")
    with pytest.raises(UsageError, match="no origin"):
        origin_of("http://[evil")
