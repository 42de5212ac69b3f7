"""What the judge's tests share: the shipped contract, read once, and a run against a portal of the zoo."""

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from zoo import Portal

from contracts.conformance import Report, Settings, Target, check
from contracts.helppage import shipped
from contracts.model import Contract


@pytest.fixture(scope="session")
def contract() -> Contract:
    return shipped()


@pytest.fixture(scope="session")
def judged(contract: Contract) -> Callable[..., Report]:
    """The report on a portal of the zoo with these traits; the same question is judged once."""

    @cache
    def judge(*traits: str, **settings: object) -> Report:
        with Portal(*traits) as portal:
            return check(contract, Target(portal.url), Settings(run_id="test", **settings))  # type: ignore[arg-type]

    return judge
