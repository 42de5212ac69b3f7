"""The fixture `portal`: a live stub portal for each test, its own.

    portal_options ─▶ portal_server (one a process) ─▶ portal (a tenant of it, dropped after the test)

The rule: nothing is imported or started before a test asks for the fixture; processes of pytest-xdist have a server
each, and no test sees another's records.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mockserver.stub import StubPortal, Tenant


@pytest.fixture(scope="session")
def portal_options() -> dict[str, Any]:
    """What the stub portal is started with, as StubPortal takes it; override it in conftest.py.

    For example `{"pages": ["saved/help"], "strict": False, "zone": "Europe/Athens"}`.
    """
    return {}


@pytest.fixture(scope="session")
def portal_server(portal_options: dict[str, Any]) -> Iterator[StubPortal]:
    """The server that all tests of a process share, in tenants of their own."""
    from mockserver.stub import StubPortal

    options = dict(portal_options)
    with StubPortal(*options.pop("pages", ()), **options) as server:
        yield server


@pytest.fixture
def portal(portal_server: StubPortal, request: pytest.FixtureRequest) -> Iterator[Tenant]:
    """A live stub portal for one test: `portal.url`, `portal.records("Things")`, `portal.journal`, …"""
    words = re.sub(r"[^A-Za-z0-9._-]+", "-", request.node.name).strip("-._")[:60]
    with portal_server.tenant(f"{words or 'test'}-{next(_NUMBERS)}") as own:
        yield own


def _numbers() -> Iterator[int]:
    number = 0
    while True:
        yield (number := number + 1)


_NUMBERS = _numbers()
