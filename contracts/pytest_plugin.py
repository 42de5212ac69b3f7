"""The suite as pytest tests: `pytest --pyargs contracts.conformance --portal-url URL`.

    --portal-url ──▶ check (once, what is selected) ──▶ Standings ──▶ one test a requirement

The rule: nothing happens unless a portal is named, so nothing heavy is imported before; each requirement bears the
markers of its level and its family, so that -m and -k select; processes of pytest-xdist share one run of the judge.
The tests themselves are `contracts.conformance.suite`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from contracts.errors import UsageError

if TYPE_CHECKING:
    from contracts.conformance import Report
    from contracts.conformance.requirements import Requirement
    from contracts.conformance.standing import Standings
    from contracts.model import Contract

# A run that was asked for and judges nothing is no pass: a job that lost its URL must not look green.
_UNNAMED = "no portal is named\n    what to do: give --portal-url URL"
_LEVELS = ("must", "should", "may")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("portal-contract", "judge a portal by its help page")
    group.addoption("--portal-url", metavar="URL", help="the base URL of the portal to judge")
    group.addoption("--portal-config", metavar="FILE", type=Path, help="settings of the target (portal.toml)")
    group.addoption("--portal-page", metavar="FILE", type=Path, action="append", default=[], help="a saved help page")
    group.addoption("--portal-seed", metavar="N", type=int, default=1, help="what the searches start from")
    group.addoption("--portal-profile", choices=["quick", "full"], default="quick", help="how hard to look")
    group.addoption("--portal-allow-writes-to", metavar="HOST", help="needed where the portal is not this machine")


def pytest_configure(config: pytest.Config) -> None:
    for level in _LEVELS:
        config.addinivalue_line("markers", f"{level}: portal requirements of the level {level!r}")
    if config.getoption("--portal-url"):
        for family in sorted({_family(requirement) for requirement in _requirements(config)}):
            config.addinivalue_line("markers", f"{family}: portal requirements of the family {family!r}")


def contract_of(config: pytest.Config) -> Contract:
    """The contract of the pages given, or of those that come along."""
    from contracts import loading

    return loading.load(config.getoption("--portal-page"))


def _requirements(config: pytest.Config) -> tuple[Requirement, ...]:
    from contracts import conformance

    told = conformance.read_config(config.getoption("--portal-config"))
    return conformance.requirements_of(contract_of(config), told.accepts)


def _family(requirement: Requirement) -> str:
    """The family's name as a marker: `content-type` is `content_type`."""
    return re.sub(r"\W", "_", requirement.id.partition(".")[0])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "portal_requirement" not in metafunc.fixturenames or not metafunc.config.getoption("--portal-url"):
        return
    cases = [
        pytest.param(r.id, id=r.id, marks=[getattr(pytest.mark, r.level), getattr(pytest.mark, _family(r))])
        for r in _requirements(metafunc.config)
    ]
    metafunc.parametrize("portal_requirement", cases)


@pytest.fixture
def portal_requirement() -> str:
    """The id of a requirement; filled in where a portal is named."""
    raise UsageError(_UNNAMED)


@pytest.fixture(scope="session")
def portal_standings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Standings:
    """What the judge says of the named portal; under pytest-xdist it judges once, for all processes."""
    from contracts.conformance.standing import shared, standings

    config = request.config
    if not config.getoption("--portal-url"):
        raise UsageError(_UNNAMED)

    def judge() -> Report:
        return _judged(config, _selected(request.session))

    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if run is None or not hasattr(config, "workerinput"):
        return standings(judge)
    return shared(tmp_path_factory.getbasetemp().parent / f"portal-{run}.db", judge)


def _selected(session: pytest.Session) -> set[str]:
    return set(_ids(session.items))


def _ids(items: Iterable[pytest.Item]) -> Iterator[str]:
    for item in items:
        call: Any = getattr(item, "callspec", None)
        if call is not None and "portal_requirement" in call.params:
            yield call.params["portal_requirement"]


def _judged(config: pytest.Config, ids: set[str]) -> Report:
    """Every process of pytest-xdist sees every test, so whichever judges, judges all that is selected."""
    from contracts import conformance

    contract = contract_of(config)
    told = conformance.read_config(config.getoption("--portal-config"))
    target = conformance.target_of(
        told, config.getoption("--portal-url"), allow_writes_to=config.getoption("--portal-allow-writes-to")
    )
    include = tuple(sorted(re.sub(r"([\[*?])", r"[\1]", name) for name in ids))
    settings = conformance.settings_of(
        told,
        seed=config.getoption("--portal-seed"),
        profile=config.getoption("--portal-profile"),
        include=include,
    )
    return conformance.check(contract, target, settings)
