"""A whole record with deep values as bytes, one writer a wire format.

    Record of Deep ──write──▶ bytes (json, xml, form)

The rule: as the pages' samples write it; what they do not show is named as .NET's serializers name it. A member that
can neither be made up nor left out is written as its sample has it. Members that a form cannot carry are `unbindable`.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from urllib.parse import quote_plus
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from contracts.conformance.bodies import lexical
from contracts.conformance.deep.kinds import LEFT_OUT, Deep, Types
from contracts.conformance.subject import Subject
from contracts.conformance.values import sampled
from contracts.emit.contract_names import SYSTEM, Name
from contracts.emit.refs import BASE64, bare, told_as
from contracts.model import Model, Property, TypeRef, WireFormat
from contracts.naming import ARRAYS, INSTANCE

_SPAN = re.compile(r"(-?)(?:(\d+)\.)?(\d\d):(\d\d):(\d\d)(?:\.(\d+))?")


def write(subject: Subject, wire: WireFormat, record: Mapping[str, Deep]) -> bytes:
    """A record in a wire format, as UTF-8; None is null where the format has it."""
    return {"json": _json, "xml": _xml, "form": _form}[wire](subject, record)


def _json(subject: Subject, record: Mapping[str, Deep]) -> bytes:
    types, parts = subject.types, []
    for prop in subject.model.in_json_order():
        name = json.dumps(prop.json.value or prop.name)
        if record.get(prop.name) is LEFT_OUT:
            continue
        if prop.name in record:
            parts.append(f"{name}: {json_token(types, types.of(subject.model, prop), record[prop.name])}")
        elif sampled(subject.contract, prop) and (shown := types.evidence.of_member(subject.model, prop).values):
            parts.append(f"{name}: {json.dumps(shown[0])}")
    return ("{" + ", ".join(parts) + "}").encode()


def json_token(types: Types, ref: TypeRef, value: Deep) -> str:
    """A value as JSON, by its type."""
    ref = bare(ref)
    if isinstance(value, bytes):
        return json.dumps(base64.b64encode(value).decode("ascii"))
    if isinstance(value, list):
        return "[" + ", ".join(json_token(types, ref.item or ref, item) for item in value) + "]"
    if isinstance(value, dict) and ref.kind == "dictionary":
        inner = ref.item or ref
        pairs = (f"{json.dumps(key, ensure_ascii=False)}: {json_token(types, inner, v)}" for key, v in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, dict):
        model = types.contract.models[ref.name]
        inside = ((model[name], item) for name, item in value.items())
        return "{" + ", ".join(_pair(types, model, prop, item) for prop, item in inside) + "}"
    enum = types.enum(ref)
    if enum is not None and isinstance(value, str):
        by_name = told_as(ref)
        if not (enum.as_string.value if by_name is None else by_name):
            value = next(member.value for member in enum.members if member.name == value)
    return format(value, "f") if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def _pair(types: Types, model: Model, prop: Property, value: Deep) -> str:
    return f"{json.dumps(prop.json.value or prop.name)}: {json_token(types, types.of(model, prop), value)}"


def _xml(subject: Subject, record: Mapping[str, Deep]) -> bytes:
    types, root = subject.types, subject.model.xml_root.value
    name, space = (root.name, root.namespace) if root else (subject.model.name, "")
    default = f' xmlns="{escape(space)}"' if space else ""
    parts = [f'<{name} xmlns:i="{INSTANCE}"{default}>']
    for prop in subject.model.in_xml_order():
        element = prop.xml.value if record.get(prop.name) is not LEFT_OUT else None
        if element is None:
            continue
        if prop.name in record:
            named = Name(element.namespace, element.name)
            parts.append(_element(types, named, types.of(subject.model, prop), record[prop.name], space))
        elif sampled(subject.contract, prop):
            shown = types.evidence.of_member(subject.model, prop).elements
            parts += [ElementTree.tostring(one, encoding="unicode").strip() for one in shown[:1]]
    return ("".join(parts) + f"</{name}>").encode()


def _element(types: Types, name: Name, ref: TypeRef, value: Deep, space: str) -> str:
    """An element, where `space` is the default namespace around it."""
    own = "" if name.namespace == space else f' xmlns="{escape(name.namespace)}"'
    if value is None:
        return f'<{name.local}{own} i:nil="true" />'
    return f"<{name.local}{own}>{_content(types, bare(ref), value, name.namespace)}</{name.local}>"


def _content(types: Types, ref: TypeRef, value: Deep, space: str) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, list):
        item = types.contracts.names.item(ref)
        return "".join(_element(types, item, ref.item or ref, one, space) for one in value)
    if isinstance(value, dict) and ref.kind == "dictionary":
        return "".join(_entry(types, ref, key, one, space) for key, one in value.items())
    if isinstance(value, dict):
        inside = (e for e in types.contracts.elements(ref) if e.prop is not None and e.prop.name in value)
        return "".join(_element(types, e.name, e.type, value[e.prop.name], space) for e in inside if e.prop)
    return _text(types, ref, value)


def _entry(types: Types, ref: TypeRef, key: str, value: Deep, space: str) -> str:
    entry = types.contracts.names.item(ref)
    own = "" if entry.namespace == space else f' xmlns="{escape(entry.namespace)}"'
    parts = [
        _element(types, Name(ARRAYS, "Key"), ref.key or ref, key, entry.namespace),
        _element(types, Name(ARRAYS, "Value"), ref.item or ref, value, entry.namespace),
    ]
    return f"<{entry.local}{own}>{''.join(parts)}</{entry.local}>"


def _text(types: Types, ref: TypeRef, value: Deep) -> str:
    enum = types.enum(ref)
    if enum is not None:
        return escape(next((m.xml for m in enum.members if m.name == value and m.xml), str(value)))
    if ref.name == "Char":
        return str(ord(str(value)))
    if ref.name == "TimeSpan":
        return duration(str(value))
    if ref.name == "DateTimeOffset":
        return _offset(str(value))
    return escape(lexical(value), {"\r": "&#13;"})


# XmlConvert.ToString(TimeSpan): days, hours, minutes and seconds, those that are not 0.
def duration(text: str) -> str:
    """A TimeSpan as XML Schema's duration.

    >>> duration("1.02:03:04.5000000")
    'P1DT2H3M4.5S'
    """
    match = _SPAN.fullmatch(text)
    assert match is not None
    sign, days, hours, minutes, seconds, fraction = match.groups()
    tail = f".{fraction.rstrip('0')}" if fraction and fraction.rstrip("0") else ""
    day = f"{int(days)}D" if days and int(days) else ""
    return f"{sign}P{day}T{int(hours)}H{int(minutes)}M{int(seconds)}{tail}S"


# DateTimeOffsetAdapter: the instant, and the minutes of the offset.
def _offset(text: str) -> str:
    from contracts.conformance import moments

    moment = moments.parse(text)
    assert moment is not None and moment.instant is not None
    system = f'xmlns="{SYSTEM}"'
    return (
        f"<DateTime {system}>{moments.write(moment.instant, 'Z')}</DateTime>"
        f"<OffsetMinutes {system}>{moment.offset}</OffsetMinutes>"
    )


def unbindable(types: Types, ref: TypeRef) -> bool:
    """Whether a form cannot carry a type: byte[], and a model whose names in the code no page shows."""
    ref = bare(ref)
    if ref == BASE64:
        return True
    if ref.kind in ("collection", "dictionary") and ref.item is not None:
        return unbindable(types, ref.item)
    if ref.kind != "model" or types.enum(ref):
        return False
    return bool(types.contract.models[ref.name].data_contract.value)


# Model binders set no public fields; a time that bears a Z is moved to the server's zone.
def bindable(types: Types, ref: TypeRef, value: Deep) -> Deep:
    """What of a value a form can carry."""
    ref = bare(ref)
    if isinstance(value, list):
        return [bindable(types, ref.item or ref, item) for item in value]
    if isinstance(value, dict) and ref.kind == "dictionary":
        return {key: bindable(types, ref.item or ref, item) for key, item in value.items()}
    if isinstance(value, dict):
        model = types.contract.models[ref.name]
        inside = ((model[name], item) for name, item in value.items())
        return {
            prop.name: bindable(types, types.of(model, prop), item)
            for prop, item in inside
            if not prop.is_field.value and not unbindable(types, types.of(model, prop))
        }
    return value.rstrip("Z") if ref.name == "DateTime" and isinstance(value, str) else value


# FormUrlEncodedParser and the model binders: a.b, a[0], a[0].Key.
def _form(subject: Subject, record: Mapping[str, Deep]) -> bytes:
    pairs: list[tuple[str, str]] = []
    for prop in subject.model.in_json_order():
        value = record.get(prop.name)
        if value is not None:
            name = prop.json.value or prop.name
            pairs += _flat(subject.types, subject.types.of(subject.model, prop), name, value)
    return "&".join(f"{quote_plus(path)}={quote_plus(text)}" for path, text in pairs).encode()


def _flat(types: Types, ref: TypeRef, path: str, value: Deep) -> Iterator[tuple[str, str]]:
    ref = bare(ref)
    if isinstance(value, list):
        for place, item in enumerate(value):
            yield from _flat(types, ref.item or ref, f"{path}[{place}]", item)
    elif isinstance(value, dict) and ref.kind == "dictionary":
        for place, (key, item) in enumerate(value.items()):
            yield f"{path}[{place}].Key", key
            yield from _flat(types, ref.item or ref, f"{path}[{place}].Value", item)
    elif isinstance(value, dict):
        model = types.contract.models[ref.name]
        for name, item in value.items():
            inner = model[name]
            yield from _flat(types, types.of(model, inner), f"{path}.{inner.json.value or inner.name}", item)
    elif value is not None:
        yield path, lexical(value)
