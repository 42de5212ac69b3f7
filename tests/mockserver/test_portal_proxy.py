"""The proxy between a client and a portal: what passes, what is kept, what is answered from a recording."""

import gzip
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
import requests
from click.testing import CliRunner
from shipped_record import record

from contracts import helppage
from contracts.errors import UsageError
from mockserver.app import create_app
from mockserver.cli import main
from mockserver.proxy import Forwarding, Recorded, Recording, Target
from mockserver.proxy.recorded import exchanges_of
from mockserver.server import serving
from mockserver.store import open_store

CONTRACT = helppage.shipped()
PATH = "/api/Appointments"


class Portal(BaseHTTPRequestHandler):
    """A real portal's stand-in that is none of ours: it notes what it is asked and answers what it is told to."""

    protocol_version = "HTTP/1.1"
    seen: ClassVar[list[tuple[str, str, dict[str, str], bytes]]] = []
    answers: ClassVar[list[tuple[int, dict[str, str], bytes]]] = []

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.seen.append((self.command, self.path, dict(self.headers.items()), body))
        status, headers, answer = self.answers.pop(0) if self.answers else (200, {}, b"")
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def do_POST(self) -> None:
        self.do_GET()

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_DELETE(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def portal() -> Iterator[str]:
    Portal.seen, Portal.answers = [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def proxied(handle, **options) -> Iterator[str]:
    with open_store("memory") as store:
        app = create_app(CONTRACT, store, answering=handle, quiet_losses=True, **options)
        with serving(app) as url:
            yield url


@contextmanager
def forwarding(url: str, **options) -> Iterator[str]:
    journal = options.pop("journal", None)
    with proxied(Forwarding(Target(url, **options), CONTRACT), journal=journal) as proxy:
        yield proxy


def journal(url: str) -> list[dict]:
    return requests.get(f"{url}/_portal/journal", timeout=10).json()["exchanges"]


def test_request_and_answer_pass_as_they_are(portal):
    Portal.answers = [(207, {"Content-Type": "text/odd", "X-One": "1"}, b"\x00\xff odd")]
    with forwarding(portal + "/prefix") as url:
        answer = requests.post(f"{url}/api/any%20thing?a=%2B&b", data=b"\x01body", headers={"X-Two": "2"}, timeout=10)
    method, target, headers, body = Portal.seen[0]
    assert (method, target, body) == ("POST", "/prefix/api/any%20thing?a=%2B&b", b"\x01body")
    assert headers["X-Two"] == "2"
    assert (answer.status_code, answer.content, answer.headers["X-One"]) == (207, b"\x00\xff odd", "1")
    assert answer.headers["Content-Type"] == "text/odd"
    assert "Portal-Proxy" not in answer.headers


def test_what_belongs_to_one_connection_does_not_pass(portal):
    with forwarding(portal) as url:
        requests.get(
            url + PATH, headers={"Connection": "X-Mine, keep-alive", "X-Mine": "1", "TE": "trailers"}, timeout=10
        )
    headers = Portal.seen[0][2]
    assert "X-Mine" not in headers
    assert "Te" not in headers
    assert headers["Host"] == portal.removeprefix("http://")


def test_a_compressed_answer_is_passed_on_plain(portal):
    Portal.answers = [(200, {"Content-Encoding": "gzip", "Content-Type": "text/plain"}, gzip.compress(b"plain"))]
    with forwarding(portal) as url:
        answer = requests.get(url + PATH, timeout=10)
    assert Portal.seen[0][2]["Accept-Encoding"] == "identity"
    assert (answer.content, answer.headers.get("Content-Encoding")) == (b"plain", None)


def test_a_redirect_is_passed_on_and_leads_to_the_proxy(portal):
    Portal.answers = [(302, {"Location": portal + "/api/Other?x=1"}, b"")]
    with forwarding(portal) as url:
        answer = requests.get(url + PATH, allow_redirects=False, timeout=10)
        assert (answer.status_code, answer.headers["Location"]) == (302, url + "/api/Other?x=1")
    assert len(Portal.seen) == 1


def test_given_headers_are_sent_and_never_shown(portal, tmp_path):
    file = tmp_path / "recording.ndjson"
    with (
        Recording(file) as kept,
        forwarding(portal, headers={"Authorization": "Bearer hush-hush"}, journal=kept) as url,
    ):
        requests.get(url + PATH, headers={"Authorization": "Bearer clients-own"}, timeout=10)
        shown = json.dumps(journal(url))
    assert Portal.seen[0][2]["Authorization"] == "Bearer hush-hush"
    for text in (shown, file.read_text(encoding="utf-8")):
        assert "hush" not in text
        assert "clients-own" not in text
        assert "(hidden)" in text


def test_both_directions_are_judged_and_losses_told(portal):
    wrong = {**record(), "id": 7}
    Portal.answers = [(200, {"Content-Type": "application/json"}, json.dumps(wrong).encode())]
    with forwarding(portal) as url:
        requests.post(url + PATH, json={**record(), "room": "7", "start": None}, timeout=10)
        (seen,) = journal(url)
    assert any("start" in fault for fault in seen["request"]["faults"])
    assert any("id" in fault for fault in seen["response"]["faults"])
    assert [loss["reason"] for loss in seen["losses"]] == []
    Portal.answers = [(200, {"Content-Type": "application/json"}, json.dumps(record()).encode())]
    with forwarding(portal) as url:
        answer = requests.post(url + PATH, json={**record(), "room": "7"}, timeout=10)
        (seen,) = journal(url)
    assert [(loss["reason"], loss["member"]) for loss in seen["losses"]] == [("json.unknown", "room")]
    assert "Portal-Silent-Loss" not in answer.headers


def test_a_portal_that_is_not_there_is_told_in_the_proxys_own_words():
    with forwarding("http://127.0.0.1:9", timeout=5) as url:
        answer = requests.get(url + PATH, timeout=10)
    assert (answer.status_code, answer.headers["Portal-Proxy"]) == (502, "unreachable")
    assert answer.json()["error"].startswith("http://127.0.0.1:9 cannot be reached: ")
    assert "HTTPConnection" not in answer.json()["error"]


def test_a_portal_that_does_not_answer_is_a_504():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        there = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with forwarding(there, timeout=0.2) as url, requests.get(url + PATH, timeout=10) as answer:
            pass
    assert (answer.status_code, answer.headers["Portal-Proxy"]) == (504, "timeout")


def test_another_machine_is_written_to_only_by_name():
    with pytest.raises(UsageError, match=r"--allow-writes-to portal\.example"):
        Target("https://portal.example/")
    with pytest.raises(UsageError, match=r"portal\.example is not this machine"):
        Target("https://portal.example/", allow_writes_to="other.example")
    Target("https://portal.example/", allow_writes_to="portal.example")


def test_read_only_passes_on_what_reads_alone(portal):
    with forwarding(portal, read_only=True) as url:
        refused = requests.post(url + PATH, json=record(), timeout=10)
        assert requests.get(url + PATH, timeout=10).status_code == 200
        assert requests.delete(url + PATH, timeout=10).status_code == 403
    assert (refused.status_code, refused.headers["Portal-Proxy"]) == (403, "read-only")
    assert [seen[0] for seen in Portal.seen] == ["GET"]


@pytest.fixture
def recording(portal, tmp_path):
    """What a stub portal answered to three requests, in a file."""
    file = tmp_path / "recording.ndjson"
    Portal.answers = [
        (200, {"Content-Type": "application/json"}, b'{"id":"1"}'),
        (200, {"Content-Type": "application/json"}, b'{"id":"2"}'),
        (200, {"Content-Type": "application/xml"}, b"<id>3</id>"),
    ]
    with Recording(file) as kept, forwarding(portal, journal=kept) as url:
        for accept in ("application/json", "application/json", "application/xml"):
            requests.post(url + PATH, json=record(), headers={"Accept": accept}, timeout=10)
    return file


def test_a_recording_answers_again_in_its_order_and_by_accept(recording):
    with proxied(Recorded(exchanges_of(recording, CONTRACT))) as url:
        told = [
            requests.post(url + PATH, data=json.dumps(record(), indent=3), headers={"Accept": accept}, timeout=10).text
            for accept in ("application/json", "application/xml", "application/json", "application/json")
        ]
    assert told == ['{"id":"1"}', "<id>3</id>", '{"id":"2"}', '{"id":"2"}']


def test_what_was_never_asked_is_never_made_up(recording):
    with proxied(Recorded(exchanges_of(recording, CONTRACT))) as url:
        other = requests.post(url + PATH, json=record("OTHER"), timeout=10)
        nowhere = requests.get(url + "/api/Nothing", timeout=10)
    assert (other.status_code, other.headers["Portal-Proxy"]) == (501, "not-recorded")
    assert "with other bodies it is there 3 times" in other.json()["error"]
    assert nowhere.status_code == 501


def test_a_har_from_elsewhere_is_a_recording_too(recording, tmp_path):
    with proxied(Recorded(exchanges_of(recording, CONTRACT))) as url:
        requests.post(url + PATH, json=record(), headers={"Accept": "application/json"}, timeout=10)
        har = requests.get(f"{url}/_portal/journal?format=har", timeout=10).content
    file = tmp_path / "some.har"
    file.write_bytes(har)
    with proxied(Recorded(exchanges_of(file, CONTRACT))) as url:
        assert requests.post(url + PATH, json=record(), timeout=10).text == '{"id":"1"}'


def test_a_recording_goes_on_where_it_ended_and_spares_other_files(recording, tmp_path):
    before = recording.read_bytes()
    with Recording(recording):
        pass
    assert recording.read_bytes() == before
    other = tmp_path / "letter.txt"
    other.write_text("Dear all,", encoding="utf-8")
    with pytest.raises(UsageError, match="is no recording"):
        Recording(other)
    with pytest.raises(UsageError, match="cannot write the recording"):
        Recording(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "--target URL or --replay FILE"),
        (["--target", "http://127.0.0.1:9", "--replay", "x"], "--target URL or --replay FILE"),
        (["--target", "portal.example"], "expected http(s)://host"),
        (["--target", "https://portal.example"], "--allow-writes-to portal.example"),
        (["--replay", "not-there.ndjson"], "cannot read not-there.ndjson"),
        (["--target", "http://127.0.0.1:9", "--header", "nonsense"], "is not NAME:VALUE"),
        (["--target", "http://127.0.0.1:9", "--header", "X-Key: env:NOT_SET_HERE"], "NOT_SET_HERE is not set"),
    ],
)
def test_what_makes_no_sense_is_told_before_anything_is_served(arguments, told):
    result = CliRunner().invoke(main, ["proxy", "--port", "0", *arguments])
    assert result.exit_code == 2
    assert told in result.output


