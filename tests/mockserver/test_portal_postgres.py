"""The store in PostgreSQL as a team meets it: its password stays unseen, and a restart of the server loses nothing."""

import http.client
import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from portal_process import ended, first_line, interrupt, portal_mock, url_in
from test_portal_workers import children, identity, until

from contracts.errors import UsageError
from mockserver.store import StoreGoneError, open_store
from mockserver.store import postgresql as postgresql_module

if TYPE_CHECKING:
    from postgres_server import Server

PASSWORD = "test/pass:w@rd%"


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.delitem(sys.modules, "mockserver.store.postgresql")
    with pytest.raises(UsageError, match=r"needs the extra postgres[^\n]*\n    what to do: [^\n]*\.\[postgres\]"):
        open_store("postgresql://host/db")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://host/db", "postgresql://host/db"),
        ("postgres://u:secret@host:5433/db?sslmode=require", "postgresql://u@host:5433/db"),
        ("postgresql:///db?host=h&user=u&password=secret", "postgresql://u@h/db"),
        ("postgresql://u:sec%2Fret@h1:1,h2:2/db", "postgresql://u@h1,h2:1,2/db"),
    ],
)
def test_what_is_told_of_a_url_has_no_password(url: str, told: str) -> None:
    assert postgresql_module.shown(url) == told


@pytest.mark.parametrize(
    "url", ["postgresql://u:secret@[/db", "postgresql://u:secret@h/db?nonsense=1", "postgresql://u:secret%zz@h/db"]
)
def test_a_url_that_cannot_be_read_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(UsageError, match="what to do: write postgresql://user:password@host") as raised:
        open_store(url)
    assert "secret" not in str(raised.value)
    assert raised.value.__suppress_context__  # psycopg's own words would show it in a traceback


def test_a_server_that_is_not_there_is_an_error_of_one_line_without_the_password() -> None:
    code, out, err = ended("serve", "--port", "0", "--store", "postgresql://u:secret@127.0.0.1:1/db")
    assert (code, out) == (2, "")
    assert err.startswith("error: the store postgresql://u@127.0.0.1:1/db cannot be used: connection ")
    assert "secret" not in err
    assert "Traceback" not in err


@pytest.mark.slow
def test_a_wrong_password_is_refused_and_not_shown(postgres: "Server", database: str) -> None:
    url = postgres.url_of(database.rpartition("/")[2], "wrong-secret")
    with pytest.raises(UsageError, match='password authentication failed for user "portal"') as raised:
        open_store(url)
    assert "wrong-secret" not in str(raised.value)


@pytest.mark.slow
def test_the_store_names_itself_without_its_password(postgres: "Server", database: str) -> None:
    with open_store(database) as store:
        assert store.url == f"postgresql://portal@127.0.0.1:{postgres.port}/{database.rpartition('/')[2]}"


@pytest.mark.slow
def test_more_threads_than_connections_all_get_their_turn(database: str) -> None:
    with open_store(database) as store:
        records = store.records()

        def put(number: int) -> None:
            for turn in range(20):
                records.upsert("api/things", f"{number}-{turn}", lambda drawn=turn: f"id-{number}-{drawn}", "")

        crowd = [threading.Thread(target=put, args=(number,)) for number in range(64)]
        for thread in crowd:
            thread.start()
        for thread in crowd:
            thread.join()
        assert records.count() == 64 * 20


@pytest.mark.slow
def test_a_restarted_server_loses_nothing_and_is_not_noticed(postgres: "Server", database: str) -> None:
    with open_store(database) as store:
        records = store.records()
        answered: dict[str, str] = {}
        over = threading.Event()

        def put(number: int) -> None:
            for turn in range(100_000):
                key = f"{number}-{turn}"
                answered[key] = records.upsert("api/things", key, lambda drawn=key: f"id-{drawn}", "")
                records.upsert("api/unkeyed", None, lambda drawn=key: f"id-{drawn}", "")
                if over.is_set():
                    return

        crowd = [threading.Thread(target=put, args=(number,)) for number in range(16)]
        for thread in crowd:
            thread.start()
        for _ in range(3):
            seen = len(answered)
            until(lambda seen=seen: len(answered) > seen + 200)
            postgres.stop()
            postgres.start()
        seen = len(answered)
        until(lambda: len(answered) > seen + 200)
        over.set()
        for thread in crowd:
            thread.join()
        kept = {one.key: one.id for one in records.all("api/things")}
        assert kept == answered == {key: f"id-{key}" for key in answered}
        unkeyed = [one.id for one in records.all("api/unkeyed")]
        assert sorted(unkeyed) == sorted(answered.values())


@pytest.mark.slow
def test_a_server_that_stays_away_is_told_without_the_password(
    postgres: "Server", database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql_module, "PATIENCE", 0.3)
    with open_store(database) as store:
        postgres.stop()
        try:
            with pytest.raises(StoreGoneError, match=r"postgresql://portal@.* cannot be reached: ") as raised:
                store.count()
            assert PASSWORD not in str(raised.value)
        finally:
            postgres.start()
        assert store.count() == 0


@pytest.mark.slow
def test_two_portals_and_their_workers_share_one_database(database: str) -> None:
    serve = ("serve", "--port", "0", "--workers", "2", "--store", database)
    with portal_mock(*serve) as one, portal_mock(*serve) as other:
        urls = [url_in(first_line(process)) for process in (one, other)]
        own = identity(urls[0], "K1")
        assert {identity(url, "K1") for url in urls * 5} == {own}
        os.kill(children(one.pid)[0], signal.SIGKILL)
        assert {identity(urls[1], "K1") for _ in range(5)} == {own}
        until(lambda: len(children(one.pid)) == 2)
        assert {identity(url, "K1") for url in urls * 5} == {own}
        for process in (one, other):
            interrupt(process)
            out, err = process.communicate(timeout=30)
            assert (process.returncode, PASSWORD in out + err) == (0, False)


@pytest.mark.slow
def test_what_a_running_portal_shows_has_no_password(database: str) -> None:
    with portal_mock("serve", "--port", "0", "--store", database) as process:
        parts = urlsplit(url_in(first_line(process)))
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        connection.request("GET", "/_portal/health")
        told = connection.getresponse().read().decode()
        connection.close()
    assert json.loads(told)["store"].startswith("postgresql://portal@127.0.0.1:")
    assert "pass" not in told


def test_the_test_server_is_found_or_said_to_be_missing() -> None:
    import postgres_server

    found = postgres_server.programs()
    assert found is None or Path(found, "initdb").exists()
