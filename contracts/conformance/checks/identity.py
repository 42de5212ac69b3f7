"""Keys and ids: which record is which, and what an update does to it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from contracts.conformance import storage
from contracts.conformance.checks import check
from contracts.conformance.probe import Probe
from contracts.conformance.session import Answer
from contracts.conformance.values import Value

_GUID = uuid.UUID("5eed0000-0000-4000-8000-00000000c11e")  # a client's own id, visibly invented


@check("id.drawn")
def id_drawn(probe: Probe) -> None:
    drawn = probe.drawn(probe.record())
    if _guid(probe):
        probe.expect(_number(drawn) is not None, "an id that is a guid", drawn)
    probe.expect(not _zero(probe, drawn), "an id that the portal drew", drawn)


def _guid(probe: Probe) -> bool:
    own = probe.subject.portal_id
    return own is not None and own.type.value.name == "Guid"


def _number(drawn: str) -> int | None:
    try:
        return uuid.UUID(drawn).int
    except ValueError:
        return None


def _zero(probe: Probe, drawn: str) -> bool:
    """Whether an id is what nobody drew: the guid of zeros, the number 0."""
    return _number(drawn) == 0 if _guid(probe) else drawn.strip() in ("", "0")


@check("upsert.same-key-same-id")
def same_key_same_id(probe: Probe) -> None:
    key = probe.session.key()
    sent = probe.record(key=key)
    first = probe.drawn(sent)
    lower = {p.name: str(sent[p.name]).lower() for p in probe.subject.texts if p.name in sent}
    ways = ((sent, "sent again"), (probe.record(1, key=key), "updated"), (sent, "set back"))
    for record, how in (*ways, ({**sent, **lower}, "in lower case")):
        again = probe.drawn(record)
        probe.expect(again == first, f"the id {first} again, the record being {how}", again)


@check("upsert.same-id-in-every-format")
def same_id_in_every_format(probe: Probe) -> None:
    session = probe.session
    for first_media in session.request_formats().values():
        key = session.key()
        first = probe.drawn(probe.record(key=key), media=first_media)
        own = session.format_of(first_media) == session.format_of(session.speech)
        taken = [m.value.name for m in probe.subject.request_media() if m.value.name not in session.fallen_media]
        ways = [(media, session.hearing) for media in (taken if own else session.request_formats().values())]
        ways += [(first_media, accept) for accept in session.answers() if own]
        for media, accept in ways:
            again = probe.drawn(probe.record(key=key), media=media, accept=accept)
            probe.expect(again == first, f"the id {first}, the record now sent as {media}", again)
        probe.attempt()
    tried = {*session.fallen_media, *session.request_formats().values()}
    others = [fact.value.name for fact in probe.subject.request_media() if fact.value.name not in tried]
    for media in others:
        again = probe.drawn(probe.record(key=key), media=media)
        probe.expect(again == first, f"the id {first}, the record now sent as {media}", again)


#: Pairs of tails that make two keys look alike. Those that differ in case or in blanks are left to the portal.
_ALIKE = (
    ("", "-1"),
    ("-7", "-007"),
    ("-1", "-10"),
    ("-12", "-21"),
    ("-1.0", "-1"),
    ("-a-b", "-a_b"),
    ("x" * 40 + "1", "x" * 40 + "2"),
    ("x" * 500 + "1", "x" * 500 + "2"),
    ("x" * 110 + "1", "x" * 110 + "2"),
    ("1" + "x" * 40, "2" + "x" * 40),
    ("-%41", "-A"),
    ("-😀", "-😁"),
    ("-é", "-e"),
)
#: Pairs that some databases' collations take for one: other letters all the same.
_COLLATED = (("-ß", "-ss"), ("-Ａ1", "-A1"), ("-ﬁ", "-fi"), ("-æ", "-ae"))


@check("upsert.other-key-other-id")
def other_key_other_id(probe: Probe) -> None:
    _apart(probe, _ALIKE)
    number = probe.session.digits()
    if number:  # keys of digits alone are texts as well: 7 is not 007
        _two(probe, [number, "00" + number, number + "0"])


def _two(probe: Probe, keys: Sequence[str]) -> None:
    """Expect each of these keys to have an id of its own, and to come back as it was sent."""
    probe.attempt()
    known: dict[str, str] = {}
    for key in keys:
        sent = probe.record(key=key)
        answer = probe.ask(sent)
        drawn = probe.draw_of(answer)
        probe.expect(
            drawn not in known, f"an id for the key {key} that no other has", f"{drawn}, as {known.get(drawn)}"
        )
        probe.compare(sent, probe.taken(answer), [probe.subject.key])
        known[drawn] = key


@check("upsert.letters-tell-keys-apart")
def letters_tell_keys_apart(probe: Probe) -> None:
    """Case, composition and trailing blanks are left to the portal; a leading blank is no padding of a text."""
    key = probe.session.key("-Aa")
    one, other = (probe.drawn(probe.record(key=k), ledger=False) for k in (key, key.replace("-Aa", "-aA")))
    # Unicode Standard §3.13, D144: full case folding makes ss of ß, so a portal that folds case may take them for one
    pairs = [pair for pair in _COLLATED if one != other or pair[0].casefold() != pair[1].casefold()]
    _apart(probe, pairs, ledger=False)
    stem = probe.session.key("-blank")
    one, other = (probe.drawn(probe.record(key=key), ledger=False) for key in (stem, " " + stem))
    probe.expect(one != other, f"two ids for the keys {stem!r} and {' ' + stem!r}", f"{one} for both")


def _apart(probe: Probe, pairs: Iterable[tuple[str, str]], ledger: bool = True) -> None:
    known: dict[str, str] = {}
    kept = 0
    for one, other in pairs:
        if 20 < len(one) <= kept:
            continue  # a longer pair was told apart, so this one is too
        stem = probe.session.key()
        sent = [probe.record(key=stem + tail) for tail in (one, other)]
        first = probe.ask(sent[0], ledger=ledger)
        if len(one) > 20 and _refused(first):
            continue  # the page sets no end to a key's length, but a portal may refuse what it cannot store
        ids = [probe.draw_of(first), probe.drawn(sent[1], ledger=ledger)]
        keys = [str(record[probe.subject.key.name]) for record in sent]
        probe.expect(ids[0] != ids[1], f"two ids for the keys {keys[0]} and {keys[1]}", f"{ids[0]} for both")
        for key, drawn in zip(keys, ids, strict=True):
            probe.expect(
                drawn not in known, f"an id for {key} that no other key has", f"{drawn}, as {known.get(drawn)}"
            )
            known[drawn] = key
        kept = max(kept, len(one) if one[:1] == other[:1] else 0)
        probe.attempt()


def _refused(answer: Answer) -> bool:
    return 400 <= answer.status < 500


@check("upsert.key-comes-back")
def key_comes_back(probe: Probe) -> None:
    """A very long key, or one that looks like markup, may be refused."""
    for tail in ("", "-Case", "-é", "-😀", "-<&>\"'", "-a b", "-%20+", "-漢字", "-" + "x" * 200):
        sent = probe.record(key=probe.session.key(tail))
        answer = probe.ask(sent)
        if (len(tail) > 20 or "<" in tail) and _refused(answer):
            continue
        probe.compare(sent, probe.taken(answer), [probe.subject.key])
        probe.attempt()


def _with_id(probe: Probe, version: int, key: str, number: int) -> dict[str, Value]:
    """A record with an id of the client's own, visibly invented."""
    prop = probe.subject.portal_id
    assert prop is not None
    if _guid(probe):
        own: Value = str(uuid.UUID(int=_GUID.int + (number << 32)))
    else:
        text = storage.nobodys(probe, number % 90)
        own = text if prop.type.value.name == "String" else int(text)
    return {**probe.record(version, key=key), prop.name: own}


