"""Every fact that the pages of the seven sites show is read, in HTML and in the two text layouts that are kept."""

from __future__ import annotations

import pytest
from truth import LAYOUTS, TRUTH, contract, facts

CASES = [(resource, layout) for resource in TRUTH for layout in LAYOUTS]


@pytest.mark.parametrize(("resource", "layout"), CASES)
def test_every_recoverable_fact_is_read(resource, layout):
    found = list(facts(resource, layout))
    assert len(found) > 200
    assert [about for about, recovered in found if not recovered] == []


@pytest.mark.parametrize(("resource", "layout"), CASES)
def test_pages_as_the_package_makes_them_are_understood_without_a_remark(resource, layout):
    assert contract(resource, layout).notes == ()
