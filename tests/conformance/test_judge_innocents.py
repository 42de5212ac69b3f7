"""No false alarm: whatever the page leaves open, a correct portal is cleared."""

import re
from pathlib import Path

import pytest
from zoo import INNOCENTS, Portal

from contracts.conformance import Settings, Target, check
from contracts.conformance.verdicts import Verdict
from contracts.helppage import read


@pytest.mark.parametrize("trait", ["", *INNOCENTS])
def test_a_correct_portal_is_cleared(judged, trait):
    report = judged(*([trait] if trait else []))
    assert [(f.requirement.id, f.expected, f.got) for f in report.findings] == []
    assert report.conclusion == "conforms" and report.exit_code == 0
    open_ones = {o.requirement.id for o in report.outcomes if o.verdict is not Verdict.SATISFIED}
    assert open_ones <= {"errors.readable"}  # which a portal that sends no body with an error cannot show
    assert report.requests < 600 or trait


TEXT = (Path(__file__).parents[2] / "schemas/pages/POST-api-Appointments.txt").read_text(encoding="utf-8")
PAGES = {
    "no XML at all": re.sub(r"application/xml, text/xml\n.*\n?", "", TEXT),
    "no sample of XML": re.sub(r"(application/xml, text/xml\n).*", r"\1Sample not available.", TEXT),
}


@pytest.mark.parametrize("traits", [(), ("json-only",)])
@pytest.mark.parametrize("page", PAGES)
def test_a_format_that_the_page_does_not_show_is_not_judged(page, traits):
    contract = read(PAGES[page])
    with Portal(*traits) as portal:
        report = check(contract, Target(portal.url), Settings(run_id="test"))
        assert not any(b"<" in body[:1] for _, _, body in portal.seen)
    assert [(f.requirement.id, f.expected, f.got) for f in report.findings] == []
    assert report.conclusion == "conforms"
    reasons = {o.requirement.id: (o.requirement.level, o.reason) for o in report.outcomes}
    if page == "no XML at all":
        assert "accept.application/xml" not in reasons and not report.notes
    else:
        assert reasons["accept.application/xml"] == ("may", "not judged: the page shows no record in xml")
        assert "application/xml is not judged: the page lists it, but shows no record in it" in report.notes


@pytest.mark.parametrize(
    ("traits", "told"),
    [
        (("created-201",), "a new record is answered with 201 Created, a known one with 200 OK"),
        (("caseless-keys",), "keys that differ in case alone are one record"),
        (("merges",), "a member that an update leaves out is kept (merge)"),
        (("short-texts",), "texts of 300 characters are refused (400 Bad Request)"),
        (
            ("validates-requests",),
            "refused (400): '<b>0</b> &amp; &lt; &#65; <br/>', ']]> <!-- c --> <a>1</a>', '<script",
        ),
        (("get-exists",), "GET is answered with 200 OK"),
        (("to-own-zone",), "Start: 2031-03-04T09:30:15Z comes back as '2031-03-04T03:30:15-06:00'"),
    ],
)
def test_what_a_correct_portal_does_otherwise_is_observed(judged, traits, told):
    report = judged(*traits, include=("observed.*", "text.plain", "text.long", "text.markup", "http.method-*"))
    assert told in [text for outcome in report.outcomes for text in outcome.observations]


def test_many_freedoms_at_once_are_no_fault(judged):
    traits = ("created-201", "omits-nulls", "extra-members", "other-order", "merges", "to-own-zone", "caseless-keys")
    assert judged(*traits, "xml-prefixes", "other-errors", "gzip").conclusion == "conforms"
