"""The records of one tenant, and the store that holds all tenants'.

The rule: which id a key has is decided by the database alone, in one atomic statement, never by reading first and
writing after. A record's key is compared byte by byte; its content is text that nothing here looks into. HTTP and
models may not live here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Any

from contracts.errors import UsageError
from mockserver.store.bell import Bell
from mockserver.store.database import Database, Row


@dataclass(frozen=True, slots=True)
class Kept:
    """A record as it is kept; `version` counts from 1, `created` and `updated` are seconds since 1970."""

    resource: str
    id: str
    key: str | None
    content: str
    version: int
    created: float
    updated: float


def _encode(key: str | None) -> bytes | None:
    """The key as the database compares it: equal when the texts are, even with NUL or half a surrogate pair in it."""
    return None if key is None else key.encode("utf-8", "surrogatepass")


def _kept(row: Row) -> Kept:
    resource, own, key, *rest = row
    return Kept(resource, own, None if key is None else bytes(key).decode("utf-8", "surrogatepass"), *rest)


def _storable(text: str) -> bool:
    """Whether every database takes this as text; what some do not take is found in none."""
    try:
        return "\0" not in text and text.encode() is not None
    except UnicodeEncodeError:
        return False


class Records:
    """One tenant's records. Safe to use from any thread."""

    def __init__(self, database: Database, tenant: str):
        self._database = database
        self.tenant = tenant
        #: The clock that records are stamped by, in seconds since 1970.
        self.now: Callable[[], float] = time.time
        #: Set before the tenant is dropped: whoever sees it after writing takes it back, all else is dropped with it.
        self.dropped = False

    def upsert(self, resource: str, key: str | None, draw: Callable[[], str], content: str) -> str:
        """Create or replace the record of a key (without one always anew); its id, `draw` giving that of a new one."""
        found = self._database.first("upsert", self._new(resource, key, draw(), content))
        assert found is not None  # the statement returns the row that it wrote
        own: str = found[0]
        if self.dropped:
            self.delete(resource, own)
        return own

    def upsert_all(self, rows: Iterable[tuple[str, str | None, str, str]]) -> None:
        """The same for many, each resource, key, id and content: all of them, or none."""
        self._together(("upsert", [self._new(*row) for row in rows]))

    def _new(self, resource: str, key: str | None, own: str, content: str) -> dict[str, Any]:
        return {**self._of(resource), "key": _encode(key), "id": own, "content": content, "now": self.now()}

    def by_key(self, resource: str, key: str) -> Kept | None:
        """The record of a key, None when there is none."""
        row = self._database.first("by_key", {**self._of(resource), "key": _encode(key)})
        return None if row is None else _kept(row)

    def by_id(self, resource: str, own: str) -> Kept | None:
        """The record with an id, None when there is none."""
        row = self._database.first("by_id", {**self._of(resource), "id": own}) if _storable(own) else None
        return None if row is None else _kept(row)

    def all(self, resource: str | None = None) -> list[Kept]:
        """The records of a resource, or of all, in the order in which they were created."""
        if resource is None:
            return [_kept(row) for row in self._database.rows("all_records", {"tenant": self.tenant})]
        return [_kept(row) for row in self._database.rows("all_of_resource", self._of(resource))]

    def replace(self, resource: str, own: str, key: str | None, content: str) -> bool:
        """Give the record with an id this key and content; its id and place stay. Whether there is one.

        Raises KeyTakenError, changing nothing, when another record of the resource has the key.
        """
        new = {"known": own, "key": _encode(key), "content": content, "now": self.now()}
        return _storable(own) and self._database.changed("replace", {**self._of(resource), **new}) > 0

    def delete(self, resource: str, own: str) -> bool:
        """Delete the record with an id; whether there was one."""
        return _storable(own) and self._database.changed("delete", {**self._of(resource), "id": own}) > 0

    def resources(self) -> dict[str, int]:
        """How many records each resource has that has any."""
        return dict(self._database.rows("resources", {"tenant": self.tenant}))

    def count(self) -> int:
        """How many records there are."""
        (found,) = self._database.first("count", {"tenant": self.tenant}) or (0,)
        return int(found)

    def clear(self, resource: str | None = None) -> None:
        """Delete the records of a resource, or all."""
        if resource is None:
            self._database.changed("clear_records", {"tenant": self.tenant})
        else:
            self._database.changed("clear_resource", self._of(resource))

    def snapshot(self) -> list[dict[str, Any]]:
        """All records as JSON-ready data, in the order in which they were created; `restore` takes it."""
        return [asdict(kept) for kept in self.all()]

    def restore(self, snapshot: list[dict[str, Any]]) -> None:
        """Make the records what a snapshot holds, all of it or nothing.

        Raises UsageError naming the entry that is none of a snapshot's, and KeyTakenError when two have one key.
        """
        values = [{**_checked(number, entry), "tenant": self.tenant} for number, entry in enumerate(snapshot)]
        self._together(("clear_records", [{"tenant": self.tenant}]), ("restore", values))

    def _together(self, *steps: tuple[str, list[dict[str, Any]]]) -> None:
        self._database.together(steps)
        if self.dropped:
            self.clear()

    def _of(self, resource: str) -> dict[str, Any]:
        return {"tenant": self.tenant, "resource": resource}


