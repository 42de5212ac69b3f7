"""What is lost between the bytes of a body and its text: a charset that the portal does not know, bytes replaced.

The rule: the charset that the client named is tried as the client meant it, and only when that gives another text is
there a loss. How the portal decodes (`charsets`) may not live here.
"""

from __future__ import annotations

import re

from mockserver.webapi import negotiation
from mockserver.webapi.charsets import MARKS
from mockserver.webapi.losses import Losses
from mockserver.webapi.media_types import MediaType

#: Charsets by names that mean text; a codec of Python's that is none (zip, punycode, …) is never asked.
_TEXT = re.compile(
    r"(?i)(?:utf-?(?:7|8|16(?:be|le)?|32(?:be|le)?)|(?:iso-8859|windows|cp|ibm|koi8)[-_]?\w{1,5}|us-ascii|latin-?1"
    r"|shift_jis|gb2312|gbk|gb18030|big5|euc-(?:jp|kr)|iso-2022-(?:jp|kr)|hz-gb-2312|macintosh|unicode)\Z"
)
_CODECS = {"unicode": "utf-16"}
_SEVEN_BITS = re.compile(r"(?i)utf-?7|iso-2022|hz")


def labelled(body: bytes, name: str) -> str | None:
    """The text in the charset of that name, None when it is no text there or the charset is not known."""
    if not _TEXT.match(name):
        return None
    try:
        return body.decode(_CODECS.get(name.lower(), name)).removeprefix("\ufeff")
    except (UnicodeError, LookupError):
        return None


def encoded(text: str, name: str) -> bytes:
    """The text in the charset of that name, in UTF-8 when the charset is not known or lacks a character."""
    if _TEXT.match(name):
        try:
            return text.encode(_CODECS.get(name.lower(), name))
        except (UnicodeError, LookupError):
            pass
    return text.encode("utf-8", "surrogatepass")


def tell_charset(losses: Losses, media: MediaType | None, body: bytes, text: str) -> None:
    """That the charset of the Content-Type was not used, where it matters."""
    named = media.parameter("charset") if media is not None and media.parameters else None
    if named is None or named.lower() in negotiation.CHARSETS:
        return
    name = named.strip('"')
    if any(body.startswith(mark) for mark, _ in MARKS):  # the mark decides, for the portal as for the client
        return
    if body.isascii() and not _SEVEN_BITS.match(name):
        return
    meant = labelled(body, name)
    if meant != text:
        shown = f"charset={named}" if meant is None else f"charset={named}: {_around(meant, text)}"
        ascii_only = text.encode("ascii", "replace").decode("ascii")
        losses.add("charset.fallback", "", shown, f"UTF-8: {_around(text, ascii_only if meant is None else meant)}")


def _around(text: str, other: str) -> str:
    """The place where two texts part."""
    at = next((i for i, (one, two) in enumerate(zip(text, other, strict=False)) if one != two), 0)
    return "…" * (at > 10) + text[max(at - 10, 0) : at + 20]


def tell_replaced(losses: Losses, body: bytes, text: str) -> None:
    """That bytes after a byte order mark were no text in its encoding; `text` has a U+FFFD somewhere."""
    for mark, name in MARKS:
        if body.startswith(mark):
            try:
                body[len(mark) :].decode(name)
            except UnicodeDecodeError:
                at = text.index("\ufffd")
                losses.add("charset.replaced", "", f"bytes that are no {name}", text[max(at - 10, 0) : at + 20])
            return
