"""One table of wrong bodies: each says which schema refuses it and where, and the schemas that may let it pass.

The page's sample is the body that is right; a row changes one thing in it. JSON is judged by the plain library as well,
XML by libxml2 as well.
"""

import json
from collections.abc import Callable

import pytest
from lxml import etree

from contracts.emit import Schemas

MODEL = "AppointmentModel"
BASE = "http://schemas.datacontract.org/2004/07/GlobalPortal.Api.Models"
OWN = f"{BASE}.AppointmentsModel"
RIGHT = {
    "locationExternalId": "sample string 1",
    "doctorExternalId": "sample string 2",
    "patientExternalId": "sample string 3",
    "patientPracticeManagementSystemId": "sample string 4",
    "appointmentStatusExternalId": "sample string 5",
    "appointmentTypeExternalId": "sample string 6",
    "cancelReason": "sample string 7",
    "start": "2026-05-29T16:57:20.2263442+00:00",
    "end": "2026-05-29T16:57:20.2263442+00:00",
    "id": "1b657c92-b04c-4123-a3de-09388147d9f7",
    "externalId": "sample string 11",
}
RIGHT_XML = (
    f'<AppointmentModel xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="{OWN}">'
    f'<ExternalId xmlns="{BASE}">sample string 11</ExternalId>'
    f'<Id xmlns="{BASE}">1b657c92-b04c-4123-a3de-09388147d9f7</Id>'
    "<AppointmentStatusExternalId>sample string 5</AppointmentStatusExternalId>"
    "<AppointmentTypeExternalId>sample string 6</AppointmentTypeExternalId>"
    "<CancelReason>sample string 7</CancelReason>"
    "<DoctorExternalId>sample string 2</DoctorExternalId>"
    "<End>2026-05-29T16:57:20.2263442+00:00</End>"
    "<LocationExternalId>sample string 1</LocationExternalId>"
    "<PatientExternalId>sample string 3</PatientExternalId>"
    "<PatientPracticeManagementSystemId>sample string 4</PatientPracticeManagementSystemId>"
    "<Start>2026-05-29T16:57:20.2263442+00:00</Start>"
    "</AppointmentModel>"
)
GONE = "(left out)"
REASON = "<CancelReason>sample string 7</CancelReason>"
DOCTOR = "<DoctorExternalId>sample string 2</DoctorExternalId>"

# what is wrong, member, its value, refused as a request, refused as a response, where the fault is shown
JSON = [
    ("missing required member", "doctorExternalId", GONE, True, True, "$: expected the member doctorExternalId"),
    ("missing key", "externalId", GONE, True, True, "$: expected the member externalId"),
    ("missing id", "id", GONE, False, True, "$: expected the member id"),
    ("missing date", "start", GONE, False, True, "$: expected the member start"),
    ("missing optional member", "cancelReason", GONE, False, False, ""),
    ("null required member", "patientExternalId", None, True, False, "$.patientExternalId: expected string, got null"),
    ("null optional member", "cancelReason", None, False, False, ""),
    ("null date", "end", None, True, True, "$.end: expected string, got null"),
    ("null id", "id", None, True, True, "$.id: expected string, got null"),
    ("empty required member", "externalId", "", True, False, "$.externalId: expected text that is not blank"),
    ("blank required member", "externalId", " \t\u00a0\u3000\u0085", True, False, "$.externalId: expected text that"),
    ("empty optional member", "cancelReason", "", False, False, ""),
    ("number for text", "locationExternalId", 7, True, True, "$.locationExternalId: expected string"),
    ("number for optional text", "cancelReason", 7, True, True, "$.cancelReason: expected string or null, got 7"),
    ("object for text", "cancelReason", {"a": 1}, True, True, '$.cancelReason: expected string or null, got {"a": 1}'),
    ("guid without hyphens", "id", "1b657c92b04c4123a3de09388147d9f7", True, True, "$.id: expected a guid"),
    ("guid with a wrong digit", "id", "1b657c92-b04c-4123-a3de-09388147d9fg", True, True, "$.id: expected a guid"),
    ("guid with a line feed", "id", "1b657c92-b04c-4123-a3de-09388147d9f7\n", True, True, "$.id: expected a guid"),
    ("month 13", "start", "2026-13-01T00:00:00Z", True, True, "$.start: expected a date and time"),
    ("30 February", "start", "2026-02-30T00:00:00Z", True, True, "$.start: expected a date and time"),
    ("hour 24", "start", "2026-02-20T24:00:00Z", True, True, "$.start: expected a date and time"),
    ("eight digits of a fraction", "start", "2026-02-20T10:00:00.12345678Z", True, True, "$.start: expected a date"),
    ("a date without time", "end", "2026-02-20", True, True, "$.end: expected a date and time"),
    ("the US form", "end", "02/20/2026 10:00", True, True, "$.end: expected a date and time"),
    ("no offset", "end", "2026-02-20T10:00:00", False, False, ""),
    ("seven digits, no offset", "end", "2026-02-20T10:00:00.1234567", False, False, ""),
    ("unknown member", "notOnThePage", [1], False, False, ""),
]

