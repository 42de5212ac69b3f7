"""Several clients at once, and one that does not hear its answer.

The rule: what a single run can show of a race is its power, and that is told: how many clients, how many rounds, how
many of them overlapped. An answer that shows one client's version whole is right, whichever client's it is; a clean
4xx (a conflict, too many requests) is no violation.
"""

from __future__ import annotations

from collections.abc import Sequence

from contracts.conformance.checks import check
from contracts.conformance.probe import NotJudgedError, Probe
from contracts.conformance.session import Answer
from contracts.conformance.values import Record, difference

_NOT_HEARD = ("closed", "connection refused", "no connection in time")
_MARK = "-burst"  # in every key that several clients use at once


def _power(probe: Probe, rounds: int) -> None:
    count = probe.session.effort.clients
    unseen = 100 * 0.5**rounds
    probe.observe(f"{count} clients × {rounds}: a race shown by every 2nd round escapes {unseen:.2g} % of runs")


def _answered(probe: Probe, answers: list[Answer]) -> list[tuple[int, Record]]:
    """The place and the record of each success; an error of the server is a violation.

    A connection that is refused or closed before an answer is a short queue of the server's (RFC 9112 §9.3.1: the
    client sends anew), so it is observed, unless most clients meet it.
    """
    lost = [answer for answer in answers if answer.exchange.failure.startswith(_NOT_HEARD)]
    for answer in answers:
        if answer not in lost:
            probe.expect(0 < answer.status < 500, "no error of the server for clients at once", answer.words())
    if lost:
        told = f"{len(lost)} of {len(answers)} clients at once met {lost[0].words()}"
        probe.expect(2 * len(lost) <= len(answers), "answers for clients at once", told)
        probe.observe(told)
    taken = [(n, a.record) for n, a in enumerate(answers) if 0 < a.status < 300 and a.record is not None]
    probe.expect(bool(taken), "at least one of the clients accepted", answers[0].words())
    return taken


@check("together.one-new-key")
def one_new_key(probe: Probe) -> None:
    rounds = 2 * probe.session.effort.rounds
    for _ in range(rounds):
        probe.attempt()
        sent = probe.record(key=probe.session.key(_MARK))
        taken = _answered(probe, probe.together([sent] * probe.session.effort.clients, ledger=False))
        ids = sorted({probe.id_of(came) for _, came in taken})
        probe.expect(len(ids) == 1, f"one id for {len(taken)} clients that create one key", ", ".join(ids))
        again = probe.drawn(sent, ledger=False)
        probe.expect(again == ids[0], f"the id {ids[0]} afterwards", again)
    _power(probe, rounds)


@check("together.other-keys")
def other_keys(probe: Probe) -> None:
    subject, count = probe.subject, probe.session.effort.clients
    for _ in range(probe.session.effort.rounds):
        probe.attempt()
        sent = [probe.record(version, probe.session.key(f"{_MARK}{version}")) for version in range(count)]
        taken = _answered(probe, probe.together(sent))
        for place, came in taken:
            probe.compare(sent[place], came, [*subject.texts, subject.key])
        ids = [probe.id_of(came) for _, came in taken]
        probe.expect(len(set(ids)) == len(ids), f"{len(ids)} ids for {len(ids)} keys", f"{len(set(ids))}")
    _power(probe, probe.session.effort.rounds)


@check("together.one-known-key")
def one_known_key(probe: Probe) -> None:
    subject, count = probe.subject, probe.session.effort.clients
    rounds = probe.session.effort.rounds
    for _ in range(rounds):
        probe.attempt()
        key = probe.session.key(_MARK)
        first = probe.drawn(probe.record(key=key))
        sent = [probe.record(version, key) for version in range(1, count + 1)]
        for _, came in _answered(probe, probe.together(sent)):
            probe.expect(probe.id_of(came) == first, f"the id {first}", probe.id_of(came))
            whole = any(_tells(probe, record, came) for record in sent)
            told = {prop.name: came.get(prop.name) for prop in (*subject.texts, *subject.dates)}
            probe.expect(whole, "one client's version, whole", f"a mixture: {told}")
        _left(probe, sent)
    _power(probe, rounds)


def _tells(probe: Probe, sent: Record, came: Record) -> bool:
    contract = probe.subject.contract
    props = [prop for prop in (*probe.subject.texts, *probe.subject.dates) if prop.name in sent]
    return all(difference(contract, prop, sent[prop.name], came.get(prop.name)) == "" for prop in props)


def _left(probe: Probe, sent: Sequence[Record]) -> None:
    """What the burst left, where the portal keeps what an update does not name: of one client, whole."""
    names = sorted(prop.name for prop in probe.subject.optional_texts)
    if not names:
        return
    last = {name: value for name, value in sent[0].items() if name not in names}
    _, came = probe.accepted(last)
    told = [came.get(name) for name in names]
    cleared = all(value in (None, "") for value in told)
    whole = any(told == [record[name] for name in names] for record in sent)
    probe.expect(cleared or whole, f"{', '.join(names)} of one client, or nothing", f"{told}")


@check("retry.answer-lost")
def answer_lost(probe: Probe) -> None:
    """The client throws the answer away once it begins and sends the same again, as it must after a lost answer."""
    session, subject = probe.session, probe.subject
    method, drawn = subject.operation.method.value, set()
    for media in session.request_formats().values():
        probe.attempt()
        sent = probe.record(key=session.key("-lost"))
        body = probe.body_of(sent, media)
        headers = (("Content-Type", media), ("Accept", session.hearing))
        probe.exchanges.append(session.wire.abandon(session.wire.sending(method, subject.path, headers, body)))
        first = probe.drawn(sent, media=media)
        _, came = probe.accepted(sent, media=media)
        probe.expect(probe.id_of(came) == first, f"the id {first} again", probe.id_of(came))
        probe.expect(first not in drawn, "an id that no other key has", first)
        drawn.add(first)
        probe.compare(sent, came, [*subject.texts, subject.key])
    if not drawn:
        raise NotJudgedError("no format is accepted")
