"""Numbers in JSON: Json.NET's bases, .NET's parsers, and the text a number becomes when a string is wanted.

    read as    Int64, BigInteger beyond it, Double for what has a point or an exponent
    int32      Int32 only; a point is an error          decimal    System.Decimal

The rule: a number is as wide and as exact as .NET would hold it. No token or state may live here.
Source: J JsonTextReader.ParseNumber, JsonReader.ReadAsInt32Internal, ReadAsDecimalInternal; System.Double.ToString.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from typing import Any

from mockserver.webapi.dates import DateTime, DateTimeOffset
from mockserver.webapi.numbers import TooLargeError, scientific

_INTEGER = re.compile(r"-?[0-9]+\Z")
FLOAT = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\Z")
_BLANKS = "\t\n\v\f\r "
#: JsonTextReader.MaximumJavascriptIntegerCharacterLength
_LONGEST = 380
#: System.Decimal: 96 bits and at most 28 places.
_DECIMAL_MAX = 2**96 - 1
_WIDE = Context(prec=60, rounding=ROUND_HALF_EVEN)


class NumberError(ValueError):
    """The text is no number of the kind wanted."""


class TooLargeNumberError(NumberError, TooLargeError):
    """The number is beyond the range of the type."""


def _other_base(text: str, bits: int) -> int:
    """Convert.ToInt64(text, 16 or 8): the bits are taken as they are, so a large number comes out negative."""
    digits, base = (text[2:], 16) if text[:2] in ("0x", "0X") else (text, 8)
    if not re.match(r"[0-9a-f]+\Z" if base == 16 else r"[0-7]+\Z", digits, re.IGNORECASE):
        raise NumberError(f"Input string '{text}' is not a valid number.")
    value = int(digits, base)
    if value >> bits:
        raise NumberError(f"Input string '{text}' is not a valid number.")
    return value - (1 << bits) if value >> (bits - 1) else value


def to_decimal(text: str) -> Decimal:
    """decimal.Parse: rounded half to even to what 96 bits and 28 places hold, trailing zeros kept."""
    try:
        exact = Decimal(text)
    except InvalidOperation as error:
        raise NumberError(text) from error
    return fit_decimal(exact)


def fit_decimal(exact: Decimal) -> Decimal:
    """The nearest System.Decimal; TooLargeNumberError when it is too large."""
    if not exact.is_finite() or exact.adjusted() > 28:
        raise TooLargeNumberError(f"{exact} is too large for a decimal")
    places = min(28, max(0, -int(exact.as_tuple().exponent)))
    while True:
        value = exact.quantize(Decimal(1).scaleb(-places), context=_WIDE)
        if abs(int(value.scaleb(places, _WIDE))) <= _DECIMAL_MAX:
            return value if value else abs(value)
        if not places:
            raise TooLargeNumberError(f"{exact} is too large for a decimal")
        places -= 1


def to_double(text: str) -> float:
    """double.Parse; on Mono, as on .NET Framework, beyond the range it is an error."""
    if not FLOAT.match(text):
        raise NumberError(f"Input string '{text}' is not a valid number.")
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise TooLargeNumberError(f"Input string '{text}' is too large.")
    return value


def read_number(text: str, read_as: str) -> tuple[str, Any]:
    """The token and value of a number's text."""
    other_base = len(text) > 1 and text[0] == "0" and text[1] not in ".eE"
    if read_as == "int32":
        value = _other_base(text, 32) if other_base else _integer(text)
        if not -(2**31) <= value < 2**31:
            raise NumberError(f"JSON integer {text} is too large or small for an Int32.")
        return "Integer", value
    if read_as == "decimal":
        if not other_base and not FLOAT.match(text):
            raise NumberError(f"Input string '{text}' is not a valid decimal.")
        return "Float", Decimal(_other_base(text, 64)) if other_base else to_decimal(text)
    if other_base:
        return "Integer", _other_base(text, 64)
    if _INTEGER.match(text):
        return "Integer", _integer(text)
    return "Float", to_double(text)


def _integer(text: str) -> int:
    if not _INTEGER.match(text) or len(text) > _LONGEST:
        raise NumberError(f"Input string '{text[:50]}' is not a valid integer.")
    return int(text)


def integer_text(text: str, read_as: str) -> tuple[str, Any]:
    """The token and value of a string where a number is wanted: int.TryParse and decimal.TryParse, invariant."""
    text = text.strip(_BLANKS).rstrip("\0")
    if read_as == "int32":
        if not re.match(r"[+-]?[0-9]+\Z", text) or len(text) > 4000 or not -(2**31) <= int(text) < 2**31:
            raise NumberError(text)
        return "Integer", int(text)
    if not re.match(r"[+-]?[0-9,]*(?:[0-9]|\.)[0-9,]*(?:\.[0-9]*)?[+-]?\Z", text):
        raise NumberError(text)
    trailing = text[-1] in "+-"
    return "Float", to_decimal((text[-1] + text[:-1] if trailing else text).replace(",", ""))


def value_text(value: float) -> str:
    """Double.ToString(): fifteen digits."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    return scientific(value, 15) if value else "0"


def number_text(value: Any) -> str:
    """What a value that is no string becomes as one: IFormattable.ToString(null, invariant)."""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, float):
        return value_text(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    assert not isinstance(value, DateTime | DateTimeOffset)
    return str(value)
