"""Defects of identity: which record is which, and who draws the id.

The rule: the first defect of a line of reasoning is the plain one, its kin are subtler. Values of members may not be
touched here.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from mockserver.defects.layers import Call, Controller, Layer, controller, media_of, wire_of
from mockserver.defects.table import Defect, family
from mockserver.webapi.shapes import Record

#: Ids that a faulty portal draws are made from a counter in this namespace.
_NAMESPACE = uuid.UUID("5eed0000-0000-4000-8000-0000000000de")


def drawing() -> Callable[[], str]:
    """A source of ids that are never the same, yet the same at each start."""
    numbers = itertools.count(1)
    return lambda: str(uuid.uuid5(_NAMESPACE, str(next(numbers))))


def _with_id(call: Call, answer: Record, drawn: Any) -> Record:
    return {**answer, call.roles.own: drawn} if call.roles.own else answer


def _each_post() -> Controller:
    draw = drawing()
    return lambda call, record: _with_id(call, call.act(record), draw())


def _on_change() -> Controller:
    draw, known, ids = drawing(), dict[Any, Record](), dict[Any, str]()

    def control(call: Call, record: Record) -> Record:
        place = call.place(record)
        if place in known and known[place] != record:
            ids[place] = draw()
        known[place] = record
        answer = call.act(record)
        return _with_id(call, answer, ids[place]) if place in ids else answer

    return control


def _looked_up(fold: Callable[[str, Call], str], shown: bool = False) -> Layer:
    """Records are looked up by what became of the key, which the answer shows as sent, or as stored (`shown`)."""

    def control(call: Call, record: Record) -> Record:
        sent = record.get(call.roles.key)
        if sent is None:
            return call.act(record)
        answer = call.act({**record, call.roles.key: fold(str(sent), call)})
        return answer if shown else {**answer, call.roles.key: sent}

    return controller(lambda: control)


def _keys(fold: Callable[[str], str], shown: bool = False) -> Layer:
    return _looked_up(lambda key, call: fold(key), shown)


def _without_accents(key: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", key) if not unicodedata.combining(c))


def _varchar(key: str) -> str:
    return key.encode("cp1252", "replace").decode("cp1252")


def _first_id_for_all() -> Controller:
    first: list[Any] = []

    def control(call: Call, record: Record) -> Record:
        answer = call.act(record)
        first.append(answer.get(call.roles.own or ""))
        return _with_id(call, answer, first[0])

    return control


def _last_inserted() -> Controller:
    """SELECT @@IDENTITY after the upsert: right after an insert, another record's after an update."""
    known, last = set[Any](), list[Any]([""])

    def control(call: Call, record: Record) -> Record:
        answer = call.act(record)
        if call.place(record) not in known:
            known.add(call.place(record))
            last[0] = answer.get(call.roles.own or "")
        return _with_id(call, answer, last[0])

    return control


def _client_id(on_create: bool) -> Controller:
    """The client's id is taken over: from a new record, or from a known one only."""
    known, taken = set[Any](), dict[Any, str]()

    def control(call: Call, record: Record) -> Record:
        place, sent = call.place(record), record.get(call.roles.own or "")
        if sent and sent != str(uuid.UUID(int=0)) and (place in known) != on_create:
            taken[place] = sent
        known.add(place)
        answer = call.act(record)
        return _with_id(call, answer, taken[place]) if place in taken else answer

    return control


def _on_update(drawn: Any) -> Controller:
    known = set[Any]()

    def control(call: Call, record: Record) -> Record:
        answer, place = call.act(record), call.place(record)
        if place in known:
            return _with_id(call, answer, drawn)
        known.add(place)
        return answer

    return control


def _forgetful(room: int) -> Controller:
    """Ids live in a cache of the last keys; who was displaced is new again."""
    draw, ids = drawing(), dict[Any, str]()

    def control(call: Call, record: Record) -> Record:
        place = call.place(record)
        ids[place] = ids.pop(place) if place in ids else draw()
        while len(ids) > room:
            del ids[next(iter(ids))]
        return _with_id(call, call.act(record), ids[place])

    return control


