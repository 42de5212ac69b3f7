"""An overlay to fill in: every open fact that a person can settle, with what is guessed and what would settle it.

The rule: as it is printed it settles nothing (each value is a comment), and taking the sign away in front of one makes
it count.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from contracts.model import Contract, Fact
from contracts.overlay.settable import BODY, MEMBER, MODEL, NAME, OPERATION, PARAMETER, Kind

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_HEAD = """# What the pages leave open. Take the "# " away in front of what you know, correct its value, and give this
# file with --overlay. The author below is the evidence of every fact in it.
author = ""
"""


def template(contract: Contract) -> str:
    """The overlay's text, ending in a line end; the same contract gives the same text."""
    parts = [_HEAD]
    for path, holder, kinds in _holders(contract):
        lines = [line for key, kind in kinds.items() if (line := _line(key, _fact(holder, key), kind))]
        if lines:
            parts.append("\n".join([f"[{'.'.join(_quoted(part) for part in path)}]", *lines, ""]))
    return "\n".join(parts)


def _holders(contract: Contract) -> Iterator[tuple[tuple[str, ...], Any, Mapping[str, Kind]]]:
    for model in contract.models.values():
        upserted = any(model is known for _, known in contract.upserts())
        # A key matters where records are stored: a model that is only nested needs none.
        kinds = MODEL if upserted or model.kind == "enum" else {k: v for k, v in MODEL.items() if k not in _STORED}
        yield ("models", model.name), model, kinds
        for prop in model.properties:
            yield ("models", model.name, "members", prop.name), prop, MEMBER
    for operation in contract.operations:
        body = {BODY: NAME} if operation.request.type.value is not None else {}
        yield ("operations", operation.id), operation, {**OPERATION, **body}
        for parameter in operation.parameters:
            yield ("operations", operation.id, "parameters", parameter.name), parameter, PARAMETER


_STORED = ("key", "portal_id")


def _fact(holder: Any, key: str) -> Fact[Any]:
    found: Fact[Any] = holder.request.parameter if key == BODY else getattr(holder, key)
    return found


def _line(key: str, fact: Fact[Any], kind: Kind) -> str:
    if key == BODY and fact.value is None:  # no page tells it, and little hangs on it: never an open fact of the page
        return '# body = ""  # what the action calls its body; to settle it: the first word of the keys of a 400 answer'
    if not fact.settle:
        return ""
    standing = "guessed" if fact.standing == "guessed" else "unknown"
    return f"# {key} = {kind.write(fact.value)}  # {standing}; to settle it: {fact.settle}"


def _quoted(part: str) -> str:
    return part if _BARE.fullmatch(part) else json.dumps(part, ensure_ascii=False)
