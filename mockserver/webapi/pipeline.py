"""From request to response, in the framework's order.

    route → read the body by its Content-Type → validate → act → negotiate → write

The rule: this file knows the order and the status codes and nothing of any format. What the controller does is `act`.
Source: W HttpServer.cs, Dispatcher/HttpRoutingDispatcher.cs, ModelBinding/FormatterParameterBinding.cs;
N HttpContentExtensions.cs (ReadAsAsync).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace

from contracts.model import Contract, Model, Operation, TypeRef
from mockserver.webapi import charsets, media_types, negotiation
from mockserver.webapi.bodies import Bodies, WriteError
from mockserver.webapi.http import Request, Response
from mockserver.webapi.http_errors import INVALID, NO_BODY, HttpError
from mockserver.webapi.losses import Losses
from mockserver.webapi.media_types import MediaType
from mockserver.webapi.model_state import HIDDEN, PARAMETER, ModelState, validate
from mockserver.webapi.routing import Route, Router, shown
from mockserver.webapi.shapes import Record, Shape, Shapes, fold

#: What the controller does with a record: the same record back, its portal id replaced.
Act = Callable[[Operation, Model, Record], Record]

_NO_TYPE = (
    "The request contains an entity body but no Content-Type header. "
    "The inferred media type 'application/octet-stream' is not supported for this resource."
)
#: Our own word, not the framework's: the road is known, what its controller does is not.
_NOT_PLAYED = "The mock plays only the operations that create or update a record."


class WebApi:
    """A portal without a server: requests in, responses out.

    `strict` enforces what the prose calls required, `zone` is the server's time zone, `parameter` what the controller
    calls its argument, which leads every key of the model state.
    """

    def __init__(
        self, contract: Contract, *, strict: bool, zone: datetime.tzinfo = datetime.UTC, parameter: str = PARAMETER
    ):
        self._contract, self._strict, self._zone, self._parameter = contract, strict, zone, parameter
        self._shapes = Shapes(contract)
        self._bodies = Bodies(self._shapes, zone)
        self._router = Router(contract)
        self._casing = contract.casing.value or "PascalCase"

    def handle(self, request: Request, act: Act) -> Response:
        """The answer to a request; nothing that a request says makes this raise."""
        body_type = media_types.content_type(request.first("Content-Type"))
        route = self._router.route(request.method, request.target)
        if route.operation is None:
            return self._no_action(request, body_type, route.allowed)
        model = self._contract.model_of(route.operation.request)
        if model is None or not route.operation.upsert.value:
            return self._error(request, body_type, 501, HttpError(_NOT_PLAYED))
        return self._upsert(request, body_type, route, route.operation, model, act)

    def operation_of(self, request: Request) -> Operation | None:
        """The operation that a request reaches."""
        return self._router.route(request.method, request.target).operation

    def _no_action(self, request: Request, body_type: MediaType | None, allowed: tuple[str, ...]) -> Response:
        if not allowed:
            url = f"http://{request.first('Host') or 'localhost'}{request.base}{shown(request.target)}"
            message = f"No HTTP resource was found that matches the request URI '{url}'."
            return self._error(request, body_type, 404, HttpError(message))
        message = f"The requested resource does not support http method '{request.method}'."
        return self._error(request, body_type, 405, HttpError(message), (("Allow", ", ".join(allowed)),))

    def _upsert(
        self, request: Request, body_type: MediaType | None, route: Route, operation: Operation, model: Model, act: Act
    ) -> Response:
        shape = self._shapes[model.name]
        state = ModelState(self._parameter)
        losses = Losses()
        record: Record | None = None
        # ReadAsAsync: a body of no length is no model, under any media type.
        if request.body:
            format_name = negotiation.reader(body_type)
            if format_name is None:
                return self._unsupported(request, body_type)
            ref = TypeRef("model", model.name)
            record = self._bodies.read_body(format_name, request.body, body_type, ref, state, losses)
        if not state.valid:
            losses.clear()  # what the reader refuses is not lost silently
        if record is not None and self._strict:
            validate(shape, record, state)
        if not state.valid:
            refused = self._error(request, body_type, 400, HttpError(INVALID, state.errors()))
            return replace(refused, losses=losses.all(), hidden=tuple(state.hidden))
        if record is None:
            return self._error(request, body_type, 400, HttpError(NO_BODY))
        return self._acted(request, body_type, route, shape, act(operation, model, record), record, losses)

    def _acted(
        self, request: Request, body_type: MediaType | None, route: Route, shape: Shape, found: Record, sent: Record,
        losses: Losses,
    ) -> Response:  # fmt: skip
        """The answer with the record that the controller gave back, and what it did not take from the request."""
        own = shape.model.portal_id.value
        if own and sent[own] != found[own]:
            member = shape.by_form[fold(own)]
            if sent[own] != member.default:  # the empty guid says "no id"
                losses.add("id.ignored", member.json or own, str(sent[own]), str(found[own]))
        if route.extra:
            losses.add("path.ignored", "", route.extra)
        if "?" in request.target:
            query = request.target.partition("?")[2]
            if query:
                losses.add("query.ignored", "", query)
        return self._write(request, body_type, shape, found, losses)

    # FormatterParameterBinding: the media type in the text is without its parameters.
    def _unsupported(self, request: Request, body_type: MediaType | None) -> Response:
        message = _NO_TYPE
        if body_type is not None:
            message = f"The request entity's media type '{body_type.name}' is not supported for this resource."
        return self._error(request, body_type, 415, HttpError(message))

    def _write(
        self, request: Request, body_type: MediaType | None, shape: Shape, record: Record, losses: Losses
    ) -> Response:
        writing = negotiation.writer(request, body_type)
        try:
            text = self._bodies.write_body(writing.format, TypeRef("model", shape.model.name), record)
        except WriteError:
            return self._error(request, body_type, 500, HttpError(HIDDEN))
        body = charsets.encode(text, writing.charset)
        return Response(200, (("Content-Type", writing.content_type),), body, losses.all())

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
