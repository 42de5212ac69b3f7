"""The suite as pytest tests: failure is failure, error is error, a skip says why, markers select."""

import os
import re
import subprocess
import sys
from importlib import metadata
from xml.etree import ElementTree

import pytest
from zoo import Portal

from contracts.conformance.standing import shared
from contracts.errors import TargetError

INSTALLED = any(entry.value == "contracts.pytest_plugin" for entry in metadata.entry_points(group="pytest11"))
LOAD = [] if INSTALLED else ["-p", "contracts.pytest_plugin"]
CALM = ["-p", "no:cacheprovider", "-p", "no:randomly", "-q"]


def run(folder, *arguments):
    """pytest's exit code and its JUnit cases by requirement."""
    junit = folder / "junit.xml"
    command = [sys.executable, "-m", "pytest", *LOAD, *CALM, "--pyargs", "contracts.conformance", f"--junitxml={junit}"]
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    done = subprocess.run([*command, *arguments], cwd=folder, env=environ, capture_output=True, text=True, timeout=120)
    cases = {}
    for case in ElementTree.parse(junit).iter("testcase"):
        name = case.get("name", "")
        cases[name.partition("[")[2].rstrip("]") or name] = next((child.tag for child in case), "passed")
    return done.returncode, cases, done.stdout + done.stderr


def test_a_violation_fails_and_the_rest_passes(tmp_path):
    with Portal("trims", "stack-trace") as portal:
        code, cases, told = run(tmp_path, "--portal-url", portal.url, "-m", "(text and must) or http")
    assert code == 1 and cases["text.blanks"] == "failure" and "curl -sS" in told
    assert {name for name, result in cases.items() if result == "passed"} >= {"text.plain", "http.unknown-path"}
    assert "text.controls" not in cases and "errors.no-internals" not in cases


def test_a_target_that_cannot_be_judged_is_an_error_and_no_failure(tmp_path):
    with Portal("unauthorised") as portal:
        code, cases, told = run(tmp_path, "--portal-url", portal.url, "-k", "id.drawn")
    assert code == 1 and cases == {"id.drawn": "error"} and "access is refused" in told


def test_without_a_portal_the_run_is_an_error_and_no_pass(tmp_path):
    code, cases, told = run(tmp_path)
    assert code == 1 and set(cases.values()) == {"error"}
    assert "give --portal-url URL" in told


def test_several_processes_judge_once(tmp_path):
    pytest.importorskip("xdist")
    with Portal("trims") as portal:
        code, cases, told = run(tmp_path, "--portal-url", portal.url, "-m", "upsert and must", "-n", "2")
        runs = {found for _, _, body in portal.seen for found in re.findall(rb"pc-(\w+)-1-\d", body)}
    assert code == 0 and "passed" in cases.values() and "failure" not in cases.values(), told
    assert len(runs) == 1  # each run of the judge marks its keys with an id of its own


def test_a_run_among_processes_is_judged_by_the_first_and_read_by_the_others(tmp_path, judged):
    found = [shared(tmp_path / "run.db", lambda: judged("trims", include=("text.plain", "text.blanks")))]
    found.append(shared(tmp_path / "run.db", lambda: pytest.fail("judged twice")))
    assert found[0] == found[1] and found[1].of("text.blanks").fails and not found[1].of("text.plain").fails
    assert "curl -sS" in found[1].of("text.blanks").told


def test_what_kept_the_first_from_judging_is_told_by_the_others(tmp_path):
    def fail():
        raise TargetError("nobody is there")

    for _ in range(2):
        with pytest.raises(TargetError, match="nobody is there"):
            shared(tmp_path / "run.db", fail).of("text.plain")


def test_a_process_that_dies_leaves_the_judging_to_the_next(tmp_path, judged):
    with pytest.raises(ZeroDivisionError):
        shared(tmp_path / "run.db", lambda: 1 / 0)
    assert shared(tmp_path / "run.db", lambda: judged(include=("id.drawn",))).of("id.drawn").verdict == "satisfied"
