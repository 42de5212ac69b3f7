"""From a web server's WSGI environ to a `Request`, as raw as the server left it.

The rule: nothing of the request is read, mended or left out that the framework would see; a body beyond the limit is
not read at all. Who answers may not live here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from mockserver.webapi import Request

#: What RFC 3986 lets stand in a path as it is, and what clients send bare.
_PATH = "/:@!$&'()*+,;=~-._"
_PLAIN = re.compile(r"[A-Za-z0-9/._~-]*")


def request_of(environ: Mapping[str, Any], limit: int) -> tuple[Request, bool]:
    """The request as the web server left it, and whether its body is within the limit (else it is not read)."""
    body, fits = _body_of(environ, limit)
    headers = tuple(_headers_of(environ))
    base, scheme = environ.get("SCRIPT_NAME", ""), environ.get("wsgi.url_scheme", "http")
    return Request(environ["REQUEST_METHOD"], _target_of(environ), headers, body, base, scheme), fits


def _target_of(environ: Mapping[str, Any]) -> str:
    # Not in PEP 3333, but most servers give the request target as it was sent; granian gives the decoded path only.
    raw: str | None = environ.get("REQUEST_URI") or environ.get("RAW_URI")
    if raw is not None:
        return raw
    query: str = environ.get("QUERY_STRING", "")
    path = _quoted(environ["PATH_INFO"])
    return f"{path}?{query}" if query else path


@lru_cache(maxsize=1024)
def _quoted(path: str) -> str:
    """The percent-encoded form of a path in WSGI's way of decoding it (each byte a latin-1 character)."""
    return path if _PLAIN.fullmatch(path) else quote(path.encode("latin-1"), safe=_PATH)


def _headers_of(environ: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    # PEP 3333: CONTENT_TYPE and CONTENT_LENGTH stand alone, all other headers under HTTP_.
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            yield _header_name(name[5:]), value
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            yield _header_name(name), environ[name]


@lru_cache(maxsize=1024)
def _header_name(name: str) -> str:
    return name.replace("_", "-").title()


def _body_of(environ: Mapping[str, Any], limit: int) -> tuple[bytes | None, bool]:
    """The body, None when the request has none at all, and whether it is within the limit."""
    length: str | None = environ.get("CONTENT_LENGTH")
    if length:
        size = int(length) if length.isdecimal() else 0
        if size > limit:
            return None, False
        return _read(environ, size), True
    if "HTTP_TRANSFER_ENCODING" not in environ:
        return None, True
    body = _read(environ, limit + 1)
    return (body, True) if len(body) <= limit else (None, False)


def _read(environ: Mapping[str, Any], size: int) -> bytes:
    """Up to `size` bytes of the body: a server may give it piece by piece."""
    pieces: list[bytes] = []
    while size > 0 and (piece := environ["wsgi.input"].read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
