"""Recorded exchanges put to a portal in-process, and the answers compared as the recording's README says."""

import base64
import gzip
import io
import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contracts.model import Contract, Model, Operation
from mockserver.webapi import Act, Request, WebApi

DATA = Path(__file__).parents[2] / "data"
EXCHANGES, SITES = DATA / "exchanges", DATA / "sites"
HOST = "portal.example"
_GUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_NUMBERED = re.compile(r"\{id-[0-9]+\}")
_ZERO = "00000000-0000-0000-0000-000000000000"


def cases(name: str) -> Iterator[dict[str, Any]]:
    """The cases of a recording, in order. Lines end at a line feed only."""
    with (EXCHANGES / name).open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield json.loads(line)


def site_cases(name: str) -> Iterator[dict[str, Any]]:
    """The cases of a site's recording, in order."""
    with gzip.open(SITES / name / "exchanges.jsonl.gz") as packed:
        for line in io.TextIOWrapper(packed, encoding="utf-8", newline="\n"):
            yield json.loads(line)


def body_of(part: dict[str, str]) -> bytes:
    """The bytes on the wire of a recorded body."""
    if "base64" in part:
        return base64.b64decode(part["base64"])
    return part["text"].encode(part.get("encoding", "utf-8"), "surrogatepass")


class Replay:
    """A portal with an empty store, or with what `act` does: ids are drawn once per key, anew each time for none."""

    def __init__(self, contract: Contract, mode: str, act: Act | None = None, **settings: Any):
        self._api = WebApi(contract, strict=mode == "strict", **settings)
        self._mode = mode
        self._ids: dict[str, str] = {}
        self._play = act or self._act

    def _act(self, _operation: Operation, model: Model, record: dict[str, Any]) -> dict[str, Any]:
        key, drawn = record[model.key.value or ""], str(uuid.uuid4())
        return {**record, model.portal_id.value or "": drawn if key is None else self._ids.setdefault(key, drawn)}

    def differences(self, case: dict[str, Any]) -> list[tuple[Any, Any]]:
        """What was recorded and what came instead, for every exchange of the case that differs."""
        known: set[str] = set()
        seen: dict[str, str] = {}
        found = []
        for exchange in case["exchanges"]:
            request, wanted = exchange["request"], exchange.get(self._mode, exchange["lenient"])
            body = body_of(request)
            known |= {guid.lower() for guid in _GUID.findall(f"{body.decode('latin-1')} {request['path']}")}
            headers = [("Host", HOST), *request["headers"].items()]
            drawn = {number: guid for guid, number in seen.items()}
            path = _NUMBERED.sub(lambda match: drawn.get(match[0], "unknown"), request["path"])  # noqa: B023
            response = self._api.handle(Request(request["method"], path, headers, body), self._play)
            kept = {name.lower(): value for name, value in response.headers}
            got = {"status": response.status, "headers": kept, **_numbered(response.body, known, seen)}
            if got != wanted:
                found.append((wanted, got))
        return found


def _numbered(data: bytes, known: set[str], seen: dict[str, str]) -> dict[str, str]:
    """The body as recorded: the portal's ids numbered in order of appearance, its host named."""
    encoding = {}
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text, encoding = data.decode("utf-16-le", "surrogatepass"), {"encoding": "utf-16-le"}

    def number(match: re.Match[str]) -> str:
        guid = match[0].lower()
        return match[0] if guid in known or guid == _ZERO else seen.setdefault(guid, f"{{id-{len(seen) + 1}}}")

    return {"text": _GUID.sub(number, text).replace(HOST, "{host}"), **encoding}
