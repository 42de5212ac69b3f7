"""Defects of updates: what a second post makes of the first, and what records make of each other.

The rule: the ids are right here, what is wrong is the content of a known record. How single values are kept may not
live here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mockserver.defects.layers import Call, Controller, Handle, Layer, Site, controller, wire_of
from mockserver.defects.table import Defect, family
from mockserver.webapi import Act, Request, Response
from mockserver.webapi.shapes import Record


def _shown(call: Call, answer: Record, row: Record) -> Record:
    """The answer with a row's content, under its own id and key."""
    ours = (call.roles.own, call.roles.key)
    return {name: answer[name] if name in ours else row.get(name, answer[name]) for name in answer}


def _until(most: int) -> Controller:
    """Only so many versions are stored; what follows is answered with the last of them."""
    rows, counts = dict[Any, Record](), dict[Any, int]()

    def control(call: Call, record: Record) -> Record:
        answer, place = call.act(record), call.place(record)
        counts[place] = counts.get(place, 0) + 1
        if counts[place] <= most:
            rows[place] = answer
        return _shown(call, answer, rows[place])

    return control


def _late(when: Callable[[Call], bool] = lambda call: True) -> Controller:
    """The answer is read before the update is written."""
    rows: dict[Any, Record] = {}

    def control(call: Call, record: Record) -> Record:
        answer, place = call.act(record), call.place(record)
        before, rows[place] = rows.get(place, answer), answer
        return _shown(call, answer, before) if when(call) else answer

    return control


def _after_a_refusal() -> Layer:
    """The transaction of a refused request is left open: what follows on that record is rolled back with it."""

    def layer(site: Site, handle: Handle) -> Handle:
        rows: dict[Any, Record] = {}
        refused: list[bool] = [False]

        def control(call: Call, record: Record) -> Record:
            answer, place = call.act(record), call.place(record)
            if not refused[0] or place not in rows:
                rows[place] = answer
            refused[0] = False
            return _shown(call, answer, rows[place])

        inner = controller(lambda: control)(site, handle)

        def altered(request: Request, act: Act) -> Response:
            response = inner(request, act)
            refused[0] = refused[0] or response.status == 400
            return response

        return altered

    return layer


def _columns(names: Callable[[Call], tuple[str, ...]], when: Callable[[Call], bool] = lambda call: True) -> Controller:
    """Some columns are not in the UPDATE: they stay as they were first stored."""
    rows: dict[Any, Record] = {}

    def control(call: Call, record: Record) -> Record:
        first = rows.setdefault(call.place(record), record)
        return call.act({**record, **{name: first.get(name) for name in names(call)}} if when(call) else record)

    return control


def _unless_all_change(names: Callable[[Call], tuple[str, ...]]) -> Controller:
    """Change detection looks at some members together: where one of them is as it was, all of them stay."""
    rows: dict[Any, Record] = {}

    def control(call: Call, record: Record) -> Record:
        place = call.place(record)
        before = rows.get(place, {})
        if any(before.get(name) == record.get(name) for name in names(call)):
            record = {**record, **{name: before.get(name) for name in names(call) if name in before}}
        rows[place] = record
        return call.act(record)

    return control


def _kept_apart(call: Call, record: Record, before: Record) -> Record:
    """The second of two members that change in one request, while times stay, is lost."""
    one, other = call.roles.texts[:2]
    together = record.get(one) != before.get(one) and record.get(other) != before.get(other)
    times_stay = all(record.get(name) == before.get(name) for name in call.roles.dates)
    return {**record, other: before.get(other)} if together and times_stay else record


def _one_change_a_request() -> Controller:
    rows: dict[Any, Record] = {}

    def control(call: Call, record: Record) -> Record:
        place = call.place(record)
        if place in rows:
            record = _kept_apart(call, record, rows[place])
        rows[place] = record
        return call.act(record)

    return control


def _everything(call: Call) -> tuple[str, ...]:
    return (*call.roles.texts, *call.roles.dates)


def _echo() -> Controller:
    """The answer is the request; the row is as first stored, which shows where a member is left out."""
    rows: dict[Any, Record] = {}

    def control(call: Call, record: Record) -> Record:
        first = rows.setdefault(call.place(record), record)
        lacking = [name for name in call.roles.optional if record.get(name) is None]
        return call.act({**record, **{name: first.get(name) for name in lacking}})

    return control


