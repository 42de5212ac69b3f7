"""What became of a value between its text on the wire and the record: the reasons for which it is not the same.

    type, text sent, value kept, server's zone  →  reasons (rows of `losses.REASONS`), none when nothing is lost

The rule: a spelling that says the same is no loss (1b657c92… and {1B657C92…}, 1.50 and 1.5, Z and +00:00); a digit, an
hour or an offset that is gone is one. Values are judged by what the text says, read here on its own and not by the
readers. Which member it was and who tells it may not live here.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from contracts.scalars import SCALARS
from mockserver.webapi import dates, time_spans
from mockserver.webapi.blanks import WHITE
from mockserver.webapi.dates import DAY, MINUTE, DateError, DateTime, DateTimeOffset
from mockserver.webapi.numbers import general

Reasons = tuple[str, ...]
_NONE: Reasons = ()

_OFFSET = r"(?:(?P<utc>[Zz]|GMT)|(?P<sign>[+-])(?P<hours>\d\d?)(?::?(?P<minutes>\d\d))?)?"
_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:(?:T|[ ]+)(\d\d):(\d\d)(?::(\d\d)(?:\.(?P<fraction>\d+))?)?)?[ ]*" + _OFFSET + r"\Z",
    re.ASCII,
)
_MICROSOFT = re.compile(r"/Date\(-?\d+(?:(?P<sign>[+-])(?P<hours>\d\d)(?P<minutes>\d\d)?)?\)/\Z", re.ASCII)
_LAST_OFFSET = re.compile(r"(?<=[\d\sMm])\s*" + _OFFSET + r"\Z", re.ASCII)
_FRACTION = re.compile(r":\d\d?\.(\d+)", re.ASCII)
_MONTH = re.compile(r"(?i)\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)")
_YEAR_LAST = re.compile(r"\D*?(\d\d?)[-/. ](\d\d?)[-/. ]\d{4}(?!\d)", re.ASCII)
_YEAR_FIRST = re.compile(r"\D*?\d{4}[-/. ]\d\d?[-/. ]\d\d?(?!\d)", re.ASCII)
_DIGITS = 7


def reasons(clr: str, sent: str, kept: Any, zone: datetime.tzinfo) -> Reasons:
    """Why the value kept is not the one sent; `sent` is text as .NET is given it, without quotes and escapes."""
    judge = _JUDGES.get(clr)
    return _NONE if judge is None or kept is None else judge(sent.strip(WHITE), kept, zone)


def written(clr: str, kept: Any, zone: datetime.tzinfo) -> str:
    """The value kept, as people and the portal's answers spell it."""
    if kept is None or isinstance(kept, bool):
        return "null" if kept is None else str(kept).lower()
    if isinstance(kept, DateTime):
        return dates.write(kept, zone)
    if isinstance(kept, DateTimeOffset):
        return dates.write_offset(kept)
    if clr == "TimeSpan":
        return time_spans.write(kept)
    return _number_text(kept) if isinstance(kept, float | Decimal) else str(kept)


def same(text: str, kept: DateTime, zone: datetime.tzinfo) -> bool:
    """Whether the usual spellings say at a glance that nothing is lost; False leaves it to `reasons`."""
    length = len(text)
    if length < 19 or text[10] != "T":
        return False
    after = text[19:20]
    if kept.kind == "unspecified":
        return length <= 27 and after in ("", ".") and text.count(":") == 2
    if kept.kind == "utc":
        return length <= 28 and after in ("Z", ".")
    return zone is datetime.UTC and length <= 33 and after in ("+", ".") and text.endswith("+00:00")


def _date_time(sent: str, kept: DateTime, zone: datetime.tzinfo) -> Reasons:
    if same(sent, kept, zone):
        return _NONE
    if kept.kind == "unspecified":
        return _clock(sent, kept.ticks, None)
    offset = 0 if kept.kind == "utc" else dates.offset_at(kept.ticks, zone, universal=False)
    return _clock(sent, kept.ticks, offset)


def _date_time_offset(sent: str, kept: DateTimeOffset, _zone: datetime.tzinfo) -> Reasons:
    return _clock(sent, kept.ticks, kept.minutes * MINUTE)


def _clock(sent: str, ticks: int, offset: int | None) -> Reasons:
    """What differs between a text and the clock time and offset kept (all in ticks)."""
    iso = _ISO.match(sent)
    if iso is None:
        return _other(sent, ticks, offset)
    found = _precision(iso["fraction"] or "")
    try:
        clock = dates.ticks_of(*(int(iso[at] or 0) for at in range(1, 7)))
    except DateError:  # 24:00 and its like: read as the framework does
        return ("time.guessed",)
    clock += int((iso["fraction"] or "")[:_DIGITS].ljust(_DIGITS, "0"))
    said = _said_offset(iso)
    if said is None or offset is None:
        return found if abs(clock - ticks) <= 1 else (*found, "time.guessed")
    if abs((clock - said) - (ticks - offset)) > 1:
        return (*found, "time.clamped")
    return found if said == offset else (*found, "time.zone-moved")


