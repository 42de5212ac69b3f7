"""The endpoint to be judged, and what may be done there.

    Target = where it is, how to reach it, what to send along, how much may be asked

The rule: this machine may be written to, any other only by name. What is a secret is known here by header name; taking
it out of what leaves is `redactor`'s. Nothing is sent here.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from contracts.errors import UsageError

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
    `client_cert` is a PEM file or (certificate, key), `proxy` a URL ("": none; None: the environment's, except for this
    machine), `rate` the most requests a second, `budget` the most requests at all; `secrets` are further texts that
    must never be shown.
    """

    base_url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 30.0
    verify: bool | str = True
    allow_writes_to: str | None = None
    client_cert: str | tuple[str, str] | None = None
    proxy: str | None = None
    rate: float | None = None
    budget: int | None = None
    secrets: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        try:
            parts.port  # noqa: B018  (parsed when asked for)
        except ValueError:
            raise UsageError(
                f"base URL: {self.base_url!r} has no possible port\n"
                "    what to do: give one from 1 to 65535, e.g. http://127.0.0.1:8080"
            ) from None
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise UsageError(
                f"base URL: expected http(s)://host[:port][/prefix], got {self.base_url!r}\n"
                "    what to do: give what stands before the page's path, e.g. https://portal.example"
            )
        if _nowhere(parts.hostname):
            here = self.base_url.replace("[::]" if ":" in parts.hostname else parts.hostname, "127.0.0.1", 1)
            raise UsageError(
                f"base URL: {parts.hostname} is an address to listen on, not one to ask\n    what to do: give {here}"
            )
        if not is_loopback(parts.hostname) and (self.allow_writes_to or "").lower() != parts.hostname:
            raise UsageError(
                f"{parts.hostname} is not this machine, and a check writes records to the portal it judges\n"
                f"    what to do: if you may write there, add --allow-writes-to {parts.hostname}"
            )

    def url(self, path: str) -> str:
        """The URL of a path of the page."""
        return f"{self.base_url.rstrip('/')}/{path.lstrip('/')}"


def _nowhere(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
