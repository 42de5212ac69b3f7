"""Required members: a record without one is rejected, and a rejected request changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.conformance.checks import check
from contracts.conformance.probe import Probe
from contracts.conformance.session import Answer
from contracts.conformance.values import Record


@check("required.enforced.{format}")
def enforced(probe: Probe) -> None:
    """Once with what is not required as well: an empty record may be refused for a value that its range forbids."""
    needed = {prop.name for prop in probe.subject.required}
    for alone in (True, False):
        probe.attempt()
        key = probe.session.key()
        rest = {} if alone else {n: v for n, v in probe.record(key=key).items() if n not in needed}
        answer = probe.ask({**rest, probe.subject.key.name: key}, media=probe.media, ledger=False)
        probe.expect(400 <= answer.status < 500, f"4xx to a record of its key alone in {probe.format}", answer.words())


@check("required.{member}")
def required(probe: Probe) -> None:
    known = probe.session.key()
    probe.accepted(probe.record(key=known))
    base = list(probe.exchanges)
    for media, key, how, when in _ways(probe, known):
        probe.exchanges = list(base) if when == "update" else []
        whole = probe.record(1, key=key)
        record: Record = {**whole, probe.member: None} if how == "null" else _without(whole, probe.member)
        answer = probe.ask(record, media=media, ledger=False)
        what = f"4xx when {probe.member} is {how} ({probe.session.format_of(media)}, {when})"
        probe.expect(400 <= answer.status < 500, what, answer.words())


def _ways(probe: Probe, known: str) -> Iterator[tuple[str, str, str, str]]:
    """Media type, key, missing or null, create or update; a form has no null."""
    for wire, media in probe.session.request_formats().items():
        if wire in probe.session.lax_formats:
            continue  # nothing is enforced there: one finding tells it
        for how in ("missing",) if wire == "form" else ("missing", "null"):
            yield media, probe.session.key(), how, "create"
            if probe.member != probe.subject.key.name:  # without its key a request is no update of anything
                yield media, known, how, "update"


def _without(record: Record, *names: str) -> Record:
    return {name: value for name, value in record.items() if name not in names}


@check("upsert.rejected-changes-nothing")
def rejected_changes_nothing(probe: Probe) -> None:
    subject = probe.subject
    others = [prop for prop in subject.required if prop.name != subject.key.name]
    optional = {prop.name for prop in subject.optional_texts}
    for prop in others[:1] + others[-1:]:
        probe.attempt()
        key = probe.session.key()
        sent = probe.record(key=key)
        first = probe.drawn(sent)
        refused = [probe.ask(_without(probe.record(1, key=key), prop.name), ledger=False), _broken(probe, key)]
        if any(answer.status < 400 for answer in refused):
            continue  # taken, not rejected: that is another requirement's
        _, came = probe.accepted(_without(sent, *optional))
        probe.expect(probe.id_of(came) == first, f"the id {first} after a rejected request", probe.id_of(came))
        for name in sorted(optional):
            wanted = f"{name} = {sent[name]!r} (kept) or nothing (cleared)"
            probe.expect(came.get(name) in (None, "", sent[name]), wanted, repr(came.get(name)))


def _broken(probe: Probe, key: str) -> Answer:
    """The record with a body cut off in its last member."""
    from contracts.conformance import bodies

    session = probe.session
    record = probe.record(1, key=key)
    body = bodies.write(probe.subject, session.format_of(session.speech), record)
    return probe.ask(record, body=body[: len(body) * 2 // 3], ledger=False)


@check("optional.left-out")
def optional_left_out(probe: Probe) -> None:
    names = [prop.name for prop in probe.subject.omissible]
    for media in probe.session.request_formats().values():
        own = media == probe.session.speech or probe.session.effort.thorough
        for left_out in [names, *([name] for name in names if own)]:
            probe.attempt()
            answer = probe.ask(_without(probe.record(), *left_out), media=media)
            what = f"a record without {', '.join(left_out)} is accepted (2xx, {media})"
            probe.expect(200 <= answer.status < 300, what, answer.words())


@check("required.empty")
def empty_required(probe: Probe) -> None:
    """The page's prose leaves open whether an empty text counts as given: that is observed only."""
    texts = [prop for prop in probe.subject.required if prop in probe.subject.texts]
    taken = []
    known = probe.session.key()
    probe.accepted(probe.record(key=known))
    for media in probe.session.request_formats().values():
        for key in (known, probe.session.key()):
            answer = probe.ask(probe.record(1, key, {prop.name: "" for prop in texts}), media=media, ledger=False)
            what = f"no error of the server for empty texts ({media}, {'update' if key == known else 'create'})"
            probe.expect(0 < answer.status < 500, what, answer.words())
            taken += [media] if answer.status < 300 else []
            probe.attempt()
    for prop in texts if probe.session.effort.thorough else ():
        probe.attempt()
        answer = probe.ask(probe.record(changes={prop.name: ""}), ledger=False)
        probe.expect(0 < answer.status < 500, f"no error of the server for an empty {prop.name}", answer.words())
    where = f"is accepted ({', '.join(dict.fromkeys(taken))})" if taken else "is refused"
    probe.observe(f"an empty text where a member is required {where}")
