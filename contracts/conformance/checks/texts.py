"""Texts come back as sent: every kind of text, in every text member, in every format that carries it."""

from __future__ import annotations

from functools import partial
from itertools import product

from hypothesis import strategies as st

from contracts.conformance.checks import check
from contracts.conformance.probe import BrokenError, Probe, outcome_of, shown, smallest
from contracts.conformance.subject import bounds
from contracts.conformance.texts import KINDS, LENGTHS, Kind, long_text
from contracts.model import Property


def _kind(name: str) -> None:
    @check(f"text.{name}")
    def kept(probe: Probe) -> None:
        _keeps(probe, KINDS[name])


for _name in KINDS:
    _kind(_name)


def _keeps(probe: Probe, kind: Kind) -> None:
    for wire, media in probe.session.request_formats().items():
        if wire not in kind.formats:
            continue
        own = wire == probe.session.format_of(probe.session.speech)
        # in the suite's own format each member gets each whole; in another each whole is sent once, unless thorough
        step = 1 if own or probe.session.effort.thorough else max(1, len(probe.subject.texts))
        for turn in range(0, len(kind.wholes), step):
            _whole(probe, kind, media, turn)
        if own and probe.session.effort.thorough:
            limits = {prop.name: bounds(prop) for prop in probe.subject.texts}
            texts = {name: kind.strategy(limit) for name, limit in limits.items() if any(kind.values(0, limit))}
            plain = {n: str(v) for n, v in probe.record(key="").items() if n in texts}
            mixed = {name: st.just(plain[name]) | strategy for name, strategy in texts.items()}
            probe.search(st.fixed_dictionaries(mixed), partial(_examine, probe, media, refusable=kind.refusable))


def _whole(probe: Probe, kind: Kind, media: str, turn: int) -> None:
    """Each member with one of the kind's whole values; what breaks is narrowed to one member and its shortest text."""
    texts: dict[str, str] = {}
    for place, prop in enumerate(probe.subject.texts):
        values = kind.values(place, bounds(prop))
        if values:
            texts[prop.name] = values[(place + turn) % len(values)]
    broken = outcome_of(partial(_examine, probe, media, texts, refusable=kind.refusable))
    told = probe.exchanges[-1].status if probe.exchanges else 0
    if broken is None and not (400 <= told < 500 and len(texts) > 1):
        return
    for name, text in texts.items():  # one member's text may be refused, and hide what becomes of another's
        alone = outcome_of(partial(_examine, probe, media, {name: text}, refusable=kind.refusable))
        if alone is not None:
            raise _shortest(probe, probe.subject.model[name], text, media, alone, kind.refusable)
    if broken is not None:
        raise broken


def _shortest(probe: Probe, prop: Property, text: str, media: str, broken: BrokenError, refusable: bool) -> BrokenError:
    found = [broken]

    def fails(shorter: str) -> bool:
        if not bounds(prop).allow(shorter) or not shorter.strip():
            return False
        outcome = outcome_of(partial(_examine, probe, media, {prop.name: shorter}, refusable=refusable))
        found.extend([] if outcome is None else [outcome])
        return outcome is not None

    smallest(text, fails)
    return found[-1]


def _examine(probe: Probe, media: str, texts: dict[str, str], refusable: bool = False) -> None:
    """A refusal is no loss where a kind may be refused: the client knows of it; it is observed."""
    probe.attempt()
    sent = probe.record(changes=texts)
    answer = probe.ask(sent, media=media)
    if refusable and 400 <= answer.status < 500:
        probe.expect(True, "kept or refused", answer.words())
        probe.observe(f"refused ({answer.status}): " + ", ".join(shown(text) for text in texts.values())[:70])
        return
    probe.taken(answer)
    probe.compare(sent, answer.record or {}, probe.subject.texts)


@check("text.long")
def long(probe: Probe) -> None:
    """Cut is a violation; a clean refusal is not, since the page sets no limit."""
    for media in probe.session.request_formats().values():
        for length in LENGTHS:
            texts = {}
            for place, prop in enumerate(probe.subject.texts):
                longest = bounds(prop).longest
                texts[prop.name] = long_text(length if longest is None else min(length, longest), place)
            if _long(probe, texts, media):
                break
            for name, text in texts.items():  # one member may be refused for another's length
                _long(probe, {name: text}, media)


def _long(probe: Probe, texts: dict[str, str], media: str) -> bool:
    """Whether the texts were kept; False where they were refused."""
    probe.attempt()
    sent = probe.record(changes=texts)
    answer = probe.ask(sent, media=media)
    length = max(len(text) for text in texts.values())
    if 400 <= answer.status < 500:
        probe.observe(f"texts of {length} characters are refused ({answer.words()})")
        return False
    probe.expect(answer.status < 400 and answer.record is not None, "kept or refused (2xx or 4xx)", answer.words())
    for prop in probe.subject.texts:
        came = (answer.record or {}).get(prop.name)
        sent_text = texts.get(prop.name)
        if sent_text and isinstance(came, str) and came != sent_text and sent_text.startswith(came.rstrip()):
            _just_too_long(probe, prop, sent_text, len(came), media)
    probe.compare(sent, answer.record or {}, probe.subject.texts)
    return True


def _just_too_long(probe: Probe, prop: Property, text: str, limit: int, media: str) -> None:
    """The shortest proof that a text is cut: one character more than came back."""
    kept = list(probe.exchanges)
    _examine(probe, media, {prop.name: text[:limit] + "."})
    probe.exchanges = kept


@check("text.empty")
def empty(probe: Probe) -> None:
    _both_ways(probe, "")


@check("text.null")
def null(probe: Probe) -> None:
    _both_ways(probe, None)


def _both_ways(probe: Probe, value: str | None) -> None:
    """On create and on update; an empty text in JSON only, since other formats hardly tell it from none."""
    formats = probe.session.request_formats()
    spoken = [formats[wire] for wire in (("json",) if value == "" else ("json", "xml")) if wire in formats]
    accept = probe.session.response_formats().get("json")
    for media, prop in product(spoken if accept else [], probe.subject.optional_texts):
        probe.attempt()
        key = probe.session.key()
        for version in (0, 1):
            if version:
                probe.accepted(probe.record(key=key))
            sent = probe.record(version, key=key, changes={prop.name: value})
            _, came = probe.accepted(sent, media=media, accept=accept or "")
            got = came.get(prop.name)
            # A portal that merges takes a null for a member left out, and keeps what it has.
            kept = value is None and version == 1 and got == probe.record(key=key)[prop.name]
            probe.expect(got == value or kept, f"{prop.name} = {value!r}", f"{prop.name} = {got!r}")
