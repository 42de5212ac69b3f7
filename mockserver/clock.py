"""The portal's clock: the real time, one moment for ever, or the real time moved.

    real                   as this machine has it
    2030-01-07T09:00:00    always this moment; without "Z" or an offset it is a clock time of the portal's zone
    +1d12h30m5s, -2h       the real time and so much more or less

The rule: whatever the portal stamps, or takes for "today" when a client leaves the date open, is asked here. The reader
of dates is given nothing but a zone, so a clock that is not real rides on it: `Timed` is the zone with the clock.
What took how long, and when a request arrived, is measured by the real clock and may not be asked here.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from contracts.errors import UsageError

REAL = "real"
_MOVED = re.compile(
    r"(?P<sign>[+-])(?=\d)(?:(?P<d>\d{1,6})d)?(?:(?P<h>\d{1,6})h)?(?:(?P<m>\d{1,6})m)?(?:(?P<s>\d{1,9})s)?"
)


@dataclass(frozen=True)
class Clock:
    """What time it is: `fixed` in seconds since 1970 (None: time goes on), `moved` by so many seconds."""

    fixed: float | None = None
    moved: float = 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self.moved if self.fixed is None else self.fixed

    @property
    def real(self) -> bool:
        return self.fixed is None and not self.moved


def read(text: str, zone: tzinfo = UTC) -> Clock:
    """The clock that a text of the table above names; UsageError for any other."""
    if text == REAL:
        return Clock()
    moved = _MOVED.fullmatch(text)
    try:
        if moved:
            days, hours, minutes, seconds = (int(moved[unit] or 0) for unit in "dhms")
            span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds).total_seconds()
            clock = Clock(moved=-span if moved["sign"] == "-" else span)
        else:
            moment = datetime.fromisoformat(text)
            clock = Clock(fixed=(moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp())
        datetime.fromtimestamp(clock.now(), zone)  # a moment that no calendar shows is refused now, not at a request
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            f"unknown clock {text!r}\n"
            f"    what to do: {REAL}, a moment as 2030-01-07T09:00:00Z, or so much more or less as +1d12h or -90m"
        ) from None
    return clock


class Timed(tzinfo):
    """A zone that bears the portal's clock."""

    def __init__(self, zone: tzinfo, clock: Clock):
        self._zone, self._clock = zone, clock

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Timed) and (self._zone, self._clock) == (other._zone, other._clock)

    def __hash__(self) -> int:
        return hash((self._zone, self._clock))

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        return None if moment is None else self._zone.utcoffset(moment.replace(tzinfo=self._zone))

    def dst(self, moment: datetime | None) -> timedelta | None:
        return None if moment is None else self._zone.dst(moment.replace(tzinfo=self._zone))

    def tzname(self, moment: datetime | None) -> str | None:
        return None if moment is None else self._zone.tzname(moment.replace(tzinfo=self._zone))

    def fromutc(self, moment: datetime) -> datetime:
        return self._zone.fromutc(moment.replace(tzinfo=self._zone)).replace(tzinfo=self)

    def __str__(self) -> str:
        return str(self._zone)

    def today(self) -> date:
        """The day that it is in this zone, by this clock."""
        return datetime.fromtimestamp(self._clock.now(), self._zone).date()


def today(zone: tzinfo) -> date:
    """The day that it is in a zone, by the clock that it bears, else by the real one."""
    return zone.today() if isinstance(zone, Timed) else datetime.now(zone).date()
