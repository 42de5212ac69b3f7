"""Records as bodies and back: the judge's own writers and readers, one pair a wire format.

    Record ──write──▶ bytes (json, xml, form)          bytes (json, xml) ──read──▶ Record

The rule: a writer writes exactly as the page's samples do (casing, namespaces, order) and only what the format can
carry; a reader is liberal in names and casing, so that one fault of shape is one finding (of shape) and the rest can
still be judged. It shares no code with any portal. Whether a shape is right is judged by the emitted schemas, not
here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import quote_plus
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from contracts.conformance.subject import DECIMALS, INTEGERS, Subject, is_enum
from contracts.conformance.values import Record, Value, sampled
from contracts.model import Model, Property, WireFormat
from contracts.naming import INSTANCE

NIL = f"{{{INSTANCE}}}nil"


class UnreadableError(Exception):
    """A body that tells no record; the text says why."""


def write(subject: Subject, wire: WireFormat, record: Record) -> bytes:
    """A record in a wire format, as UTF-8. Members that it lacks are left out; None is null where the format has it."""
    return _WRITERS[wire](subject, record)


def _json(subject: Subject, record: Record) -> bytes:
    parts = []
    for prop in subject.model.in_json_order():
        name = prop.json.value or prop.name
        if prop.name in record:
            parts.append(f"{json.dumps(name)}: {_json_token(subject, prop, record[prop.name])}")
        elif sampled(subject.contract, prop) and (sample := _json_sample(subject)).get(name) is not None:
            parts.append(f"{json.dumps(name)}: {json.dumps(sample[name])}")
    return ("{" + ", ".join(parts) + "}").encode()


def _json_token(subject: Subject, prop: Property, value: Value) -> str:
    if is_enum(subject.contract, prop) and isinstance(value, str):
        model = subject.contract.models[prop.type.value.name]
        if not model.as_string.value:
            value = next(member.value for member in model.members if member.name == value)
    if isinstance(value, Decimal):
        return format(value, "f")
    return json.dumps(value, ensure_ascii=False)


def _json_sample(subject: Subject) -> Mapping[str, Any]:
    for sample in subject.operation.request.samples:
        try:
            read = json.loads(sample.text)
        except ValueError:
            continue
        if isinstance(read, dict):
            return read
    return {}


# The sample's manner: the root's namespace is the default one, an element of another declares its own.
def _xml(subject: Subject, record: Record) -> bytes:
    root = subject.model.xml_root.value
    name, namespace = (root.name, root.namespace) if root else (subject.model.name, "")
    default = f' xmlns="{escape(namespace)}"' if namespace else ""
    parts = [f'<{name} xmlns:i="{INSTANCE}"{default}>']
    for prop in subject.model.in_xml_order():
        element = prop.xml.value
        if element is None:
            continue
        own = "" if element.namespace == namespace else f' xmlns="{escape(element.namespace)}"'
        if prop.name in record:
            parts.append(_element(element.name, own, _xml_token(subject, prop, record[prop.name])))
        elif sampled(subject.contract, prop):
            parts.append(_xml_sample(subject, element.name))
    return ("".join(parts) + f"</{name}>").encode()


def _element(name: str, namespace: str, text: str | None) -> str:
    if text is None:
        return f'<{name}{namespace} i:nil="true" />'
    return f"<{name}{namespace}>{text}</{name}>"


def _xml_token(subject: Subject, prop: Property, value: Value) -> str | None:
    if value is None:
        return None
    if is_enum(subject.contract, prop):
        spelled = {member.name: member.xml for member in subject.contract.models[prop.type.value.name].members}
        return escape(spelled.get(str(value)) or str(value))
    return XML_TOKENS.get(prop.type.value.name, lambda v: escape(lexical(v), {"\r": "&#13;"}))(value)


def lexical(value: Value) -> str:
    """A value as text: booleans in lower case, numbers in plain decimal notation."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _date_time_offset(value: Value) -> str:
    system = 'xmlns="http://schemas.datacontract.org/2004/07/System"'
    return f"<DateTime {system}>{str(value)[:-6]}Z</DateTime><OffsetMinutes {system}>0</OffsetMinutes>"


def _duration(value: Value) -> str:
    hours, minutes, seconds = str(value).split(":")
    return f"PT{int(hours)}H{int(minutes)}M{int(seconds)}S"


#: Scalars whose XML differs from their JSON (.NET's data contract serializer).
XML_TOKENS = {
    "Char": lambda value: str(ord(str(value))),
    "TimeSpan": _duration,
    "DateTimeOffset": _date_time_offset,
}


def _xml_sample(subject: Subject, name: str) -> str:
    for sample in subject.operation.request.samples:
        try:
            root = ElementTree.fromstring(sample.text)
        except ElementTree.ParseError:
            continue
        for child in root:
            if _local(child.tag) == name:
                child.tail = None
                return ElementTree.tostring(child, encoding="unicode")
    return ""


def _form(subject: Subject, record: Record) -> bytes:
    pairs = []
    for prop in subject.model.in_json_order():
        name, value = prop.json.value or prop.name, record.get(prop.name)
        if value is not None:
            pairs.append(f"{quote_plus(name)}={quote_plus(lexical(value))}")
        elif sampled(subject.contract, prop):
            pairs += [
                f"{quote_plus(path)}={quote_plus(text)}" for path, text in _flat(name, _json_sample(subject).get(name))
            ]
    return "&".join(pairs).encode()


