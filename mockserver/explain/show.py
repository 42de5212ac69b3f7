"""An explanation for people: the answer, each loss, and the request to send instead.

The rule: it reads well at 80 columns, in colour and plain, in wide scripts too; a corrected body is printed as it must
be sent, never wrapped. Nothing of the client's reaches the terminal unescaped but that body's printable text, and no
value whose name says that it is a credential.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from contracts.model import Contract
from mockserver.explain import Explanation
from mockserver.journal import blamed, near
from mockserver.telling import discreet, letters, plain, sent
from mockserver.webapi import Loss, Request, Response
from mockserver.webapi.losses import REASONS

_LONGEST = 300
_INDENT = 11
#: How many operations are named where a path or a verb is unknown.
_SHOWN = 5
_FORMATS = {"{": "JSON", "[": "JSON", "<": "XML"}


def show(found: Explanation, contract: Contract, console: Console) -> None:
    """Print one explanation."""
    request, response = found.request, found.response
    kind = request.first("Content-Type") or "no Content-Type"
    console.print(Text(plain(f"{request.method} {discreet(request.target)}", 200), style="bold"), soft_wrap=True)
    size = f"{kind}, {len(request.body or b'')} bytes" if request.body or request.first("Content-Type") else "no body"
    console.print(Text(plain(size, 200)), soft_wrap=True)
    console.print()
    if response.status >= 400:
        _show_refusal(found, contract, console)
    elif not found.losses:
        console.print(f"The portal answers {response.status} and keeps everything that was sent.")
        return
    else:
        console.print(
            f"The portal answers {response.status}, and without a word {_count(found.losses)}.", style="yellow"
        )
    first: dict[str, int] = {}
    for number, loss in enumerate(found.losses, 1):
        _show_loss(number, loss, first.setdefault(loss.reason, number), console)
    _show_sources(found.losses, console)
    _show_corrected(found, console)


def _count(losses: tuple[Loss, ...]) -> str:
    count = sum(int(loss.sent) if loss.reason == "more" else 1 for loss in losses)
    return "1 thing is lost or changed" if count == 1 else f"{count} things are lost or changed"


def _show_loss(number: int, loss: Loss, first_at: int, console: Console) -> None:
    reason = REASONS[loss.reason]
    console.print()
    if loss.reason == "more":
        console.print(f"{number}  and {loss.sent} more")
        return
    name = plain(loss.member, _LONGEST) or "(the request as a whole)"
    title = f"{number}  "
    lines = _wrapped(f"{name}   {loss.reason}", console, len(title))
    for at, line in enumerate(lines):
        head = (title, "dim") if at == 0 else " " * len(title)
        text, gap, last = line.rpartition(loss.reason) if line.endswith(loss.reason) else (line, "", "")
        console.print(Text.assemble(head, (text, "bold"), (gap + last, "yellow")), soft_wrap=True)
    kept = "nothing" if loss.kept is None else plain(loss.kept, _LONGEST) or "(empty)"
    _row("sent", plain(sent(loss), _LONGEST) or "(empty)", console)
    _row("kept", kept, console)
    if first_at != number:
        _row("why", f"as {first_at}", console)
        return
    _row("why", reason.told, console)
    _row("rule", loss.rule, console)
    _row("to do", reason.remedy, console)


def _wrapped(text: str, console: Console, indent: int) -> list[str]:
    """The lines of a text that is indented; a wide character takes two columns."""
    width = max(console.width - indent, 20)
    return [line.plain.rstrip() for line in Text(text).wrap(console, width)] or [""]


def _row(title: str, text: str, console: Console) -> None:
    head, *more = _wrapped(text, console, _INDENT)
    console.print(Text.assemble("   ", (title.ljust(_INDENT - 3), "dim"), head), soft_wrap=True)
    for line in more:
        console.print(Text(" " * _INDENT + line), soft_wrap=True)


def _say(text: str, console: Console, indent: int = 0, style: str = "") -> None:
    """A paragraph, its later lines under the first."""
    later = indent and indent + 2
    for at, line in enumerate(_wrapped(text, console, later)):
        console.print(Text(" " * (later if at else indent) + line, style=style), soft_wrap=True)


def _show_sources(losses: tuple[Loss, ...], console: Console) -> None:
    """What the letters in the rules mean."""
    found = letters(loss.rule for loss in losses)
    if found:
        console.print()
    for told in found:
        console.print(Text(told, style="dim"))


def _show_refusal(found: Explanation, contract: Contract, console: Console) -> None:
    response = found.response
    message, state = _error(response)
    said = f": {plain(message, _LONGEST)}" if message else "."
    _say(f"The portal answers {response.status}{said}", console, style="red")
    for key, words in state:
        _say(f"{plain(key, 200)}: {plain(words, _LONGEST)}", console, 3)
    if response.hidden:
        console.print()
        console.print("What that error is, which the portal does not say:")
        for path, why in response.hidden:
            _say(f"{plain(path, 200) or 'the body'}: {plain(why, _LONGEST)}", console, 3)
    console.print()
    for advice in _advice(found, contract):
        _say(f"To do: {advice}", console)


def _error(response: Response) -> tuple[str, list[tuple[str, str]]]:
    """The message of an error body, and its model state as key and words."""
    charset = "utf-16" if response.body.startswith(b"\xff\xfe") else "utf-8"
    text = response.body.decode(charset, "replace")
    if text.startswith("{"):
        document = {name.lower(): value for name, value in json.loads(text).items()}
        state = document.get("modelstate") or {}
        return document.get("message", ""), [(key, " ".join(said)) for key, said in state.items()]
    try:
        root = ElementTree.fromstring(text)  # the stub portal's own text
    except ElementTree.ParseError:
        return text, []
    state_element = root.find("ModelState")
    children = list(state_element) if state_element is not None else []
    return root.findtext("Message") or "", [(child.tag, child.text or "") for child in children]


def _advice(found: Explanation, contract: Contract) -> Iterator[str]:
    """What to do about a refusal, by its status."""
    status, request = found.response.status, found.request
    lacking = _lacking(request, contract) if status in (404, 405) else ""
    if lacking:
        yield f"give in the query what the operation requires: {lacking}."
    elif status in (404, 405):
        what = "send it to a path" if status == 404 else "use the verb"
        yield f"{what} of the page: {_like(request.target, contract)}."
    elif status == 415:
        names = [m.value.name for o in contract.operations for m in o.request.media_types]
        yield f"send a Content-Type of the page: {', '.join(dict.fromkeys(names))}."
    elif status == 400 and not request.body and not _error(found.response)[1]:
        yield "send a body."
    elif status == 400 and not request.body:
        yield "mend the URI parameters that are named above."
    elif status == 400 and (coding := request.first("Content-Encoding") or "identity").lower() != "identity":
        # No message handler of the framework unpacks a request; N MediaTypeFormatter.cs reads the bytes as they are.
        yield f"send the body unpacked: the framework does not look at Content-Encoding ({plain(coding, 40)})."
    elif status == 400:
        if any("required" in said for _, said in _error(found.response)[1]):
            yield "send a value for each member that is required."
            if found.losses:
                yield "what is told below may be the cause: a value that is lost is missing."
        elif found.response.hidden:
            yield "mend what is named above; times as 2030-01-07T09:00:00, ids as guids, text in quotes."
        looks = _FORMATS.get((request.body or b"").lstrip()[:1].decode("latin-1"))
        kind = (request.first("Content-Type") or "").lower()
        if looks and looks.lower() not in kind:
            yield f"the body looks like {looks}, the Content-Type says {plain(kind, 60)}: make them agree."


def _lacking(request: Request, contract: Contract) -> str:
    """What the query of a known path and verb does not name and must; "" where the path itself is another."""
    path = near.segments(request.target)
    for one in contract.operations:
        wanted = near.segments(one.path.value)
        alike = len(path) == len(wanted) and all(b.startswith("{") or a == b for a, b in zip(path, wanted, strict=True))
        if alike and request.method.upper() == one.method.value:
            names = ", ".join(parameter.key for parameter in blamed.left_out(request.target, one))
            if names:
                return names
    return ""


def _like(target: str, contract: Contract) -> str:
    """The operations, of many those whose paths are most like the target."""
    path = near.segments(target)
    found = sorted(
        contract.operations, key=lambda one: near.likeness(path, near.segments(one.path.value)), reverse=True
    )
    shown = [one.id for one in found[:_SHOWN]] if len(found) > _SHOWN else [one.id for one in contract.operations]
    more = len(found) - len(shown)
    return ", ".join(shown) + (f" (the most alike; there are {more} more)" if more else "")


def _show_corrected(found: Explanation, console: Console) -> None:
    corrected, request = found.corrected, found.request
    if corrected is None:
        if found.losses:
            console.print()
            what = "be taken" if found.response.status >= 400 else "be taken without a loss"
            _say(f"No request can be made of the same members that would {what}.", console)
        return
    console.print()
    console.rule("send this instead", style="dim", characters="-", align="left")
    if corrected.target != request.target:
        console.print(Text(f"{corrected.method} {corrected.target}"), soft_wrap=True)
    if corrected.first("Content-Type") != request.first("Content-Type"):
        console.print(Text(f"Content-Type: {corrected.first('Content-Type')}"), soft_wrap=True)
    text = (corrected.body or b"").decode("utf-8", "replace")
    if any(not c.isprintable() and c != "\n" for c in text):
        console.print("(what a terminal cannot show is escaped below)", style="dim")
        text = "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode("ascii") for c in text)
    console.out(text, highlight=False)
    gone = list(_removed(found))
    if gone:
        console.print()
        _say(f"Left out: {', '.join(gone)}.", console)


_LEFT_OUT = (".unknown", ".metadata", ".attribute", ".blank", ".ignored", ".untyped", ".list", ".not-set", ".field")


def _removed(found: Explanation) -> Iterator[str]:
    """The names that the corrected request has no more."""
    named = [loss for loss in found.losses if loss.member and loss.reason.endswith(_LEFT_OUT)]
    yield from dict.fromkeys(f"{plain(loss.member, 60)} ({loss.reason})" for loss in named)
    yield from (f"{plain(name, 60)} (it cannot be sent in this format without a loss)" for name in found.gone)