@check("id.client-ignored-on-create")
def client_id_ignored_on_create(probe: Probe) -> None:
    for number, media in enumerate(probe.session.request_formats().values()):
        sent = _with_id(probe, 0, probe.session.key(), number)
        own = str(sent[probe.subject.portal_id.name]) if probe.subject.portal_id else ""
        drawn = probe.drawn(sent, media=media)
        probe.expect(drawn != own, f"an id of the portal's own, not the client's ({media})", drawn)
        probe.expect(not _zero(probe, drawn), "an id that the portal drew", drawn)
        probe.attempt()


@check("id.client-ignored-on-update")
def client_id_ignored_on_update(probe: Probe) -> None:
    """Only ids of our own making are sent: what a portal drew would make two runs differ in their bytes."""
    for number, media in enumerate(probe.session.request_formats().values()):
        key = probe.session.key()
        first = probe.drawn(probe.record(key=key))
        again = probe.drawn(_with_id(probe, 1, key, 100 + number), media=media)
        probe.expect(again == first, f"the id {first} ({media})", again)
        again = probe.drawn(probe.record(2, key=key))
        probe.expect(again == first, f"the id {first} afterwards", again)
        probe.attempt()


@check("upsert.update-visible")
def update_visible(probe: Probe) -> None:
    subject = probe.subject
    for media in probe.session.request_formats().values():
        key = probe.session.key()
        for version in range(5 if media == probe.session.speech else 3):
            sent = probe.record(version, key=key)
            _, came = probe.accepted(sent, media=media)
            probe.compare(sent, came, subject.texts)
        probe.attempt()
    # one member at a time: the others stay
    key = probe.session.key()
    record = probe.record(key=key)
    probe.accepted(record)
    fresh = probe.record(9, key=key)
    for prop in subject.texts:
        record = {**record, prop.name: fresh[prop.name]}
        _, came = probe.accepted(record)
        probe.compare(record, came, subject.texts)


