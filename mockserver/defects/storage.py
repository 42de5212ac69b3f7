"""Defects of what is kept: reads, replacements and deletes that do not show what was sent.

The rule: the answer to an upsert is right in each, so that only who reads afterwards can tell.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from mockserver.defects.layers import FailedError, Roles
from mockserver.defects.players import Player, Store, Turn, played
from mockserver.defects.table import Defect, family
from mockserver.webapi.actions import NOT_FOUND, Outcome
from mockserver.webapi.shapes import Record

OK = range(200, 300)


class _Stale(Player):
    """A cache in front of reads that updates do not empty."""

    by_key = False

    def __init__(self) -> None:
        self._seen: dict[str, Outcome] = {}

    def perform(self, turn: Turn) -> Outcome:
        if turn.does != "find" or turn.by_key is not self.by_key:
            return turn.play(turn.call)
        outcome = self._seen.get(turn.named) or turn.play(turn.call)
        if outcome.status in OK:
            self._seen[turn.named] = outcome
        return outcome


class _StaleByKey(_Stale):
    by_key = True


class _LaterUpdatesLost(Player):
    """From the sixth version on, an update is answered and not kept."""

    def __init__(self) -> None:
        self._counts: dict[object, int] = {}
        self._ids: dict[object, Any] = {}

    def upsert(self, roles: Roles, record: Record, store: Store) -> Record:
        key = record.get(roles.key)
        self._counts[key] = self._counts.get(key, 0) + 1
        if self._counts[key] > 5 and roles.own and key in self._ids:  # at once with the first: it is not stored yet
            return {**record, roles.own: self._ids[key]}
        told = store(record)
        self._ids[key] = told.get(roles.own or "")
        return told


class _AnyCase(Player):
    """A read by key in the first spelling that was sent, whatever the case."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}

    def upsert(self, roles: Roles, record: Record, store: Store) -> Record:
        key = str(record.get(roles.key))
        self._first.setdefault(key.casefold(), key)
        return store(record)

    def perform(self, turn: Turn) -> Outcome:
        if turn.does == "find" and turn.by_key:
            return turn.instead(self._first.get(turn.named.casefold(), turn.named))
        return turn.play(turn.call)


class _AsNumber(Player):
    """A read by key takes keys of digits for numbers: 007 is 7."""

    def __init__(self) -> None:
        self._first: dict[int, str] = {}

    def upsert(self, roles: Roles, record: Record, store: Store) -> Record:
        key = str(record.get(roles.key))
        if key.isdecimal():
            self._first.setdefault(int(key), key)
        return store(record)

    def perform(self, turn: Turn) -> Outcome:
        if turn.does == "find" and turn.by_key and turn.named.isdecimal():
            return turn.instead(self._first.get(int(turn.named), turn.named))
        return turn.play(turn.call)


class _NullForUnknown(Player):
    def perform(self, turn: Turn) -> Outcome:
        outcome = turn.play(turn.call)
        if turn.does == "find" and outcome.status == NOT_FOUND.status:
            return Outcome(200, turn.call.operation.response.type.value, None)
        return outcome


class _OptionalUnread(Player):
    """A read leaves the last text out that need not be given."""

    def perform(self, turn: Turn) -> Outcome:
        outcome = turn.play(turn.call)
        if turn.does == "find" and outcome.status in OK and turn.roles.optional:
            return replace(outcome, value={**outcome.value, turn.roles.optional[-1]: None})
        return outcome


class _NeighbourChanged(Player):
    """An update writes its last text into the record that was sent before it, too."""

    def __init__(self) -> None:
        self._last: Record | None = None

    def upsert(self, roles: Roles, record: Record, store: Store) -> Record:
        before, name = self._last, (roles.texts or ("",))[-1]
        if before is not None and before.get(roles.key) != record.get(roles.key) and name:
            store({**before, name: record.get(name)})
        self._last = dict(record)
        return store(record)


class _DeleteForgotten(Player):
    def perform(self, turn: Turn) -> Outcome:
        if turn.does != "delete":
            return turn.play(turn.call)
        answered = turn.call.operation.response
        return Outcome(204 if answered.void else 200)


class _DeleteTakesNeighbour(Player):
    """A delete takes the record along that was created before it."""

    def __init__(self) -> None:
        self._ids: list[str] = []

    def upsert(self, roles: Roles, record: Record, store: Store) -> Record:
        told = store(record)
        own = str(told.get(roles.own or "")).lower()
        if own not in self._ids:
            self._ids.append(own)
        return told

    def perform(self, turn: Turn) -> Outcome:
        if turn.does == "delete" and turn.named in self._ids:
            place = self._ids.index(turn.named)
            if place:
                turn.instead(self._ids[place - 1])
        return turn.play(turn.call)


class _DeleteAgainFails(Player):
    def perform(self, turn: Turn) -> Outcome:
        outcome = turn.play(turn.call)
        if turn.does == "delete" and outcome.status == NOT_FOUND.status:
            raise FailedError
        return outcome


