"""`portal-mock explain`: what the portal would make of a request, what of it would be lost, and what to send instead.

    file ─ requests ─▶ Request ─ the stub portal itself ─▶ Explanation ─ show ─▶ people
                                                     └─ correct ─▶ a request without a loss

The rule: the answer and the losses are those of `mockserver.webapi`, asked as the server asks it; nothing is worked out
a second time. A corrected request is only shown when the portal, asked again, takes it without a loss; what the portal
kept of the first one and not of this one is named.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from contracts.model import Contract, Model, Operation
from mockserver.explain.correct import Corrector
from mockserver.webapi import Loss, Request, Response, WebApi


@dataclass(frozen=True)
class Explanation:
    """A request, the portal's answer, and a request that would lose nothing (None: there is none to show).

    `record` is what the portal kept, None when it refused; `gone` are its members that the corrected request lacks,
    because they cannot be sent without a loss.
    """

    request: Request
    response: Response
    record: dict[str, Any] | None
    corrected: Request | None
    gone: tuple[str, ...] = ()

    @property
    def losses(self) -> tuple[Loss, ...]:
        """What of the request is silently lost."""
        return self.response.losses

    @property
    def clean(self) -> bool:
        """Whether the request is taken and nothing of it lost."""
        return self.response.status < 400 and not self.losses


class Explainer:
    """Explains requests to one contract's portal; `strict` and `zone` as for the stub portal."""

    def __init__(self, contract: Contract, *, strict: bool = True, zone: datetime.tzinfo = datetime.UTC):
        self.contract = contract
        self._api = WebApi(contract, strict=strict, zone=zone)
        # What is tried on the way to a correction need not be complete.
        self._lenient = WebApi(contract, strict=False, zone=zone)
        self._corrector = Corrector(contract, zone)

    def explain(self, request: Request) -> Explanation:
        """What the portal makes of a request, with a corrected one where something is lost or refused."""
        response, record = _ask(self._api, request)
        if response.status < 400 and not response.losses:
            return Explanation(request, response, record, None)
        corrected, gone = self._corrected(request, record)
        return Explanation(request, response, record, corrected, gone)

    def _corrected(self, request: Request, record: dict[str, Any] | None) -> tuple[Request | None, tuple[str, ...]]:
        """The proposal that the portal takes without a loss and that lacks least of what it kept, and what it lacks."""
        operation = self._api.operation_of(request)
        model = self.contract.model_of(operation.request) if operation is not None else None
        if operation is None or model is None or not request.body:
            return None, ()
        best: tuple[Request | None, tuple[str, ...]] = None, ()
        for proposal in self._corrector.proposals(
            request, operation, model, lambda asked: _ask(self._lenient, asked)[1]
        ):
            response, kept = _ask(self._api, proposal)
            if response.status >= 400 or response.losses or kept is None:
                continue
            gone = self._corrector.gone(model, record, kept)
            if not gone:
                return proposal, ()
            if best[0] is None or len(gone) < len(best[1]):
                best = proposal, gone
        return best


def _ask(api: WebApi, request: Request) -> tuple[Response, dict[str, Any] | None]:
    """The answer and what reached the controller, which draws a new id."""
    kept: list[dict[str, Any]] = []

    def act(_operation: Operation, model: Model, record: dict[str, Any]) -> dict[str, Any]:
        own = model.portal_id.value
        kept.append({**record, own: str(uuid.uuid4())} if own in record else record)
        return kept[-1]

    response = api.handle(request, act)
    return response, kept[-1] if kept else None


__all__ = ["Explainer", "Explanation"]