def _two_servers() -> Controller:
    """Two servers behind one address, each with ids of its own."""
    draw, turn, ids = drawing(), itertools.count(), dict[Any, str]()

    def control(call: Call, record: Record) -> Record:
        place = (next(turn) % 2, call.place(record))
        return _with_id(call, call.act(record), ids.setdefault(place, draw()))

    return control


_SAME, _OTHER, _BACK = "upsert.same-key-same-id", "upsert.other-key-other-id", "upsert.key-comes-back"

KEYS: tuple[Defect, ...] = family(
    "keys",
    ("new-id-at-each-post", "Every post is an insert and draws an id.", _SAME, controller(_each_post)),
    ("new-id-on-change", "A changed record is deleted and inserted anew.", _SAME, controller(_on_change)),
    ("two-servers-two-ids", "Two servers take turns, each with ids of its own.", _SAME, controller(_two_servers)),
    (
        "id-per-format",
        "JSON, XML and forms each keep their own records.",
        "upsert.same-id-in-every-format",
        _looked_up(lambda key, call: f"{wire_of(call.request)}:{key}"),
    ),
    (
        "id-per-media-type",
        "text/xml keeps other records than application/xml.",
        "upsert.same-id-in-every-format",
        _looked_up(lambda key, call: f"text:{key}" if media_of(call.request) == "text/xml" else key),
    ),
    ("one-id-for-all", "A static field keeps the first id for everyone.", _OTHER, controller(_first_id_for_all)),
    ("keys-cut-at-50", "The key's column is nvarchar(50), longer keys are cut.", _OTHER, _keys(lambda k: k[:50])),
    ("keys-cut-at-100", "The key's column is nvarchar(100), longer keys are cut.", _OTHER, _keys(lambda k: k[:100])),
    (
        "keys-as-numbers",
        "Numbers in a key are compared as numbers: 7 is 007.",
        _OTHER,
        _keys(lambda k: re.sub(r"\d+", lambda m: str(int(m[0])), k)),
    ),
    (
        "keys-without-accents",
        "The key's collation is accent-insensitive.",
        _OTHER,
        _keys(_without_accents),
    ),
    (
        "keys-by-collation",
        "The key's collation takes ß for ss and æ for ae.",
        "upsert.letters-tell-keys-apart",
        _keys(lambda k: k.replace("ß", "ss").replace("æ", "ae")),
    ),
    (
        "keys-without-punctuation",
        "Keys are compared by letters and digits.",
        _OTHER,
        _keys(lambda k: re.sub(r"\W|_", "", k)),
    ),
    (
        "keys-by-checksum",
        "Keys are found by a checksum that ignores order.",
        _OTHER,
        _keys(lambda k: f"{k[:8]}{sum(map(ord, k))}"),
    ),
    ("keys-decoded-twice", "Percent signs in a key are decoded once more.", _OTHER, _keys(unquote)),
    (
        "keys-in-varchar",
        "The key's column is varchar: other scripts become '?'.",
        _OTHER,
        _keys(_varchar),
    ),
    ("keys-answered-in-varchar", "The same, and the answer shows it.", _BACK, _keys(_varchar, shown=True)),
    ("keys-answered-upper", "Keys are stored and answered in upper case.", _BACK, _keys(str.upper, shown=True)),
    (
        "zero-id",
        "The id is the guid of zeros.",
        "id.drawn",
        controller(lambda: lambda c, r: _with_id(c, c.act(r), str(uuid.UUID(int=0)))),
    ),
    (
        "id-of-last-insert",
        "The answer bears the id drawn last (@@IDENTITY).",
        "upsert.records-apart",
        controller(_last_inserted),
    ),
    (
        "no-id-on-update",
        "The answer to an update bears no id.",
        _SAME,
        controller(lambda: _on_update(None)),
    ),
    (
        "client-id-on-create",
        "The client's id is taken over by a new record.",
        "id.client-ignored-on-create",
        controller(lambda: _client_id(True)),
    ),
    (
        "client-id-on-update",
        "The client's id is taken over by a known record.",
        "id.client-ignored-on-update",
        controller(lambda: _client_id(False)),
    ),
    (
        "ids-forgotten",
        "Ids live in a cache of 8 keys and are drawn anew then.",
        "upsert.ids-hold",
        controller(lambda: _forgetful(8)),
    ),
)
