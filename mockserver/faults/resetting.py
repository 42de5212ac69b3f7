"""A connection that is reset: the client reads "connection reset by peer", and not one byte before it.

The web server tells an app nothing of its connections, and closes them in good order. On Linux this process can find
the one: all connections of its ports are corked for a moment (tcp(7), TCP_CORK: small writes wait), the server writes
an answer by and by, and the connection in which what waits grows by just these pieces is the one. Connecting a socket
to nowhere (connect(2), AF_UNSPEC) throws away what waits and sends the reset; the others are uncorked, and what they
wrote leaves.

The rule: only a connection is reset in which the head of an answer waits and then a piece more, of a length drawn for
it; another's answer may be as long, but it does not grow so. Who is not found in time is let go. One reset at a time
looks for its connection. Which request is meant may not live here.
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
#: How long a head is at least, the lengths of pieces, and what a piece has beside them at most: a frame of TLS.
_HEAD, _LEAST, _MOST, _RECORD = 80, 41, 90, 40
#: How many pieces are tried. All must fit into one segment, or it leaves; seconds for the head, and for a piece.
_PIECES, _SECONDS, _PIECE_SECONDS, _POLL = 4, 1.0, 0.1, 0.0002
_ONE = threading.Lock()


class Reset:
    """The body of an answer that never leaves: asked for its first piece, it resets the connection."""

    def __init__(self, peer: str):
        self._pieces: list[int] = []
        self._waited: dict[socket.socket, int] = {}
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
        """Headers of a body that does not come to its end."""
        return [("Content-Length", str(_PIECES * _MOST + 1))]

    def __iter__(self) -> Reset:
        return self

    def __next__(self) -> bytes:
        found = self._held is None
        try:
            found = found or self._find()
        except BaseException:
            self.close()
            raise
        if not found and len(self._pieces) < _PIECES:
            self._pieces.append(random.randrange(_LEAST, _MOST))
            return b"." * self._pieces[-1]
        if not found:
            _LOG.warning("a connection of %s could not be reset; it ends without its body", self._peer)
        self.close()
        raise StopIteration

    def _find(self) -> bool:
        """Whether the connection showed itself, and is reset; before the first piece, this awaits the head alone."""
        until = time.monotonic() + (_PIECE_SECONDS if self._pieces else _SECONDS)
        while time.monotonic() < until:
            for one in self._held or ():
                before, now = self._waited.get(one, 0), _unsent(one)
                if before >= _HEAD and self._grew(now - before):
                    return _disconnect(one)
                self._waited[one] = now
            if not self._pieces and any(waits >= _HEAD for waits in self._waited.values()):
                return False
            time.sleep(_POLL)
        return False

    def _grew(self, size: int) -> bool:
        """Whether this is the length of the last pieces, of one or more."""
        lengths = [sum(self._pieces[start:]) for start in range(len(self._pieces))]
        return any(0 <= size - length <= _RECORD * len(lengths) for length in lengths)

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
