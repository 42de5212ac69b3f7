"""The stub's memory: records by tenant, resource and key, in SQLite or PostgreSQL.

    open_store(url) ─▶ Store ─records(tenant)─▶ Records     the same for every database
                          └─▶ Database                      sqlite.py · postgresql.py: how statements are run
    tables.py ─derives─▶ sqlite.sql · postgresql.sql        what the statements are
    schema.py · migrations/                                 how a database becomes one of ours
    bell.py                                                 how workers hear that a setting was changed

The rule: an upsert is one atomic statement (`INSERT … ON CONFLICT … DO UPDATE … RETURNING`), the same in every
database; what is answered is committed. Here stands only which URL means which database.
"""

from __future__ import annotations

from pathlib import Path

from contracts.errors import UsageError
from mockserver.store.bell import Bell
from mockserver.store.database import SCHEMA, KeyTakenError, StoreGoneError
from mockserver.store.records import Kept, Records, Store

__all__ = ["SCHEMA", "Bell", "Kept", "KeyTakenError", "Records", "Store", "StoreGoneError", "open_store"]

_FILE = "sqlite:///"
_SERVERS = ("postgresql://", "postgres://")


def open_store(url: str, bell: Bell | None = None) -> Store:
    """The store of "memory" (gone with the process), "sqlite:///FILE" or "postgresql://USER:PASSWORD@HOST/DATABASE".

    A file is made when it is not there, tables are made or migrated; for `bell` see `Store`. Raises UsageError for any
    other URL, and for a database that cannot serve as a store.
    """
    if url.startswith(_SERVERS):
        return _server(url, bell)
    from mockserver.store.sqlite import Sqlite

    return Store(url, Sqlite(None if url == "memory" else _file_of(url)), bell)


def _server(url: str, bell: Bell | None) -> Store:
    try:
        from mockserver.store.postgresql import Postgresql
    except ImportError as error:
        raise UsageError(
            f"a store in PostgreSQL needs the extra postgres ({error})\n"
            '    what to do: python -m pip install ".[postgres]" in the checkout'
        ) from error
    database = Postgresql(url)
    return Store(database.name, database, bell)


def _file_of(url: str) -> Path:
    if not url.startswith(_FILE) or "?" in url or not url.removeprefix(_FILE).strip():
        raise UsageError(
            f"unknown store {_harmless(url)}: expected memory, {_FILE}FILE or {_SERVERS[0]}USER:PASSWORD@HOST/NAME\n"
            f"    what to do: for example --store {_FILE}portal.db keeps the records in the file portal.db here"
        )
    try:
        file = Path(url.removeprefix(_FILE)).expanduser()
    except RuntimeError as error:
        raise UsageError(
            f"the store {url} cannot be found: {error}\n    what to do: write the folder out instead of ~"
        ) from error
    if not file.parent.is_dir():
        raise UsageError(
            f"the store's folder {file.parent} is not there\n    what to do: make it, or name another file"
        )
    if file.is_dir():
        raise UsageError(
            f"the store {file} is a folder\n    what to do: name a file in it, for example {file / 'portal.db'}"
        )
    return file


def _harmless(url: str) -> str:
    """A URL of any kind for a message: what stands before its last @ may be a password."""
    scheme, colon, rest = url.partition("://")
    return repr(f"{scheme}{colon}…{rest[rest.rindex('@') :]}" if colon and "@" in rest else url)
