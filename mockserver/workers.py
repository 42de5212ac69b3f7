"""Several processes that serve one port: `portal-mock serve --workers N`.

    parent ─fork─▶ worker 1 … N     each opens the store, makes its app and takes the connections of its own socket
       │ ◀── "ready" or why not ──┘     a pipe of each worker
       └──── lifeline ────────────▶     one pipe that ends when the parent stops, however it does; then all workers stop

The rule: the parent holds the sockets and serves nothing, so that it can fork at any time. A worker that dies is
replaced at once: what it had answered is in the store, who waits to be let in still does. One that cannot start ends
all, with its words. Signals are the parent's alone: a worker ignores them and follows its lifeline, whether one process
or the whole group was asked to stop. There is no fork on Windows, and so one worker. What is served may not live here.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from contracts.errors import UsageError
from mockserver import server

if TYPE_CHECKING:
    from mockserver.tls import Tls

#: Makes the app in the process that is to serve it, and lets go of what it opened.
MakeApp = Callable[[], AbstractContextManager[server.Wsgi]]

#: Whether this system can have more than one worker.
POSSIBLE = hasattr(os, "fork")
_LOG = logging.getLogger("mockserver")
_POLL = 0.2
#: Seconds that workers get to end: the grace of their own open requests, and some to close the store.
_GRACE = 5.0


@contextmanager
def shared(store: str) -> Iterator[str]:
    """The URL of a store that several processes can open: memory becomes a temporary file, gone afterwards."""
    if store != "memory":
        yield store
        return
    with tempfile.TemporaryDirectory(prefix="portal-mock-", ignore_cleanup_errors=True) as folder:
        yield f"sqlite:///{Path(folder, 'records.db').as_posix()}"


def serve(
    make_app: MakeApp,
    listener: socket.socket,
    ready: Callable[[], None],
    workers: int,
    threads: int = server.THREADS,
    tls: Tls | None = None,
) -> None:
    """Serve with so many processes until Ctrl-C or a polite kill; `ready` is called once all of them take requests.

    To be called in the main thread of a process that has no other, with no store open. Raises UsageError where a
    worker's `make_app` does.
    """
    if not POSSIBLE:
        raise UsageError(
            "several workers need a system that can fork, and Windows cannot\n    what to do: leave out --workers"
        )
    asked = threading.Event()
    signals = (signal.SIGINT, signal.SIGTERM)

    def stop(number: int, _: Any) -> None:
        signal.signal(number, signal.SIG_DFL)
        asked.set()

    before = {number: signal.signal(number, stop) for number in signals}
    start = _Start(make_app, threads, tls, _sockets(listener, workers), *os.pipe())
    crew: list[_Worker] = []
    try:
        crew += [start.worker(place) for place in range(workers)]
        for worker in crew:
            worker.await_ready()
        ready()
        while not asked.wait(_POLL):
            for place, worker in enumerate(crew):
                if (how := worker.ended()) is not None:
                    _LOG.warning("worker %d ended (%s); another one takes its place", worker.pid, how)
                    crew[place] = start.worker(place)
                    with suppress(ChildProcessError):  # dead already: the next look sees it
                        crew[place].await_ready()
    finally:
        start.close()
        _await_end(crew)
        for number, handler in before.items():
            signal.signal(number, handler)


def _sockets(listener: socket.socket, count: int) -> list[socket.socket]:
    """A socket for each worker, all on the port of this one."""
    # socket(7), SO_REUSEPORT: Linux spreads connections over the sockets; of one that all share, the first worker that
    # wakes takes all that wait. Elsewhere the option means other things, and the one socket is shared.
    if sys.platform != "linux":
        return [listener.dup() for _ in range(count - 1)] + [listener]
    found = []
    with listener:  # it was bound alone, which is refused when the port is another's; until now nobody was told of it
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        for _ in range(count):
            one = socket.socket(listener.family, listener.type, listener.proto)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            one.bind(listener.getsockname())
            one.listen(server.BACKLOG)
            found.append(one)
    return found


def _await_end(crew: list[_Worker]) -> None:
    until = time.monotonic() + _GRACE
    while time.monotonic() < until and any(worker.ended() is None for worker in crew):
        time.sleep(0.02)
    for worker in crew:
        if worker.ended() is None:
            os.kill(worker.pid, signal.SIGKILL)
            os.waitpid(worker.pid, 0)


@dataclass
class _Worker:
    """A worker as its parent sees it: `tells` is the pipe on which it says that it is ready, or why not."""

    pid: int
    tells: int
    end: str | None = None

    def await_ready(self) -> None:
        """Wait until it takes requests. Raises what kept it from that, ChildProcessError where it just died."""
        with os.fdopen(self.tells, encoding="utf-8") as told:
            said = told.read()
        if not said:
            raise ChildProcessError(f"worker {self.pid} died before it took requests")
        kind, words = json.loads(said)
        if kind == "usage":
            raise UsageError(words)
        if kind == "fault":
            raise RuntimeError(words)

    def ended(self) -> str | None:
        """How it ended, None while it lives."""
        if self.end is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                code = os.waitstatus_to_exitcode(status)
                self.end = f"signal {-code}" if code < 0 else f"exit code {code}"
        return self.end


@dataclass(frozen=True)
class _Start:
    """What each worker is started with: the socket of its place; `follow` and `lifeline` are the ends of one pipe."""

    make_app: MakeApp
    threads: int
    tls: Tls | None
    sockets: list[socket.socket]
    follow: int
    lifeline: int

    def worker(self, place: int) -> _Worker:
        tells, say = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            os.close(tells)
            os.close(self.lifeline)
            for other in self.sockets[:place] + self.sockets[place + 1 :]:
                other.close()
            _work(self.make_app, self.sockets[place], self.threads, self.tls, say, self.follow)
        os.close(say)
        return _Worker(pid, tells)

    def close(self) -> None:
        """Take no more connections, and let the workers know."""
        for one in self.sockets:
            one.close()
        os.close(self.lifeline)
        os.close(self.follow)


def _work(make_app: MakeApp, listener: socket.socket, threads: int, tls: Tls | None, say: int, follow: int) -> NoReturn:
    """The life of a worker; it ends the process, past everything that the parent would do at its end."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    code = 70
    try:
        with make_app() as app:
            worker = server.Worker(app, listener, threads, tls)
            worker.start()
            _tell(say, "ready", "")
            os.read(follow, 1)  # gives nothing, once the other end is closed
            worker.stop()
        code = 0
    except UsageError as error:
        _tell(say, "usage", str(error))
    except BaseException as error:
        _LOG.exception("a worker failed; please report this")
        _tell(say, "fault", f"{type(error).__name__}: {error}")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _tell(say: int, kind: str, words: str) -> None:
    with os.fdopen(say, "w", encoding="utf-8") as pipe:
        json.dump([kind, words], pipe)
