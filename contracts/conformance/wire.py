"""The wire: one HTTP exchange at a time, and everything that passed, as it passed.

    Target + Sending ──Wire.send──▶ Exchange

The rule: what is asked is what is sent (no redirect followed, nothing retried that was answered, no proxy between us
and this machine), and every exchange is handed back with its bytes; of those that passed a line each is kept, so that
a long run needs little memory. What an answer means is not known here; nothing that may be a secret leaves unredacted
(`redactor`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies

from contracts.conformance.failures import explain
from contracts.conformance.target import Target, is_loopback

Headers = tuple[tuple[str, str], ...]

#: What stands for an answer that the suite did not look at.
THROWN_AWAY = "the answer was thrown away"
TOO_MANY = 429
#: So many errors of the server in a row end the run.
HOPELESS = 60
#: So often a request is sent again that met 429 (RFC 6585 §4), after so many seconds at most.
AGAIN, LONGEST_WAIT = 5, 60.0


@dataclass(frozen=True)
class Sending:
    """What is to be sent: `body` None where there is none."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes | None = None


@dataclass(frozen=True)
class Received:
    """What came: header names as they came, `body` with its transfer and content coding undone."""

    status: int
    reason: str
    version: str
    headers: Headers
    body: bytes

    def header(self, name: str) -> str | None:
        """A header's value, several joined by a comma; None where it is missing."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(values) if values else None


@dataclass(frozen=True)
class Exchange:
    """One request and its answer; `received` None where none came, then `failure` says how."""

    number: int
    sent: Sending
    received: Received | None
    failure: str
    seconds: float

    @property
    def status(self) -> int:
        """The answer's status, 0 where no answer came."""
        return self.received.status if self.received else 0


@dataclass(frozen=True, slots=True)
class Passed:
    """What is kept of an exchange: its method, path, the query's names, the seconds to the answer (None: none came)."""

    method: str
    path: str
    query: tuple[str, ...]
    seconds: float | None


class UnreachableError(Exception):
    """The target cannot be asked at all: no connection, no TLS, no answer in time, nothing left to spend. `kind` is a
    word for which."""

    def __init__(self, kind: str, detail: str, exchange: Exchange):
        super().__init__(detail)
        self.kind, self.detail, self.exchange = kind, detail, exchange


