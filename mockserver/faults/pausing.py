"""Waiting on purpose, without keeping others from being served.

The rule: a request that waits holds a thread of the web server, so only some may at once; one that finds no place does
not wait, and that is told. Whoever waits goes on as soon as the fault is taken away or the portal stops.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

#: How many requests may wait at once, of the `mockserver.server.THREADS` that are answered at once.
PLACES = 48
_LOG = logging.getLogger("mockserver.faults")
_places = threading.BoundedSemaphore(PLACES)


def sleep(gone: threading.Event, seconds: float) -> None:
    """Wait so long, or until the event is set."""
    gone.wait(seconds)


@contextmanager
def place() -> Iterator[bool]:
    """A place among those who wait, until the block ends; whether there was one."""
    taken = _places.acquire(blocking=False)
    if not taken:
        _LOG.warning("%d requests are kept waiting already; one more is not", PLACES)
    try:
        yield taken
    finally:
        if taken:
            _places.release()
