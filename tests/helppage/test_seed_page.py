"""The shipped page, fact by fact: every value and the lines that it is read from, written by hand from the page."""

from __future__ import annotations

import pytest

from contracts.describe import as_json
from contracts.describe.subjects import subjects
from contracts.helppage import shipped
from contracts.model import MediaType, TypeRef, XmlName

PAGE = "POST-api-Appointments.txt"
BASE = "http://schemas.datacontract.org/2004/07/GlobalPortal.Api.Models"
OWN = BASE + ".AppointmentsModel"
SAID = "stated", ""
UNSAID = "inferred", "required.unsaid"
WRITABLE = "inferred", "readonly.unsaid"
TEXT = True, "nullable.reference-type"
COUNTED = False, "nullable.numbering"

# member, its JSON name and line, description and line, phrase, CLR type with rule and line,
# namespace and class in XML, can be null with rule and lines, required with standing and rule, read-only likewise
MEMBERS = [
    ("LocationExternalId", "locationExternalId", 57, "Location's unique ID on integrating system (Required).", 11,
     "string", "String", "type.phrase", 12, OWN, 1, TEXT, (12,), (True, *SAID), (False, *WRITABLE)),
    ("DoctorExternalId", "doctorExternalId", 58, "Doctor's unique ID on integrating system (Required).", 15,
     "string", "String", "type.phrase", 16, OWN, 1, TEXT, (16,), (True, *SAID), (False, *WRITABLE)),
    ("PatientExternalId", "patientExternalId", 59, "Patient's unique ID on integrating system (Required).", 19,
     "string", "String", "type.phrase", 20, OWN, 1, TEXT, (20,), (True, *SAID), (False, *WRITABLE)),
    ("PatientPracticeManagementSystemId", "patientPracticeManagementSystemId", 60,
     "Patient's practice management system ID on integrating system (Required).", 23,
     "string", "String", "type.phrase", 24, OWN, 1, TEXT, (24,), (True, *SAID), (False, *WRITABLE)),
    ("AppointmentStatusExternalId", "appointmentStatusExternalId", 61,
     "Appointment status' unique ID on integrating system (Required).", 27,
     "string", "String", "type.phrase", 28, OWN, 1, TEXT, (28,), (True, *SAID), (False, *WRITABLE)),
    ("AppointmentTypeExternalId", "appointmentTypeExternalId", 62,
     "Unique ID of the appointment type on integrating system.", 31,
     "string", "String", "type.phrase", 32, OWN, 1, TEXT, (32,), (False, *UNSAID), (False, *WRITABLE)),
    ("CancelReason", "cancelReason", 63, "Appointment cancellation reason.", 35,
     "string", "String", "type.phrase", 36, OWN, 1, TEXT, (36,), (False, *UNSAID), (False, *WRITABLE)),
    ("Start", "start", 64, "Date and time of the appointment.", 39,
     "date", "DateTime", "type.date", 70, OWN, 1, COUNTED, (63, 64, 67), (False, *UNSAID), (False, *WRITABLE)),
    ("End", "end", 65, "Date and time when the appointment ends.", 43,
     "date", "DateTime", "type.date", 70, OWN, 1, COUNTED, (63, 65, 67), (False, *UNSAID), (False, *WRITABLE)),
    ("Id", "id", 66, "Unique ID of the model in the portal (Read only).", 47,
     "globally unique identifier", "Guid", "type.phrase", 48, BASE, 0, COUNTED, (63, 66, 67),
     (False, *UNSAID), (True, *SAID)),
    ("ExternalId", "externalId", 67, "Unique ID of the model on integrating system (Required).", 51,
     "string", "String", "type.phrase", 52, BASE, 0, TEXT, (52,), (True, *SAID), (False, *WRITABLE)),
]  # fmt: skip
PHRASE_LINES = dict(zip([row[0] for row in MEMBERS], range(12, 53, 4), strict=True))
IN_JSON = tuple(row[0] for row in MEMBERS)
IN_XML = (
    "ExternalId", "Id", "AppointmentStatusExternalId", "AppointmentTypeExternalId", "CancelReason", "DoctorExternalId",
    "End", "LocationExternalId", "PatientExternalId", "PatientPracticeManagementSystemId", "Start",
)  # fmt: skip
OPERATION = "POST api/Appointments"
MODEL = "AppointmentModel"
REF = TypeRef("model", MODEL)

