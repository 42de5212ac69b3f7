"""The journal kept with the store: every exchange, over restarts, shared by the processes that share the store.

    add ─ record ─▶ text ─▶ Store.keep_exchange        read ─ Store.exchanges ─▶ text ─ from_data ─▶ Exchange

The rule: what is kept is what may be shown: credentials are taken out before anything is written. Keeping costs each
request one more insert; who asks for it pays for it. A store that does not take an exchange never fails the request.
"""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import Protocol

from mockserver.journal.data import from_data, record
from mockserver.journal.memory import Exchange, Journal
from mockserver.journal.secrets import Secrets
from mockserver.webapi.http import Request, Response

#: How many of the newest are read where all are asked for.
READ = 10_000
_LOG = logging.getLogger("mockserver")


class Keeping(Protocol):
    """What keeps texts: `mockserver.store.Store`."""

    def keep_exchange(self, tenant: str, number: int, text: str) -> int:
        """Keep one exchange as text; its place."""

    def placed_exchanges(self, tenant: str, last: int) -> list[tuple[int, str]]:
        """The newest with their places, oldest first."""

    def newest_exchange(self, tenant: str) -> int:
        """The place of the newest, 0 when there is none."""

    def exchange_count(self, tenant: str) -> int:
        """How many there are."""

    def forget_exchanges(self, tenant: str) -> None:
        """Delete them all."""


class StoredJournal(Journal):
    """A tenant's exchanges in a store. An exchange's number is its place there: numbers grow over restarts and over
    the processes that share the store, none is there twice, and where several tenants keep theirs, each has gaps."""

    def __init__(self, store: Keeping, tenant: str = "", secrets: Secrets | None = None):
        super().__init__()
        self._store, self._tenant, self._secrets = store, tenant, secrets or Secrets()
        self._ended = False

    def add(
        self, at: float, seconds: float, request: Request, response: Response, *, injected: str = "",
        answered: bool = True,
    ) -> None:  # fmt: skip
        """Keep an exchange."""
        with self._lock:
            exchange = self._numbered(at, seconds, request, response, injected, answered)
        try:
            text = json.dumps(record(exchange, self._secrets), separators=(",", ":"))
            exchange = replace(exchange, number=self._store.keep_exchange(self._tenant, exchange.number, text))
            if self._ended:
                self._forget_all()
        except Exception:  # the answer is on its way; whoever runs the portal is told
            _LOG.exception("exchange %s could not be kept with the store", exchange.number)
        self._tell(exchange)

    def all(self) -> list[Exchange]:
        """The newest exchanges, oldest first."""
        return self._read(READ)

    def last(self, count: int) -> list[Exchange]:
        """The newest `count` exchanges, oldest first."""
        return self._read(min(count, READ)) if count > 0 else []

    @property
    def seen(self) -> int:
        """The number of the newest."""
        return self._store.newest_exchange(self._tenant)

    @property
    def kept(self) -> int:
        """How many can be read."""
        return min(self._store.exchange_count(self._tenant), READ)

    def _read(self, last: int) -> list[Exchange]:
        placed = self._store.placed_exchanges(self._tenant, last)
        return [replace(from_data(json.loads(text), "the store"), number=place) for place, text in placed]

    def end(self) -> None:
        """Keep no more: an exchange that is kept all the same, because it was under way, is forgotten at once."""
        self._ended = True

    def _forget_all(self) -> None:
        self._store.forget_exchanges(self._tenant)