def test_the_command_forwards_until_it_is_stopped(portal, tmp_path):
    file = tmp_path / "kept.ndjson"
    command = [
        sys.executable,
        "-m",
        "mockserver.cli",
        "proxy",
        "--target",
        portal,
        "--port",
        "0",
        "--record",
        str(file),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as running:
        assert running.stdout is not None
        said = running.stdout.readline()
        url = said.split(" on ")[1].split("/  ")[0]
        assert requests.get(url + PATH, timeout=10).status_code == 200
        running.terminate()
        running.wait(timeout=20)
    assert said.startswith(f"Proxy to {portal} on http://127.0.0.1:")
    assert json.loads(file.read_text(encoding="utf-8"))["request"]["target"] == PATH


@pytest.mark.parametrize("rest", ["0/evil", "@portal.invalid/evil", ".portal.invalid/"])
def test_a_redirect_to_an_address_that_only_begins_as_the_targets_is_left_as_it_is(portal, rest):
    Portal.answers = [(302, {"Location": portal + rest}, b"")]
    with forwarding(portal) as url:
        answer = requests.get(url + PATH, allow_redirects=False, timeout=10)
    assert answer.headers["Location"] == portal + rest


def test_the_answer_to_a_head_tells_the_length_of_what_a_get_would_bring(portal):
    Portal.answers = [(200, {}, b"12345")]
    with forwarding(portal) as url:
        answer = requests.head(url + PATH, timeout=10)
    assert (answer.status_code, answer.headers["Content-Length"], answer.content) == (200, "5", b"")


def test_a_target_that_is_no_address_is_told():
    with pytest.raises(UsageError, match="--target: expected http"):
        Target("http://[portal")
