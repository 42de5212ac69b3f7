"""What a read shows is what was stored: the last that was sent, of this record alone."""

from __future__ import annotations

from contracts.conformance import shapes, storage
from contracts.conformance.checks import check
from contracts.conformance.probe import NotJudgedError, Probe
from contracts.conformance.session import Answer
from contracts.conformance.values import Record, difference

LAST = 9  # the tenth version


@check("read.stored.by-{member}")
def stored(probe: Probe) -> None:
    """Read after the create, the first two updates and the tenth version."""
    (named,) = storage.reads(probe)
    key = probe.session.key()
    for version in range(LAST + 1):
        probe.exchanges = probe.exchanges[-2:]
        kept = storage.store(probe, version, key)
        if version < 3 or version == LAST:
            storage.shows(probe, named, kept)


@check("read.answered.by-{member}")
def answered(probe: Probe) -> None:
    (named,) = storage.reads(probe)
    subject = probe.subject
    for media in probe.session.answers() or [probe.session.hearing]:
        for without in ((), tuple(prop.name for prop in subject.optional_texts)):
            probe.attempt()
            kept = storage.store(probe, without=without)
            storage.shows(probe, named, kept, media)
            answer = storage.read(probe, named, kept, media)
            wire = probe.session.format_of(media)
            probe.expect(answer.wire == wire, f"a record in {wire}", f"a record in {answer.wire}")
            faults = shapes.faults(subject, wire, answer.body, answer.charset)
            probe.expect(not faults, "an answer shaped as the page shows", "; ".join(faults[:3]))


@check("read.every-format.by-{member}")
def every_format(probe: Probe) -> None:
    """A form's times are the framework's play where they bear a zone."""
    (named,) = storage.reads(probe)
    for wire, media in probe.session.request_formats().items():
        probe.attempt()
        key = probe.session.key()
        for version in (0, 1):
            sent = probe.record(version, key)
            if wire == "form":
                sent.update({prop.name: str(sent[prop.name]).rstrip("Z") for prop in probe.subject.dates})
            storage.shows(probe, named, storage.keep(probe, sent, media))


@check("read.left-out.by-{member}")
def left_out(probe: Probe) -> None:
    (named,) = storage.reads(probe)
    whole = storage.store(probe)
    for prop in probe.subject.optional_texts if probe.session.effort.thorough else probe.subject.optional_texts[:2]:
        probe.attempt()
        sent = {n: v for n, v in probe.record(1, whole.key).items() if n != prop.name}
        _, answer = probe.accepted(sent, ledger=False)
        came = storage.shows(probe, named, storage.Kept(whole.key, whole.id, sent))
        told = answer.get(prop.name) or None
        wanted = f"{prop.name} = {told!r}, as the answer told"
        probe.expect((came.get(prop.name) or None) == told, wanted, repr(came.get(prop.name)))
        storage.store(probe, key=whole.key)


#: Pairs of tails that make two keys look alike to a read; those in a path bear nothing that a path may not.
_ALIKE = (
    ("-Aa", "-aA"),
    ("-1", "-01"),
    ("-7", "-70"),
    ("-é", "-e"),
    ("-a b", "-a+b"),
    ("-%41", "-A"),
    ("-x&y=1", "-x"),
)


@check("read.own-record")
def own_record(probe: Probe) -> None:
    """Where the upsert takes two keys for one, the read may as well."""
    named = probe.subject.beside.reads["key"]
    pairs = _ALIKE[:3] if named.parameter.in_path else _ALIKE
    for one, other in pairs:
        probe.attempt()
        stem = probe.session.key()
        if not all(_taken(probe, stem + tail) for tail in (one, other)):
            continue
        first, second = (storage.store(probe, number, stem + tail) for number, tail in enumerate((one, other)))
        if first.id and first.id == second.id:
            continue
        for kept in (first, second):
            storage.shows(probe, named, kept)
    probe.attempt()
    number = probe.session.digits()
    if number:
        both = [storage.store(probe, place, key) for place, key in enumerate((number, "00" + number))]
        for each in both if len({one.id for one in both}) == 2 or not both[0].id else []:
            storage.shows(probe, named, each)
    probe.attempt()
    alone = storage.store(probe, key=probe.session.key())
    for key in (alone.key + "0", alone.key[:-1]):
        answer = storage.read(probe, named, storage.Kept(key, "", {}))
        bears = (answer.record or {}).get(probe.subject.key.name) == alone.key
        probe.expect(not bears, f"not the record of {alone.key} read by the key {key}", storage.told(answer))


