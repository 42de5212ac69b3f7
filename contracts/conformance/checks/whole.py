"""The run as a whole, and what is only observed."""

from __future__ import annotations

from contracts.conformance.checks import check
from contracts.conformance.probe import NotJudgedError, Probe
from contracts.conformance.session import Entry

REPEATS = 12
FIRST = 2  # so many keys of the run's beginning are sent again at its end


@check("steady.same-request-same-answer")
def same_request_same_answer(probe: Probe) -> None:
    """The first answer may be that of a creation, so the second is the measure."""
    sent = probe.record()
    probe.accepted(sent)
    measure, known = probe.accepted(sent)
    before = probe.exchanges[-1:]
    for _ in range(REPEATS):
        probe.exchanges = list(before)
        answer, came = probe.accepted(sent)
        told = {name: known.get(name) for name in sorted({*known, *came}) if known.get(name) != came.get(name)}
        probe.expect(answer.status == measure.status, f"{measure.words()} again", answer.words())
        probe.expect(not told, f"the same record again ({told})", f"{ {name: came.get(name) for name in told} }")


@check("upsert.ids-hold")
def ids_hold(probe: Probe) -> None:
    """Every answer of the run is looked through, after the run's first keys were sent once more."""
    by_key: dict[str, Entry] = {}
    by_id: dict[str, Entry] = {}
    if not probe.session.ledger:
        raise NotJudgedError("no answer bore a key and an id")
    for key in list(dict.fromkeys(entry.key for entry in probe.session.ledger))[:FIRST]:
        probe.ask(probe.record(key=key))
    for entry in probe.session.ledger:
        first = by_key.setdefault(entry.key, entry)
        probe.exchanges = [first.exchange, entry.exchange]
        probe.expect(first.id == entry.id, f"the id {first.id} for the key {entry.key}", entry.id)
        owner = by_id.setdefault(entry.id, entry)
        probe.exchanges = [owner.exchange, entry.exchange]
        probe.expect(
            owner.key == entry.key, f"an id of its own for the key {entry.key}", f"{entry.id}, as {owner.key} has"
        )


@check("observed.created")
def created(probe: Probe) -> None:
    sent = probe.record()
    first, again = probe.ask(sent), probe.ask(sent)
    probe.expect(0 < again.status < 500, "an answer", again.words())
    probe.observe(f"a new record is answered with {first.words()}, a known one with {again.words()}")


@check("observed.key-case")
def key_case(probe: Probe) -> None:
    key = probe.session.key("-Aa")
    one = probe.drawn(probe.record(key=key), ledger=False)
    other = probe.drawn(probe.record(key=key.swapcase()), ledger=False)
    probe.observe("keys that differ in case alone are " + ("one record" if one == other else "two records"))


@check("observed.left-unsaid")
def left_unsaid(probe: Probe) -> None:
    prop = probe.subject.optional_texts[0]
    sent = probe.record()
    probe.accepted(sent)
    _, came = probe.accepted({name: value for name, value in sent.items() if name != prop.name})
    kept = came.get(prop.name) == sent[prop.name]
    probe.observe(f"a member that an update leaves out is {'kept (merge)' if kept else 'cleared (replace)'}")
