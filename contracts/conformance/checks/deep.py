"""Members that are no plain scalar come back as sent: nested models, lists, dictionaries, bytes, spans and the like.

The rule: what a page leaves open is not judged: what is left out of an update, an empty list told from none outside
JSON, the width of a number. A refusal is no alteration.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from contracts.conformance.checks import check
from contracts.conformance.deep.asking import Trial
from contracts.conformance.deep.comparing import difference, shown
from contracts.conformance.deep.kinds import Deep
from contracts.conformance.probe import NotJudgedError, Probe
from contracts.conformance.subject import bounds
from contracts.conformance.values import sampled
from contracts.model import Property


def _settled(probe: Probe, props: Sequence[Property], media: str = "") -> Trial:
    trial = Trial(probe, props)
    trial.settle(media or probe.session.speech)
    if not trial.rich and not trial.tame:
        raise NotJudgedError("no value is taken that the pages allow")
    probe.attempt()
    return trial


def _every(probe: Probe) -> list[Property]:
    return [prop for props in probe.subject.deep.values() for prop in props]


@check("deep.{member}")
def kept(probe: Probe) -> None:
    """In every format of a request; in the suite's own in every format of an answer and by every read."""
    answers = probe.session.answers() or [probe.session.hearing]
    for media in probe.session.request_formats().values():
        probe.attempt()
        trial = Trial(probe, probe.subject.deep[probe.member])
        if not trial.tried(media):
            continue
        key, own = probe.session.key(), media == probe.session.speech
        sent = trial.record(0, key, media)
        answer = trial.sends(sent, media)
        if answer.status in range(400, 500):
            trial = _settled(probe, probe.subject.deep[probe.member], media)
            sent = trial.record(0, key, media)
            answer = trial.takes(sent, media)
        probe.expect(200 <= answer.status < 300, "the record is accepted (2xx)", answer.words())
        trial.shows(sent, answer, trial.tried(media))
        for accept in answers[1:] if own else []:
            again = {**sent, probe.subject.key.name: probe.session.key()}
            trial.shows(again, trial.takes(again, media, accept), trial.tried(media))
        if own:
            trial.reads(sent, answer, trial.tried(media), answers)


@check("deep.replaced")
def replaced(probe: Probe) -> None:
    """A list with fewer items, a dictionary with a key less, other values within: the whole is replaced."""
    trial = _settled(probe, _every(probe))
    media, key = probe.session.speech, probe.session.key()
    for turn in (0, 1, 2):
        probe.exchanges = probe.exchanges[-1:]
        sent = trial.record(turn, key)
        answer = trial.takes(sent, media)
        if turn:
            trial.shows(sent, answer, trial.tried(media))
            trial.reads(sent, answer, trial.tried(media), [probe.session.hearing])


@check("deep.put")
def put(probe: Probe) -> None:
    trial = _settled(probe, _every(probe))
    media, key = probe.session.speech, probe.session.key()
    named = probe.subject.beside.replace
    assert named is not None
    first = trial.record(0, key)
    created = trial.takes(first, media)
    kept = trial.kept(first, created)
    for turn in (1, 2):
        sent = trial.record(turn, key)
        answer = trial.takes(sent, media, path=named.path(kept.id if named.by == "id" else kept.key))
        if answer.record is not None:
            trial.shows(sent, answer, trial.tried(media))
        trial.reads(sent, created, trial.tried(media), [probe.session.hearing])


@check("deep.apart")
def apart(probe: Probe) -> None:
    trial = _settled(probe, _every(probe))
    media, hearing = probe.session.speech, probe.session.hearing
    sent = [trial.record(turn, probe.session.key()) for turn in (0, 2)]
    answers = [trial.takes(record, media) for record in sent]
    for record, answer in zip(sent, answers, strict=True):
        trial.reads(record, answer, trial.tried(media), [hearing])
    sent[0] = trial.record(1, str(sent[0][probe.subject.key.name]))
    trial.takes(sent[0], media)
    trial.reads(sent[1], answers[1], trial.tried(media), [hearing])
    _left_out(trial, sent[0])


def _left_out(trial: Trial, before: Mapping[str, Deep]) -> None:
    """A new record that says nothing of such members shows nothing of the one before it."""
    probe, types = trial.probe, trial.subject.types
    free = [prop for prop in trial.tried(probe.session.speech) if not sampled(probe.subject.contract, prop)]
    record = trial.record(0, probe.session.key())
    left = [prop for prop in free if record.get(prop.name) and before.get(prop.name)]
    answer = trial.sends({n: v for n, v in record.items() if n not in {p.name for p in left}}, probe.session.speech)
    if not 200 <= answer.status < 300:
        return  # one of them must be given
    came = trial.told(answer)
    for prop in left:
        ref = types.of(probe.subject.model, prop)
        alike = difference(types, ref, before[prop.name], came.get(prop.name), prop.name) is None
        probe.expect(not alike, f"nothing of the record before in {prop.name}", shown(came.get(prop.name)))


