"""From request to response, in the framework's order.

    route → read the body by its Content-Type → validate → act → negotiate → write

The rule: this file knows the order and the status codes and nothing of any format. What the controller does is `act`.
Source: W HttpServer.cs, Dispatcher/HttpRoutingDispatcher.cs, ModelBinding/FormatterParameterBinding.cs;
N HttpContentExtensions.cs (ReadAsAsync).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

from contracts.model import Contract, Model, Operation
from mockserver.webapi import charsets, forms, json_fast, media_types, negotiation
from mockserver.webapi.charsets import DecodeError
from mockserver.webapi.datacontract import DataContractReader
from mockserver.webapi.form_binding import FormBinder
from mockserver.webapi.http import Request, Response
from mockserver.webapi.http_errors import INVALID, NO_BODY, HttpError
from mockserver.webapi.json_binding import JsonBinder
from mockserver.webapi.json_writer import write_record
from mockserver.webapi.media_types import MediaType
from mockserver.webapi.model_state import HIDDEN, PARAMETER, ModelState, validate
from mockserver.webapi.routing import Router, shown
from mockserver.webapi.shapes import Record, Shape, Shapes
from mockserver.webapi.xml_reader import XmlError
from mockserver.webapi.xml_writer import WriteError, write_root

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
        return self._upsert(request, body_type, route.operation, model, act)

    def _no_action(self, request: Request, body_type: MediaType | None, allowed: tuple[str, ...]) -> Response:
        if not allowed:
            url = f"http://{request.first('Host') or 'localhost'}{shown(request.target)}"
            message = f"No HTTP resource was found that matches the request URI '{url}'."
            return self._error(request, body_type, 404, HttpError(message))
        message = f"The requested resource does not support http method '{request.method}'."
        return self._error(request, body_type, 405, HttpError(message), (("Allow", ", ".join(allowed)),))

    def _upsert(
        self, request: Request, body_type: MediaType | None, operation: Operation, model: Model, act: Act
    ) -> Response:
        shape = self._shapes[model.name]
        state = ModelState(self._parameter)
        record: Record | None = None
        # ReadAsAsync: a body of no length is no model, under any media type.
        if request.body:
            format_name = negotiation.reader(body_type)
            if format_name is None:
                return self._unsupported(request, body_type)
            record = self._read(format_name, request.body, body_type, shape, state)
        if record is not None and self._strict:
            validate(shape, record, state)
        if not state.valid:
            return self._error(request, body_type, 400, HttpError(INVALID, state.errors()))
        if record is None:
            return self._error(request, body_type, 400, HttpError(NO_BODY))
        return self._write(request, body_type, shape, act(operation, model, record))

    # FormatterParameterBinding: the media type in the text is without its parameters.
    def _unsupported(self, request: Request, body_type: MediaType | None) -> Response:
        message = _NO_TYPE
        if body_type is not None:
            message = f"The request entity's media type '{body_type.name}' is not supported for this resource."
        return self._error(request, body_type, 415, HttpError(message))

    def _read(
        self, format_name: str, body: bytes, body_type: MediaType | None, shape: Shape, state: ModelState
    ) -> Record | None:
        """The model, None when there is none; what is wrong goes to the model state."""
        charset = negotiation.charset(body_type)
        try:
            if format_name == "json":
                return self._read_json(charsets.decode_json(body, charset), shape, state)
            if format_name == "xml":
                text = charsets.decode_xml(body, charset)
                return DataContractReader(self._shapes, text, self._zone).read(shape)
            return FormBinder(self._shapes, forms.read(body), self._zone, state.add).bind(shape)
        except (DecodeError, XmlError, forms.FormError, RecursionError):
            # The formatters log what they cannot read under the bare parameter and give no model.
            state.add("", None)
            return None

    def _read_json(self, text: str, shape: Shape, state: ModelState) -> Record | None:
        record = json_fast.read(text, shape, self._zone)
        if record is not None:
            return record
        binder = JsonBinder(self._shapes, text, self._zone, lambda path, message: state.add(path, None))
        found: Record | None = binder.bind_model(shape)
        return found

    def _write(self, request: Request, body_type: MediaType | None, shape: Shape, record: Record) -> Response:
        writing = negotiation.writer(request, body_type)
        try:
            if writing.format == "json":
                text = write_record(self._shapes, shape, record, self._zone)
            else:
                text = write_root(self._shapes, shape, record, self._zone)
        except WriteError:
            return self._error(request, body_type, 500, HttpError(HIDDEN))
        return Response(200, (("Content-Type", writing.content_type),), charsets.encode(text, writing.charset))

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
