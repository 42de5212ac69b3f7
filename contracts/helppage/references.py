"""What serializers add to an object that is no member of it: its number, its type, and where it stands instead.

    JSON  {"$id": "1", …}   {"$ref": "1"}   {"$id": "2", "$values": […]}   {"$type": "Namespace.Class, Assembly", …}
    XML   z:Id="i1"         z:Ref="i1"

The rule: a place that points to an object shown elsewhere shows nothing; the rest is taken away, and said once a page.
Source: Json.NET, PreserveReferencesHandling and TypeNameHandling; .NET, [DataContract(IsReference = true)].
"""

from __future__ import annotations

from contracts.helppage.samples import Json, Xml

_SERIALIZATION = "http://schemas.microsoft.com/2003/10/Serialization/"
_ADDED = ("$id", "$type")


def added(json: Json | None) -> str:
    """What is there of these names, the first of them; empty for a plain value."""
    if json is None or not isinstance(json.value, dict):
        return ""
    return next((name for name in ("$ref", "$values", *_ADDED) if name in json.value), "")


def pointing(json: Json | None, xml: Xml | None) -> bool:
    """Whether a place only points to an object that is shown elsewhere."""
    return (json is not None and isinstance(json.value, dict) and list(json.value) == ["$ref"]) or (
        xml is not None and f"{{{_SERIALIZATION}}}Ref" in xml.attributes
    )


def numbered(xml: Xml | None) -> bool:
    """Whether an element bears a number that others may point to."""
    return xml is not None and f"{{{_SERIALIZATION}}}Id" in xml.attributes


def plain(json: Json | None) -> Json | None:
    """The value without what was added to it."""
    if json is None or not added(json):
        return json
    if "$values" in json.value:
        return Json(json.value["$values"].value, json.line)
    return Json({name: value for name, value in json.value.items() if name not in _ADDED}, json.line)
