"""System.TimeSpan: ticks, its constant text form and XSD's duration.

    [-][d.]hh:mm[:ss[.fffffff]] or days alone        [-]PnDTnHnMn.nS

The rule: a value is its number of ticks, nothing else. No wire format's habits may live here.
Source: System.TimeSpan.Parse and ToString("c"), System.Xml XsdDuration.
"""

from __future__ import annotations

import re

from mockserver.webapi.blanks import WHITE
from mockserver.webapi.dates import DAY, SECOND

_TEXT = re.compile(r"(-)?(?:(\d{1,8})\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?\Z", re.ASCII)
_DAYS = re.compile(r"(-)?(\d{1,8})\Z", re.ASCII)
_DURATION = re.compile(
    r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?)?\Z", re.ASCII
)
_LIMIT = 2**63


def _signed(sign: str | None, ticks: int) -> int:
    value = -ticks if sign else ticks
    if not -_LIMIT <= value < _LIMIT:
        raise ValueError("out of TimeSpan's range")
    return value


def read(text: str) -> int:
    """The ticks of the text form; ValueError when it is none."""
    text = text.strip(WHITE)
    whole = _DAYS.match(text)
    if whole:
        return _signed(whole[1], int(whole[2]) * DAY)
    match = _TEXT.match(text)
    if match is None:
        raise ValueError(text)
    hours, minutes, seconds = int(match[3]), int(match[4]), int(match[5] or 0)
    if hours > 23 or minutes > 59 or seconds > 59:
        raise ValueError(text)
    clock = (hours * 3600 + minutes * 60 + seconds) * SECOND + int((match[6] or "").ljust(7, "0"))
    return _signed(match[1], int(match[2] or 0) * DAY + clock)


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
