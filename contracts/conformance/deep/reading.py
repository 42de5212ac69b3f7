"""What an answer tells of deep members: JSON or XML as values of one manner, by type.

    bytes of an answer, or one row of a list ──read──▶ Record of Deep; members it lacks are missing

The rule: a reader is liberal in casing and in names that no sample shows; an element that a sample shows by name is
read by that name and namespace alone. What is not of its type is left as it is, for the comparison to tell.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.etree import ElementTree

from contracts.conformance import bodies
from contracts.conformance.deep.kinds import Deep, Types
from contracts.conformance.subject import DECIMALS, INTEGERS, Subject
from contracts.emit.contract_names import SYSTEM, Name
from contracts.emit.refs import BASE64, bare
from contracts.model import Model, TypeRef, WireFormat
from contracts.naming import ARRAYS

_DURATION = re.compile(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?)?")


def read(subject: Subject, wire: WireFormat, body: bytes, charset: str = "utf-8") -> Mapping[str, Deep]:
    """What an answer tells; UnreadableError where it is none."""
    ref = TypeRef("model", subject.answer_model.name)
    if wire == "json":
        whole = bodies.document(body, charset)
        if not isinstance(whole, dict):
            raise bodies.UnreadableError("JSON, but no object")
        return row(subject, whole)
    told = from_xml(subject.types, ref, bodies.tree(body))
    return told if isinstance(told, dict) else {}


def row(subject: Subject, whole: Mapping[str, Any]) -> Mapping[str, Deep]:
    """What one JSON object of an answer tells."""
    told = from_json(subject.types, TypeRef("model", subject.answer_model.name), whole)
    return told if isinstance(told, dict) else {}


def from_json(types: Types, ref: TypeRef, raw: Any) -> Deep:
    """A value of JSON, by its type."""
    ref = bare(ref)
    enum = types.enum(ref)
    if raw is None or enum is not None or ref.kind in ("any", "pair"):
        return _name_of(enum, raw) if enum is not None else raw
    if ref == BASE64:
        return _from_base64(raw) if isinstance(raw, str) else raw
    if ref.kind == "collection" and isinstance(raw, list):
        return [from_json(types, ref.item or ref, item) for item in raw]
    if ref.kind == "dictionary" and isinstance(raw, dict):
        return {key: from_json(types, ref.item or ref, item) for key, item in raw.items()}
    model = types.contract.models.get(ref.name) if ref.kind == "model" else None
    if model is None or not isinstance(raw, dict):
        return raw
    by_name = {(p.json.value or p.name).lower(): p for p in model.properties if p.json.value is not None}
    found = ((by_name[name.lower()], item) for name, item in raw.items() if name.lower() in by_name)
    return {prop.name: from_json(types, types.of(model, prop), item) for prop, item in found}


def _name_of(enum: Model | None, raw: Any) -> Deep:
    """The name of an enumeration's value, whether it came as a name or as a number."""
    if enum is None or isinstance(raw, str):
        spelled = {member.xml: member.name for member in enum.members if member.xml} if enum is not None else {}
        return spelled.get(raw, raw)
    return next((member.name for member in enum.members if member.value == raw), raw)


def _from_base64(text: str) -> Deep:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return text


def from_xml(types: Types, ref: TypeRef, element: ElementTree.Element) -> Deep:
    """An element's content, by its type."""
    ref = bare(ref)
    if element.get(bodies.NIL) in ("true", "1"):
        return None
    if ref.kind == "collection":
        wanted = types.contracts.names.item(ref)
        return [from_xml(types, ref.item or ref, child) for child in element if _is(types, child, wanted, one=True)]
    if ref.kind == "dictionary":
        return _dictionary(types, ref, element)
    model = types.contract.models.get(ref.name) if ref.kind == "model" else None
    if model is not None and model.kind == "object":
        found: dict[str, Deep] = {}
        for part in types.contracts.elements(ref):
            child = next((c for c in element if _is(types, c, part.name)), None)
            if child is not None and part.prop is not None:
                found[part.prop.name] = from_xml(types, part.type, child)
        return found
    if ref.name == "DateTimeOffset" and len(element):
        clock = element.find(f"{{{SYSTEM}}}DateTime")
        return (clock.text or "").strip() if clock is not None else None
    return _scalar(types, ref, element.text or "")


def _is(types: Types, element: ElementTree.Element, wanted: Name, one: bool = False) -> bool:
    """Whether an element is the one meant; `one`: of several alike, whose name matters only where a sample shows it."""
    tag = f"{{{wanted.namespace}}}{wanted.local}" if wanted.namespace else wanted.local
    if element.tag == tag:
        return True
    return tag not in types.shown and (one or element.tag.rpartition("}")[2].lower() == wanted.local.lower())


def _dictionary(types: Types, ref: TypeRef, element: ElementTree.Element) -> Deep:
    found: dict[Any, Deep] = {}
    wanted = types.contracts.names.item(ref)
    for entry in element:
        if not _is(types, entry, wanted, one=True):
            continue
        key = next((c for c in entry if _is(types, c, Name(ARRAYS, "Key"))), None)
        value = next((c for c in entry if _is(types, c, Name(ARRAYS, "Value"))), None)
        if key is not None:
            found[key.text or ""] = from_xml(types, ref.item or ref, value) if value is not None else None
    return found


def _scalar(types: Types, ref: TypeRef, text: str) -> Deep:
    """An element's text; text that is none of its type is left as it is."""
    enum = types.enum(ref)
    if enum is not None:
        return _name_of(enum, text.strip())
    if ref == BASE64:
        return _from_base64(text)
    name = ref.name
    try:
        if name in INTEGERS:
            return int(text)
        if name in DECIMALS:
            return Decimal(text.strip())
        if name == "Char":
            return chr(int(text))
    except (ValueError, OverflowError, InvalidOperation):
        return text
    if name == "Boolean":
        return {"true": True, "1": True, "false": False, "0": False}.get(text.strip(), text)
    if name == "TimeSpan":
        return _span(text.strip())
    return text if name == "String" else text.strip()


def _span(text: str) -> str:
    """A duration of XML Schema as a TimeSpan's text; any other text as it is."""
    match = _DURATION.fullmatch(text)
    if match is None:
        return f"no duration: {text}"
    sign = match[1]
    days, hours, minutes, seconds = (int(part or 0) for part in match.group(2, 3, 4, 5))
    whole = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    days, rest = divmod(whole, 86400)
    return f"{sign}{days}.{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}.{(match[6] or '0')[:7]:0<7}"
