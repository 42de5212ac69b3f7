"""From request to response, in the framework's order.

    route → bind path and query → read the body by its Content-Type → check annotations → act → negotiate → write

The rule: this file knows the order and the status codes and nothing of any format. What the controller does is `act`.
Source: W HttpServer.cs, Dispatcher/HttpRoutingDispatcher.cs, Controllers/HttpActionBinding.cs,
ModelBinding/FormatterParameterBinding.cs; N HttpContentExtensions.cs (ReadAsAsync).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import Any

from contracts.model import Contract, Model, Operation, TypeRef
from mockserver.webapi import charsets, media_types, negotiation
from mockserver.webapi.actions import Act, Call, Outcome, RefusedError, perform
from mockserver.webapi.annotations import Annotations, ValidatorError
from mockserver.webapi.bodies import Bodies, WriteError
from mockserver.webapi.body_names import body_name
from mockserver.webapi.http import Request, Response
from mockserver.webapi.http_errors import INVALID, NO_BODY, HttpError
from mockserver.webapi.losses import Losses
from mockserver.webapi.media_types import MediaType
from mockserver.webapi.model_state import HIDDEN, ModelState
from mockserver.webapi.parameters import Parameters, query_of
from mockserver.webapi.routing import Route, Router, shown
from mockserver.webapi.shapes import Record, Shape, Shapes, fold

__all__ = ["Act", "WebApi"]

_NO_TYPE = (
    "The request contains an entity body but no Content-Type header. "
    "The inferred media type 'application/octet-stream' is not supported for this resource."
)
#: Our own word, not the framework's: the road is known, what its controller does is not.
_NOT_PLAYED = "The mock plays only the operations that create or update a record."
_NO_QUERY: dict[str, list[str]] = {}


@dataclass(frozen=True, slots=True)
class _Action:
    """An operation as requests meet it: its body's name, type and object model, and whether it is a single upsert
    that answers with its record, the common road; `bound` whether it has URI parameters."""

    operation: Operation
    parameter: str
    body: TypeRef | None
    model: Model | None
    upsert: bool
    bound: bool


class WebApi:
    """A portal without a server: requests in, responses out.

    `strict` enforces what the prose calls required, `zone` is the server's time zone, `parameter` what every action
    calls its body (None: as the contract says or, where it does not, as `body_names` guesses).
    """

    def __init__(
        self, contract: Contract, *, strict: bool, zone: datetime.tzinfo = datetime.UTC, parameter: str | None = None
    ):
        self._contract = contract
        self._shapes = Shapes(contract)
        self._bodies = Bodies(self._shapes, zone)
        self._router = Router(contract)
        self._annotations = Annotations(self._shapes, strict=strict)
        self._parameters = Parameters(contract, self._shapes, zone, self._annotations)
        self._casing = contract.casing.value or "PascalCase"
        self._actions = {id(one): self._action(one, parameter) for one in contract.operations}

    def _action(self, operation: Operation, parameter: str | None) -> _Action:
        model = self._contract.model_of(operation.request)
        body = operation.request.type.value
        upsert = bool(operation.upsert.value) and model is not None and model.kind == "object"
        return _Action(
            operation, body_name(self._contract, operation, parameter), body, model,
            upsert and operation.response.type.value == body, bool(operation.parameters),
        )  # fmt: skip

    def handle(self, request: Request, act: Act) -> Response:
        """The answer to a request; nothing that a request says makes this raise."""
        body_type = media_types.content_type(request.first("Content-Type"))
        query = query_of(request.target) if "?" in request.target else _NO_QUERY
        route = self._router.route(request.method, request.target, query)
        if route.operation is None:
            return self._no_action(request, body_type, route.allowed)
        if route.ambiguous:  # InvalidOperationException out of SelectAction
            return self._error(request, body_type, 500, HttpError(HIDDEN))
        try:
            return self._called(request, body_type, route, query, self._actions[id(route.operation)], act)
        except ValidatorError:
            return self._error(request, body_type, 500, HttpError(HIDDEN))

    def operation_of(self, request: Request) -> Operation | None:
        """The operation that a request reaches."""
        return self._router.route(request.method, request.target, query_of(request.target)).operation

    def _no_action(self, request: Request, body_type: MediaType | None, allowed: tuple[str, ...]) -> Response:
        if not allowed:
            url = f"{request.scheme}://{request.first('Host') or 'localhost'}{shown(request.base + request.target)}"
            message = f"No HTTP resource was found that matches the request URI '{url}'."
            return self._error(request, body_type, 404, HttpError(message))
        message = f"The requested resource does not support http method '{request.method}'."
        return self._error(request, body_type, 405, HttpError(message), (("Allow", ", ".join(allowed)),))

    # HttpActionBinding: URI parameters and body are bound in turn. GUESS: a filter refuses whatever has an error, and a
    # body that is none, as the recorded portals do; an answer of the portal would settle it.
    def _called(
        self, request: Request, body_type: MediaType | None, route: Route, query: dict[str, list[str]], action: _Action,
        act: Act,
    ) -> Response:  # fmt: skip
        state = ModelState(action.parameter)
        losses = Losses()
        arguments: dict[str, Any] = {}
        if action.bound:
            arguments = self._parameters.bind(action.operation, route.values, query, state, standard=route.standard)
        body: Any = None
        # ReadAsAsync: a body of no length is no model, under any media type; of a value type it is default(T).
        if not request.body and action.body is not None:
            body = self._shapes.default(self._shapes.settled(action.body))
        elif request.body and action.body is not None:
            format_name = negotiation.reader(body_type)
            if format_name is None:
                return self._unsupported(request, body_type)
            body = self._bodies.read_body(format_name, request.body, body_type, action.body, state, losses)
            if not state.valid:
                losses.clear()  # what the reader refuses is not lost silently
            if body is not None:
                self._annotations.validate(action.body, body, state)
        if not state.valid:
            return self._refused(request, body_type, state, losses)
        if body is None and action.body is not None:
            return self._error(request, body_type, 400, HttpError(NO_BODY))
        try:
            return self._acted(request, body_type, route, action, arguments, body, losses, act)
        except RefusedError as error:
            for path, message in error.errors:
                state.add(path, message)
            return self._refused(request, body_type, state, losses)

    def _refused(self, request: Request, body_type: MediaType | None, state: ModelState, losses: Losses) -> Response:
        refused = self._error(request, body_type, 400, HttpError(INVALID, state.errors()))
        return replace(refused, losses=losses.all(), hidden=tuple(state.hidden))

    def _acted(
        self, request: Request, body_type: MediaType | None, route: Route, action: _Action, arguments: dict[str, Any],
        body: Any, losses: Losses, act: Act,
    ) -> Response:  # fmt: skip
        """The answer with what the controller gave back, and what it did not take from the request."""
        if action.upsert and action.model is not None and action.body is not None:
            found = act(action.operation, action.model, body)
            _tell_id(self._shapes[action.model.name], body, found, losses)
            outcome = Outcome(200, action.body, found)
        else:
            played = perform(act, Call(action.operation, arguments, body))
            if played is None:
                return self._error(request, body_type, 501, HttpError(_NOT_PLAYED))
            outcome = played
            self._tell_ids(action.body, body, outcome, losses)
        if route.extra:
            losses.add("path.ignored", "", route.extra)
        if "?" in request.target:
            query = request.target.partition("?")[2]
            if action.bound:
                self._parameters.tell(action.operation, route.values, request.target, losses)
            elif query:
                losses.add("query.ignored", "", query)
        return self._write(request, body_type, outcome, losses)

    def _tell_ids(self, ref: TypeRef | None, sent: Any, outcome: Outcome, losses: Losses) -> None:
        """Ids that were sent and not taken, by an answer that is what was sent: a record, or a list of them."""
        if ref is None or ref != outcome.type or outcome.value is None:
            return
        shape = self._shapes.object(ref if ref.item is None else ref.item)
        if shape is None:
            return
        if ref.item is None:
            _tell_id(shape, sent, outcome.value, losses)
        elif ref.kind == "collection":
            given = [one for one in sent if one is not None]  # controllers pass over a null
            for place, (one, found) in enumerate(zip(given, outcome.value, strict=False)):
                _tell_id(shape, one, found, losses, f"[{place}].")

    # FormatterParameterBinding: the media type in the text is without its parameters.
    def _unsupported(self, request: Request, body_type: MediaType | None) -> Response:
        message = _NO_TYPE
        if body_type is not None:
            message = f"The request entity's media type '{body_type.name}' is not supported for this resource."
        return self._error(request, body_type, 415, HttpError(message))

    def _write(self, request: Request, body_type: MediaType | None, outcome: Outcome, losses: Losses) -> Response:
        if outcome.type is None:
            return Response(outcome.status, (), b"", losses.all())
        writing = negotiation.writer(request, body_type)
        try:
            text = self._bodies.write_body(writing.format, outcome.type, outcome.value)
        except WriteError:
            return self._error(request, body_type, 500, HttpError(HIDDEN))
        body = charsets.encode(text, writing.charset)
        return Response(outcome.status, (("Content-Type", writing.content_type),), body, losses.all())

    def _error(
        self,
        request: Request,
        body_type: MediaType | None,
        status: int,
        error: HttpError,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> Response:
        writing = negotiation.writer(request, body_type)
        text = error.as_json(self._casing) if writing.format == "json" else error.as_xml()
        body = b"" if request.method.upper() == "HEAD" else charsets.encode(text, writing.charset)
        return Response(status, (*headers, ("Content-Type", writing.content_type)), body)


def _tell_id(shape: Shape, sent: Record, found: Record, losses: Losses, where: str = "") -> None:
    own = shape.model.portal_id.value
    if own and sent[own] != found[own]:
        member = shape.by_form[fold(own)]
        if sent[own] != member.default:  # the empty guid says "no id"
            losses.add("id.ignored", where + (member.json or own), str(sent[own]), str(found[own]))
