"""A store that cannot be used for the moment is told in words, answered as a server would, and usable afterwards."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from unittest import mock

import pytest
from shipped_record import record

from contracts import helppage
from mockserver.app import create_app
from mockserver.store import StoreGoneError, open_store
from mockserver.store import sqlite as sqlite_module


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Another program holds the file."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sqlite_module, "PATIENCE", 0.1)
    return tmp_path / "portal.db"


def test_a_locked_file_is_an_error_in_words_and_usable_afterwards(file: Path) -> None:
    with open_store(f"sqlite:///{file}") as store:
        records = store.records()
        records.upsert("things", "K1", lambda: "id-1", "")
        with locked(file):
            for act in (
                lambda: records.upsert("things", "K2", lambda: "id-2", ""),
                lambda: records.delete("things", "id-1"),
                lambda: records.restore([]),
                lambda: store.keep_exchange("", 1, ""),
            ):
                with pytest.raises(StoreGoneError, match=r"portal\.db took nothing .*: database is locked"):
                    act()
            assert records.count() == 1
        assert records.upsert("things", "K2", lambda: "id-2", "") == "id-2"
        records.restore([])
        assert records.count() == 0


def test_a_client_gets_the_frameworks_500_and_the_log_one_line(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    with open_store(f"sqlite:///{file}") as store:
        client = create_app(helppage.shipped(), store).test_client()
        with locked(file), caplog.at_level(logging.ERROR, "mockserver"):
            answer = client.post("/api/Appointments", json=record("K1"))
        assert (answer.status_code, answer.get_json()) == (500, {"message": "An error has occurred."})
        (line,) = caplog.records
        assert (line.exc_info, "database is locked" in line.getMessage()) == (None, True)
        assert client.post("/api/Appointments", json=record("K1")).status_code == 200


def test_the_log_tells_no_credential_of_a_request_that_failed(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    with open_store(f"sqlite:///{file}") as store:
        client = create_app(helppage.shipped(), store).test_client()
        with locked(file), caplog.at_level(logging.ERROR, "mockserver"):
            client.post("/api/Appointments?token=invented-1", json=record("K1"))
        records = client.application.extensions["portal"].tenants.default.records
        with mock.patch.object(type(records), "upsert", side_effect=ArithmeticError("our own")):
            client.post("/api/Appointments?token=invented-1", json=record("K1"))
    assert ["?token=(hidden) " in line.getMessage() for line in caplog.records] == [True, True]
    assert "invented-1" not in caplog.text
