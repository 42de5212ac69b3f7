"""Corrected requests: the same members in the same format, written so that nothing is lost.

    JSON, forms   what the portal kept of the members that were sent
    XML           the elements put where they belong first, then what the portal keeps of them; those elements last

The rule: this file proposes, the portal disposes: each proposal is put to it before anyone sees it. The portal's own id
is never part of one. Values are written by the portal's writers, so that they come back as they are.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote as percent
from urllib.parse import urlencode

from contracts.model import Contract, Model, Operation, TypeRef
from mockserver.explain import xml_tree
from mockserver.webapi import Request, altered, byte_losses, charsets, forms, media_types, negotiation
from mockserver.webapi.bodies import Bodies, WriteError
from mockserver.webapi.boxed import Boxed
from mockserver.webapi.charsets import DecodeError
from mockserver.webapi.dates import DateTime
from mockserver.webapi.json_reader import JsonReader
from mockserver.webapi.json_scalars import quote
from mockserver.webapi.json_scanning import JsonError
from mockserver.webapi.json_writer import write_value
from mockserver.webapi.shapes import Member, Record, Shape, Shapes, fold
from mockserver.webapi.xml_writer import write_root

#: What the portal keeps of a request (None: nothing), and whether nothing of it is lost.
Ask = Callable[[Request], tuple[Record | None, bool]]
#: Stands for a carriage return until the XML is written: the portal's own writer makes line feeds of them.
_RETURN = "\uf00d"
#: Where the name of a form's member ends.
_HEAD = re.compile(r"[.\[]")


class Corrector:
    """Writes corrected requests for one contract's portal in a time zone."""

    def __init__(self, contract: Contract, zone: datetime.tzinfo):
        self._shapes, self._zone = Shapes(contract), zone
        self._bodies = Bodies(self._shapes, zone)

    def proposals(self, request: Request, operation: Operation, model: Model, ask: Ask) -> Iterator[Request]:
        """Corrected requests, the most faithful first; `ask` gives what the portal would keep of a request."""
        shape = self._shapes[model.name]
        media = media_types.content_type(request.first("Content-Type"))
        format_name = negotiation.reader(media)
        if format_name is None or media is None:
            return
        body = _meant(request.body or b"", media, format_name)
        body = _unprefixed(body, shape) if format_name == "form" else body
        plain = _with(request, _target(request, operation), media.name, body)
        if format_name == "xml":
            # Of a refused request nothing is left out: its sender must see what is wrong with it.
            as_sent = plain
            refused = ask(request)[0] is None
            fitted = xml_tree.fitted(
                self._shapes,
                shape,
                _text(body, format_name),
                lambda text: refused or ask(_filled(as_sent, text))[0] is not None,
            )
            if fitted is None:
                return
            plain = _filled(plain, fitted)
        record, _ = ask(plain)
        if record is None:
            return
        yield from self._rewritten(shape, format_name, plain, record, ask)
        if format_name == "xml":
            yield plain

    def written_anew(self, request: Request, operation: Operation, kept: Any) -> Iterator[Request]:
        """What the portal kept of a body that is no model (a list, a text), in the portal's own spelling."""
        media = media_types.content_type(request.first("Content-Type"))
        ref, format_name = operation.request.type.value, negotiation.reader(media)
        if kept is None or ref is None or media is None or format_name not in ("json", "xml"):
            return
        for value in (kept, _each(kept, _clock)):
            try:
                text = self._bodies.write_body(format_name, ref, value)
            except WriteError:
                continue
            yield _with(request, _target(request, operation), media.name, text.encode("utf-8", "replace"))

    def gone(self, model: Model, before: Record | None, after: Record) -> tuple[str, ...]:
        """The members of which the portal kept more of one request than of another."""
        own, members = model.portal_id.value, self._shapes[model.name].members
        return tuple(m.name for m in members if before and m.name != own and _less(before[m.name], after[m.name], m))

    def _rewritten(self, shape: Shape, format_name: str, plain: Request, record: Record, ask: Ask) -> Iterator[Request]:
        """The members that were sent with the values that the portal kept, in the portal's own spelling."""
        members = self._sent(shape, format_name, plain.body or b"")
        for kept in (record, _each(record, _clock)):
            chosen = members
            for _ in range(3):
                text = self._written(format_name, shape, chosen, kept)
                if text is None:
                    break
                yield _filled(plain, text)
                # A member that cannot be sent without a loss at all is left out in the end.
                chosen = [member for member in chosen if self._survives(format_name, shape, member, kept, plain, ask)]

    def _sent(self, shape: Shape, format_name: str, body: bytes) -> list[Member]:
        """The members that a body names, in the format's order, the portal's own left out."""
        own = shape.model.portal_id.value
        if format_name == "json":
            found = {fold(name) for name in _json_names(_text(body, format_name))}
            ordered = [m for m in shape.json_order if m.json is not None and fold(m.json) in found]
        elif format_name == "xml":
            named = xml_tree.names(_text(body, format_name))
            ordered = [m for m in shape.xml_order if m.xml is not None and m.xml.name in named]
        else:
            heads = [_HEAD.split(fold(forms.normalized(name)), maxsplit=1)[0] for name, _ in forms.pairs(body)]
            known = (shape.by_form.get(head) for head in dict.fromkeys(heads))
            ordered = [member for member in known if member is not None]
        return [member for member in ordered if member.name != own and member.settable]

    def _survives(self, format_name: str, shape: Shape, member: Member, kept: Record, plain: Request, ask: Ask) -> bool:
        """Whether the portal, sent this member alone, keeps what is written."""
        text = self._written(format_name, shape, [member], kept)
        if text is None:
            return False
        again, whole = ask(_filled(plain, text))
        return again is None or (whole and again[member.name] == kept[member.name])

    def _written(self, format_name: str, shape: Shape, members: list[Member], record: Record) -> str | None:
        try:
            if format_name == "json":
                return self._json(members, record)
            if format_name == "xml":
                return self._xml(shape, members, record)
            return self._form(members, record)
        except WriteError:
            return None

    def _json(self, members: list[Member], record: Record) -> str:
        lines = [
            f"  {quote(m.json or m.name)}: {write_value(self._shapes, m.type, record[m.name], self._zone)}"
            for m in members
        ]
        return "{\n" + ",\n".join(lines) + "\n}" if lines else "{}"

    def _xml(self, shape: Shape, members: list[Member], record: Record) -> str:
        marked = _each(record, lambda value: value.replace("\r", _RETURN) if isinstance(value, str) else value)
        opening, elements = xml_tree.parts(self._document(shape, {m.name for m in members}, marked))
        chosen = {(m.xml.name, m.xml.namespace) for m in members if m.xml is not None}
        inner = "".join(f"  {text}\n" for name, text in elements if name in chosen)
        return f"{opening}\n{inner}</{shape.xml_root.name}>".replace(_RETURN, "&#xD;")

    def _document(self, shape: Shape, chosen: set[str], record: Record) -> str:
        """The record as XML; where it cannot be written, with something harmless in members that are not chosen."""
        ref = TypeRef("model", shape.model.name)
        try:
            return write_root(self._shapes, ref, record, self._zone)
        except WriteError:
            other = {m.name: record[m.name] if m.name in chosen else self._harmless(m) for m in shape.members}
            return write_root(self._shapes, ref, other, self._zone)

    def _harmless(self, member: Member) -> Any:
        enum = self._shapes.enum(member.type)
        if member.nullable or enum is None or not enum.members:
            return None if member.nullable else member.default
        return enum.members[0].value

    def _form(self, members: list[Member], record: Record) -> str:
        pairs = [pair for m in members for pair in self._pairs(m.type, record[m.name], m.clr)]
        return urlencode(pairs, quote_via=percent)

    def _pairs(self, ref: TypeRef, value: Any, name: str) -> Iterator[tuple[str, str]]:
        """A value as names and texts: `Name.Member`, `Name[0]`, `Name[0].Key`; null and what is empty say nothing."""
        enum = self._shapes.enum(ref)
        if value is None:
            return
        if enum is not None:
            yield name, next((one.name for one in enum.members if one.value == value), str(value))
        elif ref.kind == "scalar":
            yield name, altered.written(ref.name, value, self._zone)
        elif isinstance(value, Boxed):
            yield from ((name, str(one)) for one in (value.value if isinstance(value.value, list) else [value.value]))
        elif ref.kind == "model":
            for member in self._shapes[ref.name].members:
                if member.field or not member.settable:
                    continue
                yield from self._pairs(member.type, value[member.name], f"{name}.{member.clr}")
        elif ref.kind == "collection" and ref.item is not None:
            for at, item in enumerate(value):
                if item is None:  # left out, it would end the list
                    yield f"{name}[{at}]", ""
                yield from self._pairs(ref.item, item, f"{name}[{at}]")
        elif ref.kind == "dictionary" and ref.item is not None:
            for at, (key, item) in enumerate(value.items()):
                yield f"{name}[{at}].Key", str(key)
                yield from self._pairs(ref.item, item, f"{name}[{at}].Value")


