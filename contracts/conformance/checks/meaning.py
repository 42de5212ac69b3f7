"""One record, several formats: each says the same, going in and coming out."""

from __future__ import annotations

from contracts.conformance.checks import check
from contracts.conformance.probe import Probe
from contracts.conformance.values import Record, comparable
from contracts.model import Property


def _members(probe: Probe) -> list[Property]:
    return [prop for prop in probe.subject.sent if comparable(probe.subject.contract, prop)]


def _record(probe: Probe, wire: str, version: int, key: str) -> Record:
    """A plain record; for a form its times bear no zone, since the framework moves a form's times to its own."""
    record = probe.record(version, key=key)
    if wire != "form":
        return record
    return {**record, **{prop.name: str(record[prop.name]).rstrip("Z") for prop in probe.subject.dates}}


@check("meaning.{format}")
def meaning(probe: Probe) -> None:
    for fact in probe.subject.request_media():
        if fact.value.format != probe.format or fact.value.name in probe.session.fallen_media:
            continue
        probe.attempt()
        key = probe.session.key()
        for version in (0, 1):
            sent = _record(probe, probe.format, version, key)
            _, came = probe.accepted(sent, media=fact.value.name)
            probe.compare(sent, came, _members(probe))


@check("meaning.answer-{format}")
def meaning_of_answer(probe: Probe) -> None:
    for version in (0, 1):
        probe.attempt()
        sent = probe.record(version)
        _, came = probe.accepted(sent, accept=probe.media)
        probe.compare(sent, came, _members(probe))
