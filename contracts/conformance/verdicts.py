"""Verdicts and what follows from them.

    not run < satisfied < inconclusive < violated < error

The rule: a verdict only ever worsens, nothing run is not a pass, and a `must` is satisfied only with witnesses, that is
answers that exercised it. How a verdict comes about is the checks' business, not this file's.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import Literal, get_args

Level = Literal["must", "should", "may"]
Conclusion = Literal["conforms", "does not conform", "not shown"]

LEVELS: tuple[str, ...] = get_args(Level)
#: What a check ends with, by its conclusion.
EXIT_CODES: dict[Conclusion, int] = {"conforms": 0, "does not conform": 1, "not shown": 3}


class Verdict(IntEnum):
    """One requirement's standing; greater is worse."""

    NOT_RUN = 0
    SATISFIED = 1
    INCONCLUSIVE = 2
    VIOLATED = 3
    ERROR = 4

    @property
    def words(self) -> str:
        """The verdict as people and reports read it."""
        return self.name.lower().replace("_", " ")

    def worsen(self, other: Verdict) -> Verdict:
        """The worse of the two: no later success makes a verdict better."""
        return max(self, other)


def settle(verdict: Verdict, level: Level, witnesses: int) -> Verdict:
    """The final verdict: what is only observed is never judged; satisfied without a witness is inconclusive."""
    if level == "may" and verdict is Verdict.VIOLATED:
        return Verdict.INCONCLUSIVE
    if verdict is Verdict.SATISFIED and witnesses == 0:
        return Verdict.INCONCLUSIVE
    return verdict


def conclude(verdicts: Iterable[tuple[Level, Verdict]], fail_level: Level) -> Conclusion:
    """The run's conclusion; a violation below `fail_level` is shown but does not fail the run."""
    judged = list(verdicts)
    failing = LEVELS[: LEVELS.index(fail_level) + 1]
    if any(verdict is Verdict.VIOLATED and level in failing for level, verdict in judged):
        return "does not conform"
    if any(verdict is Verdict.ERROR for _, verdict in judged):
        return "not shown"
    musts = [verdict for level, verdict in judged if level == "must"]
    decisive = musts or [verdict for _, verdict in judged]
    return "conforms" if decisive and all(verdict is Verdict.SATISFIED for verdict in decisive) else "not shown"
