"""HAR 1.2, the file in which browsers and proxies keep HTTP traffic: exchanges to entries and back.

    Exchange ─ write ─▶ {"log": {"version": "1.2", "entries": […]}} ─ read ─▶ Entry: address + Exchange

The rule: what HAR has no field for is in fields of our own, whose names start with an underscore as the format asks;
whoever does not know them loses only what the portal knew besides. A HAR from elsewhere is read as it is: what it
leaves out stays unknown.
Source: HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/).
"""

from __future__ import annotations

import base64
import binascii
import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http.client import responses
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from contracts.errors import UsageError
from mockserver.journal import Exchange, Secrets, from_data, record
from mockserver.webapi import Request, Response, byte_losses, media_types

_OWN = "_portal"


@dataclass(frozen=True)
class Entry:
    """An entry of a HAR: `base` is scheme and host ("https://portal.example"), `known` whether the portal wrote it."""

    base: str
    exchange: Exchange
    known: bool


def write(exchanges: Iterable[Exchange], base: str, secrets: Secrets, version: str) -> dict[str, Any]:
    """The exchanges as a HAR; `base` is scheme and host of the portal, `version` ours."""
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "portal-mock", "version": version},
            "entries": [_entry(exchange, base.rstrip("/"), secrets) for exchange in exchanges],
        }
    }


def _entry(exchange: Exchange, base: str, secrets: Secrets) -> dict[str, Any]:
    request, response = secrets.clean(exchange.request, exchange.response)
    told = record(exchange, secrets)
    took = round(exchange.seconds * 1000, 3)
    return {
        "startedDateTime": told["at"],
        "time": took,
        "request": {
            "method": request.method,
            "url": f"{base}{request.base}{request.target}",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _fields(request.headers),
            "queryString": [
                {"name": name, "value": value}
                for name, value in parse_qsl(request.target.partition("?")[2], keep_blank_values=True)
            ],
            **_posted(request),
            "headersSize": -1,
            "bodySize": len(request.body or b""),
        },
        "response": {
            "status": response.status,
            "statusText": responses.get(response.status, ""),
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _fields(response.headers),
            "content": _content(response),
            "redirectURL": response_header(response, "Location") or "",
            "headersSize": -1,
            "bodySize": len(response.body),
        },
        "cache": {},
        "timings": {"send": 0, "wait": took, "receive": 0},
        _OWN: {name: told[name] for name in ("number", "losses", "untold", "injected", "answered")},
    }


def response_header(response: Response, name: str) -> str | None:
    """The first value of a response's header, None when there is none."""
    return next((value for key, value in response.headers if key.lower() == name.lower()), None)


def _fields(headers: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]


def _posted(request: Request) -> dict[str, Any]:
    """What HAR calls postData; where its text does not give the bytes back, they stand beside it in base64."""
    if request.body is None:
        return {}
    kind = request.first("Content-Type") or ""
    posted = {"mimeType": kind, "text": request.body.decode("utf-8", "replace")}
    if _sent(posted, kind) != request.body:
        posted["_base64"] = base64.b64encode(request.body).decode("ascii")
    return {"postData": posted}


def _content(response: Response) -> dict[str, Any]:
    content: dict[str, Any] = {
        "size": len(response.body),
        "mimeType": response_header(response, "Content-Type") or "x-unknown",
    }
    try:
        return {**content, "text": response.body.decode("utf-8")}
    except UnicodeDecodeError:
        return {**content, "text": base64.b64encode(response.body).decode("ascii"), "encoding": "base64"}


def is_har(document: Any) -> bool:
    """Whether a JSON document is a HAR."""
    return isinstance(document, dict) and isinstance(document.get("log"), dict) and "entries" in document["log"]


def read(document: Any, name: str) -> list[Entry]:
    """The entries of a HAR in the order of their times; UsageError names the entry that is not in order."""
    found = []
    try:
        entries = list(document["log"]["entries"])
    except (KeyError, TypeError) as error:
        raise _error(name, "log.entries", error) from error
    for place, entry in enumerate(entries):
        try:
            found.append(_read(entry, place + 1))
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise _error(name, f"log.entries[{place}]", error) from error
    # Browsers list entries by their start, proxies by their end.
    return sorted(found, key=lambda entry: entry.exchange.at)


def _error(name: str, where: str, error: Exception) -> UsageError:
    return UsageError(
        f"{name}: {where} is not as HAR 1.2 has it ({type(error).__name__}: {error})\n"
        "    what to do: save it again as HAR with content, from the browser's network view or a proxy"
    )


def _read(entry: Mapping[str, Any], place: int) -> Entry:
    request, response, own = entry["request"], entry["response"], entry.get(_OWN) or {}
    parts = urlsplit(str(request["url"]))
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = _headers(request.get("headers", ()))
    posted = request.get("postData") or {}
    kind = next((value for field, value in headers if field.lower() == "content-type"), None)
    if posted.get("mimeType") and kind is None:
        headers = (*headers, ("Content-Type", str(posted["mimeType"])))
    status = int(response["status"])
    data = {
        "number": own.get("number", place),
        "at": str(entry["startedDateTime"]).replace("Z", "+00:00"),
        "milliseconds": max(float(entry.get("time") or 0), 0.0),
        "request": {"method": request["method"], "target": target, "headers": []},
        "response": {"status": max(status, 0), "headers": []},
        "losses": own.get("losses", ()),
        "untold": own.get("untold", ()),
        "injected": own.get("injected", ""),
        # A browser gives 0 to what was cut off or never answered.
        "answered": own.get("answered", status > 0),
    }
    seen = from_data(data, f"entry {place}")
    exchange = Exchange(
        seen.number,
        _local(data["at"], seen.at),
        seen.seconds,
        Request(seen.request.method, target, headers, _sent(posted, kind or str(posted.get("mimeType", "")))),
        Response(
            seen.response.status, _headers(response.get("headers", ())), _received(response), seen.response.losses,
            seen.response.hidden,
        ),
        seen.injected,
        seen.answered,
    )  # fmt: skip
    return Entry(f"{parts.scheme}://{parts.netloc}".lower(), exchange, bool(own))


def _local(text: str, at: float) -> float:
    """The time of an entry; one without an offset, which HAR forbids, is taken as UTC."""
    found = datetime.datetime.fromisoformat(text)
    return at if found.tzinfo is not None else found.replace(tzinfo=datetime.UTC).timestamp()


def _headers(fields: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    # HTTP/2's own begin with a colon.
    pairs = ((str(field["name"]), str(field["value"])) for field in fields)
    return tuple((name, value) for name, value in pairs if not name.startswith(":"))


def _sent(posted: Mapping[str, Any], kind: str) -> bytes | None:
    """The bytes that were sent; HAR has them as text, whatever their charset was."""
    if posted.get("_base64"):
        return _decoded(str(posted["_base64"]))
    if posted.get("encoding") == "base64":  # not in the format, but some write it
        return _decoded(str(posted.get("text", "")))
    if posted.get("text"):
        media = media_types.content_type(kind)
        charset = (media.parameter("charset") if media else None) or "utf-8"
        return byte_losses.encoded(str(posted["text"]), charset.strip('"'))
    if posted.get("params"):
        return urlencode([(param["name"], param.get("value", "")) for param in posted["params"]]).encode("ascii")
    return b"" if "text" in posted else None


def _received(response: Mapping[str, Any]) -> bytes:
    content = response.get("content") or {}
    text = str(content.get("text") or "")
    return _decoded(text) if content.get("encoding") == "base64" else text.encode("utf-8", "surrogatepass")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"what should be base64 is none: {error}") from error
