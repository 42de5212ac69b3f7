"""Elements of type Object in XML: the type stands in i:type, and only built-in ones are known.

    <X i:type="a:int">5</X>  →  Int32 5        <X />  →  an object that holds nothing

The rule: a type that no known contract has is an error; so is content without a type. Elements and nil (`datacontract`)
may not live here.
Source: S XmlObjectSerializerReadContext.cs (InternalDeserialize), PrimitiveDataContract.cs (ObjectDataContract and the
classes derived from StringDataContract and LongDataContract), DataContract.cs (TryCreateBuiltInDataContract).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from contracts.scalars import SERIALIZATION
from mockserver.webapi.boxed import Boxed
from mockserver.webapi.type_names import BUILT_IN, XSD
from mockserver.webapi.xml_reader import XmlError
from mockserver.webapi.xml_scalars import XML_SCALARS

_TEXTS = (
    "time", "date", "hexBinary", "gYearMonth", "gYear", "gMonthDay", "gDay", "gMonth", "normalizedString", "token",
    "language", "Name", "NCName", "ID", "IDREF", "IDREFS", "ENTITY", "ENTITIES", "NMTOKEN", "NMTOKENS",
)  # fmt: skip
_LONGS = ("integer", "positiveInteger", "negativeInteger", "nonPositiveInteger", "nonNegativeInteger")

#: The CLR type of every built-in name; the serializer's own namespace has the names of XSD as well.
_TYPES: Mapping[tuple[str, str], str] = {
    **{(name, space): "String" for name in _TEXTS for space in (XSD, SERIALIZATION)},
    **{(name, space): "Int64" for name in _LONGS for space in (XSD, SERIALIZATION)},
    **{(name.local, SERIALIZATION): clr for clr, name in BUILT_IN.items() if name.namespace == XSD},
    **{(name.local, name.namespace): clr for clr, name in BUILT_IN.items() if clr != "DateTimeOffset"},
    ("duration", XSD): "TimeSpan",
}


def clr_type(told: tuple[str, str] | None) -> str:
    """The CLR type that i:type names (None: not sent); XmlError when it is not known."""
    if told is None:
        return "Object"
    found = _TYPES.get(told)
    if found is None:
        raise XmlError(f"the type {told[0]} of {told[1]} is not known")
    return found


def read(clr: str, text: str, zone: datetime.tzinfo) -> Boxed:
    """The value of an element with that type and text; ValueError when it is none."""
    if clr == "Object":
        if text.strip(" \t\r\n"):
            raise ValueError("an object cannot have content")
        return Boxed("Object")
    return Boxed(clr, XML_SCALARS[clr].read(text, zone))
