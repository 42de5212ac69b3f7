"""What a check works with: it asks, reads the answer, and says what it expected.

    check ──▶ Probe.ask / accepted ──▶ Wire            Probe.expect ──▶ BrokenError (expected, got, exchanges)

The rule: a probe keeps the exchanges of the present attempt only, so that a violation shows the few that prove it;
and an expectation that held is a witness. Keys are made of the seed, the run's id and a counter: the same run sends
the same bytes. No requirement is known here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st

from contracts.conformance import bodies, values
from contracts.conformance.bodies import UnreadableError
from contracts.conformance.subject import Subject, bounds
from contracts.conformance.values import Record, Value
from contracts.conformance.wire import Exchange, UnreachableError, Wire
from contracts.errors import UsageError
from contracts.model import Property, WireFormat

T = TypeVar("T")
NOTHING: Record = {}
PATIENCE = 3  # so many requests in a row without an answer in time end the run


class BrokenError(Exception):
    """An expectation that did not hold."""

    def __init__(self, expected: str, got: str, exchanges: Sequence[Exchange]):
        super().__init__(f"expected {expected}, got {got}")
        self.expected, self.got, self.exchanges = expected, got, tuple(exchanges)


class NotJudgedError(Exception):
    """The check cannot say; the text says why."""


@dataclass(frozen=True)
class Answer:
    """An exchange as understood: the record it tells (None: `problem` says why), the format read, the declared type."""

    exchange: Exchange
    record: Record | None
    wire: WireFormat | None
    problem: str
    media: str
    charset: str

    @property
    def status(self) -> int:
        return self.exchange.status

    @property
    def body(self) -> bytes:
        return self.exchange.received.body if self.exchange.received else b""

    def words(self) -> str:
        """The answer in a few words."""
        received = self.exchange.received
        if received is None:
            return f"no answer ({self.exchange.failure})"
        return f"{received.status} {received.reason}".strip()


@dataclass
class Entry:
    """A key and the id that an answer gave it."""

    key: str
    id: str
    exchange: Exchange


@dataclass
class Session:
    """One run against one operation: how the suite writes and reads there, and what it has seen so far."""

    subject: Subject
    wire: Wire
    seed: int
    run_id: str
    prefix: str = "pc-"
    examples: int = 3
    speech: str = ""
    hearing: str = ""
    fallen_media: set[str] = field(default_factory=set)
    ledger: list[Entry] = field(default_factory=list)
    errors: list[Exchange] = field(default_factory=list)
    _keys: int = 0
    _waits: int = 0

    def key(self, tail: str = "") -> str:
        """A key that no record has yet, within the page's lengths, marked as the suite's."""
        self._keys += 1
        text = f"{self.prefix}{self.run_id}-{self.seed}-{self._keys}{tail}"
        if not bounds(self.subject.key).allow(text):
            longest = bounds(self.subject.key).longest or len(text)
            text = f"{self.run_id}{self._keys:04}"[-longest:]
        if not bounds(self.subject.key).allow(text):
            raise UsageError(f"no key fits the lengths that the page allows for {self.subject.key.name}")
        return text

    def format_of(self, media: str) -> WireFormat:
        """The wire format behind a media type of the page."""
        for fact in (*self.subject.request_media(), *self.subject.response_media()):
            if fact.value.name == media:
                return fact.value.format
        raise KeyError(media)

    def request_formats(self) -> dict[WireFormat, str]:
        """Every format that a record may be sent in and that has not fallen, with a media type; our own first."""
        found = {self.format_of(self.speech): self.speech}
        for fact in self.subject.request_media():
            if fact.value.name not in self.fallen_media:
                found.setdefault(fact.value.format, fact.value.name)
        return found

    def response_formats(self) -> dict[WireFormat, str]:
        """Every format that an answer may come in, with the first media type of each; the suite's own first."""
        found = {self.format_of(self.hearing): self.hearing}
        for fact in self.subject.response_media():
            found.setdefault(fact.value.format, fact.value.name)
        return found

    def exchange(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Exchange:
        """One exchange; a request without an answer in time is one too, unless there are too many in a row."""
        try:
            exchange = self.wire.send(method, path, headers.items(), body)
            self._waits = 0
        except UnreachableError as error:
            self._waits += 1
            if error.kind != "timeout" or self._waits >= PATIENCE:
                raise
            exchange = error.exchange
        if exchange.status >= 400:
            self.errors.append(exchange)
        return exchange

    def read(self, exchange: Exchange) -> Answer:
        """What an exchange tells: read as its Content-Type says, or as it looks where that does not work."""
        received = exchange.received
        if received is None:
            return Answer(exchange, None, None, exchange.failure, "", "utf-8")
        media, charset = content_type(received.header("Content-Type"))
        problem = "no body" if not received.body else f"a body of type {media or 'unknown'}"
        for wire in dict.fromkeys((family(media), _looks(received.body))):
            if wire is None or not received.body:
                continue
            try:
                record = bodies.read(self.subject, wire, received.body, charset)
                return Answer(exchange, record, wire, "", media, charset)
            except UnreadableError as error:
                problem = str(error)
        return Answer(exchange, None, None, problem, media, charset)


def content_type(value: str | None) -> tuple[str, str]:
    """A Content-Type's media type in lower case (empty where there is none) and its charset (utf-8 where none)."""
    media, *parameters = (value or "").split(";")
    charset = "utf-8"
    for parameter in parameters:
        name, _, text = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = text.strip().strip('"')
    return media.strip().lower(), charset


def family(media: str) -> WireFormat | None:
    """The wire format of an answer's media type."""
    match = re.fullmatch(r"[^/]+/(?:[^/]+\+)?(json|xml)", media)
    return None if match is None else ("json" if match[1] == "json" else "xml")


def _looks(body: bytes) -> WireFormat | None:
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return {b"{": "json", b"[": "json", b"<": "xml"}.get(start)  # type: ignore[return-value]


class Probe:
    """One check at work on one requirement."""

    def __init__(self, session: Session, media: str = "", wire: str = "", member: str = ""):
        self.session, self.subject = session, session.subject
        self.media, self.format, self.member = media, wire, member
        self.witnesses = 0
        self.observations: list[str] = []
        self.exchanges: list[Exchange] = []

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
        record[self.subject.key.name] = self.session.key() if key is None else key
        return {**record, **changes}

    def ask(
        self, record: Record, media: str = "", accept: str = "", body: bytes | None = None, ledger: bool = True
    ) -> Answer:
        """Send a record (or the given body in its place) in a media type, asking for another."""
        media, accept = media or self.session.speech, accept or self.session.hearing
        if body is None:
            body = bodies.write(self.subject, self.session.format_of(media), record)
        answer = self.send(self.subject.operation.method.value, {"Content-Type": media, "Accept": accept}, body)
        if ledger and self.subject.portal_id and 200 <= answer.status < 300 and answer.record is not None:
            key, drawn = record.get(self.subject.key.name), answer.record.get(self.subject.portal_id.name)
            if isinstance(key, str) and isinstance(drawn, str):
                self.session.ledger.append(Entry(key, drawn.lower(), answer.exchange))
        return answer

    def send(self, method: str, headers: Mapping[str, str], body: bytes | None, path: str = "") -> Answer:
        """Any request to the operation's path, or to another."""
        exchange = self.session.exchange(method, path or self.subject.path, headers, body)
        self.exchanges.append(exchange)
        return self.session.read(exchange)

    def accepted(self, record: Record, media: str = "", accept: str = "", ledger: bool = True) -> tuple[Answer, Record]:
        """Send a record that must be accepted; the answer and the record it tells."""
        answer = self.ask(record, media, accept, ledger=ledger)
        self.expect(200 <= answer.status < 300, "the record is accepted (2xx)", answer.words())
        self.expect(answer.record is not None, "a record in the answer", answer.problem)
        return answer, answer.record or {}

    def drawn(self, record: Record, media: str = "", accept: str = "", ledger: bool = True) -> str:
        """Send a record that must be accepted; the id in the answer."""
        _, came = self.accepted(record, media, accept, ledger)
        assert self.subject.portal_id is not None
        drawn = came.get(self.subject.portal_id.name)
        self.expect(isinstance(drawn, str), "an id in the answer", repr(drawn))
        return str(drawn).lower().strip("{}")

    def compare(self, sent: Record, came: Record, props: Sequence[Property]) -> None:
        """Expect each of these members to come back meaning what was sent."""
        for prop in props:
            if prop.name not in sent or prop.name not in self.subject.answered:
                continue
            before, after = sent[prop.name], came.get(prop.name)
            why = values.difference(self.subject.contract, prop, before, after)
            got = f"{prop.name} = {shown(after)} ({why})" if prop.name in came else f"no {prop.name}"
            self.expect(not why, f"{prop.name} = {shown(before)}", got)

    def expect(self, holds: bool, expected: str, got: str) -> None:
        """A witness when it holds, BrokenError when it does not."""
        if not holds:
            raise BrokenError(expected, got, self.exchanges)
        self.witnesses += 1

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
            max_examples=examples or self.session.examples,
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
