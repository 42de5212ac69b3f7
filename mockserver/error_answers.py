"""The framework's error answers to what never reaches a controller: refused credentials, arranged failures.

The rule: format, media type and charset are negotiated as for any answer; the words are the framework's where it has
any. What is refused, and why, may not live here.
Source: W HttpError.cs, SRResources.resx (RequestNotAuthorized, ErrorOccurred).
"""

from __future__ import annotations

from http.client import responses

from contracts.model import Contract
from mockserver.webapi import Request, Response, charsets, media_types, negotiation
from mockserver.webapi.http_errors import INVALID, HttpError

#: AuthorizeAttribute.HandleUnauthorizedRequest.
DENIED = "Authorization has been denied for this request."
#: What the framework says where error detail is off.
FAILED = "An error has occurred."
_WORDS = {400: INVALID, 401: DENIED, 500: FAILED}


def words(status: int) -> str:
    """The framework's message for a status, else what the status is called."""
    return _WORDS.get(status) or f"{responses.get(status, 'Failure')}."


def error_answer(
    contract: Contract, request: Request, status: int, message: str, headers: tuple[tuple[str, str], ...] = ()
) -> Response:
    """An HttpError with that message, in the format that the request negotiates."""
    error = HttpError(message)
    writing = negotiation.writer(request, media_types.content_type(request.first("Content-Type")))
    text = error.as_json(contract.casing.value or "PascalCase") if writing.format == "json" else error.as_xml()
    body = b"" if request.method.upper() == "HEAD" else charsets.encode(text, writing.charset)
    return Response(status, (*headers, ("Content-Type", writing.content_type)), body)
