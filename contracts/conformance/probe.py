"""What a check works with: it asks, reads the answer, and says what it expected.

    check ──▶ Probe.ask / accepted ──▶ Session ──▶ Wire        Probe.expect ──▶ BrokenError (expected, got, exchanges)

The rule: a probe keeps the exchanges of the present attempt only, so that a violation shows the few that prove it;
and an answer of which an expectation held is a witness. No requirement is known here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st

from contracts.conformance import bodies, values
from contracts.conformance.session import Answer, Entry, Session
from contracts.conformance.values import Record, Value
from contracts.conformance.wire import TOO_MANY, Exchange
from contracts.model import Property

T = TypeVar("T")
NOTHING: Record = {}


class BrokenError(Exception):
    """An expectation that did not hold."""

    def __init__(self, expected: str, got: str, exchanges: Sequence[Exchange]):
        super().__init__(f"expected {expected}, got {got}")
        self.expected, self.got, self.exchanges = expected, got, tuple(exchanges)


class NotJudgedError(Exception):
    """The check cannot say; the text says why."""


class BeyondError(NotJudgedError):
    """Nobody can say, from outside and by these pages: that is told, and shows nothing against the target."""


class Probe:
    """One check at work on one requirement."""

    def __init__(self, session: Session, media: str = "", wire: str = "", member: str = ""):
        self.session, self.subject = session, session.subject
        self.media, self.format, self.member = media, wire, member
        self._witnesses: set[int] = set()
        self.observations: list[str] = []
        self.exchanges: list[Exchange] = []

    @property
    def witnesses(self) -> int:
        """How many answers an expectation held of."""
        return len(self._witnesses)

    def attempt(self) -> None:
        """Begin anew: what was exchanged so far proves nothing of what follows."""
        self.exchanges = []

    def record(self, version: int = 0, key: str | None = None, changes: Record = NOTHING) -> dict[str, Value]:
        """A valid record with a new key (or the given one); `changes` by property name."""
        contract, model = self.subject.contract, self.subject.model
        record: dict[str, Value] = {}
        for index, prop in enumerate(model.properties):
            if prop in self.subject.sent and values.writable(contract, prop):
                record[prop.name] = values.plain(contract, prop, index, version)
        for name, taken in self.subject.accepts.items():
            record[name] = taken[version % len(taken)]
        record[self.subject.key.name] = self.session.key() if key is None else key
        return {**record, **changes}

    def ask(
        self,
        record: Record,
        media: str = "",
        accept: str = "",
        body: bytes | None = None,
        ledger: bool = True,
        parameter: str = "",
    ) -> Answer:
        """Send a record (or the given body in its place) in a media type, asking for another."""
        media, accept = media or self.session.speech, accept or self.session.hearing
        body = self.body_of(record, media) if body is None else body
        headers = {"Content-Type": media + parameter, "Accept": accept}
        return self.noted(record, self.send(self.subject.operation.method.value, headers, body), ledger)

    def body_of(self, record: Record, media: str) -> bytes:
        """A record as it is sent in a media type; its key is written into the list of keys."""
        key = record.get(self.subject.key.name)
        if isinstance(key, str):
            self.session.keys.setdefault(key)
        return bodies.write(self.subject, self.session.format_of(media), record)

    def together(self, records: Sequence[Record], media: str = "", ledger: bool = True) -> list[Answer]:
        """Send these records at the same moment, each on a connection of its own."""
        session, method = self.session, self.subject.operation.method.value
        media = media or session.speech
        headers = (("Content-Type", media), ("Accept", session.hearing))
        sent = [self.body_of(record, media) for record in records]
        sendings = [session.wire.sending(method, self.subject.path, headers, body) for body in sent]
        exchanges = session.wire.burst(sendings)
        if any(exchange.status == TOO_MANY for exchange in exchanges):
            raise NotJudgedError("the target wants fewer requests than clients at once make (429)")
        self.exchanges += exchanges
        answers = [session.read(exchange) for exchange in exchanges]
        return [self.noted(record, answer, ledger) for record, answer in zip(records, answers, strict=True)]

    def noted(self, record: Record, answer: Answer, ledger: bool = True) -> Answer:
        """The answer, with the key and the id that it bears written into the ledger."""
        if ledger and self.subject.portal_id and 200 <= answer.status < 300 and answer.record is not None:
            key, drawn = record.get(self.subject.key.name), self.id_of(answer.record)
            if isinstance(key, str) and drawn:
                self.session.ledger.append(Entry(key, drawn, answer.exchange))
        return answer

    def send(self, method: str, headers: Mapping[str, str], body: bytes | None, path: str = "") -> Answer:
        """Any request to the operation's path, or to another."""
        exchange = self.session.exchange(method, path or self.subject.path, headers, body)
        self.exchanges.append(exchange)
        return self.session.read(exchange)

    def accepted(self, record: Record, media: str = "", accept: str = "", ledger: bool = True) -> tuple[Answer, Record]:
        """Send a record that must be accepted; the answer and the record it tells."""
        answer = self.ask(record, media, accept, ledger=ledger)
        return answer, self.taken(answer)

    def taken(self, answer: Answer) -> Record:
        """Expect a success with a record in it; that record."""
        self.expect(200 <= answer.status < 300, "the record is accepted (2xx)", answer.words())
        self.expect(answer.record is not None, "a record in the answer", answer.problem)
        return answer.record or {}

    def drawn(self, record: Record, media: str = "", accept: str = "", ledger: bool = True) -> str:
        """Send a record that must be accepted; the id in the answer."""
        return self.draw_of(self.ask(record, media, accept, ledger=ledger))

    def draw_of(self, answer: Answer) -> str:
        """Expect a success with an id in it; that id."""
        drawn = self.id_of(self.taken(answer))
        self.expect(drawn != "" or self.subject.portal_id is None, "an id in the answer", "none")
        return drawn

    def id_of(self, came: Record) -> str:
        """The id that an answer bears, as it is compared; empty where it bears none."""
        own = self.subject.portal_id
        drawn = came.get(own.name) if own is not None else None
        return self.same_id(str(drawn)) if drawn is not None else ""

    def same_id(self, drawn: str) -> str:
        """An id as it is compared: a guid without braces and in lower case, any other as it is."""
        own = self.subject.portal_id
        return drawn.lower().strip("{}") if own is not None and own.type.value.name == "Guid" else drawn

    def compare(self, sent: Record, came: Record, props: Sequence[Property]) -> None:
        """Expect each of these members to come back meaning what was sent."""
        for prop in props:
            if prop.name not in sent or not self.subject.shown(prop):
                continue
            before, after = sent[prop.name], came.get(prop.name)
            why = values.difference(self.subject.contract, prop, before, after)
            got = f"{prop.name} = {shown(after)} ({why})" if prop.name in came else f"no {prop.name}"
            self.expect(not why, f"{prop.name} = {shown(before)}", got)

    def expect(self, holds: bool, expected: str, got: str) -> None:
        """A witness when it holds, BrokenError when it does not."""
        if not holds:
            raise BrokenError(expected, got, self.exchanges)
        self._witnesses.update(exchange.number for exchange in self.exchanges[-1:])

    def observe(self, text: str) -> None:
        """Note something that is not judged."""
        self.observations.append(text)

    def search(self, strategy: st.SearchStrategy[T], examine: Callable[[T], None], examples: int = 0) -> None:
        """Let Hypothesis look for a value on which `examine` is BrokenError, and shrink it; raises the smallest found.

        A value is examined once only, so shrinking costs what it must and an unsteady portal cannot confuse it.
        """
        seen: dict[str, BrokenError | None] = {}

        @seed(self.session.seed)
        @settings(
            max_examples=examples or self.session.effort.examples,
            database=None,
            deadline=None,
            derandomize=False,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet,
            print_blob=False,
            report_multiple_bugs=False,
        )
        @given(strategy)
        def hunt(value: T) -> None:
            name = repr(value)
            if name not in seen:
                found = any(outcome is not None for outcome in seen.values())
                seen[name] = None if found and len(seen) > 80 else outcome_of(lambda: examine(value))
            outcome = seen[name]
            if outcome is not None:
                raise outcome

        hunt()


def outcome_of(action: Callable[[], None]) -> BrokenError | None:
    """What an examination ends in: None where every expectation held."""
    try:
        action()
    except BrokenError as broken:
        return broken
    return None


def shown(value: Value) -> str:
    """A value for people: quoted, with what cannot be seen escaped, cut where it is long."""
    if isinstance(value, Decimal):
        return format(value, "f")
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return text if len(text) <= 120 else f"{text[:80]}… ({len(str(value))} characters)"


def pieces_of(text: str) -> Iterator[str]:
    """The text with ever smaller parts left out, the largest first: what a minimiser tries."""
    size = max(1, len(text) // 2)
    while True:
        for start in range(0, len(text), size):
            if shorter := text[:start] + text[start + size :]:
                yield shorter
        if size == 1:
            return
        size //= 2


def smallest(text: str, fails: Callable[[str], bool], tries: int = 40) -> str:
    """The text made as short as `tries` examinations allow, still failing."""
    left = tries
    shrunk = True
    while shrunk and left > 0:
        shrunk = False
        for shorter in pieces_of(text):
            left -= 1
            if fails(shorter):
                text, shrunk = shorter, True
                break
            if left <= 0:
                break
    return text
