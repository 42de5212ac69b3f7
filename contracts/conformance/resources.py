"""The resources of a run, one after the other: each is asked whether it can be judged, then each that can be is judged.

    meetings ──survey──▶ standing · refused ──judge──▶ a Part each

The rule: one resource that cannot be judged does not end the run for the others. Only what concerns the target as a
whole does: its budget is spent, or several resources in a row cannot be reached. What the pages hold and the target has
not is judged where the target has others: the address is right then, and the operation is missing. No requirement is
judged here (`running`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from contracts.conformance.parts import Part, counted
from contracts.conformance.preflight import RefusedError, absent, greet, survey
from contracts.conformance.requirements import Requirement
from contracts.conformance.running import Run
from contracts.conformance.session import Session
from contracts.conformance.wire import Passed
from contracts.errors import PortalError, TargetError, UsageError

LOST = 3  # so many resources in a row that cannot be reached end the run
#: What cannot be the fault of one resource alone, where nothing has answered yet.
_WHOLE = frozenset({"refused", "name", "tls", "plain", "certificate", "handshake", "proxy"})


@dataclass
class Meeting:
    """A resource, what is to be judged of it with how many requests at most, what it took, and why it is not judged."""

    session: Session
    selected: list[Requirement]
    share: int | None = None
    log: list[Passed] = field(default_factory=list)
    seconds: float = 0.0
    refused: PortalError | None = None
    unjudged: str = ""

    @property
    def kind(self) -> str:
        """Why it could not be reached, in a word; empty where it answered."""
        return self.refused.kind if isinstance(self.refused, RefusedError) else ""

    def does(self, action: Callable[[], str]) -> str:
        """What an action ends in, its requests and seconds written down as this resource's."""
        wire, begun = self.session.wire, time.perf_counter()
        first = len(wire.log)
        wire.begin(None if self.share is None else self.share - len(self.log))
        try:
            return action()
        finally:
            self.log += wire.log[first:]
            self.seconds += time.perf_counter() - begun

    def part(self) -> Part:
        """Its share of the run."""
        subject = self.session.subject
        operations = counted(subject.contract, self.log)
        return Part(subject.operation.id, len(self.log), operations, self.seconds, self.unjudged)


def visit(run: Run, meetings: Sequence[Meeting]) -> tuple[Part, ...]:
    """Ask every resource, then judge each that can be; the error of the first where none can."""
    _ask(run, meetings)
    if all(meeting.refused is not None for meeting in meetings):
        raise _all_refused(meetings)
    lost, end = 0, ""
    for place, meeting in enumerate(meetings):
        run.turn(meeting.session, place, len(meetings))
        if end:
            run.leave(meeting.selected, end)
            meeting.unjudged = end
        elif meeting.refused is not None and not _missing(meeting):
            run.pass_over(meeting.selected, str(meeting.refused))
            meeting.unjudged = str(meeting.refused).partition("\n")[0]
        else:
            kind = meeting.does(lambda m=meeting: run.judge(m.session, m.selected))  # type: ignore[misc]
            meeting.unjudged = run.ended
            lost = lost + 1 if kind not in ("", "share", "failing") else 0
            end = run.ended if kind == "budget" or lost >= LOST else ""
            meeting.session.forget()
    return tuple(meeting.part() for meeting in meetings)


def _ask(run: Run, meetings: Sequence[Meeting]) -> None:
    """Ask each resource; where the target as a whole is not there, no further one."""
    lost = 0
    for place, meeting in enumerate(meetings):
        run.turn(meeting.session, place, len(meetings))
        meeting.does(lambda m=meeting: _meet(run, m))  # type: ignore[misc]
        lost = lost + 1 if meeting.kind else 0
        if meeting.kind == "budget" or lost >= LOST or (place == 0 and meeting.kind in _WHOLE):
            _leave(meetings[place + 1 :], meeting)
            return


def _meet(run: Run, meeting: Meeting) -> str:
    try:
        (greet if meeting.session.subject.bare else survey)(meeting.session, run.redactor)
    except (TargetError, UsageError) as error:
        meeting.refused = error
    run.notes += meeting.session.notes
    return ""


def _leave(meetings: Iterable[Meeting], last: Meeting) -> None:
    for meeting in meetings:
        meeting.refused = TargetError(f"not asked: {str(last.refused).partition(': ')[2]}")


def _missing(meeting: Meeting) -> bool:
    """Whether the target, which has other resources, has not this operation at all."""
    error = meeting.refused
    status = error.status if isinstance(error, RefusedError) else 0
    return meeting.does(lambda: "absent" if status and absent(meeting.session, status) else "") == "absent"


def _all_refused(meetings: Sequence[Meeting]) -> PortalError:
    """The first resource's error, and how many others cannot be judged either."""
    first = meetings[0].refused
    assert first is not None
    others = [m for m in meetings[1:] if not str(m.refused).startswith("not asked")]
    if not others or isinstance(first, UsageError):
        return first
    head, _, rest = str(first).partition("\n")
    return TargetError(f"{head}\n    and so for {len(others)} more of {len(meetings)} operations\n{rest}")
