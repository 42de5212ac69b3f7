"""What every test shares: a deterministic Hypothesis, and the heavier proof kept out of the everyday run.

Profiles: `default` is derandomized, so that the same tests run the same examples everywhere; `nightly` (set
HYPOTHESIS_PROFILE=nightly) searches much longer and anew each time.
"""

import os

import pytest
from hypothesis import HealthCheck, settings

_CALM = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("default", derandomize=True, deadline=None, database=None, suppress_health_check=_CALM)
settings.register_profile("nightly", max_examples=20_000, deadline=None, database=None, suppress_health_check=_CALM)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One process more than there are cores: many tests wait for a server's answer."""
    return (os.cpu_count() or 1) + 1


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--heavy", action="store_true", help="run the heavier proof (marker: slow) too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--heavy"):
        return
    heavy = [item for item in items if item.get_closest_marker("slow")]
    if heavy:
        config.hook.pytest_deselected(items=heavy)
        items[:] = [item for item in items if item not in heavy]
