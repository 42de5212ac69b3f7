"""The README on failures, keys and TLS: its commands run as they stand there, its tables are the code's."""

import os
import re
import shlex
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner
from portal_process import ROOT, first_line, portal_mock
from shipped_record import record

from contracts.helppage import shipped
from mockserver import auth, faults
from mockserver.app import create_app
from mockserver.cli import main
from mockserver.faults import pausing
from mockserver.faults.kinds import CHOICES, KINDS, parameters
from mockserver.server import serving
from mockserver.store import open_store

README = (ROOT / "README.md").read_text(encoding="utf-8")
FAILURES, KEYS = (
    README.partition(f"## {title}\n")[2].partition("\n## ")[0]
    for title in ("Arrange failures", "Keys, passwords and TLS")
)
BASE = "http://127.0.0.1:8080"
PATH = "/api/Appointments"


def lines(section: str) -> list[list[str]]:
    return [shlex.split(line) for line in re.findall(r"```sh\n(.*?)```", section, re.DOTALL)[0].splitlines()]


def test_the_command_lists_them_at_80_columns() -> None:
    shown = CliRunner().invoke(main, ["faults"]).stdout
    assert all(len(line) <= 80 for line in shown.splitlines())
    assert {line for line in shown.splitlines() if line in KINDS} == set(KINDS)


def test_the_table_lists_every_kind_by_examples_that_make_sense() -> None:
    rows = re.findall(r"^\| `([^`]+)` \|(.*)\|$", FAILURES, re.MULTILINE)
    assert [faults.read_text(text).name for text, _ in rows] == list(KINDS)
    for text, told in rows:
        for more in re.findall(r"`(\w+)=([^`…]+)`", told):
            faults.read_text(f"{text.partition(';')[0]};{'='.join(more)}")


def test_every_matcher_and_count_is_named() -> None:
    assert [name for name in CHOICES if f"`{name}" not in FAILURES] == []
    named = re.findall(r"`(\w+)=", FAILURES)
    known = {name for kind in KINDS for name in parameters(kind)} | set(KINDS)
    assert [name for name in named if name not in known] == []
    assert f"At most {pausing.PLACES} requests" in FAILURES


def test_the_calls_arrange_what_they_say() -> None:
    command, *calls = lines(FAILURES)
    begun = [faults.read(dict(pairwise(command))["--fault"])]
    with open_store("memory") as store, serving(create_app(shipped(), store, faults=begun)) as url:
        assert [requests.post(url + PATH, json=record(), timeout=60).status_code for _ in range(3)] == [503, 503, 200]
        answers = []
        for words in calls:
            (to,) = [word for word in words if word.startswith("http")]
            body = dict(pairwise(words)).get("-d")
            verb = dict(pairwise(words)).get("-X", "GET" if body is None else "POST")
            kind = {} if body is None else {"Content-Type": "application/x-www-form-urlencoded"}  # as curl sends it
            answers.append(requests.request(verb, to.replace(BASE, url), data=body, headers=kind, timeout=60))
    assert [answer.status_code for answer in answers] == [201, 201, 200, 204]
    assert [one["kind"] for one in answers[2].json()["faults"]] == ["status", "lost", "latency"]


def test_the_command_has_the_faults_of_its_options_and_of_a_file_and_tells_of_them(tmp_path: Path) -> None:
    path = tmp_path / "faults.toml"
    path.write_text('[[fault]]\nkind = "status"\nstatus = 503\nafter = 1\n', encoding="utf-8")
    with portal_mock("serve", "--port", "0", "--fault", "status=429;count=1", "--faults", str(path)) as process:
        url = first_line(process).split(" on ")[1].split("/  ")[0]
        assert [requests.post(url + PATH, json=record(), timeout=60).status_code for _ in range(3)] == [429, 200, 503]
        told = requests.get(f"{url}/_portal/journal", params={"injected": "any"}, timeout=60).json()["exchanges"]
        assert [one["injected"] for one in told] == ["status 429", "status 503"]
        process.terminate()
        _, err = process.communicate(timeout=60)
    assert f"INFO: POST {PATH}: fault 1 (status 429)" in err
    assert f"INFO: POST {PATH}: fault 2 (status 503)" in err


def test_every_parameter_is_listed_by_the_command() -> None:
    run = [sys.executable, "-m", "mockserver.cli", "faults"]
    told = subprocess.run(run, cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout
    assert [name for kind in KINDS for name in (kind, *parameters(kind)) if name not in told] == []


def test_the_keys_of_the_example_are_asked_for_and_the_judge_bears_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (_, *serve), health, (_, check, to, *judge) = lines(KEYS)
    monkeypatch.setenv("PORTAL_KEY", "sesame")
    (tmp_path / "token.txt").write_text("sesame-2\n", encoding="utf-8")
    given = [word.replace("token.txt", str(tmp_path / "token.txt")) for word in serve]
    schemes = [word for option, word in pairwise(given) if option == "--auth"]
    assert [scheme.name for scheme in auth.read(schemes)] == ["header", "bearer"]
    kept = tmp_path / "certificates"
    given = [word.replace("certificates", str(kept)) for word in given]
    with portal_mock(*given, "--port", "0") as process:
        url = first_line(process).split(" on ")[1].split("/  ")[0]
        assert health[2].startswith("https://127.0.0.1:8080/")
        trusted = health[-1].replace("certificates", str(kept))
        answer = requests.get(health[2].replace("https://127.0.0.1:8080", url), verify=trusted, timeout=60)
        assert answer.json()["status"] == "ok"
        assert requests.post(url + PATH, json=record(), verify=trusted, timeout=60).status_code == 401
        words = [word.replace("certificates", str(kept)).replace("$PORTAL_KEY", "sesame") for word in judge]
        words += ["--only", "answer.*"]
        done = subprocess.run(
            [sys.executable, "-m", "contracts.cli", check, to.replace("https://127.0.0.1:8080", url), *words],
            cwd=ROOT, capture_output=True, encoding="utf-8", env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
