"""Operations that OpenAPI cannot hold apart: one verb and path, told apart by the keys of the query."""

import json
from dataclasses import replace
from typing import Any

import pytest
from emit_zoo import body, listed, member, model, record, scalar, stated, zoo
from openapi_spec_validator import validate

from contracts.emit import emit
from contracts.model import Annotation, Body, Contract, Operation, Parameter, TypeRef

NOTHING = Body(stated(None), (), (), stated(""))


def parameter(name: str, ref: TypeRef, required: bool, default: str | None = None, **more: Any) -> Parameter:
    return Parameter(name, stated(""), stated("phrase"), stated(ref), False, stated(required), stated(default), **more)


def get(path: str, answer: Body, *parameters: Parameter, summary: str = "") -> Operation:
    query = tuple(each.key for each in parameters if f"{{{each.name}}}" not in path)
    return Operation(stated("GET"), stated(path), stated(summary), stated(False), parameters, NOTHING, answer, query)


def api_of(*operations: Operation) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(emit(replace(zoo(), operations=operations))["openapi.json"])
    validate(document)
    return document


THING, THINGS = body(model("ThingModel")), body(listed(model("ThingModel")))
NAME = parameter("name", scalar("String"), True)
PAGE = parameter("page", scalar("Int32"), False, "1")


def test_gets_that_differ_by_their_keys_become_one_with_what_each_takes() -> None:
    one, many = get("api/T", THING, NAME, summary="Gets one."), get("api/T", THINGS, NAME, PAGE, summary="Gets many.")
    found = api_of(one, many)["paths"]["/api/T"]["get"]
    assert found["summary"] == "Gets one. / Gets many."
    assert [(each["name"], each["required"]) for each in found["parameters"]] == [("name", True), ("page", False)]
    assert found["x-variants"] == [
        {"x-query": ["name"], "x-required": ["name"], "summary": "Gets one.", "x-evidence": "page line 1"},
        {"x-query": ["name", "page"], "x-required": ["name"], "summary": "Gets many.", "x-evidence": "page line 1"},
    ]
    schema = found["responses"]["200"]["content"]["text/json"]["schema"]
    assert [part.get("$ref") for part in schema["anyOf"]] == ["#/components/schemas/ThingModelResponse", None]
    assert "GET api/T?name&page" in found["description"]


def test_a_key_that_one_of_them_does_without_need_not_be_given() -> None:
    found = api_of(get("api/T", THING, NAME), get("api/T", THINGS))["paths"]["/api/T"]["get"]
    assert [(each["name"], each["required"]) for each in found["parameters"]] == [("name", False)]


def test_answers_of_all_variants_stand() -> None:
    found = api_of(get("api/T", THING, NAME), get("api/T", NOTHING))["paths"]["/api/T"]["get"]
    assert list(found["responses"])[:2] == ["200", "204"]


def test_paths_that_differ_in_their_parameters_names_are_one_path() -> None:
    guid = Parameter("key", stated("The key."), stated(""), stated(scalar("Guid")), True, stated(True), stated(None))
    delete = replace(get("api/T/{key}", NOTHING, guid), method=stated("DELETE"))
    found = api_of(get("api/T/{id}", THING), delete)["paths"]
    assert list(found) == ["/api/T/{id}"]
    (only,) = found["/api/T/{id}"]["delete"]["parameters"]
    assert (only["name"], only["in"], only["schema"]["format"]) == ("id", "path", "uuid")


def test_a_verb_that_openapi_does_not_know_is_kept_aside() -> None:
    found = api_of(replace(get("api/T", THING), method=stated("LINK")))["paths"]["/api/T"]
    assert list(found) == ["x-link"]


@pytest.mark.parametrize(
    ("ref", "default", "schema"),
    [
        (scalar("Boolean"), "True", {"type": "boolean", "default": True}),
        (scalar("Decimal"), "1.5", {"type": "number", "default": 1.5}),
        (scalar("Decimal"), "many", {"type": "number"}),
        (scalar("String"), "7", {"type": "string", "default": "7", "minLength": 1}),
        (model("Kind"), "Some", {"type": "string", "enum": ["None", "Some"], "default": "Some"}),
        (model("Kind"), "9", {"type": "string", "enum": ["None", "Some"]}),
        (listed(scalar("Boolean")), None, {"type": "array", "items": {"type": "boolean"}}),
    ],
)
def test_a_parameter_takes_its_type_and_has_its_default(
    ref: TypeRef, default: str | None, schema: dict[str, Any]
) -> None:
    found = api_of(get("api/T", THING, parameter("x", ref, False, default)))["paths"]["/api/T"]["get"]
    shown = found["parameters"][0]["schema"]
    assert {name: value for name, value in shown.items() if name not in ("title", "$comment")} == schema


