"""What the pages say of lists and of what stands inside nested models is held, as it is of plain members."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from contracts.conformance.checks import check
from contracts.conformance.deep import forbidding
from contracts.conformance.deep.asking import Trial
from contracts.conformance.deep.forbidding import Breach
from contracts.conformance.deep.kinds import Deep, Types
from contracts.conformance.probe import NotJudgedError, Probe
from contracts.model import Model

Breaches = Callable[[Types, Model, dict[str, Deep]], Iterator[Breach]]


@check("annotation.deep")
def refused(probe: Probe) -> None:
    _refused(probe, forbidding.forbidden)


@check("required.deep")
def demanded(probe: Probe) -> None:
    _refused(probe, forbidding.lacking)


@check("annotation.deep-limit")
def at_the_limit(probe: Probe) -> None:
    trial = _trial(probe)
    for breach in _breaches(probe, trial, forbidding.allowed):
        probe.attempt()
        key = probe.session.key()
        answer = trial.sends(_keyed(probe, breach, key), probe.session.speech)
        what = f"{breach.place} {breach.how}, at the limit, accepted (2xx)"
        probe.expect(200 <= answer.status < 300, what, answer.words())


def _refused(probe: Probe, breaches: Breaches) -> None:
    """In the suite's own format on create and on update, in another one on create."""
    trial = _trial(probe)
    others = [m for wire, m in probe.session.request_formats().items() if wire != "form" and m != probe.session.speech]
    for number, breach in enumerate(_breaches(probe, trial, breaches)):
        for media in (probe.session.speech, *(others[number % len(others) :][:1] if others else ())):
            probe.attempt()
            _expect(probe, trial, breach, probe.session.key(), media, "create")
        probe.attempt()
        key = probe.session.key()
        trial.takes(trial.record(0, key), probe.session.speech)
        _expect(probe, trial, breach, key, probe.session.speech, "update")


def _expect(probe: Probe, trial: Trial, breach: Breach, key: str, media: str, when: str) -> None:
    answer = trial.sends(_keyed(probe, breach, key), media)
    what = f"4xx to {breach.place} {breach.how} ({probe.session.format_of(media)}, {when})"
    probe.expect(400 <= answer.status < 500, what, answer.words())


def _trial(probe: Probe) -> Trial:
    """Every deep member, in values that the target takes."""
    trial = Trial(probe, [prop for props in probe.subject.deep.values() for prop in props])
    trial.settle(probe.session.speech)
    if not trial.rich and not trial.tame:
        raise NotJudgedError("no value is taken that the pages allow")
    return trial


def _breaches(probe: Probe, trial: Trial, breaches: Breaches) -> list[Breach]:
    record = trial.record(0, probe.session.key())
    return list(breaches(probe.subject.types, probe.subject.model, record))


def _keyed(probe: Probe, breach: Breach, key: str) -> dict[str, Deep]:
    return {**breach.record, probe.subject.key.name: key}
