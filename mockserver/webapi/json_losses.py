"""What a JSON body says that Json.NET passes over or changes: telling it, with the reason.

    a member sent twice, text after the model, a value that is not the one sent

The rule: nothing here decides what is read (`json_binding` and `json_fast` do), only whether something was lost.
"""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

from mockserver.webapi import altered
from mockserver.webapi.blanks import WHITE
from mockserver.webapi.json_reader import JsonReader
from mockserver.webapi.json_scanning import JsonError
from mockserver.webapi.losses import Losses

_BLANKS = WHITE + "\0"
_ESCAPED_REPLACEMENT = re.compile(r"\\u[fF]{3}[dD]")
_SHORT = 200


def shown(raw: str) -> str:
    """A value as sent, without what stands around it."""
    return raw.strip(_BLANKS)


def _words(raw: str) -> str:
    """The text that a JSON string stands for, or the bare word."""
    if raw[:1] not in ("'", '"'):
        return raw
    inner = raw[1:-1]
    if "\\" not in inner or len(inner) > _SHORT:
        return inner
    try:
        found = json.loads(f'"{inner}"', strict=False)
    except ValueError:
        return inner
    return found if isinstance(found, str) else inner


def tell_altered(losses: Losses, reader: JsonReader, clr: str, kept: Any, zone: datetime.tzinfo) -> None:
    """What became of the scalar just read."""
    raw = shown(reader.since(reader.start))
    if clr == "String":
        _tell_text(losses, reader, raw, kept)
        return
    if clr == "Char" and raw[:1] not in ("'", '"') and raw != kept:
        losses.add("json.respelled", reader.path, raw, kept)
        return
    for reason in altered.reasons(clr, _words(raw), kept, zone):
        losses.add(reason, reader.path, raw, altered.written(clr, kept, zone))


def tell_blank(losses: Losses, reader: JsonReader) -> None:
    """That an empty string became null."""
    if shown(reader.since(reader.start)) in ('""', "''"):
        losses.add("json.blank", reader.path, '""', "null")


def _tell_text(losses: Losses, reader: JsonReader, raw: str, kept: str) -> None:
    if raw[:1] not in ("'", '"'):
        if raw != kept:
            losses.add("json.respelled", reader.path, raw, kept)
    elif "\ufffd" in kept and kept.count("\ufffd") > raw.count("\ufffd") + len(_ESCAPED_REPLACEMENT.findall(raw)):
        losses.add("json.replaced", reader.path, raw, kept)


def tell_duplicate(losses: Losses, reader: JsonReader, name: str, raw: str, sent: dict[str, str]) -> None:
    """That a member was sent before; `sent` is what each member was last sent as."""
    value = shown(raw)
    before = sent.get(name)
    sent[name] = value
    if before is not None:
        losses.add("json.duplicate", reader.path, before, value)


def tell_rest(losses: Losses, reader: JsonReader) -> None:
    """What follows the model, but blanks and comments."""
    start = reader.position
    while True:
        reader.blanks()
        if reader.at_end:
            return
        if reader.char != "/":
            break
        try:
            reader.comment()
        except JsonError:
            break
    losses.add("json.rest", "", shown(reader.text[start:]))
