"""The report as files in a folder: `report.ndjson`, which is the source, `report.html` for people, JUnit for CI.

The rule: the HTML is one file, needs nothing from anywhere, and shows only what the NDJSON holds too.
"""

from __future__ import annotations

import re
from pathlib import Path

import jinja2
import markupsafe

from contracts.conformance.junit import as_junit
from contracts.conformance.ndjson import content, write_ndjson
from contracts.conformance.report import Report
from contracts.conformance.verdicts import LEVELS, Verdict
from contracts.errors import UsageError


def _paths(folder: Path) -> tuple[Path, Path, Path]:
    return folder / "report.ndjson", folder / "report.html", folder / "report.junit.xml"


def forget_report(folder: Path) -> None:
    """Remove an earlier run's report: a run that comes to no verdict must not leave one that says otherwise."""
    try:
        for path in _paths(folder):
            path.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(
            f"the earlier report in {folder} cannot be removed: {error.strerror}\n    what to do: name another folder"
        ) from None


def write_report(report: Report, folder: Path) -> tuple[Path, ...]:
    """Write all three files, making the folder where it is missing; their paths."""
    ndjson, html, junit = _paths(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_ndjson(report, ndjson)
        html.write_text(as_html(report), encoding="utf-8", newline="\n")
        junit.write_bytes(as_junit(report))
    except OSError as error:
        raise UsageError(
            f"report folder {folder}: {error.strerror}\n    what to do: name a folder to write to"
        ) from None
    return ndjson, html, junit


def as_html(report: Report) -> str:
    """The report as one HTML page."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("contracts.conformance", ""),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["body"] = _body
    environment.filters["command"] = _command
    environment.filters["visible"] = lambda key: key if key.isprintable() else ascii(key)
    page = environment.get_template("report.html.jinja")
    told = page.render(report=report, findings=_by_requirement(report), levels=_by_level(report), cited=_cited(report))
    return told.lstrip()


def _by_level(report: Report) -> dict[str, dict[str, int]]:
    """How many requirements of each level have which verdict."""
    found: dict[str, dict[str, int]] = {}
    for outcome in report.outcomes:
        counts = found.setdefault(outcome.requirement.level, {verdict.words: 0 for verdict in Verdict})
        counts[outcome.verdict.words] += 1
    return {level: found[level] for level in LEVELS if level in found}


def _cited(report: Report) -> dict[str, list[tuple[int, str]]]:
    """Every line that a requirement cites, by page, with its words."""
    found: dict[str, dict[int, str]] = {}
    for outcome in report.outcomes:
        for source in outcome.requirement.sources:
            if len(source.said) == len(source.lines):
                found.setdefault(source.page, {}).update(zip(source.lines, source.said, strict=True))
    return {page: sorted(lines.items()) for page, lines in found.items() if lines}


def _by_requirement(report: Report) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for finding in report.findings:
        found.setdefault(finding.requirement.id, []).append(finding.id)
    return found


def _command(text: str) -> markupsafe.Markup:
    """A shell command whose options are not broken at their hyphens."""
    return markupsafe.Markup(
        re.sub(r"(?<= )--?[A-Za-z][A-Za-z-]*", r'<span class="keep">\g<0></span>', str(markupsafe.escape(text)))
    )


def _body(body: bytes | None) -> str:
    """A body for reading: its text, or base64 where it is none; long ones cut."""
    if body is None:
        return ""
    told = content(body)
    text = told.get("text", "base64: " + told.get("base64", ""))
    shown = "".join(c if c.isprintable() or c in "\n\t" else f"\\u{ord(c):04x}" for c in text[:4000])
    return shown + (f"… ({len(body)} bytes)" if len(text) > 4000 else "")
