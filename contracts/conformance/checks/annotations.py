"""What the page's annotations say of a value is held: at the limit it is taken, beyond it refused."""

from __future__ import annotations

from contracts.conformance import storage
from contracts.conformance.annotated import at_limit, breaking
from contracts.conformance.checks import check
from contracts.conformance.probe import NotJudgedError, Probe, shown
from contracts.conformance.session import Answer
from contracts.conformance.values import Record, Value


@check("annotation.limit.{member}")
def at_the_limit(probe: Probe) -> None:
    prop = probe.subject.model[probe.member]
    values = at_limit(prop)
    for media in probe.session.request_formats().values():
        for how, value in values if _own(probe, media) else values[-1:]:
            probe.attempt()
            sent = probe.record(changes={prop.name: value})
            answer = probe.ask(sent, media=media)
            what = f"{prop.name} = {shown(value)}, {how}, accepted (2xx, {probe.session.format_of(media)})"
            probe.expect(200 <= answer.status < 300, what, answer.words())
            probe.compare(sent, probe.taken(answer), [prop])


@check("annotation.refused.{member}")
def beyond_the_limit(probe: Probe) -> None:
    prop = probe.subject.model[probe.member]
    formats = list(probe.session.request_formats().values())
    for place, media in enumerate(formats):
        values = breaking(prop)
        if not _own(probe, media):  # in another format one of them, another than in the format before
            values = values[place % len(values) :][:1]
        for how, value in values:
            probe.attempt()
            _refuse(probe, media, probe.session.key(), how, value, "create")
            if prop.name == probe.subject.key.name:
                continue
            kept = storage.store(probe)
            _refuse(probe, media, kept.key, how, value, "update")
            if probe.subject.beside.replace is not None:
                answer = storage.replaced(probe, kept, _with(probe, kept.key, value), media)
                _expect(probe, answer, how, value, f"PUT, {probe.session.format_of(media)}")
            for named in list(probe.subject.beside.reads.values())[:1]:
                answer = storage.read(probe, named, kept)
                if answer.record is not None:  # what else a read shows is another requirement's
                    probe.compare(kept.sent, answer.record, [prop])


def _own(probe: Probe, media: str) -> bool:
    return media == probe.session.speech or probe.session.effort.thorough


def _with(probe: Probe, key: str, value: Value) -> Record:
    return {**probe.record(1, key), probe.member: value}


def _refuse(probe: Probe, media: str, key: str, how: str, value: Value, when: str) -> None:
    answer = probe.ask(_with(probe, key, value), media=media, ledger=False)
    _expect(probe, answer, how, value, f"{when}, {probe.session.format_of(media)}")


def _expect(probe: Probe, answer: Answer, how: str, value: Value, when: str) -> None:
    what = f"4xx to {probe.member} = {shown(value)}, {how} ({when})"
    probe.expect(400 <= answer.status < 500, what, answer.words())


@check("annotation.given.{member}")
def given(probe: Probe) -> None:
    """A number that is no nullable and is missing is refused by Json.NET, which the framework asks to only where names
    are in PascalCase: a contract resolver of the portal's own (camelCase) knows nothing of [Required]."""
    media = probe.session.request_formats().get("json")
    told = probe.subject.contract.casing.value == "PascalCase" or probe.subject.model[probe.member].nullable.value
    if media is None:
        raise NotJudgedError("no JSON is accepted")
    known = probe.session.key()
    probe.accepted(probe.record(key=known))
    base = list(probe.exchanges)
    for how in ("missing", "null") if told else ("null",):
        for key in (probe.session.key(), known):
            probe.exchanges = list(base) if key == known else []
            whole = probe.record(1, key)
            left = {name: value for name, value in whole.items() if name != probe.member}
            record: Record = {**whole, probe.member: None} if how == "null" else left
            answer = probe.ask(record, media=media, ledger=False)
            when = "update" if key == known else "create"
            probe.expect(400 <= answer.status < 500, f"4xx when {probe.member} is {how} ({when})", answer.words())
