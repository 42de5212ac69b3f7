"""Members that a model's table does not list, while its samples show them: [JsonIgnore], [XmlIgnore] and their like.

The rule: a sample proves that such a member is there and how it is spelled; its type is a guess by its looks.
"""

from __future__ import annotations

from contracts.helppage.facts import because, inferred, unknown
from contracts.helppage.matching import Seen
from contracts.helppage.members import Place
from contracts.helppage.phrases import type_of
from contracts.helppage.sampled import phrase_for
from contracts.helppage.samples import Json, Xml
from contracts.model import Fact, Property, TypeRef
from contracts.scalars import SCALARS

_SETTLE = "whoever wrote the service: the table does not list this member"
# how the sample of a member that JSON hides begins → its type; what begins otherwise is text
_LOOKS = (("Uri", "http://webapihelppage"), ("TimeSpan", "PT0.1234567S"), ("Boolean", "true"))


def hidden_properties(place: Place) -> list[Property]:
    """The members of the best sample that the table does not list."""
    seen = place.seen
    if seen is None:
        return []
    found = [_property(name, seen, seen.elements.get(name), place) for name in seen.unlisted]
    return found + [_property(element.name, seen, element, place) for element in seen.extra]


def _property(name: str, seen: Seen, element: Xml | None, place: Place) -> Property:
    key = seen.keys.get(name)
    value = seen.json[key] if seen.json is not None and key is not None else None
    line = value.line if value else element.line if element else 0
    quote = f'"{key}"' if value else f"<{name}>{element.text if element else ''}"
    rule = "table.hidden" if value else "json.hidden"
    by = (because(rule, seen.page, (line,), quote),)
    ref = _type(value, element)
    value_type = ref.kind == "scalar" and SCALARS[ref.name].value_type
    return Property(
        name=name,
        description=unknown("", _SETTLE),
        phrase=unknown("", _SETTLE),
        type=inferred(ref, "type.hidden", seen.page, (line,), quote, _SETTLE),
        json=Fact(key, by),
        xml=place.names.get(name) or unknown(None, _SETTLE),
        nullable=Fact(not value_type, by, _SETTLE),
        required=Fact(False, by, _SETTLE),
        read_only=Fact(False, by, _SETTLE),
    )


def _type(value: Json | None, element: Xml | None) -> TypeRef:
    if value is None:
        text = element.text if element else ""
        return TypeRef("scalar", next((clr for clr, looks in _LOOKS if text.startswith(looks)), "String"))
    ref = type_of(phrase_for(value, element, ""))
    return ref if ref is not None and ref.kind == "scalar" else TypeRef("any")
