"""DateTime.Parse with the invariant culture: the state machine behind "1 June 2026 9:00 PM +02:00".

    state × kind of word → next state; a state that ends a date or a time is worked off and the machine starts anew

The rule: the machine is .NET's table, not a list of formats. ISO and XSD forms (`dates`, `xsd_dates`) do not live here.
Source: System.Globalization.DateTimeParse (dateParsingStates, Lex, TryParse, ParseISO8601,
DetermineTimeZoneAdjustments), as shared with .NET Core: an offset beyond ±14:00 is refused.
"""

from __future__ import annotations

import datetime

from mockserver import clock
from mockserver.webapi.blanks import WHITE
from mockserver.webapi.date_lexer import Cursor
from mockserver.webapi.date_states import STATES, Parse, ends, finish
from mockserver.webapi.dates import DAY, MAX, MINUTE, SECOND, DateError, DateTime, DateTimeOffset, offset_at, ticks_of

_ENDS = ("End", "NumEnd", "MonthEnd")
_SEPARATED = {"end": "End", "am": "Space", "pm": "Space", "space": "Space", "date": "DateSep"}


def _zone_follows(parse: Parse) -> None:
    """HandleTimeZone: an offset right after a time, blanks before it allowed."""
    cursor = parse.cursor
    index = cursor.index
    if index >= cursor.length - 1:
        return
    while cursor.text[index] in WHITE and index < cursor.length - 1:
        index += 1
    if cursor.text[index] in "+-":
        cursor.index = index
        _set_offset(parse, cursor.offset())


def _set_offset(parse: Parse, minutes: int | None) -> None:
    if minutes is None or parse.offset is not None:
        raise DateError("the offset")
    parse.offset = minutes


def _separated(parse: Parse, state: str, what: str) -> str:
    """The kind of word that a number, year or month and the separator after it make."""
    cursor = parse.cursor
    separator, index, current = cursor.separator()
    if separator in ("am", "pm") and what != "Month":
        if parse.mark != -1:
            raise DateError("two AM or PM")
        parse.mark = 0 if separator == "am" else 1
        return "NumAmPm" if what == "Num" else "YearSpace"
    if separator == "date-or-offset":
        # The separator starts an offset where the table takes no date separator but a space.
        if STATES[state][what + "DateSep"] == "-" and ends(STATES[state][what + "Space"]):
            cursor.index, cursor.current = index, current
            return what + "Space"
        return what + "DateSep"
    if separator == "time" and what == "Num":
        return "NumTimeSep"
    if separator == "T" and what == "Num":
        return "T"
    if separator in ("time", "T", "am", "pm"):
        raise DateError("the separator")
    return what + _SEPARATED[separator]


def _number(parse: Parse, state: str, value: int) -> str:
    cursor = parse.cursor
    if state == "T_NNt" and cursor.index < cursor.length - 1 and cursor.text[cursor.index] == ".":
        parse.fraction = cursor.fraction() or 0.0
    if state in ("T_NNt", "T_Nt"):
        _zone_follows(parse)
    kind = _separated(parse, state, "Num")
    if kind == "NumAmPm":
        if state == "D_NN":  # "1/10 5 AM": the date is complete
            finish(parse, "DX_NN")
        parse.numbers.append(value)
        if state in ("T_NNt", "T_Nt"):
            _zone_follows(parse)
        return kind
    parse.numbers.append(value)
    return kind


def _lex(parse: Parse, state: str) -> str | None:
    """Lex: the kind of the next word, None when it only counts on the side."""
    kind, value = parse.cursor.regular()
    if kind in ("number", "year"):
        if len(parse.numbers) == 3 or value == -1 or (kind == "year" and parse.year != -1):
            raise DateError("the number")
        if kind == "number":
            return _number(parse, state, value)
        if state in ("T_NNt", "T_Nt"):
            _zone_follows(parse)
        parse.year = value
        return _separated(parse, state, "Year")
    if kind == "month":
        if parse.month != -1:
            raise DateError("two months")
        word = _separated(parse, state, "Month")
        parse.month = value
        return word
    if kind == "weekday":
        if parse.weekday != -1:
            raise DateError("two weekdays")
        parse.weekday = value
        return "Weekday"
    if kind == "zone":
        _set_offset(parse, 0)
        parse.utc = True
        return "Zone"
    if kind == "mark":
        if parse.mark != -1:
            raise DateError("two AM or PM")
        parse.mark = value
        return None
    if kind == "unknown":
        _unknown(parse)
        return None
    return {"end": "End", "era": "Era", "ignore": None}[kind]


def _unknown(parse: Parse) -> None:
    cursor = parse.cursor
    if cursor.current.isalpha():
        raise DateError("the word")
    if cursor.current in "+-" and parse.offset is None:
        index = cursor.index
        parse.offset = cursor.offset()
        if parse.offset is not None:
            return
        cursor.index = index
    if not cursor.punctuation():
        raise DateError("the character")


