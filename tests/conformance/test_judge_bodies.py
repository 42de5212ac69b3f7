"""What the judge writes is valid by the page's own schemas, for any model; what it reads, it reads liberally."""

from decimal import Decimal
from pathlib import Path

import pytest

from contracts.conformance import bodies, requirements_of
from contracts.conformance.probe import Probe
from contracts.conformance.session import Session, content_type, family
from contracts.conformance.subject import subjects
from contracts.conformance.target import Target
from contracts.conformance.wire import Wire
from contracts.helppage import read

PAGES = Path(__file__).parents[1] / "data" / "sites"
RESOURCES = ["Coatings", "Fittings", "Frames", "OrderSheets", "Suppliers", "Vouchers"]


def posted(resource):
    """The contract of a resource's POST page and its models' pages."""
    wanted = sorted(PAGES.glob(f"{resource}/*.html"))
    return read(*(path for path in wanted if path.name == f"POST-api-{resource}.html" or "ResourceModel" in path.name))


def probe_of(contract):
    subject = subjects(contract)[0]
    session = Session(subject, Wire(Target("http://127.0.0.1:1")), seed=1, run_id="test")
    return Probe(session), subject


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("version", range(4))
def test_plain_records_are_valid_by_the_emitted_schemas(resource, version):
    probe, subject = probe_of(posted(resource))
    record = probe.record(version)
    name = subject.model.name
    document = bodies.document(bodies.write(subject, "json", record))
    assert subject.schemas.json_faults(name, "request", document) == []
    assert subject.schemas.xml_faults(name, bodies.write(subject, "xml", record)) == []


@pytest.mark.parametrize("resource", RESOURCES)
def test_any_page_of_an_upsert_makes_requirements(resource):
    ids = [requirement.id for requirement in requirements_of(posted(resource))]
    assert len(ids) >= 40 and "upsert.same-key-same-id" in ids


def test_versions_and_members_differ_in_their_values(contract):
    probe, subject = probe_of(contract)
    seen = [str(probe.record(version)[prop.name]) for version in range(6) for prop in subject.texts]
    assert len(seen) == len(set(seen))


def test_plain_dates_rise_in_table_order(contract):
    record = probe_of(contract)[0].record()
    assert record["Start"] == "2031-03-04T16:30:15Z" and record["End"] == "2031-03-04T17:30:15Z"


def test_a_record_is_written_as_the_page_shows_it(contract):
    _, subject = probe_of(contract)
    record = {"ExternalId": "pc-1", "CancelReason": None, "DoctorExternalId": "a<b&c\r", "LocationExternalId": "ü 😀"}
    assert bodies.write(subject, "json", record).decode() == (
        '{"locationExternalId": "ü 😀", "doctorExternalId": "a<b&c\\r", "cancelReason": null, "externalId": "pc-1"}'
    )
    assert bodies.write(subject, "xml", record).decode() == (
        '<AppointmentModel xmlns:i="http://www.w3.org/2001/XMLSchema-instance" '
        'xmlns="http://schemas.datacontract.org/2004/07/GlobalPortal.Api.Models.AppointmentsModel">'
        '<ExternalId xmlns="http://schemas.datacontract.org/2004/07/GlobalPortal.Api.Models">pc-1</ExternalId>'
        '<CancelReason i:nil="true" /><DoctorExternalId>a&lt;b&amp;c&#13;</DoctorExternalId>'
        "<LocationExternalId>ü 😀</LocationExternalId></AppointmentModel>"
    )
    assert bodies.write(subject, "form", record) == (
        b"locationExternalId=%C3%BC+%F0%9F%98%80&doctorExternalId=a%3Cb%26c%0D&externalId=pc-1"
    )


@pytest.mark.parametrize(
    ("wire", "body"),
    [
        ("json", b'{"ExternalId": "k", "CANCELREASON": null, "more": 1}'),
        ("json", b'\xef\xbb\xbf{"externalId": "k", "cancelReason": null}'),
        (
            "xml",
            b'<x:AppointmentModel xmlns:x="urn:other"><x:ExternalId>k</x:ExternalId>'
            b'<CancelReason i:nil="true" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"/></x:AppointmentModel>',
        ),
    ],
)
def test_reading_is_liberal_in_names(contract, wire, body):
    assert bodies.read(probe_of(contract)[1], wire, body) == {"ExternalId": "k", "CancelReason": None}


@pytest.mark.parametrize(
    ("wire", "body"),
    [
        ("json", b""),
        ("json", b"[]"),
        ("json", b'{"a": NaN}'),
        ("json", b"\xff"),
        ("json", b"[" * 100_000),
        ("xml", b"<Error/>"),
        ("xml", b"<a"),
        ("xml", b'<!DOCTYPE a [<!ENTITY b "c">]><AppointmentModel/>'),
    ],
)
def test_what_tells_no_record_is_unreadable(contract, wire, body):
    with pytest.raises(bodies.UnreadableError):
        bodies.read(probe_of(contract)[1], wire, body)


def test_numbers_keep_their_digits():
    assert bodies.document(b"[0.10, 12345678901234567890.5]") == [Decimal("0.10"), Decimal("12345678901234567890.5")]


@pytest.mark.parametrize(
    ("header", "media", "charset", "wire"),
    [
        ("application/json; charset=utf-8", "application/json", "utf-8", "json"),
        ('Text/XML;charset="UTF-16"', "text/xml", "UTF-16", "xml"),
        ("application/problem+json", "application/problem+json", "utf-8", "json"),
        ("text/html", "text/html", "utf-8", None),
        (None, "", "utf-8", None),
    ],
)
def test_a_content_type_is_read_with_its_charset(header, media, charset, wire):
    assert content_type(header) == (media, charset)
    assert family(media) == wire
