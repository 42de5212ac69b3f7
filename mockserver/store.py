"""The stub's memory: one table of records, and the upsert as one statement.

    records   number (order of arrival) · resource · key · id · content · version · created · updated
    meta      what the file is and which version of this schema it holds

The rule: which id a key has is decided by the database alone, in one atomic statement (`INSERT … ON CONFLICT … DO
UPDATE … RETURNING`), never by reading first and writing after. Built with SQLAlchemy Core, so that PostgreSQL compiles
the same statement; run as the compiled text on the driver's own cursor, because this is the hot path.

One connection a process, under a lock: SQLite writes one at a time anyway, and threads that queue at a lock wait
shorter than connections that poll a busy file. Other processes on the same file wait on SQLite's own lock. HTTP and
models may not live here.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import (
    Column,
    Engine,
    Float,
    Insert,
    Integer,
    LargeBinary,
    MetaData,
    StaticPool,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    create_engine,
    event,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError
from sqlalchemy.schema import CreateTable

from contracts.errors import UsageError

#: The version of the tables below; a file of a newer one is refused.
SCHEMA = 1
#: Seconds that a statement waits for another process to let go of the file.
_PATIENCE = 30
_FILE = "sqlite:///"

_metadata = MetaData()
_records = Table(
    "records",
    _metadata,
    Column("number", Integer, primary_key=True),  # SQLite's rowid
    Column("resource", Text, nullable=False),
    Column("key", LargeBinary),  # bytes are compared as bytes: ordinally, in every database; NULLs never conflict
    Column("id", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created", Float, nullable=False),  # seconds since 1970
    Column("updated", Float, nullable=False),
    UniqueConstraint("resource", "key"),
)
_meta = Table("meta", _metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))


def _encode(key: str) -> bytes:
    """The key as the database compares it: equal when the texts are, even with NUL or half a surrogate pair in it."""
    return key.encode("utf-8", "surrogatepass")


def _upsert(insert: Callable[[Table], Any]) -> Insert:
    """The statement, of a dialect's own insert: a new key keeps the id drawn for it, a known key keeps its own."""
    values: dict[str, Any] = {name: bindparam(name) for name in ("resource", "key", "id", "content")}
    new = insert(_records).values(
        **values, version=literal_column("1"), created=bindparam("now"), updated=bindparam("now")
    )
    statement: Insert = new.on_conflict_do_update(
        index_elements=[_records.c.resource, _records.c.key],
        set_={
            "content": new.excluded.content,
            "version": _records.c.version + literal_column("1"),
            "updated": new.excluded.updated,
        },
    ).returning(_records.c.id)
    return statement


class Store:
    """The records of a portal. Safe to use from any thread; `close` it, or use it as a context manager."""

    def __init__(self, url: str, engine: Engine):
        self.url = url
        self._engine = engine
        self._lock = threading.Lock()
        self._raw = engine.raw_connection()
        self._cursor: Any = self._raw.cursor()
        compiled = _upsert(sqlite.insert).compile(dialect=engine.dialect)
        self._sql = str(compiled)
        self._names: tuple[str, ...] = tuple(compiled.positiontup or ())

    def upsert(self, resource: str, key: str | None, draw: Callable[[], str], content: str) -> str:
        """Create or replace the record of a key; the id that the key has, `draw` giving that of a new one.

        A record without a key is always new.
        """
        now = time.time()
        values: dict[str, Any] = {
            "resource": resource,
            "key": None if key is None else _encode(key),
            "id": draw(),
            "content": content,
            "now": now,
        }
        row = [values[name] for name in self._names]
        with self._lock:
            self._cursor.execute(self._sql, row)
            found: str = self._cursor.fetchone()[0]
            self._cursor.fetchall()  # ends the statement, and with it the transaction
        return found

    def count(self) -> int:
        """How many records are kept."""
        with self._lock, self._engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(_records)).scalar_one()

    def content(self, resource: str, key: str) -> str | None:
        """The record of a key as it was last put, None when there is none."""
        of_key = select(_records.c.content).where(_records.c.resource == resource, _records.c.key == _encode(key))
        with self._lock, self._engine.connect() as connection:
            return connection.execute(of_key).scalar_one_or_none()

    def close(self) -> None:
        """Let go of the database; what was answered is kept."""
        with self._lock:
            self._cursor.close()
            self._raw.close()
            self._engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_store(url: str) -> Store:
    """The store of "memory" (gone with the process) or "sqlite:///FILE" (made when it is not there).

    Raises UsageError for any other URL, and for a file that cannot serve as a store.
    """
    if url == "memory":
        return _open(url, "this process's memory", None)
    if not url.startswith(_FILE) or "?" in url or not url.removeprefix(_FILE).strip():
        raise UsageError(
            f"unknown store {url!r}: expected memory or {_FILE}FILE\n"
            f"    what to do: for example --store {_FILE}portal.db keeps the records in the file portal.db here"
        )
    file = Path(url.removeprefix(_FILE))
    if not file.parent.is_dir():
        raise UsageError(
            f"the store's folder {file.parent} is not there\n    what to do: make it, or name another file"
        )
    if file.is_dir():
        raise UsageError(
            f"the store {file} is a folder\n    what to do: name a file in it, for example {file / 'portal.db'}"
        )
    return _open(url, str(file), file)


def _open(url: str, name: str, file: Path | None) -> Store:
    engine = create_engine(
        URL.create("sqlite", database=None if file is None else str(file)),
        poolclass=StaticPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"check_same_thread": False, "timeout": _PATIENCE},
    )
    event.listen(engine, "connect", _tune)
    try:
        _prepare(engine, name)
        return Store(url, engine)
    except DatabaseError as error:
        engine.dispose()
        raise UsageError(
            f"the store {name} cannot be used: {error.orig}\n"
            "    what to do: name a file that this command may write and that is new or was made by it"
        ) from error
    except BaseException:
        engine.dispose()
        raise


def _tune(connection: Any, _: Any) -> None:
    # sqlite.org/wal.html: with NORMAL a committed transaction survives the death of the process; the last ones may be
    # lost with the power, the file stays whole.
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def _prepare(engine: Engine, name: str) -> None:
    """Make the tables where there are none; refuse what is not ours or newer than we are."""
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            tables = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
            if not tables:
                for table in _metadata.sorted_tables:
                    connection.execute(CreateTable(table))
                connection.execute(_meta.insert().values(name="schema", value=str(SCHEMA)))
            _refuse_strangers(
                connection.execute(select(_meta.c.value)).scalar() if "meta" in tables else None, tables, name
            )
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise


def _refuse_strangers(version: str | None, tables: set[str], name: str) -> None:
    if not tables:
        return
    if version is None or not version.isdecimal() or "records" not in tables:
        raise UsageError(
            f"the store {name} is another program's database (tables: {', '.join(sorted(tables))})\n"
            "    what to do: name another file; a new one is made"
        )
    if int(version) > SCHEMA:
        raise UsageError(
            f"the store {name} was made by a newer version of this program (its schema is {version}, ours {SCHEMA})\n"
            "    what to do: upgrade this program, or name another file"
        )
