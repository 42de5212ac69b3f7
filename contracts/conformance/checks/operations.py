"""Operations of which no record is known: that they answer, in what shape, and what they refuse."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from contracts.conformance import asking, bodies
from contracts.conformance.checks import check
from contracts.conformance.probe import BeyondError, Probe
from contracts.conformance.session import Answer
from contracts.model import Model

#: What says that the operation is not there, or not as the page shows it.
_MISSING = (404, 405, 415, 501)


def _ask(probe: Probe, path: str = "", body: bytes | None = None, media: str = "") -> Answer:
    subject = probe.subject
    if asking.deleting(subject):
        raise BeyondError("not tried: it would delete, and its path names no record of the suite's own")
    body = asking.sampled_body(subject) if body is None else body
    headers = {"Accept": "application/json"}
    if body is not None:
        headers["Content-Type"] = media or asking.json_media(subject)
    return probe.send(subject.operation.method.value, headers, body, path=path or asking.path(subject))


@check("operation.answers")
def answers(probe: Probe) -> None:
    """Where the path names a record, that record need not be there."""
    answer = _ask(probe)
    named = any(p.in_path for p in probe.subject.operation.parameters)
    fine = 0 < answer.status < 500 and (answer.status not in _MISSING or (named and answer.status == 404))
    probe.expect(fine, "an answer that is no failure", answer.words())
    probe.observe(f"asked as the page shows, it answers {answer.words()}")


@check("operation.meaning")
def meaning(probe: Probe) -> None:
    raise BeyondError("no page tells a key or a read by which its effect could be seen: only its manner is judged")


@check("operation.shape")
def shape(probe: Probe) -> None:
    model = asking.answered_model(probe.subject)
    answer = _ask(probe)
    if model is None or not 200 <= answer.status < 300 or answer.media not in ("application/json", "text/json"):
        raise BeyondError(f"no answer in JSON was seen: {answer.words()}")
    try:
        document = bodies.document(answer.body, answer.charset)
    except bodies.UnreadableError as error:
        probe.expect(False, "an answer in JSON", str(error))
        return
    nulls = {p.json.value: None for p in model.properties if p.json.value and p.nullable.value is not False}
    known = _known(probe, model, nulls)
    for item in asking.objects(document):
        faults = _faults(probe, model, {**nulls, **item}, known)
        probe.expect(not faults, "an answer shaped as the page shows", "; ".join(faults[:3]))
    probe.expect(document is None or isinstance(document, dict | list), "an object or a list", repr(document)[:60])


def _faults(probe: Probe, model: Model, item: Mapping[str, object], known: Collection[str]) -> list[str]:
    """What is wrong with an item, but for what is wrong with the page's own sample as well (values of an enumeration
    that its table does not list)."""
    found = probe.subject.schemas.json_faults(model.name, "response", item)
    return [fault for fault in found if fault not in known]


def _known(probe: Probe, model: Model, nulls: Mapping[str, object]) -> set[str]:
    operation, found = probe.subject.operation, set[str]()
    for sample in (*operation.response.samples, *operation.request.samples):
        try:
            document = bodies.document(sample.text.encode())
        except bodies.UnreadableError:
            continue
        for item in asking.objects(document):
            found.update(probe.subject.schemas.json_faults(model.name, "response", {**nulls, **item}))
    return found


@check("operation.parameter-required")
def parameter_required(probe: Probe) -> None:
    for parameter in asking.demanded(probe.subject):
        probe.attempt()
        answer = _ask(probe, asking.path(probe.subject, [parameter.name]))
        probe.expect(400 <= answer.status < 500, f"4xx without {parameter.key}", answer.words())


@check("operation.parameter-left-out")
def parameter_left_out(probe: Probe) -> None:
    names = [parameter.name for parameter in asking.in_query(probe.subject, required=False)]
    whole = _ask(probe)
    for left_out in (names, names[:1]):
        probe.attempt()
        answer = _ask(probe, asking.path(probe.subject, left_out))
        fine = 200 <= answer.status < 300 or answer.status == whole.status
        probe.expect(fine, f"an answer as with {', '.join(left_out)} ({whole.words()})", answer.words())


@check("operation.parameter-mistyped")
def parameter_mistyped(probe: Probe) -> None:
    for parameter in asking.typed(probe.subject):
        probe.attempt()
        answer = _ask(probe, asking.path(probe.subject, **{parameter.name: "no-such-value"}))
        probe.expect(400 <= answer.status < 500, f"4xx to {parameter.key}=no-such-value", answer.words())


@check("operation.malformed")
def malformed(probe: Probe) -> None:
    """An action that does not ask whether its body could be read answers as if there were none: that is observed."""
    for body in (b'{"a": }', b"[1,", b'"open'):
        probe.attempt()
        answer = _ask(probe, body=body)
        probe.expect(0 < answer.status < 500, f"no error of the server for the body {body!r}", answer.words())
        if answer.status < 400:
            probe.observe(f"a body that cannot be read is answered with {answer.words()}")


@check("operation.unsupported-media-type")
def unsupported_media_type(probe: Probe) -> None:
    answer = _ask(probe, media="application/x-portal-contract")
    probe.expect(answer.status == 415, "415 to a body of type application/x-portal-contract", answer.words())
