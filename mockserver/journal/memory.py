"""The last exchanges in memory, and those who listen to new ones.

    add ─▶ deque, bounded by number and by bytes ─▶ last, search
      └──▶ a bounded queue for each subscriber   ─▶ events

The rule: keeping an exchange costs the request nothing but an append; whatever takes time (decoding, judging, writing)
happens when the journal is read. What an exchange means may not live here.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from mockserver.webapi.http import Request, Response

#: How many exchanges are kept, and how many bytes of them.
EXCHANGES = 1000
BYTES = 32 * 1024 * 1024
#: How many events wait for a subscriber before it loses the oldest.
WAITING = 256
#: What an exchange takes beside its texts, roughly.
_FRAME = 1024


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response; `number` counts from 1, `at` is seconds since 1970, `seconds` the time it took.

    `injected` names a fault that the portal was told to have with this request; `answered` is False where the client
    did not get the whole answer.
    """

    number: int
    at: float
    seconds: float
    request: Request
    response: Response
    injected: str = ""
    answered: bool = True

    @property
    def size(self) -> int:
        """The bytes it takes, roughly: bodies, headers, losses."""
        request, response = self.request, self.response
        size = _FRAME + len(request.body or b"") + len(response.body) + len(request.target)
        size += sum(len(name) + len(value) for name, value in request.headers)
        if response.losses:
            size += sum(len(loss.member) + len(loss.sent) + len(loss.kept or "") for loss in response.losses)
        return size


@dataclass(frozen=True, slots=True)
class Event:
    """What a subscriber is told: an exchange, that `count` events were lost on it, or that the journal was cleared."""

    kind: Literal["exchange", "lost", "cleared"]
    exchange: Exchange | None = None
    count: int = 0


class Subscription:
    """New exchanges as they come, to be used in a `with` block; the journal forgets it at the block's end."""

    def __init__(self, forget: Callable[[Subscription], None], room: int):
        self._forget, self._events, self._lost = forget, deque[Event](), 0
        self._room, self._closed = room, False
        self._news = threading.Condition()

    def __enter__(self) -> Subscription:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Listen no more; whoever waits in `next` is told at once."""
        self._forget(self)
        with self._news:
            self._closed = True
            self._news.notify_all()

    @property
    def closed(self) -> bool:
        """Whether nothing more will come."""
        return self._closed

    def tell(self, event: Event) -> None:
        """Put an event into the queue; the oldest one makes room and is counted as lost."""
        with self._news:
            if len(self._events) >= self._room:
                self._events.popleft()
                self._lost += 1
            self._events.append(event)
            self._news.notify()

    def next(self, seconds: float) -> Event | None:
        """The next event, None when there is none within that time; what was lost is told before what follows it."""
        with self._news:
            if not self._events and not self._closed:
                self._news.wait(seconds)
            if self._lost:
                lost, self._lost = self._lost, 0
                return Event("lost", count=lost)
            return self._events.popleft() if self._events else None


class Journal:
    """The last exchanges, oldest first; safe to use from any thread."""

    def __init__(self, exchanges: int = EXCHANGES, size: int = BYTES):
        self._most, self._room = exchanges, size
        self._kept: deque[tuple[Exchange, int]] = deque()
        self._size = 0
        self._seen = 0
        self._lock = threading.Lock()
        self._subscribers: tuple[Subscription, ...] = ()

    def add(
        self, at: float, seconds: float, request: Request, response: Response, *, injected: str = "",
        answered: bool = True,
    ) -> None:  # fmt: skip
        """Keep an exchange and let go of the oldest ones that it displaces; one larger than all room is not kept."""
        with self._lock:
            exchange = self._numbered(at, seconds, request, response, injected, answered)
            self._keep(exchange)
            self._tell(exchange)

    def _numbered(self, *parts: Any) -> Exchange:
        """The next exchange of these parts; the lock is held."""
        self._seen += 1
        return Exchange(self._seen, *parts)

    def _tell(self, exchange: Exchange) -> None:
        for subscriber in self._subscribers:
            subscriber.tell(Event("exchange", exchange))

    def _keep(self, exchange: Exchange) -> None:
        size = exchange.size
        self._kept.append((exchange, size))
        self._size += size
        while len(self._kept) > self._most or self._size > self._room:
            self._size -= self._kept.popleft()[1]

    def all(self) -> list[Exchange]:
        """Every exchange that is still here, oldest first."""
        with self._lock:
            return [exchange for exchange, _ in self._kept]

    def last(self, count: int) -> list[Exchange]:
        """The newest `count` exchanges, oldest first."""
        return self.all()[-count:] if count > 0 else []

    def find(self, number: int) -> Exchange | None:
        """The exchange of that number, None when it is not here (any more)."""
        return next((exchange for exchange in reversed(self.all()) if exchange.number == number), None)

    def search(
        self, matches: Callable[[Exchange], bool] = lambda _: True, *, since: int = 0, last: int | None = None
    ) -> list[Exchange]:
        """Those that match, with a number above `since`, the newest `last` of them (None: all), oldest first."""
        found: list[Exchange] = []
        for exchange in reversed(self.all()):
            if exchange.number <= since or (last is not None and len(found) >= last):
                break
            if matches(exchange):
                found.append(exchange)
        return found[::-1]

    @property
    def seen(self) -> int:
        """How many exchanges there were since the start or the last `clear`."""
        return self._seen

    @property
    def kept(self) -> int:
        """How many of them are still here."""
        return len(self._kept)

    def clear(self) -> None:
        """Forget everything and count from 1 again."""
        with self._lock:
            self._forget_all()
            self._seen = 0
            for subscriber in self._subscribers:
                subscriber.tell(Event("cleared"))

    def _forget_all(self) -> None:
        self._kept.clear()
        self._size = 0

    def subscribe(self, room: int = WAITING) -> Subscription:
        """A subscription to the exchanges from now on; one that reads too slowly loses the oldest and is told so."""
        subscription = Subscription(self._unsubscribe, room)
        with self._lock:
            self._subscribers = (*self._subscribers, subscription)
        return subscription

    def _unsubscribe(self, subscription: Subscription) -> None:
        with self._lock:
            self._subscribers = tuple(one for one in self._subscribers if one is not subscription)

    @property
    def subscribers(self) -> int:
        """How many listen."""
        return len(self._subscribers)

    def hush(self) -> None:
        """End every subscription; exchanges are kept as before."""
        for subscriber in self._subscribers:
            subscriber.close()

    def end(self) -> None:
        """Keep no more, as the tenant is dropped: what is still under way leaves nothing behind."""

    def close(self) -> None:
        """The same at the end of the journal; the exchanges stay readable."""
        self.hush()
