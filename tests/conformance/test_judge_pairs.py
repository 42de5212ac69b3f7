"""Pairs of members: every pair is changed together and each alone, and what goes wrong only then is convicted."""

from itertools import combinations

import pytest

from contracts.conformance.pairs import covering, seen


@pytest.mark.parametrize("members", [0, 1, 2, 3, 7, 9, 10, 11, 30])
def test_every_pair_changes_together_and_each_of_both_alone(members):
    rows = covering(members)
    for one, other in combinations(range(members), 2):
        assert any(one in row and other in row for row in rows)
        assert any(one in row and other not in row for row in rows)
        assert any(one not in row and other in row for row in rows)
    assert set().union(*rows, frozenset()) == set(range(members)) and len(rows) <= max(members, 8)


def test_what_rows_show_of_pairs_is_counted():
    assert seen([frozenset({0, 1}), frozenset({2})], 3) == {
        (0, 1, "both"),
        (0, 2, "one"),
        (1, 2, "one"),
        (0, 2, "other"),
        (1, 2, "other"),
    }


def test_the_power_is_told(judged):
    report = judged(include=("upsert.any-*",))
    told = {o.requirement.id: o.observations for o in report.outcomes}
    assert told["upsert.any-two-members"] == ["36 pairs, together and each alone (108 of 108 ways)"]
    assert "of 108 ways for two members to change" in told["upsert.any-sequence"][0]


@pytest.mark.parametrize("trait", ["couples-members", "end-only-with-start"])
def test_what_two_members_do_to_each_other_is_convicted(judged, trait):
    report = judged(trait)
    assert [f.requirement.id for f in report.findings] == ["upsert.any-two-members"]
    assert len(report.findings[0].exchanges) == 2
