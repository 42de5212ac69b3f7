"""Members that are no plain scalar come back as sent: nested models, lists, dictionaries, bytes, spans and the like.

The rule: what a page leaves open is not judged: what is left out of an update, an empty list told from none outside
JSON, the width of a number. A refusal is no alteration.
"""

from __future__ import annotations

from collections.abc import Sequence

from contracts.conformance.checks import check
from contracts.conformance.deep.asking import Trial
from contracts.conformance.probe import NotJudgedError, Probe
from contracts.model import Property


def _settled(probe: Probe, props: Sequence[Property], media: str = "") -> Trial:
    trial = Trial(probe, props)
    trial.settle(media or probe.session.speech)
    if not trial.rich and not trial.tame:
        raise NotJudgedError("no value is taken that the pages allow")
    probe.attempt()
    return trial


def _every(probe: Probe) -> list[Property]:
    return [prop for props in probe.subject.deep.values() for prop in props]


@check("deep.{member}")
def kept(probe: Probe) -> None:
    """In every format of a request; in the suite's own in every format of an answer and by every read."""
    answers = probe.session.answers() or [probe.session.hearing]
    for media in probe.session.request_formats().values():
        probe.attempt()
        trial = Trial(probe, probe.subject.deep[probe.member])
        if not trial.tried(media):
            continue
        key, own = probe.session.key(), media == probe.session.speech
        sent = trial.record(0, key, media)
        answer = trial.sends(sent, media)
        if answer.status in range(400, 500):
            trial = _settled(probe, probe.subject.deep[probe.member], media)
            sent = trial.record(0, key, media)
            answer = trial.takes(sent, media)
        probe.expect(200 <= answer.status < 300, "the record is accepted (2xx)", answer.words())
        trial.shows(sent, answer, trial.tried(media))
        for accept in answers[1:] if own else []:
            trial.shows(sent, trial.takes(sent, media, accept), trial.tried(media))
        if own:
            trial.reads(sent, answer, trial.tried(media), answers)


@check("deep.replaced")
def replaced(probe: Probe) -> None:
    """A list with fewer items, a dictionary with a key less, other values within: the whole is replaced."""
    trial = _settled(probe, _every(probe))
    media, key = probe.session.speech, probe.session.key()
    for turn in (0, 1, 2):
        probe.exchanges = probe.exchanges[-1:]
        sent = trial.record(turn, key)
        answer = trial.takes(sent, media)
        if turn:
            trial.shows(sent, answer, trial.tried(media))
            trial.reads(sent, answer, trial.tried(media), [probe.session.hearing])


@check("deep.put")
def put(probe: Probe) -> None:
    trial = _settled(probe, _every(probe))
    media, key = probe.session.speech, probe.session.key()
    named = probe.subject.beside.replace
    assert named is not None
    first = trial.record(0, key)
    created = trial.takes(first, media)
    kept = trial.kept(first, created)
    for turn in (1, 2):
        sent = trial.record(turn, key)
        answer = trial.takes(sent, media, path=named.path(kept.id if named.by == "id" else kept.key))
        if answer.record is not None:
            trial.shows(sent, answer, trial.tried(media))
        trial.reads(sent, created, trial.tried(media), [probe.session.hearing])


@check("deep.apart")
def apart(probe: Probe) -> None:
    trial = _settled(probe, _every(probe))
    media, hearing = probe.session.speech, probe.session.hearing
    sent = [trial.record(turn, probe.session.key()) for turn in (0, 2)]
    answers = [trial.takes(record, media) for record in sent]
    for record, answer in zip(sent, answers, strict=True):
        trial.reads(record, answer, trial.tried(media), [hearing])
    sent[0] = trial.record(1, str(sent[0][probe.subject.key.name]))
    trial.takes(sent[0], media)
    trial.reads(sent[1], answers[1], trial.tried(media), [hearing])
