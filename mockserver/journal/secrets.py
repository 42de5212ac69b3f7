"""Credentials taken out of whatever the journal shows or keeps.

    headers by name · query values by name · the user part of an address · what of these is echoed elsewhere

The rule: the name stays, so that it can be seen that a credential was sent; the value is "(hidden)", in an answer that
repeats it too. The request's body is shown as it was sent. What is a credential is said by two tables and by whoever
runs the portal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, quote_plus, unquote_plus

from mockserver.webapi.http import Request, Response
from mockserver.webapi.losses import Loss

#: What stands for a credential.
HIDDEN = "(hidden)"
#: Headers whose values are credentials, in lower case.
HEADERS = frozenset(
    (
        "authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key", "apikey",
        "x-auth-token", "x-access-token", "x-csrf-token", "x-xsrf-token", "ocp-apim-subscription-key",
    )
)  # fmt: skip
#: Names in a query or a form of a login whose values are, in lower case, hyphens and underscores left out.
QUERY = frozenset(
    (
        "accesstoken", "apikey", "auth", "authorization", "authtoken", "bearer", "clientsecret", "idtoken",
        "jwt", "passwd", "password", "pwd", "refreshtoken", "secret", "sessionid", "sig", "signature",
        "subscriptionkey", "token", "xapikey",
    )
)  # fmt: skip
#: Headers that hold an address.
_ADDRESSES = frozenset({"referer", "location", "content-location"})
#: A value shorter than this is not searched for elsewhere: it would be found everywhere.
_SHORTEST = 4
_USER = re.compile(r"(?<=//)[^/?#@]+@")


def is_secret_name(name: str) -> bool:
    """Whether a query parameter of that name holds a credential."""
    return re.sub(r"[-_.]", "", unquote_plus(name)).lower() in QUERY


@dataclass(frozen=True)
class Secrets:
    """What is hidden: the tables above and `more`, further names of headers or query parameters in any case."""

    more: frozenset[str] = frozenset()

    @classmethod
    def of(cls, names: Iterable[str]) -> Secrets:
        """With further names."""
        return cls(frozenset(name.lower() for name in names))

    def clean(self, request: Request, response: Response) -> tuple[Request, Response]:
        """The exchange without its credentials."""
        without = self._without(request, response)
        nothing = _Without(())
        request = replace(request, target=self.target(request.target), headers=self._headers(request.headers, nothing))
        losses = tuple(_clean(loss, self, without) for loss in response.losses)
        hidden = tuple((path, without.text(why)) for path, why in response.hidden)
        headers = self._headers(response.headers, without)
        body = without.bytes(response.body)
        return request, replace(response, headers=headers, body=body, losses=losses, hidden=hidden)

    def hiding(self, request: Request, response: Response) -> Callable[[str], str]:
        """What takes the exchange's credentials out of a text about it."""
        return self._without(request, response).text

    def _without(self, request: Request, response: Response) -> _Without:
        sent = request.body or b""  # what the client says in its body too is no secret of the journal's
        found = {value for value in self._values(request, response) if value.encode("utf-8", "replace") not in sent}
        return _Without(sorted(found, key=len, reverse=True))

    def target(self, target: str) -> str:
        """An address or a request target without user and without values of the query that are credentials."""
        path, mark, query = _USER.sub(f"{HIDDEN}@", target).partition("?")
        return path + mark + "&".join(self._pair(pair) for pair in query.split("&")) if mark else path

    def names_in(self, target: str) -> list[str]:
        """What of an address is a credential: the names of query parameters, "user" for a user part."""
        names = [pair.partition("=")[0] for pair in target.partition("?")[2].split("&") if "=" in pair]
        found = [unquote_plus(name) for name in names if self._is_secret(name)]
        return ["user", *found] if _USER.search(target) else found

    def is_secret_header(self, name: str) -> bool:
        """Whether a header of that name holds a credential."""
        return name.lower() in HEADERS or name.lower() in self.more

    def _is_secret(self, name: str) -> bool:
        return is_secret_name(name) or unquote_plus(name).lower() in self.more

    def _pair(self, pair: str) -> str:
        name, equal, value = pair.partition("=")
        return f"{name}={HIDDEN}" if equal and value and self._is_secret(name) else pair

    def _headers(self, headers: Sequence[tuple[str, str]], without: _Without) -> tuple[tuple[str, str], ...]:
        return tuple((name, self._header(name, value, without)) for name, value in headers)

    def _header(self, name: str, value: str, without: _Without) -> str:
        if self.is_secret_header(name):
            return HIDDEN
        return without.text(self.target(value) if name.lower() in _ADDRESSES else value)

    def _values(self, request: Request, response: Response) -> Iterator[str]:
        """Every form in which a credential of the exchange may be echoed."""
        for value in self._plain(request, response):
            if len(value) >= _SHORTEST and value != HIDDEN:
                plain = unquote_plus(value)
                yield from (value, plain, quote(plain, safe=""), quote_plus(plain), json.dumps(plain)[1:-1])

    def _plain(self, request: Request, response: Response) -> Iterator[str]:
        for name, value in (*request.headers, *response.headers):
            if self.is_secret_header(name):
                scheme, blank, rest = value.partition(" ")
                yield from (value, rest) if blank and scheme.isalpha() else (value,)
        for pair in request.target.partition("?")[2].split("&"):
            name, _, value = pair.partition("=")
            if value and self._is_secret(name):
                yield value
        user = _USER.search(request.target)
        if user:
            yield from user[0].rstrip("@").split(":", 1)


class _Without:
    """Takes values out of texts and bytes."""

    def __init__(self, values: Sequence[str]):
        self._values = [value for value in values if value]

    def text(self, text: str) -> str:
        for value in self._values:
            text = text.replace(value, HIDDEN)
        return text

    def bytes(self, body: bytes) -> bytes:
        for value in self._values:
            body = body.replace(value.encode("utf-8", "replace"), HIDDEN.encode())
        return body


def _clean(loss: Loss, secrets: Secrets, without: _Without) -> Loss:
    sent = without.text(loss.sent)
    if loss.reason.startswith("query."):
        sent = secrets.target(f"?{sent}")[1:]
    return replace(loss, sent=sent, kept=None if loss.kept is None else without.text(loss.kept))
