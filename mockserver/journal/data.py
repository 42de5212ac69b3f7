"""An exchange as JSON-ready data, and back: what the journal shows, keeps with the store, and `grade` reads.

    Exchange ─ record ─▶ what was seen: number, at, request, response, losses … ─ from_data ─▶ Exchange
        └──── Reading.data ─▶ the same, and what it means: operation, members, verdicts, near-misses

The rule: a body stands there as it was sent, as text where it is UTF-8 and in base64 where not. No credential leaves.
"""

from __future__ import annotations

import base64
import datetime
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from contracts.errors import UsageError
from contracts.model import Contract, Operation
from mockserver.journal.memory import Exchange
from mockserver.journal.secrets import Secrets
from mockserver.webapi.http import Request, Response
from mockserver.webapi.losses import REASONS, Loss

#: Line ends that JSON lets stand as they are.
_BREAKS = re.compile("[\x85\u2028\u2029]")


def record(exchange: Exchange, secrets: Secrets) -> dict[str, Any]:
    """What was seen of an exchange, as JSON-ready data without credentials."""
    request, response = secrets.clean(exchange.request, exchange.response)
    return {
        "number": exchange.number,
        "at": moment(exchange.at),
        "milliseconds": round(exchange.seconds * 1000, 3),
        "request": {
            "method": request.method,
            "target": request.target,
            "base": request.base,
            "headers": [list(field) for field in request.headers],
            **_body(request.body),
        },
        "response": {
            "status": response.status,
            "headers": [list(field) for field in response.headers],
            **_body(response.body),
        },
        "losses": [asdict(loss) for loss in response.losses],
        "untold": [{"path": path, "why": why} for path, why in response.hidden],
        "injected": exchange.injected,
        "answered": exchange.answered,
    }


def from_data(data: Any, where: str = "the journal") -> Exchange:
    """The exchange that `record` wrote; UsageError names what is missing."""
    try:
        request, response = data["request"], data["response"]
        return Exchange(
            int(data["number"]),
            datetime.datetime.fromisoformat(data["at"]).timestamp(),
            float(data["milliseconds"]) / 1000,
            Request(
                str(request["method"]), str(request["target"]), _fields(request["headers"]), _bytes(request),
                str(request.get("base", "")),
            ),
            Response(
                int(response["status"]),
                _fields(response["headers"]),
                _bytes(response) or b"",
                tuple(_loss(loss) for loss in data.get("losses", ())),
                tuple((str(one["path"]), str(one["why"])) for one in data.get("untold", ())),
            ),
            str(data.get("injected", "")),
            bool(data.get("answered", True)),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise UsageError(
            f"{where}: an exchange is not as the journal writes it ({type(error).__name__}: {error})\n"
            "    what to do: give what GET /_portal/journal answers, whole"
        ) from error


def _loss(data: Any) -> Loss:
    if data["reason"] not in REASONS:
        raise ValueError(f"no silent loss is called {data['reason']}: it is a journal of another version")
    return Loss(**data)


def line(told: Any) -> str:
    """JSON in one line, however a reader tells lines apart; half a surrogate pair is lost."""
    text = json.dumps(told, ensure_ascii=False, default=str).encode("utf-8", "replace").decode("utf-8")
    return _BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def moment(at: float) -> str:
    """Seconds since 1970 as ISO 8601 in UTC, with milliseconds."""
    return datetime.datetime.fromtimestamp(at, datetime.UTC).isoformat(timespec="milliseconds")


def operation_of(contract: Contract, request: Request) -> Operation | None:
    """The operation of the same verb and path, whatever its case and the values of its parameters.

    Of several, that whose path is spelled out most, then that whose query the request names most of.
    """
    path = request.target.partition("?")[0].strip("/").casefold().split("/")
    named = {pair.partition("=")[0].casefold() for pair in request.target.partition("?")[2].split("&")}
    best: tuple[tuple[int, int], Operation] | None = None
    for operation in contract.operations:
        want = operation.path.value.partition("?")[0].casefold().split("/")
        alike = len(want) == len(path) and all(a == b or a.startswith("{") for a, b in zip(want, path, strict=True))
        if alike and operation.method.value == request.method.upper():
            score = (
                sum(a == b for a, b in zip(want, path, strict=True)),
                len(named & set(map(str.casefold, operation.query))),
            )
            if best is None or score > best[0]:
                best = score, operation
    return None if best is None else best[1]


def _fields(headers: Iterable[Any]) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(value)) for name, value in headers)


def _body(body: bytes | None) -> dict[str, str]:
    """The body under "text" when it is UTF-8, under "base64" when not, nothing when there was none."""
    return dict(_text_or_base64(body)) if body else {}


def _text_or_base64(body: bytes) -> Iterator[tuple[str, str]]:
    try:
        yield "text", body.decode("utf-8")
    except UnicodeDecodeError:
        yield "base64", base64.b64encode(body).decode("ascii")


def _bytes(message: Any) -> bytes | None:
    if "base64" in message:
        return base64.b64decode(message["base64"])
    return str(message["text"]).encode("utf-8") if "text" in message else None
