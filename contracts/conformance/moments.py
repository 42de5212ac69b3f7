"""Dates and times as both sides write them, compared as far as they can be.

    sent        came        compared
    zone        zone        the instants
    no zone     no zone     the wall clocks
    one has it, one not     all that no zone can move: the time within a quarter of an hour, the day by ±14 hours

The rule: a portal may show a time in whatever zone it likes; what no zone explains is a difference. Ticks are 100 ns,
.NET's unit. Every zone since 1975 lies a multiple of 15 minutes from UTC, at most 14 hours (IANA tz database).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

TICKS = 10_000_000
QUARTER = 15 * 60 * TICKS
FARTHEST = 28 * 3600 * TICKS  # from one zone's edge to the other's

_FORM = re.compile(
    r"(?P<y>\d{4})-(?P<mo>\d\d)-(?P<d>\d\d)T(?P<h>\d\d):(?P<mi>\d\d):(?P<s>\d\d)(?:\.(?P<f>\d+))?(?P<z>Z|[+-]\d\d:\d\d)?"
)


@dataclass(frozen=True)
class Moment:
    """A wall clock in ticks since year 1, and its offset from UTC in minutes (None: no zone)."""

    wall: int
    offset: int | None

    @property
    def instant(self) -> int | None:
        """Ticks since year 1 in UTC; None without a zone."""
        return None if self.offset is None else self.wall - self.offset * 60 * TICKS


def parse(text: object) -> Moment | None:
    """The moment that a text in ISO 8601 tells; None when it tells none.

    >>> parse("2031-03-04T10:00:00+01:00").instant == parse("2031-03-04T09:00:00Z").instant
    True
    """
    match = _FORM.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    part = match.groupdict()
    try:
        days = date(int(part["y"]), int(part["mo"]), int(part["d"])).toordinal()
    except ValueError:
        return None
    seconds = int(part["h"]) * 3600 + int(part["mi"]) * 60 + int(part["s"])
    fraction = int(((part["f"] or "") + "0000000")[:7])
    return Moment((days * 86400 + seconds) * TICKS + fraction, _offset(part["z"]))


def _offset(zone: str | None) -> int | None:
    if zone is None:
        return None
    if zone == "Z":
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[4:6])
    return -minutes if zone[0] == "-" else minutes


def write(wall: int, zone: str = "", digits: int = 7) -> str:
    """The text of a wall clock in ticks with a zone ("", "Z", "+05:30"), with as many digits of fraction as it needs.

    >>> write(parse("2031-03-04T10:00:00.5").wall, "Z")
    '2031-03-04T10:00:00.5Z'
    """
    seconds, fraction = divmod(wall, TICKS)
    days, seconds = divmod(seconds, 86400)
    text = f"{date.fromordinal(days).isoformat()}T{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    tail = f"{fraction:07}"[:digits].rstrip("0")
    return f"{text}{'.' + tail if tail else ''}{zone}"


def difference(sent: str, came: object) -> str:
    """Why the two texts cannot tell the same time; empty when they can."""
    before, after = parse(sent), parse(came)
    if before is None:
        return ""
    if after is None:
        return "no date and time in ISO 8601"
    if before.instant is not None and after.instant is not None:
        return "" if before.instant == after.instant else "another instant"
    if before.offset is None and after.offset is None:
        return "" if before.wall == after.wall else "another wall clock"
    # One side has no zone: the zone meant is unknown, but a zone moves a time by whole quarters and not by days.
    gap = abs((before.instant or before.wall) - (after.instant or after.wall))
    return "" if gap % QUARTER == 0 and gap <= FARTHEST else "a time that no zone explains"


def same_second(sent: str, came: object) -> bool:
    """Whether two texts tell the same time when fractions of a second are left aside."""
    whole = parse(sent)
    text = re.sub(r"\.\d+", "", came) if isinstance(came, str) else came
    return whole is not None and difference(re.sub(r"\.\d+", "", sent), text) == ""


def implied_zone(sent: str, came: object) -> int | None:
    """The offset in ticks that a time without zone must have been written in, from the instant that was sent."""
    before, after = parse(sent), parse(came)
    if before is None or after is None or before.instant is None or after.offset is not None:
        return None
    return after.wall - before.instant
