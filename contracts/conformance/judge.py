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
from dataclasses import replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from importlib import metadata

from contracts.conformance.asking import bare_subjects
from contracts.conformance.checks import registered
from contracts.conformance.effort import PROFILES
from contracts.conformance.parts import Part
from contracts.conformance.redactor import Redactor
from contracts.conformance.report import Report, latency_of, settled
from contracts.conformance.requirements import Requirement, expand
from contracts.conformance.resources import Meeting, visit
from contracts.conformance.running import Progress, Run
from contracts.conformance.session import Session
from contracts.conformance.settings import Settings
from contracts.conformance.subject import Subject, subjects
from contracts.conformance.target import Target
from contracts.conformance.wire import Wire
from contracts.errors import UsageError
from contracts.model import Contract


def requirements_of(
    contract: Contract, accepts: Mapping[str, tuple[str, ...]] | None = None
) -> tuple[Requirement, ...]:
    """Every requirement that a contract makes, in order: of its upserts and what stands beside them, then of the
    operations that are left. Ids bear the operation where there are several upserts, and where there is none."""
    found = subjects(contract, accepts)
    registered()
    names = _tails(found) if len(found) > 1 else [""]
    mine = tuple(r for subject, name in zip(found, names, strict=False) for r in expand(subject, name))
    seen = {o.id for subject in found for o in (subject.operation, *subject.beside.operations())}
    left = [subject for subject in bare_subjects(contract) if subject.operation.id not in seen]
    return (*mine, *(r for subject, name in zip(left, _words(left), strict=True) for r in expand(subject, name)))


def _tails(found: Iterable[Subject]) -> list[str]:
    """The end of each path, as long as it must be to be no other's: @Things, else @v2/Things."""
    paths = [subject.path.strip("/").split("/") for subject in found]
    tails = []
    for path in paths:
        ends = ("/".join(path[-n:]) for n in range(1, len(path) + 1) if sum(p[-n:] == path[-n:] for p in paths) == 1)
        tails.append("@" + next(ends, "/".join(path)))
    return tails


def _words(left: Iterable[Subject]) -> list[str]:
    """Operations in words that an id can bear: POST-api/Things/batch; with the query's names where it takes them."""
    ids = [subject.operation.id for subject in left]
    short = [name.partition("?")[0] for name in ids]
    told = (name if short.count(brief) > 1 else brief for name, brief in zip(ids, short, strict=True))
    return ["@" + name.replace(" ", "-") for name in told]


def check(
    contract: Contract,
    target: Target,
    settings: Settings | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Report:
    """Judge a target by a contract. UsageError: nothing is selected; TargetError: it cannot be judged at all."""
    settings = settings or Settings()
    selected = _select(requirements_of(contract, settings.accepts), settings)
    settings = replace(settings, run_id=settings.run_id or secrets.token_hex(3))
    started, begun = datetime.now(UTC), time.perf_counter()
    wire = Wire(target)
    run = Run(selected, registered(), Redactor(target), progress or (lambda _: None), wire)
    meetings = _meetings(selected, wire, settings)
    try:
        parts = visit(run, meetings)
    finally:
        wire.close()
    run.notes += [*_manner(selected), *_unshown(selected)]
    run.notes += settled(run.outcomes.values(), settings.deviations, started.date())
    keys = tuple(dict.fromkeys(key for meeting in meetings for key in meeting.session.keys))
    took = (started, time.perf_counter() - begun)
    return _report(contract, settings, run, wire, parts, keys, took)


def _report(
    contract: Contract,
    settings: Settings,
    run: Run,
    wire: Wire,
    parts: tuple[Part, ...],
    keys: tuple[str, ...],
    took: tuple[datetime, float],
) -> Report:
    """What a run found, as a report; `took` is when it began and the seconds it lasted."""
    return Report(
        target=run.redactor.text(wire.target.base_url),
        operations=tuple(part.operation for part in parts),
        pages=tuple((page.name, page.sha256) for page in contract.pages),
        seed=settings.seed,
        run_id=str(settings.run_id),
        profile=settings.profile,
        include=(*settings.include, *settings.resources),
        fail_level=settings.fail_level,
        tool=f"portal-contract {_version()}",
        started=took[0].strftime("%Y-%m-%dT%H:%M:%SZ"),
        outcomes=tuple(run.outcomes.values()),
        findings=tuple(run.findings),
        requests=len(wire.log),
        seconds=took[1],
        notes=tuple(run.notes),
        keys=keys,
        latency=latency_of(wire.log),
        parts=parts,
    )


def _meetings(selected: tuple[Requirement, ...], wire: Wire, settings: Settings) -> list[Meeting]:
    """A session for each operation of which something is selected."""
    mine: dict[str, list[Requirement]] = {}
    for requirement in selected:
        mine.setdefault(requirement.subject.operation.id, []).append(requirement)
    effort, run_id = PROFILES[settings.profile], str(settings.run_id)
    sessions = (
        Session(of[0].subject, wire, settings.seed, run_id, settings.key_prefix, effort, zone=settings.zone)
        for of in mine.values()
    )
    return [Meeting(session, of, settings.share) for session, of in zip(sessions, mine.values(), strict=True)]


def _manner(selected: Iterable[Requirement]) -> list[str]:
    """What is to be said of operations whose effect no page tells how to see."""
    ids = list(dict.fromkeys(r.subject.operation.id for r in selected if r.subject.bare))
    what = "judged by its manner alone" if len(ids) == 1 else f"{len(ids)} operations are judged by their manner alone"
    why = "no page tells a key or a read by which what they do could be seen"
    if len(ids) == 1:
        return [f"{ids[0]} is {what}: {why.replace('they do', 'it does')}"]
    return [f"{what}: {why}: {', '.join(ids)}"] if ids else []


def _unshown(selected: Iterable[Requirement]) -> list[str]:
    """What is to be said of media types that the page lists and does not show."""
    media = dict.fromkeys(r.media for r in selected if r.unshown and r.template.each.endswith("media"))
    return [f"{name} is not judged: the page lists it, but shows no record in it" for name in media]


def _select(all_of_them: tuple[Requirement, ...], settings: Settings) -> tuple[Requirement, ...]:
    if not all_of_them:
        raise UsageError("the contract has no operation to judge\n    what to do: give the page of one")
    here = tuple(r for r in all_of_them if not settings.resources or _of(r.subject, settings.resources))
    if not here:
        paths = sorted({r.subject.path for r in all_of_them})
        raise UsageError(
            f"no operation is selected by {', '.join(settings.resources)}\n"
            f"    what to do: name a path or a segment of it: {', '.join(paths)}"
        )
    chosen = tuple(r for r in here if not settings.include or any(fnmatchcase(r.id, g) for g in settings.include))
    if not chosen:
        raise UsageError(
            f"nothing is selected by {', '.join(settings.include)}\n"
            "    what to do: list the ids with: portal-contract requirements"
        )
    return chosen


def _of(subject: Subject, globs: Iterable[str]) -> bool:
    """Whether an operation's path, or a segment of it, fits; in any case, as paths do."""
    path = subject.path.strip("/").lower()
    return any(fnmatchcase(name, glob.strip("/").lower()) for glob in globs for name in (path, *path.split("/")))


def _version() -> str:
    try:
        return metadata.version("portal-contract")
    except metadata.PackageNotFoundError:  # run from a checkout that was not installed
        return "(not installed)"
