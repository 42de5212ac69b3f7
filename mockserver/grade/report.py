"""A grade as data: one JSON document, or NDJSON with a header, a line for each rule and finding, and a footer.

The rule: without a footer there is no verdict; nothing leaves here but what was cleaned of credentials. How it is shown
to people is `console` and `html`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from mockserver.grade.grading import Grade
from mockserver.grade.ledger import Finding, Outcome
from mockserver.journal import record
from mockserver.webapi import Request

FORMAT, VERSION = "portal-client-grade", 1


def lines(grade: Grade) -> Iterator[dict[str, Any]]:
    """The grade's lines as JSON objects, header first, footer last."""
    yield {
        "type": "header",
        "format": FORMAT,
        "version": VERSION,
        "source": grade.source,
        "pages": [{"name": page.name, "sha256": page.sha256} for page in grade.contract.pages],
        "fail_level": grade.fail_level,
    }
    yield from (_rule(outcome) for outcome in grade.outcomes)
    yield from (_finding(grade, found) for found in grade.findings)
    yield {"type": "footer", **_end(grade)}


def as_data(grade: Grade) -> dict[str, Any]:
    """The grade as one JSON-ready document."""
    header, *rest = lines(grade)
    inside = {kind: [line for line in rest if line["type"] == kind] for kind in ("finding", "rule")}
    for line in (line for found in inside.values() for line in found):
        del line["type"]
    return {**header, "type": "grade", **_end(grade), "findings": inside["finding"], "rules": inside["rule"]}


def _end(grade: Grade) -> dict[str, Any]:
    return {
        "conclusion": grade.conclusion,
        "exit_code": grade.exit_code,
        "counts": grade.counts(),
        "exchanges": len(grade.steps),
        "left_out": dict(grade.left_out),
    }


def _rule(outcome: Outcome) -> dict[str, Any]:
    rule = outcome.rule
    return {
        "type": "rule",
        "id": rule.id,
        "level": rule.level,
        "sentence": rule.sentence,
        "source": rule.source,
        "remedy": rule.remedy,
        "verdict": outcome.verdict.words,
        "witnesses": outcome.witnesses,
    }


def _finding(grade: Grade, found: Finding) -> dict[str, Any]:
    instead = grade.instead(found)
    return {
        "type": "finding",
        "id": found.id,
        "rule": found.rule.id,
        "level": found.rule.level,
        "operation": found.operation,
        "sentence": found.rule.sentence,
        "remedy": found.rule.remedy,
        "also": list(found.also),
        "cases": [asdict(case) for case in found.cases],
        "more_cases": found.more,
        "exchanges": [step.number for step in found.steps],
        "evidence": [record(step.exchange, step.reading.secrets) for step in found.shown],
        "instead": None if instead is None else as_text(instead),
    }


def as_text(request: Request) -> str:
    """A request's line, Content-Type and body, for people to read and copy."""
    kind = request.first("Content-Type")
    head = f"{request.method} {request.target}" + (f"\nContent-Type: {kind}" if kind else "")
    body = (request.body or b"").decode("utf-8", "replace")
    return f"{head}\n\n{body}" if body else head
