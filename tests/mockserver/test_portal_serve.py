"""`portal-mock serve` as its users run it: one line, a free port, a clean end, and words instead of tracebacks."""

import http.client
import json
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from portal_process import ROOT, ended, first_line, interrupt, portal_mock, url_in
from shipped_record import KEY, PORTAL_ID, record


def ask(url: str, method: str, path: str, document: object = None) -> tuple[int, object]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    headers = {} if document is None else {"Content-Type": "application/json"}
    try:
        connection.request(method, path, None if document is None else json.dumps(document), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def test_one_line_says_where_and_a_free_port_is_taken() -> None:
    with portal_mock("serve", "--port", "0") as process:
        line = first_line(process)
        url = url_in(line)
        assert line == f"Stub portal (strict) on {url}/  help: /_portal/  stop: Ctrl-C"
        assert urlsplit(url).hostname == "127.0.0.1"
        assert urlsplit(url).port not in (0, 8080)
        status, health = ask(url, "GET", "/_portal/health")
        assert status == 200
        assert isinstance(health, dict)
        assert health["status"] == "ok"
        interrupt(process)
        out, err = process.communicate(timeout=30)
        assert (process.returncode, out, err) == (0, "", "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without asking it")
def test_a_polite_kill_ends_it_cleanly_too() -> None:
    with portal_mock("serve", "--port", "0") as process:
        first_line(process)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
        assert (process.returncode, out, err) == (0, "", "")


def test_ctrl_c_does_not_wait_for_clients_that_keep_their_connection() -> None:
    with portal_mock("serve", "--port", "0") as process:
        url = urlsplit(url_in(first_line(process)))
        connection = http.client.HTTPConnection(url.hostname or "", url.port, timeout=30)
        connection.request("GET", "/_portal/health")
        connection.getresponse().read()
        interrupt(process)
        process.communicate(timeout=30)
        connection.close()
        assert process.returncode == 0


def test_clients_that_never_end_their_request_stop_neither_the_others_nor_the_end() -> None:
    raw = b"POST /api/Appointments HTTP/1.1\r\nHost: h\r\nContent-Type: text/json\r\nContent-Length: 9\r\n\r\n{"
    with portal_mock("serve", "--port", "0") as process, ExitStack() as open_ones:
        url = url_in(first_line(process))
        parts = urlsplit(url)
        for _ in range(20):
            slow = open_ones.enter_context(socket.create_connection((parts.hostname or "", parts.port or 0)))
            slow.sendall(raw)
        for _ in range(3):  # the first may overtake the slow ones
            assert ask(url, "POST", "/api/Appointments", record())[0] == 200
        interrupt(process)
        out, err = process.communicate(timeout=30)
        assert (process.returncode, out, err) == (0, "", "")


def test_a_file_keeps_ids_over_a_restart(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'portal.db'}"
    ids = []
    for text in ("first", "second"):
        with portal_mock("serve", "--port", "0", "--store", store) as process:
            url = url_in(first_line(process))
            status, answer = ask(url, "POST", "/api/Appointments", record(key="K1", text=text))
            assert status == 200
            assert isinstance(answer, dict)
            ids.append(answer[PORTAL_ID])
            assert answer[KEY] == "K1"
            interrupt(process)
            process.communicate(timeout=30)
            assert process.returncode == 0
    assert ids[0] == ids[1]


def test_lenient_takes_what_strict_refuses() -> None:
    with portal_mock("serve", "--port", "0", "--lenient") as process:
        line = first_line(process)
        assert line.startswith("Stub portal (lenient) on ")
        assert ask(url_in(line), "POST", "/api/Appointments", {})[0] == 200
    with portal_mock("serve", "--port", "0") as process:
        assert ask(url_in(first_line(process)), "POST", "/api/Appointments", {})[0] == 400


def test_a_port_in_use_is_one_message_with_a_remedy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, err = ended("serve", "--port", str(port))
    assert code == 2
    assert out == ""
    assert err == (
        f"error: port {port} on 127.0.0.1 is in use by another program\n"
        "    what to do: stop that program, or choose another port; --port 0 takes a free one\n"
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--store", "mysql://host/db"], ["unknown store 'mysql://host/db'", "what to do: "]),
        (["--zone", "Atlantis/Capital"], ["unknown time zone 'Atlantis/Capital'", "what to do: "]),
        (["--host", "no such host"], ["unknown host 'no such host'", "what to do: "]),
        (["--page", ".gitignore"], ["1 fault in the help page", "what to do: "]),
        (["--page", "no-such-page.txt"], ["no-such-page.txt"]),
    ],
)
def test_a_mistake_ends_in_words_and_code_2(arguments: list[str], says: list[str]) -> None:
    code, out, err = ended("serve", "--port", "0", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert [words for words in says if words not in err] == []
    assert "Traceback" not in err


def test_listening_beyond_this_machine_is_warned_of() -> None:
    with portal_mock("serve", "--port", "0", "--host", "0.0.0.0") as process:
        assert url_in(first_line(process)).startswith("http://127.0.0.1:")
        interrupt(process)
        _, err = process.communicate(timeout=30)
        assert err.startswith("warning: 0.0.0.0 lets other machines in")


def test_what_takes_time_to_load_is_not_loaded_before_it_is_needed() -> None:
    heavy = "{'hypothesis', 'xmlschema', 'jsonschema', 'requests', 'rich'}"
    code = (
        "import sys\n"
        "from contracts import helppage\n"
        "from mockserver import cli, server\n"
        "from mockserver.app import create_app\n"
        "from mockserver.store import open_store\n"
        "with open_store('memory') as store, server.serving(create_app(helppage.shipped(), store)):\n"
        f"    print(sorted({heavy} & set(sys.modules)))\n"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert told.stdout == "[]\n"


@pytest.mark.parametrize("command", [["--help"], ["serve", "--help"], ["demo", "--help"]])
def test_help_is_complete_and_loads_nothing_heavy(command: list[str]) -> None:
    code, out, err = ended(*command)
    assert (code, err) == (0, "")
    assert out.startswith("Usage: ")


def test_another_page_is_served_in_the_same_way() -> None:
    folder = ROOT / "tests" / "data" / "sites" / "Frames"
    pages = [folder / f"{name}.html" for name in ("POST-api-Frames", "ResourceModel-FrameMaterial")]
    with portal_mock("serve", "--port", "0", *(f"--page={page}" for page in pages)) as process:
        line = first_line(process)
        frame = {"externalId": "TEST-1", "name": "Test frame", "price": 3.5, "stock": 6, "supplierExternalId": "TEST-S"}
        answers = [ask(url_in(line), "POST", "/api/Frames", {**frame, "brand": brand}) for brand in ("A", "B")]
        assert [status for status, _ in answers] == [200, 200]
        bodies = [answer for _, answer in answers if isinstance(answer, dict)]
        assert bodies[0]["id"] == bodies[1]["id"]
        assert (bodies[1]["brand"], bodies[1]["price"], bodies[1]["stock"]) == ("B", 3.5, 6)
        assert ask(url_in(line), "POST", "/api/Appointments", {})[0] == 404
        told = ask(url_in(line), "POST", "/api/Frames", {key: frame[key] for key in ("externalId", "price")})
        assert told[0] == 400
        assert "The Name field is required." in str(told[1])