# FormUrlEncodedParser: a.b for a member of a nested model, a[0] for an element of a collection.
def _flat(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(f"{path}.{name}", inner)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _flat(f"{path}[{place}]", inner)
    elif value is not None:
        yield path, lexical(value)


_WRITERS = {"json": _json, "xml": _xml, "form": _form}


def respell(wire: WireFormat, body: bytes) -> list[bytes]:
    """Other spellings of a body of `write`, which mean the same by the format's own rules."""
    if wire == "json":
        whole = json.loads(body, parse_float=Decimal)
        tokens = [f"{json.dumps(name)}:{_ascii_token(value)}" for name, value in reversed(whole.items())]
        escaped = [f"{json.dumps(name)}: {_escaped_token(value)}" for name, value in whole.items()]
        bodies = (
            "\r\n\t{ " + " ,\n".join(tokens) + " }\n",
            "{" + ",".join(tokens) + "}",
            "{" + ", ".join(escaped) + "}",
        )
        return [text.encode() for text in bodies]
    if wire == "form":
        pairs = body.decode().split("&")
        lower = re.sub(rb"%[0-9A-F]{2}", lambda escape: escape[0].lower(), body)  # RFC 3986 §2.1: either case
        return ["&".join(pairs[::-1]).replace("+", "%20").encode(), body.replace(b"%3A", b":"), lower]
    return _respelled_xml(body.decode())


def _ascii_token(value: Any) -> str:
    return format(value, "f") if isinstance(value, Decimal) else json.dumps(value, default=float).replace("/", "\\/")


def _escaped_token(value: Any) -> str:
    """A text with every character escaped by its UTF-16 code units; anything else as it is."""
    if not isinstance(value, str):
        return _ascii_token(value)
    units = value.encode("utf-16-be")
    return '"' + "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2)) + '"'


def _respelled_xml(text: str) -> list[bytes]:
    declared = '<?xml version="1.0" encoding="utf-8"?>\n' + text.replace("><", ">\n  <")
    quoted = re.sub(r">([^<>]*[^<>\s][^<>]*)</", r"><![CDATA[\1]]></", text) if "&" not in text else text
    root = ElementTree.fromstring(text)
    prefixed = ElementTree.tostring(root, encoding="unicode")  # with the prefixes ns0, ns1
    marked = b"\xef\xbb\xbf" + text.encode()  # XML 1.0 §4.3.3: a byte order mark is no part of the document
    return [declared.encode(), marked, quoted.encode(), prefixed.encode()]


def read(subject: Subject, wire: WireFormat, body: bytes, charset: str = "utf-8") -> Record:
    """The record that an answer tells; members it lacks are missing. UnreadableError says why there is none."""
    return _read_json(subject, body, charset) if wire == "json" else _read_xml(subject, body)


def document(body: bytes, charset: str = "utf-8") -> Any:
    """A JSON body as Python data, numbers with a point as Decimal; UnreadableError where it is none."""
    try:
        text = body.decode("utf-8-sig" if charset.lower() in ("utf-8", "utf8") else charset)
        return json.loads(text, parse_float=Decimal, parse_constant=_no_json)
    except (ValueError, LookupError, RecursionError) as error:
        raise UnreadableError(f"no JSON: {error}") from None


def _no_json(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _read_json(subject: Subject, body: bytes, charset: str) -> Record:
    whole = document(body, charset)
    if not isinstance(whole, dict):
        raise UnreadableError(f"JSON, but no object: {str(whole)[:40]!r}")
    return from_object(subject, whole)


def from_object(subject: Subject, whole: Mapping[str, Any]) -> Record:
    """The record that a JSON object tells; members it lacks are missing."""
    by_name = {(p.json.value or p.name).lower(): p for p in subject.answer_model.properties}
    record: dict[str, Value] = {}
    for name, value in whole.items():
        prop = by_name.get(name.lower())
        if prop is not None and prop.name not in record:
            record[prop.name] = value
    return record


def tree(body: bytes) -> ElementTree.Element:
    """An XML body as a tree; UnreadableError where it is none. A document type is refused: an answer needs none."""
    if re.search(rb"<!DOCTYPE", body[:2000]):
        raise UnreadableError("XML with a document type")
    try:
        return ElementTree.fromstring(body)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise UnreadableError(f"no XML: {error}") from None


def _read_xml(subject: Subject, body: bytes) -> Record:
    root = tree(body)
    expected = root_name(subject.answer_model)
    if _local(root.tag).lower() != expected.lower():
        raise UnreadableError(f"XML, but its root is {_local(root.tag)}, not {expected}")
    return from_element(subject, root)


def from_element(subject: Subject, element: ElementTree.Element) -> Record:
    """The record that an XML element tells; members it lacks are missing."""
    by_name = {p.xml.value.name.lower(): p for p in subject.answer_model.properties if p.xml.value is not None}
    record: dict[str, Value] = {}
    for child in element:
        prop = by_name.get(_local(child.tag).lower())
        if prop is not None and prop.name not in record:
            nil = child.get(NIL) in ("true", "1")
            record[prop.name] = None if nil else _from_xml(subject, prop, child.text or "")
    return record


def root_name(model: Model) -> str:
    """The name of a model's root element."""
    return model.xml_root.value.name if model.xml_root.value else model.name


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _from_xml(subject: Subject, prop: Property, text: str) -> Value:
    """An element's text as a value; text that is none of its type is left as it is, for the schema to judge."""
    name = prop.type.value.name
    if is_enum(subject.contract, prop):
        spelled = {member.xml: member.name for member in subject.contract.models[name].members if member.xml}
        return spelled.get(text.strip(), text.strip())
    try:
        if name in INTEGERS:
            return int(text)
        if name in DECIMALS:
            return Decimal(text.strip())
    except (ValueError, InvalidOperation):
        return text
    if name == "Boolean":
        return {"true": True, "1": True, "false": False, "0": False}.get(text.strip(), text)
    return text if name in ("String", "Char") else text.strip()
