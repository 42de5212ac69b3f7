"""The clients of a soak: many that send in every format, some that are slow or hang, some whose requests go wrong.

The rule: a client notes what it got and judges nothing but whether the answer is to its own request. Everything is
drawn from a seed. How long it goes on and what comes of it may not live here.
"""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bench_requests import MARK, MEDIA_TYPES, key, raw

#: What is sent beside the page's samples, and what the framework answers: name → (request without its Host, statuses).
_ODD = {
    "refused": (b"POST %s HTTP/1.1\r\n%s\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", {400}),
    "not JSON": (b"POST %s HTTP/1.1\r\n%s\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\n{,}", {400}),
    "unread type": (b"POST %s HTTP/1.1\r\n%s\r\nContent-Type: text/x\r\nContent-Length: 2\r\n\r\n{}", {415}),
    "wrong verb": (b"PATCH %s HTTP/1.1\r\n%s\r\n\r\n", {405}),
    "unknown path": (b"GET %s-not HTTP/1.1\r\n%s\r\n\r\n", {404}),
}
#: The tenant whose requests are made to go wrong, and how: each with one request in twelve.
FAULTY = "soak-faulty"
FAULTS = [
    f"{fault};probability=0.08"
    for fault in (
        "latency=0.05",
        "status=503",
        "database-down",
        "reset",
        "half",
        "lost",
        "drip=2000",
        "hang=1",
        "blank",
    )
]
#: Of so many requests one is odd, and one is a look at the journal.
_ODD_EVERY, _LOOK_EVERY = 20, 500
#: Keys that a client uses over and over.
_KEYS = 200


@dataclass
class Notes:
    """What all clients got: seconds by what was sent, and what was wrong."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    statuses: dict[int, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    slow_answered: int = 0
    arranged: dict[str, int] = field(default_factory=dict)

    def add(self, kind: str, seconds: float, status: int, fits: bool, answer: bytes) -> None:
        self.seconds.setdefault(kind, []).append(seconds)
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if not fits:
            self.wrong.append(f"{kind}: {status} {answer[:200]!r}")


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Status and body of the next answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    return int(head[9:12]), await reader.readexactly(length)


async def steady(url: str, path: str, number: int, seed: int, until: float, notes: Notes) -> None:
    """A client that sends one request after another on one connection, known and new keys in every format."""
    chance, made = random.Random(f"{seed}-{number}"), 0
    host = f"Host: {urlsplit(url).netloc}".encode()
    odd = {kind: (request % (path.encode(), host), expected) for kind, (request, expected) in _ODD.items()}
    pieces = {kind: raw(url, kind).split(MARK.encode()) for kind in MEDIA_TYPES}
    look = b"GET /_portal/journal?last=5 HTTP/1.1\r\n%s\r\n\r\n" % host
    reader, writer = await asyncio.open_connection(urlsplit(url).hostname, urlsplit(url).port, limit=1 << 24)
    try:
        while time.monotonic() < until:
            made += 1
            name = key(number, chance.randint(1, _KEYS) if made % 2 else made).encode()
            if made % _LOOK_EVERY == 0:
                kind, request, expected, sign = "look", look, {200}, b'"exchanges"'
            elif made % _ODD_EVERY == 0:
                kind = chance.choice(list(odd))
                request, expected, sign = *odd[kind], b""
            else:
                kind = chance.choice(list(pieces))
                request, expected, sign = name.join(pieces[kind]), {200}, name
            began = time.perf_counter()
            writer.write(request)
            status, body = await _answer(reader)
            notes.add(kind, time.perf_counter() - began, status, status in expected and sign in body, body)
    except (OSError, asyncio.IncompleteReadError) as error:
        notes.wrong.append(f"client {number} lost its connection: {error!r}")
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def slow(url: str, number: int, until: float, notes: Notes) -> None:
    """A client that sends its request byte by byte, over and over; each must be answered in the end."""
    request = raw(url, "JSON").replace(MARK.encode(), key(9000 + number, 1).encode())
    while time.monotonic() < until - 2:
        reader, writer = await asyncio.open_connection(urlsplit(url).hostname, urlsplit(url).port)
        pause = min(0.01, (until - time.monotonic()) / (2 * len(request)))
        try:
            for at in range(len(request)):
                writer.write(request[at : at + 1])
                await writer.drain()
                await asyncio.sleep(pause)
            status, _ = await _answer(reader)
            notes.slow_answered += status == 200
            if status != 200:
                notes.wrong.append(f"slow client: {status}")
        except (OSError, asyncio.IncompleteReadError) as error:
            notes.wrong.append(f"slow client {number} lost its connection: {error!r}")
        finally:
            writer.close()


async def faulted(url: str, number: int, until: float, notes: Notes) -> None:
    """A client of the tenant whose requests are made to go wrong: whatever comes is only counted."""
    made = 0
    while time.monotonic() < until:
        made += 1
        request = raw(url, "JSON").replace(MARK.encode(), key(9100 + number, made).encode())
        request = request.replace(b"POST ", f"POST /t/{FAULTY}".encode(), 1)
        reader, writer = await asyncio.open_connection(urlsplit(url).hostname, urlsplit(url).port)
        try:
            writer.write(request)
            status, _ = await asyncio.wait_for(_answer(reader), 10)
            came = str(status)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            came = "broken"
        finally:
            writer.close()
        notes.arranged[came] = notes.arranged.get(came, 0) + 1


async def hung(url: str, number: int, until: float) -> None:
    """A client that stops in the middle: before its head, in its head or in its body, and waits."""
    request = raw(url, "JSON")
    part = (b"", request[:20], request[: request.index(b"\r\n\r\n") + 10])[number % 3]
    _, writer = await asyncio.open_connection(urlsplit(url).hostname, urlsplit(url).port)
    writer.write(part)
    await asyncio.sleep(max(0.0, until - time.monotonic()))
    writer.close()
