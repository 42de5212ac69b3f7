"""One record, several formats: each says the same, going in and coming out.

Compared are two answers, not an answer and what was sent: what a portal does to a value in every format alike is the
business of the checks on that value.
"""

from __future__ import annotations

from contracts.conformance import bodies
from contracts.conformance.checks import check
from contracts.conformance.probe import NotJudgedError, Probe
from contracts.conformance.values import Record, comparable


def _record(probe: Probe, version: int, zones: bool) -> Record:
    """A plain record; without zones for a form, since the framework moves a form's times to its own zone."""
    record = probe.record(version)
    if zones:
        return record
    return {**record, **{prop.name: str(record[prop.name]).rstrip("Z") for prop in probe.subject.dates}}


def _again(probe: Probe, record: Record) -> Record:
    """The same record under a new key."""
    return {**record, probe.subject.key.name: probe.session.key()}


@check("meaning.{format}")
def meaning(probe: Probe) -> None:
    media = [fact.value.name for fact in probe.subject.request_media() if fact.value.format == probe.format]
    taken = [name for name in media if name not in probe.session.fallen_media]
    if not taken:
        raise NotJudgedError(f"not judged because of accept.{media[0]}")
    for name in taken:
        for version in (0, 1):
            probe.attempt()
            sent = _record(probe, version, zones=probe.format != "form")
            _, measure = probe.accepted(sent)
            _, came = probe.accepted(_again(probe, sent), media=name)
            _same(probe, measure, came)


@check("meaning.spelling.{format}")
def spelling(probe: Probe) -> None:
    wire = probe.session.format_of(probe.media)
    media = probe.session.request_formats().get(wire)
    if media is None:
        raise NotJudgedError(f"no {wire} is accepted")
    record = _record(probe, 0, zones=wire != "form")
    _, measure = probe.accepted(record, media=media)
    for number in range(len(bodies.respell(wire, bodies.write(probe.subject, wire, record)))):
        probe.attempt()
        again = _again(probe, record)
        body = bodies.respell(wire, bodies.write(probe.subject, wire, again))[number]
        answer = probe.ask(again, media=media, body=body)
        probe.expect(200 <= answer.status < 300, f"this spelling of {wire} is accepted (2xx)", answer.words())
        _same(probe, measure, answer.record or {})


@check("meaning.answer-{format}")
def meaning_of_answer(probe: Probe) -> None:
    """A null told in one format is a null in the other; a portal that takes no null shows nothing of it."""
    nothing = {prop.name: None for prop in probe.subject.optional_texts}
    for sent in (probe.record(), {**probe.record(1), **nothing}):
        probe.attempt()
        answers = probe.ask(sent), probe.ask(_again(probe, sent), accept=probe.media)
        if any(answer.status >= 300 or answer.record is None for answer in answers) and None in sent.values():
            continue
        for answer in answers:
            probe.expect(answer.record is not None, "a record in the answer", answer.problem or answer.words())
        _same(probe, answers[0].record or {}, answers[1].record or {})


def _same(probe: Probe, measure: Record, came: Record) -> None:
    contract, key = probe.subject.contract, probe.subject.key
    members = [
        prop for prop in probe.subject.sent if comparable(contract, prop) and prop != key and probe.subject.shown(prop)
    ]
    held = [prop for prop in members if prop.name in measure]
    probe.compare({prop.name: measure[prop.name] for prop in held}, came, held)