def _target(request: Request, operation: Operation) -> str:
    """The operation's path; with parameters in it, or in the query, it is the request's own."""
    return request.target if operation.parameters else f"/{operation.path.value}"


def _filled(request: Request, text: str) -> Request:
    return replace(request, body=text.encode("utf-8", "replace"))


def _with(request: Request, target: str, content_type: str, body: bytes) -> Request:
    """The request to that target with another body, whose charset is UTF-8."""
    headers = [
        (name, content_type if name.lower() == "content-type" else value)
        for name, value in request.headers
        if name.lower() not in ("content-length", "transfer-encoding")
    ]
    return Request(request.method, target, headers, body)


def _meant(body: bytes, media: media_types.MediaType, format_name: str) -> bytes:
    """The body in UTF-8, decoded as its charset says where that is possible, else as the portal does."""
    named = (media.parameter("charset") or "").strip('"')
    if named.lower() not in ("", *negotiation.CHARSETS):
        text = byte_losses.labelled(body, named)
        if text is not None:
            return text.encode("utf-8", "replace")
    if format_name == "form":
        return body
    try:
        decode = charsets.decode_json if format_name == "json" else charsets.decode_xml
        return decode(body, negotiation.charset(media)).encode("utf-8", "surrogateescape")
    except (DecodeError, UnicodeError):
        return body


