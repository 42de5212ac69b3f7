"""The judge: every requirement in the register's order, each with its check, ending in a report.

    contract ─expand─▶ requirements ─checks─▶ outcomes, findings ─▶ Report

The rule: a violation is tried once more before it stands, so that what comes and goes is told apart (and told of the
portal's steadiness, not of the requirement it happened to meet); what rests on something that fell is "not judged
because of" it, so one cause gives few findings; and what was not run is no pass. What is judged stands in the
register, how in the checks.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from importlib import metadata

from contracts.conformance.checks import Check, registered
from contracts.conformance.effort import PROFILES
from contracts.conformance.preflight import survey
from contracts.conformance.probe import BrokenError, NotJudgedError, Probe
from contracts.conformance.redactor import Redactor
from contracts.conformance.report import Finding, Outcome, Report, finding, latency_of, settled
from contracts.conformance.requirements import Requirement, expand
from contracts.conformance.session import Session
from contracts.conformance.settings import Settings
from contracts.conformance.subject import Subject, subjects
from contracts.conformance.target import Target
from contracts.conformance.verdicts import Verdict, settle
from contracts.conformance.wire import UnreachableError, Wire
from contracts.errors import UsageError
from contracts.model import Contract

STEADY = "steady.same-request-same-answer"
RACES = ("together.", "retry.")  # what shows in one burst need not show in the next, and is no unsteadiness


@dataclass(frozen=True)
class Progress:
    """Where a run is: `done` of `total` requirements, the one at work, the requests sent, the findings so far."""

    done: int
    total: int
    requirement: str
    requests: int
    findings: int


def requirements_of(
    contract: Contract, accepts: Mapping[str, tuple[str, ...]] | None = None
) -> tuple[Requirement, ...]:
    """Every requirement that a contract makes, in order; ids bear the operation where it has several upserts."""
    found = subjects(contract, accepts)
    registered()
    return tuple(r for subject in found for r in expand(subject, _suffix(subject) if len(found) > 1 else ""))


def _suffix(subject: Subject) -> str:
    return "@" + subject.path.rpartition("/")[2]


def check(
    contract: Contract,
    target: Target,
    settings: Settings | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Report:
    """Judge a target by a contract. UsageError: nothing is selected; TargetError: it cannot be judged at all."""
    settings = settings or Settings()
    selected = _select(requirements_of(contract, settings.accepts), settings.include)
    run_id = settings.run_id or secrets.token_hex(3)
    started, begun = datetime.now(UTC), time.perf_counter()
    redactor, wire = Redactor(target), Wire(target)
    run = _Run(selected, registered(), redactor, progress or (lambda _: None), wire)
    sessions: list[Session] = []
    try:
        for path in dict.fromkeys(r.subject.operation.id for r in selected):
            mine = [r for r in selected if r.subject.operation.id == path]
            effort = PROFILES[settings.profile]
            session = Session(mine[0].subject, wire, settings.seed, run_id, settings.key_prefix, effort)
            session.zone = settings.zone
            sessions.append(session)
            survey(session, redactor)
            run.judge(session, mine)
    finally:
        wire.close()
    run.notes += _unshown(selected)
    run.notes += settled(run.outcomes.values(), settings.deviations, started.date())
    return Report(
        target=redactor.text(target.base_url),
        operations=tuple(dict.fromkeys(r.subject.operation.id for r in selected)),
        pages=tuple((page.name, page.sha256) for page in contract.pages),
        seed=settings.seed,
        run_id=run_id,
        profile=settings.profile,
        include=settings.include,
        fail_level=settings.fail_level,
        tool=f"portal-contract {_version()}",
        started=started.strftime("%Y-%m-%dT%H:%M:%SZ"),
        outcomes=tuple(run.outcomes.values()),
        findings=tuple(run.findings),
        requests=len(wire.log),
        seconds=time.perf_counter() - begun,
        notes=tuple(run.notes),
        keys=tuple(dict.fromkeys(key for session in sessions for key in session.keys)),
        latency=latency_of(wire.log),
    )


def _unshown(selected: Iterable[Requirement]) -> list[str]:
    """What is to be said of media types that the page lists and does not show."""
    media = dict.fromkeys(r.media for r in selected if r.unshown and r.template.each.endswith("media"))
    return [f"{name} is not judged: the page lists it, but shows no record in it" for name in media]


def _select(all_of_them: tuple[Requirement, ...], include: tuple[str, ...]) -> tuple[Requirement, ...]:
    if not all_of_them:
        raise UsageError(
            "the contract has no operation that this judge knows to judge (create or update by a key in the body)\n"
            "    what to do: give the page of such an operation"
        )
    chosen = tuple(r for r in all_of_them if not include or any(fnmatchcase(r.id, glob) for glob in include))
    if not chosen:
        raise UsageError(
            f"nothing is selected by {', '.join(include)}\n"
            "    what to do: list the ids with: portal-contract requirements"
        )
    return chosen


def _version() -> str:
    try:
        return metadata.version("portal-contract")
    except metadata.PackageNotFoundError:  # run from a checkout that was not installed
        return "(not installed)"


class _Run:
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
        self._checks, self._redactor, self._progress, self._wire = checks, redactor, progress, wire
        self._roots: dict[str, str] = {}

    def judge(self, session: Session, selected: list[Requirement]) -> None:
        """Judge each in order; a target that is lost ends the run with what is known."""
        for requirement in selected:
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
            begun = time.perf_counter()
            try:
                self._judge(requirement, session, outcome)
            except UnreachableError as lost:
                outcome.verdict = outcome.verdict.worsen(Verdict.ERROR)
                outcome.reason = self._redactor.text(f"the target was lost: {lost.detail}")
                self.notes.append(f"the run ended at {requirement.id}, since the target was lost: {outcome.reason}")
                return
            finally:
                outcome.seconds = time.perf_counter() - begun
        self._tell(None)

    def _tell(self, requirement: Requirement | None) -> None:
        done = sum(o.verdict is not Verdict.NOT_RUN for o in self.outcomes.values())
        name = requirement.id if requirement else ""
        self._progress(Progress(done, len(self.outcomes), name, len(self._wire.log), len(self.findings)))

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
        except NotJudgedError as why:
            outcome.verdict = outcome.verdict.worsen(Verdict.INCONCLUSIVE)
            outcome.reason = str(why)
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
        found = finding(number, requirement, Verdict.VIOLATED, told, broken.exchanges, self._redactor, intermittent)
        self.findings.append(found)

    def _intermittent(self, requirement: Requirement, broken: BrokenError) -> None:
        """It broke and then held: unsteadiness is the finding, told once."""
        suffix = requirement.id.partition("@")[1] + requirement.id.partition("@")[2]
        steady = self.outcomes.get(STEADY + suffix)
        bearer = steady.requirement if steady is not None else requirement
        if not any(f.intermittent and f.requirement.id == bearer.id for f in self.findings):
            self.outcomes[bearer.id].reason = f"seen first at {requirement.id}"
        self._find(bearer, broken, intermittent=True)
