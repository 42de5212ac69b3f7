"""Correct portals with reads, PUT, DELETE and search unlike the stub: innocents for the judge on other pages.

Each is a layer around the stub portal, as a defect would be; none does anything that the pages forbid.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from variants import VARIANTS, Variant

from mockserver.defects.layers import Handle, Layer, Roles, Site, answering, header
from mockserver.defects.players import Player, Store, Turn, played
from mockserver.webapi import Act, Request, Response, actions
from mockserver.webapi.actions import Outcome
from mockserver.webapi.shapes import Record

OK = range(200, 300)


def _deletes(status: int, body: bytes = b"") -> Layer:
    def altered(site: Site, request: Request, response: Response) -> Response:
        if request.method != "DELETE" or response.status not in OK:
            return response
        told = replace(response, status=status, body=body)
        return header(told, "Content-Type", "application/json; charset=utf-8") if body else told

    return answering(altered)


def _absent(status: int, body: bytes = b"") -> Layer:
    def altered(site: Site, request: Request, response: Response) -> Response:
        if response.status != 404 or response.body:
            return response
        told = replace(response, status=status, body=body)
        return header(told, "Content-Type", "application/json; charset=utf-8") if body else told

    return answering(altered)


def _deleted_twice(site: Site, handle: Handle) -> Handle:
    def altered(request: Request, act: Act) -> Response:
        response = handle(request, act)
        gone = request.method == "DELETE" and response.status == 404 and not response.body
        return replace(response, status=204) if gone else response

    return altered


class _ReplaceSilent(Player):
    """A PUT is answered with 204 and no body."""

    def perform(self, turn: Turn) -> Outcome:
        outcome = turn.play(turn.call)
        return Outcome(204) if turn.does == "replace" and outcome.status in OK else outcome


class _Aliases(Player):
    """Ids that are shown, and the portal's own behind them."""

    def __init__(self) -> None:
        self.own: dict[str, Any] = {}
        self.shown: dict[str, Any] = {}

    def known(self, shown: str, own: Any) -> None:
        """Show an id in the place of the portal's own."""
        self.own[shown], self.shown[str(own).lower()] = own, shown

    def told(self, roles: Roles, record: Record) -> Record:
        """A record with the id that is shown."""
        own = record.get(roles.own or "")
        return {**record, roles.own or "": self.shown.get(str(own).lower(), own)}

    def perform(self, turn: Turn) -> Outcome:
        named = turn.named if turn.plan.finder and not turn.by_key else ""
        outcome = turn.instead(self.own[named]) if named in self.own else turn.play(turn.call)
        if turn.does in ("find", "replace") and outcome.status in OK and outcome.value is not None:
            return replace(outcome, value=self.told(turn.roles, outcome.value))
        if turn.does == "search" and outcome.status in OK and turn.plan.rows:
            rows = [self.told(turn.roles, row) for row in outcome.value[turn.plan.rows]]
            return replace(outcome, value={**outcome.value, turn.plan.rows: rows})
        return outcome

    def upsert(self, roles: Roles, record: Record, store: Store) -> Record:
        return self.told(roles, store(record))


class _ReplaceCreates(_Aliases):
    """A PUT to an unknown id creates the record under that id (RFC 9110 §9.3.4)."""

    def perform(self, turn: Turn) -> Outcome:
        outcome = super().perform(turn)
        if turn.does != "replace" or outcome.status != 404:
            return outcome
        upsert = next(o for o in turn.plan.resource.operations if o.upsert.value)
        made = turn.play(actions.Call(upsert, {}, turn.call.body))
        self.known(turn.named, made.value[turn.roles.own or ""])
        return replace(made, status=201, value=self.told(turn.roles, made.value))


class _IdsReused(_Aliases):
    """A record sent after its deletion has the id that it had before."""

    def __init__(self) -> None:
        super().__init__()
        self._ids: dict[object, str] = {}

    def upsert(self, roles: Roles, record: Record, store: Store) -> Record:
        told = store(record)
        own = str(told.get(roles.own or "")).lower()
        first = self._ids.setdefault(record.get(roles.key), own)
        if first != own:
            self.known(first, own)
        return self.told(roles, told)


class _NewestFirst(Player):
    """A list begins with the newest record, and its pages are capped at 50 rows."""

    def perform(self, turn: Turn) -> Outcome:
        if turn.does != "search" or not turn.plan.rows or not turn.plan.page:
            return turn.play(turn.call)
        arguments = turn.call.arguments
        page, size = arguments.get(turn.plan.page) or 1, min(arguments.get(turn.plan.size) or 10, 50)
        every = turn.play(replace(turn.call, arguments={**arguments, turn.plan.page: 1, turn.plan.size: 10_000}))
        paged = turn.play(replace(turn.call, arguments={**arguments, turn.plan.size: size}))
        if every.status not in OK or paged.status not in OK:
            return paged
        rows = every.value[turn.plan.rows][::-1][(page - 1) * size : page * size]
        return replace(paged, value={**paged.value, turn.plan.rows: rows})


class _NoneIsAbsent(Player):
    """A search that finds nothing is answered with 404."""

    def perform(self, turn: Turn) -> Outcome:
        outcome = turn.play(turn.call)
        empty = turn.does == "search" and turn.plan.rows and outcome.status in OK and not outcome.value[turn.plan.rows]
        return Outcome(404) if empty else outcome


_SAID = json.dumps({"message": "Nothing is here."}).encode()

SITE_VARIANTS: dict[str, Variant] = {
    "deletes-with-202": Variant("A delete is answered with 202.", _deletes(202)),
    "deletes-with-a-word": Variant("A delete is answered with 200 and a word.", _deletes(200, b'"gone"')),
    "deletes-twice": Variant("A second delete is done as well.", _deleted_twice),
    "absent-with-a-body": Variant("404 says something.", _absent(404, _SAID)),
    "absent-with-410": Variant("What is not there is gone.", _absent(410)),
    "replaces-silently": Variant("A PUT is answered with 204.", played(_ReplaceSilent)),
    "replace-creates": Variant("A PUT to an unknown id creates the record.", played(_ReplaceCreates)),
    "ids-reused": Variant("A deleted record sent again has its old id.", played(_IdsReused)),
    "none-found-is-404": Variant("A search that finds nothing is answered with 404.", played(_NoneIsAbsent)),
    "newest-first": Variant("A list begins with the newest.", played(_NewestFirst)),
    **{
        name: VARIANTS[name]
        for name in ("nulls-omitted", "other-order", "errors-422", "errors-problem", "times-in-utc")
    },
}
