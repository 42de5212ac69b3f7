"""Who may use the control API.

    --no-control        nobody; only health answers, and says no more than that the portal runs
    --control-token     who bears the token: `Authorization: Bearer TOKEN`, or Basic with it as the password, which is
                        what a browser asks its user for
    a page of another origin, in the browser of somebody who runs a portal
        by the address of this machine    refused by its Origin (Fetch: sent with every request that is no plain GET;
                                          Sec-Fetch-Site where it is not); what a plain GET gives, no page may read
        by a name of its own that was made to point here (DNS rebinding)
                                          refused by its Host: a portal that listens to this machine only is called by
                                          a name of this machine
    a page of an origin that --cors names is let in as a program is

The rule: whether somebody may is decided here alone, before a route is looked at, and secrets are compared in constant
time. A portal that listens beyond this machine has names that nobody here knows, so there the Host is not looked at,
and only a token keeps a rebound name out.
Source: Fetch Standard, 3.2 (Origin header), 4.4 (CORS check); Fetch Metadata, 2.3; RFC 6750; RFC 7617.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
from typing import Protocol
from urllib.parse import urlsplit

from mockserver.control.answers import Refused
from mockserver.control.portal import Options

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_HOSTS = frozenset({"localhost", "localhost.", "ip6-localhost"})


class Headers(Protocol):
    """Headers by name in any case."""

    def get(self, key: str, default: str) -> str:
        """The value of a header, the default where it was not sent."""


def check(options: Options, method: str, path: str, headers: Headers) -> bool:
    """Whether the whole answer may be given; False: health's short one. Refused in all other cases.

    `path` follows /_portal.
    """
    health = path == "/health" and method in _SAFE
    if options.off:
        if health:
            return False
        raise Refused(404, "this stub portal was started without its control API", "start it without --no-control")
    borne = options.token is not None and _bears(headers.get("Authorization", ""), options.token)
    if not borne:
        _check_host(options, headers)
    _check_origin(options, method, headers)
    if options.token is None or borne:
        return True
    if health:
        return False
    raise Refused(
        401,
        "the control API of this stub portal asks for a token",
        "send the header Authorization: Bearer TOKEN, with what was given to --control-token",
        {"WWW-Authenticate": 'Bearer realm="portal-mock", Basic realm="portal-mock"'},
    )


def _bears(given: str, token: str) -> bool:
    scheme, _, value = given.partition(" ")
    value = value.strip()
    if scheme.lower() == "basic":
        try:
            value = base64.b64decode(value, validate=True).partition(b":")[2].decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            return False
    elif scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(value.encode("utf-8", "surrogatepass"), token.encode("utf-8", "surrogatepass"))


def _check_host(options: Options, headers: Headers) -> None:
    host = headers.get("Host", "")
    if options.local and host and not is_loopback(_name_of(host)):
        raise Refused(
            403,
            f"the control API was asked for by the name {host[:100]}, which is none of this machine's own",
            "call it by 127.0.0.1 or localhost; through a tunnel or a proxy, start the portal with --control-token",
        )


def _check_origin(options: Options, method: str, headers: Headers) -> None:
    origin = headers.get("Origin", "")
    if method in _SAFE or origin in options.origins:
        return
    same = _is_same(origin, headers.get("Host", "")) if origin else True
    if same and headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin"):
        return
    raise Refused(
        403,
        f"a page of another origin ({origin[:100] or 'unknown'}) may not change this stub portal",
        "start it with --cors ORIGIN to let pages of that origin in, or call it from a program",
    )


def _is_same(origin: str, host: str) -> bool:
    """Whether an origin's host and port are those that the request was sent to; TLS may end before this portal."""
    try:
        parts = urlsplit(origin)
    except ValueError:  # a bracket that is not closed: no browser sends it
        return False
    default = {"http": ":80", "https": ":443"}.get(parts.scheme)
    if default is None or not host:
        return False
    return parts.netloc.lower().removesuffix(default) == host.lower().removesuffix(default)


def _name_of(host: str) -> str:
    """The name in a Host header, without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def is_loopback(name: str) -> bool:
    """Whether a host's name or address is one of this machine alone."""
    if name.lower() in _HOSTS or name.lower().endswith(".localhost"):  # RFC 6761, 6.3
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
