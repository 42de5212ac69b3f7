"""A file with requests in it: raw HTTP, a HAR, one entry of a HAR, or the stub portal's own journal.

    bytes → requests, as they would come over the wire

The rule: what is in the file is taken as it is; the only repairs are those that saving a request in an editor makes
necessary (line feeds for line ends, one line end too many at the file's end). What the portal makes of it may not live
here.
Source: RFC 9112 (HTTP/1.1 messages); HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/).
"""

from __future__ import annotations

import base64
import json
import re
from typing import Any
from urllib.parse import urlencode, urlsplit

from contracts.errors import UsageError
from mockserver.webapi import Request, byte_losses

_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]+(\S+)(?:[ \t]+HTTP/[\d.]+)?[ \t]*\Z")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:[ \t]*(.*?)[ \t]*\Z")
_CHARSET = re.compile(r"(?i);\s*charset\s*=\s*\"?([^\s\";]+)")
_WHAT_TO_DO = (
    "    what to do: give a raw HTTP request (request line, headers, an empty line, the body), a HAR file as browsers "
    "save it,\n    one entry of a HAR, or what GET /_portal/journal answers"
)


def read(data: bytes, name: str) -> list[Request]:
    """Every request in the data; UsageError when there is none. `name` says where the data is from."""
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise _error(name, "it is empty")
    found = _from_json(start, name) if start[:1] in b"{[" else [_from_http(data, name)]
    if not found:
        raise _error(name, "it holds no request")
    return found


def _error(name: str, what: str) -> UsageError:
    return UsageError(f"{name} cannot be read as a request: {what}\n{_WHAT_TO_DO}")


def _from_http(data: bytes, name: str) -> Request:
    head, body = _split(data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"))
    lines = re.split(rb"\r?\n", head)
    match = _LINE.match(lines[0])
    if match is None:
        shown = lines[0][:60].decode("utf-8", "replace")
        raise _error(name, f"the first line is no request line: {shown!r}")
    headers = []
    for number, line in enumerate(lines[1:], 2):
        field = _FIELD.match(line)
        if field is None:
            raise _error(name, f"line {number} is no header: {line[:60].decode('utf-8', 'replace')!r}")
        headers.append((field[1].decode("ascii"), field[2].decode("latin-1")))
    try:
        target = _target(match[2].decode("latin-1"))
    except ValueError as error:
        raise _error(name, f"its address is none ({error})") from error
    return Request(match[1].decode("ascii"), target, headers, _body(headers, body))


def _split(data: bytes) -> tuple[bytes, bytes]:
    """What stands before and after the first empty line."""
    match = re.search(rb"\r?\n\r?\n", data)
    return (data[: match.start()], data[match.end() :]) if match else (data.rstrip(b"\r\n"), b"")


def _target(address: str) -> str:
    """The path and query of a request target or an address."""
    if address.startswith("/") or "://" not in address:
        return address
    parts = urlsplit(address)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _body(headers: list[tuple[str, str]], body: bytes) -> bytes | None:
    lower = {name.lower(): value for name, value in headers}
    if "chunked" in lower.get("transfer-encoding", "").lower():
        return _unchunked(body)
    length = lower.get("content-length", "")
    size = int(length) if length.isascii() and length.isdecimal() and len(length) < 12 else len(body)
    if size < len(body) and not body[size:].strip(b"\r\n"):
        return body[:size]
    if "content-length" not in lower:
        body = body.removesuffix(b"\n").removesuffix(b"\r")
    return body or None


# RFC 9112, 7.1. What does not look like chunks was put together by whoever saved the request.
def _unchunked(body: bytes) -> bytes:
    pieces: list[bytes] = []
    place = 0
    while True:
        match = re.compile(rb"([0-9a-fA-F]{1,8})[^\r\n]*\r?\n").match(body, place)
        if match is None:
            return body
        size = int(match[1], 16)
        if not size:
            return b"".join(pieces)
        pieces.append(body[match.end() : match.end() + size])
        place = match.end() + size
        place += 2 if body[place : place + 2] == b"\r\n" else 1


def _from_json(data: bytes, name: str) -> list[Request]:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _error(name, f"it looks like JSON and is none ({error})") from error
    try:
        return [_from_entry(entry) for entry in _entries(document)]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _error(name, f"an entry is not as HAR wants it ({type(error).__name__}: {error})") from error


def _entries(document: Any) -> list[Any]:
    if isinstance(document, list):
        return document
    if "log" in document:
        return list(document["log"]["entries"])
    return list(document["exchanges"]) if "exchanges" in document else [document]


def _from_entry(entry: Any) -> Request:
    """One entry of a HAR or of the journal, or the request in it."""
    request = entry.get("request", entry)
    headers = [
        (str(field[0]), str(field[1])) if isinstance(field, list) else (str(field["name"]), str(field["value"]))
        for field in request.get("headers", [])
    ]
    headers = [(name, value) for name, value in headers if not name.startswith(":")]  # HTTP/2's own
    posted = request.get("postData") or {}
    kind = next((value for name, value in headers if name.lower() == "content-type"), str(posted.get("mimeType", "")))
    if posted:
        body = _posted(posted, kind)
    else:  # the journal's text is the bytes as UTF-8
        body = _posted({**request, "encoding": "base64" if "base64" in request else ""}, "")
    if posted.get("mimeType") and not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", str(posted["mimeType"])))
    address = str(request["url"] if "url" in request else request["target"])
    return Request(str(request["method"]), _target(address), headers, body)


def _posted(posted: Any, kind: str) -> bytes | None:
    """The bytes that were sent; a HAR has them as text, whatever their charset was."""
    if posted.get("_base64"):  # the stub portal's own HAR: the very bytes
        return base64.b64decode(posted["_base64"])
    if posted.get("encoding") == "base64":
        return base64.b64decode(posted.get("base64") or posted.get("text") or "")
    if posted.get("text"):
        charset = _CHARSET.search(kind)
        return byte_losses.encoded(str(posted["text"]), charset[1] if charset else "utf-8")
    if posted.get("params"):
        return urlencode([(param["name"], param.get("value") or "") for param in posted["params"]]).encode("ascii")
    return None