@check("deep.listed")
def listed(probe: Probe) -> None:
    """A row of a search by a text that no other record bears, in JSON."""
    search, media = probe.subject.beside.search, probe.session.response_formats().get("json")
    assert search is not None
    name, prop = search.text
    text = probe.session.key()
    if media is None or prop not in probe.subject.texts or not bounds(prop).allow(text):
        raise NotJudgedError(f"no text can be made up for {prop.name} by which a record could be found in JSON")
    trial = _settled(probe, _every(probe))
    sent = {**trial.record(0, probe.session.key()), prop.name: text}
    trial.takes(sent, probe.session.speech)
    answer = probe.send("GET", {"Accept": media}, None, path=search.path(text))
    rows = [
        row for row in trial.rows(search, answer) if row.get(probe.subject.key.name) == sent[probe.subject.key.name]
    ]
    probe.expect(len(rows) == 1, f"the record listed once by its {name}", f"{len(rows)} times: {answer.words()}")
    trial.means(sent, rows[0], trial.tried(probe.session.speech), " in a row")


#: Items that a list of texts may hold besides plain ones.
_ITEMS = ("first", "", None, "last")


@check("deep.empty")
def empty(probe: Probe) -> None:
    """In JSON: what is empty is no null, an empty item is an item, a null within an update leaves nothing behind."""
    trial = _settled(probe, _every(probe))
    media, accept = probe.session.request_formats().get("json"), probe.session.response_formats().get("json")
    if media is None or accept is None:
        raise NotJudgedError("no JSON is spoken")
    free = [prop for prop in trial.tried(media) if not prop.required.value and bounds(prop).shortest == 0]
    nothing = {"lists": list[str](), "dictionaries": dict[str, str](), "bytes": b""}
    kinds = {prop.name: kind for kind, props in probe.subject.deep.items() for prop in props}
    blank = {prop.name: nothing[kinds[prop.name]] for prop in free if kinds[prop.name] in nothing}
    _kept_alike(trial, blank, media, accept)
    _kept_alike(trial, {prop.name: list(_ITEMS) for prop in free if _of_texts(trial, prop)}, media, accept)
    _null_within(trial, media, accept)


def _of_texts(trial: Trial, prop: Property) -> bool:
    ref = trial.subject.types.of(trial.subject.model, prop)
    longest = bounds(prop).longest
    roomy = longest is None or longest >= len(_ITEMS)
    return roomy and ref.kind == "collection" and ref.item is not None and ref.item.name == "String"


def _kept_alike(trial: Trial, changes: Mapping[str, Deep], media: str, accept: str) -> None:
    """Expect these to come back alike, all at once or one by one; a refusal shows nothing."""
    probe = trial.probe
    together = [changes] if changes else []
    for group in (*together, *({name: value} for name, value in changes.items())):
        probe.attempt()
        sent = {**trial.record(0, probe.session.key()), **group}
        answer = trial.sends(sent, media, accept)
        if 400 <= answer.status < 500:
            continue
        probe.expect(200 <= answer.status < 300, "the record is accepted (2xx)", answer.words())
        props = [probe.subject.model[name] for name in group]
        trial.shows(sent, answer, props)
        trial.reads(sent, answer, props, [accept])
        if group is changes:
            return


def _null_within(trial: Trial, media: str, accept: str) -> None:
    """A portal that keeps what an update sends as null, in the record itself as well, merges: that is its manner."""
    probe, types = trial.probe, trial.subject.types
    witness = next(iter((*probe.subject.optional_texts, *probe.subject.nullable)), None)
    models = [prop for prop in trial.tried(media) if prop in probe.subject.deep.get("models", ())]
    if witness is None or not models:
        return
    probe.attempt()
    key = probe.session.key()
    trial.takes(trial.record(0, key), media)
    sent = {**trial.record(2, key), witness.name: None}
    for prop in models:
        inside = types.inside(types.contract.models[types.of(probe.subject.model, prop).name], 0)
        free = (p for p, _ in inside.values() if p.nullable.value is True and p.nullable.standing != "guessed")
        sent[prop.name] = {**sent[prop.name], **{p.name: None for p in free if not p.required.value}}
    answer = trial.sends(sent, media, accept)
    if answer.record is not None and 200 <= answer.status < 300 and answer.record.get(witness.name) is None:
        trial.shows(sent, answer, models)
