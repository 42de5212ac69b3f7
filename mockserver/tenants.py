"""Tenants: portals beside each other in one process that see nothing of each other.

    Tenants ── name ─▶ Tenant ── records · journal · way: what answers now, by the settings

A tenant is made when its name is first used and gone when it is dropped. The one without a name is there from the start
to the end; a client that names none has it.

The rule: a request asks its tenant for the `way` once and is answered by it to the end, so that a change of settings is
seen whole or not at all. How a request names its tenant is `mockserver.app`'s, what a setting means `settings`'.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from functools import lru_cache
from typing import Any, Protocol

from contracts.errors import UsageError
from contracts.model import Contract
from mockserver.faults import Faults, Rule
from mockserver.journal import Journal
from mockserver.settings import Settings, as_data, changed
from mockserver.store import Records, Store
from mockserver.webapi import Act, Request, Response, WebApi

#: The name of the tenant that a client has who names none.
DEFAULT = ""
#: How many tenants there may be beside it.
MOST = 1000
#: Names need no escape in a path, a header or a file, and no browser takes them for "." or "..".
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
#: What a name must be, in words.
EXPECTED = "1 to 100 letters, digits, dots, hyphens or underscores, the first a letter or digit"

Handle = Callable[[Request, Act], Response]
#: What follows a tenant's name where the store keeps its snapshots; no tenant can be called so.
SNAPSHOTS = ":snapshots"
#: Under which name the store keeps a tenant's settings, for all processes that share it.
_KEPT = "settings"
#: The same for its faults.
_FAULTS = "faults"


class Acting(Protocol):
    """Makes the portal's controllers: `mockserver.controllers.acting`."""

    def __call__(self, contract: Contract, records: Records, *, references: bool) -> Act:
        """What they do with a tenant's records."""


class TooManyError(UsageError):
    """There are as many tenants as there may be."""


@dataclass(frozen=True)
class Way:
    """How requests are answered at this moment."""

    settings: Settings
    handle: Handle
    act: Act


class Tenant:
    """One portal among several: `name`, `records`, `journal`, and the `way` it answers; safe from any thread."""

    def __init__(self, name: str, records: Records, journal: Journal, among: Tenants):
        self.name, self.records, self.journal = name, records, journal
        #: The settings that it began with.
        self.started = among.settings
        self._among, self._lock, self._told = among, threading.Lock(), ""
        #: What is to go wrong with requests.
        self.faults = Faults(among.contract, among.faults, self._keep_faults if among.shared else None)
        self.way = self._way(self.started)

    def _way(self, settings: Settings) -> Way:
        self.records.now = settings.stamps
        act = self._among.acting(self._among.contract, self.records, references=settings.references)
        return Way(settings, self._among.apis.handle(settings), act)

    @property
    def settings(self) -> Settings:
        """The settings at this moment."""
        return self.way.settings

    def change(self, changes: Mapping[str, Any]) -> Settings:
        """Change some settings; requests under way end by the old ones. UsageError when one makes no sense."""
        with self._lock:
            return self._take(changed(self.way.settings, changes))

    def set(self, settings: Settings) -> None:
        """Change all settings."""
        with self._lock:
            self._take(settings)

    def _take(self, settings: Settings) -> Settings:
        if settings != self.way.settings:
            self.way = self._way(settings)
        if self._among.shared:
            told = "" if settings == self.started else json.dumps(as_data(settings))
            self._among.store.keep_setting(self.name, _KEPT, told or None)
            self._told = told
        return settings

    def _keep_faults(self, told: str) -> None:
        self._among.store.keep_setting(self.name, _FAULTS, told)

    def follow(self) -> None:
        """Take over what another process on the same store has set and arranged."""
        kept = self._among.store.settings(self.name)
        if _FAULTS in kept:
            self.faults.follow(kept[_FAULTS])
        told = kept.get(_KEPT, "")
        if told == self._told:
            return
        with self._lock:
            settings = changed(self.started, json.loads(told)) if told else self.started
            self.way, self._told = self._way(settings), told

    def reset(self) -> None:
        """As it was made: no records, no journal, the settings and the faults of the start."""
        self.set(self.started)
        self.faults.reset()
        self.records.clear()
        self.journal.clear()


