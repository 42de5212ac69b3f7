"""A connection that is reset: the client reads "connection reset by peer", and not one byte before it.

The web server tells an app nothing of its connections, and closes them in good order. On Linux this process can find
the one: all connections of its ports are corked for a moment (tcp(7), TCP_CORK: small writes wait), the server writes
the head of an answer, and the connection in which that many bytes now wait is the one. Connecting a socket to nowhere
(connect(2), AF_UNSPEC) throws away what waits and sends the reset; the others are uncorked, and what they wrote leaves.

The rule: only a connection in which the head's own number of bytes waits is reset; who is not found within a second is
let go. One reset at a time looks for its connection. Which request is meant may not live here.
"""

from __future__ import annotations

import logging
import os
import random
import socket
import struct
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

_LOG = logging.getLogger("mockserver.faults")
#: Where the process finds its own sockets.
_OPEN = Path("/proc/self/fd")
#: Whether connections can be reset here.
POSSIBLE = sys.platform == "linux" and _OPEN.is_dir()
#: linux/sockios.h: bytes that were written and have not left.
_UNSENT = 0x894B
#: What a head has beside the header that makes its size known, at most: status line, date, server, TLS.
_FRAME = 300
_SECONDS, _POLL = 1.0, 0.0002
_ONE = threading.Lock()


class Reset:
    """The body of an answer that never leaves: asked for its first piece, it resets the connection."""

    def __init__(self, peer: str):
        # All of it must fit into one segment, or it leaves: RFC 9293, 3.7.1 gives IPv4 536 bytes at least.
        self._size = random.randrange(64, 200)
        self._peer = peer
        self._held: list[socket.socket] | None = None
        _ONE.acquire()
        try:
            self._held = _connections(peer)
            _cork(self._held, 1)
        except BaseException:
            _ONE.release()
            raise

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Headers of a known size."""
        return [("Content-Length", "1"), ("Portal-Reset", "x" * self._size)]

    def __iter__(self) -> Reset:
        return self

    def __next__(self) -> bytes:
        try:
            if not self._find():
                _LOG.warning("a connection of %s could not be reset; it ends without a body", self._peer)
        finally:
            self.close()
        raise StopIteration

    def _find(self) -> bool:
        until = time.monotonic() + _SECONDS
        while time.monotonic() < until:
            for one in self._held or ():
                if self._size < _unsent(one) <= self._size + _FRAME:
                    return _disconnect(one)
            time.sleep(_POLL)
        return False

    def __del__(self) -> None:  # a server that never asks for the body keeps nobody else waiting
        self.close()

    def close(self) -> None:
        """Let all other connections go on."""
        if self._held is None:
            return
        held, self._held = self._held, None
        try:
            _cork(held, 0)
            for one in held:
                one.close()
        finally:
            _ONE.release()


def _connections(peer: str) -> list[socket.socket]:
    """Every connection of this process that came in from there, as a second handle on it."""
    every = []
    for link in _OPEN.iterdir():
        with suppress(OSError):
            every.append(_socket(int(link.name)))
    streams = [one for one in every if one is not None]
    ports = {one.getsockname()[1] for one in streams if _listens(one)}
    found = []
    for one in streams:
        if not _listens(one) and _is_from(one, peer, ports):
            found.append(one)
        else:
            one.close()
    return found


def _socket(number: int) -> socket.socket | None:
    """A second handle on an open socket of TCP, None for anything else."""
    handle = os.dup(number)
    try:
        found = socket.socket(fileno=handle)
    except OSError:
        os.close(handle)
        return None
    if found.family in (socket.AF_INET, socket.AF_INET6) and found.type == socket.SOCK_STREAM:
        return found
    found.close()
    return None


def _listens(one: socket.socket) -> bool:
    return bool(one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


def _is_from(one: socket.socket, peer: str, ports: set[int]) -> bool:
    try:
        return one.getsockname()[1] in ports and one.getpeername()[0] == peer
    except OSError:  # it is over
        return False


def _cork(held: list[socket.socket], on: int) -> None:
    for one in held:
        with suppress(OSError):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, on)  # type: ignore[attr-defined,unused-ignore]


def _unsent(one: socket.socket) -> int:
    import fcntl

    with suppress(OSError):
        found: int = struct.unpack("i", fcntl.ioctl(one.fileno(), _UNSENT, bytes(4)))[0]
        return found
    return 0


def _disconnect(one: socket.socket) -> bool:
    import ctypes

    nowhere = (ctypes.c_char * 16)()  # struct sockaddr with AF_UNSPEC, which is 0
    done: int = ctypes.CDLL(None).connect(one.fileno(), nowhere, 16)
    return done == 0
