"""One place where a model shows in a sample, and which of its members each name there stands for.

    row "Name"      JSON  Name | name | <Name>k__BackingField | _name      XML  Name | _x003C_Name_x003E_k__BackingField

The rule: a row has the member that bears its name, as it stands, in camelCase, or as the field behind a property of a
[Serializable] class; an element that shows the value of the only row without one is that row, renamed; a row that lost
its name gets the one that is left over. What then is left over is a member that the table does not list.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from contracts.helppage.agree import disagreement, unlike
from contracts.helppage.draft import Located, Row
from contracts.helppage.phrases import type_of
from contracts.helppage.samples import Json, Xml
from contracts.helppage.tables import Table
from contracts.naming import camel_case, json_name

_NUMBERED = ("sample string ", "http://webapihelppage")
_OWN = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?!64$)(?:[2-9]|[1-9]\d+)(?:\.\d)?")


# A class with [Serializable] and without [DataContract] is written by its fields. C# compiler: the field behind an
# automatic property is called so; other fields, as people commonly call them.
def backing_fields(name: str) -> tuple[str, ...]:
    """What the field behind a property may be called, the compiler's own name first.

    >>> backing_fields("Label")
    ('<Label>k__BackingField', '_Label', '_label', 'm_Label', 'm_label')
    """
    low = name[:1].lower() + name[1:]
    return f"<{name}>k__BackingField", f"_{name}", f"_{low}", f"m_{name}", f"m_{low}"


# XmlConvert.EncodeLocalName, for the characters that stand in the names of such fields.
def _encoded(name: str) -> str:
    return name.replace("<", "_x003C_").replace(">", "_x003E_")


@dataclass
class Seen:
    """One place where an object model shows: its table, the page of the sample, and JSON and XML by row.

    `renamed` are rows whose element has another name, `alike` those of them whose value other members may show, too.
    `named` says whether the XML element bears the model's name (a root, an item), not a member's. `extra` are elements
    that no row explains, `unlisted` the names of members in JSON that none explains: they stand in `keys` and
    `elements` too.
    """

    table: Table
    page: str
    json: dict[str, Json] | None
    xml: Xml | None
    named: bool
    keys: dict[str, str] = field(default_factory=dict)
    elements: dict[str, Xml] = field(default_factory=dict)
    renamed: frozenset[str] = frozenset()
    alike: frozenset[str] = frozenset()
    extra: tuple[Xml, ...] = ()
    unlisted: tuple[str, ...] = ()


def match(seen: Seen, json: Json | None, xml: Xml | None) -> None:
    """Fills in which member of JSON and which element of XML each row has."""
    _restore_names(seen, json, xml)
    children = {child.name: child for child in (seen.xml.children if seen.xml else [])}
    own = {row.name.text for row in seen.table.rows if row.name}
    for row in seen.table.rows:
        if row.name is None:
            continue
        key = _key(row, seen.json, own)
        if key is not None:
            seen.keys[row.name.text] = key
        names = (row.name.text, *(_encoded(name) for name in backing_fields(row.name.text) if name not in own))
        found = next((name for name in names if name in children), None)
        if found is not None:
            seen.elements[row.name.text] = children.pop(found)
    seen.extra = tuple(children.values())
    if seen.json is None:
        return
    for element in seen.extra:  # xml.renamed: one element, one row, one value
        rows = [
            row
            for row in seen.table.rows
            if row.name and row.name.text not in seen.elements and _same(seen, row, element)
        ]
        if len(rows) == 1 and rows[0].name:
            name = rows[0].name.text
            seen.elements[name] = element
            seen.renamed |= {name}
            seen.alike |= set() if _telling(element) else {name}
            seen.extra = tuple(other for other in seen.extra if other is not element)
    _take_unlisted(seen)


def _take_unlisted(seen: Seen) -> None:
    """Names the members that JSON has and the table lacks; only where every row has its member."""
    names = [row.name.text for row in seen.table.rows if row.name]
    left = [key for key in seen.json or {} if key not in set(seen.keys.values())]
    if not left or any(name not in seen.keys for name in names) or len(names) < len(seen.table.rows):
        return
    for key in left:
        element = next((one for one in seen.extra if key in (one.name, camel_case(one.name))), None)
        name = element.name if element else key
        if name in names:
            continue
        seen.keys[name] = key
        seen.unlisted += (name,)
        if element is not None:
            seen.elements[name] = element
            seen.extra = tuple(other for other in seen.extra if other is not element)


def _key(row: Row, json: dict[str, Json] | None, own: Collection[str]) -> str | None:
    """The row's member in a JSON object: its name as it stands, in another casing, or the field behind it."""
    if row.name is None or json is None:
        return None
    name = row.name.text
    fields = [field for field in backing_fields(name) if field not in own]
    spelled = (json_name(name, casing) for casing in ("PascalCase", "camelCase", "snake_case", "kebab-case"))
    return next((key for key in (*spelled, *fields) if key in json), None)


def _restore_names(seen: Seen, json: Json | None, xml: Xml | None) -> None:
    """Gives lost names back, from the members of the sample that no other row explains."""
    lost = [at for at, row in enumerate(seen.table.rows) if row.name is None]
    if not lost or seen.json is None:
        return
    own = {row.name.text for row in seen.table.rows if row.name}
    known = {_key(row, seen.json, own) for row in seen.table.rows}
    left = [key for key in seen.json if key not in known]
    if len(left) != len(lost):
        return
    elements = {camel_case(child.name): child.name for child in (xml.children if xml else [])}
    for at, key in zip(lost, left, strict=True):
        seen.table.name(at, Located(elements.get(camel_case(key), key), seen.json[key].line))


def _same(seen: Seen, row: Row, element: Xml) -> bool:
    ref = type_of(row.phrase.text)
    if seen.json is None or row.name is None or ref is None or row.name.text not in seen.keys:
        return False
    value = seen.json[seen.keys[row.name.text]]
    if unlike(ref, value, element, not isinstance(value.value, dict)) or disagreement(ref, value, element):
        return False
    if ref.kind == "scalar":
        return True
    return ref.kind != "any" and _size(value) == _extent(element) > 0


def _telling(element: Xml) -> bool:
    """Whether no other member shows this value: a text with its number, a guid, a number above 1."""
    text = element.text.strip()
    return not element.children and (text.startswith(_NUMBERED) or bool(_OWN.fullmatch(text)))


def _size(json: Json) -> int:
    """How many lone values a value holds; keys of dictionaries and members' names are none."""
    inside = json.value.values() if isinstance(json.value, dict) else json.value
    return sum(map(_size, inside)) if isinstance(json.value, (dict, list)) else json.value is not None


def _extent(xml: Xml) -> int:
    """The same of an element: a dictionary's keys are elements there, which do not count."""
    inside = [child for child in xml.children if child.name != "Key" or len(xml.children) != 2]
    return sum(map(_extent, inside)) if xml.children else bool(xml.text.strip())
