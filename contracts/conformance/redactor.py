"""Takes secrets out of everything that leaves: reports, messages, commands.

The rule: what a header of the target or a further secret holds is shown nowhere, also not where the portal echoes it,
plain or in base64, percent-encoded or JSON-escaped.
"""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from urllib.parse import quote, quote_plus, urlsplit

from contracts.conformance.target import REDACTED, SECRET_HEADERS, Target
from contracts.conformance.wire import Exchange, Headers


class Redactor:
    """Takes secrets out of what is written: header values, their echoes in bodies and texts, a URL's user part."""

    def __init__(self, target: Target):
        self._names = SECRET_HEADERS | {name.lower() for name in target.headers}
        parts = urlsplit(target.base_url)
        secrets = {value for value in target.headers.values() if len(value) > 3}
        secrets |= {value.split(None, 1)[1] for value in secrets if " " in value.strip() and value.split(None, 1)[1:]}
        proxy = urlsplit(target.proxy or "")
        secrets |= {part for part in (parts.password, proxy.password, *target.secrets) if part}
        secrets |= {form for secret in secrets for form in _forms(secret)}
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


def _forms(secret: str) -> tuple[str, ...]:
    """A secret as a portal may echo it."""
    return (
        base64.b64encode(secret.encode()).decode(),
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
    )
