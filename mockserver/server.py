"""The web server: granian, in this very process, on a socket that we bound ourselves.

Granian's own command starts a second interpreter for its worker. The worker thread that it has for free-threaded
Pythons serves the same requests in this process: less memory, and one server for `portal-mock serve`, for tests and for
the demo. That part of granian is not documented as an interface, so everything that touches it stands in `Worker`
below, and the requirement in pyproject.toml says which granian it was tried with.

The rule: the port is bound here before anything is told, so that port 0 has a name, a port in use is an error of one
sentence, and a client that was told the address is never refused. What the requests mean may not live here.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from contracts.errors import UsageError

if TYPE_CHECKING:
    from mockserver.tls import Tls

Wsgi = Callable[..., Any]

#: Requests that may be in hand at once; granian starts a thread only when one is needed. A client that sends its body
#: slowly holds one, so few would let a few such clients stop all others; measured, many cost nothing.
THREADS = 512
#: Connections that the system holds until they are taken.
BACKLOG = 1024
#: Seconds that open requests get to end after a stop was asked for.
_GRACE = 3.0


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises UsageError saying why the address cannot be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise UsageError(
            f"unknown host {host!r}: {error}\n"
            "    what to do: --host 127.0.0.1 serves this machine only, --host 0.0.0.0 everyone"
        ) from error
    listener = socket.socket(family, kind, protocol)
    try:
        # Windows lets two processes share a port that both ask to reuse; elsewhere it only skips the wait after a stop.
        if sys.platform != "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise UsageError(_why_not(host, port, error)) from error
    return listener


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno in (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", None)):
        return (
            f"port {port} on {host} is in use by another program\n"
            "    what to do: stop that program, or choose another port; --port 0 takes a free one"
        )
    if isinstance(error, PermissionError):
        return f"port {port} needs rights that this user has not\n    what to do: choose one above 1023, as --port 8080"
    what = f"cannot listen on {host}, port {port}: {error.strerror or error}"
    return f"{what}\n    what to do: --host 127.0.0.1 serves this machine only"


def url_of(listener: socket.socket, tls: Tls | None = None) -> str:
    """Where the socket is reached, "http://127.0.0.1:8080"."""
    scheme = "http" if tls is None else "https"
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # everything that this machine is called by: name one that always works here
        host = "127.0.0.1" if host == "0.0.0.0" else "::1"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


class Worker:
    """One granian worker in a thread of this process, serving a socket that becomes its own."""

    def __init__(self, app: Wsgi, listener: socket.socket, threads: int, tls: Tls | None = None):
        from granian._granian import SocketHolder
        from granian.constants import HTTPModes, Interfaces, RuntimeModes, SSLProtocols
        from granian.server.mt import MTServer

        server: Any = MTServer(
            "",
            interface=Interfaces.WSGI,
            http=HTTPModes.http1,
            runtime_mode=RuntimeModes.st,  # one thread either way; this one wakes no other to take turns
            blocking_threads=threads,
            backlog=BACKLOG,
            websockets=False,
            log_enabled=False,
            ssl_cert=None if tls is None else tls.certificate,
            ssl_key=None if tls is None else tls.key,
            ssl_protocol_min=SSLProtocols.tls12,  # what the framework's own clients (.NET Framework) speak
            ssl_ca=None if tls is None else tls.client_ca,
            ssl_client_verify=tls is not None and tls.client_ca is not None,
        )
        # granian's net.rs: what a SocketHolder is made of differs by platform.
        parts = {"win32": 1, "darwin": 2}.get(sys.platform, 3)
        server._shd = SocketHolder(*(listener.detach(), False, BACKLOG)[:parts])
        self._thread: Any = server._spawn_worker(0, server._spawn_wsgi_worker, _without_process_environment(app))

        #: What lets those requests go on that the app keeps waiting.
        self._release: Callable[[], object] = getattr(app, "release", lambda: None)
        self._thread.inner.daemon = True  # a client that never ends its request must not keep the process alive

    def start(self) -> None:
        self._thread.inner.start()

    def stop(self) -> bool:
        """Take no more requests, let open ones end; whether they did within the grace."""
        self._release()
        self._thread.terminate()
        self._thread.join(_GRACE)
        return not self._thread.inner.is_alive()


def _without_process_environment(app: Wsgi) -> Wsgi:
    """The app, shielded from variables of this process that look like request headers, or like a request's target.

    Granian lays every request over a copy of `os.environ`: HTTP_PROXY would arrive as a header "Proxy".
    """
    alike: Mapping[str, str] = {
        name: value
        for name, value in os.environ.items()
        if name.startswith(("HTTP_", "CONTENT_")) or name in ("REQUEST_URI", "RAW_URI")
    }
    if not alike:
        return app

    def shielded(environ: dict[str, Any], start_response: Any) -> Any:
        for name, value in alike.items():
            if environ.get(name) == value:  # a client that sends the very same value loses it; none has reason to
                del environ[name]
        return app(environ, start_response)

    return shielded


def serve(
    app: Wsgi, listener: socket.socket, ready: Callable[[], None], threads: int = THREADS, tls: Tls | None = None
) -> bool:
    """Serve until Ctrl-C or a polite kill; `ready` is called once requests are taken.

    To be called in the main thread. Gives whether every open request ended within the grace; a second Ctrl-C does not
    wait.
    """
    asked = threading.Event()
    # SIGBREAK is Ctrl-Break on Windows, where SIGTERM cannot be caught.
    signals = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)]

    def stop(number: int, _: Any) -> None:
        signal.signal(number, signal.SIG_DFL)
        asked.set()

    before = {number: signal.signal(number, stop) for number in signals}
    worker = Worker(app, listener, threads, tls)
    worker.start()
    try:
        ready()
        while not asked.wait(0.5):  # on Windows a wait without end is deaf to Ctrl-C
            pass
    finally:
        ended = worker.stop()
        for number, handler in before.items():
            with suppress(TypeError):  # None: the handler was not Python's
                signal.signal(number, handler)
    return ended


@contextmanager
def serving(
    app: Wsgi, host: str = "127.0.0.1", port: int = 0, threads: int = THREADS, tls: Tls | None = None
) -> Iterator[str]:
    """The app served in the background while the block runs; gives its URL, without a slash at the end."""
    listener = bind(host, port)
    url = url_of(listener, tls)
    worker = Worker(app, listener, threads, tls)
    worker.start()
    try:
        yield url
    finally:
        worker.stop()
