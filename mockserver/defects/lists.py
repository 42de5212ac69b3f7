"""Defects of searches: pages that lose or repeat rows, totals that do not add up, rows that are out of date.

The rule: records are kept and read as ever; only lists tell otherwise.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

from mockserver.defects.layers import FailedError, Handle, Roles, Site, answering, header, wire_of
from mockserver.defects.players import Player, Store, Turn, played
from mockserver.defects.table import Defect, family
from mockserver.webapi import Act, Request, Response
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


class _OthersIgnored(Player):
    """Of several filters the first text alone counts."""

    def perform(self, turn: Turn) -> Outcome:
        if turn.does != "search":
            return turn.play(turn.call)
        paging = {turn.plan.page, turn.plan.size}
        names = [n for n in turn.plan.filters if isinstance(turn.call.arguments.get(n), str)][:1]
        kept = {n: v for n, v in turn.call.arguments.items() if n in paging or n in names}
        return turn.play(replace(turn.call, arguments={**dict.fromkeys(turn.call.arguments), **kept}))


class _AllForNone(Player):
    """A search that finds nothing lists everything."""

    def perform(self, turn: Turn) -> Outcome:
        outcome = turn.play(turn.call)
        if turn.does != "search" or not turn.plan.rows or outcome.status not in OK or outcome.value[turn.plan.rows]:
            return outcome
        paging = {n: v for n, v in turn.call.arguments.items() if n in (turn.plan.page, turn.plan.size)}
        return turn.play(replace(turn.call, arguments={**dict.fromkeys(turn.call.arguments), **paging}))


class _DeletedListed(_Listed):
    """What was deleted is listed still, where a text of it is searched for."""

    def __init__(self) -> None:
        self._known: dict[str, Record] = {}
        self._gone: list[Record] = []

    def upsert(self, roles: Roles, record: Record, store: Store) -> Record:
        told = store(record)
        self._known[str(told.get(roles.own or "")).lower()] = told
        return told

    def perform(self, turn: Turn) -> Outcome:
        if turn.does == "delete" and turn.named in self._known:
            self._gone.append(self._known[turn.named])
        return super().perform(turn)

    def list(self, turn: Turn, value: dict[str, Any]) -> dict[str, Any]:
        asked = {v for v in turn.call.arguments.values() if isinstance(v, str)}
        gone = [record for record in self._gone if asked & {v for v in record.values() if isinstance(v, str)}]
        return {**value, turn.plan.rows: [*value[turn.plan.rows], *gone]}


class _LastPageAgain(Player):
    """A page beyond the end is the last one once more."""

    def perform(self, turn: Turn) -> Outcome:
        outcome, page = turn.play(turn.call), turn.call.arguments.get(turn.plan.page)
        while (
            turn.does == "search" and turn.plan.rows and outcome.status in OK and page is not None and 1 < page < 1000
        ):
            if outcome.value[turn.plan.rows]:
                break
            page -= 1
            outcome = turn.play(replace(turn.call, arguments={**turn.call.arguments, turn.plan.page: page}))
        return outcome


class _FailsOnPageZero(Player):
    """A page before the first is a negative offset, which the database refuses."""

    def perform(self, turn: Turn) -> Outcome:
        page = turn.call.arguments.get(turn.plan.page) if turn.does == "search" else None
        if page is not None and page < 1:
            raise FailedError
        return turn.play(turn.call)


class _PageTold(_Listed):
    def list(self, turn: Turn, value: dict[str, Any]) -> dict[str, Any]:
        return {n: v + 1 if n.replace("_", "").lower() == "currentpage" else v for n, v in value.items()}


def _other_default(site: Site, handle: Handle) -> Handle:
    """Without a size a page holds half of what the page says."""

    def altered(request: Request, act: Act) -> Response:
        path, _, query = request.target.partition("?")
        for operation in site.contract.operations:
            sizes = [p for p in operation.parameters if p.default.value == "10" and f"{p.key}=" not in query]
            if sizes and path.strip("/").lower() == operation.path.value.strip("/").lower():
                return handle(replace(request, target=f"{path}?{query}&{sizes[0].key}=5"), act)
        return handle(request, act)

    return altered


def _row_lost_in_xml(site: Site, request: Request, response: Response) -> Response:
    """The last row of a list is not written in XML."""
    if request.method != "GET" or wire_of(response) != "xml" or response.status not in OK:
        return response
    root = ElementTree.fromstring(response.body)
    holder = max(root, key=len, default=None)
    if holder is None or len(holder) < 2 or len({child.tag for child in holder}) > 1:
        return response
    holder.remove(holder[-1])
    body = ElementTree.tostring(root)
    return header(replace(response, body=body), "Content-Length", str(len(body)))


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
    ("search-first-filter-only", "Of several filters one counts.", "search.by-others", played(_OthersIgnored)),
    ("search-all-for-none", "Where nothing is found, all is listed.", "search.nothing", played(_AllForNone)),
    ("search-lists-deleted", "What was deleted is listed still.", "search.deleted", played(_DeletedListed)),
    ("search-last-page-again", "Beyond the end is the last page.", "search.beyond", played(_LastPageAgain)),
    ("search-fails-on-page-0", "A page 0 is an error of the server.", "search.beyond", played(_FailsOnPageZero)),
    ("search-other-default", "Pages hold 5 rows, not 10 as said.", "search.defaults", _other_default),
    ("search-tells-next-page", "The page told is the next one.", "search.page-told", played(_PageTold)),
    ("search-row-lost-in-xml", "In XML the last row is missing.", "search.in-xml", answering(_row_lost_in_xml)),
)
