"""Pages of other origins, where `--cors ORIGIN` lets them in: headers on answers, and answers to preflights.

The rule: off, nothing of this is in the way of a request. An origin must be named to reach the control API; "*" opens
the vendor's paths only. Preflights are answered here, since the framework's answer to OPTIONS is 405.
Source: Fetch Standard, 3.2 (CORS protocol).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from contracts.errors import UsageError

ANY = "*"
_EXPOSED = "Portal-Silent-Loss, Location, Retry-After, WWW-Authenticate"
_OURS = re.compile(r"(?:/t/[^/]*)?/_portal(?:/|$)")

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def origin_of(text: str) -> str:
    """An origin as browsers send it, or "*"; UsageError for anything else."""
    try:
        parts = urlsplit(text)
    except ValueError:  # a bracket that is not closed
        parts = urlsplit("")
    fits = parts.scheme in ("http", "https") and parts.netloc and not (parts.path.strip("/") or parts.query)
    if text != ANY and not fits:
        raise UsageError(
            f"no origin: {text!r}\n    what to do: give scheme, host and port as the browser shows them, for example"
            " http://localhost:3000; or * for every origin"
        )
    return text if text == ANY else f"{parts.scheme}://{parts.netloc.lower()}"


def allowing(app: Wsgi, origins: tuple[str, ...]) -> Wsgi:
    """The app, its answers readable by pages of these origins."""
    if not origins:
        return app

    def with_origins(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        origin: str | None = environ.get("HTTP_ORIGIN")
        named = origin in origins
        if origin is None or not (named or (ANY in origins and not _OURS.match(environ["PATH_INFO"]))):
            return app(environ, start_response)
        allowed = [("Access-Control-Allow-Origin", origin if named else ANY), ("Vary", "Origin")]
        if environ["REQUEST_METHOD"] == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ:
            start_response("204 No Content", allowed + _preflight(environ))
            return [b""]

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*headers, *allowed, ("Access-Control-Expose-Headers", _EXPOSED)], *rest)

        return app(environ, start)

    return with_origins


def _preflight(environ: dict[str, Any]) -> list[tuple[str, str]]:
    """What the page asked for is what it may: the client that is being written decides what it sends."""
    found = [
        ("Access-Control-Allow-Methods", environ["HTTP_ACCESS_CONTROL_REQUEST_METHOD"]),
        ("Access-Control-Max-Age", "600"),
    ]
    wanted = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS")
    return [*found, ("Access-Control-Allow-Headers", wanted)] if wanted else found
