"""Who may call the vendor's part: every scheme, its refusals, and what is never shown."""

import base64
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from portal_process import ended
from shipped_record import record

from contracts import helppage
from contracts.errors import UsageError
from mockserver import auth, faults
from mockserver.app import create_app
from mockserver.store import open_store

PATH = "/api/Appointments"
SECRET = "sésame-öffne-dich"
GIVEN = (
    "header:X-Portal-Key=env:TEST_PORTAL_SECRET",
    "basic:joe:env:TEST_PORTAL_SECRET",
    "bearer:env:TEST_PORTAL_SECRET",
)


def wire(text: str) -> str:
    """A header's text as WSGI gives it: its bytes as latin-1."""
    return text.encode().decode("latin-1")


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_PORTAL_SECRET", SECRET)


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    with open_store("memory") as store:
        yield create_app(helppage.shipped(), store, auth=auth.read(GIVEN)).test_client()


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Portal-Key", wire(SECRET)),
        ("x-portal-key", wire(SECRET)),
        ("Authorization", basic("joe", SECRET)),
        ("Authorization", basic("joe", SECRET).replace("Basic", "bAsIc")),
        ("Authorization", f"Bearer {wire(SECRET)}"),
    ],
)
def test_whoever_bears_one_of_the_secrets_is_let_in(client: FlaskClient, header: str, value: str) -> None:
    assert client.post(PATH, json=record(), headers={header: value}).status_code == 200


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Portal-Key", "wrong"),
        ("X-Portal-Key", ""),
        ("Authorization", basic("joe", "wrong")),
        ("Authorization", basic("jim", SECRET)),
        ("Authorization", basic("", "")),
        ("Authorization", "Basic %%%"),
        ("Authorization", f"Bearer {wire(SECRET)}x"),
        ("Authorization", f"Digest {wire(SECRET)}"),
        ("Authorization", wire(SECRET)),
        ("Authorization", ""),
        ("X-Other", wire(SECRET)),
    ],
)
def test_everybody_else_gets_401_with_the_frameworks_body(client: FlaskClient, header: str, value: str) -> None:
    answer = client.post(PATH, json=record(), headers={header: value})
    assert answer.status_code == 401
    assert answer.get_data() == b'{"message":"Authorization has been denied for this request."}'
    assert answer.headers.getlist("WWW-Authenticate") == [
        'ApiKey realm="portal", header="X-Portal-Key"',
        'Basic realm="portal", charset="UTF-8"',
        'Bearer realm="portal"',
    ]
    assert client.get("/_portal/records").json == {"records": {"Appointments": 0}}


def test_a_refusal_comes_in_the_negotiated_format(client: FlaskClient) -> None:
    answer = client.post(PATH, json=record(), headers={"Accept": "text/xml"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "text/xml; charset=utf-8")
    assert answer.get_data() == b"<Error><Message>Authorization has been denied for this request.</Message></Error>"


def test_a_refusal_comes_before_everything_else_that_the_framework_checks(client: FlaskClient) -> None:
    assert client.post("/api/None", data=b"{").status_code == 401
    assert client.post(f"/t/mine{PATH}", data=b"{").status_code == 401


def test_the_control_api_is_not_asked_for_the_portals_secrets(client: FlaskClient) -> None:
    assert client.get("/_portal/health").json["status"] == "ok"


def test_no_secret_is_in_the_journal_the_health_or_the_log(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client.post("/_portal/faults", data="status=503;count=1;after=1")
    coded = basic("joe", SECRET).partition(" ")[2]
    for header in ({"X-Portal-Key": wire(SECRET)}, {"Authorization": f"Basic {coded}"}):
        client.post(PATH, json=record(), headers=header)
    shown = "".join(
        client.get(f"/_portal/{path}").get_data(as_text=True)
        for path in ("journal", "journal?format=har", "health", "settings", "snapshot", "control.json", "faults", "")
    )
    assert '"X-Portal-Key","(hidden)"' in shown.replace(" ", "")
    for told in (shown, caplog.text, repr(auth.read(GIVEN))):
        for form in (SECRET, wire(SECRET), json.dumps(SECRET)[1:-1], coded):
            assert form not in told


def test_an_expired_secret_is_arranged_as_a_fault(client: FlaskClient) -> None:
    client.post("/_portal/faults", data="status=401;count=1")
    bearer = {"Authorization": f"Bearer {wire(SECRET)}"}
    first, second = (client.post(PATH, json=record(), headers=bearer) for _ in range(2))
    assert (first.status_code, second.status_code) == (401, 200)
    assert first.get_data() == b'{"message":"Authorization has been denied for this request."}'


def test_a_fault_that_lets_requests_through_does_not_let_strangers_in() -> None:
    with open_store("memory") as store:
        begun = [faults.read("blank")]
        client = create_app(helppage.shipped(), store, auth=auth.read(GIVEN), faults=begun).test_client()
        assert client.post(PATH, json=record()).status_code == 401
        assert store.records("").count() == 0


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "secret.txt"
    path.write_text(f"{SECRET}\n", encoding="utf-8")
    (scheme,) = auth.read([f"bearer:file:{path}"])
    assert scheme == auth.read(["bearer:env:TEST_PORTAL_SECRET"])[0]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("bearer:topsecret", "a secret is given on the command line"),
        ("basic:joe:topsecret", "a secret is given on the command line"),
        ("header:X-Key=topsecret", "a secret is given on the command line"),
        ("bearer:env:TEST_NOT_THERE", "the variable TEST_NOT_THERE is not set"),
        ("bearer:file:nowhere/topsecret.txt", "cannot be read"),
        ("basic:topsecret", "basic makes no sense"),
        ("header:topsecret", "header makes no sense"),
        ("header:X Key=env:TEST_PORTAL_SECRET", "header makes no sense"),
        ("topsecret", "it begins with none of"),
        ("", "it begins with none of"),
    ],
)
def test_a_scheme_that_makes_no_sense_is_refused_without_showing_a_secret(given: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        auth.read([given])
    assert told in str(caught.value)
    assert "what to do" in str(caught.value)
    assert "topsecret" not in str(caught.value).replace("nowhere/topsecret.txt", "")


def test_the_command_refuses_a_secret_on_the_command_line() -> None:
    code, out, err = ended("serve", "--port", "0", "--auth", "bearer:topsecret")
    assert (code, out) == (2, "")
    assert "topsecret" not in err
