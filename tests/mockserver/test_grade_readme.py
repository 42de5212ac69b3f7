"""What the README says of grading and of the journal, done as it stands there."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner
from shipped_record import record

from contracts import helppage
from mockserver.app import create_app
from mockserver.cli import main
from mockserver.journal import BYTES, EXCHANGES
from mockserver.journal.search import FILTERS, NUMBERS
from mockserver.server import serving
from mockserver.store import open_store

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SECTION = README.split("## Is your client well-behaved?")[1].split("\n## ")[0]
BASE = "http://127.0.0.1:8080"
SENT = {**record("example-0001"), "start": "2031-01-02T03:04:05Z", "end": "2031-01-02T04:04:05Z", "room": 7}


@pytest.fixture
def portal() -> Iterator[str]:
    with open_store("memory") as store, serving(create_app(helppage.shipped(), store)) as url:
        requests.post(f"{url}/api/Appointments", json=SENT, timeout=20)
        yield url


def lines(start: str) -> list[str]:
    return [line for line in SECTION.splitlines() if line.startswith(start)]


def test_its_commands_judge_as_it_says(portal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    saved = requests.get(f"{portal}/_portal/journal?format=har", timeout=20)
    (tmp_path / "traffic.har").write_bytes(saved.content)
    asked = [
        CliRunner().invoke(main, shlex.split(line.replace(BASE, portal))[1:]) for line in lines("portal-mock grade")
    ]
    assert [done.exit_code for done in asked] == [1, 1]
    shown = re.search(r"^```console\n(.*?)^```$", SECTION, re.MULTILINE | re.DOTALL)
    assert shown is not None
    assert asked[0].stdout.startswith(shown[1])
    assert {path.name for path in (tmp_path / "report").iterdir()} == {"grade.ndjson", "grade.junit.xml", "grade.html"}


def test_its_questions_to_the_journal_are_answered(portal: str) -> None:
    asked = lines("curl")
    assert len(asked) == 5
    for line in asked:
        url = shlex.split(line)[-1].replace(BASE, portal)
        with requests.get(url, stream=True, timeout=20) as answer:
            assert answer.status_code == 200, line
            if "/events" not in url and "ndjson" not in url:
                told = json.loads(answer.content)
                assert told.get("count", 1) == 1


def test_it_names_every_filter() -> None:
    named = re.search(r"Filters: (.*?)\.", SECTION, re.DOTALL)
    assert named is not None
    told = set(re.findall(r"`(\w+)`", named[1]))
    assert told == {*FILTERS, "since", "last"}
    assert {name for name in NUMBERS if name not in told} <= set(re.findall(r"`(\w+)`", SECTION))


def test_the_options_that_it_names_are_those_of_serve_and_grade() -> None:
    helps = {name: CliRunner().invoke(main, [name, "--help"]).stdout for name in ("serve", "grade")}
    named = set(re.findall(r"(?<=`)(--[a-z-]+)", SECTION)) | {"--rules"}
    assert named >= {"--journal", "--secret", "--fail-level", "--report"}
    assert [option for option in named if not any(option in told for told in helps.values())] == []
    assert "--journal" in helps["serve"] and "--secret" in helps["serve"]


def test_it_names_the_journals_bounds() -> None:
    assert f"the last {EXCHANGES} exchanges" in " ".join(SECTION.split())
    assert f"{BYTES // 1024 // 1024} MB" in " ".join(SECTION.split())


def test_what_the_web_server_does_to_bytes_is_as_told(portal: str) -> None:
    import http.client
    from urllib.parse import urlsplit

    parts = urlsplit(portal)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    connection.putrequest("POST", "/api/%41ppointments", skip_accept_encoding=True)
    connection.putheader("x-ODD-case", "  blanks  ")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.putheader("Content-Type", "application/json")
    connection.endheaders()
    connection.send(b'2\r\n{"\r\n3\r\na":\r\n2\r\n1}\r\n0\r\n\r\n')
    connection.getresponse().read()
    connection.close()
    (shown,) = requests.get(f"{portal}/_portal/journal?since=1", timeout=20).json()["exchanges"]
    assert shown["request"]["text"] == '{"a":1}'
    assert shown["request"]["target"] == "/api/Appointments"
    assert ["X-Odd-Case", "blanks"] in shown["request"]["headers"]