# what is wrong, what is replaced in the sample, by what, what the fault says ("": the XSD takes it)
XML = [
    ("order of members", REASON + DOCTOR, DOCTOR + REASON, "CancelReason"),
    ("derived before base", f'<ExternalId xmlns="{BASE}">sample string 11</ExternalId>', "", "/AppointmentModel: "),
    ("root's namespace", f'xmlns="{OWN}"', f'xmlns="{OWN}s"', "expected the root element AppointmentModel in"),
    ("root without namespace", f' xmlns="{OWN}"', "", "expected the root element"),
    ("root's name", "AppointmentModel", "appointmentModel", "expected the root element"),
    ("member's namespace", f'<Id xmlns="{BASE}">1b657c92-b04c-4123-a3de-09388147d9f7</Id>',
     "<Id>1b657c92-b04c-4123-a3de-09388147d9f7</Id>", "Id"),
    ("member's case", "CancelReason", "cancelReason", "cancelReason"),
    ("missing required member", "<DoctorExternalId>sample string 2</DoctorExternalId>", "", "DoctorExternalId"),
    ("member twice", "<CancelReason>sample string 7</CancelReason>",
     "<CancelReason>sample string 7</CancelReason>" * 2, "CancelReason"),
    ("unknown member", "<End>", "<Ending>1</Ending><End>", "Ending"),
    ("guid", "1b657c92-", "{1b657c92-", "/AppointmentModel/Id: expected a value of the type guid"),
    ("empty guid", "1b657c92-b04c-4123-a3de-09388147d9f7", "", "/AppointmentModel/Id: "),
    ("month 13", "<End>2026-05-29", "<End>2026-13-29", "/AppointmentModel/End: "),
    ("US form of a date", "<End>2026-05-29T16:57:20.2263442+00:00", "<End>05/29/2026", "/AppointmentModel/End: "),
    ("empty date", "<Start>2026-05-29T16:57:20.2263442+00:00", "<Start>", "/AppointmentModel/Start: "),
    ("nil date", "<Start>2026-05-29T16:57:20.2263442+00:00</Start>", '<Start i:nil="true"/>', "/Start: "),
    ("nil that is not empty", "<CancelReason>", '<CancelReason i:nil="true">', "/AppointmentModel/CancelReason: "),
    ("element inside text", "sample string 7", "sample<b/>string 7", "/AppointmentModel/CancelReason: "),
    ("text between members", "<End>", "stray<End>", "/AppointmentModel: "),
    ("nil text", REASON, '<CancelReason i:nil="true"/>', ""),
    ("nil required text", DOCTOR, '<DoctorExternalId i:nil="true"/>', ""),
    ("missing optional member", "<CancelReason>sample string 7</CancelReason>", "", ""),
    ("missing id", f'<Id xmlns="{BASE}">1b657c92-b04c-4123-a3de-09388147d9f7</Id>', "", ""),
    ("date without offset", "<End>2026-05-29T16:57:20.2263442+00:00", "<End>2026-05-29T16:57:20", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "member", "value", "as_request", "as_response", "fault"), JSON, ids=lambda v: str(v)[:30]
)
def test_a_wrong_json_body_is_refused_by_the_schema_that_should(
    seed_schemas: Schemas,
    plain_json: Callable[[str, object], bool],
    what: str,
    member: str,
    value: object,
    as_request: bool,
    as_response: bool,
    fault: str,
) -> None:
    body = {name: old for name, old in RIGHT.items() if name != member or value is not GONE}
    if value is not GONE:
        body[member] = value  # type: ignore[assignment]
    for direction, refused in (("request", as_request), ("response", as_response)):
        faults = seed_schemas.json_faults(MODEL, direction, body)  # type: ignore[arg-type]
        assert [text.startswith(fault) for text in faults] == [True] * refused, (direction, faults)
        if not str(value).endswith("\n"):  # Python's `$` forgives a last line feed, which the plain library inherits
            assert plain_json(direction, body) is not refused