#: The first version that PostgreSQL's integer has no room for.
_MOST = 2**31
#: Between which seconds since 1970 every calendar shows a time.
_YEAR_1, _YEAR_10000 = -62_135_596_800, 253_402_300_800
#: What each part of a snapshot's entry must be.
_PARTS: dict[str, tuple[type, ...]] = {
    "resource": (str,),
    "id": (str,),
    "key": (str, type(None)),
    "content": (str,),
    "version": (int,),
    "created": (int, float),
    "updated": (int, float),
}


def _checked(number: int, entry: Any) -> dict[str, Any]:
    """The entry of a snapshot as values for the database. Raises UsageError."""

    def refuse(what: str) -> UsageError:
        return UsageError(
            f"entry {number} of the snapshot {what}\n    what to do: restore what a snapshot gave, as it is"
        )

    if not isinstance(entry, dict):
        raise refuse(f"is {type(entry).__name__}: expected an object")
    if set(entry) != set(_PARTS):
        raise refuse(f"has {', '.join(sorted(map(str, entry))) or 'nothing'}: expected {', '.join(_PARTS)}")
    for name, kinds in _PARTS.items():
        if not isinstance(entry[name], kinds) or isinstance(entry[name], bool):
            raise refuse(f"has {type(entry[name]).__name__} as {name}: expected {kinds[0].__name__}")
    if not all(_storable(entry[name]) for name in ("resource", "id", "content")):
        raise refuse("has a text that no database keeps (NUL, or half a surrogate pair)")
    if not 0 < entry["version"] < _MOST:
        raise refuse(f"has a version beyond 1 … {_MOST - 1}")
    for name in ("created", "updated"):  # false for what is no number, too
        if not _YEAR_1 <= entry[name] < _YEAR_10000:
            raise refuse(f"has {entry[name]} as {name}: expected seconds since 1970, of the years 1 to 9999")
    return {**entry, "key": _encode(entry["key"])}


#: How many exchanges are kept with the store, and after how many it is seen to.
EXCHANGES = 100_000
_TRIMMED_EVERY = 1000
#: Settings of a tenant are remembered when they are no longer than this together; snapshots stand among them.
_SMALL = 10_000


