"""What goes in, what comes out, and in what shape."""

from __future__ import annotations

from contracts.conformance import shapes
from contracts.conformance.checks import check
from contracts.conformance.probe import Probe
from contracts.conformance.session import Answer, content_type, family
from contracts.conformance.subject import bounds
from contracts.model import Property


@check("accept.{media}")
def accepted(probe: Probe) -> None:
    answer = probe.ask(probe.record(), media=probe.media)
    probe.expect(200 <= answer.status < 300, "the record is accepted (2xx)", answer.words())


@check("accept.with-charset")
def accepted_with_charset(probe: Probe) -> None:
    for media in probe.session.request_formats().values():
        probe.attempt()
        sent = probe.record(changes={prop.name: f"Grüße {place} łőÐ" for place, prop in enumerate(_accented(probe))})
        answer = probe.ask(sent, media=media, parameter="; charset=utf-8")
        probe.expect(200 <= answer.status < 300, f"accepted (2xx) as {media}; charset=utf-8", answer.words())
        if answer.record is not None:
            probe.compare(sent, answer.record, _accented(probe))


def _accented(probe: Probe) -> list[Property]:
    """Texts in which the charset would show."""
    return [prop for prop in probe.subject.texts if bounds(prop).allow("Grüße 10 łőÐ")]


@check("answer.{media}")
def answered(probe: Probe) -> None:
    for record in (probe.record(), probe.record(version=1)):
        answer, _ = probe.accepted(record, accept=probe.media)
        wanted = probe.session.format_of(probe.media)
        probe.expect(answer.wire == wanted, f"a record in {wanted}", f"a record in {answer.wire}")
        probe.attempt()


@check("answer.by-default")
def answered_by_default(probe: Probe) -> None:
    listed = {fact.value.format for fact in probe.subject.response_media()}
    answer, _ = probe.accepted(probe.record(), accept="*/*")
    probe.expect(answer.wire in listed, f"one of {sorted(listed)}", str(answer.wire))


@check("content-type.honest")
def honest(probe: Probe) -> None:
    for media in [*probe.session.response_formats().values(), "*/*"]:
        answer = probe.ask(probe.record(), accept=media)
        probe.expect(200 <= answer.status < 300, "the record is accepted (2xx)", answer.words())
        if answer.wire is None:
            raise_unreadable(probe, answer)
        declared = answer.media or "no Content-Type"
        probe.expect(family(answer.media) == answer.wire, f"a Content-Type of {answer.wire}", declared)
        probe.expect(_decodes(answer), f"a body in the declared charset {answer.charset}", "bytes that are not in it")
        probe.attempt()


def raise_unreadable(probe: Probe, answer: Answer) -> None:
    """An answer in no format at all has no honest type either."""
    probe.expect(False, f"a body of the declared type {answer.media or '(none)'}", answer.problem)


def _decodes(answer: Answer) -> bool:
    try:
        answer.body.decode(answer.charset)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


@check("content-type.as-asked.{media}")
def as_asked(probe: Probe) -> None:
    answer, _ = probe.accepted(probe.record(), accept=probe.media)
    received = answer.exchange.received
    assert received is not None
    got, _ = content_type(received.header("Content-Type"))
    probe.expect(got == probe.media.lower(), f"Content-Type: {probe.media}", f"Content-Type: {got}")


@check("shape.{format}")
def shaped(probe: Probe) -> None:
    media = probe.session.response_formats()[probe.session.format_of(probe.media)]
    key = probe.session.key()
    nothing = {prop.name: None for prop in probe.subject.optional_texts}
    for record in (probe.record(key=key), probe.record(version=1, key=key), probe.record(key=key, changes=nothing)):
        answer, _ = probe.accepted(record, accept=media)
        faults = shapes.faults(probe.subject, probe.session.format_of(media), answer.body, answer.charset)
        probe.expect(not faults, "an answer shaped as the page shows", "; ".join(faults[:3]))
        probe.attempt()


@check("shape.complete.{format}")
def complete(probe: Probe) -> None:
    media = probe.session.response_formats()[probe.session.format_of(probe.media)]
    key = probe.session.key()
    wire, speech = probe.session.format_of(media), probe.session.format_of(probe.session.speech)
    for version in (0, 1):
        sent = probe.record(version, key=key)
        _, came = probe.accepted(sent, accept=media)
        names = [p.name for p in probe.subject.answer_model.properties if (p.json if wire == "json" else p.xml).value]
        portal_id = probe.subject.answer_model.portal_id.value
        carried = {p.name for p in probe.subject.sent if (p.xml if speech == "xml" else p.json).value is not None}
        given = {name for name in carried if sent.get(name) is not None}
        missing = [n for n in names if n not in came and (n in given or n == portal_id)]
        probe.expect(not missing, "every member that has a value", f"no {', '.join(missing)}")
        probe.attempt()
