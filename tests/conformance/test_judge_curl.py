"""The command of a finding repeats the request, whatever its bytes."""

import shlex
import shutil
import subprocess
import sys

import pytest
from zoo import Portal

from contracts.conformance.curl import as_curl, as_powershell
from contracts.conformance.target import REDACTED
from contracts.conformance.wire import Sending

BODIES = {
    "json": b'{"a": "b c", "d": "it\'s"}',
    "quotes": b"\"double\" 'single' `tick` $HOME \\ ! %41 %s",
    "unicode": "ü 漢 😀".encode(),
    "lines": b"one\ntwo\r\n\tthree",
    "controls": b"a\x01\x02\x00\x1f\x7f1",
    "no text": bytes(range(256)),
    "at": b"@/etc/hostname",
    "empty": b"",
    "dash": b"-x --help",
    "long": b"0123456789" * 3000,
}
HEADERS = (("User-Agent", "portal-contract"), ("Content-Type", "application/json"), ("Accept", "text/xml"))


@pytest.mark.skipif(not shutil.which("curl") or sys.platform == "win32", reason="needs curl and a POSIX shell")
@pytest.mark.parametrize("body", BODIES.values(), ids=list(BODIES))
def test_run_in_a_shell_it_sends_the_very_bytes(body):
    with Portal() as portal:
        sending = Sending("POST", portal.url + "/api/Appointments", HEADERS, body)
        run = subprocess.run(
            ["sh", "-c", as_curl(sending)], capture_output=True, timeout=20, env={"PATH": "/usr/bin:/bin"}
        )
        assert run.returncode == 0, run.stderr
        assert portal.seen == [("POST", "/api/Appointments", body)]


@pytest.mark.skipif(not shutil.which("curl") or sys.platform == "win32", reason="needs curl and a POSIX shell")
def test_a_method_without_a_body_is_repeated_too():
    with Portal() as portal:
        for method in ("GET", "PATCH"):
            line = as_curl(Sending(method, portal.url + "/api/[x]?a=b&c=d", HEADERS))
            assert subprocess.run(["sh", "-c", line], capture_output=True, timeout=20).returncode == 0
        assert portal.seen == [("GET", "/api/[x]?a=b&c=d", b""), ("PATCH", "/api/[x]?a=b&c=d", b"")]


@pytest.mark.parametrize("name", ["json", "quotes", "unicode"])
def test_printable_text_stands_in_quotes(name):
    words = shlex.split(as_curl(Sending("POST", "http://127.0.0.1/x", HEADERS, BODIES[name])))
    assert words[words.index("--data-binary") + 1].encode() == BODIES[name]
    assert "Content-Type: application/json" in words and "Accept: text/xml" in words
    assert not any(word.startswith("User-Agent") for word in words)


def test_curl_adds_no_header_of_its_own():
    words = shlex.split(as_curl(Sending("POST", "http://127.0.0.1/x", (), b"x")))
    assert {"Accept:", "Content-Type:", "Expect:"} <= set(words)


def test_a_redacted_header_is_taken_from_the_environment():
    sending = Sending("POST", "http://127.0.0.1/x", (("X-Api-Key", REDACTED),), b"x")
    assert '-H "X-Api-Key: $PORTAL_X_API_KEY"' in as_curl(sending)
    assert '-H "X-Api-Key: $env:PORTAL_X_API_KEY"' in as_powershell(sending)


def test_powershell_gets_the_body_in_base64():
    text = as_powershell(Sending("POST", "http://127.0.0.1/it's", HEADERS, b"\x00\xff"))
    assert 'FromBase64String("AP8=")' in text and "'http://127.0.0.1/it''s'" in text and "-H 'Accept: text/xml'" in text
