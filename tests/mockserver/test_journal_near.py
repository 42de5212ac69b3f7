"""Near-misses: what a refused request was nearest to, and what of it is not as the contract wants it."""

import json
from typing import Any

import pytest
from shipped_record import record

from contracts import helppage
from contracts.emit import Schemas
from mockserver.journal import Exchange
from mockserver.journal.near import Near
from mockserver.journal.reading import Reading
from mockserver.webapi import Request, WebApi

CONTRACT = helppage.shipped()
API = WebApi(CONTRACT, strict=True)
READING = Reading(CONTRACT, lambda: Schemas(CONTRACT))
PATH = "/api/Appointments"
BASE = "http://schemas.datacontract.org/2004/07/GlobalPortal.Api.Models"
OWN = f"{BASE}.AppointmentsModel"


def near(
    body: bytes | None, kind: str | None = "application/json", path: str = PATH, method: str = "POST"
) -> Near | None:
    headers = [("Content-Type", kind)] if kind else []
    request = Request(method, path, headers, body)
    response = API.handle(request, lambda _operation, _model, given: given)
    return READING.near(Exchange(1, 0.0, 0.0, request, response))


def differences(*args: Any, **kwargs: Any) -> list[tuple[str, str, str]]:
    found = near(*args, **kwargs)
    assert found is not None
    assert found.operation == "POST api/Appointments"
    return [(one.where, one.problem, one.meant) for one in found.differences]


def changed(**values: Any) -> bytes:
    return json.dumps({name: value for name, value in {**record(), **values}.items() if value is not ...}).encode()


def test_a_request_that_was_taken_has_none() -> None:
    assert near(changed()) is None


def test_a_path_far_from_all_has_none() -> None:
    assert near(None, path="/robots.txt", method="GET") is None


@pytest.mark.parametrize(
    ("path", "method", "told"),
    [
        ("/api/Appointment", "POST", [("path", "path", f"{PATH}")]),
        ("/v1/api/appointments", "POST", [("path", "path", f"{PATH}")]),
        (PATH, "PUT", [("method", "method", "POST")]),
        ("/api/Apointments", "PUT", [("method", "method", "POST"), ("path", "path", f"{PATH}")]),
    ],
)
def test_the_nearest_operation_is_found_by_path_and_verb(path: str, method: str, told: list[Any]) -> None:
    assert differences(changed(), path=path, method=method) == told


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"doctorExternalId": ...}, [("doctorExternalId", "missing", "")]),
        ({"doctorExternalId": " "}, [("doctorExternalId", "blank", "")]),
        ({"start": "soon"}, [("start", "value", "")]),
        ({"id": 5}, [("id", "value", "")]),
        (
            {"doctorExternalId": ..., "doctor_external_id": "d"},
            [("doctor_external_id", "unknown", "doctorExternalId"), ("doctorExternalId", "missing", "")],
        ),
        ({"START": "soon", "start": ...}, [("START", "value", "")]),
        ({"start": "soon", "xyz": 1}, [("xyz", "unknown", ""), ("start", "value", "")]),
    ],
)
def test_json_is_explained_member_by_member(values: dict[str, Any], told: list[Any]) -> None:
    assert differences(changed(**values)) == told


def test_the_value_that_was_not_taken_is_shown_beside_the_pages_type() -> None:
    found = near(changed(start="soon"))
    assert found is not None
    (one,) = found.differences
    assert one.sent == "soon"
    assert one.wanted.startswith("date; ")
    assert one.told == "the portal does not take this value"


def test_a_form_is_explained_member_by_member() -> None:
    body = "&".join(f"{name}=x" for name in record() if name not in ("start", "end")) + "&start=soon&rooom=1"
    kind = "application/x-www-form-urlencoded"
    assert differences(body.encode(), kind) == [("rooom", "unknown", ""), ("start", "value", "")]


def xml(inner: str, root: str = "AppointmentModel", space: str = OWN) -> bytes:
    return f'<{root} xmlns="{space}" xmlns:b="{BASE}">{inner}</{root}>'.encode()


FULL = (
    "<b:ExternalId>K1</b:ExternalId><AppointmentStatusExternalId>s</AppointmentStatusExternalId>"
    "<DoctorExternalId>d</DoctorExternalId><End>2031-01-02T04:04:05</End><LocationExternalId>l</LocationExternalId>"
    "<PatientExternalId>p</PatientExternalId>"
    "<PatientPracticeManagementSystemId>m</PatientPracticeManagementSystemId><Start>2031-01-02T03:04:05</Start>"
)


def test_this_xml_is_taken() -> None:
    assert near(xml(FULL), "application/xml") is None


@pytest.mark.parametrize(
    ("inner", "told"),
    [
        (
            FULL.replace("b:ExternalId", "ExternalId"),
            [("ExternalId", "namespace", "ExternalId")],
        ),
        (
            FULL.replace("DoctorExternalId", "doctorExternalId"),
            [("doctorExternalId", "case", "DoctorExternalId")],
        ),
        (
            "<PatientExternalId>p</PatientExternalId>" + FULL.replace("<PatientExternalId>p</PatientExternalId>", ""),
            [
                ("ExternalId", "order", ""),
                ("AppointmentStatusExternalId", "order", ""),
                ("DoctorExternalId", "order", ""),
                ("End", "order", ""),
                ("LocationExternalId", "order", ""),
            ],
        ),
        (FULL.replace("2031-01-02T03:04:05", "soon"), [("Start", "value", "")]),
        (
            FULL.replace("DoctorExternalId", "DoktorExternalId"),
            [("DoktorExternalId", "unknown", "DoctorExternalId"), ("DoctorExternalId", "missing", "")],
        ),
    ],
    ids=["namespace", "case", "order", "value", "unknown"],
)
def test_xml_is_explained_member_by_member(inner: str, told: list[Any]) -> None:
    assert differences(xml(inner), "application/xml") == told


def test_another_root_element_is_named() -> None:
    assert differences(xml(FULL, root="Appointment"), "application/xml")[0] == ("body", "root", "AppointmentModel")
    assert differences(xml(FULL, space="urn:test"), "text/xml")[0] == ("body", "root", "AppointmentModel")


@pytest.mark.parametrize(
    ("body", "kind", "told"),
    [
        (None, "application/json", [("body", "no body", "")]),
        (b"{}", None, [("Content-Type", "no type", "")]),
        (b"{}", "application/jsn", [("Content-Type", "type not read", "application/json")]),
        (b"<a/>", "application/json", [("body", "not readable", "")]),
    ],
)
def test_a_body_that_was_not_read_says_why(body: bytes | None, kind: str | None, told: list[Any]) -> None:
    assert differences(body, kind) == told
