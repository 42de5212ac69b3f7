"""Any sequence of requests: several keys, formats, updates and refusals interleaved, drawn by a state machine.

    Plan (RuleBasedStateMachine) ──draws──▶ steps ──play──▶ exchanges

The rule: a plan is drawn first and then played, so that the same plan is played once only, and Hypothesis shrinks what
fails to the fewest requests. What a step expects follows from what was sent before, never from what came, but for the
ids that the portal drew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings, target
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, rule, run_state_machine_as_test

from contracts.conformance.checks import check
from contracts.conformance.checks.members import changeable, changed
from contracts.conformance.pairs import seen
from contracts.conformance.probe import BrokenError, Probe, outcome_of, shown
from contracts.conformance.values import Record, Value

MOST = 80  # so many plans are played at most once one has failed


@dataclass(frozen=True)
class Step:
    """One request: the record's place, its version, the format sent and asked for, what it leaves out; `changed`: the
    members that alone change, None where all become those of the version."""

    place: int
    version: int
    media: int
    accept: int
    left_out: frozenset[int] = frozenset()
    refused: bool = False
    changed: frozenset[int] | None = None


#: What is played in any case: the update that follows a refusal.
ALWAYS = (Step(0, 0, 0, 0), Step(0, 1, 0, 0, frozenset([0]), refused=True), Step(0, 3, 0, 0))


@dataclass
class _Slot:
    """A record as the client knows it."""

    key: str
    id: str = ""
    stored: dict[str, Value] = field(default_factory=dict)
    sent: dict[str, Value] = field(default_factory=dict)
    changes: dict[str, int] = field(default_factory=dict)


class _Search:
    """The plans played so far, each once, and the ways in which they changed two members."""

    def __init__(self, probe: Probe):
        self._probe = probe
        self.members = len(changeable(probe))
        self.played: dict[tuple[Step, ...], BrokenError | None] = {}
        self.ways: set[tuple[int, int, str]] = set()

    def play(self, plan: tuple[Step, ...]) -> None:
        """Play a plan that was not played yet; BrokenError where an expectation does not hold."""
        ways = self._ways(plan)
        target(float(len(ways)), label="ways for two members to change")
        if plan not in self.played:
            failed = sum(outcome is not None for outcome in self.played.values())
            enough = failed and len(self.played) > MOST
            self.played[plan] = None if enough else outcome_of(lambda: _play(self._probe, plan))
            self.ways |= ways
        outcome = self.played[plan]
        if outcome is not None:
            raise outcome

    def _ways(self, plan: tuple[Step, ...]) -> set[tuple[int, int, str]]:
        if not self.members:
            return set()
        rows = [step.changed for step in plan if step.changed is not None]
        return seen((frozenset(number % self.members for number in row) for row in rows), self.members)


@check("upsert.any-sequence")
def any_sequence(probe: Probe) -> None:
    """Where an update leaves something out, keeping and clearing are both right; what the portal chose then holds.

    The search is aimed (Hypothesis' `target`) at plans in which more pairs of members change together and alone.
    """
    _play(probe, ALWAYS)
    search, effort = _Search(probe), probe.session.effort
    run_state_machine_as_test(
        seed(probe.session.seed)(_machine(search.play)),
        settings=settings(
            max_examples=effort.plans,
            stateful_step_count=effort.steps,
            database=None,
            deadline=None,
            derandomize=False,
            phases=(Phase.generate, Phase.target, Phase.shrink),
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet,
            print_blob=False,
            report_multiple_bugs=False,
        ),
    )
    ways = 3 * search.members * (search.members - 1) // 2
    probe.observe(f"{1 + len(search.played)} plans; {len(search.ways)} of {ways} ways for two members to change")


def _machine(play: Callable[[tuple[Step, ...]], None]) -> type[RuleBasedStateMachine]:
    small = st.integers(0, 5)
    some = st.frozensets(st.integers(0, 11), min_size=1)

    class Plan(RuleBasedStateMachine):
        records = Bundle("records")

        def __init__(self) -> None:
            super().__init__()
            self.steps: list[Step] = []
            self.places = 0

        @rule(target=records, version=small, media=small, accept=small)
        def create(self, version: int, media: int, accept: int) -> int:
            self.steps.append(Step(self.places, version, media, accept))
            self.places += 1
            return self.places - 1

        @rule(place=records, version=small, media=small, accept=small)
        def update(self, place: int, version: int, media: int, accept: int) -> None:
            self.steps.append(Step(place, version, media, accept))

        @rule(place=records, media=small, accept=small, members=some)
        def change(self, place: int, media: int, accept: int, members: frozenset[int]) -> None:
            self.steps.append(Step(place, 0, media, accept, changed=members))

        @rule(place=records, version=small, media=small, accept=small, left_out=st.frozensets(small, min_size=1))
        def leave_out(self, place: int, version: int, media: int, accept: int, left_out: frozenset[int]) -> None:
            self.steps.append(Step(place, version, media, accept, left_out))

        @rule(place=records, version=small, media=small, left_out=small)
        def refuse(self, place: int, version: int, media: int, left_out: int) -> None:
            self.steps.append(Step(place, version, media, 0, frozenset([left_out]), refused=True))

        def teardown(self) -> None:
            play(tuple(self.steps))

    return Plan


def _play(probe: Probe, plan: tuple[Step, ...]) -> None:
    probe.attempt()
    slots: dict[int, _Slot] = {}
    for step in plan:
        slot = slots.setdefault(step.place, _Slot(probe.session.key("-seq")))
        if step.refused:
            _refuse(probe, slot, step)
        else:
            _write(probe, slot, step)
            others = [other for place, other in slots.items() if place != step.place]
            probe.expect(all(o.id != slot.id for o in others), f"an id of its own for {slot.key}", slot.id)


def _record(probe: Probe, slot: _Slot, step: Step) -> dict[str, Value]:
    """A plain record in a version, every third in lower case; or the one sent before with some members changed."""
    sent = probe.record(step.version, slot.key)
    if step.changed is not None:
        sent = {**sent, **slot.sent, **_changes(probe, slot, step.changed)}
    elif step.version % 3 == 2:
        sent.update({prop.name: str(sent[prop.name]).lower() for prop in probe.subject.texts})
    if not step.refused:
        slot.sent = dict(sent)
    if probe.session.format_of(_media(probe, step)) == "form":  # a form's zones are the framework's play
        sent.update({prop.name: str(sent[prop.name]).rstrip("Z") for prop in probe.subject.dates})
    return sent


def _changes(probe: Probe, slot: _Slot, members: frozenset[int]) -> Record:
    """The next values of these members; all dates then stand minutes from the first version's, in their order."""
    known = changeable(probe)
    for name in {known[number % len(known)].name for number in members} if known else ():
        slot.changes[name] = slot.changes.get(name, 0) + 1
    moving = [prop for prop in known if prop.name in slot.changes or prop in probe.subject.dates]
    return {prop.name: changed(probe, prop, slot.changes.get(prop.name, 0)) for prop in moving}


def _media(probe: Probe, step: Step) -> str:
    offered = list(probe.session.request_formats().values())
    return offered[step.media % len(offered)]


def _write(probe: Probe, slot: _Slot, step: Step) -> None:
    subject, offered = probe.subject, probe.session.answers() or [probe.session.hearing]
    optional = [prop.name for prop in subject.optional_texts]
    gone = {optional[number % len(optional)] for number in step.left_out} if optional else set()
    sent: Record = {n: v for n, v in _record(probe, slot, step).items() if n not in gone}
    _, came = probe.accepted(sent, _media(probe, step), offered[step.accept % len(offered)])
    drawn = probe.id_of(came)
    slot.id = slot.id or drawn
    probe.expect(drawn == slot.id, f"the id {slot.id} for {slot.key}", drawn or "none")
    probe.compare(sent, came, [*subject.texts, *subject.dates, *subject.values, subject.key])
    for name in sorted(gone):
        allowed = (None, "", slot.stored.get(name))
        wanted = f"{name} = {slot.stored.get(name)!r} (kept) or nothing (cleared)"
        probe.expect(came.get(name) in allowed, wanted, shown(came.get(name)))
        slot.stored[name] = came.get(name)
    slot.stored.update({name: value for name, value in sent.items() if name in optional})


def _refuse(probe: Probe, slot: _Slot, step: Step) -> None:
    """A request without a required member: what it answers is another requirement's; it must change nothing."""
    names = [prop.name for prop in probe.subject.required if prop.name != probe.subject.key.name]
    media = _media(probe, step)
    if not names or probe.session.format_of(media) in probe.session.lax_formats:
        return
    lacking = names[min(step.left_out) % len(names)]
    sent = {n: v for n, v in _record(probe, slot, step).items() if n != lacking}
    answer = probe.ask(sent, media, ledger=False)
    if answer.status < 400 and answer.record is not None:  # taken: then it counts
        slot.id = slot.id or probe.id_of(answer.record)
        slot.stored.update({p.name: sent.get(p.name) for p in probe.subject.optional_texts})
