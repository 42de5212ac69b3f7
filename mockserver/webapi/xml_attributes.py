"""The attributes that the serializer looks at: nil, type, Id and Ref; all others are told as lost.

The rule: an attribute counts by its namespace, not by its prefix; one of the serializer's own that cannot be read is an
error. What the attributes mean for an element (`datacontract`) may not live here.
Source: S XmlObjectSerializerReadContext.cs (Attributes.Read), AttributeData.cs.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from contracts.naming import INSTANCE
from contracts.scalars import SERIALIZATION
from mockserver.webapi.losses import Losses
from mockserver.webapi.xml_reader import XML, XMLNS, XmlError, XmlReader
from mockserver.webapi.xml_scalars import XML_SCALARS, read_boolean

#: Namespaces whose attributes say nothing about data.
_SILENT = frozenset((INSTANCE, SERIALIZATION, XML, XMLNS))


@dataclass(frozen=True)
class Attributes:
    """What one element's attributes say."""

    nil: bool = False
    type: tuple[str, str] | None = None
    id: str | None = None
    ref: str | None = None


_NONE = Attributes()


def read(reader: XmlReader, zone: datetime.tzinfo, losses: Losses, path: list[str]) -> Attributes:
    """The attributes of the element at hand, whose place in the document is `path`; XmlError when one is bad."""
    if not reader.attributes:
        return _NONE
    nil, kind, identity, reference = False, None, None, None
    try:
        for name, namespace, value in reader.attributes:
            if namespace == INSTANCE and name == "nil":
                nil = read_boolean(value, zone)
            elif namespace == INSTANCE and name == "type":
                kind = _type_name(reader, value)
            elif namespace == SERIALIZATION and name in ("Id", "Ref"):
                if not value:
                    raise XmlError(f"an empty {name}")
                identity, reference = (value, reference) if name == "Id" else (identity, value)
            elif namespace == SERIALIZATION and name == "Size":
                XML_SCALARS["Int32"].read(value, zone)
            elif namespace not in _SILENT:
                losses.add("xml.attribute", f"{'.'.join(path)}@{name}", value)
    except ValueError as error:
        raise XmlError(str(error)) from error
    return Attributes(nil, kind, identity, reference)


def _type_name(reader: XmlReader, value: str) -> tuple[str, str] | None:
    prefix, _, local = value.strip(" \t\r\n").rpartition(":")
    if not local:
        return None
    # a prefix that stands for nothing is no fault until somebody asks for the type
    return local, reader.namespace_of(prefix) or ""
