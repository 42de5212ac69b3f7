"""Defects that show only when requests overlap.

The rule: a race waits a moment where the real one has its gap, longer while another request is in hand; a lone client
never meets it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from mockserver.defects.keys import drawing
from mockserver.defects.layers import Call, Controller, FailedError, controller
from mockserver.defects.table import Defect, family
from mockserver.webapi.shapes import Record

#: Seconds between a race's reading and its writing, with other requests in hand and without.
GAP, LONE_GAP = 0.02, 0.008


def _gap(busy: list[Any]) -> None:
    """The moment in which another request may come between."""
    ended = time.monotonic() + GAP
    time.sleep(LONE_GAP)  # others that were sent at once arrive
    while len(busy) > 1 and time.monotonic() < ended:
        time.sleep(0.001)


def _racing(control: Callable[[Call, Record, list[Any]], Record]) -> Callable[[], Controller]:
    """A controller that knows which requests are in hand."""

    def make() -> Controller:
        busy: list[Any] = []

        def counted(call: Call, record: Record) -> Record:
            mark = threading.get_ident()
            busy.append(mark)
            try:
                return control(call, record, busy)
            finally:
                busy.remove(mark)

        return counted

    return make


def _select_then_insert(index: bool) -> Callable[[], Controller]:
    """SELECT, then INSERT: without a unique index a key gets several ids, with one the later inserts fail."""

    def make() -> Controller:
        draw, ids, lock = drawing(), dict[Any, str](), threading.Lock()

        def control(call: Call, record: Record, busy: list[Any]) -> Record:
            place = call.place(record)
            found = ids.get(place)
            if found is None:
                _gap(busy)
                with lock:
                    if index and place in ids:
                        raise FailedError
                    found = ids[place] = draw()
            answer = call.act(record)
            return {**answer, call.roles.own: found} if call.roles.own else answer

        return _racing(control)()

    return make


def _shared_field() -> Controller:
    """The record in work stands in a static field: a request answers with another's when they overlap."""
    field: list[Record] = [{}]

    def control(call: Call, record: Record, busy: list[Any]) -> Record:
        field[0] = answer = call.act(record)
        _gap(busy)
        shown = field[0]
        return {
            **shown,
            call.roles.key: answer[call.roles.key],
            **({own: answer[own]} if (own := call.roles.own) else {}),
        }

    return _racing(control)()


def _by_columns() -> Controller:
    """An update writes its columns in two steps: two at once leave some of each."""
    rows: dict[Any, Record] = {}

    def control(call: Call, record: Record, busy: list[Any]) -> Record:
        names = call.roles.texts
        row = rows.setdefault(call.place(record), {})
        row.update({name: record.get(name) for name in names[: len(names) // 2]})
        _gap(busy)
        row.update({name: record.get(name) for name in names[len(names) // 2 :]})
        return call.act({**record, **{name: row.get(name) for name in names}})

    return _racing(control)()


_ONE = "together.one-new-key"

RACES: tuple[Defect, ...] = family(
    "races",
    (
        "race-two-ids",
        "SELECT, then INSERT, no unique index: two at once get two ids.",
        _ONE,
        controller(_select_then_insert(False)),
    ),
    (
        "race-fails",
        "SELECT, then INSERT, unique index: the later of two fails (500).",
        _ONE,
        controller(_select_then_insert(True)),
    ),
    (
        "race-static-field",
        "The record in work stands in a static field.",
        "together.other-keys",
        controller(_shared_field),
    ),
    (
        "race-half-updates",
        "Two updates at once leave some columns of each.",
        "together.one-known-key",
        controller(_by_columns),
    ),
)
