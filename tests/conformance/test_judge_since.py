"""The register quotes the page with a hash, and a changed page tells which requirements it changes."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from contracts.cli import main
from contracts.conformance import as_rows, differences, requirements_of
from contracts.helppage import read

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "schemas" / "pages" / "POST-api-Appointments.txt"
TEXT = PAGE.read_text(encoding="utf-8")
FRAMES = ROOT / "tests" / "data" / "sites" / "Frames"


def run(*words):
    return CliRunner().invoke(main, ["requirements", *map(str, words)])


def rows_of(text):
    return as_rows(requirements_of(read(text)))


def changed(old, new):
    assert old in TEXT
    return differences(rows_of(TEXT), rows_of(TEXT.replace(old, new)))


def test_each_source_on_the_page_bears_its_lines_their_words_and_their_hash():
    lines = TEXT.splitlines()
    sources = [source for row in json.loads(run("--json").stdout) for source in row["sources"]]
    assert sum(bool(source["page"]) for source in sources) > 60
    for source in sources:
        if source["page"]:
            words = "\n".join(lines[number - 1].rstrip() for number in source["lines"])
            assert words and source["quote"] == words
            assert source["sha256"] == hashlib.sha256(words.encode()).hexdigest()
        else:
            assert source["rule"] and not source["sha256"] and not source["lines"]


def test_a_page_in_html_is_quoted_without_its_markup():
    pages = [str(path) for path in FRAMES.glob("*.html") if path.name.startswith(("POST", "ResourceModel"))]
    rows = as_rows(requirements_of(read(*pages)))
    quotes = [
        source["quote"] for row in rows for source in row["sources"] if source["page"] and "required" in row["id"]
    ]
    assert quotes and not any("<" in quote for quote in quotes) and any("Required" in quote for quote in quotes)


def test_the_list_quotes_the_page_in_80_columns_without_trailing_blanks():
    done = run()
    assert "POST-api-Appointments.txt, line 11  sha256 " in done.stdout
    assert "    11 Location's unique ID on integrating system (Required)." in done.stdout
    assert "lines 71 " not in done.stdout
    for line in done.stdout.splitlines():
        assert len(line) <= 80 and line == line.rstrip()


def test_lines_that_only_moved_are_no_difference():
    moved = TEXT.replace("Request Information", "\nRequest Information")
    assert not differences(rows_of(TEXT), rows_of(moved))


def test_a_line_that_says_something_else_is_told_with_both_wordings():
    found = changed("Appointment cancellation reason.", "Why it was cancelled.")
    assert (found.added, found.gone) == ((), ())
    assert [change.id for change in found.changed] == ["optional.left-out"]
    change = found.changed[0]
    assert change.what == ("lines",)
    assert change.went == ((35, "Appointment cancellation reason. |"),)
    assert change.came == ((35, "Why it was cancelled. |"),)


def test_what_a_member_no_longer_demands_is_gone_and_what_it_demands_now_is_added():
    found = changed("Location's unique ID on integrating system (Required)", "Location's unique ID")
    assert [row["id"] for row in found.gone] == ["required.LocationExternalId"] and found.added == ()
    back = differences(
        rows_of(TEXT.replace("Location's unique ID on integrating system (Required)", "x")), rows_of(TEXT)
    )
    assert "required.LocationExternalId" in [row["id"] for row in back.added]


@pytest.mark.parametrize("kind", ["listing", "page", "report"])
def test_the_command_compares_with_a_listing_a_page_or_a_report(tmp_path, kind, judged):
    new = tmp_path / "new.txt"
    new.write_text(TEXT.replace("Appointment cancellation reason.", "Why it was cancelled."), encoding="utf-8")
    old = {"listing": tmp_path / "old.json", "page": PAGE, "report": tmp_path / "report.ndjson"}[kind]
    if kind == "listing":
        old.write_text(run("--json").stdout, encoding="utf-8")
    elif kind == "report":
        from contracts.conformance import write_report

        write_report(judged(include=("optional.*",)), tmp_path)
    done = run("--page", new, "--since", old)
    assert done.exit_code == 1 and "changed  optional.left-out  must" in done.stdout
    assert "- 35 Appointment cancellation reason. |" in done.stdout and "+ 35 Why it was cancelled. |" in done.stdout
    told = json.loads(run("--page", new, "--since", old, "--json").stdout)
    assert [change["id"] for change in told["changed"]] == ["optional.left-out"]
    if kind == "listing":
        same = run("--since", old)
        assert (same.exit_code, same.stdout.split(":")[0]) == (0, "nothing differs")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[{}]", "a listing without hashes"),
        ("not a page", "no help page"),
        ("{", "help page"),
        ("[1]", "without hashes"),
    ],
)
def test_what_is_nothing_to_compare_with_is_a_usage_error(tmp_path, text, told):
    old = tmp_path / "old"
    old.write_text(text, encoding="utf-8")
    done = run("--since", old)
    assert done.exit_code == 2 and told.replace("no help", "help") in done.stderr and "what to do" in done.stderr


@pytest.mark.parametrize("words", [["requirements"], ["read"], ["--help"]])
def test_a_reader_that_leaves_is_no_verdict(words):
    command = [sys.executable, "-m", "contracts.cli", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as running:
        running.stdout.close()
        told = running.stderr.read()
    assert running.returncode == 141 and told == b""
