"""Bytes to text and back, as the framework's encodings do it.

The rule: invalid bytes are an error, never replaced; a byte order mark that StreamReader knows wins over the charset
for JSON, and must agree with it for XML. Which charset a header asks for (`negotiation`) may not live here.
Source: N BaseJsonMediaTypeFormatter.cs (UTF8Encoding and UnicodeEncoding that throw on invalid bytes), System.IO
StreamReader.DetectEncoding, S System/Xml/EncodingStreamWrapper.cs.
"""

from __future__ import annotations

import codecs
import re

#: A charset's codec for writing; .NET's UnicodeEncoding is little-endian and writes its mark.
_WRITE = {"utf-8": "utf-8", "utf-16": "utf-16-le"}

# StreamReader.DetectEncoding, in its order; UTF-32 little-endian is told from UTF-16 by the two zero bytes after it.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF8, "utf-8"),
)
_DECLARATION = re.compile(
    r"<\?xml[ \t\r\n][^>]*?encoding[ \t\r\n]*=[ \t\r\n]*(?P<quote>[\"'])(?P<name>[^\"'<>]*)(?P=quote)"
)


class DecodeError(Exception):
    """The bytes are not text in the encoding they must be in."""


def decode_json(body: bytes, charset: str) -> str:
    """The text of a JSON body; a known byte order mark decides before the charset."""
    encoding, start = _WRITE[charset], 0
    strict = True
    for mark, name in _MARKS:
        if body.startswith(mark):
            # StreamReader makes a fresh encoding for a detected mark, one that replaces what is invalid.
            strict = name == encoding
            encoding, start = name, len(mark)
            break
    try:
        return body[start:].decode(encoding, "strict" if strict else "replace")
    except UnicodeDecodeError as error:
        raise DecodeError(str(error)) from error


# EncodingStreamWrapper: the mark and the declared encoding must be the ones expected from the charset.
def decode_xml(body: bytes, charset: str) -> str:
    """The text of an XML body; its mark and its declared encoding must agree with the charset."""
    encoding = _WRITE[charset]
    mark = codecs.BOM_UTF8 if charset == "utf-8" else codecs.BOM_UTF16_LE
    if charset == "utf-16" and body.startswith(codecs.BOM_UTF16_BE):
        raise DecodeError("big-endian text")
    start = len(mark) if body.startswith(mark) else 0
    try:
        text = body[start:].decode(encoding)
    except UnicodeDecodeError as error:
        raise DecodeError(str(error)) from error
    declared = _DECLARATION.match(text)
    if declared is not None and declared["name"].lower() != charset:
        raise DecodeError(f"declared {declared['name']}")
    return text


def encode(text: str, charset: str) -> bytes:
    """The bytes of an answer; a lone surrogate, which cannot be sent, becomes U+FFFD."""
    try:
        body = text.encode(_WRITE[charset])
    except UnicodeEncodeError:
        body = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode(_WRITE[charset])
    return codecs.BOM_UTF16_LE + body if charset == "utf-16" else body
