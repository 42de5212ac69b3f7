"""JUnit and the other new parts of the report: what failed failed, what erred erred, what was skipped says why."""

import ast
import json
import subprocess
import sys
from xml.etree import ElementTree

from zoo import Portal

from contracts.conformance import Settings, Target, check, write_report
from contracts.conformance.junit import as_junit


def cases(report):
    suite = ElementTree.fromstring(as_junit(report)).find("testsuite")
    told = {case.get("name"): (case[0].tag if len(case) else "passed") for case in suite.iter("testcase")}
    counts = {name: int(suite.get(name)) for name in ("tests", "failures", "errors", "skipped")}
    return told, counts


def test_a_violation_is_a_failure_and_what_rests_on_it_is_skipped(judged):
    report = judged("answer-json-lacks", include=("accept.*", "answer.*", "shape.*", "text.plain", "id.*"))
    told, counts = cases(report)
    assert told["shape.complete.json"] == "failure" and told["text.plain"] == "skipped"
    assert told["accept.application/json"] == "passed"
    assert counts["failures"] == 1 and counts["errors"] == 0
    assert counts["tests"] == len(report.outcomes) and counts["skipped"] == list(told.values()).count("skipped")
    assert "not judged because of shape.complete.json" in as_junit(report).decode()


def test_a_lost_target_is_an_error(contract):
    with Portal() as portal:

        def stop(progress):
            if progress.requirement == "text.markup":
                portal.traits = frozenset(["dead"])
                portal.server.shutdown()
                portal.server.server_close()

        report = check(contract, Target(portal.url), Settings(run_id="test", include=("text.*",)), stop)
    told, counts = cases(report)
    assert told["text.markup"] == "error" and counts["failures"] == 0 and counts["errors"] == 1


def test_control_characters_cannot_break_the_document(judged):
    report = judged("controls-lost", include=("text.plain", "text.controls"))
    assert cases(report)[0]["text.controls"] == "failure"


def test_every_key_that_reached_the_portal_is_in_the_report(contract, tmp_path):
    with Portal() as portal:
        report = check(contract, Target(portal.url), Settings(run_id="test"))
        write_report(report, tmp_path)
        written = [json.loads(line) for line in (tmp_path / "report.ndjson").read_text(encoding="utf-8").splitlines()]
        told = {line["key"] for line in written if line["type"] == "key"}
        assert set(portal.ids) <= told


def test_the_python_snippet_runs_and_shows_the_same_answer(contract, tmp_path):
    with Portal("trims") as portal:
        report = check(contract, Target(portal.url), Settings(run_id="test", include=("text.plain", "text.blanks")))
        script = report.findings[0].python
        ast.parse(script)
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
        last = report.findings[0].exchanges[-1]
    assert done.returncode == 0 and done.stdout.splitlines()[-1] == f"200 {last.received.body!r}"


def test_the_csharp_snippet_bears_the_bytes_and_reads_secrets_from_the_environment(contract):
    with Portal("trims") as portal:
        target = Target(portal.url, headers={"Authorization": "Bearer invented-0123456789"})
        report = check(contract, target, Settings(run_id="test", include=("text.plain", "text.blanks")))
    told = report.findings[0].csharp
    assert "Convert.FromBase64String(" in told and "invented-0123456789" not in told
    assert (
        '.Headers.TryAddWithoutValidation("Authorization", Environment.GetEnvironmentVariable("PORTAL_AUTHORIZATION"));'
        in told
    )
    assert '.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");' in told