def _precision(fraction: str) -> Reasons:
    return ("time.precision",) if len(fraction.rstrip("0")) > _DIGITS else _NONE


def _said_offset(match: re.Match[str]) -> int | None:
    part = match.groupdict()
    if part.get("utc"):
        return 0
    if not part["sign"]:
        return None
    minutes = int(part["hours"]) * 60 + int(part["minutes"] or 0)
    return (-minutes if part["sign"] == "-" else minutes) * MINUTE


def _other(sent: str, ticks: int, offset: int | None) -> Reasons:
    """Texts that are not ISO: Microsoft's, and all that DateTime.Parse and XSD take besides."""
    sent = " ".join(sent.split())  # so that no pattern below can try a long run of blanks again and again
    microsoft = _MICROSOFT.match(sent)
    if microsoft is not None:
        said = _said_offset(microsoft)
        return _NONE if said is None or said == offset else ("time.zone-moved",)
    fraction = _FRACTION.search(sent)
    found = _precision(fraction[1] if fraction else "")
    if not _complete(sent, ticks):
        found = (*found, "time.guessed")
    last = _LAST_OFFSET.search(sent) if offset is not None and ":" in sent else None
    said = _said_offset(last) if last is not None else None
    return found if said is None or said == offset else (*found, "time.zone-moved")


def _complete(sent: str, ticks: int) -> bool:
    """Whether year, month and day all stand in the text, and in one order only."""
    date = datetime.date.fromordinal(ticks // DAY + 1)
    if f"{date.year:04}" not in sent or re.match(r"\d{4}-\d\d-\d\dT", sent):
        return False
    if _MONTH.search(sent):
        return re.search(rf"(?<!\d)0?{date.day}(?!\d)", sent) is not None
    numbers = _YEAR_LAST.match(sent)
    if numbers is not None:
        return numbers[1].lstrip("0") == numbers[2].lstrip("0") or int(numbers[2]) > 12
    return _YEAR_FIRST.match(sent) is not None


def _time_span(sent: str, kept: int, _zone: datetime.tzinfo) -> Reasons:
    """A duration's years and months are counted as days; a fraction of a second has seven digits."""
    fraction = re.search(r"\.(\d+)S?\Z", sent)
    found = _precision(fraction[1] if fraction else "")
    return (*found, "time.guessed") if re.match(r"-?P[^T]*[YM]", sent) else found


def _number_text(kept: Any) -> str:
    return general(kept, 15, 17) if isinstance(kept, float) else f"{kept:f}" if isinstance(kept, Decimal) else str(kept)


_HEX = re.compile(r"([+-]?)(?:0[xX]|#|&[hH])0*([0-9a-fA-F]{1,40})\Z", re.ASCII)
#: Commas between thousands; anywhere else whoever sent one may have meant a decimal point.
_GROUPS = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:[.eE]|\Z)", re.ASCII)
_DECIMAL = re.compile(r"[+-]?[0-9.,]+(?:[eE][+-]?[0-9]{1,9})?\Z", re.ASCII)


def _exact(sent: str) -> Decimal | None:
    """The number that the text says, None when it says none (a word, a name)."""
    hexadecimal = _HEX.match(sent)
    if hexadecimal is not None:
        return Decimal(int(hexadecimal[1] + hexadecimal[2], 16))
    try:
        return Decimal(sent.replace(",", "")) if _DECIMAL.match(sent) else None
    except InvalidOperation:
        return None


def _number(sent: str, kept: Any, _zone: datetime.tzinfo) -> Reasons:
    return _unlike(sent, _number_text(kept))


def _single(sent: str, kept: float, _zone: datetime.tzinfo) -> Reasons:
    return _unlike(sent, general(kept, 7, 9))


def _unlike(sent: str, kept: str) -> Reasons:
    """Whether another number is kept than the text says; NaN and Infinity are like none."""
    exact = _exact(sent)
    if exact is None or (Decimal(kept) == exact and ("," not in sent or _GROUPS.match(sent))):
        return _NONE
    return ("number.changed",)


def _boolean(sent: str, kept: bool, _zone: datetime.tzinfo) -> Reasons:
    exact = _exact(sent)
    return _NONE if exact is None or exact == int(kept) else ("number.changed",)


def _enum(sent: str, kept: Any, zone: datetime.tzinfo) -> Reasons:
    return ("enum.combined",) if "," in sent else _number(sent, kept, zone)


_JUDGES: Mapping[str, Callable[[str, Any, datetime.tzinfo], Reasons]] = {
    **{clr: _number for clr, row in SCALARS.items() if row.json["type"] in ("integer", "number")},
    "Single": _single,
    "Boolean": _boolean,
    "DateTime": _date_time,
    "DateTimeOffset": _date_time_offset,
    "TimeSpan": _time_span,
    "Enum": _enum,
}