class Store:
    """The records of a portal, by tenant. Safe to use from any thread; `close` it, or use it as a context manager.

    `url` is for people: a password in it is hidden. Who rings the `bell` is every process that sets something on this
    store; without one, others may too, and settings are asked of the database each time.
    """

    def __init__(self, url: str, database: Database, bell: Bell | None = None):
        self.url = url
        self._database = database
        self._bell = bell
        #: What was heard last, and the settings that were read since.
        self._known: tuple[bytes, dict[str, dict[str, str]]] = (b"", {})
        self._unnamed = Records(database, "")
        self.upsert = self._unnamed.upsert
        self.count = self._unnamed.count

    def records(self, tenant: str = "") -> Records:
        """The records of a tenant; a tenant that has none needs no making."""
        return self._unnamed if tenant == "" else Records(self._database, tenant)

    def content(self, resource: str, key: str) -> str | None:
        """The content of the record of a key, None when there is none."""
        kept = self._unnamed.by_key(resource, key)
        return None if kept is None else kept.content

    def tenants(self) -> list[str]:
        """The tenants of which anything is kept, sorted."""
        return [tenant for (tenant,) in self._database.rows("tenants", {})]

    def drop(self, tenant: str) -> None:
        """Delete all that is kept of a tenant: records, exchanges and settings."""
        what = ("clear_records", "forget_exchanges", "forget_settings")
        self._database.together([(statement, [{"tenant": tenant}]) for statement in what])
        if self._bell:
            self._bell.ring()

    def keep_exchange(self, tenant: str, number: int, text: str) -> int:
        """Keep one exchange of a tenant's journal, as text; its place among all that this store keeps.

        Places grow, whichever process keeps it; `number` is the journal's own. The oldest exchanges go when there are
        many more than `EXCHANGES` in the store.
        """
        row = self._database.first("keep_exchange", {"tenant": tenant, "number": number, "text": text})
        assert row is not None  # the statement returns the row that it wrote
        place = int(row[0])
        if place % _TRIMMED_EVERY == 0:  # not the journal's own number, which begins anew with every start
            self._database.changed("trim_exchanges", {"tenant": tenant, "most": EXCHANGES})
        return place

    def exchanges(self, tenant: str, last: int) -> list[str]:
        """The newest exchanges that are kept of a tenant, oldest first."""
        return [text for _, text in self.placed_exchanges(tenant, last)]

    def placed_exchanges(self, tenant: str, last: int) -> list[tuple[int, str]]:
        """The same, each with its place."""
        rows: Iterable[Row] = self._database.rows("exchanges", {"tenant": tenant, "last": max(last, 0)})
        return [(place, text) for place, text in rows][::-1]

    def newest_exchange(self, tenant: str) -> int:
        """The place of the newest exchange that is kept of a tenant, 0 when there is none."""
        (found,) = self._database.first("newest_exchange", {"tenant": tenant}) or (None,)
        return int(found or 0)

    def exchange_count(self, tenant: str) -> int:
        """How many exchanges are kept of a tenant."""
        (found,) = self._database.first("count_exchanges", {"tenant": tenant}) or (0,)
        return int(found)

    def forget_exchanges(self, tenant: str) -> None:
        """Delete the exchanges that are kept of a tenant."""
        self._database.changed("forget_exchanges", {"tenant": tenant})

    def settings(self, tenant: str) -> dict[str, str]:
        """What was set for a tenant, by name: the same for every process on this store."""
        if self._bell is None:
            return dict(self._database.rows("settings", {"tenant": tenant}))
        heard = self._bell.heard()
        known = self._known
        if known[0] != heard:
            known = self._known = (heard, {})
        found = known[1].get(tenant)
        if found is None:  # asked for after it was heard, so not older than that
            found = dict(self._database.rows("settings", {"tenant": tenant}))
            if sum(map(len, found.values())) < _SMALL:
                known[1][tenant] = found
        return found

    def keep_setting(self, tenant: str, name: str, value: str | None) -> None:
        """Set something for a tenant; None takes it back."""
        given = {"tenant": tenant, "name": name}
        if value is None:
            self._database.changed("forget_setting", given)
        else:
            self._database.changed("keep_setting", {**given, "value": value})
        if self._bell:
            self._bell.ring()

    def close(self) -> None:
        """Let go of the database; what was answered is kept."""
        self._database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
