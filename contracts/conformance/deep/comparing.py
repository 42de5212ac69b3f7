"""The first place where what came does not mean what was sent.

    difference ──▶ Difference (Items[1].Sku, sent, came, why), None where all means the same

The rule: members, keys of a dictionary and what was not sent are looked at in no order; items of a list are. A null and
a member that is missing are the same; an instant may be told in any zone, a guid in any case. What no page tells (how
XML writes the values of an enumeration that may be renamed) is not compared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from contracts.conformance import moments
from contracts.conformance.deep.kinds import Deep, Types
from contracts.conformance.subject import DECIMALS, INTEGERS
from contracts.emit.refs import BASE64, bare
from contracts.model import TypeRef

_SPAN = re.compile(r"(-?)(?:(\d+)\.)?(\d\d):(\d\d):(\d\d)(?:\.(\d+))?")


@dataclass(frozen=True)
class Difference:
    """Where it is, what was sent and what came there (in words), and what became of it."""

    place: str
    sent: str
    came: str


def difference(types: Types, ref: TypeRef, sent: Deep, came: Deep, place: str) -> Difference | None:
    """The first place at or below `place` that differs; None where all means the same."""
    ref = bare(ref)
    if sent is None or came is None:
        same = sent is None and came is None
        return None if same else _told(place, sent, came, "" if came is None else "where null was sent")
    if types.enum(ref) is not None:
        open_ = types.contracts.shapes.may_be_renamed(types.contract.models[ref.name])
        names = {member.name for member in types.contract.models[ref.name].members}
        return None if came == sent or (open_ and came not in names) else _told(place, sent, came, "another value")
    if ref.kind == "collection":
        return _list(types, ref, sent, came, place)
    if ref.kind == "dictionary":
        return _dictionary(types, ref, sent, came, place)
    if ref.kind == "model":
        return _model(types, ref, sent, came, place)
    why = _scalar(ref, sent, came)
    return None if not why else _told(place, sent, came, why)


def _model(types: Types, ref: TypeRef, sent: Mapping[str, Deep], came: Deep, place: str) -> Difference | None:
    if not isinstance(came, dict):
        return _told(place, sent, came, "no object")
    model = types.contract.models[ref.name]
    for name, value in sent.items():
        found = difference(types, types.of(model, model[name]), value, came.get(name), f"{place}.{name}")
        if found is not None:
            return found
    return None


def _list(types: Types, ref: TypeRef, sent: Sequence[Deep], came: Deep, place: str) -> Difference | None:
    if not isinstance(came, list):
        return _told(place, sent, came, "no list")
    for number, (one, other) in enumerate(zip(sent, came, strict=False)):
        found = difference(types, ref.item or ref, one, other, f"{place}[{number}]")
        if found is not None:
            count = "" if len(sent) == len(came) else f" ({len(came)} items where {len(sent)} were sent)"
            return Difference(found.place, found.sent, found.came + count)
    if len(sent) != len(came):
        return Difference(place, f"{len(sent)} items", f"{len(came)} items")
    return None


def _dictionary(types: Types, ref: TypeRef, sent: Mapping[str, Deep], came: Deep, place: str) -> Difference | None:
    if not isinstance(came, dict):
        return _told(place, sent, came, "no dictionary")
    for key, value in sent.items():
        if key not in came and value is not None:
            keys = ", ".join(ascii(name) for name in came) or "no key"
            return Difference(f"{place}[{key!a}]", shown(value), f"only {keys}")
        found = difference(types, ref.item or ref, value, came.get(key), f"{place}[{key!a}]")
        if found is not None:
            return found
    more = [key for key in came if key not in sent]
    return Difference(f"{place}[{more[0]!a}]", "no such key", shown(came[more[0]])) if more else None


def _scalar(ref: TypeRef, sent: Deep, came: Deep) -> str:
    name = ref.name
    if ref == BASE64:
        return "" if came == sent else "other bytes" if isinstance(came, bytes) else "no base64"
    if name in INTEGERS or name in DECIMALS:
        if isinstance(came, bool) or not isinstance(came, int | Decimal | float):
            return "no number"
        return "" if Decimal(str(came)) == Decimal(str(sent)) else "another number"
    if name == "Boolean":
        return "" if came is sent else "another value"
    if name in ("DateTime", "DateTimeOffset"):
        return moments.difference(str(sent), came)
    if name == "TimeSpan":
        return "" if ticks(came) == ticks(sent) else "another span"
    if name == "Guid":
        return "" if str(sent).lower().strip("{}") == str(came).lower().strip("{}") else "another guid"
    return "" if came == sent else "another text" if isinstance(came, str) else "no text"


def ticks(text: Deep) -> int | None:
    """The ticks of a TimeSpan's text; None where it is none.

    >>> ticks("1.00:00:00") == ticks("1.00:00:00.0000000")
    True
    """
    match = _SPAN.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.group(2, 3, 4, 5))
    whole = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    count = whole * 10_000_000 + int(f"{match[6] or '0':0<7}"[:7])
    return -count if match[1] else count


def _told(place: str, sent: Deep, came: Deep, why: str) -> Difference:
    return Difference(place, shown(sent), f"{shown(came)}{f' ({why})' if why and came is not None else ''}")


def shown(value: Deep) -> str:
    """A value for people, cut where it is long."""
    if value is None:
        return "null"
    if isinstance(value, bytes):
        return f"bytes {value.hex(' ')}"
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else str(value)
    text = repr(value) if isinstance(value, str) and value.isprintable() else text
    return text if len(text) <= 120 else f"{text[:100]}…"
