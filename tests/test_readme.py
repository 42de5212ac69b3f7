"""The README keeps its word: its commands run as they stand there, its files exist, its tables are the code's."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from contracts.errors import InternalError, PageError, TargetError, UsageError
from contracts.helppage import read, shipped
from mockserver.app import create_app
from mockserver.server import serving
from mockserver.store import open_store

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
BASE = "http://127.0.0.1:8080"


def commands(program: str) -> list[str]:
    """Every line of the README's shell blocks that starts with a program."""
    lines = [line for kind, text in BLOCKS if kind == "sh" for line in text.replace("\\\n", " ").splitlines()]
    return [line for line in lines if line.startswith(program)]


def test_each_set_up_is_one_command_that_makes_its_own_environment() -> None:
    setups = commands("python3 -m venv")
    assert len(setups) == 2
    assert setups[0].endswith("portal-mock demo")
    assert setups[1].endswith("-m pytest")


def test_ci_runs_the_very_test_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert ".venv/bin/python -m pytest\n" in script
    assert "-e '.[test]'" in script


@pytest.mark.parametrize("line", [*commands("portal-contract"), *commands("portal-mock")])
def test_every_option_in_a_command_is_known(line: str) -> None:
    program, command, *rest = shlex.split(line)
    module = {"portal-contract": "contracts.cli", "portal-mock": "mockserver.cli"}[program]
    run = [sys.executable, "-m", module, command, "--help"]
    shown = subprocess.run(run, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    for word in rest:
        assert not word.startswith("--") or word in shown, word


@pytest.mark.parametrize("line", [line for line in commands("portal-contract") if BASE in line or "http" not in line])
def test_every_command_of_the_contract_does_what_it_says(line: str, tmp_path: Path) -> None:
    page = re.search(r"--page (\S+)", line)
    contract = read(ROOT / page[1]) if page else shipped()
    with open_store("memory") as store, serving(create_app(contract, store)) as url:
        line = line.replace("--report report", f"--report {tmp_path}").replace("my-schemas", str(tmp_path))
        words = shlex.split(line.replace(BASE, url))
        run = [sys.executable, "-m", "contracts.cli", *words[1:]]
        done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    if "--report" in line:
        assert {path.name for path in tmp_path.iterdir()} >= {"report.ndjson", "report.html"}


def test_the_job_for_ci_is_told_the_options_that_there_are(tmp_path: Path) -> None:
    (job,) = [text for kind, text in BLOCKS if kind == "yaml"]
    (line,) = [line.strip().removeprefix("- ") for line in job.splitlines() if "portal-contract check" in line]
    assert f"junit: {'report/report.junit.xml'}" in job
    line = line.replace("saved", str(ROOT / "schemas" / "pages")).replace("--report report", f"--report {tmp_path}")
    with open_store("memory") as store, serving(create_app(shipped(), store)) as url:
        words = shlex.split(line.replace("$PORTAL_URL", url))
        run = [sys.executable, "-m", "contracts.cli", *words[1:]]
        done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "report.junit.xml").exists()


def test_the_first_screenful_leads_each_kind_of_user_to_five_minutes() -> None:
    head = README.partition("## Set up")[0]
    assert len(head.splitlines()) < 30
    sections = [line for line in README.splitlines() if line.startswith("## ")]
    ways = [line for line in sections if line.startswith("## Five minutes: ")]
    assert sections[1:5] == ways
    links = re.findall(r"\(#(five-minutes-[^)]*)\)", head)
    assert {re.sub(r"[^\w\- ]", "", way[3:].lower()).replace(" ", "-") for way in ways} == set(links)


def test_the_example_request_is_accepted_and_answered_as_told(tmp_path: Path) -> None:
    example = re.search(r"curl -s \S+?(/api/\S+) -H \"Content-Type: (\S+)\" -d '(.*?)'", README, re.DOTALL)
    assert example is not None
    path, media_type, body = example.groups()
    with open_store("memory") as store:
        client = create_app(shipped(), store).test_client()
        first = client.post(path, data=body, content_type=media_type)
        again = client.post(path, data=body, content_type=media_type)
        xml = client.post(path, data=body, content_type=media_type, headers={"Accept": "application/xml"})
        short = {name: value for name, value in json.loads(body).items() if name != "locationExternalId"}
        refused = client.post(path, json=short)
    assert first.status_code == again.status_code == xml.status_code == 200
    assert first.get_json()["id"] == again.get_json()["id"]
    assert first.get_json()["id"] in xml.get_data(as_text=True)
    assert xml.mimetype == "application/xml"
    assert refused.status_code == 400
    assert refused.get_json()["modelState"] == {
        "model.LocationExternalId": ["The LocationExternalId field is required."]
    }


def test_the_request_that_is_explained_is_explained_in_these_very_words(tmp_path: Path) -> None:
    blocks = {kind: text for kind, text in BLOCKS if kind in ("http", "text")}
    (tmp_path / "request.http").write_text(blocks["http"], encoding="utf-8", newline="\n")
    (line,) = [line for line in commands("portal-mock") if " explain " in line]
    run = [sys.executable, "-m", "mockserver.cli", *shlex.split(line)[1:]]
    setting = {**os.environ, "COLUMNS": "80", "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(run, cwd=tmp_path, env=setting, capture_output=True, text=True, encoding="utf-8")
    assert (done.returncode, done.stdout, done.stderr) == (1, blocks["text"], "")


@pytest.mark.parametrize(("error", "code"), [(UsageError, 2), (PageError, 2), (TargetError, 3), (InternalError, 70)])
def test_the_exit_codes_are_the_codes_of_the_errors(error: type, code: int) -> None:
    assert error.exit_code == code  # type: ignore[attr-defined]
    assert f"\n| {code} |" in README


def test_every_file_the_readme_names_exists() -> None:
    for name in re.findall(r"`((?:schemas|contracts|mockserver|tests)/[\w./-]+)`", README):
        assert (ROOT / name).exists(), name


def test_every_link_to_a_section_leads_to_one() -> None:
    headings = re.findall(r"^##+ (.*)$", README, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    links = re.findall(r"\]\(#([^)]*)\)", README)
    assert links
    assert set(links) <= anchors
