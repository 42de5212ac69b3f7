"""The words of a liberally written date, for the invariant culture: numbers, names, separators, zones.

The rule: a cursor walks the text exactly as far as .NET's would, because what it leaves behind decides later. What
the words mean together (`liberal_dates`) may not live here.
Source: System.Globalization.DateTimeParse.__DTString, DateTimeFormatInfo.CreateTokenHashTable and Tokenize.
"""

from __future__ import annotations

import re

from mockserver.webapi.blanks import WHITE

#: DateTimeParse.MaxDateTimeNumberDigits
_MAX_DIGITS = 8

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]

# Regular words: kind and value. "AD" and "A.D." are the era of the Gregorian calendar.
_REGULAR: dict[str, tuple[str, int]] = {
    ",": ("ignore", 0),
    ".": ("ignore", 0),
    "am": ("mark", 0),
    "pm": ("mark", 1),
    "a.d.": ("era", 1),
    "ad": ("era", 1),
    "gmt": ("zone", 0),
    "z": ("zone", 0),
}
for _i, _name in enumerate(_MONTHS, 1):
    _REGULAR[_name] = _REGULAR[_name[:3]] = ("month", _i)
for _i, _name in enumerate(_DAYS):
    _REGULAR[_name] = _REGULAR[_name[:3]] = ("weekday", _i)

# Separators: "-" may also start an offset; "T" stands before the time of ISO 8601.
_SEPARATORS = {":": "time", "/": "date", "-": "date-or-offset", "am": "am", "pm": "pm", "t": "T"}


def _pattern(words: object) -> re.Pattern[str]:
    # Tokenize: the longest word wins and a word of letters ends where no letter follows.
    alternatives = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))  # type: ignore[call-overload]
    return re.compile(alternatives, re.IGNORECASE)


_REGULAR_WORD, _SEPARATOR_WORD = _pattern(_REGULAR), _pattern(_SEPARATORS)


def is_digit(char: str) -> bool:
    return "0" <= char <= "9"


class Cursor:
    """A position in the text; `current` is the character .NET last looked at, which may lag behind `index`."""

    __slots__ = ("current", "index", "length", "text")

    def __init__(self, text: str):
        self.text, self.length = text, len(text)
        self.index, self.current = -1, "\0"

    def next(self) -> bool:
        """One step on; False at the end."""
        self.index += 1
        if self.index < self.length:
            self.current = self.text[self.index]
            return True
        return False

    def match(self, char: str) -> bool:
        """Whether the next character is that one; at the end of the text the step is not taken back."""
        self.index += 1
        if self.index >= self.length:
            return False
        if self.text[self.index] == char:
            self.current = char
            return True
        self.index -= 1
        return False

    def skip_blanks_ahead(self) -> None:
        while self.index + 1 < self.length and self.text[self.index + 1] in WHITE:
            self.index += 1

    def digits(self, count: int) -> int | None:
        """The number in exactly that many digits ahead, None when there are fewer."""
        start, value = self.index, 0
        for _ in range(count):
            self.index += 1
            if self.index >= self.length or not is_digit(self.text[self.index]):
                self.index = start
                return None
            value = value * 10 + int(self.text[self.index])
        return value

    def fraction(self) -> float | None:
        """ParseFraction: summed up digit by digit in floating point, as .NET does it."""
        result, base, digits = 0.0, 0.1, 0
        while self.next() and is_digit(self.current):
            result += int(self.current) * base
            base *= 0.1
            digits += 1
        return result if digits else None

    def _word(self, pattern: re.Pattern[str]) -> str | None:
        match = pattern.match(self.text, self.index)
        if match is None:
            return None
        end = match.end()
        if self.current.isalpha() and end < self.length and self.text[end].isalpha():
            return None
        self.index = end
        if end < self.length:
            self.current = self.text[end]
        return match[0].lower()

    def regular(self) -> tuple[str, int]:
        """The next word and its value: end, number, year, unknown or a kind of `_REGULAR`."""
        while True:
            if self.index >= self.length:
                return "end", 0
            if self.current not in WHITE or is_digit(self.current):
                break
            self.index += 1
            if self.index < self.length:
                self.current = self.text[self.index]
        if is_digit(self.current):
            start = self.index
            while self.index < self.length:
                self.current = self.text[self.index]
                if not is_digit(self.current):
                    break
                self.index += 1
            count = self.index - start
            if count > _MAX_DIGITS:
                return "number", -1
            return "number" if count < 3 else "year", int(self.text[start : self.index])
        word = self._word(_REGULAR_WORD)
        return ("unknown", 0) if word is None else _REGULAR[word]

    def separator(self) -> tuple[str, int, str]:
        """The separator here, and where to go back to: end, space or a kind of `_SEPARATORS`."""
        before = (self.index, self.current)
        while self.index < self.length and self.current in WHITE:
            self.index += 1
            if self.index < self.length:
                self.current = self.text[self.index]
        if self.index >= self.length:
            return "end", *before
        if is_digit(self.current):
            return "space", *before
        word = self._word(_SEPARATOR_WORD)
        return ("space" if word is None else _SEPARATORS[word]), *before

    def _piece(self) -> tuple[str, int]:
        """GetSubString: kind number, other, invalid or end, and its length."""
        end = self.index
        while end < self.length and is_digit(self.text[end]):
            end += 1
            if end - self.index > _MAX_DIGITS:
                return "invalid", end - self.index
        if end > self.index:
            return "number", end - self.index
        return ("other", 1) if self.index < self.length else ("end", 0)

    def _consume(self, length: int) -> int:
        """Steps over a piece; its number, 0 for anything else."""
        piece = self.text[self.index : self.index + length]
        self.index += length
        if self.index < self.length:
            self.current = self.text[self.index]
        return int(piece) if is_digit(piece[0]) else 0

    def offset(self) -> int | None:
        """ParseTimeZone: "+8", "+08", "+8:00", "+800", "+0800" in minutes, None when it is no offset."""
        sign = self.text[self.index]
        if sign not in "+-":
            return None
        self._consume(1)
        kind, length = self._piece()
        if kind != "number" or length > 4:
            return None
        value = self._consume(length)
        hours, minutes = (value, 0) if length <= 2 else divmod(value, 100)
        if length <= 2 and self.index < self.length and self.text[self.index] == ":":
            self._consume(1)
            kind, length = self._piece()
            if kind != "number" or length > 2:
                return None
            minutes = self._consume(length)
        if minutes >= 60:
            return None
        return (hours * 60 + minutes) * (-1 if sign == "-" else 1)

    def punctuation(self) -> bool:
        """VerifyValidPunctuation: a pair of "#" around the whole, or NULs at the end."""
        char = self.text[self.index]
        if char == "#":
            if not re.match(rf"[{WHITE}]*#[^#\x00]*#[{WHITE}\x00]*\Z", self.text):
                return False
            self.next()
            return True
        if char == "\0" and not self.text[self.index :].strip("\0"):
            self.index = self.length
            return True
        return False
