"""System.TimeSpan: ticks, its constant text form and XSD's duration.

    [-][d.]hh:mm[:ss[.fffffff]], days alone, …        [-]PnDTnHnMn.nS

The rule: a value is its number of ticks, nothing else. No wire format's habits may live here.
Source: System.TimeSpan.Parse (System.Globalization TimeSpanParse) and ToString("c"), System.Xml XsdDuration.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from mockserver.webapi.blanks import WHITE
from mockserver.webapi.dates import DAY, SECOND
from mockserver.webapi.numbers import TooLargeError

_DURATION = re.compile(
    r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?)?\Z", re.ASCII
)
_LIMIT = 2**63


def _signed(sign: str | None, ticks: int) -> int:
    value = -ticks if sign else ticks
    if not -_LIMIT <= value < _LIMIT:
        raise TooLargeError("out of TimeSpan's range")
    return value


# TimeSpanParse.TryParseTimeSpan: numbers by what stands between them (d days, h, m, s, f fraction), the invariant
# shapes before those of the culture, whose days end in a colon: so "24:00:00" is twenty-four days.
_SHAPES: Mapping[tuple[str, ...], tuple[str, ...]] = {
    (): ("d",),
    (":",): ("hm",),
    (":", ":"): ("hms", "dhm"),
    (".", ":"): ("dhm",),
    (":", ":."): ("hmf",),
    (":", ":", "."): ("hmsf",),
    (":", ":", ":"): ("dhms",),
    (".", ":", ":"): ("dhms",),
    (".", ":", ":."): ("dhmf",),
    (":", ":", ":."): ("dhmf",),
    (".", ":", ":", "."): ("dhmsf",),
    (":", ":", ":", "."): ("dhmsf",),
}
_MOST = {"d": 10_675_199, "h": 23, "m": 59, "s": 59, "f": 9_999_999}
_PLACES = 7
_LONGEST = 10


def read(text: str) -> int:
    """The ticks of the text form; ValueError when it is none, TooLargeError when it is one and out of range."""
    text = text.strip(WHITE)
    negative = text[:1] == "-"
    parts = re.split("([0-9]+)", text[negative:])
    numbers = parts[1::2]
    shapes = _SHAPES.get(tuple(parts[2:-1:2])) if parts[0] == parts[-1] == "" and numbers else None
    # TimeSpanTokenizer stops at a number that leaves 31 bits, before any shape is looked for.
    if any(_overflows(digits.lstrip("0")) for digits in numbers[:5]):
        raise TooLargeError(text)
    if shapes is None:
        raise ValueError(text)
    for shape in shapes:
        fields = dict(zip(shape, numbers, strict=True))
        if all(_fits(kind, digits) for kind, digits in fields.items()):
            return _signed("-" if negative else None, _ticks(fields))
    raise TooLargeError(text)


def _overflows(digits: str) -> bool:
    return len(digits) > _LONGEST or int(digits or 0) >> 31 > 0 or int(digits[:-1] or 0) >> 28 > 0


# TimeSpanToken.IsInvalidNumber: only a fraction is bound to a number of places, by its leading zeros.
def _fits(kind: str, digits: str) -> bool:
    plain = digits.lstrip("0")
    if len(plain) > len(str(_MOST[kind])) or int(digits) > _MOST[kind]:
        return False
    zeros = len(digits) - len(plain)
    if kind != "f" or not zeros:
        return True
    return zeros <= _PLACES and (not plain or int(plain) < _MOST["f"] // 10 ** (zeros - 1))


# TryTimeToTicks: the digits after the zeros are moved up until they are large enough for their place.
def _fraction(digits: str) -> int:
    plain = digits.lstrip("0")
    found = int(plain or 0)
    least = SECOND // 10 // 10 ** (len(digits) - len(plain))
    while 0 < found < least:
        found *= 10
    return found


def _ticks(fields: Mapping[str, str]) -> int:
    days, hours, minutes, seconds = (int(fields.get(kind, "0")) for kind in "dhms")
    return days * DAY + (hours * 3600 + minutes * 60 + seconds) * SECOND + _fraction(fields.get("f", ""))


def write(ticks: int) -> str:
    """The constant form."""
    days, rest = divmod(abs(ticks), DAY)
    seconds, fraction = divmod(rest, SECOND)
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return ("-" if ticks < 0 else "") + (f"{days}." if days else "") + text + (f".{fraction:07}" if fraction else "")


def read_duration(text: str) -> int:
    """The ticks of an xs:duration, a year as 365 days and a month as 30; ValueError when it is none."""
    match = _DURATION.match(text.strip(WHITE))
    if match is None or not any(match.groups()[1:]):
        raise ValueError(text)
    years, months, days, hours, minutes, seconds = (int(match[i] or 0) for i in range(2, 8))
    clock = (hours * 3600 + minutes * 60 + seconds) * SECOND + int((match[8] or "")[:7].ljust(7, "0"))
    return _signed(match[1], (years * 365 + months * 30 + days) * DAY + clock)


def write_duration(ticks: int) -> str:
    """The xs:duration, smallest parts left out."""
    days, rest = divmod(abs(ticks), DAY)
    seconds, fraction = divmod(rest, SECOND)
    parts = [(seconds // 3600, "H"), (seconds // 60 % 60, "M")]
    clock = "".join(f"{value}{unit}" for value, unit in parts if value)
    second = f"{seconds % 60}" + (f".{fraction:07}".rstrip("0") if fraction else "")
    clock += f"{second}S" if second != "0" else ""
    body = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-" if ticks < 0 else "") + "P" + (body or "T0S")
