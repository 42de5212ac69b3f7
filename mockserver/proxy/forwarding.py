"""A request passed on to a real portal, and its answer passed back.

    base URL + target ─▶ requests ─▶ status, headers, body           no redirect is followed, nothing is retried

The rule: method, target, body and headers go on as they came, but for what belongs to one connection (RFC 9110, 7.6.1),
for Host, and for Accept-Encoding, which asks for plain bodies so that the journal can read them. Another machine is
written to only when that was allowed by name.
"""

from __future__ import annotations

import datetime
import json
import logging
import re
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests

from contracts.errors import UsageError
from contracts.model import Contract
from mockserver.control.guard import is_loopback
from mockserver.grade.sources import with_losses
from mockserver.journal import Exchange
from mockserver.webapi import Act, Request, Response, WebApi

#: What the proxy itself says bears this header: the reason in a word.
HEADER = "Portal-Proxy"
_LOG = logging.getLogger("mockserver.proxy")
# RFC 9110, 7.6.1: fields of one connection; RFC 9112, 9.6 and the two that requests sets itself.
_OF_CONNECTION = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "content-length"}
)
_OWN = frozenset({"host", "accept-encoding", "portal-tenant"})
#: Encodings of bodies that `requests` undoes without being asked.
_UNDONE = frozenset({"gzip", "x-gzip", "deflate"})
#: Methods that change nothing (RFC 9110, 9.2.1).
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Target:
    """The real portal: `url` is what stands before the page's paths.

    `headers` are sent with every request over the client's own, `timeout` is in seconds, `verify` as in requests.
    Another machine than this takes `allow_writes_to` with its name, or `read_only`: then only GET, HEAD and OPTIONS are
    passed on. Raises UsageError for a URL that is none, and where neither is given.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 30.0
    verify: bool | str = True
    allow_writes_to: str | None = None
    read_only: bool = False

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
        except ValueError:  # a bracket that is not closed
            parts = urlsplit("")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise UsageError(
                f"--target: expected http(s)://host[:port][/prefix], got {self.url!r}\n"
                "    what to do: give what stands before the page's path, e.g. https://portal.example"
            )
        allowed = (self.allow_writes_to or "").lower() == parts.hostname or self.read_only
        if not is_loopback(parts.hostname) and not allowed:
            raise UsageError(
                f"{parts.hostname} is not this machine, and a client's requests write records there\n"
                f"    what to do: if they may, add --allow-writes-to {parts.hostname}; else --read-only passes on only "
                "what reads"
            )

    @property
    def local(self) -> bool:
        """Whether it is this machine, which no proxy of the environment stands before."""
        return is_loopback(urlsplit(self.url).hostname or "")


class Forwarding:
    """Answers requests by asking the target; safe from any thread, each of which has a session of its own.

    The losses of a response are what a portal of this kind would have lost of the request, in its `zone`.
    """

    def __init__(self, target: Target, contract: Contract, zone: datetime.tzinfo = datetime.UTC):
        self.target = target
        self._api = WebApi(contract, strict=False, zone=zone)
        self._threads = threading.local()

    def __call__(self, request: Request, _: Act) -> Response:
        """What the target answers, or what the proxy says in its place: 403, 502, 504."""
        if self.target.read_only and request.method.upper() not in _SAFE:
            told = f"{request.method} may change something there, and this proxy was told to be read-only"
            return own_words(403, "read-only", told, "start it with --allow-writes-to HOST in place of --read-only")
        try:
            response = self._ask(request)
        except requests.Timeout:
            told = f"{self.target.url} did not answer within {self.target.timeout:g} seconds"
            return self._failed(504, "timeout", told, "see whether it works at all; --timeout gives it longer")
        except requests.exceptions.SSLError as error:
            told = f"{self.target.url} and this proxy do not agree on TLS: {reason(error)}"
            return self._failed(502, "tls", told, "--ca FILE names the authorities to trust")
        except (requests.RequestException, ValueError) as error:
            told = f"{self.target.url} cannot be reached: {reason(error)}"
            return self._failed(502, "unreachable", told, "see whether it runs, and whether --target is its address")
        if not 200 <= response.status < 300:
            return response
        return with_losses(self._api, Exchange(0, time.time(), 0.0, request, response)).response

    def _ask(self, request: Request) -> Response:
        wanted = requests.Request(request.method, self.target.url, data=request.body or b"")
        prepared = self._session.prepare_request(wanted)
        prepared.url = self.target.url.rstrip("/") + request.target  # as it came: prepare would spell it anew
        prepared.headers.clear()
        sent = [(name, value) for name, value in passed_on(request.headers) if name.lower() not in _OWN]
        # What was sent more than once is joined: requests has one value a name (RFC 9110, 5.3, allows it).
        for name, value in (*sent, ("Accept-Encoding", "identity")):
            prepared.headers[name] = f"{prepared.headers[name]}, {value}" if name in prepared.headers else value
        prepared.headers.update(self.target.headers)
        if request.body is not None:
            prepared.headers["Content-Length"] = str(len(request.body))
        answer = self._session.send(
            prepared,
            allow_redirects=False,
            timeout=self.target.timeout,
            verify=self.target.verify,
            proxies=None if self.target.local else requests.utils.get_environ_proxies(self.target.url),
        )
        return Response(answer.status_code, tuple(self._headers(request, answer)), answer.content)

    @property
    def _session(self) -> requests.Session:
        if not hasattr(self._threads, "session"):
            self._threads.session = requests.Session()
            self._threads.session.trust_env = False  # no .netrc: only what was given is sent
        found: requests.Session = self._threads.session
        return found

    def _headers(self, request: Request, answer: requests.Response) -> Iterable[tuple[str, str]]:
        undone = answer.headers.get("Content-Encoding", "").strip().lower() in _UNDONE
        fields: Any = answer.raw.headers  # requests' own joins fields of one name, Set-Cookie too
        for name, value in passed_on(fields.items()):
            if name.lower() == "content-encoding" and undone:
                continue
            if name.lower() in ("date", "server"):
                continue  # the web server writes its own
            yield name, self._here(request, value) if name.lower() == "location" else value
        if request.method == "HEAD" and "Content-Length" in answer.headers:  # of the body that a GET would have
            yield "Content-Length", answer.headers["Content-Length"]

    def _here(self, request: Request, location: str) -> str:
        """A place on the target as a place on this proxy."""
        base = self.target.url.rstrip("/")
        rest = location[len(base) :]
        if not location.startswith(base) or rest[:1] not in ("", "/", "?", "#"):  # a host or port that begins alike
            return location
        return f"{request.scheme}://{request.first('Host') or 'localhost'}{request.base}{rest}"

    def _failed(self, status: int, word: str, told: str, remedy: str) -> Response:
        _LOG.warning("%s", told)
        return own_words(status, word, told, remedy)


def passed_on(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The headers without those of one connection, which Connection names too."""
    fields = list(headers)
    named = {
        part.strip().lower() for name, value in fields if name.lower() == "connection" for part in value.split(",")
    }
    return [(name, value) for name, value in fields if name.lower() not in _OF_CONNECTION | named]


def own_words(status: int, word: str, told: str, remedy: str) -> Response:
    """An answer of the proxy's own."""
    body = json.dumps({"error": told, "remedy": remedy}, ensure_ascii=False).encode() + b"\n"
    return Response(status, (("Content-Type", "application/json; charset=utf-8"), (HEADER, word)), body)


_LIBRARYS = re.compile(r"^HTTPS?Connection(Pool)?\(.*?\): (Failed to establish a new connection: (\[Errno -?\d+\] )?)?")


def reason(error: Exception) -> str:
    """The innermost reason of an error that wraps others, in one line and without the library's words."""
    inner: Any = error
    while (found := getattr(inner, "reason", None)) is not None and isinstance(found, Exception):
        inner = found
    arguments = [one for one in getattr(inner, "args", ()) if isinstance(one, Exception)]
    if arguments:
        return reason(arguments[0])
    return _LIBRARYS.sub("", " ".join(str(inner).split()))[:200]
