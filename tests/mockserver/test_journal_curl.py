"""The command of a journalled request sends that request again, byte by byte; real curl is asked where there is one."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests

from contracts import helppage
from mockserver.app import create_app
from mockserver.journal import Journal, Secrets
from mockserver.journal.curl import as_curl
from mockserver.server import serving
from mockserver.store import open_store
from mockserver.webapi import Request, Response

PATH = "/api/Appointments"
JSON = ("Content-Type", "application/json")
curl = pytest.mark.skipif(
    shutil.which("curl") is None or sys.platform == "win32", reason="needs curl and a POSIX shell"
)


@pytest.fixture
def journal() -> Journal:
    return Journal()


@pytest.fixture
def portal(journal: Journal) -> Iterator[str]:
    with open_store("memory") as store, serving(create_app(helppage.shipped(), store, journal=journal)) as url:
        yield url


@curl
@pytest.mark.parametrize(
    ("method", "headers", "body"),
    [
        ("POST", {"Content-Type": "application/json"}, b'{"a": "it\'s $HOME `x`"}'),
        ("POST", {"Content-Type": "application/json", "Accept": "text/xml"}, '{\n\t"a": "é"}\r\n'.encode()),
        ("POST", {"Content-Type": "text/plain"}, bytes(range(256))),
        ("POST", {"Content-Type": "text/plain"}, b"@/etc/invented"),
        ("PUT", {}, b"100%d\\n"),
        ("POST", {"Content-Type": "text/plain"}, b""),
        ("GET", {"X-Empty": ""}, None),
        ("DELETE", {}, None),
    ],
)
def test_the_command_sends_the_very_request_again(
    portal: str, journal: Journal, method: str, headers: dict[str, str], body: bytes | None
) -> None:
    requests.request(method, f"{portal}{PATH}?a=b%20c&d=[1]", headers=headers, data=body, timeout=20)
    (first,) = journal.all()
    command = as_curl(first.request, portal)
    subprocess.run(["sh", "-c", command], check=True, capture_output=True, timeout=30)
    _, again = journal.all()
    ours = ("host", "user-agent", "accept-encoding", "connection", "content-length")
    told = [
        (one.request.method, one.request.target, one.request.body or b"",
         sorted((n, v) for n, v in one.request.headers if n.lower() not in ours))
        for one in (first, again)
    ]  # fmt: skip
    assert told[1] == told[0]


@curl
def test_a_credential_is_taken_from_the_environment(portal: str, journal: Journal) -> None:
    request = Request("POST", PATH, (JSON, ("X-Api-Key", "invented-1")), b"{}")
    shown, _ = Secrets().clean(request, Response(200, ()))
    command = as_curl(shown, portal)
    assert "invented-1" not in command
    setting = {**os.environ, "PORTAL_X_API_KEY": "invented-2"}
    subprocess.run(["sh", "-c", command], check=True, capture_output=True, timeout=30, env=setting)
    (sent,) = journal.all()
    assert sent.request.first("X-Api-Key") == "invented-2"


@curl
def test_the_command_runs_nothing_that_a_client_put_into_a_headers_name() -> None:
    hostile = Request("GET", "/", (("X-`echo${IFS}ran`", "(hidden)"),), None)
    command = as_curl(hostile, "http://portal.invalid").replace("curl", "printf '%s\\n'", 1)
    shown = subprocess.run(["sh", "-c", command], check=True, capture_output=True, text=True, timeout=30).stdout
    assert "X-`echo${IFS}ran`: \n" in shown
