"""What is deleted is gone, and nothing else is. Only records that the suite has just created are deleted."""

from __future__ import annotations

from contracts.conformance import storage
from contracts.conformance.checks import check
from contracts.conformance.probe import Probe
from contracts.conformance.storage import Kept


def _delete(probe: Probe, kept: Kept) -> None:
    answer = storage.deleted(probe, kept)
    probe.expect(200 <= answer.status < 300, "the record is deleted (2xx)", answer.words())
    probe.observe(f"a delete is answered with {answer.words()}")


@check("delete.gone")
def gone(probe: Probe) -> None:
    for version in (0, 3):  # as it was created, and after updates
        probe.attempt()
        kept = storage.store(probe)
        for later in range(1, version + 1):
            kept = storage.store(probe, later, kept.key)
        _delete(probe, kept)
        for named in storage.reads(probe):
            answer = storage.read(probe, named, kept)
            shown = 200 <= answer.status < 300 and bool(answer.record)
            fine = 0 < answer.status < 500 and not shown
            probe.expect(fine, f"nothing read by the {named.by} of what was deleted", storage.told(answer))


@check("delete.others-stay")
def others_stay(probe: Probe) -> None:
    others = [storage.store(probe), storage.store(probe, 1)]
    kept = storage.store(probe, 2)
    others += [storage.store(probe, 3)]
    _delete(probe, kept)
    for other in others:
        for named in storage.reads(probe):
            storage.shows(probe, named, other)


@check("delete.again")
def again(probe: Probe) -> None:
    other, kept = storage.store(probe), storage.store(probe, 1)
    _delete(probe, kept)
    for gone, what in ((kept, "a second delete"), (storage.nobody(probe, 4), "a delete of what never was")):
        answer = storage.deleted(probe, gone)
        fine = 200 <= answer.status < 300 or answer.status in storage.ABSENT
        probe.expect(fine, f"404 or done to {what}", answer.words())
        probe.observe(f"{what} is answered with {answer.words()}")
    for named in storage.reads(probe):
        storage.shows(probe, named, other)


@check("delete.then-created")
def then_created(probe: Probe) -> None:
    names = [prop.name for prop in probe.subject.optional_texts]
    kept = storage.store(probe)
    _delete(probe, kept)
    anew = storage.store(probe, 1, kept.key, without=names)
    probe.observe("a record sent after its deletion has " + ("its old id" if anew.id == kept.id else "a new id"))
    for named in storage.reads(probe):
        came = storage.shows(probe, named, anew)
        left = [name for name in names if came.get(name) not in (None, "")]
        probe.expect(not left, "nothing of the deleted record", f"{', '.join(left)} as before")
