"""Dates in XML: XSD's lexical forms, by the serializer's quick way first and XmlConvert after it.

The rule: the quick way takes what has the plain shape and any offset; only what it leaves goes by XmlConvert's rules,
which differ (rounding instead of seven digits, clamping instead of an overflow). Nothing else may live here.
Source: S System/Xml/XmlConverter.cs TryParseDateTime; System.Xml XsdDateTime.cs, XmlConvert.ToDateTime(RoundtripKind).
"""

from __future__ import annotations

import datetime
import re

from mockserver import clock
from mockserver.webapi.blanks import WHITE
from mockserver.webapi.dates import DAY, MAX, MINUTE, DateError, DateTime, offset_at, ticks_of, to_local

_QUICK = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,7}))?(?:(Z)|([+-])(\d\d):(\d\d))?\Z", re.ASCII
)
_ZONE = r"(?:(?P<z>[Zz])|(?P<sign>[+-])(?P<zh>\d\d):(?P<zm>\d\d))?[" + WHITE + r"]*\Z"
_TIME = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d+))?"
# XsdDateTime.Parser.Parse with XsdDateTimeFlags.AllXsd, in its order.
_FORMS = tuple(
    re.compile(form + _ZONE, re.ASCII)
    for form in (
        r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)T" + _TIME,
        r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)",
        _TIME,
        r"(?P<year>\d{4})-(?P<month>\d\d)",
        r"(?P<year>\d{4})",
        r"--(?P<month>\d\d)-(?P<day>\d\d)",
        r"--(?P<month>\d\d)(?:--)?",
        r"---(?P<day>\d\d)",
    )
)
_LEAP_YEAR = 1904


def _quick(text: str, zone: datetime.tzinfo) -> DateTime | None:
    match = _QUICK.match(text)
    if match is None:
        return None
    try:
        ticks = ticks_of(*(int(match[i]) for i in range(1, 7))) + int((match[7] or "").ljust(7, "0"))
    except DateError:
        return None
    if match[8]:
        return DateTime(ticks, "utc")
    if not match[9]:
        return DateTime(ticks)
    shift = (int(match[10]) * 60 + int(match[11])) * MINUTE * (-1 if match[9] == "+" else 1)
    if (shift >= 0 and ticks < MAX - shift) or (shift < 0 and ticks > -shift):
        return to_local(ticks + shift, zone)
    local = to_local(ticks, zone).ticks + shift
    return DateTime(local, "local") if 0 <= local <= MAX else None


def _fraction(digits: str) -> int:
    """Seven digits, rounded half to even by what follows them."""
    kept, rest = int(digits[:7].ljust(7, "0")), digits[7:]
    if not rest or rest[0] < "5":
        return kept
    half = rest[0] == "5" and not rest[1:].strip("0")
    return kept + (kept & 1 if half else 1)


def _match(text: str) -> re.Match[str]:
    for form in _FORMS:
        match = form.match(text)
        if match is not None:
            return match
    raise DateError(text)


# XmlConvert.ToDateTime(RoundtripKind) over XsdDateTime's conversion to DateTime.
def read(text: str, zone: datetime.tzinfo) -> DateTime:
    """The date of an element's text; DateError when it has none of XSD's forms."""
    quick = _quick(text, zone)
    if quick is not None:
        return quick
    match = _match(text.strip(WHITE))
    part = match.groupdict()
    today = clock.today(zone)
    time_of_day = (int(part.get("hour") or 0), int(part.get("minute") or 0), int(part.get("second") or 0))
    day = int(part.get("day") or 1)
    year, month = int(part.get("year") or _LEAP_YEAR), int(part.get("month") or 1)
    ticks_of(year, month, day)
    if part.get("year") is None and part.get("hour"):  # a time stands for today
        year, month, day = today.year, today.month, today.day
    elif not (part.get("year") or (part.get("month") and part.get("day"))):  # a day or a month alone for this year's
        year = today.year
    ticks = ticks_of(year, month, day, *time_of_day) + _fraction(part.get("fraction") or "")
    return _zoned(ticks, part, zone)


def _zoned(ticks: int, part: dict[str, str | None], zone: datetime.tzinfo) -> DateTime:
    if ticks > MAX:
        raise DateError("too late")
    if part["z"]:
        return DateTime(ticks, "utc")
    if not part["sign"]:
        return DateTime(ticks)
    offset = (int(part["zh"] or 0) * 60 + int(part["zm"] or 0)) * MINUTE * (-1 if part["sign"] == "-" else 1)
    universal = ticks - offset
    if 0 <= universal <= MAX:
        return to_local(universal, zone)
    # Out of range in UTC: the local offset may bring it back, else it stays at the end of the range.
    return DateTime(
        min(max(universal + offset_at(min(max(universal, DAY), MAX - DAY), zone, universal=True), 0), MAX), "local"
    )
