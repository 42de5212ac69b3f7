"""The register of requirements: data with sources, cited both ways."""

import pytest

from contracts.conformance import requirements_of
from contracts.conformance.checks import cited, registered
from contracts.conformance.requirements import Template, load
from contracts.errors import InternalError

TEMPLATE = Template("a.b", "should", "A does b.", rule=("because",))


def test_every_requirement_has_a_check_or_says_why_not():
    registered()
    with pytest.raises(InternalError, match=r"a\.b has no check and does not say why"):
        cited((TEMPLATE,), {})


def test_a_check_that_cites_no_known_requirement_does_not_start():
    with pytest.raises(InternalError, match=r"a check cites no\.such"):
        cited((TEMPLATE,), {"a.b": print, "no.such": print})  # type: ignore[dict-item]


def test_the_seed_page_makes_at_least_40_requirements_with_unique_ids(contract):
    ids = [requirement.id for requirement in requirements_of(contract)]
    assert len(ids) == len(set(ids)) >= 40


def test_requirements_follow_the_page(contract):
    ids = {requirement.id for requirement in requirements_of(contract)}
    assert {
        "accept.application/json",
        "accept.text/json",
        "accept.application/xml",
        "accept.text/xml",
        "accept.application/x-www-form-urlencoded",
        "answer.text/xml",
        "required.LocationExternalId",
        "required.ExternalId",
        "shape.xml",
    } <= ids
    assert "required.CancelReason" not in ids and "required.Id" not in ids
    assert "answer.application/x-www-form-urlencoded" not in ids


def test_a_must_cites_lines_of_the_page(contract):
    for requirement in requirements_of(contract):
        if requirement.level == "must":
            assert any(source.lines for source in requirement.sources), requirement.id


@pytest.mark.parametrize(
    ("requirement", "line", "quote"),
    [
        ("required.LocationExternalId", 11, "(Required)"),
        ("id.client-ignored-on-create", 47, "(Read only)"),
        ("accept.application/x-www-form-urlencoded", 71, "application/x-www-form-urlencoded"),
    ],
)
def test_a_requirement_cites_the_line_that_says_so(contract, requirement, line, quote):
    found = next(r for r in requirements_of(contract) if r.id == requirement)
    assert any(line in source.lines and quote in source.quote for source in found.sources), found.sources


def test_needs_come_before_what_needs_them(contract):
    place = {requirement.id: number for number, requirement in enumerate(requirements_of(contract))}
    for requirement in requirements_of(contract):
        for need in requirement.needs("application/json", "application/json"):
            assert place.get(need, -1) < place[requirement.id], (requirement.id, need)


def test_ids_are_words():
    for template in load():
        assert not any(part.isdigit() for part in template.id.replace("-", ".").split("."))
