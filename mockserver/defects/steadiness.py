"""Defects that come and go: what is right most of the time.

The rule: what comes and goes is counted, so that the same requests meet it at the same place.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

from mockserver.defects.keys import drawing
from mockserver.defects.layers import Call, Controller, FailedError, controller
from mockserver.defects.table import Defect, family
from mockserver.webapi.shapes import Record


def _every(number: int, change: Callable[[Call, Record], Record]) -> Callable[[], Controller]:
    """Each so-many-th record meets a change."""

    def make() -> Controller:
        turn = itertools.count(1)
        return lambda call, record: change(call, record) if next(turn) % number == 0 else call.act(record)

    return make


def _fails(call: Call, record: Record) -> Record:
    raise FailedError


def _fails_after(call: Call, record: Record) -> Record:
    call.act(record)
    raise FailedError


def _another_id() -> Controller:
    draw = drawing()
    return _every(
        9, lambda call, record: {**call.act(record), **({call.roles.own: draw()} if call.roles.own else {})}
    )()


def _without_texts(call: Call, record: Record) -> Record:
    return {**call.act(record), **dict.fromkeys(call.roles.texts)}


_STEADY = "steady.same-request-same-answer"

STEADINESS: tuple[Defect, ...] = family(
    "steadiness",
    ("every-7th-fails", "Every seventh record is answered with 500.", _STEADY, controller(_every(7, _fails))),
    (
        "every-11th-fails-afterwards",
        "Every eleventh record is stored and answered with 500.",
        _STEADY,
        controller(_every(11, _fails_after)),
    ),
    ("every-9th-id-is-new", "Every ninth answer bears an id of its own.", _STEADY, controller(_another_id)),
    ("every-8th-answer-is-empty", "Every eighth answer has no texts.", _STEADY, controller(_every(8, _without_texts))),
)
