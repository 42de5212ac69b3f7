"""What pytest tells of each requirement, and one run of the judge among several processes.

    Report ──standings──▶ Standings ──as JSON, in a file──▶ the other processes

The rule: the first process that comes judges, the others wait and read; the wait is for a lock of the file (SQLite's),
which ends with its holder, so that a process that dies leaves the judging to the next. Nothing is judged here.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from contracts.conformance.report import Report
from contracts.conformance.verdicts import LEVELS, Verdict
from contracts.errors import InternalError, PageError, PortalError, TargetError, UsageError

_WAIT = 24 * 3600.0  # seconds
_ERRORS = {kind.__name__: kind for kind in (UsageError, TargetError, InternalError)}


@dataclass(frozen=True)
class Standing:
    """One requirement's end: its verdict in words, whether it fails the run, and what is to be said of it."""

    verdict: str
    fails: bool
    told: str


@dataclass(frozen=True)
class Standings:
    """Every requirement's end by its id; or the error for which nothing was judged, by its class and its text."""

    by_id: Mapping[str, Standing]
    error: tuple[str, str] | None = None

    def of(self, requirement: str) -> Standing:
        """A requirement's end; raises what kept the judge from judging."""
        if self.error is not None:
            name, text = self.error
            raise _ERRORS.get(name, UsageError)(text)
        return self.by_id[requirement]


def standings(judge: Callable[[], Report]) -> Standings:
    """What a run of the judge ends in."""
    try:
        report = judge()
    except PortalError as error:
        name = "UsageError" if isinstance(error, PageError) else type(error).__name__
        return Standings({}, (name, str(error)))
    failing = LEVELS[: LEVELS.index(report.fail_level) + 1]
    found = {}
    for outcome in report.outcomes:
        requirement = outcome.requirement
        violated = outcome.verdict is Verdict.VIOLATED
        fails = violated and requirement.level in failing and outcome.deviation is None
        why = f"known deviation: {outcome.deviation}" if outcome.deviation else outcome.reason
        found[requirement.id] = Standing(
            outcome.verdict.words, fails, "\n".join(_findings(report, requirement.id)) if violated and fails else why
        )
    return Standings(found)


def _findings(report: Report, requirement: str) -> Iterator[str]:
    """The findings on a requirement, as a developer wants them."""
    for found in report.findings:
        if found.requirement.id == requirement:
            yield found.requirement.sentence
            yield from (f"source: {source}" for source in found.requirement.sources)
            yield from (f"expected {found.expected}", f"got {found.got}", "repeat:", found.curl)


def shared(path: Path, judge: Callable[[], Report]) -> Standings:
    """The standings kept in a file; judged and put there by the first process that asks."""
    with closing(sqlite3.connect(path, timeout=_WAIT, isolation_level=None)) as file:
        file.execute("BEGIN EXCLUSIVE")
        file.execute("CREATE TABLE IF NOT EXISTS standings (told TEXT NOT NULL)")
        row = file.execute("SELECT told FROM standings").fetchone()
        if row is None:
            found = standings(judge)
            file.execute("INSERT INTO standings VALUES (?)", [json.dumps(asdict(found))])
            file.execute("COMMIT")
            return found
        file.execute("ROLLBACK")
    told = json.loads(row[0])
    return Standings(
        {name: Standing(**one) for name, one in told["by_id"].items()}, told["error"] and tuple(told["error"])
    )
