"""A finding once more: its exchanges sent again, and whether it still stands.

    report.ndjson + finding ──read──▶ Replay ──send──▶ stands / gone

The rule: what the portal answers to the same requests, with keys renewed so that no record of the first run is met, is
compared with what it answered then, ids by who is who and not by letter. Alike: it still stands. Otherwise the
finding's requirement is judged anew and decides, so that another face of the same fault is no acquittal. Where neither
can be done there is no verdict (TargetError).
"""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.conformance.judge import check
from contracts.conformance.ndjson import FORMAT, VERSION
from contracts.conformance.redactor import Redactor
from contracts.conformance.settings import Settings
from contracts.conformance.target import REDACTED, Target
from contracts.conformance.verdicts import Verdict
from contracts.conformance.wire import THROWN_AWAY, UnreachableError, Wire
from contracts.errors import TargetError, UsageError
from contracts.model import Contract

_GUID = re.compile(rb"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")


@dataclass(frozen=True)
class Replay:
    """A finding as a report holds it: `header` and `finding` are the report's lines."""

    header: Mapping[str, Any]
    finding: Mapping[str, Any]

    @property
    def requirement(self) -> str:
        return str(self.finding["requirement"])


@dataclass(frozen=True)
class Outcome:
    """Whether it still stands, and the sentence that says why."""

    stands: bool
    why: str


def read_finding(report: Path, name: str) -> Replay:
    """A finding of a report, by its id (F1); UsageError where there is no such report or finding."""
    path = report / "report.ndjson" if report.is_dir() else report
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise UsageError(f"{path}: no report can be read: {why}\n    what to do: name a report.ndjson") from None
    header = lines[0] if lines and isinstance(lines[0], dict) else {}
    if (header.get("format"), header.get("version")) != (FORMAT, VERSION):
        raise UsageError(f"{path}: not a report of version {VERSION}\n    what to do: name a report.ndjson")
    findings = {line["id"]: line for line in lines if line.get("type") == "finding"}
    if name not in findings:
        held = ", ".join(findings) or "none"
        raise UsageError(f"{path}: no finding {name}\n    what to do: name one of its findings: {held}")
    return Replay(header, findings[name])


def replay(contract: Contract, target: Target, asked: Replay) -> Outcome:
    """Send a finding's exchanges again and say whether it still stands; TargetError where that cannot be said."""
    run_id = secrets.token_hex(3)
    wire = Wire(target)
    try:
        alike = _sent_alike(wire, asked, run_id)
    except UnreachableError as error:
        message = Redactor(target).text(f"{target.base_url}: {error.detail}")
        raise TargetError(f"{message}\n    what to do: is the portal running?") from None
    finally:
        wire.close()
    if alike:
        return Outcome(True, "the same requests are answered as they were")
    settings = Settings(seed=asked.header["seed"], include=(asked.requirement,), profile=asked.header["profile"])
    outcome = check(contract, target, settings).outcomes[0]
    if outcome.verdict is Verdict.VIOLATED:
        return Outcome(True, "the answers are others now, but the requirement is still violated")
    if outcome.verdict is Verdict.SATISFIED:
        return Outcome(False, "the answers are others now, and the requirement is satisfied")
    raise TargetError(
        f"{asked.requirement}: {outcome.verdict.words}: {outcome.reason}\n"
        "    what to do: run a whole check, which says what stands in the way"
    )


def _sent_alike(wire: Wire, asked: Replay, run_id: str) -> bool:
    exchanges = asked.finding["exchanges"]
    if not exchanges:
        return False
    before, after = _Names(), _Names()
    alike = True
    for exchange in exchanges:
        request, then = exchange["request"], exchange["response"]
        path = str(request["url"]).removeprefix(str(asked.header["target"]).rstrip("/"))
        own = {"user-agent", "accept-encoding", *(name.lower() for name in wire.target.headers)}
        headers = [(n, v) for n, v in request["headers"] if n.lower() not in own and v != REDACTED]
        body = _renewed(_bytes(request["body"]), asked.header, run_id)
        if exchange["failure"] == THROWN_AWAY:
            wire.abandon(wire.sending(request["method"], path, headers, body))
            continue
        now = wire.send(request["method"], path, headers, body).received
        if then is None or now is None:
            alike = alike and (then is None) == (now is None)
            continue
        told = _renewed(_bytes(then["body"]), asked.header, run_id) or b""
        same = then["status"] == now.status and _type(then["headers"]) == _type(now.headers)
        alike = alike and same and before.canonical(told) == after.canonical(now.body)
    return alike


class _Names:
    """Guids by the order in which they first came, so that other draws of the same story are alike."""

    def __init__(self) -> None:
        self._places: dict[bytes, bytes] = {}

    def canonical(self, body: bytes) -> bytes:
        return _GUID.sub(lambda m: self._places.setdefault(m[0].lower(), b"id %d" % len(self._places)), body)


def _type(headers: Iterable[Iterable[str]]) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "")


def _renewed(body: bytes | None, header: Mapping[str, Any], run_id: str) -> bytes | None:
    """A body with the run's id in its keys replaced by another."""
    if body is None:
        return None
    old, new = f"-{header['run_id']}-{header['seed']}-", f"-{run_id}-{header['seed']}-"
    for charset in ("utf-8", "utf-16-le"):
        body = body.replace(old.encode(charset), new.encode(charset))
    return body


def _bytes(told: Mapping[str, str] | None) -> bytes | None:
    if told is None:
        return None
    return told["text"].encode() if "text" in told else base64.b64decode(told["base64"])