def _iso8601(parse: Parse) -> None:
    """ParseISO8601: from the "T" on."""
    cursor = parse.cursor
    cursor.index -= 1
    times: list[int] = []
    for _ in range(3):
        cursor.skip_blanks_ahead()
        if times and not cursor.match(":"):
            if len(times) == 1:
                raise DateError("the time")
            break
        cursor.skip_blanks_ahead()
        part = cursor.digits(2)
        if part is None:
            raise DateError("the time")
        times.append(part)
    if len(times) == 3:
        if cursor.match("."):
            fraction = cursor.fraction()
            if fraction is None:
                raise DateError("the fraction")
            parse.fraction = fraction
            cursor.index -= 1
        cursor.skip_blanks_ahead()
    if cursor.next():
        _iso8601_end(parse)
    parse.date = (parse.year, parse.numbers[0], parse.numbers[1])
    parse.time = (*times, 0)[:3]  # type: ignore[assignment]


def _iso8601_end(parse: Parse) -> None:
    cursor = parse.cursor
    char = cursor.text[cursor.index]
    if char in "+-":
        _set_offset(parse, cursor.offset())
    elif char in "Zz":
        parse.offset, parse.utc = 0, True
    else:
        cursor.index -= 1
    cursor.skip_blanks_ahead()
    for mark in "#\0":
        if cursor.match(mark) and not cursor.punctuation():
            raise DateError("the end")
    if cursor.next():
        raise DateError("the end")


# TryParse: words until the end; then what is missing comes from today, and the day of the week must fit.
def _moment(text: str, zone: datetime.tzinfo) -> tuple[int, Parse]:
    """The clock time in ticks and what else was found."""
    if not text:
        raise DateError("empty")
    parse = Parse(Cursor(text), clock.today(zone))
    parse.cursor.next()
    state, finished = "BEGIN", False
    while True:
        kind = _lex(parse, state)
        if kind is None:
            continue
        if kind == "T":
            if state not in ("D_YNd", "D_YN"):
                raise DateError("the T")
            _iso8601(parse)
            break
        state = STATES[state][kind]
        if state == "-":
            raise DateError("the order")
        if ends(state):
            finish(parse, state)
            state, finished = "BEGIN", True
        if kind in _ENDS:
            if not finished:
                raise DateError("incomplete")
            break
    return _assembled(parse), parse


def _assembled(parse: Parse) -> int:
    """The clock time in ticks; what is missing of the date is today's."""
    hour, minute, second = parse.time or (0, 0, 0)
    if parse.mark == 0:  # AdjustHour
        if hour > 12:
            raise DateError("AM")
        hour = 0 if hour == 12 else hour
    elif parse.mark == 1 and hour < 12:
        hour += 12
    date = parse.date or (parse.today.year, parse.today.month, parse.today.day)
    ticks = ticks_of(*date, hour, minute, second) + round(parse.fraction * SECOND)
    # GetDayOfWeek; 0001-01-01 was a Monday
    if parse.weekday not in (-1, (ticks // DAY + 1) % 7):
        raise DateError("the weekday")
    if ticks > MAX:
        raise DateError("too late")
    return ticks


def _checked_offset(parse: Parse) -> int:
    offset = (parse.offset or 0) * MINUTE
    if abs(offset) > 14 * 60 * MINUTE:
        raise DateError("the offset")
    return offset


# DetermineTimeZoneAdjustments, AdjustTimeZoneToLocal
def read(text: str, zone: datetime.tzinfo, *, round_trip: bool) -> DateTime:
    """DateTime.Parse; with `round_trip` (RoundtripKind) "Z" and "GMT" stay UTC. DateError when it fails."""
    ticks, parse = _moment(text, zone)
    offset = _checked_offset(parse)
    if parse.offset is None:
        return DateTime(ticks)
    if round_trip and parse.utc:
        return DateTime(ticks, "utc")
    if ticks < DAY:
        ticks = ticks - offset + offset_at(ticks, zone, universal=False)
        ticks += DAY if ticks < 0 else 0
    else:
        universal = ticks - offset
        in_range = 0 <= universal <= MAX
        ticks = universal + offset_at(universal if in_range else ticks, zone, universal=in_range)
    if not 0 <= ticks <= MAX:
        raise DateError("out of range")
    return DateTime(ticks, "local")


# DateTimeOffsetTimeZonePostProcessing
def read_offset(text: str, zone: datetime.tzinfo) -> DateTimeOffset:
    """DateTimeOffset.Parse: without an offset the zone's counts; DateError when it fails."""
    ticks, parse = _moment(text, zone)
    offset = _checked_offset(parse) if parse.offset is not None else offset_at(ticks, zone, universal=False)
    if not 0 <= ticks - offset <= MAX:
        raise DateError("out of range")
    return DateTimeOffset(ticks, offset // MINUTE)
