"""A form body to names and values: UTF-8 whatever the charset says, `+` and %XX undone, jQuery's brackets made dots.

    a=1&a=2&b[c]=3&d[]=4&e      →  a: [1, 2]   b.c: [3]   d: [4]   e: [""]

The rule: nothing here fails but a bracket that is never closed. What values become (`form_binding`) may not live here.
Source: N Formatting/FormUrlEncodedMediaTypeFormatter.cs, Parsers/FormUrlEncodedParser.cs, Internal/UriQueryUtility.cs;
W ModelBinding/FormDataCollectionExtensions.cs, ValueProviders/Providers/NameValuePairsValueProvider.cs.
"""

from __future__ import annotations

import re

from mockserver.webapi.charsets import replaced
from mockserver.webapi.shapes import fold

#: FormUrlEncodedMediaTypeFormatter.ReadBufferSize: the body is read and decoded in pieces of this size, so a character
#: whose raw bytes lie across a border is lost.
_CHUNK = 256
_ESCAPES = re.compile("(?:%[0-9a-fA-F]{2}|[\x00-\x7f])+")
_ESCAPE = re.compile(rb"%([0-9a-fA-F]{2})")


class FormError(ValueError):
    """A name's bracket is never closed."""


def _piecewise(body: bytes, start: int, end: int) -> str:
    whole = body[start:end]
    if whole.isascii():
        return whole.decode("ascii")
    pieces = []
    while start < end:
        stop = min(end, start - start % _CHUNK + _CHUNK)
        pieces.append(replaced(body[start:stop]))
        start = stop
    return "".join(pieces)


# UriQueryUtility.UrlDecode: escapes gather as bytes until a character beyond ASCII; a bad escape stays as it is.
def _unescaped(text: str) -> str:
    if "%" not in text:
        return text.replace("+", " ")

    def run(match: re.Match[str]) -> str:
        raw = match[0].replace("+", " ").encode("ascii")
        return replaced(_ESCAPE.sub(lambda escape: bytes.fromhex(escape[1].decode("ascii")), raw))

    return _ESCAPES.sub(run, text)


def pairs(body: bytes) -> list[tuple[str, str]]:
    """Names and values in the order sent; a name alone has an empty value."""
    found = []
    start = 0
    while start <= len(body):
        end = body.find(b"&", start)
        end = len(body) if end == -1 else end
        equal = body.find(b"=", start, end)
        name_end = end if equal == -1 else equal
        name = _unescaped(_piecewise(body, start, name_end))
        found.append((name, "" if equal == -1 else _unescaped(_piecewise(body, equal + 1, end))))
        start = end + 1
    return found


# NormalizeJQueryToMvc: x[] → x, x[field] → x.field, an index stays.
def normalized(name: str) -> str:
    """The name with brackets made dots."""
    parts = []
    position = 0
    while True:
        opening = name.find("[", position)
        if opening < 0:
            parts.append(name[position:])
            return "".join(parts)
        parts.append(name[position:opening])
        closing = name.find("]", opening)
        if closing < 0:
            raise FormError(name)
        inner = name[opening + 1 : closing]
        if inner:
            parts.append(f"[{inner}]" if inner[0].isdigit() else f".{inner}")
        position = closing + 1


def grouped(sent: list[tuple[str, str]]) -> dict[str, list[str]]:
    """Every value by its name, the name folded so that case does not count."""
    values: dict[str, list[str]] = {}
    for name, value in sent:
        values.setdefault(fold(normalized(name)), []).append(value)
    return values
