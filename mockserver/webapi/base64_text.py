"""byte[] as text: base64 as System.Convert reads and writes it.

    blanks anywhere are passed over; the rest comes in fours and ends with at most two "="

The rule: what follows the last whole byte is not looked at ("AR==" is "AQ=="). No wire format's habits may live here.
Source: System.Convert.FromBase64String (FromBase64_Decode), ToBase64String.
"""

from __future__ import annotations

import base64
import re

_BLANKS = dict.fromkeys(map(ord, " \t\r\n"))
_WHOLE = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\Z")


def read(text: str) -> bytes:
    """The bytes; ValueError when the text is no base64."""
    text = text.translate(_BLANKS)
    if not _WHOLE.match(text):
        raise ValueError("the text is no base64")
    return base64.b64decode(text)


def write(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")
