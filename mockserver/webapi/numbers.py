"""Plain numbers and booleans in text, as .NET's invariant parsers and formatters treat them.

The rule: what every wire format shares about numbers lives here once; what is special to one (JSON's bases, a form's
hexadecimal) lives there.
Source: System.Int32.Parse (NumberStyles.Integer), Boolean.Parse, Double.ToString("R"), Single.
"""

from __future__ import annotations

import re
import struct
from decimal import Decimal

from mockserver.webapi.blanks import WHITE

_BLANKS = "\t\n\v\f\r "
#: A System.Char is one UTF-16 code unit, so what lies beyond is two of them.
LAST_CHAR = "\uffff"
#: What Double.Parse takes besides numbers: the symbols of NumberFormatInfo.InvariantInfo, exactly.
NAMED = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
_INTEGER = re.compile(r"[+-]?[0-9]{1,4000}\Z")


class TooLargeError(ValueError):
    """OverflowException: the text is well-formed, its value too large; a form keeps that reason to itself."""


def integer(text: str, low: int, high: int) -> int:
    """NumberStyles.Integer: blanks around, a sign in front; ValueError when it is none or out of range."""
    text = text.strip(_BLANKS).rstrip("\0")
    if not _INTEGER.match(text) or not low <= int(text) <= high:
        raise ValueError(text)
    return int(text)


def wrapped(value: int, bits: int) -> int:
    """The value as C# wraps it around in unchecked arithmetic."""
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def boolean(text: str) -> bool:
    """Boolean.Parse: True or False in any case, blanks and NULs around."""
    word = text.strip(WHITE + "\0").lower()
    if word not in ("true", "false"):
        raise ValueError(text)
    return word == "true"


def single(value: float) -> float:
    """The value as a System.Single holds it; TooLargeError when it is too large."""
    try:
        return float(struct.unpack("<f", struct.pack("<f", value))[0])
    except OverflowError as error:
        raise TooLargeError(str(value)) from error


def general(value: float, digits: int, exact: int) -> str:
    """ToString("R"): with `digits` places when that reads back the same, with `exact` otherwise."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    same = float(f"{value:.{digits - 1}e}")
    same = single(same) if digits < 10 else same
    return scientific(value, digits if same == value else exact)


def scientific(value: float, digits: int) -> str:
    """ToString("G" + digits): an exponent from E+digits up and below E-05."""
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    power = int(exponent)
    if -5 <= power < digits:
        return f"{Decimal(mantissa).scaleb(power):f}"
    return f"{mantissa}E{'-' if power < 0 else '+'}{abs(power):02}"
