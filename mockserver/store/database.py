"""What the store needs of a database, and the statements as they are run there.

The rule: a statement is known by its name, its text is the derived file's (`tables.py`), and it is atomic: it commits
by itself, or with all others of one `together`. A database reconnects by itself where it can; what it raises is one of
the two errors here, whatever its driver says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

#: The version of the tables; a database of a newer one is refused, one of an older one is migrated.
SCHEMA = 2
#: Seconds that a statement waits for another process to let go, or for the database to come back.
PATIENCE = 30.0
_HERE = Path(__file__).parent

Values = Mapping[str, Any]
Row = tuple[Any, ...]


class KeyTakenError(Exception):
    """Another record of the same resource has this key already; nothing was changed."""


class StoreGoneError(Exception):
    """The database took no statement for as long as one waits: not there, locked, full; what was answered is kept."""


class Database(Protocol):
    """An open database, safe to use from any thread. `name` says which it is, without a password."""

    name: str

    def first(self, statement: str, values: Values) -> Row | None:
        """Run a statement and give its first row, None when it has none."""

    def rows(self, statement: str, values: Values) -> list[Row]:
        """Run a statement and give all its rows."""

    def changed(self, statement: str, values: Values) -> int:
        """Run a statement and give how many rows it changed. Raises KeyTakenError."""

    def together(self, steps: Sequence[tuple[str, Sequence[Values]]]) -> None:
        """Run each statement with each of its values, all of it or nothing. Raises KeyTakenError."""

    def close(self) -> None:
        """Let go of the database."""


def texts(dialect: str) -> dict[str, str]:
    """The statements of a dialect ("sqlite", "postgresql") by their names, in the order of the derived file."""
    parts = (_HERE / f"{dialect}.sql").read_text(encoding="utf-8").split("\n\n-- ")[1:]
    return {name: text.strip() for name, _, text in (part.partition("\n") for part in parts)}


def migration(dialect: str, version: int) -> list[str]:
    """The statements that make a database of a version one of the next."""
    file = _HERE / "migrations" / f"{dialect}-{version}-{version + 1}.sql"
    return [text for text in file.read_text(encoding="utf-8").split(";\n") if text.strip()]
