"""Tables from samples: where no page tells a model's members, its sample still shows their names and looks.

Pages of the old layout (package 5.0 and before) have no types at all; and a saved site may lack a model's own page.

The rule: what a value looks like is a guess, and every row made here says so (`Row.sampled`). Nothing is made where a
sample shows nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace

from contracts.helppage.draft import Located, PageDraft, Row, Side
from contracts.helppage.samples import Json, Number, SampleError, Xml, parse_json, parse_xml
from contracts.helppage.tables import Table
from contracts.naming import ARRAYS
from contracts.scalars import DATE_TIME, GUID, TIME_SPAN

_LOOKS = (
    ("globally unique identifier", re.compile(GUID)),
    ("date", re.compile(DATE_TIME)),
    ("time interval", re.compile(TIME_SPAN)),
    ("URI", re.compile(r"http://webapihelppage\d+\.com/?")),
)
_WHOLE, _FRACTION = re.compile(r"-?\d+"), re.compile(r"-?\d+\.\d+")
_UNTOLD = "Object"


def by_samples(draft: PageDraft) -> PageDraft:
    """The draft with a type for each side that has samples and no type: the root of the sample."""
    if draft.kind != "api":
        return draft
    request, response = _named(draft.request, draft, "Request"), _named(draft.response, draft, "Response")
    return replace(draft, request=request, response=response)


def _named(side: Side, draft: PageDraft, word: str) -> Side:
    if side.phrase is not None or side.none is not None:
        return side
    json, xml = _trees(side)
    if json is None and xml is None and side.rows is None:
        return side
    words = [part for part in re.split(r"\W+", draft.title.text.partition("?")[0]) if part]
    name = xml.name if xml is not None else "".join(part[:1].upper() + part[1:] for part in words) + word
    phrase = phrase_for(json, xml, name) if json or xml else name
    line = (json or xml).line if json or xml else 0  # type: ignore[union-attr]
    return replace(side, phrase=Located(phrase, line), sampled=True)


def _trees(side: Side) -> tuple[Json | None, Xml | None]:
    json: Json | None = None
    xml: Xml | None = None
    for block in side.blocks:
        try:
            if block.text and block.text.lstrip().startswith("<"):
                xml = xml or parse_xml(block.text, block.line)
            elif block.text:
                json = json or parse_json(block.text, block.line)
        except SampleError:
            continue
    return json, xml


def sampled_table(model: str, json: Json | None, xml: Xml | None, page: str) -> Table | None:
    """A model's table as its sample shows it; None where the sample is no object."""
    members = json.value if json and isinstance(json.value, dict) else {}
    elements = {_folded(child.name): child for child in (xml.children if xml else [])}
    if not members and not elements:
        return None
    rows = []
    for key, value in members.items():
        element = elements.pop(_folded(key), None)
        name = element.name if element is not None else key
        rows.append(_row(model, name, value, element, value.line))
    if not members:
        rows += [_row(model, child.name, None, child, child.line) for child in elements.values()]
    return Table(model, page, rows[0].line, tuple(rows))


def _folded(name: str) -> str:
    """A member's name in no casing: JSON and XML may spell one name differently."""
    return name.replace("_", "").replace("-", "").lower()


def _row(model: str, name: str, json: Json | None, xml: Xml | None, line: int) -> Row:
    phrase = phrase_for(json, xml, f"{model}.{name}")
    return Row(Located(name, line), None, Located(phrase, line), (), line, sampled=True)


def phrase_for(json: Json | None, xml: Xml | None, name: str) -> str:
    """The type phrase of what a sample looks like; `name` is for a model that the sample does not name."""
    value = json.value if json else None
    if xml is not None and xml.children and all(child.name.startswith("KeyValueOf") for child in xml.children):
        pair = xml.children[0].children
        item = phrase_for(None, pair[1], f"{name}.Value") if len(pair) == 2 else _UNTOLD
        return f"Dictionary of string [key] and {item} [value]"
    if isinstance(value, list) or (json is None and _is_list(xml)):
        element = xml.children[0] if xml is not None and xml.children else None
        first = value[0] if value else None
        named = element is not None and element.namespace != ARRAYS
        inner = element.name if element is not None and named else f"{name.removeprefix('ArrayOf')}.Item"
        return f"Collection of {phrase_for(first, element, inner)}"
    if isinstance(value, dict) or (json is None and xml is not None and xml.children):
        return name
    if isinstance(value, (bool, Number)):
        word = "boolean" if isinstance(value, bool) else "decimal number" if "." in value.text else "integer"
        text = xml.text.strip() if xml is not None else ""
        # A number in JSON that is a word in XML is a member of an enumeration, which only its own page tells.
        return _UNTOLD if word == "integer" and text and not _WHOLE.fullmatch(text) else word
    if isinstance(value, str):
        return _look(value)
    return _UNTOLD if json is not None or xml is None else _look_of_xml(xml.text.strip())


def _is_list(xml: Xml | None) -> bool:
    return (
        xml is not None
        and bool(xml.children)
        and (xml.name.startswith("ArrayOf") or len(xml.children) > 1)
        and (len({child.name for child in xml.children}) == 1)
    )


def _look(text: str) -> str:
    return next((word for word, pattern in _LOOKS if pattern.fullmatch(text)), "string")


def _look_of_xml(text: str) -> str:
    if text in ("true", "false"):
        return "boolean"
    if _WHOLE.fullmatch(text):
        return "integer"
    return "decimal number" if _FRACTION.fullmatch(text) else _look(text)
