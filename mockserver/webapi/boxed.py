"""Values of type Object: what was read together with the CLR type it became, since nothing else says it later.

    JSON     5 → Int64, 1.5 → Double, "x" → String, {…} → JObject, […] → JArray      XML   i:type="int" → Int32
    form     x → String, x twice → List                                            <X/> → Object, which holds nothing

The rule: null is None and never boxed. Inside a JObject or JArray every value but null is boxed again. How a format
reads or writes them may not live here.
Source: J Serialization/JsonSerializerInternalReader.cs (CreateJObject, EnsureType); W TypeMatchModelBinder.cs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mockserver.webapi.dates import DateTime

_LONG = 2**63


@dataclass(frozen=True, slots=True)
class Boxed:
    """A value and its CLR type: a name of `contracts.scalars`, or BigInteger, Bytes, Object, List, JObject, JArray."""

    clr: str
    value: Any = None


def of_token(value: Any) -> Boxed | None:
    """What Json.NET's reader gives for a token when nobody says what is wanted."""
    if value is None:
        return None
    if isinstance(value, bool):
        return Boxed("Boolean", value)
    if isinstance(value, int):
        return Boxed("Int64" if -_LONG <= value < _LONG else "BigInteger", value)
    if isinstance(value, float):
        return Boxed("Double", value)
    if isinstance(value, DateTime):
        return Boxed("DateTime", value)
    return Boxed("Bytes" if isinstance(value, bytes) else "String", value)