def _unprefixed(body: bytes, shape: Shape) -> bytes:
    """The form with `model.Name` and `model[Name]` as `Name`, where that is a member's and nothing else is."""
    sent = forms.pairs(body)
    folded = [fold(forms.normalized(name)) for name, _ in sent]
    if any(name.partition(".")[0] in shape.by_form for name in folded):
        return body
    last = [name.rpartition(".")[2] for name in folded]
    if not any(name in shape.by_form for name in last):
        return body
    return urlencode([(name, value) for name, (_, value) in zip(last, sent, strict=True)], quote_via=percent).encode()


def _text(body: bytes, format_name: str) -> str:
    text = body.decode("utf-8", "replace")
    # A declaration may name an encoding that no longer holds.
    if format_name == "xml" and text.startswith("<?xml") and "?>" in text:
        return text.partition("?>")[2]
    return text


def _json_names(text: str) -> Iterator[str]:
    """The names of the outermost object's members, as far as they can be read."""
    reader = JsonReader(text)
    try:
        while reader.read():
            if reader.token == "PropertyName" and reader.depth == 1:
                yield reader.value
    except JsonError:
        return


def _clock(value: Any) -> Any:
    """A time without its offset: what remains where an offset cannot be written."""
    return DateTime(value.ticks) if isinstance(value, DateTime) else value


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    """The value with every scalar in it changed."""
    if isinstance(value, dict):
        return {name: _each(inner, change) for name, inner in value.items()}
    return [_each(inner, change) for inner in value] if isinstance(value, list) else change(value)


def _less(before: Any, after: Any, member: Member | None = None) -> bool:
    """Whether there is less in a value than there was: nothing, or fewer items or members; other values are no less."""
    if isinstance(before, dict):
        return not isinstance(after, dict) or any(_less(inner, after.get(name)) for name, inner in before.items())
    if isinstance(before, list):
        shorter = not isinstance(after, list) or len(after) < len(before)
        return shorter or any(map(_less, before, after))
    if before and isinstance(before, str | bytes) and not after:
        return True
    nothing = None if member is None else member.default
    return before != nothing and (after is None or after == nothing)
