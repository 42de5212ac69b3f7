"""The run's result as data: outcomes, findings with all that proves them, what each resource took, the conclusion.

The rule: everything that leaves here went through the redactor. How it is written down is `ndjson`'s, `write`'s and
`junit`'s, how it is shown to people `console`'s.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from contracts.conformance.curl import as_curl, as_powershell
from contracts.conformance.deviations import Deviation
from contracts.conformance.parts import Part
from contracts.conformance.redactor import Redactor
from contracts.conformance.requirements import Requirement
from contracts.conformance.snippets import as_csharp, as_python
from contracts.conformance.verdicts import EXIT_CODES, Conclusion, Level, Verdict, conclude
from contracts.conformance.wire import Exchange, Passed


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
    """One requirement's standing at the end: `reason` says why where it is neither satisfied nor violated; `beyond`:
    nobody could judge it by these pages; `requests` are those that it took."""

    requirement: Requirement
    verdict: Verdict = Verdict.NOT_RUN
    witnesses: int = 0
    reason: str = ""
    seconds: float = 0.0
    observations: list[str] = field(default_factory=list)
    deviation: Deviation | None = None
    beyond: bool = False
    requests: int = 0


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
    parts: tuple[Part, ...] = ()

    @property
    def conclusion(self) -> Conclusion:
        """conforms / does not conform / not shown."""
        return concluded(self.outcomes, self.fail_level)

    def of(self, part: Part) -> tuple[Outcome, ...]:
        """The outcomes of one resource."""
        return tuple(o for o in self.outcomes if o.requirement.subject.operation.id == part.operation)

    def conclusion_of(self, part: Part) -> Conclusion:
        """What is concluded of one resource."""
        return concluded(self.of(part), self.fail_level)

    def deviation_of(self, found: Finding) -> Deviation | None:
        """The known deviation that covers a finding, None where none does."""
        outcomes = (o for o in self.outcomes if o.requirement.id == found.requirement.id)
        return next((o.deviation for o in outcomes), None)

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


def concluded(outcomes: Iterable[Outcome], fail_level: Level) -> Conclusion:
    """What outcomes come to; known deviations do not fail, and what nobody could judge shows nothing."""
    judged = (o for o in outcomes if o.deviation is None or o.verdict is not Verdict.VIOLATED)
    open_to_us = (o for o in judged if not (o.beyond and o.verdict is Verdict.INCONCLUSIVE))
    return conclude(((o.requirement.level, o.verdict) for o in open_to_us), fail_level)


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


def latency_of(log: Iterable[Passed]) -> tuple[float, float, float]:
    """The seconds that answers took: the least, the median, and what 99 of 100 stayed within."""
    took = sorted(passed.seconds for passed in log if passed.seconds is not None)
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
