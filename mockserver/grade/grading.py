"""From exchanges to a grade: verdict by verdict, finding by finding, and the conclusion.

    clean        no rule of the level that counts is broken, and something was recorded
    not clean    one is
    not shown    nothing reached an operation of the page

The rule: what is left out (a browser's own requests, other hosts) is counted and told, never judged.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from contracts.model import Contract
from mockserver.explain import Explainer
from mockserver.grade.checks import CHECKS, TOLD_WITH
from mockserver.grade.history import History, Step
from mockserver.grade.ledger import Finding, Ledger, Outcome, Verdict
from mockserver.grade.rules import LEVELS, Level
from mockserver.journal import Exchange
from mockserver.journal.reading import Reading
from mockserver.webapi import Request

Conclusion = Literal["clean", "not clean", "not shown"]
#: What `portal-mock grade` ends with, by its conclusion.
EXIT_CODES: Mapping[Conclusion, int] = {"clean": 0, "not clean": 1, "not shown": 3}
#: What browsers ask for by themselves.
_ASIDE = ("/favicon.ico", "/robots.txt", "/apple-touch-icon.png")


@dataclass(frozen=True)
class Grade:
    """What came of it. `left_out` counts what was not judged by its reason, `source` says where the exchanges are from,
    `fail_level` the level from which on a broken rule counts."""

    contract: Contract
    source: str
    steps: tuple[Step, ...]
    outcomes: tuple[Outcome, ...]
    findings: tuple[Finding, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)
    fail_level: Level = "warning"
    zone: datetime.tzinfo = datetime.UTC

    @property
    def conclusion(self) -> Conclusion:
        """clean, not clean, not shown."""
        if not any(step.operation is not None for step in self.steps) and not self.findings:
            return "not shown"
        return "not clean" if any(self.counts_as_fault(found) for found in self.findings) else "clean"

    def counts_as_fault(self, found: Finding) -> bool:
        """Whether a finding makes the client not clean."""
        return LEVELS.index(found.rule.level) <= LEVELS.index(self.fail_level)

    @property
    def exit_code(self) -> int:
        """0 clean, 1 not clean, 3 not shown."""
        return EXIT_CODES[self.conclusion]

    def counts(self) -> dict[str, int]:
        """How many rules have which verdict."""
        return {verdict.words: sum(one.verdict is verdict for one in self.outcomes) for verdict in Verdict}

    def instead(self, found: Finding) -> Request | None:
        """A request that would have been taken without a loss, in place of the finding's first; None: there is none."""
        if found.rule.id.startswith(_NOT_OF_A_LOSS):
            return None
        for step in found.shown:
            if step.refused or step.losses:
                corrected = self._explainer.explain(step.shown.request).corrected
                if corrected is not None and found.rule.id == "contract.body":
                    asked = replace(step.shown, request=corrected)
                    return None if step.reading.faults(asked)[0] else corrected
                return corrected
        return None

    @cached_property
    def _explainer(self) -> Explainer:
        return Explainer(self.contract, zone=self.zone)


# What they say is not mended by a request that loses nothing.
_NOT_OF_A_LOSS = (
    "retry.", "route.", "update.", "key.", "secret.", "accept.", "address.", "auth.", "record.", "time.zone-said",
    "time.one-way",
)  # fmt: skip


def grade(
    exchanges: Iterable[Exchange],
    reading: Reading,
    *,
    source: str = "the journal",
    left_out: Mapping[str, int] | None = None,
    fail_level: Level = "warning",
    zone: datetime.tzinfo = datetime.UTC,
) -> Grade:
    """Judge these exchanges, oldest first. `zone` is that of the portal's server, for what is proposed instead."""
    aside: Counter[str] = Counter(left_out or {})
    judged = []
    for exchange in exchanges:
        why = _aside(exchange)
        if why:
            aside[why] += 1
        else:
            judged.append(exchange)
    history = History.of(judged, reading)
    ledger = Ledger()
    for check in CHECKS:
        check(history, ledger)
    return Grade(
        reading.contract, source, history.steps, ledger.outcomes(), ledger.findings(TOLD_WITH), dict(aside), fail_level,
        zone,
    )  # fmt: skip


def _aside(exchange: Exchange) -> str:
    """Why an exchange is not the client's doing; "" where it is."""
    if exchange.request.method.upper() == "OPTIONS":
        return "a browser's question before a request (OPTIONS)"
    return "a browser's own request" if exchange.request.target.partition("?")[0] in _ASIDE else ""
