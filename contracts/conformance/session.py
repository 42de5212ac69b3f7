"""A run against one operation: how the suite writes and reads there, what it has seen, and how an answer is understood.

The rule: keys are made of the seed, the run's id and a counter, so that the same run sends the same bytes; an answer
is read as its Content-Type says, or as it looks where that does not work, so that a wrong type is one finding and not
fifty. Nothing is expected or judged here.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from contracts.conformance import bodies
from contracts.conformance.annotated import matches, matching
from contracts.conformance.bodies import UnreadableError
from contracts.conformance.effort import PROFILES, Effort
from contracts.conformance.subject import Subject, annotation, bounds
from contracts.conformance.values import Record
from contracts.conformance.wire import Exchange, UnreachableError, Wire
from contracts.errors import UsageError
from contracts.model import WireFormat

PATIENCE = 3  # so many requests in a row without an answer in time end the run


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
    effort: Effort = PROFILES["quick"]
    speech: str = ""
    hearing: str = ""
    fallen_media: set[str] = field(default_factory=set)
    fallen_answers: set[str] = field(default_factory=set)
    lax_formats: set[str] = field(default_factory=set)
    ledger: list[Entry] = field(default_factory=list)
    errors: list[Exchange] = field(default_factory=list)
    keys: dict[str, None] = field(default_factory=dict)
    zone: str | None = None
    notes: list[str] = field(default_factory=list)
    _keys: int = 0
    _waits: int = 0

    def key(self, tail: str = "") -> str:
        """A key that no record has yet, within the page's lengths, marked as the suite's."""
        self._keys += 1
        text = f"{self.prefix}{self.run_id}-{self.seed}-{self._keys}{tail}"
        pattern = annotation(self.subject.key, "pattern")
        if pattern is not None and not matches(pattern[0], text):
            text = self._drawn(pattern[0])
        if not bounds(self.subject.key).allow(text):
            longest = bounds(self.subject.key).longest or len(text)
            text = f"{self.run_id}{self._keys:04}"[-longest:]
        if not bounds(self.subject.key).allow(text):
            raise UsageError(f"no key fits the lengths that the page allows for {self.subject.key.name}")
        self.keys.setdefault(text)
        return text

    def digits(self) -> str:
        """A number that no key of this run holds, of digits alone, none of them leading zeros; empty where the page
        allows no such key."""
        self._keys += 1
        run = zlib.crc32(f"{self.run_id}-{self.seed}".encode()) % 10**6
        text, pattern = f"9{run:06}{self._keys:04}", annotation(self.subject.key, "pattern")
        allowed = bounds(self.subject.key).allow("00" + text) and (pattern is None or matches(pattern[0], "00" + text))
        return text if allowed and (pattern is None or matches(pattern[0], text)) else ""

    def _drawn(self, pattern: str) -> str:
        """A key that a pattern allows and that this run has not used."""
        begin = zlib.crc32(f"{self.run_id}-{self.seed}".encode())
        for number in range(50):
            text = matching(pattern, bounds(self.subject.key), begin + 100 * self._keys + number)
            if text is None:
                break
            if text not in self.keys:
                return text
        raise UsageError(f"no key can be made up that the page's pattern for {self.subject.key.name} allows: {pattern}")

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

    def fall(self, template: str, media: str, wire: str) -> None:
        """A requirement fell: what only a fallen format could show is left out from now on."""
        if template == "accept.{media}":
            self.fallen_media.add(media)
        elif template == "answer.{media}":
            self.fallen_answers.add(media)
        elif template in ("shape.complete.{format}", "meaning.answer-{format}"):
            self.fallen_answers.update(m.value.name for m in self.subject.response_media() if m.value.format == wire)
        elif template == "required.enforced.{format}":
            self.lax_formats.add(wire)
        elif template == "meaning.{format}":
            self.fallen_media.update(m.value.name for m in self.subject.request_media() if m.value.format == wire)

    def forget(self) -> None:
        """Let go of what was seen, once all is judged: exchanges are large."""
        self.ledger.clear()
        self.errors.clear()

    def answers(self) -> list[str]:
        """A media type for each format of an answer that has not fallen; the suite's own first."""
        return [media for media in self.response_formats().values() if media not in self.fallen_answers]

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
