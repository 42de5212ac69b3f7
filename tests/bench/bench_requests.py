"""What is sent: the page's own samples as raw requests, with a mark where the record's key goes.

The rule: the bodies are the page's own samples as they stand there; path and canned answer come from
`schemas/openapi.json`, the document that the peers serve too, so that all are asked the same. The key has a fixed
length; the lengths in the head then hold for every key, and a load generator only puts three pieces together. How
requests are sent may not live here.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from contracts.helppage import read

ROOT = Path(__file__).parent.parent.parent
OPENAPI = ROOT / "schemas" / "openapi.json"
PAGES = ROOT / "schemas" / "pages"

#: What is sent → its media type. The samples bear an id, which a portal ignores: only "JSON + id" sends it, so that
#: the price of telling a silent loss (a header and a line in the log) stands alone.
MEDIA_TYPES = {
    "JSON": "application/json",
    "JSON + id": "application/json",
    "XML": "application/xml",
    "form": "application/x-www-form-urlencoded",
}
#: Stands where the key goes, and is as long as a key.
MARK = "bench-KKKK-KKKKKKKK"
_KEY_MEMBER, _ID_MEMBER = "externalId", "id"


def key(run: int, number: int) -> str:
    """A key: `run` keeps the keys of one load apart from those of the next."""
    return f"bench-{run:04d}-{number:08d}"


@cache
def _operation() -> tuple[str, dict[str, Any]]:
    document = json.loads(OPENAPI.read_text(encoding="utf-8"))
    ((path, item),) = document["paths"].items()
    operation: dict[str, Any] = item["post"]
    return path, operation


def path() -> str:
    """The operation's path."""
    return _operation()[0]


def answer() -> dict[str, Any]:
    """The canned answer: the page's own response sample."""
    content = _operation()[1]["responses"]["200"]["content"][MEDIA_TYPES["JSON"]]
    canned: dict[str, Any] = content["examples"]["page"]["value"]
    return canned


@cache
def _samples() -> dict[str, str]:
    """The page's samples of a request body, by media type."""
    (operation,) = read(PAGES).operations
    sent = operation.request
    return {media: sample.text for sample in sent.samples for media in sample.media_types} if sent else {}


def body(wire_format: str) -> str:
    """The page's sample of a request body, the mark for its key."""
    record = json.loads(_samples()[MEDIA_TYPES["JSON"]])
    if wire_format == "XML":
        xml = _samples()[MEDIA_TYPES["XML"]]
        without_id = re.sub(rf"<(\w+)[^<>]*>{record[_ID_MEMBER]}</\1>\s*", "", xml)
        return without_id.replace(record[_KEY_MEMBER], MARK)
    marked = {**record, _KEY_MEMBER: MARK}
    if wire_format != "JSON + id":
        del marked[_ID_MEMBER]
    return urlencode(marked) if wire_format == "form" else json.dumps(marked)


def raw(url: str, wire_format: str) -> bytes:
    """The whole request as it goes over the wire, the mark for its key."""
    content = body(wire_format).encode("utf-8")
    head = (
        f"POST {path()} HTTP/1.1\r\n"
        f"Host: {urlsplit(url).netloc}\r\n"
        f"Content-Type: {MEDIA_TYPES[wire_format]}\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return head.encode("ascii") + content
