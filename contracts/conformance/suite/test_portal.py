"""A test for each requirement: a violation fails, what could not be judged for an error is an error, the rest skips.

The rule: a skip says why; nothing that was not shown passes.
"""

from __future__ import annotations

import pytest

from contracts.conformance.standing import Standing, Standings
from contracts.conformance.verdicts import Verdict
from contracts.errors import TargetError


@pytest.fixture
def portal_standing(portal_requirement: str, portal_standings: Standings) -> Standing:
    """The requirement's end; raises in the set-up, which pytest counts as an error, where the target was lost."""
    standing = portal_standings.of(portal_requirement)
    if standing.verdict == Verdict.ERROR.words:
        raise TargetError(standing.told)
    return standing


def test_portal(portal_standing: Standing) -> None:
    if portal_standing.fails:
        pytest.fail(portal_standing.told, pytrace=False)
    if portal_standing.verdict != Verdict.SATISFIED.words:
        pytest.skip(f"{portal_standing.verdict}: {portal_standing.told}")
