"""No false alarm: whatever the page leaves open, a correct portal is cleared."""

import pytest
from zoo import INNOCENTS

from contracts.conformance.verdicts import Verdict


@pytest.mark.parametrize("trait", ["", *INNOCENTS])
def test_a_correct_portal_is_cleared(judged, trait):
    report = judged(*([trait] if trait else []))
    assert [(f.requirement.id, f.expected, f.got) for f in report.findings] == []
    assert report.conclusion == "conforms" and report.exit_code == 0
    open_ones = {o.requirement.id for o in report.outcomes if o.verdict is not Verdict.SATISFIED}
    assert open_ones <= {"errors.readable"}  # which a portal that sends no body with an error cannot show


def test_a_correct_portal_is_cleared_within_600_requests(judged):
    assert judged().requests < 600


@pytest.mark.parametrize(
    ("traits", "told"),
    [
        (("created-201",), "a new record is answered with 201 Created, a known one with 200 OK"),
        (("caseless-keys",), "keys that differ in case alone are one record"),
        (("merges",), "a member that an update leaves out is kept (merge)"),
        (("short-texts",), "texts of 300 characters are refused (400 Bad Request)"),
        (("get-exists",), "GET is answered with 200 OK"),
        (("to-own-zone",), "Start: 2031-03-04T09:30:15Z comes back as '2031-03-04T03:30:15-06:00'"),
    ],
)
def test_what_a_correct_portal_does_otherwise_is_observed(judged, traits, told):
    report = judged(*traits)
    assert told in [text for outcome in report.outcomes for text in outcome.observations]


def test_many_freedoms_at_once_are_no_fault(judged):
    traits = ("created-201", "omits-nulls", "extra-members", "other-order", "merges", "to-own-zone", "caseless-keys")
    assert judged(*traits, "xml-prefixes", "other-errors", "gzip").conclusion == "conforms"
