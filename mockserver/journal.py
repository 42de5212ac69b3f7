"""The journal: what the stub was sent and what it answered, the last exchanges in memory.

The rule: keeping an exchange costs the request nothing but an append; whatever takes time (decoding, judging by the
emitted schemas) happens when the journal is read. It is bounded twice, by exchanges and by bytes, and never shows a
credential. Serving it over HTTP is `mockserver.control`'s.
"""

from __future__ import annotations

import base64
import json
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Protocol

from contracts.model import Body, Contract, Operation
from mockserver.webapi.http import Request, Response

#: How many exchanges are kept, and how many bytes of bodies.
EXCHANGES = 1000
BYTES = 32 * 1024 * 1024

#: Headers whose values are credentials, in lower case.
_SECRET = frozenset(
    {"authorization", "cookie", "proxy-authorization", "set-cookie", "x-api-key", "api-key", "x-auth-token"}
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response; `number` counts from 1, `at` is seconds since 1970, `seconds` the time it took."""

    number: int
    at: float
    seconds: float
    request: Request
    response: Response

    @property
    def size(self) -> int:
        """The bytes of both bodies."""
        return len(self.request.body or b"") + len(self.response.body)


class Journal:
    """The last exchanges, oldest first; safe to use from any thread."""

    def __init__(self, exchanges: int = EXCHANGES, size: int = BYTES):
        self._most, self._room = exchanges, size
        self._kept: deque[Exchange] = deque()
        self._size = 0
        self._seen = 0
        self._lock = threading.Lock()

    def add(self, at: float, seconds: float, request: Request, response: Response) -> None:
        """Keep an exchange and let go of the oldest ones that it displaces; one larger than all room is not kept."""
        with self._lock:
            self._seen += 1
            exchange = Exchange(self._seen, at, seconds, request, response)
            self._kept.append(exchange)
            self._size += exchange.size
            while len(self._kept) > self._most or self._size > self._room:
                self._size -= self._kept.popleft().size

    def last(self, count: int) -> list[Exchange]:
        """The newest `count` exchanges, oldest first."""
        with self._lock:
            return list(self._kept)[-count:] if count > 0 else []

    @property
    def seen(self) -> int:
        """How many exchanges there were since the start or the last `clear`."""
        return self._seen

    @property
    def kept(self) -> int:
        """How many of them are still here."""
        return len(self._kept)

    def clear(self) -> None:
        """Forget everything and count from 1 again."""
        with self._lock:
            self._kept.clear()
            self._size = self._seen = 0


class Judge(Protocol):
    """What judges bodies: `contracts.emit.Schemas`."""

    def json_faults(self, model_name: str, direction: Literal["request", "response"], document: Any) -> list[str]:
        """What is wrong with a JSON document."""

    def xml_faults(self, model_name: str, body: bytes) -> list[str]:
        """What is wrong with an XML body."""


def as_data(exchange: Exchange, contract: Contract, judge: Judge) -> dict[str, Any]:
    """The exchange as JSON-ready data, with the verdict of the emitted schemas on both bodies.

    A verdict is the list of faults, empty when there are none, or None where there is nothing to judge by. "losses" is
    what of the request was silently lost.
    """
    request, response = exchange.request, exchange.response
    operation = operation_of(contract, request)
    judged = operation is not None and 200 <= response.status < 300
    return {
        "number": exchange.number,
        "at": datetime.fromtimestamp(exchange.at, UTC).isoformat(timespec="milliseconds"),
        "milliseconds": round(exchange.seconds * 1000, 3),
        "operation": operation.id if operation else None,
        "request": {
            "method": request.method,
            "target": request.target,
            "headers": _headers(request.headers),
            **_body(request.body),
            "faults": _faults(contract, judge, "request", operation.request, request) if operation else None,
        },
        "response": {
            "status": response.status,
            "headers": _headers(response.headers),
            **_body(response.body),
            "faults": _faults(contract, judge, "response", operation.response, response)
            if operation and judged
            else None,
        },
        "losses": [asdict(loss) for loss in response.losses],
    }


def operation_of(contract: Contract, request: Request) -> Operation | None:
    """The operation that a request is meant for: same verb, same path whatever its case, any value for a parameter."""
    path = request.target.partition("?")[0].strip("/").casefold().split("/")
    for operation in contract.operations:
        want = operation.path.value.casefold().split("/")
        alike = len(want) == len(path) and all(a == b or a.startswith("{") for a, b in zip(want, path, strict=True))
        if alike and operation.method.value == request.method.upper():
            return operation
    return None


def _faults(
    contract: Contract, judge: Judge, direction: Literal["request", "response"], body: Body, message: Request | Response
) -> list[str] | None:
    model = contract.model_of(body)
    if model is None or not message.body:
        return None
    kinds = [
        value.partition(";")[0].strip().lower() for name, value in message.headers if name.lower() == "content-type"
    ]
    if not kinds or kinds[0] == "application/x-www-form-urlencoded":
        return None
    if "xml" in kinds[0]:
        return judge.xml_faults(model.name, message.body)
    if "json" not in kinds[0]:
        return None
    try:
        document = json.loads(message.body)
    except (ValueError, RecursionError) as error:
        return [f"$: expected JSON: {error}"]
    return judge.json_faults(model.name, direction, document)


def _headers(headers: Iterable[tuple[str, str]]) -> list[list[str]]:
    return [[name, "(hidden)" if name.lower() in _SECRET else value] for name, value in headers]


def _body(body: bytes | None) -> dict[str, str]:
    """The body under "text" when it is UTF-8, under "base64" when not, nothing when there was none."""
    return dict(_text_or_base64(body)) if body else {}


def _text_or_base64(body: bytes) -> Iterator[tuple[str, str]]:
    try:
        yield "text", body.decode("utf-8")
    except UnicodeDecodeError:
        yield "base64", base64.b64encode(body).decode("ascii")
