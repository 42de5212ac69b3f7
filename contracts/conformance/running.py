"""A run at work: each requirement of one operation in order, its verdict, its finding.

The rule: a violation is tried once more before it stands; what rests on something that fell is "not judged because of"
it; a target that is lost, or a fault of our own, ends the judging of one resource with what is known. What is judged,
and what becomes of it, is `judge`'s; which resource comes when, `resources`'.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from contracts.conformance.checks import Check
from contracts.conformance.probe import BeyondError, BrokenError, NotJudgedError, Probe
from contracts.conformance.redactor import Redactor
from contracts.conformance.report import Finding, Outcome, finding
from contracts.conformance.requirements import Requirement
from contracts.conformance.session import Session
from contracts.conformance.verdicts import Verdict, settle
from contracts.conformance.wire import UnreachableError, Wire
from contracts.errors import UsageError

STEADY = "steady.same-request-same-answer"
RACES = ("together.", "retry.")  # what shows in one burst need not show in the next, and is no unsteadiness


@dataclass(frozen=True)
class Progress:
    """Where a run is: `done` of `total` requirements, the one at work, the requests sent, the findings so far; the
    operation at work, which is number `place` (from 1) of `resources`, and the requests that it took."""

    done: int
    total: int
    requirement: str
    requests: int
    findings: int
    operation: str = ""
    place: int = 1
    resources: int = 1
    taken: int = 0


class Run:
    """The state of a run: outcomes by id, findings in order."""

    def __init__(
        self,
        selected: tuple[Requirement, ...],
        checks: Mapping[str, Check],
        redactor: Redactor,
        progress: Callable[[Progress], None],
        wire: Wire,
    ):
        self.outcomes = {r.id: Outcome(r) for r in selected}
        self.findings: list[Finding] = []
        self.notes: list[str] = []
        self.redactor, self.ended = redactor, ""
        self._checks, self._progress, self._wire = checks, progress, wire
        self._roots: dict[str, str] = {}
        self._at = Progress(0, len(selected), "", 0, 0)
        self._first = 0

    def turn(self, session: Session, place: int, count: int) -> None:
        """Turn to a resource, the one at `place` (from 0) of `count`."""
        self.ended, self._first = "", len(self._wire.log)
        self._at = replace(self._at, operation=session.subject.operation.id, place=place + 1, resources=count)
        if count > 1:
            self._tell(None)

    def judge(self, session: Session, selected: list[Requirement]) -> str:
        """Judge each in order; a word for what ended it before the last (`ended` tells it), empty where nothing did."""
        for place, requirement in enumerate(selected):
            self._tell(requirement)
            outcome = self.outcomes[requirement.id]
            if requirement.unshown:
                outcome.verdict = outcome.verdict.worsen(Verdict.INCONCLUSIVE)
                outcome.reason = f"not judged: the page shows no record in {requirement.format}"
                continue
            root = self._root(requirement, session)
            if root:
                self._roots[requirement.id] = root
                outcome.verdict = outcome.verdict.worsen(Verdict.INCONCLUSIVE)
                outcome.reason = f"not judged because of {root}"
                continue
            begun, asked = time.perf_counter(), len(self._wire.log)
            try:
                self._judge(requirement, session, outcome)
            except UnreachableError as lost:
                self._lose(outcome, lost)
                self.leave(selected[place + 1 :], self.ended, tell=False)
                return lost.kind
            except Exception as fault:  # ours, and no reason to leave the others unjudged
                outcome.verdict = outcome.verdict.worsen(Verdict.ERROR)
                outcome.reason = self.redactor.text(f"the judge failed, please report this: {_where(fault)}")
            finally:
                outcome.seconds = time.perf_counter() - begun
                outcome.requests = len(self._wire.log) - asked
        self._tell(None)
        return ""

    def _lose(self, outcome: Outcome, lost: UnreachableError) -> None:
        """The judging of a resource ends at this requirement."""
        name = outcome.requirement.id
        spent = lost.kind in ("budget", "share")
        outcome.verdict = outcome.verdict.worsen(Verdict.INCONCLUSIVE if spent else Verdict.ERROR)
        why = self.redactor.text(lost.detail if spent else f"the target was lost: {lost.detail}")
        outcome.reason = f"not judged: {why}" if spent else why
        self.ended = f"ended at {name}: {why}"
        self.notes.append(f"{outcome.requirement.subject.operation.id}: the judging {self.ended}")

    def leave(self, selected: list[Requirement], why: str, tell: bool = True) -> None:
        """What is not run any more, and why."""
        for requirement in selected:
            self.outcomes[requirement.id].reason = f"not run: the judging {why}"
        if tell:
            self.notes.append(f"{selected[0].subject.operation.id} is not judged: the judging {why}")

    def pass_over(self, selected: list[Requirement], why: str) -> None:
        """One of several operations cannot be judged at all."""
        short = why.partition("\n")[0]
        for requirement in selected:
            outcome = self.outcomes[requirement.id]
            outcome.verdict, outcome.reason = outcome.verdict.worsen(Verdict.INCONCLUSIVE), f"not judged: {short}"
        self.notes.append(f"{selected[0].subject.operation.id} is not judged: {why}")

    def _tell(self, requirement: Requirement | None) -> None:
        done = sum(o.verdict is not Verdict.NOT_RUN for o in self.outcomes.values())
        asked, name = len(self._wire.log), requirement.id if requirement else ""
        told = replace(self._at, done=done, requirement=name, requests=asked, findings=len(self.findings))
        self._progress(replace(told, taken=asked - self._first))

    def _root(self, requirement: Requirement, session: Session) -> str:
        """The fallen requirement that this one rests on, through however many steps; empty where none fell."""
        for need in requirement.needs(session.speech, session.hearing):
            if need in self._roots:
                return self._roots[need]
            outcome = self.outcomes.get(need)
            if outcome is not None and outcome.verdict >= Verdict.VIOLATED:
                return need
        return ""

    def _judge(self, requirement: Requirement, session: Session, outcome: Outcome) -> None:
        check = self._checks[requirement.template.id]
        probe, broken = self._attempt(check, requirement, session, outcome)
        if broken is not None:
            again, still = self._attempt(check, requirement, session, outcome)
            race = requirement.template.id.startswith(RACES)
            if race or (still is not None and not self._passing(broken, session)):
                self._find(requirement, broken, intermittent=race or requirement.template.id == STEADY)
            else:
                self._intermittent(requirement, broken)
                probe = again
        outcome.witnesses = probe.witnesses
        outcome.observations = list(dict.fromkeys(probe.observations))
        reached = outcome.verdict.worsen(Verdict.SATISFIED)
        outcome.verdict = settle(reached, requirement.level, outcome.witnesses)
        if outcome.verdict is Verdict.INCONCLUSIVE and not outcome.reason:
            outcome.reason = "nothing exercised it"
        if outcome.verdict >= Verdict.VIOLATED:
            session.fall(requirement.template.id, requirement.media, requirement.format)

    def _attempt(
        self, check: Check, requirement: Requirement, session: Session, outcome: Outcome
    ) -> tuple[Probe, BrokenError | None]:
        probe = Probe(session, requirement.media, requirement.format, requirement.member)
        try:
            check(probe)
        except (NotJudgedError, UsageError) as why:  # UsageError: no key can be made up
            outcome.verdict = outcome.verdict.worsen(Verdict.INCONCLUSIVE)
            outcome.reason = str(why)
            outcome.beyond = isinstance(why, BeyondError)
        except BrokenError as broken:
            return probe, broken
        return probe, None

    def _passing(self, broken: BrokenError, session: Session) -> bool:
        """Whether the last request, sent again, meets no error of the server or, known unsteady, another answer."""
        last = broken.exchanges[-1] if broken.exchanges else None
        unsteady = any(
            o.requirement.template.id == STEADY and o.verdict is Verdict.VIOLATED for o in self.outcomes.values()
        )
        if last is None or (0 < last.status < 500 and not unsteady):
            return False
        headers = {n: v for n, v in last.sent.headers if n in ("Content-Type", "Accept")}
        path = last.sent.url.removeprefix(session.wire.target.url(""))
        again = session.exchange(last.sent.method, path, headers, last.sent.body)
        if not 0 < last.status < 500:
            return 0 < again.status < 500
        return again.status != last.status or session.read(again).record != session.read(last).record

    def _find(self, requirement: Requirement, broken: BrokenError, intermittent: bool = False) -> None:
        outcome = self.outcomes[requirement.id]
        if requirement.template.id == STEADY and outcome.verdict is Verdict.VIOLATED:
            return  # told already
        if requirement.level == "may":
            outcome.observations.append(f"expected {broken.expected}, got {broken.got}")
            outcome.verdict = outcome.verdict.worsen(Verdict.INCONCLUSIVE)
            outcome.reason = "could not be observed"
            return
        outcome.verdict = outcome.verdict.worsen(Verdict.VIOLATED)
        told = (broken.expected, broken.got)
        number = len(self.findings) + 1
        found = finding(number, requirement, Verdict.VIOLATED, told, broken.exchanges, self.redactor, intermittent)
        self.findings.append(found)

    def _intermittent(self, requirement: Requirement, broken: BrokenError) -> None:
        """It broke and then held: unsteadiness is the finding, told once."""
        suffix = requirement.id.partition("@")[1] + requirement.id.partition("@")[2]
        steady = self.outcomes.get(STEADY + suffix)
        bearer = steady.requirement if steady is not None else requirement
        if not any(f.intermittent and f.requirement.id == bearer.id for f in self.findings):
            self.outcomes[bearer.id].reason = f"seen first at {requirement.id}"
        self._find(bearer, broken, intermittent=True)


def _where(fault: Exception) -> str:
    """A fault of our own in a line: what, and the file and line."""
    frames = traceback.extract_tb(fault.__traceback__)
    return f"{type(fault).__name__}: {fault} ({Path(frames[-1].filename).name}, line {frames[-1].lineno})"