@check("upsert.update-visible-in-{format}")
def update_visible_in(probe: Probe) -> None:
    """Twice in the format after another one, then in that other one again."""
    key, hearing = probe.session.key(), probe.session.hearing
    other = next((media for media in probe.session.answers() if media != probe.media), hearing)
    for version, accept in enumerate((other, probe.media, probe.media, other)):
        sent = probe.record(version, key=key)
        _, came = probe.accepted(sent, accept=accept)
        probe.compare(sent, came, probe.subject.texts)


@check("upsert.update-stored")
def update_stored(probe: Probe) -> None:
    for prop in probe.subject.optional_texts:
        key = probe.session.key()
        first, second = probe.record(key=key), probe.record(1, key=key)
        probe.accepted(first)
        probe.accepted(second)
        _, came = probe.accepted({name: value for name, value in second.items() if name != prop.name})
        shown = came.get(prop.name)
        wanted = f"{prop.name} = {second[prop.name]!r} (kept) or nothing (cleared)"
        probe.expect(shown in (None, "", second[prop.name]), wanted, repr(shown))
        probe.attempt()


@check("upsert.records-apart")
def records_apart(probe: Probe) -> None:
    subject = probe.subject
    one, other = probe.session.key(), probe.session.key()
    ids = {key: probe.drawn(probe.record(number, key=key)) for number, key in enumerate((one, other))}
    for version in (2, 3):
        for place, key in enumerate((one, other)):
            sent = probe.record(2 * version + place, key=key)
            _, came = probe.accepted(sent)
            probe.compare(sent, came, subject.texts)
            probe.expect(probe.id_of(came) == ids[key], f"the id {ids[key]} for {key}", probe.id_of(came))
    for place, key in enumerate((one, other)):
        last = probe.record(6 + place, key=key)
        optional = {prop.name for prop in subject.optional_texts}
        _, came = probe.accepted({name: value for name, value in last.items() if name not in optional})
        for name in sorted(optional):
            wanted = f"{name} = {last[name]!r} (kept) or nothing (cleared)"
            probe.expect(came.get(name) in (None, "", last[name]), wanted, repr(came.get(name)))
