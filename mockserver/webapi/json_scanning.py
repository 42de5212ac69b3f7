"""Characters of JSON as Json.NET takes them: strings, names without quotes, comments, words, numbers' extent.

The rule: where a piece ends and where an error leaves the position is Json.NET's; no token is made here. The end of
the text and a NUL character are different things: a NUL is passed over like a blank.
Source: J JsonTextReader.cs (ReadStringIntoBuffer, ParseProperty, ParseUnquotedProperty, ParseComment, MatchValue,
IsSeparator, ParseConstructor, EatWhitespace), JsonPosition.cs.
"""

from __future__ import annotations

import re

from mockserver.webapi.blanks import WHITE

_BLANKS = re.compile(rf"[\x00{WHITE}]*")
_PLAIN = re.compile(r"[^\"'\\]*")
_NUMBER = re.compile(r"[-+.0-9a-fA-FxX]*")
_AFTER_NUMBER = frozenset(WHITE + ",}])/\0")
_SIMPLE_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "\\": "\\", '"': '"', "'": "'", "/": "/"}
# int.Parse(…, NumberStyles.HexNumber): blanks around the digits are allowed.
_HEX = re.compile(r"[\t-\r ]*[0-9a-fA-F]+[\t-\r ]*\x00*\Z")


# JsonPosition.SpecialCharacters, WriteTo. GUESS: 6.0.8 puts the dot before the bracket, as releases of its time do and
# 9.0 does no more; an error under a key with a blank, inside another member, would settle it.
_SPECIAL = re.compile(r"[. \[\]()]")


def spelled(name: str) -> str:
    """A member's name as a path spells it."""
    return f"['{name}']" if _SPECIAL.search(name) else name


class JsonError(Exception):
    """What Json.NET throws while it reads; the binder files it under the reader's path."""