def _taken(probe: Probe, key: str) -> bool:
    """Whether the page's annotations allow a key."""
    from contracts.conformance.annotated import matches
    from contracts.conformance.subject import annotation, bounds

    pattern = annotation(probe.subject.key, "pattern")
    return bounds(probe.subject.key).allow(key) and (pattern is None or matches(pattern[0], key))


@check("read.apart.by-{member}")
def apart(probe: Probe) -> None:
    (named,) = storage.reads(probe)
    one, other = storage.store(probe), storage.store(probe, 1)
    for version in (2, 3):
        probe.exchanges = probe.exchanges[-4:]
        other = storage.store(probe, version, other.key)
        storage.shows(probe, named, one)
        one = storage.store(probe, version + 2, one.key)
        storage.shows(probe, named, other)


@check("read.after-refusal.by-{member}")
def after_refusal(probe: Probe) -> None:
    (named,) = storage.reads(probe)
    subject = probe.subject
    needed = [prop.name for prop in subject.required if prop.name != subject.key.name]
    for lacking in [*needed[:1], *needed[1:][-1:], ""]:
        probe.attempt()
        kept = storage.store(probe)
        new = storage.nobody(probe, 1)
        for key in (kept.key, new.key):
            refusal = _refused(probe, key, lacking)
            if refusal.status >= 400 and key == kept.key:
                storage.shows(probe, named, kept)
            elif refusal.status >= 400 and named.by == "key":
                answer = storage.read(probe, named, new)
                probe.expect(answer.record is None or not answer.status < 300, "nothing created", storage.told(answer))
    if not probe.witnesses:
        raise NotJudgedError("nothing was refused")


def _refused(probe: Probe, key: str, lacking: str) -> Answer:
    """A record without a member, or its body cut off."""
    record = probe.record(1, key)
    if lacking:
        return probe.ask({n: v for n, v in record.items() if n != lacking}, ledger=False)
    body = probe.body_of(record, probe.session.speech)
    return probe.ask(record, body=body[: len(body) * 2 // 3], ledger=False)


@check("read.unknown.by-{member}")
def unknown(probe: Probe) -> None:
    (named,) = storage.reads(probe)
    kept = storage.nobody(probe, 2)
    storage.gone(probe, named, kept, "that no record has")
    if named.by == "key":
        made = storage.store(probe, key=kept.key)
        storage.shows(probe, named, made)


@check("read.changes-nothing")
def changes_nothing(probe: Probe) -> None:
    kept = storage.store(probe)
    for named in storage.reads(probe):
        for _ in range(3):
            storage.shows(probe, named, kept)
    again = storage.store(probe, 1, kept.key)
    probe.expect(again.id == kept.id, f"the id {kept.id} after reads", again.id)


@check("read.together.by-{member}")
def together(probe: Probe) -> None:
    (named,) = storage.reads(probe)
    effort, subject = probe.session.effort, probe.subject
    for _ in range(effort.rounds):
        probe.attempt()
        kept = storage.store(probe, key=probe.session.key("-burst"))
        sent = [probe.record(version, kept.key) for version in range(1, effort.clients + 1)]
        answers = probe.together(sent, ledger=False)
        taken = [record for record, a in zip(sent, answers, strict=True) if a.status < 300 and a.record is not None]
        if not taken:
            raise NotJudgedError("no client at once was accepted")
        probe.exchanges = probe.exchanges[-len(answers) :]
        answer = storage.read(probe, named, kept)
        probe.expect(answer.record is not None, "a record read afterwards", storage.told(answer))
        found = [record for record in sent if _tells(probe, record, answer.record or {})]
        told = {prop.name: (answer.record or {}).get(prop.name) for prop in subject.texts[:3]}
        probe.expect(bool(found), "one client's version, whole", f"none of them: {told}")
        storage.shows(probe, named, storage.Kept(kept.key, kept.id, found[0]))


def _tells(probe: Probe, sent: Record, came: Record) -> bool:
    props = [prop for prop in storage.compared(probe) if prop.name in sent and probe.subject.shown(prop)]
    return all(difference(probe.subject.contract, p, sent[p.name], came.get(p.name)) == "" for p in props)
