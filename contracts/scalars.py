"""The scalar types: one table from the page's type phrase to JSON, XSD and the CLR.

The page says "integer" where the framework says Int16, Int32 or Int64: a phrase stands for one or several CLR types,
and the first of them is the natural guess. Everything that depends on a scalar's type (schemas, readers, writers,
strategies) walks this table; nothing else in the project lists scalar types.

    phrase                       CLR types            JSON                XSD
    "date"                       DateTime, …Offset    text, DATE_TIME     xs:dateTime

Source of phrases and CLR types: the HelpPage package, ModelDescriptionGenerator.DefaultTypeDocumentation. Source of the
XSD types: .NET's data contract serializer ("Types supported by the data contract serializer"). An unknown phrase is an
error that names it (`contracts.helppage`), never a default. No reading or writing of values lives here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Two digits that make no multiple of four: years of such an end have no 29 February, nor have such centuries.
_NOT_BY_FOUR = "(?:[0-9][13579]|[02468][26]|[13579][048])"
#: ISO 8601 as .NET writes a DateTime: 0 to 7 digits of a second's fraction and no, a `Z` or a numeric offset. It is not
#: RFC 3339's `date-time`, which demands an offset. Only days that there are, from the year 1 on, at most 14 hours off.
DATE_TIME = (
    rf"^(?!0000)(?![0-9]{{2}}{_NOT_BY_FOUR}-02-29)(?!{_NOT_BY_FOUR}00-02-29)"
    r"[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|[12][0-9]))"
    r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,7})?(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?$"
)
#: A guid in the form that .NET writes ("D": 8-4-4-4-12 hexadecimal digits).
GUID = r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
#: A TimeSpan in its constant ("c") form: [-][d.]hh:mm:ss[.fffffff].
TIME_SPAN = r"^-?(?:[0-9]+\.)?(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{7})?$"

#: Prefix of the XSD namespace `http://schemas.microsoft.com/2003/10/Serialization/` in `Scalar.xsd`.
SERIALIZATION = "http://schemas.microsoft.com/2003/10/Serialization/"


@dataclass(frozen=True)
class Scalar:
    """One CLR type as each side of the project sees it.

    `clr` its name, `phrase` the page's word, `json` its JSON Schema (without null), `xsd` its XSD type with the prefix
    `xs:` or `ser:`, `value_type` whether it can be null only as Nullable<T>, `default` default(T) as JSON text.
    """

    clr: str
    phrase: str
    json: Mapping[str, Any]
    xsd: str
    value_type: bool
    default: str


def _integer(clr: str, phrase: str, xsd: str, low: int, high: int) -> Scalar:
    return Scalar(clr, phrase, {"type": "integer", "minimum": low, "maximum": high}, xsd, True, "0")


def _text(clr: str, phrase: str, xsd: str, value_type: bool, default: str, **more: Any) -> Scalar:
    return Scalar(clr, phrase, {"type": "string", **more}, xsd, value_type, default)


# Order matters: of the scalars that share a phrase the first is the natural guess.
_TABLE = (
    _text("String", "string", "xs:string", False, "null"),
    _integer("Int32", "integer", "xs:int", -(2**31), 2**31 - 1),
    _integer("Int64", "integer", "xs:long", -(2**63), 2**63 - 1),
    _integer("Int16", "integer", "xs:short", -(2**15), 2**15 - 1),
    _integer("UInt32", "unsigned integer", "xs:unsignedInt", 0, 2**32 - 1),
    _integer("UInt64", "unsigned integer", "xs:unsignedLong", 0, 2**64 - 1),
    _integer("UInt16", "unsigned integer", "xs:unsignedShort", 0, 2**16 - 1),
    _integer("Byte", "byte", "xs:unsignedByte", 0, 2**8 - 1),
    _integer("SByte", "signed byte", "xs:byte", -(2**7), 2**7 - 1),
    _text("Char", "character", "ser:char", True, '"\\u0000"', minLength=1, maxLength=1),
    _text("Uri", "URI", "xs:anyURI", False, "null"),
    Scalar("Decimal", "decimal number", {"type": "number"}, "xs:decimal", True, "0.0"),
    Scalar("Double", "decimal number", {"type": "number"}, "xs:double", True, "0.0"),
    Scalar("Single", "decimal number", {"type": "number"}, "xs:float", True, "0.0"),
    _text(
        "Guid", "globally unique identifier", "ser:guid", True, '"00000000-0000-0000-0000-000000000000"', pattern=GUID
    ),
    _text("TimeSpan", "time interval", "ser:duration", True, '"00:00:00"', pattern=TIME_SPAN),
    _text("DateTime", "date", "xs:dateTime", True, '"0001-01-01T00:00:00"', pattern=DATE_TIME),
    _text("DateTimeOffset", "date", "dto:DateTimeOffset", True, '"0001-01-01T00:00:00+00:00"', pattern=DATE_TIME),
    Scalar("Boolean", "boolean", {"type": "boolean"}, "xs:boolean", True, "false"),
)

#: Every scalar by its CLR name.
SCALARS: Mapping[str, Scalar] = {scalar.clr: scalar for scalar in _TABLE}

#: Every phrase of a help page with the scalars it may stand for, the natural guess first.
PHRASES: Mapping[str, tuple[Scalar, ...]] = {
    phrase: tuple(scalar for scalar in _TABLE if scalar.phrase == phrase)
    for phrase in dict.fromkeys(scalar.phrase for scalar in _TABLE)
}
