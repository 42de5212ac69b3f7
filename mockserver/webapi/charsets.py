"""Bytes to text and back, as the framework's encodings do it.

    JSON   the charset, unless the bytes bear another known mark; invalid bytes are an error, but replaced after a mark
    XML    mark and declaration must agree with the charset
    forms  UTF-8, invalid bytes replaced

The rule: which bytes are an error and how many characters replace them is .NET's. Which charset a header asks for
(`negotiation`) may not live here.
Source: N BaseJsonMediaTypeFormatter.cs (encodings that throw on invalid bytes), System.IO.StreamReader (IsPreamble,
DetectEncoding), S System/Xml/EncodingStreamWrapper.cs, System.Text.UTF8Encoding of .NET Framework.
"""

from __future__ import annotations

import codecs
import re

#: A charset's codec for writing; .NET's UnicodeEncoding is little-endian and writes its mark.
_WRITE = {"utf-8": "utf-8", "utf-16": "utf-16-le"}

# StreamReader.DetectEncoding, in its order; UTF-32 little-endian is told from UTF-16 by the two zero bytes after it.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF8, "utf-8"),
)
# UTF8Encoding of .NET Framework: of an overlong, surrogate or too large sequence the first two bytes are lost as one.
_PAIRS = re.compile(rb"\xe0[\x80-\x9f]|\xed[\xa0-\xbf]|\xf0[\x80-\x8f]|\xf4[\x90-\xbf]")
_BLANK = " \t\r\n"
#: CheckUTF8DeclarationEncoding: the earliest place of the second "=", behind `<?xml version="1.0" encoding`.
_EARLIEST = 28
_DECLARED = {"utf-8": ("utf-8",), "utf-16": ("utf-16", "utf-16le")}


class DecodeError(Exception):
    """The bytes are not text in the encoding they must be in."""


def replaced(data: bytes) -> str:
    """UTF-8 with what is invalid replaced, as often as .NET Framework replaces it."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _PAIRS.sub(b"\xff", data).decode("utf-8", "replace")


# StreamReader: the charset's own mark is passed over first; UTF-8 is set up without one, so its mark is "detected"
# like any other, and a detected encoding is a fresh one that replaces what is invalid.
def decode_json(body: bytes, charset: str) -> str:
    """The text of a JSON body."""
    if charset != "utf-16" or not body.startswith(codecs.BOM_UTF16_LE):
        for mark, name in MARKS:
            if body.startswith(mark):
                rest = body[len(mark) :]
                return replaced(rest) if name == "utf-8" else rest.decode(name, "replace")
    try:
        return body.decode(_WRITE[charset]).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise DecodeError(str(error)) from error


# EncodingStreamWrapper.ReadBOMEncoding: without a mark the first two bytes must show a "<" of the charset's width.
# Bytes that are invalid UTF-8 stay in the text as lone surrogates: an error only where the reader looks at them.
def decode_xml(body: bytes, charset: str) -> str:
    """The text of an XML body; its mark and its declared encoding must agree with the charset."""
    if charset == "utf-16":
        if not body.startswith((codecs.BOM_UTF16_LE, b"<\0")):
            raise DecodeError("not UTF-16")
        try:
            text = body.decode("utf-16-le").removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            raise DecodeError(str(error)) from error
    else:
        if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"\0<", b"<\0")):
            raise DecodeError("not UTF-8")
        text = body.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")
    declared = _declared_encoding(text)
    if declared is not None and declared.lower() not in _DECLARED[charset]:
        raise DecodeError(f"declared {declared}")
    return text


# CheckUTF8DeclarationEncoding: the value behind the second "=", if its name is encoding; a "?" ends the search.
def _declared_encoding(text: str) -> str | None:
    if not text.startswith("<?"):
        return None
    quote, equals, place = "", 0, 2
    for place in range(2, min(len(text), 128)):
        char = text[place]
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char == "=":
            equals += 1
            if equals == 2:
                break
        elif char == "?":
            return None
    if equals < 2:
        return None
    if place < _EARLIEST:
        raise DecodeError("the declaration")
    if not text[:place].rstrip(_BLANK).endswith("encoding"):
        return None
    value = text[place + 1 : 128].lstrip(_BLANK)
    end = value.find(value[:1], 1) if value[:1] in ("'", '"') else -1
    if end == -1:
        raise DecodeError("the declaration")
    return value[1:end]


def encode(text: str, charset: str) -> bytes:
    """The bytes of an answer; a lone surrogate, which cannot be sent, becomes U+FFFD."""
    try:
        body = text.encode(_WRITE[charset])
    except UnicodeEncodeError:
        body = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode(_WRITE[charset])
    return codecs.BOM_UTF16_LE + body if charset == "utf-16" else body
