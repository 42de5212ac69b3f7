"""The report: every line by its schema, secrets out, and pages that show what the lines hold."""

import io
import json
from pathlib import Path

import jsonschema
import pytest
from rich.console import Console
from zoo import Portal

from contracts.conformance import (
    Settings,
    Target,
    check,
    print_report,
    print_requirements,
    progress_on,
    requirements_of,
)
from contracts.conformance.write import write_report
from contracts.errors import UsageError

SCHEMA = Path(__file__).parents[2] / "schemas" / "report.schema.json"
SECRET = "Bearer invented-secret-0123456789"


def written(report, folder):
    ndjson, html, _ = write_report(report, folder)
    lines = [json.loads(line) for line in ndjson.read_text(encoding="utf-8").split("\n") if line]
    return lines, html.read_text(encoding="utf-8")


@pytest.mark.parametrize("traits", [(), ("trims", "no-415"), ("sometimes-new-id",), ("500-on-emoji", "wrong-charset")])
def test_every_line_is_valid_by_the_reports_own_schema(judged, tmp_path, traits):
    lines, _ = written(judged(*traits), tmp_path)
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for line in lines:
        validator.validate(line)
    assert lines[0]["type"] == "header" and lines[-1]["type"] == "footer"
    assert sum(line["type"] in ("header", "footer") for line in lines) == 2


def test_the_schema_refuses_satisfied_without_a_witness():
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    line = {"type": "requirement", "id": "a", "level": "must", "sentence": "A.", "sources": [{"rule": "b"}]}
    line |= {"verdict": "satisfied", "witnesses": 0, "reason": "", "seconds": 0}
    validator = jsonschema.Draft202012Validator(schema)
    assert not validator.is_valid(line)
    assert validator.is_valid(line | {"witnesses": 1})


def test_the_footer_counts_what_the_lines_say(judged, tmp_path):
    lines, _ = written(judged("trims"), tmp_path)
    footer, verdicts = lines[-1], [line["verdict"] for line in lines if line["type"] == "requirement"]
    assert footer["conclusion"] == "does not conform" and footer["exit_code"] == 1
    assert {v: n for v, n in footer["counts"].items() if n} == {v: verdicts.count(v) for v in set(verdicts)}
    assert footer["findings"] == sum(line["type"] == "finding" for line in lines) == 1


def test_a_finding_bears_the_bytes_that_passed(judged, tmp_path):
    lines, _ = written(judged("trims"), tmp_path)
    finding = next(line for line in lines if line["type"] == "finding")
    (exchange,) = finding["exchanges"]
    sent = json.loads(exchange["request"]["body"]["text"])
    came = json.loads(exchange["response"]["body"]["text"])
    different = {name for name in sent if sent[name] != came[name]}
    assert {sent[name].strip() for name in different} == {came[name] for name in different}


def test_no_secret_is_written(contract, tmp_path):
    with Portal("trims", "stack-trace") as portal:
        target = Target(portal.url, headers={"Authorization": SECRET, "X-Tenant": "invented-tenant-77"})
        report = check(contract, target, Settings(run_id="test"))
    stream = io.StringIO()
    print_report(report, Console(file=stream, width=80))
    write_report(report, tmp_path)
    for text in [stream.getvalue(), *(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())]:
        assert "invented-secret" not in text and "invented-tenant" not in text
        assert "Authorization" in text
    assert '-H "Authorization: $PORTAL_AUTHORIZATION"' in report.findings[0].curl


def test_the_html_needs_nothing_from_anywhere(judged, tmp_path):
    _, html = written(judged("trims"), tmp_path)
    assert "<script" not in html and "<link" not in html and "@import" not in html and "url(" not in html
    assert "Does not conform" in html and "text.blanks" in html and "POST-api-Appointments.txt" in html


def test_a_body_cannot_inject_into_the_html(judged, tmp_path):
    _, html = written(judged("strips-tags"), tmp_path)
    assert "<script" not in html and "&lt;script&gt;" in html


def test_a_folder_that_cannot_be_written_is_a_usage_error(judged, tmp_path):
    file = tmp_path / "taken"
    file.write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="what to do"):
        write_report(judged(include=("id.drawn",)), file)


def test_the_console_shows_verdict_lines_and_command_within_80_columns(judged):
    stream = io.StringIO()
    print_report(judged("trims"), Console(file=stream, width=80))
    text = stream.getvalue()
    assert "DOES NOT CONFORM" in text and "✗  text.blanks" in text and "(trimmed)" in text and "curl -sS" in text
    assert all(len(line) <= 80 for line in text.splitlines() if not line.startswith(("curl", "printf")))


def test_a_conforming_portal_is_told_in_one_screen(judged):
    stream = io.StringIO()
    print_report(judged(), Console(file=stream, width=80))
    assert len(stream.getvalue().splitlines()) < 45


def test_progress_is_silent_where_there_is_no_terminal(contract):
    stream = io.StringIO()
    with Portal() as portal, progress_on(Console(file=stream)) as progress:
        check(contract, Target(portal.url), Settings(run_id="test", include=("id.*",)), progress)
    assert stream.getvalue() == ""


def test_progress_on_a_terminal_never_counts_to_none(contract):
    stream = io.StringIO()
    with Portal() as portal, progress_on(Console(file=stream, force_terminal=True, width=80)) as progress:
        check(contract, Target(portal.url), Settings(run_id="test", include=("id.*",)), progress)
    assert "None" not in stream.getvalue() and "/3" in stream.getvalue()


def test_the_html_quotes_the_page_beside_each_requirement(judged, tmp_path):
    _, html = written(judged(include=("required.*",)), tmp_path)
    assert html.startswith("<!doctype html>") and "Appointments.txt, line 19</div>" in html
    assert "Patient&#39;s unique ID on integrating system (Required)." in html


def test_progress_counts_up_to_the_total(contract):
    steps = []
    with Portal() as portal:
        check(contract, Target(portal.url), Settings(run_id="test", include=("id.*",)), steps.append)
    assert [step.done for step in steps] == [0, 1, 2, 3] and {step.total for step in steps} == {3}


def test_the_register_is_printed_with_its_sources(contract):
    stream = io.StringIO()
    print_requirements(requirements_of(contract), Console(file=stream, width=80))
    assert "upsert.same-key-same-id  must" in stream.getvalue() and "RFC 9110" in stream.getvalue()
