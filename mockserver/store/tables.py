"""The store's tables and statements, written in SQLAlchemy Core; `sqlite.sql` and `postgresql.sql` are derived from it.

    python -m mockserver.store.tables            writes both files anew
    python -m mockserver.store.tables --check    names the one that is stale; a test does the same

    records    number (order of arrival) · tenant · resource · key · id · content · version · created · updated
    exchanges  place (order of arrival) · tenant · number · text            the journal, where it is kept with the store
    settings   tenant · name · value                                        what was set at run time
    meta       what the database is and which version of this schema it holds

The rule: this is the single source, and what differs between the databases is SQLAlchemy's business. It is compiled
here and not at the start of the portal: importing SQLAlchemy takes longer than all else that the store does until the
first answer. Changing a table needs a new version and a migration; running a statement may not live here.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    ClauseElement,
    Column,
    ColumnElement,
    Dialect,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    union,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

HERE = Path(__file__).parent
#: Counts what ever arrived: in SQLite the rowid, whose type must be INTEGER.
_Number = BigInteger().with_variant(Integer, "sqlite")

_metadata = MetaData()
RECORDS = Table(
    "records",
    _metadata,
    Column("number", _Number, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("resource", Text, nullable=False),
    Column("key", LargeBinary),  # bytes are compared as bytes: ordinally, in every database; NULLs never conflict
    Column("id", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created", Float, nullable=False),  # seconds since 1970
    Column("updated", Float, nullable=False),
    UniqueConstraint("tenant", "resource", "key"),
    Index("records_by_id", "id"),
)
EXCHANGES = Table(
    "exchanges",
    _metadata,
    Column("place", _Number, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Index("exchanges_by_tenant", "tenant", "place"),
)
SETTINGS = Table(
    "settings",
    _metadata,
    Column("tenant", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
META = Table(
    "meta",
    _metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

#: The dialects, each with its own INSERT (for ON CONFLICT) and the way its driver spells a parameter.
_DIALECTS: Mapping[str, tuple[Dialect, Any]] = {
    "sqlite": (sqlite.dialect(paramstyle="named"), sqlite.insert),
    "postgresql": (postgresql.dialect(paramstyle="pyformat"), postgresql.insert),  # type: ignore[no-untyped-call]
}


def _of(table: Table, *names: str) -> list[Any]:
    return [table.c[name] == bindparam(name) for name in names]


def _given(*names: str) -> dict[str, Any]:
    return {name: bindparam(name) for name in names}


_ONE: ColumnElement[int] = literal_column("1")
_NOW: ColumnElement[float] = bindparam("now")
_SHOWN = select(*(RECORDS.c[name] for name in ("resource", "id", "key", "content", "version", "created", "updated")))
_ALL = _SHOWN.where(*_of(RECORDS, "tenant")).order_by(RECORDS.c.number)


def _oldest() -> ColumnElement[int]:
    """Where a tenant's exchanges end that are too many: so many places before its newest, whosoever they are."""
    newest = select(func.max(EXCHANGES.c.place)).where(*_of(EXCHANGES, "tenant")).scalar_subquery()
    return newest - bindparam("most", type_=BigInteger())


def _upsert(dialect: str) -> ClauseElement:
    """The one statement by which a new key keeps the id drawn for it, and a known key its own."""
    new = _DIALECTS[dialect][1](RECORDS).values(
        **_given("tenant", "resource", "key", "id", "content"), version=_ONE, created=_NOW, updated=_NOW
    )
    statement: ClauseElement = new.on_conflict_do_update(
        index_elements=[RECORDS.c.tenant, RECORDS.c.resource, RECORDS.c.key],
        set_={
            "content": new.excluded.content,
            "version": RECORDS.c.version + _ONE,
            "updated": new.excluded.updated,
        },
    ).returning(RECORDS.c.id)
    return statement


def _keep_setting(dialect: str) -> ClauseElement:
    new = _DIALECTS[dialect][1](SETTINGS).values(**_given("tenant", "name", "value"))
    statement: ClauseElement = new.on_conflict_do_update(
        index_elements=[SETTINGS.c.tenant, SETTINGS.c.name], set_={"value": new.excluded.value}
    )
    return statement


