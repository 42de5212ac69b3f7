"""What requests say of themselves: Accept, Content-Type, charset.

The rule: headers are read as the framework reads them; which format a body has is seen from its first character only.
"""

from __future__ import annotations

from contracts.model import Operation
from mockserver.grade.history import History, Step
from mockserver.grade.ledger import Case, Ledger
from mockserver.webapi import Response, media_types, negotiation

_LOOKS = {"{": "json", "[": "json", "<": "xml"}


def check(history: History, ledger: Ledger) -> None:
    """Judge the headers of every request that reached an operation."""
    for step in history.steps:
        if step.operation is None:
            continue
        if step.operation.response.media_types:
            _accept(step, step.operation, ledger)
        if step.request.body:
            _content_type(step, step.operation, ledger)


def _accept(step: Step, operation: Operation, ledger: Ledger) -> None:
    sent = step.request.all("Accept")
    names = [media.value.name for media in operation.response.media_types]
    ledger.either("accept.named", step, None if sent else Case("Accept", "", _kind(step.exchange.response), names[0]))
    if not sent:
        return
    wanted = [one.name.lower() for one in media_types.accept(sent) if one.quality != 0]
    met = any(
        one in ("*/*", *(n.lower() for n in names), *(f"{n.partition('/')[0]}/*" for n in names)) for one in wanted
    )
    case = Case("Accept", ", ".join(sent), _kind(step.exchange.response), ", ".join(names))
    ledger.either("accept.written", step, None if met else case)


def _kind(response: Response) -> str:
    return next((value for name, value in response.headers if name.lower() == "content-type"), "")


def _content_type(step: Step, operation: Operation, ledger: Ledger) -> None:
    sent, body = step.request.first("Content-Type"), step.request.body or b""
    names = [media.value.name for media in operation.request.media_types]
    looks = _LOOKS.get(body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1].decode("latin-1"), "")
    natural = next((media.value.name for media in operation.request.media_types if media.value.format == looks), "")
    if sent is None:
        ledger.broken(
            "content-type.named", [step], Case("Content-Type", "", str(step.status), natural or ", ".join(names))
        )
        return
    ledger.kept("content-type.named", step)
    media = media_types.content_type(sent)
    format_name = negotiation.reader(media)
    if media is None or format_name is None or (names and media.name.lower() not in [name.lower() for name in names]):
        wanted = natural or ", ".join(names)
        ledger.broken("content-type.listed", [step], Case("Content-Type", sent, str(step.status), wanted))
        return
    ledger.kept("content-type.listed", step)
    if looks or format_name == "form":
        told = None if (looks or "form") == format_name else Case("Content-Type", sent, str(step.status), natural)
        ledger.either("content-type.true", step, told)
    if media.type == "text" and not body.isascii() and not body.startswith(b"<?xml"):
        named = media.parameter("charset") is not None
        case = Case("Content-Type", sent, "", f"{media.name}; charset=utf-8")
        ledger.either("charset.named", step, None if named else case)
