"""Guids as System.Guid reads them: five forms, blanks around them, and the odd characters its number parser lets pass.

    N  32 digits    D  8-4-4-4-12    B  {D}    P  (D)    X  {0x8,0x4,0x4,{0x2,...}}

The rule: every wire format reads a guid by this one parser, and all write form D in lower case. Nothing about a wire
format may live here.
Source: System.Guid.TryParseGuid (mscorlib; on Mono 6.8 the class shared with .NET Core).
"""

from __future__ import annotations

import re
import uuid

from mockserver.webapi.blanks import WHITE

EMPTY = "00000000-0000-0000-0000-000000000000"

_D = re.compile(r"([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})\Z", re.IGNORECASE)
_N = re.compile(r"[0-9a-f]{32}\Z", re.IGNORECASE)
# TryParseExactD's compatibility rule: a group may start with "+" or "0x", which count as digits of it.
_GROUP = r"(?:\+?0x|\+)?[0-9a-f]+"
_LOOSE = re.compile(rf"{_GROUP}(?:-{_GROUP}){{4}}\Z", re.IGNORECASE)
_HEX = re.compile(r"0x([0-9a-f]+)\Z", re.IGNORECASE)
_X = re.compile(r"\{([^,{}]*),([^,{}]*),([^,{}]*),\{((?:[^,{}]*,){7}[^,{}]*)\}\}\Z")
_NO_BLANKS = dict.fromkeys(map(ord, WHITE))
_SIZES = (8, 4, 4, 4, 12)


class GuidError(ValueError):
    """The text is no guid in any form."""


def _digits(group: str) -> str:
    """The value of a loose group as digits of its own length."""
    text = group.lstrip("+")
    if text[:2] in ("0x", "0X"):
        text = text[2:]
    return text.rjust(len(group), "0")


def _exact_d(text: str) -> str | None:
    if _D.match(text):
        return text.lower()
    groups = text.split("-")
    if tuple(map(len, groups)) != _SIZES or not _LOOSE.match(text):
        return None
    return "-".join(map(_digits, groups)).lower()


def _exact_x(text: str) -> str | None:
    """TryParseExactX: blanks anywhere are dropped first; each number may be shorter or have leading zeros."""
    match = _X.match(text.translate(_NO_BLANKS))
    if match is None:
        return None
    numbers = [_HEX.match(part) for part in (*match.groups()[:3], *match[4].split(","))]
    if not all(numbers):
        return None
    values = [int(number[1], 16) for number in numbers if number]
    if values[0] >> 32 or values[1] >> 16 or values[2] >> 16 or any(value >> 8 for value in values[3:]):
        return None
    return str(
        uuid.UUID(bytes=values[0].to_bytes(4) + values[1].to_bytes(2) + values[2].to_bytes(2) + bytes(values[3:]))
    )


def read(text: str) -> str:
    """The guid in form D, lower case; GuidError when the text is none.

    >>> read("{1B657C92-B04C-4123-A3DE-09388147D9F7}")
    '1b657c92-b04c-4123-a3de-09388147d9f7'
    """
    text = text.strip(WHITE)
    found: str | None
    if text[:1] == "(":
        found = _exact_d(text[1:-1]) if text[-1] == ")" and len(text) == 38 else None
    elif text[:1] == "{":
        found = _exact_d(text[1:-1]) if text[-1] == "}" and len(text) == 38 and "-" in text else _exact_x(text)
    elif "-" in text:
        found = _exact_d(text)
    else:
        found = str(uuid.UUID(text)) if _N.match(text) else None
    if found is None:
        raise GuidError(text)
    return found
