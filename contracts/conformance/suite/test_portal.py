"""A test for each requirement: a violation fails, what could not be judged for an error is an error, the rest skips.

The rule: a skip says why; nothing that was not shown passes.
"""

from __future__ import annotations

import pytest

from contracts.conformance.report import Report
from contracts.conformance.verdicts import LEVELS, Verdict
from contracts.errors import TargetError


@pytest.fixture
def portal_outcome(portal_requirement: str, portal_report: Report) -> object:
    """The requirement's outcome; raises in the set-up, which pytest counts as an error, where the target was lost."""
    outcome = next(o for o in portal_report.outcomes if o.requirement.id == portal_requirement)
    if outcome.verdict is Verdict.ERROR:
        raise TargetError(outcome.reason)
    return outcome


def test_portal(portal_outcome: object, portal_report: Report) -> None:
    from contracts.conformance.report import Outcome

    outcome = portal_outcome
    assert isinstance(outcome, Outcome)
    requirement = outcome.requirement
    failing = requirement.level in LEVELS[: LEVELS.index(portal_report.fail_level) + 1]
    if outcome.verdict is Verdict.VIOLATED and failing and outcome.deviation is None:
        pytest.fail("\n".join(_told(portal_report, requirement.id)), pytrace=False)
    if outcome.verdict is not Verdict.SATISFIED:
        why = f"known deviation: {outcome.deviation}" if outcome.deviation else outcome.reason
        pytest.skip(f"{outcome.verdict.words}: {why}")


def _told(report: Report, requirement: str) -> list[str]:
    """The findings on a requirement, as a developer wants them."""
    lines: list[str] = []
    for found in report.findings:
        if found.requirement.id == requirement:
            lines += [found.requirement.sentence, *(f"source: {source}" for source in found.requirement.sources)]
            lines += [f"expected {found.expected}", f"got {found.got}", "repeat:", found.curl]
    return lines
