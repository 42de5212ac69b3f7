"""Defects of searches: pages that lose or repeat rows, totals that do not add up, rows that are out of date.

The rule: records are kept and read as ever; only lists tell otherwise.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mockserver.defects.layers import Roles
from mockserver.defects.players import Player, Store, Turn, played
from mockserver.defects.table import Defect, family
from mockserver.webapi.actions import Outcome
from mockserver.webapi.shapes import Record

OK = range(200, 300)


class _Listed(Player):
    """A list whose rows and total are told otherwise."""

    def perform(self, turn: Turn) -> Outcome:
        outcome = turn.play(turn.call)
        if turn.does != "search" or outcome.status not in OK or not turn.plan.rows:
            return outcome
        return replace(outcome, value=self.list(turn, dict(outcome.value)))

    def list(self, turn: Turn, value: dict[str, Any]) -> dict[str, Any]:
        """The list as it is told."""
        return value


class _LastRowLost(_Listed):
    def list(self, turn: Turn, value: dict[str, Any]) -> dict[str, Any]:
        rows = value[turn.plan.rows]
        return {**value, turn.plan.rows: rows[:-1] if len(rows) > 1 else rows}


class _RowRepeated(_Listed):
    """Every page but the first begins with the last row of the page before."""

    def __init__(self) -> None:
        self._last: list[Any] = []

    def list(self, turn: Turn, value: dict[str, Any]) -> dict[str, Any]:
        rows, page = value[turn.plan.rows], turn.call.arguments.get(turn.plan.page)
        told = [*self._last, *rows[:-1]] if page not in (None, 1) and rows else rows
        self._last = rows[-1:]
        return {**value, turn.plan.rows: told}


class _TotalOfPage(_Listed):
    def list(self, turn: Turn, value: dict[str, Any]) -> dict[str, Any]:
        rows = value[turn.plan.rows]
        return {**value, **{n: len(rows) for n in value if n.replace("_", "").lower() in ("total", "totalitems")}}


class _ListStale(Player):
    """A list shows records as they were created."""

    def __init__(self) -> None:
        self._first: dict[object, Record] = {}

    def upsert(self, roles: Roles, record: Record, store: Store) -> Record:
        told = store(record)
        self._first.setdefault(told.get(roles.own or ""), {n: told.get(n) for n in roles.texts[1:]})
        return told

    def perform(self, turn: Turn) -> Outcome:
        outcome = turn.play(turn.call)
        if turn.does != "search" or outcome.status not in OK or not turn.plan.rows:
            return outcome
        rows = [{**row, **self._first.get(row.get(turn.roles.own), {})} for row in outcome.value[turn.plan.rows]]
        return replace(outcome, value={**outcome.value, turn.plan.rows: rows})


LISTS: tuple[Defect, ...] = family(
    "lists",
    ("search-loses-last-row", "The last row of a page is missing.", "search.pages", played(_LastRowLost)),
    (
        "search-repeats-a-row",
        "A page begins with the last row of the one before.",
        "search.pages",
        played(_RowRepeated),
    ),
    ("search-total-of-page", "The total counts the page alone.", "search.total", played(_TotalOfPage)),
    ("search-stale", "A list shows records as they were created.", "search.finds", played(_ListStale)),
)
