"""The run's result as data, and as NDJSON: a header, a line per requirement, finding and observation, a footer.

The rule: `schemas/report.schema.json` describes every line, and without a footer there is no verdict. Everything that
leaves here went through the redactor. How it is shown to people is `html` and `console`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from contracts.conformance.curl import as_curl, as_powershell
from contracts.conformance.deviations import Deviation
from contracts.conformance.listing import as_source
from contracts.conformance.redactor import Redactor
from contracts.conformance.requirements import Requirement
from contracts.conformance.snippets import as_csharp, as_python
from contracts.conformance.sources import Source
from contracts.conformance.verdicts import EXIT_CODES, Conclusion, Level, Verdict, conclude
from contracts.conformance.wire import Exchange

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

    @property
    def python(self) -> str:
        """A script that repeats the exchanges with Python and requests."""
        return as_python([exchange.sent for exchange in self.exchanges])

    @property
    def csharp(self) -> str:
        """A program that repeats the exchanges with C# and HttpClient."""
        return as_csharp([exchange.sent for exchange in self.exchanges])


@dataclass
class Outcome:
    """One requirement's standing at the end: `reason` says why where it is neither satisfied nor violated."""

    requirement: Requirement
    verdict: Verdict = Verdict.NOT_RUN
    witnesses: int = 0
    reason: str = ""
    seconds: float = 0.0
    observations: list[str] = field(default_factory=list)
    deviation: Deviation | None = None


@dataclass(frozen=True)
class Report:
    """Everything a run found. `started` is ISO 8601 in UTC, `target` the base URL without secrets, `keys` every key
    that was written, `latency` the seconds that answers took: least, median, 99 of 100."""

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
    keys: tuple[str, ...] = ()
    latency: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @property
    def conclusion(self) -> Conclusion:
        """conforms / does not conform / not shown."""
        judged = (o for o in self.outcomes if o.deviation is None or o.verdict is not Verdict.VIOLATED)
        return conclude(((o.requirement.level, o.verdict) for o in judged), self.fail_level)

    @property
    def deviating(self) -> int:
        """How many requirements are violated as a known deviation says."""
        return sum(o.deviation is not None and o.verdict is Verdict.VIOLATED for o in self.outcomes)

    @property
    def exit_code(self) -> int:
        """0 conforms, 1 does not conform, 3 not shown."""
        return EXIT_CODES[self.conclusion]

    def counts(self) -> dict[str, int]:
        """How many requirements have which verdict."""
        return {v.words: sum(o.verdict is v for o in self.outcomes) for v in Verdict}


def settled(outcomes: Iterable[Outcome], deviations: Iterable[Deviation], today: date) -> list[str]:
    """Give each outcome the deviation that covers it and holds; what is to be said of those that do not."""
    notes, standing = [], list(outcomes)
    for deviation in deviations:
        covered = [o for o in standing if deviation.covers(o.requirement.id)]
        violated = [o for o in covered if o.verdict is Verdict.VIOLATED]
        if not deviation.holds(today):
            notes.append(f"a known deviation has expired and counts no more: {deviation}")
            continue
        for outcome in violated:
            outcome.deviation = deviation
        if not covered:
            notes.append(f"a known deviation speaks of no requirement that was judged: {deviation}")
        elif all(o.verdict is Verdict.SATISFIED for o in covered):
            notes.append(f"a known deviation is satisfied after all, strike it off: {deviation}")
    return notes


def latency_of(log: Iterable[Exchange]) -> tuple[float, float, float]:
    """The seconds that answers took: the least, the median, and what 99 of 100 stayed within."""
    took = sorted(exchange.seconds for exchange in log if exchange.received is not None)
    if not took:
        return 0.0, 0.0, 0.0
    return took[0], took[len(took) // 2], took[min(len(took) - 1, len(took) * 99 // 100)]


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
    for key in report.keys:
        yield {"type": "key", "key": key}
    yield {
        "type": "footer",
        "conclusion": report.conclusion,
        "exit_code": report.exit_code,
        "counts": report.counts(),
        "findings": len(report.findings),
        "requests": report.requests,
        "seconds": round(report.seconds, 3),
        "deviations": report.deviating,
        "latency": dict(zip(("least", "median", "p99"), (round(s, 4) for s in report.latency), strict=True)),
    }


def _requirement_line(outcome: Outcome) -> dict[str, Any]:
    requirement, deviation = outcome.requirement, outcome.deviation
    told: dict[str, Any] = {
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
    if deviation is not None:
        expires = deviation.expires.isoformat()
        told["deviation"] = {"reason": deviation.reason, "owner": deviation.owner, "expires": expires}
    return told


def _source(source: Source) -> dict[str, Any]:
    return {name: value for name, value in as_source(source).items() if value}


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
        "python": found.python,
        "csharp": found.csharp,
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
