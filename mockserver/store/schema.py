"""How a database becomes one of ours: made new, migrated from an older schema, or refused as it is.

The rule: all of it happens in one transaction that `prepare` is called in, so that a database is either as it was or
whole, and of many processes that open it at once one does the work. Nothing that is not ours is touched.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import Any, Protocol

from contracts.errors import UsageError
from mockserver.store.database import SCHEMA, migration, texts


class _Cursor(Protocol):
    def fetchone(self) -> Any: ...


def prepare(run: Callable[..., _Cursor], dialect: str, tables: Set[str], name: str) -> None:
    """Give a database our tables in the version of today; `run` executes SQL, `tables` are those that it has.

    Raises UsageError for another program's database and for one of a newer version of this program.
    """
    statements = texts(dialect)
    if not tables:
        for statement in (text for called, text in statements.items() if called.startswith("create ")):
            run(statement)
        run(statements["first_version"], {"value": str(SCHEMA)})
        return
    found = run(statements["version"]).fetchone() if {"meta", "records"} <= tables else None
    if found is None or not found[0].isdecimal() or int(found[0]) < 1:
        raise UsageError(
            f"the store {name} is another program's database (tables: {', '.join(sorted(tables))})\n"
            "    what to do: name another one; a new or empty one is made ready"
        )
    version = int(found[0])
    if version > SCHEMA:
        raise UsageError(
            f"the store {name} was made by a newer version of this program (its schema is {version}, ours {SCHEMA})\n"
            "    what to do: upgrade this program, or name another store"
        )
    for older in range(version, SCHEMA):
        for statement in migration(dialect, older):
            run(statement)
    if version < SCHEMA:
        run(statements["set_version"], {"value": str(SCHEMA)})
