"""The report as NDJSON: a header, a line for each requirement, resource, finding, observation and key, a footer.

The rule: `schemas/report.schema.json` describes every line, and without a footer there is no verdict. Nothing is
decided here.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contracts.conformance.listing import as_source
from contracts.conformance.parts import Part
from contracts.conformance.report import Finding, Outcome, Report
from contracts.conformance.sources import Source
from contracts.conformance.wire import Exchange

FORMAT, VERSION = "portal-contract-report", 1


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
    yield from (_resource_line(report, part) for part in report.parts)
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
        "requests": outcome.requests,
    }
    if deviation is not None:
        expires = deviation.expires.isoformat()
        told["deviation"] = {"reason": deviation.reason, "owner": deviation.owner, "expires": expires}
    return told


def _resource_line(report: Report, part: Part) -> dict[str, Any]:
    return {
        "type": "resource",
        "operation": part.operation,
        "conclusion": report.conclusion_of(part),
        "requirements": len(report.of(part)),
        "requests": part.requests,
        "operations": dict(part.operations),
        "seconds": round(part.seconds, 3),
        "unjudged": part.unjudged,
    }


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
