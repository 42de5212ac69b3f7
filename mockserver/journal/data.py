"""An exchange as JSON-ready data, and back: what the journal shows, keeps with the store, and `grade` reads.

    Exchange ─ as_data ─▶ {number, at, operation, request, response, losses, …} ─ from_data ─▶ Exchange

The rule: a body stands there as it was sent, as text where it is UTF-8 and in base64 where not; a verdict is the
emitted schemas' alone. No credential leaves (`secrets`).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Literal, Protocol

from contracts.model import Body, Contract, Operation
from mockserver.journal.memory import Exchange
from mockserver.webapi.http import Request, Response

#: Headers whose values are credentials, in lower case.
_SECRET = frozenset(
    {"authorization", "cookie", "proxy-authorization", "set-cookie", "x-api-key", "api-key", "x-auth-token"}
)


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
