"""The store: one id a key, whoever asks, however many at once, and after a restart."""

import sqlite3
import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from contracts.errors import UsageError
from mockserver.store import Store, open_store
from mockserver.store import sqlite as sqlite_module
from mockserver.store import tables as tables_module


def test_a_key_keeps_the_id_that_was_drawn_for_it_first(store: Store, draw: Callable[[], str]) -> None:
    assert store.upsert("api/things", "K1", draw, "one") == "id-1"
    assert store.upsert("api/things", "K2", draw, "two") == "id-2"
    assert store.upsert("api/things", "K1", draw, "one again") == "id-1"
    assert store.count() == 2


def test_the_last_content_of_a_key_is_kept(store: Store, draw: Callable[[], str]) -> None:
    store.upsert("api/things", "K1", draw, "first")
    store.upsert("api/things", "K1", draw, "last")
    assert store.content("api/things", "K1") == "last"
    assert store.content("api/things", "K2") is None


def test_resources_do_not_share_keys(store: Store, draw: Callable[[], str]) -> None:
    assert store.upsert("api/things", "K1", draw, "") == "id-1"
    assert store.upsert("api/others", "K1", draw, "") == "id-2"


def test_a_record_without_a_key_is_always_new(store: Store, draw: Callable[[], str]) -> None:
    assert [store.upsert("api/things", None, draw, "") for _ in range(3)] == ["id-1", "id-2", "id-3"]
    assert store.count() == 3


def test_keys_are_compared_ordinally(store: Store, draw: Callable[[], str]) -> None:
    # the last two are one letter for people: composed, and with a combining accent
    texts = ["", " ", "K", "k", "K ", " K", "\u00df", "ss", "\0", "\0\0", "\ud800", "\udfff", "\U0001f600", "1", "01"]
    keys = [*texts, "\u00e9", "e\u0301"]
    ids = [store.upsert("api/things", key, draw, "") for key in keys]
    assert len(set(ids)) == len(keys)
    assert [store.upsert("api/things", key, draw, "") for key in keys] == ids


@pytest.mark.parametrize("rounds", [50])
def test_32_threads_that_put_one_new_key_at_once_get_one_id(store: Store, draw: Callable[[], str], rounds: int) -> None:
    ids = at_once(32, [lambda key=f"K{n}": store.upsert("api/things", key, draw, "") for n in range(rounds)])
    assert [len(set(of_round)) for of_round in ids] == [1] * rounds
    assert len({of_round[0] for of_round in ids}) == rounds
    assert store.count() == rounds