class Scanner:
    """A position in the text and the ways to move it."""

    __slots__ = ("length", "position", "text")

    def __init__(self, text: str):
        self.text, self.length, self.position = text, len(text), 0

    @property
    def at_end(self) -> bool:
        return self.position >= self.length

    @property
    def char(self) -> str:
        """The character here; NUL at the end, as in Json.NET's buffer."""
        return self.text[self.position] if self.position < self.length else "\0"

    def peek(self, ahead: int) -> str:
        """A character further on, empty beyond the end."""
        return self.text[self.position + ahead : self.position + ahead + 1]

    def blanks(self) -> None:
        match = _BLANKS.match(self.text, self.position)
        assert match is not None
        self.position = match.end()

    def _fail_at_end(self, message: str) -> JsonError:
        self.position = self.length
        return JsonError(message)

    def string(self, quote: str) -> str:
        """ReadStringIntoBuffer: up to the closing quote, escapes resolved; anything else may stand raw."""
        pieces: list[str] = []
        while True:
            match = _PLAIN.match(self.text, self.position)
            assert match is not None
            pieces.append(match[0])
            if match.end() >= self.length:
                raise self._fail_at_end(f"Unterminated string. Expected delimiter: {quote}.")
            char = self.text[match.end()]
            self.position = match.end() + 1
            if char == quote:
                return "".join(pieces)
            if char == "\\":
                if self.at_end:
                    raise JsonError(f"Unterminated string. Expected delimiter: {quote}.")
                pieces.append(self._escape())
            else:
                pieces.append(char)

    def _escape(self) -> str:
        char = self.char
        self.position += 1
        if char in _SIMPLE_ESCAPES:
            return _SIMPLE_ESCAPES[char]
        if char != "u":
            raise JsonError(f"Bad JSON escape sequence: \\{char}.")
        unit = self._unit()
        if 0xDC00 <= unit <= 0xDFFF:  # a low surrogate without a high one before it is replaced
            return "\ufffd"
        replaced = ""
        while 0xD800 <= unit <= 0xDBFF:
            if self.text[self.position : self.position + 2] != "\\u":
                return replaced + "\ufffd"
            self.position += 2
            low = self._unit()
            if 0xDC00 <= low <= 0xDFFF:
                return replaced + chr(0x10000 + ((unit - 0xD800) << 10) + low - 0xDC00)
            replaced += "\ufffd"
            unit = low
        return replaced + chr(unit)

    def _unit(self) -> int:
        digits = self.text[self.position : self.position + 4]
        if len(digits) < 4:
            raise JsonError("Unexpected end while parsing unicode character.")
        if not _HEX.match(digits):
            raise JsonError("Input string was not in a correct format.")
        self.position += 4
        return int(digits.strip("\0 \t\n\v\f\r"), 16)

    # ValidIdentifierChar
    @staticmethod
    def _identifier(char: str) -> bool:
        return char.isalpha() or char.isdecimal() or char in "_$"

    def member_name(self) -> str:
        """ParseProperty: a name, quoted or not, and the colon after it."""
        first = self.char
        if first in "\"'":
            self.position += 1
            name = self.string(first)
        elif self._identifier(first):
            name = self._bare_name()
        else:
            raise JsonError(f"Invalid property identifier character: {first}.")
        self.blanks()
        if self.char != ":":
            raise JsonError(f"Invalid character after parsing property name. Expected ':' but got: {self.char}.")
        self.position += 1
        return name

    def _bare_name(self) -> str:
        start = self.position
        while True:
            if self.at_end:
                raise JsonError("Unexpected end while parsing unquoted property name.")
            char = self.text[self.position]
            if self._identifier(char):
                self.position += 1
            elif char in WHITE or char in ":\0":
                return self.text[start : self.position]
            else:
                raise JsonError(f"Invalid JavaScript property identifier character: {char}.")

    def comment(self) -> str:
        """ParseComment: past `/* … */` or to the end of the line; the slash is here. What the comment says."""
        self.position += 1
        if self.position + 1 >= self.length:
            raise JsonError("Unexpected end while parsing comment.")
        kind = self.char
        if kind not in "*/":
            raise JsonError(f"Error parsing comment. Expected: *, got {kind}.")
        self.position += 1
        if kind == "*":
            end = self.text.find("*/", self.position)
            if end == -1:
                raise self._fail_at_end("Unexpected end while parsing comment.")
            start, self.position = self.position, end + 2
            return self.text[start:end]
        line = re.compile(r"([^\r\n]*)(?:\r\n?|\n)?").match(self.text, self.position)
        assert line is not None
        self.position = line.end()
        return line[1]

    def number_text(self) -> str:
        """ReadNumberIntoBuffer: every character a number of any base may have; what follows must end a value."""
        match = _NUMBER.match(self.text, self.position)
        assert match is not None
        self.position = match.end()
        if self.char not in _AFTER_NUMBER:
            raise JsonError(f"Unexpected character encountered while parsing number: {self.char}.")
        return match[0]

    def word(self, word: str, state: str) -> None:
        """MatchValueWithTrailingSeparator: the position is past the word even when no separator follows."""
        if not self.text.startswith(word, self.position):
            raise JsonError(f"Error parsing {word}.")
        self.position += len(word)
        if not self.at_end and not self._separator(state):
            raise JsonError(f"Error parsing {word}.")

    def _separator(self, state: str) -> bool:
        char = self.char
        if char in "}],\0" or char in WHITE:
            return True
        if char == "/":
            return self.peek(1) in ("*", "/")
        return char == ")" and state in ("constructor", "constructor-start")

    def constructor_name(self, state: str) -> str:
        """ParseConstructor: `new Name(`, the position past the bracket."""
        self.word("new", state)
        self.blanks()
        start = self.position
        while not self.at_end and (self.char.isalpha() or self.char.isdecimal()):
            self.position += 1
        if self.at_end:
            raise JsonError("Unexpected end while parsing constructor.")
        name = self.text[start : self.position]
        if self.char != "(" and self.char != "\0" and self.char not in WHITE:
            raise JsonError(f"Unexpected character while parsing constructor: {self.char}.")
        self.blanks()
        if self.char != "(":
            raise JsonError(f"Unexpected character while parsing constructor: {self.char}.")
        self.position += 1
        return name