# owner, item, what of it, value, standing, [(rule, lines)]
EXPECTED = [
    ("JSON", "", "casing", "camelCase", "inferred", [("casing.samples", (57,))]),
    (OPERATION, "", "method", "POST", "stated", [("", (1,))]),
    (OPERATION, "", "path", "api/Appointments", "stated", [("", (1,))]),
    (OPERATION, "", "summary", "Creates a new appointment or updates an existent appointment's information.", "stated",
     [("", (2,))]),
    (OPERATION, "", "upsert", True, "inferred", [("operation.upsert", (2,))]),
    (OPERATION, "request", "type", REF, "inferred", [("type.phrase", (8,))]),
    (OPERATION, "request", "media type", MediaType("application/json", "json"), "inferred",
     [("format.media-type", (55, 56))]),
    (OPERATION, "request", "media type", MediaType("text/json", "json"), "inferred", [("format.media-type", (55, 56))]),
    (OPERATION, "request", "media type", MediaType("application/xml", "xml"), "inferred",
     [("format.media-type", (69, 70))]),
    (OPERATION, "request", "media type", MediaType("text/xml", "xml"), "inferred", [("format.media-type", (69, 70))]),
    (OPERATION, "request", "media type", MediaType("application/x-www-form-urlencoded", "form"), "inferred",
     [("form.no-sample", (71,))]),
    (OPERATION, "request", "description", "Model used to retrieve or set information about an appointment.", "stated",
     [("", (7,))]),
    (OPERATION, "response", "type", REF, "inferred", [("type.phrase", (74,))]),
    (OPERATION, "response", "media type", MediaType("application/json", "json"), "inferred",
     [("format.media-type", (121, 122))]),
    (OPERATION, "response", "media type", MediaType("text/json", "json"), "inferred",
     [("format.media-type", (121, 122))]),
    (OPERATION, "response", "media type", MediaType("application/xml", "xml"), "inferred",
     [("format.media-type", (135, 136))]),
    (OPERATION, "response", "media type", MediaType("text/xml", "xml"), "inferred",
     [("format.media-type", (135, 136))]),
    (OPERATION, "response", "description", "", "stated", [("", (73,))]),
    (OPERATION, "request", "phrase", MODEL, "stated", [("", (8,))]),
    (OPERATION, "response", "phrase", MODEL, "stated", [("", (74,))]),
    (MODEL, "", "description", "Model used to retrieve or set information about an appointment.", "guessed",
     [("description.body", (7,))]),
    (MODEL, "", "json order", IN_JSON, "inferred", [("json.order", tuple(range(57, 68)))]),
    (MODEL, "", "xml order", IN_XML, "inferred", [("xml.order", (70,))]),
    (MODEL, "", "xml root", XmlName(MODEL, OWN, 1), "inferred", [("xml.root", (70,))]),
    (MODEL, "", "key", "ExternalId", "inferred", [("key.described", (51,))]),
    (MODEL, "", "portal id", "Id", "inferred", [("id.described", (47,))]),
]  # fmt: skip


def expected_of(row):
    (name, json, json_line, words, words_line, phrase, clr, type_rule, type_line, space, level) = row[:11]
    (nullable, null_rule), null_lines, required, read_only = row[11:]
    return [
        ("description", words, "stated", [("", (words_line,))]),
        ("phrase", phrase, "stated", [("", (PHRASE_LINES[name],))]),
        ("type", TypeRef("scalar", clr), "inferred", [(type_rule, (type_line,))]),
        ("json", json, "stated", [("", (json_line,))]),
        ("xml", XmlName(name, space, level), "inferred", [("xml.levels", (70,))]),
        ("nullable", nullable, "inferred", [(null_rule, null_lines)]),
        ("required", required[0], required[1], [(required[2], (words_line,))]),
        ("read only", read_only[0], read_only[1], [(read_only[2], (words_line,))]),
    ]


def got():
    return [
        (s.owner, s.item, s.about, s.fact.value, s.fact.standing, [(e.rule, e.lines) for e in s.fact.evidence])
        for s in subjects(shipped())
    ]


@pytest.mark.parametrize("row", MEMBERS, ids=lambda row: row[0])
def test_every_fact_of_a_member_is_read_from_its_lines(row):
    mine = [fact[2:] for fact in got() if fact[:2] == (MODEL, row[0])]
    assert mine == expected_of(row)


@pytest.mark.parametrize("fact", EXPECTED, ids=lambda fact: " ".join(str(part) for part in fact[:3]))
def test_a_fact_of_the_operation_or_the_model_is_read_from_its_lines(fact):
    assert fact in got()


def test_there_is_no_fact_beside_those():
    named = {row[0] for row in MEMBERS}
    others = [fact for fact in got() if fact[1] not in named]
    assert sorted(map(str, others)) == sorted(map(str, EXPECTED))


def test_the_evidence_names_the_page_and_quotes_it():
    for subject in subjects(shipped()):
        for evidence in subject.fact.evidence:
            assert evidence.page == PAGE
    quotes = {s.about: s.fact.evidence[0].quote for s in subjects(shipped()) if s.item == "ExternalId"}
    assert quotes["required"] == "(Required)"
    assert quotes["json"] == '"externalId":'
    assert quotes["xml"] == f"<ExternalId> in {BASE}"


def test_the_samples_are_kept_as_the_page_shows_them():
    request, response = shipped().operations[0].request, shipped().operations[0].response
    assert [(s.media_types, s.line) for s in (*request.samples, *response.samples)] == [
        (("application/json", "text/json"), 56),
        (("application/xml", "text/xml"), 70),
        (("application/json", "text/json"), 122),
        (("application/xml", "text/xml"), 136),
    ]
    assert request.samples[0].text.startswith('{\n"locationExternalId": "sample string 1",')
    assert request.samples[1].text.startswith("<AppointmentModel xmlns:i=")


def test_the_json_for_programs_is_the_same_each_time_and_tells_its_rules():
    assert as_json(shipped()) == as_json(shipped())
    assert '"standing": "inferred"' in as_json(shipped())
    assert '"key.described": {\n      "sentence"' in as_json(shipped())
