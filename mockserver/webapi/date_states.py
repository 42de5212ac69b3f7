"""The table of DateTime.Parse and what its final states make of the words found.

    row = state, column = kind of word, entry = next state; DX_ and TX_ states end a date or a time, "-" is an error

The rule: the table is .NET's own, for the invariant culture (MM/dd/yyyy, MMMM dd, yyyy MMMM). Reading words
(`date_lexer`) and running the machine (`liberal_dates`) may not live here.
Source: System.Globalization.DateTimeParse.dateParsingStates, ProcessTerminaltState.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from mockserver.webapi.date_lexer import Cursor
from mockserver.webapi.dates import DateError, ticks_of

_KINDS = (
    "End", "NumEnd", "NumAmPm", "NumSpace", "NumDateSep", "NumTimeSep", "MonthEnd", "MonthSpace", "MonthDateSep",
    "Weekday", "YearSpace", "YearDateSep", "YearEnd", "Zone", "Era",
)  # fmt: skip
# dateParsingStates without the columns of Chinese, Japanese and Korean suffixes; "-" is the error state.
STATES = {
    row.split()[0]: dict(zip(_KINDS, row.split()[1:], strict=True))
    for row in """
    BEGIN BEGIN -       TX_N   N      D_Nd  T_Nt  -      D_M    D_M   BEGIN D_Y    D_Y   -      BEGIN BEGIN
    N     -     DX_NN   -      NN     D_NNd -     DX_NM  D_NM   D_MNd N     D_YN   D_YNd DX_YN  N     N
    NN    DX_NN DX_NNN  TX_N   DX_NNN -     T_Nt  DX_MNN DX_MNN -     NN    DX_NNY -     DX_NNY NN    NN
    D_Nd  -     DX_NN   -      D_NN   D_NNd -     DX_NM  D_MN   D_MNd D_Nd  D_YN   D_YNd DX_YN  -     D_Nd
    D_NN  DX_NN DX_NNN  TX_N   DX_NNN -     T_Nt  DX_MNN DX_MNN -     D_NN  DX_NNY -     DX_NNY -     D_NN
    D_NNd -     DX_NNN  DX_NNN DX_NNN -     -     DX_MNN DX_MNN -     D_NNd DX_NNY -     DX_NNY -     D_NNd
    D_M   -     DX_MN   -      D_MN   D_MNd -     -      -      -     D_M   D_YM   D_YMd DX_YM  -     D_M
    D_MN  DX_MN DX_MNN  DX_MNN DX_MNN -     T_Nt  -      -      -     D_MN  DX_YMN -     DX_YMN -     D_MN
    D_NM  DX_NM DX_MNN  DX_MNN DX_MNN -     T_Nt  -      -      -     D_NM  DX_YMN -     DX_YMN -     D_NM
    D_MNd -     DX_MNN  -      DX_MNN -     -     -      -      -     D_MNd DX_YMN -     DX_YMN -     D_MNd
    D_Y   -     DX_YN   -      D_YN   D_YNd -     DX_YM  D_YM   D_YMd D_Y   -      -     -      -     D_Y
    D_YN  DX_YN DX_YNN  DX_YNN DX_YNN -     -     DX_YMN DX_YMN -     D_YN  -      -     -      -     D_YN
    D_YNd -     DX_YNN  DX_YNN DX_YNN -     -     DX_YMN DX_YMN -     D_YN  -      -     -      -     D_YN
    D_YM  DX_YM DX_YMN  DX_YMN DX_YMN -     -     -      -      -     D_YM  -      -     -      -     D_YM
    D_YMd -     DX_YMN  DX_YMN DX_YMN -     -     -      -      -     D_YM  -      -     -      -     D_YM
    T_Nt  -     TX_NN   TX_NN  TX_NN  -     T_NNt DX_NM  D_NM   -     -     -      -     -      T_Nt  T_Nt
    T_NNt -     TX_NNN  TX_NNN TX_NNN -     -     -      -      -     T_NNt -      -     -      T_NNt T_NNt
    """.strip().splitlines()
}


def ends(state: str) -> bool:
    """Whether a state ends a date or a time."""
    return state[1:2] == "X"


def _four_digits(year: int) -> int:
    """Calendar.ToFourDigitYear; CalendarData.cs (Invariant): 2029, where the server's Windows says nothing else."""
    return year if year >= 100 else 2000 + year if year <= 29 else 1900 + year


@dataclass
class Parse:
    """What one parse has found so far; -1 is "not yet"."""

    cursor: Cursor
    today: datetime.date
    numbers: list[int] = field(default_factory=list)
    year: int = -1
    month: int = -1
    weekday: int = -1
    mark: int = -1
    date: tuple[int, int, int] | None = None
    had_date: bool = False
    time: tuple[int, int, int] | None = None
    fraction: float = 0.0
    offset: int | None = None
    utc: bool = False

    def set_date(self, *candidates: tuple[int, int, int], final: bool = True) -> None:
        """Takes the first of the days that exists."""
        if self.had_date:
            raise DateError("two dates")
        for candidate in candidates:
            try:
                ticks_of(*candidate)
            except DateError:
                continue
            self.date, self.had_date = candidate, final
            return
        raise DateError("no such day")

    def set_time(self, *parts: int) -> None:
        if self.time is not None:
            raise DateError("two times")
        hour, minute, second = (*parts, 0, 0)[:3]
        self.time = (hour, minute, second)


# ProcessTerminaltState with the patterns of the invariant culture: MM/dd/yyyy, MMMM dd, yyyy MMMM.
def finish(parse: Parse, state: str) -> None:
    n, year, month = parse.numbers, parse.year, parse.month
    if state == "DX_NN":
        parse.set_date((parse.today.year, n[0], n[1]))
    elif state == "DX_NNN":
        parse.set_date((_four_digits(n[2]), n[0], n[1]))
    elif state == "DX_MN":
        parse.set_date((parse.today.year, month, n[0]), final=False)
    elif state == "DX_NM":
        parse.set_date((_four_digits(n[0]), month, 1), final=False)
    elif state == "DX_MNN":
        parse.set_date((_four_digits(n[1]), month, n[0]), (_four_digits(n[0]), month, n[1]))
    elif state in ("DX_YNN", "DX_NNY"):
        parse.set_date((year, n[0], n[1]))
    elif state == "DX_YMN":
        parse.set_date((year, month, n[0]))
    elif state == "DX_YN":
        parse.set_date((year, n[0], 1))
    elif state == "DX_YM":
        parse.set_date((year, month, 1))
    elif state == "TX_N":
        if parse.mark == -1:
            raise DateError("an hour alone")
        parse.set_time(n[0])
    else:  # TX_NN, TX_NNN
        parse.set_time(*n[: len(state) - 3])
    n.clear()
