"""What passes between the framework and a portal's controller: the call of an action, and what it gives back.

    pipeline ─ Act(operation, model, record) → record     an upsert of one record
             ─ Act.perform(Call) → Outcome                every other action
             ◀ RefusedError                               ModelState.AddModelError by the controller itself

The rule: values here are bound and typed; nothing of a request's spelling and nothing of a store may live here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.model import Model, Operation, TypeRef
from mockserver.webapi.shapes import Record

#: What the controller does with the record of an upsert: the same record back, its portal id replaced. One that plays
#: the other operations too has a method `perform(Call) -> Outcome`.
Act = Callable[[Operation, Model, Record], Record]


@dataclass(frozen=True)
class Call:
    """An action is called: its URI parameters by name as bound, and its body (None: there is none)."""

    operation: Operation
    arguments: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None


@dataclass(frozen=True)
class Outcome:
    """What an action gave back: a status, and where `type` is given a value of it as the body."""

    status: int
    type: TypeRef | None = None
    value: Any = None


class RefusedError(Exception):
    """The controller added to the model state: paths inside the body ("" for all of it) with their messages."""

    def __init__(self, errors: list[tuple[str, str]]):
        super().__init__(errors)
        self.errors = errors


#: Answers without a body. W Results/OkResult.cs, NotFoundResult.cs, ConflictResult.cs.
OK, NO_CONTENT, NOT_FOUND, CONFLICT = Outcome(200), Outcome(204), Outcome(404), Outcome(409)


def perform(act: Act, call: Call) -> Outcome | None:
    """What the controller does with a call, None when it plays upserts only."""
    played: Callable[[Call], Outcome | None] | None = getattr(act, "perform", None)
    return played(call) if played is not None else None
