"""Recorded requests in XML that the framework took, against the XSD: what it refuses of them, and why.

An XSD says what to send; DataContractSerializer reads more than that and says nothing. So each refusal has one of four
reasons, by what the recorded case does to a body that is right.
"""

import re
from collections import Counter

import pytest
from emit_sites import RESOURCES, Exchange, Wrong, exchanges, judge_of

LOST = "the reader passes over it, and its value is lost"
IGNORED = "an attribute that nothing reads"
PROSE = "prose demands the member, the recorded host does not"
SPELLING = "a spelling that is read and never written"

REASONS = (
    (re.compile(r"order: xml \w+ with an attribute"), IGNORED),
    (re.compile(r"(order|unknown|hidden): xml .*"), LOST),
    (re.compile(r".*: xml (\w+ )?(foreign item|members reversed|item without its namespace)"), LOST),
    (re.compile(r"nested: xml \w+ = <Unknown>1</Unknown>"), LOST),
    (re.compile(r"body: xml empty root|nested: xml \w+ = "), PROSE),
    (re.compile(r"(missing|nested|collection body): xml (\w+ )?without \w+"), PROSE),
    (re.compile(r"values: xml \w+ \((Guid|DateTime)\??\) = .*"), SPELLING),
)  # fmt: skip
# Resource: taken and valid, then taken and refused by the XSD.
COUNTS = {
    "Coatings": (94, 43), "Fittings": (90, 29), "Frames": (89, 43), "OrderSheets": (85, 35), "StockCounts": (60, 18),
    "Suppliers": (73, 15), "Vouchers": (95, 28),
}  # fmt: skip


def taken(resource: str) -> list[tuple[Exchange, list[Wrong]]]:
    """The requests with a body in XML that were answered with success, and what the XSD finds wrong with each."""
    found = []
    for exchange in exchanges(resource):
        kind = "".join(v for name, v in exchange.request.get("headers", {}).items() if name.lower() == "content-type")
        operation = exchange.operation
        if "xml" in kind and operation is not None and operation.request.type.value and exchange.status < 300:
            found.append((exchange, judge_of(resource).xml_faults(exchange.sent)))
    return found


def reason_of(case: str) -> str | None:
    return next((reason for pattern, reason in REASONS if pattern.fullmatch(case)), None)


@pytest.mark.parametrize("resource", RESOURCES)
def test_each_request_that_the_framework_took_and_the_xsd_refuses_has_a_reason(resource: str) -> None:
    found = taken(resource)
    refused = [exchange.case for exchange, faults in found if faults]
    assert [case for case in refused if reason_of(case) is None] == []
    assert (len(found) - len(refused), len(refused)) == COUNTS[resource]


def test_the_reasons_are_few() -> None:
    found = Counter(reason_of(e.case) for name in RESOURCES for e, faults in taken(name) if faults)
    assert found == {LOST: 154, IGNORED: 19, PROSE: 20, SPELLING: 18}


def test_a_request_as_the_page_shows_it_is_valid() -> None:
    for name in RESOURCES:
        plain = [faults for e, faults in taken(name) if e.case.startswith(("formats: ", "accept: "))]
        assert all(faults == [] for faults in plain), name
