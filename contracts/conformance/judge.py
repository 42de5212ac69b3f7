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
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from importlib import metadata

from contracts.conformance.asking import bare_subjects
from contracts.conformance.checks import registered
from contracts.conformance.effort import PROFILES
from contracts.conformance.preflight import greet, survey
from contracts.conformance.redactor import Redactor
from contracts.conformance.report import Report, latency_of, settled
from contracts.conformance.requirements import Requirement, expand
from contracts.conformance.running import Progress, Run
from contracts.conformance.session import Session
from contracts.conformance.settings import Settings
from contracts.conformance.subject import Subject, subjects
from contracts.conformance.target import Target
from contracts.conformance.wire import Wire
from contracts.errors import TargetError, UsageError
from contracts.model import Contract


def requirements_of(
    contract: Contract, accepts: Mapping[str, tuple[str, ...]] | None = None
) -> tuple[Requirement, ...]:
    """Every requirement that a contract makes, in order; ids bear the operation where it has several upserts."""
    found = subjects(contract, accepts)
    registered()
    if not found:
        return tuple(r for subject in bare_subjects(contract) for r in expand(subject, "@" + _word(subject)))
    return tuple(r for subject in found for r in expand(subject, _suffix(subject) if len(found) > 1 else ""))


def _word(subject: Subject) -> str:
    """An operation in words that an id can bear: POST-api/Things/batch."""
    return subject.operation.id.partition("?")[0].replace(" ", "-")


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
    run = Run(selected, registered(), redactor, progress or (lambda _: None), wire)
    sessions: list[Session] = []
    refused: list[TargetError] = []
    try:
        for path in dict.fromkeys(r.subject.operation.id for r in selected):
            mine = [r for r in selected if r.subject.operation.id == path]
            effort = PROFILES[settings.profile]
            session = Session(mine[0].subject, wire, settings.seed, run_id, settings.key_prefix, effort)
            session.zone = settings.zone
            sessions.append(session)
            try:
                meet = greet if session.subject.bare else survey
                meet(session, redactor)
            except TargetError as error:
                refused.append(error)
                run.pass_over(mine, str(error))
                continue
            run.judge(session, mine)
        if len(refused) == len(sessions):
            raise refused[0]
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
        raise UsageError("the contract has no operation to judge\n    what to do: give the page of one")
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
