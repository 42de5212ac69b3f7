"""The command `portal-contract` as a user meets it: what it prints, what it writes, what it ends with."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from contracts import describe
from contracts.cli import main
from contracts.errors import InternalError, PageError, TargetError, UsageError

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "tests" / "data" / "sites"
COMMANDS = ("read", "emit", "requirements", "check")
NOWHERE = "http://127.0.0.1:1"
EMITTED = {
    "AppointmentModel.request.schema.json",
    "AppointmentModel.response.schema.json",
    "GlobalPortal.Api.Models.AppointmentsModel.xsd",
    "GlobalPortal.Api.Models.xsd",
    "Serialization.xsd",
    "openapi.json",
}


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_read_prints_the_contract_of_the_page_that_comes_along() -> None:
    done = run("read")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "POST api/Appointments  upsert by ExternalId" in done.stdout


def test_read_prints_the_contract_of_given_pages_as_json() -> None:
    pages = [PAGES / "Frames" / name for name in ("POST-api-Frames.html", "ResourceModel-FrameMaterial.html")]
    done = run("read", "--json", *pages)
    assert done.exit_code == 0
    assert not done.stdout.endswith("\n\n")
    document = json.loads(done.stdout)
    assert [page["name"] for page in document["pages"]] == [page.name for page in pages]
    assert set(document["models"]) == {"FrameModel", "FrameMaterial"}


@pytest.mark.parametrize("command", ["read", "requirements"])
@pytest.mark.parametrize("encoding", ["ascii", "cp437", "utf-8"])
def test_json_loses_no_character_to_the_consoles_encoding(command: str, encoding: str) -> None:
    words = [sys.executable, "-m", "contracts.cli", command, "--json"]
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    found = subprocess.run(words, capture_output=True, check=True, env=environment, cwd=ROOT).stdout.decode(encoding)
    words_in_utf8 = subprocess.run(
        words, capture_output=True, check=True, env={**os.environ, "PYTHONIOENCODING": "utf-8"}, cwd=ROOT
    ).stdout.decode("utf-8")
    assert json.loads(found) == json.loads(words_in_utf8)


def test_emit_writes_the_files_names_them_and_finds_them_up_to_date(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "schemas"
    done = run("emit", "--out", out)
    assert done.exit_code == 0
    assert {path.name for path in out.iterdir()} == EMITTED
    assert set(done.stdout.split()) == {str(out / name) for name in EMITTED}
    checked = run("emit", "--out", out, "--check")
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert "up to date" in checked.stdout


def test_emit_check_names_what_is_stale_missing_or_left_over_and_changes_nothing(tmp_path: Path) -> None:
    run("emit", "--out", tmp_path)
    (tmp_path / "openapi.json").write_text("{}", encoding="utf-8")
    (tmp_path / "Serialization.xsd").unlink()
    (tmp_path / "Old.request.schema.json").write_text("{}", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    done = run("emit", "--out", tmp_path, "--check")
    assert (done.exit_code, done.stdout) == (1, "")
    named = re.findall(r"^(stale|missing|left over): (.*)$", done.stderr, re.MULTILINE)
    assert named == [
        ("left over", str(tmp_path / "Old.request.schema.json")),
        ("missing", str(tmp_path / "Serialization.xsd")),
        ("stale", str(tmp_path / "openapi.json")),
    ]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_what_a_stale_folder_asks_for_repairs_it(tmp_path: Path) -> None:
    page = PAGES / "Coatings" / "POST-api-Coatings.html"
    done = run("emit", page, "--out", tmp_path, "--check")
    (command,) = re.findall(r"what to do: portal-contract (.*?);", done.stderr)
    assert run(*shlex.split(command)).exit_code == 0
    assert run("emit", page, "--out", tmp_path, "--check").exit_code == 0


def test_requirements_are_listed_for_people_and_for_programs() -> None:
    assert "upsert.same-key-same-id  must" in run("requirements").stdout
    listed = json.loads(run("requirements", "--json").stdout)
    assert len(listed) >= 20
    assert {"must", "should"} <= {entry["level"] for entry in listed}


def case(code: int, words: str, *command: object) -> object:
    return pytest.param(command, code, words, id=" ".join(map(str, command)))


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        case(2, "No such file", "read", "none.txt"),
        case(2, "the folder holds no page", "read", "contracts"),
        case(2, "not a help page", "read", "README.md"),
        case(2, "No such file", "emit", "none.txt"),
        case(2, "a file of that name is there", "emit", "--out", "README.md"),
        case(2, "No such file", "requirements", "--page", "none.txt"),
        case(2, "No such file", "check", NOWHERE, "--page", "none.txt"),
        case(2, "base URL", "check", "ftp://127.0.0.1"),
        case(2, "no possible port", "check", "http://127.0.0.1:99999"),
        case(2, "nothing is selected", "check", NOWHERE, "--only", "no.such"),
        case(2, "1 to 20 letters", "check", NOWHERE, "--run-id", "a b"),
        case(2, "is not NAME:VALUE", "check", NOWHERE, "--header", "bad"),
        case(2, "is not NAME:VALUE", "check", NOWHERE, "--header", "X-A: b\nX-C: d"),
        case(2, "--timeout", "check", NOWHERE, "--timeout", "0"),
        case(2, "--ca", "check", NOWHERE, "--ca", "none.pem"),
        case(2, "a file of that name is there", "check", NOWHERE, "--report", "README.md"),
        case(2, "--allow-writes-to", "check", "http://portal.invalid"),
        case(
            2, "no operation to judge", "check", NOWHERE, "--page", PAGES / "StockCounts" / "ResourceModel-Aisle.html"
        ),
        case(3, "connection refused", "check", NOWHERE),
        case(2, "No such command", "bogus"),
        case(2, "No such option", "read", "--bogus"),
        case(2, "BASE_URL", "check"),
    ],
)
def test_what_goes_wrong_ends_in_a_message_and_its_exit_code(
    command: tuple[object, ...], code: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    done = run(*command)
    assert (done.exit_code, words in done.stderr) == (code, True), done.stderr
    assert "Traceback" not in done.output
    assert done.stdout == ""


def test_a_run_without_a_verdict_leaves_no_report_not_even_an_earlier_one(tmp_path: Path) -> None:
    for name in ("report.html", "report.ndjson", "report.junit.xml", "notes.txt"):
        (tmp_path / name).write_text("of an earlier run", encoding="utf-8")
    assert run("check", NOWHERE, "--report", tmp_path).exit_code == 3
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_signs_that_a_console_cannot_show_stay_apart() -> None:
    script = "from contracts.console import plain_streams; plain_streams(); print('✓ ✗ ? · … → – 7')"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, check=True, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.stdout.decode("ascii").split() == ["+", "x", "?", ".", "...", "->", "-", "7"]


def test_a_fault_of_our_own_is_told_in_words_and_traced_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("invented")

    monkeypatch.setattr(describe, "print_contract", fail)
    done = run("read")
    assert done.exit_code == 70
    assert "ZeroDivisionError: invented" in done.stderr
    assert "run it again with --debug" in done.stderr
    assert isinstance(run("--debug", "read").exception, ZeroDivisionError)


def test_ctrl_c_is_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(describe, "print_contract", stop)
    done = run("read")
    assert (done.exit_code, done.stderr.strip()) == (130, "stopped")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_explains_every_option_and_every_exit_code(command: str) -> None:
    shown = run(command, "--help").stdout
    for error in (PageError, UsageError, TargetError, InternalError):
        assert re.search(rf"^ +{error.exit_code} +\w", shown, re.MULTILINE), error
    for option in main.commands[command].params:
        if option.param_type_name == "option":
            assert option.opts[0] in shown
            assert getattr(option, "help", None), option.name


def test_the_list_of_commands_is_whole() -> None:
    shown = run("--help").stdout
    for command in COMMANDS:
        (line,) = re.findall(rf"^  {command} +(.+)$", shown, re.MULTILINE)
        assert line.endswith("."), line
        assert not line.endswith("..."), line


def test_the_version_is_the_packages() -> None:
    assert re.fullmatch(r".*\b\d+\.\d+\.\d+\n", run("--version").stdout)
