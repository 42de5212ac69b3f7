"""The OpenAPI document: valid by another's tool, complete, and as the page has it."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from emit_zoo import zoo
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from contracts.emit import emit
from contracts.model import Contract, TypeRef

MEDIA = ["application/json", "text/json", "application/xml", "text/xml"]
BASE = "http://schemas.datacontract.org/2004/07/GlobalPortal.Api.Models"


@pytest.fixture(scope="module")
def api(seed: Contract) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(emit(seed)["openapi.json"])
    return document


@pytest.fixture(scope="module")
def post(api: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = api["paths"]["/api/Appointments"]["post"]
    return operation


def test_the_document_passes_openapi_spec_validator(api: dict[str, Any]) -> None:
    validate(api)
    validate(json.loads(emit(zoo())["openapi.json"]))


def test_it_names_page_and_no_server(api: dict[str, Any]) -> None:
    assert api["openapi"] == "3.1.0"
    assert api["servers"] == [{"url": "/"}]
    assert api["info"]["title"] == "POST api/Appointments"
    assert re.fullmatch(r"page-[0-9a-f]{12}", api["info"]["version"])
    assert "POST-api-Appointments.txt" in api["info"]["description"]
    assert list(api["paths"]) == ["/api/Appointments"]


def test_the_request_takes_all_five_media_types(post: dict[str, Any]) -> None:
    assert post["operationId"] == "postApiAppointments"
    assert post["summary"] == "Creates a new appointment or updates an existent appointment's information."
    assert list(post["requestBody"]["content"]) == [*MEDIA, "application/x-www-form-urlencoded"]


def test_the_answers_are_those_of_the_framework(post: dict[str, Any]) -> None:
    assert list(post["responses"]) == ["200", "400", "404", "405", "415"]
    for status, answer in post["responses"].items():
        # A record that is not there is answered without a body, which OpenAPI says by saying nothing of one.
        assert list(answer.get("content", ())) == ([] if status == "404" else MEDIA)
    assert list(post["responses"]["405"]["headers"]) == ["Allow"]


def test_the_examples_are_the_pages_samples(post: dict[str, Any], seed: Contract, checkout: Any) -> None:
    page = (checkout / "schemas" / "pages" / "POST-api-Appointments.txt").read_text(encoding="utf-8")
    for content in (post["requestBody"]["content"], post["responses"]["200"]["content"]):
        assert content["application/json"]["examples"]["page"]["value"]["externalId"] == "sample string 11"
        example = content["text/xml"]["examples"]["page"]
        assert example["value"]["ExternalId"] == "sample string 11"
        text = example["description"].removeprefix("As the page has it:\n\n```xml\n").removesuffix("\n```")
        assert text in page.split("\n")
    assert "examples" not in post["requestBody"]["content"]["application/x-www-form-urlencoded"]


def test_what_the_portal_sets_is_in_no_example_of_a_request(post: dict[str, Any]) -> None:
    sent, answered = post["requestBody"]["content"], post["responses"]["200"]["content"]
    for media_type, name in (("application/json", "id"), ("application/xml", "Id")):
        asked, told = (side[media_type]["examples"]["page"] for side in (sent, answered))
        assert (name in asked["value"], name in told["value"]) == (False, True)
        assert asked["summary"].endswith(", without what the portal sets")
        assert told["summary"].startswith("The page's own sample, line ")


def test_each_example_is_valid_by_its_own_schema(api: dict[str, Any], post: dict[str, Any]) -> None:
    for content in (post["requestBody"]["content"], post["responses"]["200"]["content"]):
        for media_type in MEDIA:
            example = content[media_type]["examples"]["page"]["value"]
            whole = {**content[media_type]["schema"], "components": api["components"]}
            Draft202012Validator(whole).validate(example)


def test_the_xml_component_lists_elements_in_the_serializers_order_with_their_namespaces(api: dict[str, Any]) -> None:
    component = api["components"]["schemas"]["AppointmentModelXml"]
    assert component["xml"] == {"name": "AppointmentModel", "namespace": f"{BASE}.AppointmentsModel"}
    assert [(name, part["xml"]["namespace"]) for name, part in component["properties"].items()] == [
        ("ExternalId", BASE),
        ("Id", BASE),
        ("AppointmentStatusExternalId", f"{BASE}.AppointmentsModel"),
        ("AppointmentTypeExternalId", f"{BASE}.AppointmentsModel"),
        ("CancelReason", f"{BASE}.AppointmentsModel"),
        ("DoctorExternalId", f"{BASE}.AppointmentsModel"),
        ("End", f"{BASE}.AppointmentsModel"),
        ("LocationExternalId", f"{BASE}.AppointmentsModel"),
        ("PatientExternalId", f"{BASE}.AppointmentsModel"),
        ("PatientPracticeManagementSystemId", f"{BASE}.AppointmentsModel"),
        ("Start", f"{BASE}.AppointmentsModel"),
    ]
    assert component["x-order-matters"] is True


def test_the_form_component_has_the_clr_names(api: dict[str, Any]) -> None:
    component = api["components"]["schemas"]["AppointmentModelForm"]
    assert list(component["properties"])[:2] == ["LocationExternalId", "DoctorExternalId"]
    assert component["required"] == [
        "LocationExternalId",
        "DoctorExternalId",
        "PatientExternalId",
        "PatientPracticeManagementSystemId",
        "AppointmentStatusExternalId",
        "ExternalId",
    ]


def test_the_error_body_follows_the_portals_casing(api: dict[str, Any]) -> None:
    validator = Draft202012Validator(api["components"]["schemas"]["HttpError"])
    assert validator.is_valid({"message": "The request is invalid.", "modelState": {"model.start": ["…"]}})
    assert not validator.is_valid({"Message": "The request is invalid."})
    assert not validator.is_valid({"message": "The request is invalid.", "modelState": {"model.start": "…"}})


def test_other_operations_have_their_parameters_bodies_and_answers() -> None:
    paths = json.loads(emit(zoo())["openapi.json"])["paths"]
    assert list(paths) == ["/api/Things", "/api/Things/{id}", "/api/Words/{rest}"]
    get, delete, words = (
        paths["/api/Things/{id}"]["get"],
        paths["/api/Things/{id}"]["delete"],
        paths["/api/Words/{rest}"],
    )
    assert (get["operationId"], delete["operationId"]) == ("getApiThingsById", "deleteApiThingsById")
    assert [(p["name"], p["in"], p["required"]) for p in get["parameters"]] == [("id", "path", True)]
    assert delete["parameters"] == [{"name": "id", "in": "path", "schema": {"type": "string"}, "required": True}]
    assert list(delete["responses"]) == ["204", "400", "404", "405"]
    assert "requestBody" not in get
    content = get["responses"]["200"]["content"]
    assert content["text/json"]["schema"]["items"]["anyOf"][0] == {"$ref": "#/components/schemas/ThingModelResponse"}
    assert content["text/xml"]["schema"]["xml"]["name"] == "ArrayOfThing"
    assert words["post"]["requestBody"]["content"]["text/json"]["schema"] == {"type": "string"}
    assert words["post"]["requestBody"]["content"]["text/xml"]["schema"]["xml"] == {
        "name": "string",
        "namespace": "http://schemas.microsoft.com/2003/10/Serialization/",
    }
    assert next(iter(words["post"]["responses"])) == "2XX"


def test_components_have_names_that_a_class_can_bear(api: dict[str, Any]) -> None:
    forms = ("Form", "Request", "Response", "Xml")
    assert list(api["components"]["schemas"]) == [*(f"AppointmentModel{f}" for f in forms), "HttpError", "HttpErrorXml"]


def test_a_model_called_as_the_error_body_does_not_replace_it() -> None:
    contract = zoo()
    (post, *others), model = contract.operations, contract.models["ThingModel"]
    ref = TypeRef("model", "HttpError")
    request = replace(post.request, type=replace(post.request.type, value=ref))
    changed = replace(
        contract,
        operations=(replace(post, request=request), *others),
        models={**contract.models, "HttpError": replace(model, name="HttpError")},
    )
    schemas = json.loads(emit(changed)["openapi.json"])["components"]["schemas"]
    assert list(schemas["HttpError"]["required"]) == ["message"]
    assert list(schemas["HttpErrorXml"]["required"]) == ["Message"]
    (other,) = {name for name in schemas if name.startswith("HttpError") and name.endswith("Request")}
    assert schemas[other]["required"] == ["key", "amount", "exact"]


def test_generators_are_told_which_type_a_value_has(api: dict[str, Any]) -> None:
    members = api["components"]["schemas"]["AppointmentModelResponse"]["properties"]
    assert {name: part["format"] for name, part in members.items() if "format" in part} == {"id": "uuid"}
    things = json.loads(emit(zoo())["openapi.json"])["components"]["schemas"]["ThingModelResponse"]["properties"]
    formats = {name: part["format"] for name, part in things.items() if "format" in part}
    assert formats == {"id": "uuid", "count": "int64", "ratio": "double"}
