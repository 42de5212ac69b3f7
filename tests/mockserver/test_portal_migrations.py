"""A store of an older schema is brought up to date as a whole or left as it was, in every kind of database."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from contracts.errors import UsageError
from mockserver.store import Kept, Store, database, open_store, schema
from mockserver.store.database import texts

#: What schema 1 was, with records in it, as a file of it was dumped.
OLD = Path(__file__).parent.parent / "data" / "store"


@pytest.fixture
def old_url(lasting_url: str) -> str:
    """The URL of a store that was made by schema 1."""
    run(lasting_url, (OLD / f"schema-1-{kind(lasting_url)}.sql").read_text(encoding="utf-8"))
    return lasting_url


def kind(url: str) -> str:
    return url.partition(":")[0]


def run(url: str, script: str) -> None:
    """Run SQL in the database of a URL, beside the store's own code."""
    if kind(url) == "sqlite":
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.executescript(script)
        return
    import psycopg

    with psycopg.connect(url) as server:
        server.execute(script.encode())


def look(url: str, query: str) -> list[tuple[object, ...]]:
    """What a query finds."""
    if kind(url) == "sqlite":
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            return connection.execute(query).fetchall()
    import psycopg

    with psycopg.connect(url) as server:
        return server.execute(query.encode()).fetchall()


def shape(url: str) -> list[tuple[object, ...]]:
    """Tables, columns and indexes, as far as a program can tell them apart."""
    if kind(url) == "sqlite":
        tables = [str(name) for (name,) in look(url, "SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = [(table, *row) for table in tables for row in look(url, f"PRAGMA table_info({table})")]
        indexes = [(table, *row[2:]) for table in tables for row in look(url, f"PRAGMA index_list({table})")]
        return sorted([*columns, *indexes], key=repr)
    columns = look(
        url,
        "SELECT table_name, column_name, data_type, is_nullable, column_default IS NULL FROM information_schema.columns"
        " WHERE table_schema = current_schema()",
    )
    indexes = look(url, "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = current_schema()")
    unnamed = [(table, str(text).partition(" ON ")[2]) for table, text in indexes]
    return sorted([*columns, *unnamed], key=repr)


def test_the_records_of_schema_1_are_those_of_the_tenant_without_a_name(old_url: str) -> None:
    with open_store(old_url) as store:
        assert store.tenants() == [""]
        assert store.records().all() == [
            Kept("api/things", "id-1", "TEST-1", '["one again"]', 2, 1893456000.25, 1893456001.5),
            Kept("api/things", "id-2", "test-1", '["small"]', 1, 1893456000.25, 1893456000.25),
            Kept("api/things", "id-3", None, '["no key"]', 1, 1893456000.25, 1893456000.25),
            Kept("api/things", "id-4", "\u00e9\0\ud800", '["odd"]', 1, 1893456000.25, 1893456000.25),
            Kept("api/things", "id-5", None, '["no key either"]', 1, 1893456000.25, 1893456000.25),
            Kept("api/others", "id-7", "TEST-1", '["other"]', 1, 1893456001.5, 1893456001.5),
        ]


def test_it_goes_on_as_a_new_one_does(old_url: str) -> None:
    with open_store(old_url) as store:
        assert store.records().upsert("api/things", "TEST-1", lambda: "drawn", "") == "id-1"
        assert store.records().upsert("api/things", "TEST-2", lambda: "drawn", "") == "drawn"
        assert store.records("other").upsert("api/things", "TEST-1", lambda: "theirs", "") == "theirs"
        assert [kept.id for kept in store.records().all()][-2:] == ["id-7", "drawn"]
        store.keep_exchange("", 1, "text")
        store.keep_setting("", "name", "value")
    with open_store(old_url) as store:
        assert store.records().count() == 7


def test_a_migrated_store_and_a_new_one_have_the_same_shape(
    old_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    open_store(old_url).close()
    new = f"sqlite:///{tmp_path / 'new.db'}"
    if kind(old_url) == "postgresql":
        new = request.getfixturevalue("postgres").new(f"new_{old_url.rpartition('/')[2]}")
    open_store(new).close()
    assert shape(old_url) == shape(new)


def test_a_migration_that_fails_leaves_the_store_as_it_was(old_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = shape(old_url), look(old_url, "SELECT id, content FROM records ORDER BY number")
    whole = database.migration
    monkeypatch.setattr(schema, "migration", lambda *given: [*whole(*given), "INSERT INTO nowhere VALUES (1)"])
    with pytest.raises(UsageError, match=r"cannot be used: .*nowhere"):
        open_store(old_url)
    assert (shape(old_url), look(old_url, "SELECT id, content FROM records ORDER BY number")) == before
    assert look(old_url, "SELECT value FROM meta") == [("1",)]


def newer(url: str) -> None:
    open_store(url).close()
    run(url, "UPDATE meta SET value = '99' WHERE name = 'schema'")


def strange(url: str) -> None:
    run(url, "CREATE TABLE songs (title TEXT)")


def strange_meta(url: str) -> None:
    run(url, "CREATE TABLE meta (version INTEGER); CREATE TABLE records (version INTEGER)")


def without_version(url: str) -> None:
    open_store(url).close()
    run(url, "DELETE FROM meta")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (newer, r"was made by a newer version of this program \(its schema is 99, ours 2\)\n    what to do: "),
        (strange, r"is another program's database \(tables: songs\)\n    what to do: "),
        (strange_meta, "cannot be used: .*value"),
        (without_version, "is another program's database"),
    ],
)
def test_what_is_not_ours_or_newer_is_refused_and_left_as_it_was(
    lasting_url: str, spoil: Callable[[str], None], says: str
) -> None:
    spoil(lasting_url)
    before = shape(lasting_url)
    with pytest.raises(UsageError, match=says):
        open_store(lasting_url)
    assert shape(lasting_url) == before


def test_every_older_version_has_its_migration() -> None:
    for dialect in ("sqlite", "postgresql"):
        assert all(database.migration(dialect, version) for version in range(1, database.SCHEMA))
        assert "create records" in texts(dialect)


def test_a_closed_store_lets_go_of_its_database(lasting_url: str) -> None:
    store: Store = open_store(lasting_url)
    store.close()
    if kind(lasting_url) == "sqlite":
        Path(lasting_url.removeprefix("sqlite:///")).unlink()  # Windows refuses it of an open file
    else:
        assert look(lasting_url, "SELECT 1 FROM pg_stat_activity WHERE application_name = 'portal-mock'") == []