@pytest.mark.parametrize(("what", "old", "new", "fault"), XML, ids=lambda v: str(v)[:30])
def test_a_wrong_xml_body_is_refused_by_the_xsd(
    seed_schemas: Schemas, seed_libxml: etree.XMLSchema, what: str, old: str, new: str, fault: str
) -> None:
    assert old in RIGHT_XML
    body = RIGHT_XML.replace(old, new)
    if what == "derived before base":
        body = body.replace("</AppointmentModel>", f"{old}</AppointmentModel>")
    faults = seed_schemas.xml_faults(MODEL, body.encode("utf-8"))
    assert bool(faults) is bool(fault), faults
    assert all(fault in text for text in faults[:1])
    assert seed_libxml.validate(etree.fromstring(body)) is not bool(fault)


def test_the_right_bodies_are_taken(seed_schemas: Schemas, seed_libxml: etree.XMLSchema) -> None:
    assert seed_schemas.json_faults(MODEL, "request", RIGHT) == []
    assert seed_schemas.json_faults(MODEL, "response", RIGHT) == []
    assert seed_schemas.xml_faults(MODEL, RIGHT_XML.encode("utf-8")) == []
    assert seed_libxml.validate(etree.fromstring(RIGHT_XML))


@pytest.mark.parametrize("body", [[], "text", 7, None, True, {}, [[[]]]], ids=json.dumps)
def test_a_json_body_that_is_no_record_is_refused(seed_schemas: Schemas, body: object) -> None:
    assert seed_schemas.json_faults(MODEL, "request", body)
    assert seed_schemas.json_faults(MODEL, "response", body)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "expected well-formed XML"),
        (b"not xml", "expected well-formed XML"),
        (b"\xff\xfe\x00", "expected well-formed XML"),
        (b"/etc/hostname", "expected well-formed XML"),
        (b"<a>", "expected well-formed XML"),
        (b"<a>\x01</a>", "expected well-formed XML"),
        (b"<a>&#1;</a>", "expected well-formed XML"),
        (b'<?xml version="1.0" encoding="nowhere-1"?><a/>', "expected well-formed XML"),
        (b"<p:a/>", "expected well-formed XML"),
        (b"<!DOCTYPE a><a/>", "without a DTD"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "without a DTD"),
        (b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>', "without a DTD"),
        (b"<a/>", "/a in no namespace: expected the root element AppointmentModel in the namespace"),
        (b"<a>" * 3000 + b"</a>" * 3000, "/"),
    ],
)
def test_a_body_that_is_no_xml_is_a_fault_and_no_exception(seed_schemas: Schemas, body: bytes, says: str) -> None:
    (fault,) = seed_schemas.xml_faults(MODEL, body)
    assert says in fault
    assert len(fault) < 500
    seed_schemas.unknown_elements(MODEL, body)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_read(seed_schemas: Schemas, encoding: str) -> None:
    assert seed_schemas.xml_faults(MODEL, RIGHT_XML.encode(encoding)) == []


def test_unknown_elements_are_named_and_can_be_left_aside(seed_schemas: Schemas) -> None:
    body = RIGHT_XML.replace("<End>", '<New>1<Inner/></New><Id xmlns="urn:x">2</Id><End>').encode()
    assert seed_schemas.unknown_elements(MODEL, body) == ["/AppointmentModel/New", "/AppointmentModel/Id"]
    assert seed_schemas.xml_faults(MODEL, body)
    assert seed_schemas.xml_faults(MODEL, body, ignore_unknown=True) == []
    late = RIGHT_XML.replace("<End>", "<New/><CancelReason/><End>").encode()
    assert seed_schemas.xml_faults(MODEL, late, ignore_unknown=True), "a known element in the wrong place stays a fault"
