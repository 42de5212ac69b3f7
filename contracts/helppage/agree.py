"""Whether a sample's value can be of a type, and whether its JSON and its XML show one value.

The rule: only what no value of the type could look like is called unlike; samples ignore every annotation, so
annotations are not looked at. One table from scalar to its looks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from contracts.helppage.samples import Json, Number, Xml
from contracts.model import TypeRef
from contracts.scalars import DATE_TIME, GUID, SCALARS, TIME_SPAN

_GUID, _DATE, _SPAN = re.compile(GUID), re.compile(DATE_TIME), re.compile(TIME_SPAN)
_OFFSET = ["DateTime", "OffsetMinutes"]
_DURATION = re.compile(r"-?P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_whole(value: Any) -> bool:
    return isinstance(value, Number) and bool(re.fullmatch(r"-?\d+", value.text))


def _is_number(value: Any) -> bool:
    return isinstance(value, Number)


def _matches(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and bool(pattern.match(value))


# scalar → what its JSON can be, and the pattern of its text in XML
_LOOKS: dict[str, tuple[Callable[[Any], bool], re.Pattern[str]]] = {
    "String": (_is_text, re.compile(r".*", re.DOTALL)),
    "Uri": (_is_text, re.compile(r".*", re.DOTALL)),
    "Char": (lambda value: isinstance(value, str) and len(value) == 1, re.compile(r"\d+")),
    "Guid": (_matches(_GUID), _GUID),
    "DateTime": (_matches(_DATE), _DATE),
    "TimeSpan": (_matches(_SPAN), _DURATION),
    "Boolean": (lambda value: isinstance(value, bool), re.compile(r"true|false|0|1")),
    "Decimal": (_is_number, re.compile(r"-?[\d.]+(E[+-]?\d+)?", re.IGNORECASE)),
}
_WHOLE: tuple[Callable[[Any], bool], re.Pattern[str]] = (_is_whole, re.compile(r"-?\d+"))


def is_offset(xml: Xml) -> bool:
    """Whether an element is a DateTimeOffset as data contracts write it: its time and its offset, each an element."""
    return [child.name for child in xml.children] == _OFFSET


def unlike(ref: TypeRef, json: Json | None, xml: Xml | None, is_enum: bool) -> str:
    """What shows that a sample is not of the type, empty if it can be."""
    value = json.value if json else None
    if ref.kind == "scalar":
        likes, text = _LOOKS.get(ref.name, _WHOLE)
        phrase = SCALARS[ref.name].phrase
        if value is not None and not likes(value):
            return f"{_show(value)} is no {phrase}"
        if xml and not xml.nil and not xml.children and not text.fullmatch(xml.text.strip()):
            return f"{xml.text.strip()[:40]!r} in XML is no {phrase}"
        if xml and xml.children and (phrase != "date" or not is_offset(xml)):
            return f"the element {xml.name} has elements in it and is no {phrase}"
    elif value is None:
        return ""
    elif ref.kind == "model" and is_enum:
        return "" if isinstance(value, str) or _is_whole(value) else f"{_show(value)} is no enumeration"
    elif ref.kind in ("model", "dictionary", "pair"):
        return "" if isinstance(value, dict) else f"{_show(value)} is no object"
    elif ref.kind == "collection":
        base64 = ref.item == TypeRef("scalar", "Byte") and isinstance(value, str)
        return "" if isinstance(value, list) or base64 else f"{_show(value)} is no collection"
    return ""


def disagreement(ref: TypeRef, json: Json | None, xml: Xml | None) -> str:
    """How JSON and XML differ, empty if they show one value. Dates are left out: each formatter has its own zone."""
    if json is None or xml is None or xml.children or ref.kind != "scalar" or json.value is None or xml.nil:
        return ""
    value, text = json.value, xml.text
    if isinstance(value, Number):
        same = _number(value.text) == _number(text)
    elif isinstance(value, bool):
        same = text.strip() in (("true", "1") if value else ("false", "0"))
    elif ref.name == "String":
        same = value.split() == text.split()
    elif ref.name == "Guid":
        same = value.lower() == text.strip().lower()
    else:
        same = True
    return "" if same else f"JSON shows {_show(value)}, XML {text.strip()[:40]!r}"


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        return None


def _show(value: Any) -> str:
    if isinstance(value, Number):
        return value.text
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else "a list"
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value[:40])
