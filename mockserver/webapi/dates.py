"""The framework's date and time values: .NET ticks with a kind, and the ISO forms Json.NET reads and everything writes.

    DateTime         100 ns ticks since 0001-01-01, kind unspecified | utc | local
    DateTimeOffset   the same with the offset from UTC in minutes

The rule: a value keeps exactly what .NET would keep, seven digits of a second and the kind, no more. The liberal forms
(`liberal_dates`) and XSD's (`xsd_dates`) may not live here.
Source: J Src/Newtonsoft.Json/Utilities/DateTimeUtils.cs, DateTimeParser.cs; System.DateTime.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from mockserver.webapi.numbers import wrapped

Kind = Literal["unspecified", "utc", "local"]

SECOND = 10_000_000
MINUTE = 60 * SECOND
DAY = 24 * 60 * MINUTE
#: DateTime.MaxValue.Ticks
MAX = 3_652_059 * DAY - 1
#: How many times are remembered as texts, and as what texts mean: a portal sees the same ones over and over.
_OFTEN = 4096
_EPOCH = datetime.date(1970, 1, 1).toordinal() - 1


class DateError(ValueError):
    """The text or number is no date that .NET takes."""


@dataclass(frozen=True, slots=True)
class DateTime:
    """A System.DateTime: ticks and kind."""

    ticks: int = 0
    kind: Kind = "unspecified"


@dataclass(frozen=True, slots=True)
class DateTimeOffset:
    """A System.DateTimeOffset: ticks of the clock time and the offset in minutes."""

    ticks: int = 0
    minutes: int = 0


def ticks_of(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> int:
    """The ticks of a calendar time; DateError when there is no such day or time."""
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        raise DateError("no such time of day")
    try:
        days = datetime.date(year, month, day).toordinal() - 1
    except ValueError as error:
        raise DateError(str(error)) from error
    return days * DAY + (hour * 3600 + minute * 60 + second) * SECOND


def offset_at(ticks: int, zone: datetime.tzinfo, *, universal: bool) -> int:
    """The zone's offset in ticks at a UTC time (`universal`) or at a local one."""
    if zone is datetime.UTC:
        return 0
    moment = datetime.datetime.min + datetime.timedelta(microseconds=min(max(ticks, DAY), MAX - DAY) // 10)
    if universal:
        offset = moment.replace(tzinfo=datetime.UTC).astimezone(zone).utcoffset()
    else:
        offset = moment.replace(tzinfo=zone).utcoffset()
    return 0 if offset is None else round(offset.total_seconds()) * SECOND


# TimeZoneInfo.ConvertTime: what leaves the range of DateTime is clamped to its ends.
def to_local(ticks: int, zone: datetime.tzinfo) -> DateTime:
    """The local time of a UTC time."""
    return DateTime(min(max(ticks + offset_at(ticks, zone, universal=True), 0), MAX), "local")


def _offset_text(offset: int) -> str:
    minutes = abs(offset) // MINUTE
    return f"{'-' if offset < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"


@lru_cache(maxsize=_OFTEN)
def _clock_text(ticks: int) -> str:
    day, rest = divmod(ticks, DAY)
    seconds, fraction = divmod(rest, SECOND)
    date = datetime.date.fromordinal(day + 1)
    text = f"{date.isoformat()}T{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return text + f".{fraction:07}".rstrip("0") if fraction else text


# DateTimeUtils.WriteDateTimeString and XmlConvert.ToString(value, RoundtripKind) write alike.
def write(value: DateTime, zone: datetime.tzinfo) -> str:
    """The round-trip form: no suffix, `Z`, or the zone's offset, by kind."""
    text = _clock_text(value.ticks)
    if value.kind == "unspecified":
        return text
    if value.kind == "utc":
        return text + "Z"
    return text + _offset_text(offset_at(value.ticks, zone, universal=False))


def write_offset(value: DateTimeOffset) -> str:
    """The round-trip form of a DateTimeOffset."""
    return _clock_text(value.ticks) + _offset_text(value.minutes * MINUTE)


# DateTimeParser.Parse: exactly these shapes; up to seven digits of a fraction are taken and none is given back, and
# what follows may pass as the minutes of an offset whose sign and hours are missing (ParseZone), be it a colon alone.
_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,7}+))?(?:(?P<utc>[Zz])|(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>\d\d)?"
    r"|(?P<lost>:(?:\d\d)?|\d\d))?\Z",
    re.ASCII,
)


