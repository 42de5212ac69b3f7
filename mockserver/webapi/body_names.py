"""What an action calls its body, which leads every key of the model state.

    FrameModel → "frame"     "The codes." → "codes"

The rule: no page shows the name, so it is a guess unless the contract's overlay settles it, or the answers of the
portal behind a page that comes along did. Keys themselves are `model_state`'s.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from contracts.model import Contract, Operation, TypeRef

#: GUESS: what the action calls a body of which the page says nothing; a 400 answer of the portal would show it.
UNKNOWN = "model"

# Settled by the recorded answers of the portal behind a page: the page's SHA-256, the name.
_RECORDED: Mapping[str, str] = {"fa5becfe688b5b231688a7ec3a93512070136fa39b537c69c6705251e80c9fc8": "model"}
# What class names end in that says nothing.
_CLASS = re.compile(r"(?:View|Input|Request|Binding|Api)*(?:Model|Dto|DTO|Contract|Request|Resource)$")
_HUMPS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")
_ARTICLE = re.compile(r"(?:(?:the|a|an|all|new|list of|collection of)\s+)+", re.IGNORECASE)
_ABOUT = re.compile(r".*\b(?:about|describing|representing)\s+", re.IGNORECASE)
_END = re.compile(r"\s+(?:of|by|for|in|on|to|from|with|that|which|as|at|per)\b.*|[.,;:(].*", re.IGNORECASE | re.DOTALL)


def body_name(contract: Contract, operation: Operation, explicit: str | None = None) -> str:
    """The name of an operation's body, as its action's parameter."""
    settled = explicit or operation.request.parameter.value or _recorded(contract, operation)
    if settled:
        return settled
    ref = operation.request.type.value
    if ref is None:
        return UNKNOWN
    named = _of_type(ref)
    return named or _of_words(operation.request.description.value) or _of_items(ref) or UNKNOWN


def _recorded(contract: Contract, operation: Operation) -> str | None:
    pages = {evidence.page for evidence in operation.path.evidence}
    return next((_RECORDED[p.sha256] for p in contract.pages if p.name in pages and p.sha256 in _RECORDED), None)


# GUESS: the last word of the class, as most controllers are written.
def _of_type(ref: TypeRef) -> str:
    if ref.kind != "model":
        return ""
    words: list[str] = _HUMPS.findall(_CLASS.sub("", ref.name) or ref.name)
    return words[-1].lower() if words else ""


# GUESS: the thing that the body's line names: "Information about the order sheet." is a sheet.
def _of_words(line: str) -> str:
    thing = _END.sub("", _ARTICLE.sub("", _ABOUT.sub("", line.strip()), count=1)).split()
    return thing[-1].lower() if thing and thing[-1].isidentifier() else ""


def _of_items(ref: TypeRef) -> str:
    named = _of_type(ref.item) if ref.item is not None else ""
    return f"{named}s" if named else ""
