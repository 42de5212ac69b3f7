"""What exchanges mean by a contract: the operation, the members sent and kept, the verdicts, the near-misses.

The rule: everything here is worked out when it is asked for, never while a request is answered, and nothing of it is
kept. What the portal would make of a request is asked of `mockserver.webapi`, not worked out a second time.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import cached_property
from typing import Any, Literal, Protocol

from contracts.model import Body as Promised
from contracts.model import Contract, Model, Operation
from mockserver.journal import members
from mockserver.journal.data import moment, operation_of, record
from mockserver.journal.members import Body
from mockserver.journal.memory import Exchange
from mockserver.journal.near import Near, Nearest
from mockserver.journal.secrets import Secrets
from mockserver.webapi import WebApi
from mockserver.webapi.http import Request, Response
from mockserver.webapi.shapes import fold


class Judge(Protocol):
    """What judges bodies: `contracts.emit.Schemas`."""

    def json_faults(self, model_name: str, direction: Literal["request", "response"], document: Any) -> list[str]:
        """What is wrong with a JSON document."""

    def xml_faults(self, model_name: str, body: bytes) -> list[str]:
        """What is wrong with an XML body."""


class Reading:
    """Reads exchanges by a contract. `judge` gives the schemas when they are first needed."""

    def __init__(self, contract: Contract, judge: Callable[[], Judge], secrets: Secrets | None = None):
        self.contract, self._judge, self.secrets = contract, judge, secrets or Secrets()

    @cached_property
    def api(self) -> WebApi:
        """A lenient portal to ask."""
        return WebApi(self.contract, strict=False)

    @cached_property
    def _nearest(self) -> Nearest:
        return Nearest(self.contract, self.api)

    def operation(self, request: Request) -> Operation | None:
        """The operation that a request reaches."""
        return self.api.operation_of(request) or operation_of(self.contract, request)

    def model(self, request: Request) -> Model | None:
        """The model that a request's body is to carry."""
        operation = self.operation(request)
        return self.contract.model_of(operation.request) if operation is not None else None

    def sent(self, exchange: Exchange) -> Body:
        """The members of the request's body."""
        operation = self.operation(exchange.request)
        return members.read(self.contract, exchange.request, operation.request.type.value if operation else None)

    def kept(self, exchange: Exchange) -> Body:
        """The members of the record that a successful answer shows."""
        operation = self.operation(exchange.request)
        if operation is None or not 200 <= exchange.response.status < 300:
            return Body("")
        return members.read(self.contract, exchange.response, operation.response.type.value)

    def key(self, exchange: Exchange) -> str | None:
        """The key that the request's record bears, None when it bears none."""
        model = self.model(exchange.request)
        value = self.sent(exchange).known().get(model.key.value) if model is not None and model.key.value else None
        return None if value is None else str(value)

    def faults(self, exchange: Exchange) -> tuple[list[str] | None, list[str] | None]:
        """The schemas' verdicts on the request's and on the answer's body.

        A verdict is the list of faults, empty when there are none, None where there is nothing to judge by.
        """
        operation = self.operation(exchange.request)
        if operation is None:
            return None, None
        sent = self._faults("request", operation.request, exchange.request)
        judged = 200 <= exchange.response.status < 300
        return sent, self._faults("response", operation.response, exchange.response) if judged else None

    def near(self, exchange: Exchange) -> Near | None:
        """What a refused request was nearest to and how it differs; None for one that was taken, or near to nothing."""
        if exchange.response.status < 400 or exchange.response.status >= 500:
            return None
        return self._nearest.to(exchange, self.operation(exchange.request))

    def data(self, exchange: Exchange) -> dict[str, Any]:
        """The exchange and what it means, as JSON-ready data without credentials.

        "faults" are the verdicts as `faults` gives them, "losses" what of the request was silently lost, "members" what
        was sent and kept side by side, "near" what a refused request was nearest to.
        """
        request, response = self.secrets.clean(exchange.request, exchange.response)
        clean = replace(exchange, request=request, response=response)
        told = record(clean, self.secrets)
        operation = self.operation(clean.request)
        near = self.near(clean)
        for side, faults in zip(("request", "response"), self.faults(exchange), strict=True):
            # What stands for a credential is no value that the schema knows: the bytes themselves are judged.
            hidden = self.secrets.hiding(exchange.request, exchange.response)
            told[side]["faults"] = None if faults is None else [hidden(fault) for fault in faults]
        head = {name: told.pop(name) for name in ("number", "at", "milliseconds")}
        return {
            **head,
            "operation": operation.id if operation else None,
            "key": self.key(clean),
            **told,
            "members": self.side_by_side(clean),
            "near": None if near is None else asdict(near),
        }

    def brief(self, exchange: Exchange) -> dict[str, Any]:
        """The exchange in a line, for lists: nothing is decoded for it."""
        request, response = exchange.request, exchange.response
        operation = self.operation(request)
        return {
            "number": exchange.number,
            "at": moment(exchange.at),
            "milliseconds": round(exchange.seconds * 1000, 3),
            "operation": operation.id if operation else None,
            "method": request.method,
            "target": self.secrets.target(request.target),
            "status": response.status,
            "losses": [loss.reason for loss in response.losses],
            "injected": exchange.injected,
            "answered": exchange.answered,
        }

    def side_by_side(self, exchange: Exchange) -> list[dict[str, Any]]:
        """Each member of the body with what was sent, what the answer shows of it, and why it was lost (or "")."""
        sent, kept = self.sent(exchange), self.kept(exchange)
        shown, losses = kept.known(), exchange.response.losses
        rows, met = [], set()
        for member in sent.outer():
            name = member.own if member.prop else ""
            met.add(name)
            lost = next((loss.reason for loss in losses if _names(loss.member, member.path)), "")
            rows.append(
                _row(member.path, name, member.value, shown.get(name) if name else None, lost, bool(kept.format))
            )
        for name, value in shown.items():
            if name not in met and (rows or not name.startswith("[")):  # whoever only reads a list sent none of it
                rows.append(_row("", name, None, value, "", True))
        return rows

    def _faults(
        self, direction: Literal["request", "response"], body: Promised, message: Request | Response
    ) -> list[str] | None:
        model = self.contract.model_of(body)
        kinds = [value for name, value in message.headers if name.lower() == "content-type"]
        if model is None or not message.body or not kinds:
            return None
        kind = kinds[0].partition(";")[0].strip().lower()
        if "xml" in kind:
            return self._judge().xml_faults(model.name, message.body)
        if "json" not in kind:
            return None
        try:
            document = json.loads(message.body)
        except (ValueError, RecursionError) as error:
            return [f"$: expected JSON: {error}"]
        return self._judge().json_faults(model.name, direction, document)


def _row(name: str, prop: str, sent: Any, kept: Any, lost: str, shown: bool) -> dict[str, Any]:
    return {"member": prop or name, "name": name, "sent": sent, "kept": kept if shown else None, "lost": lost}


def _names(loss: str, member: str) -> bool:
    """Whether a loss is of that member or of something in it."""
    start = fold(loss.strip("$./"))
    return bool(member) and (
        start == fold(member) or start.startswith((fold(member) + ".", fold(member) + "[", fold(member) + "/"))
    )