def statements(dialect: str) -> dict[str, ClauseElement]:
    """Every statement that the store runs, by its name."""
    tenants = union(*(select(table.c.tenant) for table in (RECORDS, EXCHANGES, SETTINGS)))
    return {
        "upsert": _upsert(dialect),
        "by_key": _SHOWN.where(*_of(RECORDS, "tenant", "resource", "key")),
        "by_id": _SHOWN.where(*_of(RECORDS, "tenant", "resource", "id")).order_by(RECORDS.c.number),
        "all_of_resource": _ALL.where(*_of(RECORDS, "resource")),
        "all_records": _ALL,
        "replace": update(RECORDS)
        .where(*_of(RECORDS, "tenant", "resource"), RECORDS.c.id == bindparam("known"))
        .values(**_given("key", "content"), version=RECORDS.c.version + _ONE, updated=_NOW),
        "restore": insert(RECORDS)
        .inline()
        .values(**_given("tenant", "resource", "key", "id", "content", "version", "created", "updated")),
        "delete": delete(RECORDS).where(*_of(RECORDS, "tenant", "resource", "id")),
        "clear_resource": delete(RECORDS).where(*_of(RECORDS, "tenant", "resource")),
        "clear_records": delete(RECORDS).where(*_of(RECORDS, "tenant")),
        "resources": select(RECORDS.c.resource, func.count())
        .where(*_of(RECORDS, "tenant"))
        .group_by(RECORDS.c.resource)
        .order_by(func.min(RECORDS.c.number)),
        "count": select(func.count()).select_from(RECORDS).where(*_of(RECORDS, "tenant")),
        "tenants": select(tenants.subquery().c.tenant).order_by("tenant"),
        "keep_exchange": insert(EXCHANGES)
        .inline()
        .values(**_given("tenant", "number", "text"))
        .returning(EXCHANGES.c.place),
        "exchanges": select(EXCHANGES.c.place, EXCHANGES.c.text)
        .where(*_of(EXCHANGES, "tenant"))
        .order_by(EXCHANGES.c.place.desc())
        .limit(bindparam("last"))
        .offset(literal_column("0")),
        "newest_exchange": select(func.max(EXCHANGES.c.place)).where(*_of(EXCHANGES, "tenant")),
        "count_exchanges": select(func.count()).select_from(EXCHANGES).where(*_of(EXCHANGES, "tenant")),
        "trim_exchanges": delete(EXCHANGES).where(*_of(EXCHANGES, "tenant"), EXCHANGES.c.place <= _oldest()),
        "forget_exchanges": delete(EXCHANGES).where(*_of(EXCHANGES, "tenant")),
        "settings": select(SETTINGS.c.name, SETTINGS.c.value).where(*_of(SETTINGS, "tenant")).order_by("name"),
        "keep_setting": _keep_setting(dialect),
        "forget_setting": delete(SETTINGS).where(*_of(SETTINGS, "tenant", "name")),
        "forget_settings": delete(SETTINGS).where(*_of(SETTINGS, "tenant")),
        "version": select(META.c.value).where(META.c.name == literal_column("'schema'")),
        "set_version": update(META).where(META.c.name == literal_column("'schema'")).values(**_given("value")),
        "first_version": insert(META).inline().values(name=literal_column("'schema'"), value=bindparam("value")),
    }


def derived(dialect: str) -> str:
    """The text of a database's file: "-- name" above each statement."""
    compiler = _DIALECTS[dialect][0]
    parts: dict[str, Any] = {}
    for table in _metadata.sorted_tables:
        parts[f"create {table.name}"] = CreateTable(table)
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            parts[f"create {index.name}"] = CreateIndex(index)
    parts |= statements(dialect)
    head = "-- Derived from tables.py: python -m mockserver.store.tables\n"
    texts = {name: str(one.compile(dialect=compiler)).strip() for name, one in parts.items()}
    lines = (f"\n-- {name}\n" + "\n".join(line.rstrip() for line in text.splitlines()) for name, text in texts.items())
    return head + "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Write both files, or say which is stale; the exit code."""
    stale = 0
    for dialect in _DIALECTS:
        file, text = HERE / f"{dialect}.sql", derived(dialect)
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            stale = 1
            print(f"{'stale' if '--check' in arguments else 'written'}: {file.name}")
            if "--check" not in arguments:
                file.write_text(text, encoding="utf-8", newline="\n")
    return stale if "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