class _DeletedComesBack(Player):
    """A deleted record is only marked: sent again, it has its old texts where none are sent."""

    def __init__(self) -> None:
        self._sent: dict[str, Record] = {}
        self._deleted: dict[object, Record] = {}

    def upsert(self, roles: Roles, record: Record, store: Store) -> Record:
        old = self._deleted.pop(record.get(roles.key), {})
        held = {name: record.get(name) or old.get(name) for name in roles.optional}
        told = store({**record, **held})
        self._sent[str(told.get(roles.own or "")).lower()] = told
        return {**told, **{name: record.get(name) for name in roles.optional}}

    def perform(self, turn: Turn) -> Outcome:
        if turn.does == "delete" and turn.named in self._sent:
            old = self._sent[turn.named]
            self._deleted[old.get(turn.roles.key)] = old
        return turn.play(turn.call)


class _ReplaceDrawsId(Player):
    def perform(self, turn: Turn) -> Outcome:
        outcome = turn.play(turn.call)
        if turn.does == "replace" and outcome.status in OK and outcome.value is not None and turn.roles.own:
            return replace(outcome, value={**outcome.value, turn.roles.own: str(uuid.uuid4())})
        return outcome


class _ReplaceForgotten(Player):
    """A PUT is answered with what it sent, and nothing is kept."""

    def perform(self, turn: Turn) -> Outcome:
        if turn.does != "replace":
            return turn.play(turn.call)
        own = turn.roles.own or ""
        value = turn.call.arguments.get(turn.plan.finder[0]) if turn.plan.finder else None
        return Outcome(200, turn.call.operation.request.type.value, {**turn.call.body, own: str(value)})


class _ReplaceUnknown(Player):
    def perform(self, turn: Turn) -> Outcome:
        outcome = turn.play(turn.call)
        if turn.does == "replace" and outcome.status == NOT_FOUND.status:
            return Outcome(200, turn.call.operation.request.type.value, turn.call.body)
        return outcome


class _ReplaceMerges(Player):
    """A PUT keeps the last text as it was."""

    def __init__(self) -> None:
        self._texts: dict[str, object] = {}

    def upsert(self, roles: Roles, record: Record, store: Store) -> Record:
        told = store(record)
        self._texts[str(told.get(roles.own or "")).lower()] = told.get((roles.texts or ("",))[-1])
        return told

    def perform(self, turn: Turn) -> Outcome:
        if turn.does != "replace" or turn.named not in self._texts:
            return turn.play(turn.call)
        body = {**turn.call.body, turn.roles.texts[-1]: self._texts[turn.named]}
        return turn.play(replace(turn.call, body=body))


_STORED = "read.stored.by-id"

STORAGE: tuple[Defect, ...] = family(
    "storage",
    ("read-by-id-stale", "A read by the id shows what was read first.", _STORED, played(_Stale)),
    ("read-by-key-stale", "A read by the key shows what was read first.", "read.stored.by-key", played(_StaleByKey)),
    ("later-updates-lost", "From the sixth on, updates are not kept.", "read.stored.by-id", played(_LaterUpdatesLost)),
    ("read-lacks-a-text", "A read leaves an optional text out.", _STORED, played(_OptionalUnread)),
    ("read-by-key-as-number", "A read by a key of digits: 007 is 7.", "read.own-record", played(_AsNumber)),
    ("read-by-key-ignores-case", "A read by the key ignores its case.", "read.own-record", played(_AnyCase)),
    (
        "null-for-unknown",
        "A read of an unknown record gives 200 and null.",
        "read.unknown.by-id",
        played(_NullForUnknown),
    ),
    (
        "update-writes-neighbour",
        "A record's text lands in the one before.",
        "read.apart.by-id",
        played(_NeighbourChanged),
    ),
    ("delete-forgotten", "A delete is answered and not done.", "delete.gone", played(_DeleteForgotten)),
    (
        "delete-takes-neighbour",
        "A delete takes another record along.",
        "delete.others-stay",
        played(_DeleteTakesNeighbour),
    ),
    ("delete-again-fails", "A delete of what is not there fails (500).", "delete.again", played(_DeleteAgainFails)),
    ("deleted-comes-back", "A deleted record's texts come back.", "delete.then-created", played(_DeletedComesBack)),
    ("replace-draws-id", "A PUT answers with a new id.", "replace.keeps-id", played(_ReplaceDrawsId)),
    ("replace-forgotten", "A PUT is answered and not kept.", "replace.stored", played(_ReplaceForgotten)),
    ("replace-unknown-taken", "A PUT to an unknown id is lost with 200.", "replace.unknown", played(_ReplaceUnknown)),
    ("replace-keeps-a-text", "A PUT leaves a text as it was.", "replace.stored", played(_ReplaceMerges)),
)