class _Apis:
    """What answers by which settings; portals without defects keep nothing in themselves, so tenants share them."""

    def __init__(self, contract: Contract, answering: Handle | None):
        self._contract, self._answering = contract, answering
        self._shared = lru_cache(maxsize=32)(self._plain)

    def _plain(self, strict: bool, zone: tzinfo) -> Handle:
        return WebApi(self._contract, strict=strict, zone=zone).handle

    def handle(self, settings: Settings) -> Handle:
        if self._answering is not None:
            return self._answering
        zone = settings.timezone
        plain = self._shared(settings.strict, zone)
        if not settings.defects:
            return plain
        from mockserver.defects import alter  # a portal without defects passes nothing of it

        return alter(plain, self._contract, settings.defects, zone)


class Tenants:
    """Every tenant of a portal.

    `settings` and `faults` are those that each begins with, `acting` makes its controllers, `journals` gives it its
    journal; there are `most` beside the one without a name. Where the store is `shared` by several processes, so are
    settings and faults.
    """

    def __init__(
        self,
        contract: Contract,
        store: Store,
        settings: Settings,
        acting: Acting,
        journals: Callable[[str], Journal],
        most: int = MOST,
        shared: bool = False,
        faults: tuple[Rule, ...] = (),
        answering: Handle | None = None,
    ):
        self.faults = faults
        self.contract, self.store, self.settings, self.most, self.shared = contract, store, settings, most, shared
        self.acting, self.apis, self._journals = acting, _Apis(contract, answering), journals
        self._lock = threading.Lock()
        self._made: dict[str, Tenant] = {}
        #: The one without a name.
        self.default = self[DEFAULT]

    def __getitem__(self, name: str) -> Tenant:
        """The tenant of that name, made when it is not there; UsageError for a name that is none, TooManyError."""
        found = self._made.get(name)
        if found is not None:
            return found
        if name != DEFAULT and not NAME.fullmatch(name):
            raise UsageError(f"{shown(name)} is no name of a tenant\n    what to do: give {EXPECTED}")
        with self._lock:
            found = self._made.get(name)
            return self._make(name) if found is None else found

    def _make(self, name: str) -> Tenant:
        if len(self._made) > self.most:
            raise TooManyError(
                f"there are {self.most} tenants already, and no more are made\n"
                "    what to do: drop those that are done with, DELETE /_portal/tenants/NAME; or start with more,"
                " --tenants"
            )
        self._made[name] = made = Tenant(name, self.store.records(name), self._journals(name), self)
        return made

    def find(self, name: str) -> Tenant | None:
        """The tenant of that name where it was asked for already; none is made."""
        return self._made.get(name)

    def names(self) -> list[str]:
        """Every name in use, in order: of tenants that were asked for and of those that the store keeps records of."""
        with self._lock:
            made = set(self._made)
        return sorted(made | self._kept())

    def _kept(self) -> set[str]:
        """The names of those of which the store keeps anything."""
        found = {name.removesuffix(SNAPSHOTS) for name in self.store.tenants()}
        return {name for name in found if NAME.fullmatch(name)}

    def drop(self, name: str) -> bool:
        """Forget a tenant with all that it has; whether there was one. The one without a name stays: UsageError."""
        if name == DEFAULT:
            raise UsageError(
                "the tenant without a name cannot be dropped\n    what to do: reset it, POST /_portal/reset"
            )
        with self._lock:
            gone = self._made.pop(name, None)
            known = gone is not None or name in self._kept()
            if gone is not None:
                gone.records.dropped = True
                gone.journal.end()
            self.store.drop(name)
            self.store.drop(name + SNAPSHOTS)
        if gone is not None:
            gone.faults.release()
            gone.journal.clear()
            gone.journal.close()
        return known

    def release(self) -> None:
        """Let every request go on that a fault keeps waiting, and end every page that listens, as the portal stops."""
        with self._lock:
            made = tuple(self._made.values())
        for tenant in made:
            tenant.faults.release()
            tenant.journal.hush()


def shown(name: str) -> str:
    """A name that may be anything, for a message."""
    return ascii(name if len(name) <= 120 else name[:119] + "\u2026")
