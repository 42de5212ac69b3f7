"""Who may call the vendor's part, as a portal would ask: a key in a header, Basic or Bearer.

    header:X-Api-Key=env:KEY     basic:USER:env:PASSWORD     bearer:env:TOKEN     bearer:file:token.txt

Several may be allowed; one of them suffices. Whoever bears none gets 401 with the framework's own body, as
AuthorizeAttribute gives it, and WWW-Authenticate. Nobody gets 403: the filter knows only whether somebody is known, and
who is may do everything.

The rule: a secret is read once, from the environment or from a file, never from the command line, which others on the
machine can read; it is compared in constant time, and no message, log, journal or answer shows it. It is the whole
portal's and stays to the end: a tenant that needs a refusal arranges the fault status=401. The control API has its own
token (`control.guard`).
Source: W AuthorizeAttribute.cs (HandleUnauthorizedRequest); RFC 9110, 11.6; RFC 7617; RFC 6750.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from contracts.errors import UsageError
from contracts.model import Contract
from mockserver.error_answers import DENIED, error_answer
from mockserver.webapi import Request, Response

REALM = "portal"
_EXPECTED = (
    "header:NAME=env:VARIABLE, basic:USER:env:VARIABLE or bearer:env:VARIABLE; file:PATH instead of env:VARIABLE"
)
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


@dataclass(frozen=True)
class Scheme:
    """One way to be known: `name` is "header", "basic" or "bearer", `who` the header's name or the user."""

    name: str
    who: str
    _secret: bytes = field(repr=False)

    def knows(self, request: Request) -> bool:
        """Whether the request bears this secret; every value of its header is looked at."""
        header = self.who if self.name == "header" else "Authorization"
        found = [self._agrees(value) for value in request.all(header)]
        return any(found)

    def _agrees(self, value: str) -> bool:
        if self.name == "header":
            return hmac.compare_digest(_bytes(value), self._secret)
        scheme, _, rest = value.partition(" ")
        if scheme.lower() != self.name:
            return False
        given = _bytes(rest.strip())
        if self.name == "basic":
            try:
                given = base64.b64decode(given, validate=True)
            except (binascii.Error, ValueError):
                return False
        return hmac.compare_digest(given, self._secret)

    @property
    def header(self) -> str:
        """The header that bears the secret."""
        return self.who if self.name == "header" else "Authorization"

    @property
    def challenge(self) -> str:
        """For WWW-Authenticate. RFC 9110, 11.6.1 asks for one with each 401; for a key in a header there is no name."""
        if self.name == "basic":
            return f'Basic realm="{REALM}", charset="UTF-8"'
        return f'Bearer realm="{REALM}"' if self.name == "bearer" else f'ApiKey realm="{REALM}", header="{self.who}"'


# WSGI gives a header's bytes as latin-1.
def _bytes(text: str) -> bytes:
    return text.encode("latin-1", "replace")


class Gate:
    """Lets in who bears one of the secrets."""

    def __init__(self, contract: Contract, schemes: Iterable[Scheme]):
        self._contract, self._schemes = contract, tuple(schemes)
        self._challenges = tuple(("WWW-Authenticate", one.challenge) for one in self._schemes)

    @property
    def secret_headers(self) -> frozenset[str]:
        """The headers that bear secrets, in lower case, for the journal to hide."""
        return frozenset(one.header.lower() for one in self._schemes)

    @property
    def schemes(self) -> tuple[str, ...]:
        """What is asked for, in words that tell no secret."""
        return tuple(f"{one.name} {one.who}".rstrip() for one in self._schemes)

    def refusal(self, request: Request) -> Response | None:
        """The answer to a request that bears none of the secrets, None for one that does."""
        known = [one.knows(request) for one in self._schemes]  # all of them: the time tells nothing either
        if any(known):
            return None
        return error_answer(self._contract, request, 401, DENIED, self._challenges)


def read(given: Iterable[str], option: str = "--auth") -> tuple[Scheme, ...]:
    """The schemes that these texts name; UsageError says which is wrong, and never shows a secret."""
    return tuple(_scheme(text, option) for text in given)


def _scheme(text: str, option: str) -> Scheme:
    kind, _, rest = text.partition(":")
    if kind == "header":
        name, equal, source = rest.partition("=")
        if equal and _TOKEN.fullmatch(name):
            return Scheme("header", name, _secret(source, option, f"header:{name}="))
    elif kind == "basic":
        user, colon, source = rest.partition(":")
        if colon and user:
            return Scheme("basic", user, user.encode() + b":" + _secret(source, option, f"basic:{user}:"))
    elif kind == "bearer" and rest:
        return Scheme("bearer", "", _secret(rest, option, "bearer:"))
    known = kind in ("header", "basic", "bearer")
    what = f"{kind} makes no sense as it stands" if known else "it begins with none of header:, basic: and bearer"
    raise UsageError(f"{option}: {what}\n    what to do: give {_EXPECTED}")


def _secret(source: str, option: str, before: str) -> bytes:
    kind, _, name = source.partition(":")
    if kind == "env" and name:
        value = os.environ.get(name, "")
        missing = f"the variable {name} is not set"
    elif kind == "file" and name:
        try:
            value = Path(name).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is no text in UTF-8"
            raise UsageError(
                f"{option}: {name} cannot be read: {why}\n    what to do: put the secret alone into that file"
            ) from error
        missing = f"{name} is empty"
    else:
        raise UsageError(
            f"{option}: a secret is given on the command line, where others can read it\n"
            f"    what to do: {option} {before}env:VARIABLE, or {before}file:PATH"
        )
    if not value:
        raise UsageError(f"{option}: {missing}\n    what to do: put the secret there, or name another place")
    return value.encode()
