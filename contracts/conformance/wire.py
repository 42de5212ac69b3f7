"""The wire: one HTTP exchange at a time, and everything that passed, as it passed.

    Target + Sending ──Wire.send──▶ Exchange

The rule: what is asked is what is sent (no redirect followed, nothing retried that was answered, no proxy between us
and this machine), and every exchange is recorded with its bytes. What an answer means is not known here; nothing that
may be a secret leaves this file unredacted (`Redactor`).
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies

from contracts.errors import UsageError

Headers = tuple[tuple[str, str], ...]

REDACTED = "[redacted]"
#: Headers whose values are secrets wherever they come from.
SECRET_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key", "apikey", "x-auth-token"}
)


@dataclass(frozen=True)
class Target:
    """The endpoint to be judged.

    `base_url` is what stands before the page's path ("https://host/portal" for "https://host/portal/api/…"), `headers`
    go with every request (their values are taken for secrets), `timeout` is in seconds, `verify` as in requests (True,
    False or a file of CA certificates), `allow_writes_to` the host that may be written to where it is not this machine.
    """

    base_url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 30.0
    verify: bool | str = True
    allow_writes_to: str | None = None

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise UsageError(
                f"base URL: expected http(s)://host[:port][/prefix], got {self.base_url!r}\n"
                "    what to do: give what stands before the page's path, e.g. https://portal.example"
            )
        if not is_loopback(parts.hostname) and (self.allow_writes_to or "").lower() != parts.hostname:
            raise UsageError(
                f"{parts.hostname} is not this machine, and a check writes records to the portal it judges\n"
                f"    what to do: if you may write there, add --allow-writes-to {parts.hostname}"
            )

    def url(self, path: str) -> str:
        """The URL of a path of the page."""
        return f"{self.base_url.rstrip('/')}/{path.lstrip('/')}"


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


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


class UnreachableError(Exception):
    """The target cannot be asked at all: no connection, no TLS, no answer in time. `kind` is a word for which."""

    def __init__(self, kind: str, detail: str, exchange: Exchange):
        super().__init__(detail)
        self.kind, self.detail, self.exchange = kind, detail, exchange


class Wire:
    """A session with one target; `log` holds every exchange in order."""

    def __init__(self, target: Target):
        self.target = target
        self.log: list[Exchange] = []
        self._fresh = True
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy, netrc or CA from the environment unless chosen below
        self._session.headers.clear()
        self._session.mount("http://", HTTPAdapter(max_retries=0, pool_maxsize=1))
        self._session.mount("https://", HTTPAdapter(max_retries=0, pool_maxsize=1))
        if not is_loopback(urlsplit(target.base_url).hostname or ""):
            self._session.proxies.update(get_environ_proxies(target.base_url))

    def close(self) -> None:
        """End the session."""
        self._session.close()

    def send(
        self, method: str, path: str, headers: Iterable[tuple[str, str]] = (), body: bytes | None = None
    ) -> Exchange:
        """One exchange, recorded; UnreachableError where the target cannot be asked."""
        own = (("User-Agent", "portal-contract"), ("Accept-Encoding", "gzip, deflate"))
        merged = (*own, *self.target.headers.items(), *headers)
        sending = Sending(method, self.target.url(path), merged, body)
        exchange = self._exchange(sending)
        # RFC 9112 §9.3.1: a kept connection may close at any time, so a request that met only its end is sent anew.
        if exchange.received is None and not self._fresh and exchange.failure.startswith("closed"):
            self._session.close()
            exchange = self._exchange(sending)
        self._fresh = exchange.received is None
        return exchange

    def _exchange(self, sending: Sending) -> Exchange:
        prepared = requests.Request(sending.method, sending.url, data=sending.body).prepare()
        prepared.headers.clear()
        prepared.headers.update(dict(sending.headers))
        if sending.body is not None:
            prepared.headers["Content-Length"] = str(len(sending.body))
        begun = time.perf_counter()
        received, failure, kind = None, "", ""
        try:
            response = self._session.send(
                prepared,
                timeout=self.target.timeout,
                verify=self.target.verify,
                allow_redirects=False,
                proxies=dict(self._session.proxies),
            )
            received = _received(response)
        except requests.RequestException as error:
            kind, failure = _explain(error)
        exchange = Exchange(len(self.log) + 1, sending, received, failure, time.perf_counter() - begun)
        self.log.append(exchange)
        if kind:
            raise UnreachableError(kind, failure, exchange)
        return exchange


def _received(response: requests.Response) -> Received:
    raw = response.raw
    version = {10: "HTTP/1.0", 11: "HTTP/1.1", 20: "HTTP/2"}.get(getattr(raw, "version", 11), "HTTP/1.1")
    headers = tuple((str(name), str(value)) for name, value in raw.headers.items())
    return Received(response.status_code, response.reason or "", version, headers, response.content)


# What requests raises says little of why; these words are looked for in its text, in this order.
_KINDS = (
    ("closed", "", "closed without an answer"),
    ("RemoteDisconnected", "", "closed without an answer"),
    ("ConnectionReset", "", "closed without an answer"),
    ("Connection aborted", "", "closed without an answer"),
    ("BrokenError pipe", "", "closed without an answer"),
    ("IncompleteRead", "", "broken off in the middle of the answer"),
    ("InvalidChunkLength", "", "an answer that is not HTTP (chunks)"),
    ("decode", "", "an answer whose content coding cannot be undone"),
    ("BadStatusLine", "", "an answer that is not HTTP"),
    ("refused", "refused", "connection refused"),
    ("getaddrinfo", "name", "the host's name cannot be resolved"),
    ("Name or service not known", "name", "the host's name cannot be resolved"),
    ("NameResolution", "name", "the host's name cannot be resolved"),
)


def _explain(error: requests.RequestException) -> tuple[str, str]:
    """What went wrong: a word where the target cannot be asked (else empty), and a sentence."""
    text = f"{type(error).__name__}: {error}"
    if isinstance(error, requests.exceptions.SSLError):
        return "tls", f"no trusted TLS connection: {error}"
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return "timeout", "no connection in time"
    if isinstance(error, requests.exceptions.ReadTimeout):
        return "timeout", "no answer in time"
    for word, kind, sentence in _KINDS:
        if word in text:
            return kind, sentence
    return ("connection", text) if isinstance(error, requests.exceptions.ConnectionError) else ("", text)


class Redactor:
    """Takes secrets out of what is written: header values, their echoes in bodies and texts, a URL's user part."""

    def __init__(self, target: Target):
        self._names = SECRET_HEADERS | {name.lower() for name in target.headers}
        parts = urlsplit(target.base_url)
        secrets = {value for value in target.headers.values() if len(value) > 3}
        secrets |= {value.split(None, 1)[1] for value in secrets if " " in value.strip() and value.split(None, 1)[1:]}
        secrets |= {part for part in (parts.password,) if part}
        self._secrets = sorted(secrets, key=len, reverse=True)

    def text(self, text: str) -> str:
        """The text without any secret."""
        for secret in self._secrets:
            text = text.replace(secret, REDACTED)
        return text

    def bytes(self, body: bytes) -> bytes:
        """The body without any secret."""
        for secret in self._secrets:
            body = body.replace(secret.encode(), REDACTED.encode())
        return body

    def headers(self, headers: Headers) -> Headers:
        """The headers, those that bear secrets with their values taken out."""
        return tuple((n, REDACTED if n.lower() in self._names else self.text(v)) for n, v in headers)

    def exchange(self, exchange: Exchange) -> Exchange:
        """The exchange, fit to be shown."""
        sent, received = exchange.sent, exchange.received
        body = None if sent.body is None else self.bytes(sent.body)
        clean = replace(sent, url=self.text(sent.url), headers=self.headers(sent.headers), body=body)
        if received is not None:
            received = replace(received, headers=self.headers(received.headers), body=self.bytes(received.body))
        return replace(exchange, sent=clean, received=received, failure=self.text(exchange.failure))
