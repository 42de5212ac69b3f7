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
from mockserver.webapi.actions import Call, Outcome
from mockserver.webapi.shapes import Record


@dataclass(frozen=True)
class Explanation:
    """A request, the portal's answer, and a request that would lose nothing (None: there is none to show).

    `record` is what the portal kept, None when it refused; `gone` are its members that the corrected request lacks,
    because they cannot be sent without a loss.
    """

    request: Request
    response: Response
    record: Record | None
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
        response, kept = _ask(self._api, request)
        record = kept if isinstance(kept, dict) else None
        if response.status < 400 and not response.losses:
            return Explanation(request, response, record, None)
        corrected, gone = self._corrected(request, kept)
        return Explanation(request, response, record, corrected, gone)

    def _corrected(self, request: Request, kept: Any) -> tuple[Request | None, tuple[str, ...]]:
        """The proposal that the portal takes without a loss and that lacks least of what it kept, and what it lacks."""
        operation = self._api.operation_of(request)
        best: tuple[Request | None, tuple[str, ...]] = None, ()
        if operation is None or not request.body:
            return best
        model = self.contract.model_of(operation.request)
        if model is None or model.kind != "object":
            return next(filter(self._whole, self._corrector.written_anew(request, operation, kept)), None), ()
        for proposal in self._corrector.proposals(request, operation, model, self._tried):
            response, again = _ask(self._api, proposal)
            if response.status >= 400 or response.losses or again is None:
                continue
            gone = self._corrector.gone(model, kept, again)
            if not gone:
                return proposal, ()
            if best[0] is None or len(gone) < len(best[1]):
                best = proposal, gone
        return best

    def _whole(self, request: Request) -> bool:
        response, _ = _ask(self._api, request)
        return response.status < 400 and not response.losses

    def _tried(self, request: Request) -> tuple[Record | None, bool]:
        response, kept = _ask(self._lenient, request)
        return kept, not response.losses


class _Controller:
    """A controller that keeps what it is given, which is all that an explanation asks for."""

    def __init__(self) -> None:
        self.kept: Any = None

    def __call__(self, _operation: Operation, model: Model, record: Record) -> Record:
        own = model.portal_id.value
        self.kept = {**record, own: str(uuid.uuid4())} if own in record else record
        return dict(self.kept)

    def perform(self, call: Call) -> Outcome:
        """Any other action: what was sent is given back where the page says that it is, else nothing."""
        self.kept = call.body
        answered, sent = call.operation.response.type.value, call.operation.request.type.value
        return Outcome(200, answered, call.body) if answered is not None and answered == sent else Outcome(200)


def _ask(api: WebApi, request: Request) -> tuple[Response, Any]:
    """The answer and what reached the controller, None when nothing did."""
    controller = _Controller()
    return api.handle(request, controller), controller.kept


__all__ = ["Explainer", "Explanation"]
