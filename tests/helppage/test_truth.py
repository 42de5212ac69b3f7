"""Every fact that the pages of the seven sites show is read, in HTML and in the two text layouts that are kept."""

from __future__ import annotations

import re

import pytest
from packing import packed
from truth import LAYOUTS, TRUTH, contract, facts, pages

from contracts.describe.subjects import subjects
from contracts.helppage import read

CASES = [(resource, layout) for resource in TRUTH for layout in LAYOUTS]


@pytest.mark.parametrize(("resource", "layout"), CASES)
def test_every_recoverable_fact_is_read(resource, layout):
    found = list(facts(resource, layout))
    assert len(found) > 200
    assert [about for about, recovered in found if not recovered] == []


@pytest.mark.parametrize(("resource", "layout"), CASES)
def test_pages_as_the_package_makes_them_are_understood_without_a_remark(resource, layout):
    assert contract(resource, layout).notes == ()


HEADINGS = "(NameDescriptionTypeAdditional information|NameValueDescription|Sample:)"


@pytest.mark.parametrize("resource", TRUTH)
def test_layout_a_says_the_same_without_blank_lines_behind_its_headings(resource):
    texts = {page.name: page.read_text(encoding="utf-8") for page in pages(resource, "A")}
    closer = {name: re.sub(rf"(?m)^{HEADINGS}\n\n", r"\1\n", text) for name, text in texts.items()}
    assert closer != texts
    one, two = read(packed(texts)), read(packed(closer))
    assert two.notes == ()
    assert said(one) == said(two)


def said(found):
    """Every fact's value, without where it stands."""
    return {(s.owner, s.item, s.about, str(s.fact.value), s.fact.standing) for s in subjects(found)}
