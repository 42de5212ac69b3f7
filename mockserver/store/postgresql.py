"""The store in PostgreSQL: a few connections, shared by this process's threads; any number of processes and machines.

Written for psycopg 3, the extra `postgres`. Every statement commits by itself. When the server goes away, statements
wait for it and are run again. That is safe: an upsert with a key, a replacement and a restore are the same twice, and a
record without a key is looked for before, by the id drawn for it: it may have been committed, and the answer lost.

The rule: a password is never shown. What is told of a connection is made of those of its parameters that are harmless.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from psycopg import conninfo, errors

from contracts.errors import UsageError
from mockserver.store.database import PATIENCE, KeyTakenError, Row, StoreGoneError, Values, texts
from mockserver.store.schema import prepare

T = TypeVar("T")
Connection = psycopg.Connection[Any]

#: Connections of one process; more threads than that wait for each other.
_CONNECTIONS = 8
#: Seconds that connecting may take, and between two tries.
_CONNECTING, _PAUSE = 10, 0.1
#: The advisory lock under which one process at a time prepares the database: any number that nobody else takes.
_PREPARING = 0x706F7274616C
#: What of a connection's parameters may be shown.
_SHOWN = ("user", "host", "port", "dbname")


class Postgresql:
    """An open PostgreSQL database; see `Database`."""

    def __init__(self, url: str):
        self._url = url
        self.name = shown(url)
        # psycopg takes a text only where it stands in the source, for fear of pasted values; bytes it takes
        self._sql = {name: text.encode() for name, text in texts("postgresql").items()}
        self._idle: list[Connection] = []
        self._places = threading.Semaphore(_CONNECTIONS)
        try:
            self._prepare()
        except psycopg.Error as error:
            raise UsageError(
                f"the store {self.name} cannot be used: {_words(error)}\n"
                "    what to do: see that the server runs and has the database, and that this user may log in and make"
                " tables there"
            ) from error

    def _prepare(self) -> None:
        with psycopg.connect(self._url, connect_timeout=_CONNECTING) as connection:  # one transaction

            def run(statement: str, values: Values | None = None) -> psycopg.Cursor[Any]:
                return connection.execute(statement.encode(), values)

            run(f"SELECT pg_advisory_xact_lock({_PREPARING})")
            tables = run("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()").fetchall()
            prepare(run, "postgresql", {name for (name,) in tables}, self.name)

    def first(self, statement: str, values: Values) -> Row | None:
        def run(connection: Connection, again: bool) -> Row | None:
            if again and statement == "upsert" and values["key"] is None:
                known = connection.execute(self._sql["by_id"], values).fetchone()
                if known is not None:
                    return (values["id"],)
            return connection.execute(self._sql[statement], values).fetchone()

        return self._patiently(run)

    def rows(self, statement: str, values: Values) -> list[Row]:
        return self._patiently(lambda connection, _: connection.execute(self._sql[statement], values).fetchall())

    def changed(self, statement: str, values: Values) -> int:
        return self._patiently(lambda connection, _: connection.execute(self._sql[statement], values).rowcount)

    def together(self, steps: Sequence[tuple[str, Sequence[Values]]]) -> None:
        def run(connection: Connection, _: bool) -> None:
            with connection.transaction(), connection.cursor() as cursor:
                for statement, of_each in steps:
                    cursor.executemany(self._sql[statement], of_each)

        self._patiently(run)

    def _patiently(self, run: Callable[[Connection, bool], T]) -> T:
        """Run something on a connection; again, and told so, when the connection was lost meanwhile."""
        until, again = time.monotonic() + PATIENCE, False
        while True:
            try:
                with self._connection() as connection:
                    return run(connection, again)
            except errors.UniqueViolation as error:
                raise KeyTakenError from error
            except psycopg.OperationalError as error:
                if time.monotonic() > until:
                    raise StoreGoneError(f"the store {self.name} cannot be reached: {_words(error)}") from error
                again = True
                time.sleep(_PAUSE)

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        with self._places:
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = psycopg.connect(self._url, connect_timeout=_CONNECTING, autocommit=True)
            try:
                yield connection
            except psycopg.OperationalError:
                connection.close()
                self.close()  # the others have most likely lost the server too
                raise
            except BaseException:
                self._idle.append(connection)
                raise
            self._idle.append(connection)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()


def shown(url: str) -> str:
    """A connection's URL without a password. Raises UsageError for one that cannot be read."""
    try:
        parameters = conninfo.conninfo_to_dict(url)
    except psycopg.Error:  # its words would repeat the URL, and so does its traceback
        raise UsageError(
            "the URL of the PostgreSQL store cannot be read\n"
            "    what to do: write postgresql://user:password@host:5432/database, and in a password / as %2F, : as %3A,"
            " @ as %40 and % as %25"
        ) from None
    user, host, port, database = (str(parameters.get(name) or "") for name in _SHOWN)
    return f"postgresql://{user + '@' if user else ''}{host}{':' + port if port else ''}/{database}"


def _words(error: psycopg.Error) -> str:
    """What the server or the network said, on one line."""
    return " ".join(str(error).split()) or type(error).__name__
