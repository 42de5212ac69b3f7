"""Media types and weighted values in headers, read as System.Net.Http reads them.

    token "/" token *( ";" token [ "=" ( token | quoted-string ) ] )

The rule: a header value that System.Net.Http refuses does not exist for the framework; nothing is repaired. What to
do with the values (negotiation) may not live here.
Source: M mcs/class/System.Net.Http/System.Net.Http.Headers/Lexer.cs, MediaTypeHeaderValue.cs, NameValueHeaderValue.cs,
CollectionParser.cs, StringWithQualityHeaderValue.cs, QualityValue.cs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# Lexer.Scan: blanks are skipped; a token is any character but controls and separators; a quoted string has no escapes
# and holds only the characters 32 to 126. "~" is a token's: HttpRuleParser of the .NET Framework says so; the table of
# M ends one short of it.
_LEXEME = re.compile(
    r"[ \t]*(?:(?P<token>[!#$%&'*+.^_`|~0-9A-Za-z-]+)"
    r"|(?P<quoted>\"[ !#-~]*\")|(?P<separator>[=;/,])|(?P<end>\Z))"
)
# QualityValue.GetValue: NumberStyles.Number, invariant; TryGetDoubleValue: AllowDecimalPoint only.
_NUMBER = re.compile(r"[+-]?(?:[0-9][0-9,]*(?:\.[0-9]*)?|\.[0-9]+)[+-]?\Z")
_DECIMAL = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\Z")


@dataclass(frozen=True)
class MediaType:
    """A media type with its parameters; values keep their quotes, as in System.Net.Http."""

    name: str
    parameters: tuple[tuple[str, str | None], ...] = ()

    @property
    def type(self) -> str:
        return self.name.partition("/")[0].lower()

    @property
    def subtype(self) -> str:
        return self.name.partition("/")[2].lower()

    def parameter(self, name: str) -> str | None:
        """The value of the first parameter of that name, in any case."""
        return next((value for key, value in self.parameters if key.lower() == name), None)

    @property
    def quality(self) -> float | None:
        """The weight `q`, None when there is none that can be read."""
        text = self.parameter("q")
        if text is None or not _NUMBER.match(text):
            return None
        return float(text.replace(",", "").rstrip("+-")) * (-1 if "-" in text else 1)


def _lexemes(text: str) -> Iterator[tuple[str, str]]:
    """Kind and text of each lexeme: token, quoted, a separator itself, "end", or "error"."""
    position = 0
    while True:
        match = _LEXEME.match(text, position)
        if match is None:
            yield "error", ""
            return
        position = match.end()
        kind = match.lastgroup or "error"
        if kind == "separator":
            yield match[kind], match[kind]
        else:
            yield kind, match[kind]
        if kind == "end":
            while True:
                yield "end", ""


def _media_type(lexemes: Iterator[tuple[str, str]]) -> tuple[MediaType, str] | None:
    """One media type and the kind of the lexeme after it."""
    (first, major), (slash, _), (second, minor) = (
        next(lexemes),
        next(lexemes, ("error", "")),
        next(lexemes, ("error", "")),
    )
    if (first, slash, second) != ("token", "/", "token"):
        return None
    parameters: list[tuple[str, str | None]] = []
    after, _ = next(lexemes, ("error", ""))
    while after == ";":
        kind, name = next(lexemes, ("error", ""))
        if kind != "token":
            return None
        value: str | None = None
        after, _ = next(lexemes, ("error", ""))
        if after == "=":
            kind, value = next(lexemes, ("error", ""))
            if kind not in ("token", "quoted"):
                return None
            after, _ = next(lexemes, ("error", ""))
        parameters.append((name, value))
    return MediaType(f"{major}/{minor}", tuple(parameters)), after


# HttpHeaders.GetValue: only the first value counts, and one that cannot be parsed is as none.
@lru_cache(maxsize=64)  # clients send the same ones again and again
def content_type(value: str | None) -> MediaType | None:
    """The media type of a Content-Type header, None when it is missing or refused."""
    if value is None:
        return None
    read = _media_type(_lexemes(value))
    return read[0] if read is not None and read[1] == "end" else None


# CollectionParser.TryParse: one bad element refuses the whole header value; other lines of the header stay.
def accept(values: list[str]) -> list[MediaType]:
    """The media types of Accept headers, those of a refused header line left out."""
    found: list[MediaType] = []
    for value in values:
        line: list[MediaType] = []
        lexemes = _lexemes(value)
        after = ","
        while after == ",":
            read = _media_type(lexemes)
            if read is None:
                break
            line.append(read[0])
            after = read[1]
        if after == "end":
            found += line
    return found


def _weighted(lexemes: Iterator[tuple[str, str]]) -> tuple[str, float | None, str] | None:
    """One name with its weight and the kind of the lexeme after it."""
    kind, name = next(lexemes)
    if kind != "token":
        return None
    after, _ = next(lexemes, ("error", ""))
    if after != ";":
        return name, None, after
    (kind, q), (equal, _), (number, text) = (next(lexemes, ("error", "")) for _ in range(3))
    if kind != "token" or q not in ("q", "Q") or equal != "=" or number != "token" or not _DECIMAL.match(text):
        return None
    quality = float(text)
    if quality > 1:
        return None
    return name, quality, next(lexemes, ("error", ""))[0]


def accept_charset(values: list[str]) -> list[tuple[str, float | None]]:
    """Names and weights of Accept-Charset headers, those of a refused header line left out."""
    found: list[tuple[str, float | None]] = []
    for value in values:
        line: list[tuple[str, float | None]] = []
        lexemes = _lexemes(value)
        after = ","
        while after == ",":
            read = _weighted(lexemes)
            if read is None:
                break
            line.append(read[:2])
            after = read[2]
        if after == "end":
            found += line
    return found
