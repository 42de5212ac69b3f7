"""What tests of the portal share: the stores, each kind of which must do the same."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from store_kinds import KINDS, LASTING

from mockserver.store import Store, open_store

if TYPE_CHECKING:
    import postgres_server

_DATABASES = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator["postgres_server.Server"]:
    """A PostgreSQL server of the tests' own."""
    import postgres_server

    with postgres_server.running() as server:
        yield server


@pytest.fixture
def database(postgres: "postgres_server.Server") -> str:
    """The URL of a new, empty database in it."""
    return postgres.new(f"portal_{next(_DATABASES)}")


@pytest.fixture(params=KINDS)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a new, empty store."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("database")
        return url
    return "memory" if request.param == "memory" else f"sqlite:///{tmp_path / 'portal.db'}"


@pytest.fixture(params=LASTING)
def lasting_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a store that outlives its process."""
    if request.param == "file":
        return f"sqlite:///{tmp_path / 'shared.db'}"
    url: str = request.getfixturevalue("database")
    return url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A new, empty store."""
    with open_store(store_url) as opened:
        yield opened


@pytest.fixture
def draw() -> Callable[[], str]:
    """Draws id-1, id-2, …"""
    numbers = count(1)
    return lambda: f"id-{next(numbers)}"
