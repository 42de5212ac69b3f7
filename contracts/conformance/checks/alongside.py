"""What stands behind an upsert: a member of a record read by itself, several records sent at once. In JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from contracts.conformance import alongside, bodies, storage
from contracts.conformance.bodies import UnreadableError
from contracts.conformance.checks import check
from contracts.conformance.deep import reading
from contracts.conformance.deep.asking import Trial
from contracts.conformance.deep.comparing import difference
from contracts.conformance.deep.kinds import Deep
from contracts.conformance.probe import BeyondError, Probe
from contracts.conformance.session import Answer
from contracts.conformance.values import Record


def _json(probe: Probe) -> str:
    media, accept = probe.session.request_formats().get("json"), probe.session.response_formats().get("json")
    if media is None or accept is None:
        raise BeyondError("no JSON is spoken")
    return media


@check("part.read")
def read(probe: Probe) -> None:
    """After the create and after an update, of two records; the way in is the key or the id, whichever finds."""
    found = alongside.part(probe.subject)
    assert found is not None
    trial, media = Trial(probe, [found.prop]), _json(probe)
    trial.settle(media)
    probe.attempt()
    first, second = (trial.record(turn, probe.session.key()) for turn in (0, 2))
    answers = {str(r[probe.subject.key.name]): trial.takes(r, media) for r in (first, second)}
    way = _way(probe, trial, found, first, answers)
    for record in (second, first, trial.record(1, str(first[probe.subject.key.name]))):
        probe.exchanges = probe.exchanges[-4:]
        if record not in (first, second):
            trial.takes(record, media)
        key = str(record[probe.subject.key.name])
        kept = trial.kept(record, answers[key])
        answer = probe.send("GET", {"Accept": media}, None, path=found.path(getattr(kept, way)))
        probe.expect(200 <= answer.status < 300, f"{found.prop.name} of the record (2xx)", answer.words())
        ref = probe.subject.types.of(probe.subject.model, found.prop)
        came = reading.from_json(probe.subject.types, ref, _document(probe, answer))
        why = difference(probe.subject.types, ref, record.get(found.prop.name), came, found.prop.name)
        probe.expect(
            why is None, f"{why.place} = {why.sent}" if why else "", f"{why.place} = {why.came}" if why else ""
        )


def _way(
    probe: Probe, trial: Trial, found: alongside.MemberRead, record: Mapping[str, Deep], answers: Mapping[str, Answer]
) -> str:
    """Whether the records are named by their key or their id."""
    kept = trial.kept(record, answers[str(record[probe.subject.key.name])])
    for way in ("key", "id"):
        named = getattr(kept, way)
        if named and probe.send("GET", {"Accept": _json(probe)}, None, path=found.path(named)).status in range(
            200, 300
        ):
            return way
    raise BeyondError(f"no record is found by its key or its id for {found.parameter.name}")


def _document(probe: Probe, answer: Answer) -> object:
    try:
        return bodies.document(answer.body, answer.charset)
    except UnreadableError as error:
        probe.expect(False, "an answer in JSON", str(error))
        return None


def _batch(probe: Probe, records: Sequence[Record]) -> Answer:
    operation, media = alongside.batch(probe.subject), _json(probe)
    assert operation is not None
    body = b"[" + b", ".join(probe.body_of(record, media) for record in records) + b"]"
    headers = {"Content-Type": media, "Accept": media}
    return probe.send("POST", headers, body, path=operation.path.value)


@check("batch.stored")
def stored(probe: Probe) -> None:
    """New records around one that is known: each is answered in its place and is then there under its id."""
    known = storage.store(probe)
    records = [probe.record(1), probe.record(2, known.key), probe.record(3)]
    answer = _batch(probe, records)
    if 400 <= answer.status < 500:
        raise BeyondError(f"a list of valid records is refused: {answer.words()}")
    probe.expect(200 <= answer.status < 300, "the list is accepted (2xx)", answer.words())
    rows = _document(probe, answer)
    told = (
        [bodies.from_object(probe.subject, row) for row in rows if isinstance(row, dict)]
        if isinstance(rows, list)
        else []
    )
    key = probe.subject.key.name
    keys = [record[key] for record in records]
    probe.expect([row.get(key) for row in told] == keys, f"the records {keys}", f"{[row.get(key) for row in told]}")
    for record, row in zip(records, told, strict=True):
        probe.compare(record, row, storage.compared(probe))
    if known.id:
        same = probe.id_of(told[1]) == probe.same_id(known.id)
        probe.expect(same, f"the id {known.id} of the known record", probe.id_of(told[1]) or "none")
    own = probe.subject.portal_id
    for record, row in zip(records, told, strict=True):
        kept = storage.Kept(str(record[key]), str(row.get(own.name)) if own else "", record)
        for named in storage.reads(probe) if probe.subject.beside.reads else []:
            storage.shows(probe, named, kept)


@check("batch.refused")
def refused(probe: Probe) -> None:
    needed = [prop.name for prop in probe.subject.required if prop.name != probe.subject.key.name][:1]
    lacking = {name: value for name, value in probe.record(1).items() if name not in needed}
    taken = _batch(probe, [probe.record()])
    if not 200 <= taken.status < 300:
        raise BeyondError(f"a list of valid records is refused: {taken.words()}")
    answer = _batch(probe, [probe.record(2), lacking])
    probe.expect(400 <= answer.status < 500, f"4xx to a list with a record without {needed[0]}", answer.words())