@lru_cache(maxsize=_OFTEN)
def _iso(text: str) -> tuple[int, re.Match[str]] | None:
    match = _ISO.match(text)
    if match is None:
        return None
    try:
        ticks = ticks_of(*map(int, match.group(1, 2, 3, 4, 5, 6)))
    except DateError:
        return None
    return ticks + int((match[7] or "").ljust(7, "0")), match


def _iso_offset(match: re.Match[str]) -> int:
    """The offset of an ISO text in ticks; its minutes may be any two digits."""
    minutes = int(match["hours"]) * 60 + int(match["minutes"] or 0)
    return (-minutes if match["sign"] == "-" else minutes) * MINUTE


def _iso_moment(text: str, zone: datetime.tzinfo) -> DateTime | None:
    """TryParseDateIso: `Z` stays UTC, an offset becomes local time, what leaves the range is clamped."""
    read = _iso(text)
    if read is None:
        return None
    ticks, match = read
    if match["utc"]:
        return DateTime(ticks, "utc")
    if match["sign"]:
        universal = ticks - _iso_offset(match)
        if 0 <= universal <= MAX:
            return to_local(universal, zone)
        return DateTime(min(max(universal + offset_at(ticks, zone, universal=False), 0), MAX), "local")
    return DateTime(ticks)


# Zeros may lead as many digits as one likes; of the others no more than 19 fit into 64 bits.
_LONG = re.compile(r"[\t-\r ]*([+-]?)0*([0-9]{1,19})[\t-\r ]*\x00*\Z")


def _microsoft(text: str) -> tuple[int, int | None] | None:
    """TryParseDateMicrosoft: UTC ticks and the offset in minutes, None when the number is none; DateError when it is
    out of range."""
    inner = text[6:-2]
    cut = inner.find("+", 1)
    if cut == -1:
        cut = inner.find("-", 1)
    minutes: int | None = None
    if cut != -1:
        tail, inner = inner[cut:], inner[:cut]
        try:
            minutes = int(tail[1:3]) * 60 + (int(tail[3:5]) if len(tail) >= 5 else 0)
        except ValueError as error:
            raise DateError(f"the offset {tail}") from error
        if len(tail) < 3:
            raise DateError(f"the offset {tail}")
        minutes = -minutes if tail[0] == "-" else minutes
    number = _LONG.match(inner)
    if number is None or not -(2**63) <= (value := int(number[1] + number[2])) < 2**63:
        return None
    ticks = wrapped(value * 10_000 + _EPOCH * DAY, 64)
    if not 0 <= ticks <= MAX:
        raise DateError("out of DateTime's range")
    return ticks, minutes


def is_microsoft(text: str) -> bool:
    return text.startswith("/Date(") and text.endswith(")/") and len(text) >= 8


# DateTimeUtils.TryParseDateTime: the first character and the length decide which form is tried at all.
def read_json(text: str, zone: datetime.tzinfo) -> DateTime | None:
    """The date that Json.NET sees in a string of its own accord, None when it sees none; DateError when it fails."""
    if text[:1] == "/":
        if not is_microsoft(text):
            return None
        read = _microsoft(text)
        if read is None:
            return None
        ticks, minutes = read
        return DateTime(ticks, "utc") if minutes is None else to_local(ticks, zone)
    if 19 <= len(text) <= 40 and text[10] == "T":
        return _iso_moment(text, zone)
    return None


def read_json_offset(text: str, zone: datetime.tzinfo) -> DateTimeOffset | None:
    """The same for DateTimeOffset: an offset is kept, without one the zone's counts; DateError when it is too large."""
    if text[:1] == "/":
        found = _microsoft(text) if is_microsoft(text) else None
        if found is None:
            return None
        return DateTimeOffset(found[0] + (found[1] or 0) * MINUTE, found[1] or 0)
    if not (19 <= len(text) <= 40 and text[10] == "T"):
        return None
    read = _iso(text)
    if read is None:
        return None
    ticks, match = read
    if match["utc"]:
        return DateTimeOffset(ticks, 0)
    offset = _iso_offset(match) if match["sign"] else offset_at(ticks, zone, universal=False)
    if not 0 <= ticks - offset <= MAX:  # TryParseDateIso sees no date then
        return None
    if abs(offset) > 14 * 60 * MINUTE:  # DateTimeOffset's constructor
        raise DateError("the offset")
    return DateTimeOffset(ticks, offset // MINUTE)
