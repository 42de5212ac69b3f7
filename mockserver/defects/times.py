"""Defects of times: what becomes of a date and time on its way to the database and back.

The rule: a time without a value (all zeros) is left alone. Ticks are 100 ns, as in .NET.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from mockserver.defects.layers import Call, FailedError, Layer, controller, reading, wire_of, with_body
from mockserver.defects.table import Defect, family
from mockserver.webapi import Request
from mockserver.webapi.dates import DAY, MINUTE, SECOND, DateTime
from mockserver.webapi.shapes import Record

_HOUR = 60 * MINUTE


def _stored(change: Callable[[DateTime], DateTime], when: Callable[[Call], bool] = lambda call: True) -> Layer:
    """Every time that has a value goes through a change."""

    def control(call: Call, record: Record) -> Record:
        times = {name: record[name] for name in call.roles.dates}
        told = {n: v for n, v in times.items() if isinstance(v, DateTime) and v.ticks > 400 * DAY}
        return call.act({**record, **{n: change(v) for n, v in told.items()}} if when(call) else record)

    return controller(lambda: control)


def _moved(ticks: int, *kinds: str) -> Callable[[DateTime], DateTime]:
    return lambda time: replace(time, ticks=time.ticks + ticks) if time.kind in kinds else time


def _cut(unit: int) -> Callable[[DateTime], DateTime]:
    return lambda time: replace(time, ticks=time.ticks - time.ticks % unit)


# SQL Server's datetime counts 300ths of a second and shows .000, .003 or .007.
def _datetime(time: DateTime) -> DateTime:
    second, fraction = divmod(time.ticks, SECOND)
    thirds = round(fraction * 300 / SECOND)
    milliseconds = (thirds * 10 + 1) // 3
    return replace(time, ticks=second * SECOND + milliseconds * 10_000)


def _summer(time: DateTime) -> DateTime:
    """An hour is added to every time from April to October, though it is in UTC already."""
    return replace(time, ticks=time.ticks + _HOUR) if re.match(r"\d{4}-(0[4-9]|10)", _iso(time)) else time


def _iso(time: DateTime) -> str:
    import datetime

    return datetime.date.fromordinal(time.ticks // DAY + 1).isoformat()


# A day up to the twelfth is taken for the month where the culture writes the day first.
def _day_for_month(time: DateTime) -> DateTime:
    import datetime

    day = datetime.date.fromordinal(time.ticks // DAY + 1)
    if day.day > 12:
        return time
    return replace(time, ticks=(day.replace(month=day.day, day=day.month).toordinal() - 1) * DAY + time.ticks % DAY)


def _no_leap_days(time: DateTime) -> DateTime:
    if _iso(time).endswith("-02-29"):
        raise FailedError
    return time


def _swapped(call: Call, record: Record) -> Record:
    first, last = call.roles.dates[:1], call.roles.dates[1:][-1:]
    if first and last:
        record = {**record, first[0]: record[last[0]], last[0]: record[first[0]]}
    return call.act(record)


def _without_offset(request: Request) -> Request:
    """The offset is cut off the text before it is parsed."""
    pattern = rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)[+-]\d\d:\d\d(?=[\"<])"
    return with_body(request, lambda body: re.sub(pattern, rb"\1", body))


_INSTANT, _FRACTION = "dates.instant", "dates.fraction"

TIMES: tuple[Defect, ...] = family(
    "times",
    ("times-to-3-ms", "Times are kept as datetime: to .000, .003 or .007.", _FRACTION, _stored(_datetime)),
    ("times-to-milliseconds", "Times are cut to milliseconds.", _FRACTION, _stored(_cut(10_000))),
    ("times-to-microseconds", "Times are cut to microseconds.", _FRACTION, _stored(_cut(10))),
    ("times-to-seconds", "Times are cut to seconds.", _FRACTION, _stored(_cut(SECOND))),
    ("times-to-minutes", "Times are kept as smalldatetime, to the minute.", _INSTANT, _stored(_cut(MINUTE))),
    ("times-to-days", "Times are kept as date.", _INSTANT, _stored(_cut(DAY))),
    (
        "utc-moved",
        "Times in UTC are moved by two hours, and still called UTC.",
        _INSTANT,
        _stored(_moved(2 * _HOUR, "utc")),
    ),
    ("offset-moved", "Times with an offset are moved by an hour.", _INSTANT, _stored(_moved(_HOUR, "local"))),
    ("offset-dropped", "An offset is cut off, the wall clock is kept.", "dates.offset", reading(_without_offset)),
    (
        "zoneless-moved",
        "Times without a zone are moved by two hours.",
        "dates.wall-clock",
        _stored(_moved(2 * _HOUR, "unspecified")),
    ),
    ("summer-time-twice", "Summer time is added to times in UTC.", _INSTANT, _stored(_summer)),
    ("day-for-month", "Day and month are confused up to the twelfth.", _INSTANT, _stored(_day_for_month)),
    ("no-leap-days", "The 29th of February fails (500).", _INSTANT, _stored(_no_leap_days)),
    ("times-swapped", "Two times are the wrong way round.", _INSTANT, controller(lambda: _swapped)),
    (
        "times-in-xml-moved",
        "Times in XML are moved by five hours.",
        "meaning.xml",
        _stored(_moved(-5 * _HOUR, "utc", "local", "unspecified"), lambda call: wire_of(call.request) == "xml"),
    ),
    (
        "times-in-forms-moved",
        "Times in a form are moved by an hour.",
        "meaning.form",
        _stored(_moved(_HOUR, "utc", "local", "unspecified"), lambda call: wire_of(call.request) == "form"),
    ),
)
