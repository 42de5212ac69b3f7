"""A controller played otherwise: a defect that remembers records and meddles with every operation on them.

    upsert ─▶ Player.upsert ─▶ the portal's own      read, replace, delete, search ─▶ Player.perform ─▶ the portal's own

The rule: a player knows operations by what they do and members by their role, never by name; each portal has a player
of its own. Single defects may not live here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from contracts.model import Contract, Model, Operation
from mockserver.controllers.plans import Plan, plans
from mockserver.defects.layers import FailedError, Handle, Layer, Roles, Site
from mockserver.webapi import Act, Request, Response, actions
from mockserver.webapi.actions import Outcome
from mockserver.webapi.shapes import Record

Store = Callable[[Record], Record]
Play = Callable[[actions.Call], Outcome]


@dataclass(frozen=True)
class Turn:
    """One call of an operation that is no upsert: what it does, its model's roles, the call, and the portal's own."""

    plan: Plan
    roles: Roles
    call: actions.Call
    play: Play

    @property
    def does(self) -> str:
        return self.plan.does

    @property
    def by_key(self) -> bool:
        """Whether the record is named by its key."""
        return self.plan.finder is not None and self.plan.finder[1] == self.roles.key

    @property
    def named(self) -> str:
        """The id or key that the call names, in lower case where it is an id."""
        value = self.call.arguments.get(self.plan.finder[0]) if self.plan.finder else None
        return str(value) if self.by_key else str(value).lower()

    def instead(self, value: Any) -> Outcome:
        """The same operation on another record."""
        assert self.plan.finder is not None
        arguments = {**self.call.arguments, self.plan.finder[0]: value}
        return self.play(actions.Call(self.call.operation, arguments, self.call.body))


class Player:
    """A controller that does as the portal does; a defect overrides what it does otherwise."""

    def upsert(self, roles: Roles, record: Record, store: Store) -> Record:
        """Create or update; `store` is the portal's own way."""
        return store(record)

    def perform(self, turn: Turn) -> Outcome:
        """Any other operation."""
        return turn.play(turn.call)


class _Played:
    """The controller, played by a player."""

    def __init__(self, site: Site, player: Player, planned: dict[str, Plan], act: Act):
        self._site, self._player, self._planned, self._act = site, player, planned, act

    def __call__(self, operation: Operation, model: Model, record: Record) -> Record:
        roles = self._site.roles(model)
        return self._player.upsert(roles, record, lambda changed: self._act(operation, model, changed))

    def perform(self, call: actions.Call) -> Outcome | None:
        plan = self._planned[call.operation.id]
        if plan.resource.model is None or plan.does == "echo":
            return actions.perform(self._act, call)

        def play(changed: actions.Call) -> Outcome:
            outcome = actions.perform(self._act, changed)
            if outcome is None:
                raise FailedError
            return outcome

        return self._player.perform(Turn(plan, self._site.roles(plan.resource.model), call, play))


def played(player: type[Player]) -> Layer:
    """A layer with a player of this kind in the controller's place."""

    def layer(site: Site, handle: Handle) -> Handle:
        own, planned = player(), _planned(site.contract)

        def altered(request: Request, act: Act) -> Response:
            try:
                return handle(request, _Played(site, own, planned, act))
            except FailedError:
                return site.error(request, 500, "An error has occurred.")

        return altered

    return layer


def _planned(contract: Contract) -> dict[str, Plan]:
    return plans(contract)
