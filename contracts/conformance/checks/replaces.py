"""What a PUT puts is what is read, under the same id; nothing else changes."""

from __future__ import annotations

from contracts.conformance import storage
from contracts.conformance.checks import check
from contracts.conformance.probe import Probe
from contracts.conformance.session import Answer
from contracts.conformance.storage import Kept


def _put(probe: Probe, kept: Kept, version: int, media: str = "") -> tuple[Kept, Answer]:
    """Replace a record by a version of itself; a form's times bear no zone."""
    sent = probe.record(version, kept.key)
    if media and probe.session.format_of(media) == "form":
        sent.update({prop.name: str(sent[prop.name]).rstrip("Z") for prop in probe.subject.dates})
    answer = storage.replaced(probe, kept, sent, media)
    probe.expect(200 <= answer.status < 300, "the replacement is accepted (2xx)", answer.words())
    return Kept(kept.key, kept.id, sent), answer


@check("replace.stored")
def stored(probe: Probe) -> None:
    kept = storage.store(probe)
    for version in (1, 2, 3):
        probe.exchanges = probe.exchanges[:1]
        kept, answer = _put(probe, kept, version)
        if answer.record is not None:
            probe.compare(kept.sent, answer.record, storage.compared(probe))
        for named in storage.reads(probe):
            came = storage.read(probe, named, kept)
            probe.expect(came.record is not None, f"the record read by its {named.by}", storage.told(came))
            probe.compare(kept.sent, came.record or {}, storage.compared(probe))


@check("replace.keeps-id")
def keeps_id(probe: Probe) -> None:
    kept = storage.store(probe)
    kept, answer = _put(probe, kept, 1)
    if answer.record is not None and probe.id_of(answer.record):
        same = probe.id_of(answer.record) == probe.same_id(kept.id)
        probe.expect(same, f"the id {kept.id} in the answer", probe.id_of(answer.record))
    for named in storage.reads(probe):
        storage.shows(probe, named, kept)
    again = storage.store(probe, 2, kept.key)
    probe.expect(
        probe.same_id(again.id) == probe.same_id(kept.id), f"the id {kept.id} for an update by the key", again.id
    )


@check("replace.every-format")
def every_format(probe: Probe) -> None:
    for media in probe.session.request_formats().values():
        probe.attempt()
        kept, _ = _put(probe, storage.store(probe), 1, media)
        for named in storage.reads(probe):
            storage.shows(probe, named, kept)


@check("replace.others-stay")
def others_stay(probe: Probe) -> None:
    before, kept, after = storage.store(probe), storage.store(probe, 1), storage.store(probe, 2)
    _put(probe, kept, 3)
    for other in (before, after):
        for named in storage.reads(probe):
            storage.shows(probe, named, other)


@check("replace.refused-changes-nothing")
def refused_changes_nothing(probe: Probe) -> None:
    needed = [prop.name for prop in probe.subject.required if prop.name != probe.subject.key.name]
    for lacking in [*needed[:1], *needed[1:][-1:]]:
        probe.attempt()
        kept = storage.store(probe)
        sent = {name: value for name, value in probe.record(1, kept.key).items() if name != lacking}
        answer = storage.replaced(probe, kept, sent)
        probe.expect(400 <= answer.status < 500, f"4xx to a PUT without {lacking}", answer.words())
        for named in storage.reads(probe)[:1]:
            storage.shows(probe, named, kept)


@check("replace.unknown")
def unknown(probe: Probe) -> None:
    """A portal may create what it is told to put (RFC 9110 §9.3.4): then it must be there."""
    nobody = storage.nobody(probe, 3)
    kept = Kept(nobody.key, nobody.id, probe.record(0, nobody.key))
    answer = storage.replaced(probe, kept, kept.sent)
    probe.expect(0 < answer.status < 500, "no error of the server", answer.words())
    probe.observe(f"a PUT to an unknown id is answered with {answer.words()}")
    if answer.status < 300:
        found = [storage.read(probe, named, kept) for named in storage.reads(probe)]
        there = any(each.status < 300 and each.record is not None for each in found)
        probe.expect(there, "404, or a record that is then read", f"{answer.words()}, and nothing to read")
    else:
        for named in storage.reads(probe):
            storage.gone(probe, named, kept, "of a refused PUT")