def _from_the_last_request() -> Controller:
    """The model is reused from request to request and not emptied."""
    last: Record = {}

    def control(call: Call, record: Record) -> Record:
        filled = {**record, **{n: last.get(n) for n in call.roles.optional if record.get(n) is None}}
        last.update({name: value for name, value in record.items() if value is not None})
        return call.act(filled)

    return control


def _last_record() -> Controller:
    """A static field holds what is answered, and is set after the answer is made."""
    last: Record = {}

    def control(call: Call, record: Record) -> Record:
        answer = call.act(record)
        before = dict(last) or answer
        last.update(answer)
        return {**before, call.roles.own: answer[call.roles.own]} if call.roles.own else before

    return control


def _all_rows() -> Controller:
    """UPDATE without WHERE: every record of the kind gets what one is told. Left out members are kept."""
    rows: dict[Any, Record] = {}

    def control(call: Call, record: Record) -> Record:
        place = call.place(record)
        said = {name: record[name] for name in call.roles.texts if record.get(name) is not None}
        known = place in rows
        for row in rows.values() if known else ():
            row.update(said)
        row = rows.setdefault(place, dict(said))
        return call.act({**record, **{name: row.get(name) for name in call.roles.texts}})

    return control


def _dates_swapped() -> Controller:
    known: set[Any] = set()

    def control(call: Call, record: Record) -> Record:
        place, dates = call.place(record), call.roles.dates
        if place in known and len(dates) > 1:
            record = {**record, dates[0]: record[dates[-1]], dates[-1]: record[dates[0]]}
        known.add(place)
        return call.act(record)

    return control


_VISIBLE, _STORED, _APART = "upsert.update-visible", "upsert.update-stored", "upsert.records-apart"

UPDATES: tuple[Defect, ...] = family(
    "updates",
    (
        "update-ignored",
        "INSERT WHERE NOT EXISTS: an update is answered as first stored.",
        _VISIBLE,
        controller(lambda: _until(1)),
    ),
    (
        "second-update-ignored",
        "A row's version is not read again: the second update is lost.",
        _VISIBLE,
        controller(lambda: _until(2)),
    ),
    (
        "fourth-update-ignored",
        "After three changes a record is closed, without a word.",
        _VISIBLE,
        controller(lambda: _until(4)),
    ),
    ("update-shown-late", "The answer is read before the update is written.", _VISIBLE, controller(_late)),
    (
        "update-shown-late-in-xml",
        "Answers in XML come from a cache that is one update behind.",
        "upsert.update-visible-in-xml",
        controller(lambda: _late(lambda call: "xml" in (call.request.first("Accept") or ""))),
    ),
    (
        "update-after-refusal-lost",
        "The update that follows a refused request is rolled back with it.",
        "upsert.any-sequence",
        _after_a_refusal(),
    ),
    (
        "update-forgets-a-column",
        "One text column is missing in the UPDATE.",
        _VISIBLE,
        controller(lambda: _columns(lambda call: call.roles.texts[-1:])),
    ),
    (
        "update-forgets-times",
        "The times are missing in the UPDATE.",
        "dates.updated",
        controller(lambda: _columns(lambda call: call.roles.dates)),
    ),
    (
        "times-move-together-only",
        "A time is updated only where the others change too.",
        "upsert.any-two-members",
        controller(lambda: _unless_all_change(lambda call: call.roles.dates)),
    ),
    (
        "one-change-a-request",
        "Of two members that change while the times stay, the second is lost.",
        "upsert.any-two-members",
        controller(_one_change_a_request),
    ),
    (
        "update-swaps-times",
        "The UPDATE has two times the wrong way round.",
        "dates.updated",
        controller(_dates_swapped),
    ),
    (
        "update-in-xml-ignored",
        "An update in XML changes nothing.",
        _VISIBLE,
        controller(lambda: _columns(_everything, lambda call: wire_of(call.request) == "xml")),
    ),
    (
        "update-in-forms-ignored",
        "An update by a form changes nothing.",
        _VISIBLE,
        controller(lambda: _columns(_everything, lambda call: wire_of(call.request) == "form")),
    ),
    ("update-only-answered", "The answer echoes the request, the update is not stored.", _STORED, controller(_echo)),
    (
        "model-reused",
        "What a request leaves out is taken from the one before.",
        _APART,
        controller(_from_the_last_request),
    ),
    (
        "last-record-answered",
        "The content of the record before is answered.",
        "upsert.key-comes-back",
        controller(_last_record),
    ),
    ("update-without-where", "An update is written to every record.", _APART, controller(_all_rows)),
)
