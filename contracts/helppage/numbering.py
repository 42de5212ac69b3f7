"""Which members are Nullable<T>, read off the numbers in a sample.

The generator counts: every simple member with a setter that is no Nullable<T> takes the next index, in the table's
order, whether its sample shows the index ("sample string 11", 3.0) or not (a date). So the gaps between visible indexes
tell how many of the members between them were counted. Source: HelpPage package, ObjectGenerator.SetPublicProperties.

    kind     a member that                                       e.g.
    fixed    counts and shows its index                          text, URI
    always   counts and shows nothing                            Object
    maybe    counts and shows it, or shows 1 without counting    integer, decimal number
    loose    counts and shows it, or shows anything              a member without a public setter
    free     may count and shows nothing                         date, guid, boolean

The rule: a member's answer is given only if every reading of the numbers with the fewest hidden members gives it, and
no hidden member stands beside it. Members that never count (enumerations, collections, models) are left out by the
caller.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Literal

_NEVER = 10**6


@dataclass(frozen=True)
class Slot:
    """One member that may take an index; `shown` is the index that its sample shows."""

    name: str
    kind: Literal["fixed", "always", "maybe", "loose", "free"]
    shown: int = 0


@dataclass(frozen=True)
class Numbering:
    """What the numbers say: `counted` per member (None: open), `hidden` indexes that no member explains.

    `open_groups` holds the members between two visible indexes of which only the number that counts is known.
    """

    counted: dict[str, bool | None]
    hidden: int
    open_groups: tuple[tuple[tuple[str, ...], int], ...]


def solve(slots: Sequence[Slot], taken: Collection[int] = (), uncounted: Collection[str] = ()) -> Numbering | None:
    """Reads the numbers; None if no reading explains them.

    `taken` are indexes of members that are not among the slots, `uncounted` the members known to be Nullable<T>.
    """
    ahead: list[dict[int, int]] = [{0: 0}]
    for slot in slots:
        ahead.append(_step(slot, ahead[-1], taken, uncounted))
    if not ahead[-1]:
        return None
    best = min(ahead[-1].values())
    alive = {index for index, cost in ahead[-1].items() if cost == best}
    answers: dict[str, bool | None] = {}
    for at in range(len(slots) - 1, -1, -1):
        before, choices = set[int](), set[bool]()
        for index, cost in ahead[at].items():
            for counts, after, more in _moves(slots[at], index, taken, uncounted):
                if after in alive and cost + more == ahead[at + 1][after]:
                    before.add(index)
                    choices.add(counts)
        alive = before
        answers[slots[at].name] = choices.pop() if len(choices) == 1 else None
    return _with_doubts(slots, answers, best, taken)


def _moves(slot: Slot, index: int, taken: Collection[int], uncounted: Collection[str]) -> list[tuple[bool, int, int]]:
    """What a member can do at an index: whether it counts, the index after it, the hidden members that this takes."""
    moves = []
    counts = slot.name not in uncounted
    if counts and slot.kind in ("free", "always"):
        moves.append((True, next(i for i in count(index + 1) if i not in taken), 0))
    if counts and slot.kind in ("fixed", "maybe", "loose") and slot.shown > index:
        skipped = [i for i in range(index + 1, slot.shown) if i not in taken]
        moves.append((True, slot.shown, len(skipped)))
    if slot.kind in ("free", "loose") or (slot.kind == "maybe" and slot.shown == 1):
        moves.append((False, index, 0))
    return moves


def _step(slot: Slot, before: dict[int, int], taken: Collection[int], uncounted: Collection[str]) -> dict[int, int]:
    after: dict[int, int] = {}
    for index, cost in before.items():
        for _, to, more in _moves(slot, index, taken, uncounted):
            after[to] = min(after.get(to, _NEVER), cost + more)
    return after


def _with_doubts(
    slots: Sequence[Slot], answers: dict[str, bool | None], hidden: int, taken: Collection[int]
) -> Numbering:
    """Opens the answers beside a hidden member and groups those of which only the number is known."""
    groups, run, start, always = [], list[str](), 0, 0
    for slot in slots:
        always += slot.kind == "always"
        shows = slot.kind in ("fixed", "maybe", "loose") and answers[slot.name]
        if not shows:
            run += [slot.name] if slot.kind == "free" or answers[slot.name] is None else []
            continue
        asked = [name for name in run if answers[name] is not False]
        needed = slot.shown - 1 - start - len([i for i in taken if start < i < slot.shown])
        needed -= always
        opened = tuple(name for name in asked if answers[name] is None)
        if needed > len(asked):
            answers |= dict.fromkeys(asked)
        elif opened:
            groups.append((opened, len(asked) - needed))
        run, start, always = [], slot.shown, 0
    return Numbering(answers, hidden, tuple(groups))
