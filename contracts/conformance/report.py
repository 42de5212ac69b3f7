"""The run's result as data, and as NDJSON: a header, a line per requirement, finding and observation, a footer.

The rule: `schemas/report.schema.json` describes every line, and without a footer there is no verdict. Everything that
leaves here went through the redactor. How it is shown to people is `html` and `console`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contracts.conformance.curl import as_curl, as_powershell
from contracts.conformance.requirements import Requirement, Source
from contracts.conformance.verdicts import EXIT_CODES, Conclusion, Level, Verdict, conclude
from contracts.conformance.wire import Exchange, Redactor

FORMAT, VERSION = "portal-contract-report", 1


@dataclass(frozen=True)
class Finding:
    """A requirement that is violated (or could not be judged for an error), with all that proves it.

    `id` is "F1", "F2", … in the order found; `exchanges` are redacted; `curl` and `powershell` repeat them.
    """

    id: str
    requirement: Requirement
    verdict: Verdict
    expected: str
    got: str
    exchanges: tuple[Exchange, ...]
    intermittent: bool
    curl: str
    powershell: str


@dataclass
class Outcome:
    """One requirement's standing at the end: `reason` says why where it is neither satisfied nor violated."""

    requirement: Requirement
    verdict: Verdict = Verdict.NOT_RUN
    witnesses: int = 0
    reason: str = ""
    seconds: float = 0.0
    observations: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Report:
    """Everything a run found. `started` is ISO 8601 in UTC, `target` the base URL without secrets."""

    target: str
    operations: tuple[str, ...]
    pages: tuple[tuple[str, str], ...]
    seed: int
    run_id: str
    profile: str
    include: tuple[str, ...]
    fail_level: Level
    tool: str
    started: str
    outcomes: tuple[Outcome, ...]
    findings: tuple[Finding, ...]
    requests: int
    seconds: float
    notes: tuple[str, ...] = ()

    @property
    def conclusion(self) -> Conclusion:
        """conforms / does not conform / not shown."""
        return conclude(((o.requirement.level, o.verdict) for o in self.outcomes), self.fail_level)

    @property
    def exit_code(self) -> int:
        """0 conforms, 1 does not conform, 3 not shown."""
        return EXIT_CODES[self.conclusion]

    def counts(self) -> dict[str, int]:
        """How many requirements have which verdict."""
        return {v.words: sum(o.verdict is v for o in self.outcomes) for v in Verdict}


def finding(
    number: int,
    requirement: Requirement,
    verdict: Verdict,
    told: tuple[str, str],
    exchanges: tuple[Exchange, ...],
    redactor: Redactor,
    intermittent: bool = False,
) -> Finding:
    """A finding, its exchanges redacted and its commands made of them; `told` is what was expected and what came."""
    clean = tuple(redactor.exchange(exchange) for exchange in exchanges)
    return Finding(
        id=f"F{number}",
        requirement=requirement,
        verdict=verdict,
        expected=redactor.text(told[0]),
        got=redactor.text(told[1]),
        exchanges=clean,
        intermittent=intermittent,
        curl="\n".join(as_curl(exchange.sent) for exchange in clean),
        powershell="\n".join(as_powershell(exchange.sent) for exchange in clean),
    )


def lines(report: Report) -> Iterator[dict[str, Any]]:
    """The report's lines as JSON objects, header first, footer last."""
    yield {
        "type": "header",
        "format": FORMAT,
        "version": VERSION,
        "tool": report.tool,
        "started": report.started,
        "target": report.target,
        "operations": list(report.operations),
        "pages": [{"name": name, "sha256": sha} for name, sha in report.pages],
        "seed": report.seed,
        "run_id": report.run_id,
        "profile": report.profile,
        "include": list(report.include),
        "fail_level": report.fail_level,
    }
    yield from (_requirement_line(outcome) for outcome in report.outcomes)
    yield from (_finding_line(report, found) for found in report.findings)
    for outcome in report.outcomes:
        for text in outcome.observations:
            yield {"type": "observation", "requirement": outcome.requirement.id, "text": text}
    for text in report.notes:
        yield {"type": "observation", "requirement": "", "text": text}
    yield {
        "type": "footer",
        "conclusion": report.conclusion,
        "exit_code": report.exit_code,
        "counts": report.counts(),
        "findings": len(report.findings),
        "requests": report.requests,
        "seconds": round(report.seconds, 3),
    }


def _requirement_line(outcome: Outcome) -> dict[str, Any]:
    requirement = outcome.requirement
    return {
        "type": "requirement",
        "id": requirement.id,
        "level": requirement.level,
        "sentence": requirement.sentence,
        "sources": [_source(source) for source in requirement.sources],
        "verdict": outcome.verdict.words,
        "witnesses": outcome.witnesses,
        "reason": outcome.reason,
        "seconds": round(outcome.seconds, 3),
    }


def _source(source: Source) -> dict[str, Any]:
    told: Mapping[str, Any] = {
        "page": source.page,
        "lines": list(source.lines),
        "quote": source.quote,
        "rule": source.rule,
    }
    return {name: value for name, value in told.items() if value}


def _finding_line(report: Report, found: Finding) -> dict[str, Any]:
    return {
        "type": "finding",
        "id": found.id,
        "requirement": found.requirement.id,
        "level": found.requirement.level,
        "verdict": found.verdict.words,
        "intermittent": found.intermittent,
        "expected": found.expected,
        "got": found.got,
        "seed": report.seed,
        "curl": found.curl,
        "powershell": found.powershell,
        "exchanges": [_exchange(exchange) for exchange in found.exchanges],
    }


def _exchange(exchange: Exchange) -> dict[str, Any]:
    sent, received = exchange.sent, exchange.received
    told: dict[str, Any] = {
        "number": exchange.number,
        "seconds": round(exchange.seconds, 4),
        "request": {
            "method": sent.method,
            "url": sent.url,
            "headers": [list(pair) for pair in sent.headers],
            "body": None if sent.body is None else content(sent.body),
        },
        "response": None,
        "failure": exchange.failure,
    }
    if received is not None:
        told["response"] = {
            "version": received.version,
            "status": received.status,
            "reason": received.reason,
            "headers": [list(pair) for pair in received.headers],
            "body": content(received.body),
        }
    return told


def content(body: bytes) -> dict[str, str]:
    """A body for JSON: as text where it is UTF-8, else in base64."""
    try:
        return {"text": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode("ascii")}


def write_ndjson(report: Report, path: Path) -> None:
    """Write the report's lines, each ended by a line feed alone."""
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines(report))
    path.write_text(text, encoding="utf-8", newline="\n")
