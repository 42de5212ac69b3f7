"""Before judging: what cannot be judged is said so, with what was tried and what to try."""

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from zoo import Portal

from contracts.conformance import Settings, Target, check
from contracts.conformance.verdicts import Verdict
from contracts.errors import TargetError, UsageError


def refusal(contract, target, error=TargetError, **settings):
    with pytest.raises(error) as caught:
        check(contract, target, Settings(run_id="test", **settings))
    return str(caught.value)


def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_nobody_listens(contract):
    text = refusal(contract, Target(f"http://127.0.0.1:{closed_port()}"))
    assert "connection refused" in text and "what to do: is the portal running" in text


def test_the_base_url_repeats_the_paths_first_segment(contract):
    with Portal() as portal:
        text = refusal(contract, Target(portal.url + "/api"))
        assert f"POST {portal.url}/api/api/Appointments: the operation is not there: 404" in text
        assert text.endswith(f"try {portal.url}")


def test_the_base_url_holds_the_whole_path(contract):
    with Portal() as portal:
        text = refusal(contract, Target(portal.url + "/site/api/Appointments/"))
        assert text.endswith(f"try {portal.url}/site")


def test_an_address_to_listen_on_is_none_to_ask():
    with pytest.raises(UsageError, match=r"give http://127\.0\.0\.1:8080/x"):
        Target("http://0.0.0.0:8080/x")
    with pytest.raises(UsageError, match=r"give http://127\.0\.0\.1:8080"):
        Target("http://[::]:8080")


class _Other(BaseHTTPRequestHandler):
    """Another web server: GET only; or one that stands before a portal that is not there."""

    status = 0

    def do_POST(self):
        if not self.status:
            return self.send_error(501, "Unsupported method ('POST')")
        self.rfile.read(int(self.headers["Content-Length"]))
        return self.send_error(self.status)

    def log_message(self, *_):
        pass


@contextmanager
def other_server(status):
    handler = type("Handler", (_Other,), {"status": status})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("status", "told"),
    [(0, "does not take POST there: 501"), (405, "does not take POST there: 405"), (503, "not avail")],
)
def test_another_web_server_is_told_in_brief_and_without_its_markup(contract, status, told):
    with other_server(status) as url:
        text = refusal(contract, Target(url))
    assert told in text and "<" not in text and len(text) < 400 and "what to do: is th" in text


def test_the_base_url_lacks_a_prefix(contract):
    with Portal() as portal:
        told = refusal(contract, Target(portal.url + "/elsewhere"))
        assert "check the base URL" in told
        assert "--page" in told


@pytest.mark.parametrize(
    ("trait", "told"),
    [
        ("unauthorised", "access is refused: 401"),
        ("redirects", "it redirects to https://portal.invalid/: 301"),
        ("browser-pages", "a page for browsers came: 200"),
        ("knows-no-references", "refuses a valid invented record in every format: 400"),
    ],
)
def test_what_cannot_be_judged_says_what_came(contract, trait, told):
    with Portal(trait) as portal:
        text = refusal(contract, Target(portal.url))
    assert told in text and "what to do:" in text


def test_a_silent_target_is_told_after_the_timeout(contract):
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        assert "no answer in time" in refusal(contract, Target(url, timeout=0.2))


def test_something_that_speaks_no_http_is_told(contract):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            client, _ = server.accept()
            with client:
                client.recv(100_000)
                client.sendall(b"220 mail.invalid ready\r\n\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        text = refusal(contract, Target(f"http://127.0.0.1:{server.getsockname()[1]}"))
        thread.join()
    assert "no answer" in text and "what to do" in text


def test_tls_that_is_not_spoken_there_is_told(contract):
    with Portal() as portal:
        text = refusal(contract, Target(portal.url.replace("http:", "https:")))
    assert "this port speaks plain HTTP: write http://" in text


def test_a_foreign_host_is_not_written_to_unless_named():
    with pytest.raises(UsageError, match=r"--allow-writes-to portal\.example"):
        Target("https://portal.example")
    with pytest.raises(UsageError):
        Target("https://portal.example", allow_writes_to="other.example")
    assert (
        Target("https://Portal.example/x", allow_writes_to="portal.example").url("api/Y")
        == "https://Portal.example/x/api/Y"
    )


@pytest.mark.parametrize("url", ["", "portal.example", "ftp://127.0.0.1", "http://", "http://127.0.0.1/?a=b"])
def test_a_base_url_that_is_none_is_a_usage_error(url):
    with pytest.raises(UsageError, match="base URL"):
        Target(url)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "[::1]", "a.localhost"])
def test_this_machine_may_be_written_to(host):
    Target(f"http://{host}:8080")


def test_a_selection_of_nothing_is_a_usage_error(contract):
    with Portal() as portal:
        text = refusal(contract, Target(portal.url), UsageError, include=("no.such*",))
        assert "nothing is selected by no.such*" in text and "portal-contract requirements" in text
        assert portal.seen == []


@pytest.mark.parametrize("wrong", [{"profile": "huge"}, {"fail_level": "may"}, {"run_id": "a b"}, {"run_id": ""}])
def test_settings_that_make_no_sense_are_usage_errors(wrong):
    with pytest.raises(UsageError):
        Settings(**wrong)


def test_a_selection_is_judged_alone(judged):
    report = judged(include=("http.*", "id.drawn"))
    assert {o.requirement.id for o in report.outcomes} == {
        "http.method-not-allowed",
        "http.head-and-options",
        "http.accept",
        "http.unsupported-media-type",
        "http.unknown-path",
        "id.drawn",
    }
    assert report.conclusion == "conforms"


def test_a_format_that_is_refused_is_the_portals_fault_and_another_is_spoken(judged):
    report = judged("no-json", include=("accept.*", "text.*"))
    verdicts = {o.requirement.id: o.verdict for o in report.outcomes}
    assert verdicts["accept.application/json"] is Verdict.VIOLATED
    assert verdicts["text.markup"] is Verdict.SATISFIED


def test_violations_below_the_fail_level_are_shown_but_do_not_fail(judged):
    report = judged("no-415", fail_level="must", include=("http.*", "id.*"))
    assert [f.requirement.id for f in report.findings] == ["http.unsupported-media-type"]
    assert report.exit_code == 0


def test_a_target_that_is_lost_ends_the_run_without_a_pass(contract):
    with Portal() as portal:

        def stop(progress):
            if progress.requirement == "text.markup":
                portal.traits = frozenset(["dead"])
                portal.server.shutdown()
                portal.server.server_close()

        report = check(contract, Target(portal.url), Settings(run_id="test"), stop)
    verdicts = {o.requirement.id: o.verdict for o in report.outcomes}
    assert verdicts["accept.application/json"] is Verdict.SATISFIED
    assert verdicts["text.markup"] is Verdict.ERROR and verdicts["http.unknown-path"] is Verdict.NOT_RUN
    assert report.conclusion == "not shown" and report.exit_code == 3


def test_delete_and_put_are_never_sent(contract):
    with Portal() as portal:
        check(contract, Target(portal.url), Settings(run_id="test"))
        assert {method for method, _, _ in portal.seen} == {"GET", "HEAD", "OPTIONS", "PATCH", "POST"}
        assert not any("_portal" in path for _, path, _ in portal.seen)
