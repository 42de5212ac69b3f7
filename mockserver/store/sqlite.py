"""The store in SQLite: a file, or this process's memory.

One connection a process, under a lock: SQLite writes one at a time anyway, and threads that queue at a lock wait
shorter than connections that poll a busy file. Other processes on the same file wait on SQLite's own lock.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from contracts.errors import UsageError
from mockserver.store.database import PATIENCE, KeyTakenError, Row, StoreGoneError, Values, texts
from mockserver.store.schema import prepare


class Sqlite:
    """An open SQLite database; see `Database`."""

    def __init__(self, file: Path | None):
        self.name = "this process's memory" if file is None else str(file)
        self._sql = texts("sqlite")
        self._lock = threading.Lock()
        try:
            self._connection = sqlite3.connect(
                ":memory:" if file is None else file, PATIENCE, isolation_level=None, check_same_thread=False
            )
            try:
                _tune(self._connection)
                self._prepare()
            except BaseException:
                self._connection.close()
                raise
        except sqlite3.DatabaseError as error:
            raise UsageError(
                f"the store {self.name} cannot be used: {error}\n"
                "    what to do: name a file that this command may write and that is new or was made by it"
            ) from error
        self._cursor = self._connection.cursor()

    def _prepare(self) -> None:
        run = self._connection.execute
        run("BEGIN IMMEDIATE")
        try:
            tables = {name for (name,) in run("SELECT name FROM sqlite_master WHERE type = 'table'")}
            prepare(run, "sqlite", tables, self.name)
            run("COMMIT")
        except BaseException:
            run("ROLLBACK")
            raise

    def first(self, statement: str, values: Values) -> Row | None:
        cursor = self._cursor
        with self._lock:
            try:
                cursor.execute(self._sql[statement], values)
                row: Row | None = cursor.fetchone()
                cursor.fetchall()  # ends the statement, and with it the transaction
            except sqlite3.OperationalError as error:
                raise self._gone(error) from error
        return row

    def rows(self, statement: str, values: Values) -> list[Row]:
        with self._lock:
            try:
                return self._cursor.execute(self._sql[statement], values).fetchall()
            except sqlite3.OperationalError as error:
                raise self._gone(error) from error

    def changed(self, statement: str, values: Values) -> int:
        with self._lock:
            try:
                return self._cursor.execute(self._sql[statement], values).rowcount
            except sqlite3.IntegrityError as error:
                raise KeyTakenError from error
            except sqlite3.OperationalError as error:
                raise self._gone(error) from error

    def together(self, steps: Sequence[tuple[str, Sequence[Values]]]) -> None:
        with self._lock:
            try:
                self._cursor.execute("BEGIN IMMEDIATE")
                for statement, of_each in steps:
                    self._cursor.executemany(self._sql[statement], of_each)
                self._cursor.execute("COMMIT")
            except sqlite3.IntegrityError as error:
                raise KeyTakenError from error
            except sqlite3.OperationalError as error:
                raise self._gone(error) from error
            finally:
                if self._connection.in_transaction:
                    self._cursor.execute("ROLLBACK")

    def _gone(self, error: sqlite3.Error) -> StoreGoneError:
        return StoreGoneError(f"the store {self.name} took nothing for {PATIENCE:g} s or cannot be used: {error}")

    def close(self) -> None:
        with self._lock:
            self._cursor.close()
            self._connection.close()


def _tune(connection: Any) -> None:
    # sqlite.org/wal.html: with NORMAL a committed transaction survives the death of the process; the last ones may be
    # lost with the power, the file stays whole.
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