class Wire:
    """A session with one target; `log` holds a line for every exchange, in order."""

    def __init__(self, target: Target):
        self.target = target
        self.log: list[Passed] = []
        self._share: int | None = None
        self._fresh = True
        self._failing = 0
        self._next = 0.0
        self._session = self._client()

    def _client(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False  # no proxy, netrc or CA from the environment unless chosen below
        session.headers.clear()
        session.cert = self.target.client_cert
        if self.target.verify is False:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)  # asked for, so told no more
        session.mount("http://", HTTPAdapter(max_retries=0, pool_maxsize=1))
        session.mount("https://", HTTPAdapter(max_retries=0, pool_maxsize=1))
        if self.target.proxy:
            session.proxies.update({"http": self.target.proxy, "https": self.target.proxy})
        elif self.target.proxy is None and not is_loopback(urlsplit(self.target.base_url).hostname or ""):
            session.proxies.update(get_environ_proxies(self.target.base_url))
        return session

    def close(self) -> None:
        """End the session."""
        self._session.close()

    def sending(
        self, method: str, path: str, headers: Iterable[tuple[str, str]] = (), body: bytes | None = None
    ) -> Sending:
        """A request as it goes out: with the suite's and the target's headers."""
        own = (("User-Agent", "portal-contract"), ("Accept-Encoding", "gzip, deflate"))
        return Sending(method, self.target.url(path), (*own, *self.target.headers.items(), *headers), body)

    def send(
        self, method: str, path: str, headers: Iterable[tuple[str, str]] = (), body: bytes | None = None
    ) -> Exchange:
        """One exchange, recorded; UnreachableError where the target cannot be asked."""
        sending = self.sending(method, path, headers, body)
        exchange = self._logged(self._exchange(self._session, sending))
        # RFC 9112 §9.3.1: a kept connection may close at any time, so a request that met only its end is sent anew.
        if exchange.received is None and not self._fresh and exchange.failure.startswith("closed"):
            self._session.close()
            exchange = self._logged(self._exchange(self._session, sending))
        self._fresh = exchange.received is None
        return self._admitted(sending, exchange)

    def _admitted(self, sending: Sending, exchange: Exchange) -> Exchange:
        """The exchange, sent again after a wait where the target wants fewer requests: that is no fault of its."""
        for tried in range(AGAIN):
            if exchange.status != TOO_MANY:
                return exchange
            time.sleep(_pause(exchange, tried))
            exchange = self._logged(self._exchange(self._session, sending))
        if exchange.status == TOO_MANY:
            detail = f"it wants fewer requests (429), {AGAIN} times in a row"
            raise UnreachableError("limited", detail, exchange)
        return exchange

    def burst(self, sendings: Sequence[Sending]) -> list[Exchange]:
        """All at once, each on a connection of its own, let go at a barrier; recorded in the order given."""
        self._spend(len(sendings))
        barrier = threading.Barrier(len(sendings))
        found: list[Exchange | None] = [None] * len(sendings)

        def run(place: int, sending: Sending) -> None:
            with self._client() as session:
                barrier.wait()
                found[place] = self._exchange(session, sending, spend=False)[0]

        threads = [threading.Thread(target=run, args=pair) for pair in enumerate(sendings)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        done = [exchange for exchange in found if exchange is not None]
        return [self._logged((exchange, "")) for exchange in done]

    def abandon(self, sending: Sending) -> Exchange:
        """Send and throw the answer away once it begins: the target has worked, the client knows nothing of it."""
        with self._client() as session:
            exchange, kind = self._exchange(session, sending, unread=True)
        return self._logged((exchange, kind))

    def begin(self, share: int | None = None) -> None:
        """Turn to another resource: errors before it are not its own; at most `share` requests are for it."""
        self._failing = 0
        self._share = None if share is None else len(self.log) + share

    def _spend(self, count: int) -> None:
        """Keep to the budgets and to the rate."""
        nothing = Exchange(len(self.log) + 1, self.sending("", ""), None, "", 0.0)
        budget, asked = self.target.budget, len(self.log) + count
        if budget is not None and asked > budget:
            raise UnreachableError("budget", f"the budget of {budget} requests is spent", nothing)
        if self._share is not None and asked > self._share:
            raise UnreachableError("share", "its share of requests is spent", nothing)
        if self.target.rate:
            time.sleep(max(0.0, self._next - time.monotonic()))
            self._next = time.monotonic() + count / self.target.rate

    def _exchange(
        self, session: requests.Session, sending: Sending, *, unread: bool = False, spend: bool = True
    ) -> tuple[Exchange, str]:
        """An exchange not yet recorded, and a word where the target cannot be asked (else empty)."""
        if spend:
            self._spend(1)
        prepared = requests.Request(sending.method, sending.url, data=sending.body).prepare()
        prepared.headers.clear()
        prepared.headers.update(dict(sending.headers))
        if sending.body is not None:
            prepared.headers["Content-Length"] = str(len(sending.body))
        begun = time.perf_counter()
        received, failure, kind = None, "", ""
        try:
            response = session.send(
                prepared,
                timeout=self.target.timeout,
                verify=self.target.verify,
                allow_redirects=False,
                proxies=dict(session.proxies),
                stream=unread,
                cert=session.cert,
            )
            if unread:
                response.close()
                failure = THROWN_AWAY
            else:
                received = _received(response)
        except requests.RequestException as error:
            kind, failure = explain(error)
        return Exchange(0, sending, received, failure, time.perf_counter() - begun), kind

    def _line(self, exchange: Exchange) -> Passed:
        path, _, query = exchange.sent.url.removeprefix(self.target.url("")).partition("?")
        took = exchange.seconds if exchange.received is not None else None
        return Passed(exchange.sent.method, path, _names(query), took)

    def _logged(self, done: tuple[Exchange, str]) -> Exchange:
        """The exchange with its number; UnreachableError where the target is lost or does nothing but fail."""
        exchange, kind = replace(done[0], number=len(self.log) + 1), done[1]
        self.log.append(self._line(exchange))
        if kind:
            raise UnreachableError(kind, exchange.failure, exchange)
        failed = exchange.status >= 500 or (exchange.received is None and exchange.failure != THROWN_AWAY)
        self._failing = self._failing + 1 if failed else 0
        if self._failing >= HOPELESS:
            raise UnreachableError("failing", f"{HOPELESS} requests in a row met an error of the server", exchange)
        return exchange


# RFC 9110 §10.2.3: a number of seconds, or a date, which is not waited for.
def _pause(exchange: Exchange, tried: int) -> float:
    """How long to wait before a request is sent again: as the target says, else longer each time."""
    told = exchange.received.header("Retry-After") if exchange.received else None
    seconds = float(told) if told is not None and told.strip().isdigit() else 0.25 * 2**tried
    return min(seconds, LONGEST_WAIT)


def _names(query: str) -> tuple[str, ...]:
    """The names in a query."""
    return tuple(unquote(part.partition("=")[0]) for part in query.split("&")) if query else ()


def _received(response: requests.Response) -> Received:
    raw = response.raw
    version = {10: "HTTP/1.0", 11: "HTTP/1.1", 20: "HTTP/2"}.get(getattr(raw, "version", 11), "HTTP/1.1")
    headers = tuple((str(name), str(value)) for name, value in raw.headers.items())
    return Received(response.status_code, response.reason or "", version, headers, response.content)
