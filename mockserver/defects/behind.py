"""Defects of what stands behind an upsert: a member of a record read by itself, several records sent at once.

The rule: records are kept and read as ever; only these operations tell or take otherwise.
"""

from __future__ import annotations

from dataclasses import replace

from mockserver.defects.layers import Handle, Site
from mockserver.defects.players import Player, Turn, played
from mockserver.defects.table import Defect, family
from mockserver.journal import operation_of
from mockserver.webapi import Act, Request, Response
from mockserver.webapi.actions import Outcome


class _PartLacksLast(Player):
    def perform(self, turn: Turn) -> Outcome:
        outcome = turn.play(turn.call)
        if turn.does == "part" and isinstance(outcome.value, list):
            return replace(outcome, value=outcome.value[:-1])
        return outcome


class _BatchBackwards(Player):
    def perform(self, turn: Turn) -> Outcome:
        outcome = turn.play(turn.call)
        if turn.plan.many and isinstance(outcome.value, list):
            return replace(outcome, value=outcome.value[::-1])
        return outcome


def _unchecked(site: Site, handle: Handle) -> Handle:
    """Records of a list need not hold what the page requires."""

    def altered(request: Request, act: Act) -> Response:
        operation = operation_of(site.contract, request)
        ref = operation.request.type.value if operation is not None else None
        many = ref is not None and ref.kind == "collection"
        return (site.lenient if many else handle)(request, act)

    return altered


BEHIND: tuple[Defect, ...] = family(
    "behind",
    ("part-lacks-last", "A member read by itself lacks its last item.", "part.read", played(_PartLacksLast)),
    ("batch-backwards", "Records sent together are answered backwards.", "batch.stored", played(_BatchBackwards)),
    ("batch-unchecked", "Records sent together need not be complete.", "batch.refused", _unchecked),
)
