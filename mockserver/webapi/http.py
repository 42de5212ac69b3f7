"""A request as it came over the wire and the response that goes back: plain frozen data.

The rule: nothing is decoded here. `target` is the raw request target (path and query, still percent-encoded), header
names keep their spelling, a body is bytes. No parsing may live here.
"""

from __future__ import annotations

from dataclasses import dataclass

from mockserver.webapi.losses import Loss


@dataclass(frozen=True)
class Request:
    """One request; `headers` in the order received, `body` None when the request had no length at all.

    `base` is the folder that the portal is installed in, "/t/NAME" or empty: it stands before the target in URLs that
    the portal shows, and routing does not see it. `scheme` is "https" where the request came by TLS.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] | list[tuple[str, str]]
    body: bytes | None
    base: str = ""
    scheme: str = "http"

    def all(self, name: str) -> list[str]:
        """Every value of a header, by name in any case, in the order received."""
        wanted = name.lower()
        return [value for key, value in self.headers if key.lower() == wanted]

    def first(self, name: str) -> str | None:
        """The first value of a header, None when it was not sent."""
        wanted = name.lower()
        for key, value in self.headers:
            if key.lower() == wanted:
                return value
        return None


@dataclass(frozen=True)
class Response:
    """What goes back: status, headers to send as they are, body bytes.

    What is known besides and not sent: `losses`, what of the request was lost silently; `hidden`, what an error message
    of the framework keeps to itself, as path and words.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""
    losses: tuple[Loss, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
