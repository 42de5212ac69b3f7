"""Verdicts only worsen, nothing run is no pass, and the exit code follows the conclusion."""

import itertools

import pytest

from contracts.conformance.verdicts import EXIT_CODES, Verdict, conclude, settle

NOT_RUN, SATISFIED, INCONCLUSIVE, VIOLATED, ERROR = Verdict


def test_verdicts_are_ordered_from_not_run_to_error():
    assert NOT_RUN < SATISFIED < INCONCLUSIVE < VIOLATED < ERROR


@pytest.mark.parametrize(("one", "other"), list(itertools.product(Verdict, Verdict)))
def test_a_verdict_only_worsens(one, other):
    assert one.worsen(other) >= one and one.worsen(other) == other.worsen(one)


def test_satisfied_needs_a_witness():
    assert settle(SATISFIED, "must", 0) is INCONCLUSIVE
    assert settle(SATISFIED, "must", 1) is SATISFIED


def test_what_may_be_is_never_violated():
    assert settle(VIOLATED, "may", 3) is INCONCLUSIVE


@pytest.mark.parametrize(
    ("judged", "fail_level", "conclusion"),
    [
        ([("must", SATISFIED)], "should", "conforms"),
        ([("must", SATISFIED), ("should", VIOLATED)], "should", "does not conform"),
        ([("must", SATISFIED), ("should", VIOLATED)], "must", "conforms"),
        ([("must", SATISFIED), ("must", VIOLATED)], "must", "does not conform"),
        ([("must", SATISFIED), ("must", INCONCLUSIVE)], "should", "not shown"),
        ([("must", SATISFIED), ("must", NOT_RUN)], "should", "not shown"),
        ([("must", SATISFIED), ("should", INCONCLUSIVE)], "should", "conforms"),
        ([("must", SATISFIED), ("should", ERROR)], "should", "not shown"),
        ([("must", ERROR), ("must", VIOLATED)], "should", "does not conform"),
        ([("should", SATISFIED)], "should", "conforms"),
        ([("should", INCONCLUSIVE)], "should", "not shown"),
        ([("may", INCONCLUSIVE), ("must", SATISFIED)], "should", "conforms"),
        ([], "should", "not shown"),
    ],
)
def test_the_conclusion_follows_the_verdicts(judged, fail_level, conclusion):
    assert conclude(judged, fail_level) == conclusion


def test_exit_codes():
    assert EXIT_CODES == {"conforms": 0, "does not conform": 1, "not shown": 3}