def test_a_member_of_an_expanded_type_has_the_querys_key_and_its_annotations() -> None:
    note = stated(Annotation("range", ("1", "9"), "Range: inclusive between 1 and 9"))
    ref = scalar("Int32")
    part = parameter("Low", ref, False, annotations=(note,), complex=stated("Filter"), prefix="filter.")
    (found,) = api_of(get("api/T", THING, part))["paths"]["/api/T"]["get"]["parameters"]
    assert (found["name"], found["x-member-of"]) == ("filter.Low", "Filter")
    assert (found["schema"]["minimum"], found["schema"]["maximum"]) == (1, 9)


def test_a_key_that_only_the_title_has_is_a_parameter() -> None:
    bare = replace(get("api/T", THING), query=("ids[0]", "ids[1]", "word"))
    found = api_of(bare)["paths"]["/api/T"]["get"]["parameters"]
    assert [(each["name"], each["in"], each.get("required", False)) for each in found] == [
        ("ids", "query", False),
        ("word", "query", False),
    ]


def test_operations_of_a_site_are_tagged_by_what_they_are_about() -> None:
    found = api_of(get("api/T", THING), get("api/T/{id}/parts", THINGS), get("{x}", THINGS))["paths"]
    assert [found[path]["get"]["tags"] for path in ("/api/T", "/api/T/{id}/parts", "/{x}")] == [["T"], ["T"], ["api"]]


def test_every_operation_has_a_tag_that_the_document_lists() -> None:
    for operations in ([get("api/T", THING)], [get("api/T", THING), get("api/U/{id}", THING)]):
        api = api_of(*operations)
        used = [tag for item in api["paths"].values() for one in item.values() for tag in one["tags"]]
        assert used == [tag["name"] for tag in api["tags"]]
        assert all(tag["description"] for tag in api["tags"])


def test_a_number_whose_width_no_page_shows_is_as_wide_as_its_word() -> None:
    wide = replace(parameter("x", scalar("Int32"), False), type=replace(stated(scalar("Int32")), settle="the source"))
    found = api_of(get("api/T", THING, wide))["paths"]["/api/T"]["get"]["parameters"][0]["schema"]
    assert found["maximum"] == 2**63 - 1


def lone(members: list[Any], **more: Any) -> Contract:
    thing = replace(record("ThingModel", members), **more)
    contract = zoo()
    return replace(contract, models={**contract.models, "ThingModel": thing}, operations=contract.operations[:1])


def test_a_data_members_settings_are_kept() -> None:
    members = [
        replace(member("Must", scalar("Int32"), nullable=False), is_required=stated(True), emit_default=stated(True)),
        replace(member("Gone", scalar("Int32"), nullable=False), emit_default=stated(False)),
        replace(member("Asked", scalar("Int32"), nullable=False, required=True), emit_default=stated(False)),
        member("Open", scalar("Int32"), nullable=False),
    ]
    files = emit(lone(members, data_contract=stated(True)))
    request, response = (json.loads(files[f"ThingModel.{side}.schema.json"]) for side in ("request", "response"))
    assert request["required"] == ["must", "asked"]
    assert response["required"] == ["must"], "what is 0 may be left out of an answer"
    elements = {line.split('name="')[1].split('"')[0]: line for line in files["Zoo.xsd"].decode().split("\n")
                if "<xs:element" in line and "name=" in line}  # fmt: skip
    assert ["minOccurs" in elements[name] for name in ("Must", "Gone", "Asked", "Open")] == [False, True, True, True]


def test_an_enumeration_that_a_data_contract_may_rename_is_open_in_xml_and_by_name() -> None:
    members = [member("Kind", model("Kind"), nullable=False), member("Mode", model("Mode"), nullable=False)]
    closed, opened = emit(lone(members)), emit(lone(members, data_contract=stated(True)))
    anything = b'<xs:restriction base="xs:string"/>'
    assert anything not in closed["Zoo.xsd"]
    assert opened["Zoo.xsd"].count(anything) == 2
    defs = json.loads(opened["ThingModel.response.schema.json"])["$defs"]
    assert defs["Kind"]["enum"] == [0, 4], "numbers are not renamed"
    assert (defs["Mode"]["examples"], "enum" in defs["Mode"]) == (["None", "Some"], False)
    assert json.loads(closed["ThingModel.response.schema.json"])["$defs"]["Mode"]["enum"] == ["None", "Some"]


def test_a_form_names_members_as_the_code_does_and_leaves_fields_out() -> None:
    members = [
        replace(member("wire_name", scalar("String")), clr_name=stated("WireName")),
        replace(member("Field", scalar("String")), is_field=stated(True)),
        member("Plain", scalar("String")),
    ]
    contract = lone(members)
    post = contract.operations[0]
    form = replace(post.request.media_types[0].value, name="application/x-www-form-urlencoded", format="form")
    sent = replace(post.request, media_types=(*post.request.media_types, stated(form)))
    files = emit(replace(contract, operations=(replace(post, request=sent),)))
    assert list(json.loads(files["openapi.json"])["components"]["schemas"]["ThingModelForm"]["properties"]) == [
        "WireName",
        "Plain",
    ]