def at_once(threads: int, rounds: list[Callable[[], str]]) -> list[list[str]]:
    """What every thread got in every round; the threads wait for each other before each."""
    barrier = threading.Barrier(threads)
    found: list[list[str]] = [[] for _ in rounds]

    def work() -> None:
        for number, act in enumerate(rounds):
            barrier.wait()
            found[number].append(act())

    crowd = [threading.Thread(target=work) for _ in range(threads)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert all(len(of_round) == threads for of_round in found)
    return found


def test_two_stores_on_one_database_give_one_id(lasting_url: str, draw: Callable[[], str]) -> None:
    with open_store(lasting_url) as one, open_store(lasting_url) as other:
        turns = count()

        def put(key: str) -> str:
            return (one, other)[next(turns) % 2].upsert("api/things", key, draw, "")

        ids = at_once(8, [lambda key=f"K{n}": put(key) for n in range(20)])
    assert [len(set(of_round)) for of_round in ids] == [1] * 20


def test_many_that_open_a_new_database_at_once_find_one(lasting_url: str, draw: Callable[[], str]) -> None:
    def put() -> str:
        with open_store(lasting_url) as opened:
            return opened.upsert("api/things", "K1", draw, "")

    (ids,) = at_once(8, [put])
    assert len(set(ids)) == 1


def test_ids_and_contents_are_kept_over_a_restart(lasting_url: str, draw: Callable[[], str]) -> None:
    with open_store(lasting_url) as store:
        assert store.upsert("api/things", "K1", draw, "kept") == "id-1"
    with open_store(lasting_url) as store:
        assert store.content("api/things", "K1") == "kept"
        assert store.upsert("api/things", "K1", draw, "changed") == "id-1"
        assert store.count() == 1


def test_a_file_is_written_ahead_so_that_an_answered_upsert_outlives_the_process(tmp_path: Path) -> None:
    file = tmp_path / "portal.db"
    with open_store(f"sqlite:///{file}"):
        pass
    connection = sqlite3.connect(file)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_memory_stores_do_not_share(draw: Callable[[], str]) -> None:
    with open_store("memory") as one, open_store("memory") as other:
        one.upsert("api/things", "K1", draw, "")
        assert other.count() == 0


@pytest.mark.parametrize(
    "url",
    [
        "",
        "Memory",
        "sqlite://",
        "sqlite:///",
        "sqlite:/portal.db",
        "sqlite:///a.db?mode=ro",
        "mysql://host/db",
        "a.db",
    ],
)
def test_an_unknown_store_says_which_there_are(url: str) -> None:
    with pytest.raises(UsageError, match=r"expected memory, sqlite:///FILE or postgresql://\S+\n    what to do: "):
        open_store(url)


def not_a_database(file: Path) -> None:
    file.write_bytes(b"Dear diary, this is no database at all." * 40)


def another_programs(file: Path) -> None:
    run(file, "CREATE TABLE songs (title TEXT)")


def another_programs_meta(file: Path) -> None:
    run(file, "CREATE TABLE meta (version INTEGER)")


def newer(file: Path) -> None:
    with open_store(f"sqlite:///{file}"):
        pass
    run(file, "UPDATE meta SET value = '99' WHERE name = 'schema'")


def folder(file: Path) -> None:
    file.mkdir()


def run(file: Path, sql: str) -> None:
    connection = sqlite3.connect(file)
    connection.execute(sql)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (not_a_database, "cannot be used: file is not a database"),
        (another_programs, r"another program's database \(tables: songs\)"),
        (another_programs_meta, r"another program's database \(tables: meta\)"),
        (newer, r"a newer version of this program \(its schema is 99, ours 2\)"),
        (folder, "is a folder"),
    ],
)
def test_a_file_that_cannot_serve_is_refused_and_left_as_it_was(
    spoil: Callable[[Path], None], says: str, tmp_path: Path
) -> None:
    file = tmp_path / "spoilt.db"
    spoil(file)
    before = None if file.is_dir() else tables(file)
    with pytest.raises(UsageError, match=says):
        open_store(f"sqlite:///{file}")
    assert (None if file.is_dir() else tables(file)) == before


def tables(file: Path) -> list[str] | None:
    connection = sqlite3.connect(file)
    try:
        return [name for (name,) in connection.execute("SELECT name FROM sqlite_master ORDER BY name")]
    except sqlite3.DatabaseError:
        return None
    finally:
        connection.close()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"folder .*nowhere is not there"):
        open_store(f"sqlite:///{tmp_path / 'nowhere' / 'portal.db'}")


def test_a_file_that_may_not_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "portal.db"
    with open_store(f"sqlite:///{file}"):
        pass
    # what SQLite makes of a read-only file, without the file system, where root may write anything
    monkeypatch.setattr(sqlite_module, "_tune", lambda connection: connection.execute("PRAGMA query_only=ON"))
    with pytest.raises(UsageError, match="attempt to write a readonly database"):
        open_store(f"sqlite:///{file}")


def test_the_statements_are_derived_from_the_tables_for_both_databases() -> None:
    for dialect in ("sqlite", "postgresql"):
        committed = (tables_module.HERE / f"{dialect}.sql").read_text(encoding="utf-8")
        assert committed.split() == tables_module.derived(dialect).split(), "python -m mockserver.store.tables"
        assert "ON CONFLICT (tenant, resource, " in committed
