"""What the checks find: a rule was kept here, broken there; and what becomes of it: verdicts and findings.

    not seen < kept < broken

The rule: a verdict only ever worsens, and a rule that no exchange exercised is not seen, never kept. One cause is one
finding: breaches of a rule at one operation are told together, and what only follows from another is told with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

from contracts.errors import InternalError
from mockserver.grade.history import Step
from mockserver.grade.rules import Rule, rules

#: How many cases and how many exchanges a finding shows.
CASES, SHOWN = 5, 3


class Verdict(IntEnum):
    """A rule's standing; greater is worse."""

    NOT_SEEN = 0
    KEPT = 1
    BROKEN = 2

    @property
    def words(self) -> str:
        """The verdict as people and reports read it."""
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True)
class Case:
    """What was wrong: about what (a member, a header), what was sent, what came of it, what to send instead."""

    about: str
    sent: str = ""
    got: str = ""
    instead: str = ""


@dataclass
class Outcome:
    """One rule's standing at the end; `witnesses` are the numbers of the exchanges that kept it."""

    rule: Rule
    verdict: Verdict = Verdict.NOT_SEEN
    witnesses: int = 0


@dataclass(frozen=True)
class Finding:
    """A broken rule at one operation: distinct cases, the exchanges that show it, and the rules broken by the same."""

    id: str
    rule: Rule
    operation: str
    cases: tuple[Case, ...]
    more: int
    steps: tuple[Step, ...]
    also: tuple[str, ...] = ()

    @property
    def shown(self) -> tuple[Step, ...]:
        """The exchanges that are shown as evidence: the first ones."""
        return self.steps[:SHOWN]


@dataclass
class _Breaches:
    cases: list[Case] = field(default_factory=list)
    steps: dict[int, Step] = field(default_factory=dict)


class Ledger:
    """Where the checks write."""

    def __init__(self) -> None:
        self._rules = rules()
        self._outcomes = {name: Outcome(rule) for name, rule in self._rules.items()}
        self._breaches: dict[tuple[str, str], _Breaches] = {}

    def kept(self, rule: str, *steps: Step) -> None:
        """These exchanges exercised the rule and kept it."""
        outcome = self._outcome(rule)
        outcome.witnesses += len(steps)
        outcome.verdict = max(outcome.verdict, Verdict.KEPT)

    def broken(self, rule: str, steps: Sequence[Step], case: Case) -> None:
        """These exchanges broke it; the operation is the last one's."""
        self._outcome(rule).verdict = Verdict.BROKEN
        operation = steps[-1].operation
        found = self._breaches.setdefault((rule, operation.id if operation else ""), _Breaches())
        found.steps.update({step.number: step for step in steps})
        found.cases.append(case)

    def either(self, rule: str, step: Step, case: Case | None) -> None:
        """The step kept the rule, or broke it where there is a case."""
        if case is None:
            self.kept(rule, step)
        else:
            self.broken(rule, [step], case)

    def _outcome(self, rule: str) -> Outcome:
        if rule not in self._outcomes:
            raise InternalError(f"a check judges {rule}, which is no rule of the register; please report this")
        return self._outcomes[rule]

    def outcomes(self) -> tuple[Outcome, ...]:
        """Every rule's standing, in the register's order."""
        return tuple(self._outcomes.values())

    def findings(self, told_with: Mapping[str, Iterable[str]]) -> tuple[Finding, ...]:
        """The findings, by level and then as the register has them.

        `told_with`: a finding of a rule on the left takes in those of the rules on the right whose exchanges are all
        among its own.
        """
        order = {name: place for place, name in enumerate(self._rules)}
        weight = {"error": 0, "warning": 1, "info": 2}
        found = [_finding(self._rules[rule], name, breaches) for (rule, name), breaches in self._breaches.items()]
        for leading, following in told_with.items():
            for one in [f for f in found if f.rule.id == leading]:
                numbers = {step.number for step in one.steps}
                covered = [
                    f for f in found if f.rule.id in following and numbers.issuperset(step.number for step in f.steps)
                ]
                if covered:
                    found = [f for f in found if f not in covered]
                    cases = tuple(dict.fromkeys((*one.cases, *(case for f in covered for case in f.cases))))
                    also = (*one.also, *(f.rule.id for f in covered))
                    found[found.index(one)] = replace(one, cases=cases[:CASES], also=also)
        found.sort(key=lambda one: (weight[one.rule.level], order[one.rule.id], one.operation))
        return tuple(replace(one, id=f"G{number}") for number, one in enumerate(found, 1))


def _finding(rule: Rule, operation: str, breaches: _Breaches) -> Finding:
    # Of cases that differ in values only, one is shown.
    cases = {(case.about, case.got if not case.sent else ""): case for case in reversed(breaches.cases)}
    distinct = tuple(cases.values())[::-1]
    steps = tuple(breaches.steps[number] for number in sorted(breaches.steps))
    return Finding("", rule, operation, distinct[:CASES], max(len(distinct) - CASES, 0), steps)
