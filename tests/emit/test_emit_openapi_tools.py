"""What ordinary tools ask of an OpenAPI document: linters, viewers and code generators take it as it is.

Held here by rules, for the tools are none of ours: Redocly's and Spectral's recommended rules (summary, description,
tags, security, license, examples that fit, no component unused) and what generators stumble over (a title twice).
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from emit_sites import RESOURCES, contract_of
from emit_things import ZOO, row, site, thing
from emit_zoo import model, record, scalar, stated
from jsonschema import Draft202012Validator

from contracts.emit import emit
from contracts.model import Contract, XmlName

SITES = {name: json.loads(emit(contract_of(name))["openapi.json"]) for name in RESOURCES}


def api_of(contract: Contract) -> Any:
    return json.loads(emit(contract)["openapi.json"])


def operations(api: Any) -> Iterator[dict[str, Any]]:
    for item in api["paths"].values():
        yield from item.values()


def contents(api: Any) -> Iterator[dict[str, Any]]:
    """Every media type of every body."""
    for operation in operations(api):
        for body in (operation.get("requestBody", {}), *operation["responses"].values()):
            yield from body.get("content", {}).values()


def sample(api: Any, name: str = "application/json") -> Any:
    """The example of the request of the only operation."""
    return next(operations(api))["requestBody"]["content"][name].get("examples")


@pytest.mark.parametrize("name", SITES)
def test_a_document_has_what_linters_ask_for(name: str) -> None:
    api = SITES[name]
    assert api["security"] == []
    assert "The pages do not say how a client signs in" in api["info"]["description"]
    assert api["info"]["license"]["identifier"] == "NOASSERTION"
    assert api["info"]["contact"]["name"]
    for operation in operations(api):
        assert operation["summary"]
        assert operation["description"]
        assert set(operation["tags"]) <= {tag["name"] for tag in api["tags"]}


@pytest.mark.parametrize("name", SITES)
def test_every_component_is_used_and_bears_its_own_name_as_title(name: str) -> None:
    api = SITES[name]
    text = json.dumps(api)
    schemas = api["components"]["schemas"]
    assert [key for key in schemas if f'"#/components/schemas/{key}"' not in text] == []
    for key, schema in schemas.items():
        if key not in ("HttpError", "HttpErrorXml"):
            assert schema["title"] == key


@pytest.mark.parametrize("name", SITES)
def test_every_example_fits_its_schema_in_json_and_in_xml(name: str) -> None:
    api = SITES[name]
    kinds = Counter[str]()
    for content in contents(api):
        for example in content.get("examples", {}).values():
            Draft202012Validator({**content["schema"], "components": api["components"]}).validate(example["value"])
            kinds["xml" if "```xml" in example.get("description", "") else "json"] += 1
    assert kinds["xml"] > 1 or name == "StockCounts"
    assert kinds["json"] > 1


def test_a_sample_that_breaks_the_pages_own_annotations_is_no_example() -> None:
    post = SITES["Suppliers"]["paths"]["/api/Suppliers"]["post"]
    assert "examples" not in post["requestBody"]["content"]["application/json"]
    told = "is no example, for it does not fit: $.Grade (pattern), $.Country (maxLength)."
    assert told in post["requestBody"]["description"]
    assert "examples" not in post["requestBody"]["content"]["application/xml"], "of the same object"
    assert "examples" in post["responses"]["200"]["content"]["application/json"]


def test_a_sample_that_refers_to_its_own_parts_is_no_example() -> None:
    knot = record("Knot", [row("Label", scalar("String"))], xml_root=stated(XmlName("Knot", ZOO, 0)))
    rows = row("A", model("Knot")), row("B", model("Knot"))
    plain, referring = '{"A": {"Label": "a"}}', '{"A": {"$id": "1", "Label": "a"}, "B": {"$ref": "1"}}'
    assert sample(api_of(site(*rows, json=plain, more=(knot,))))["page"]["value"] == {"A": {"Label": "a"}}
    api = api_of(site(*rows, json=referring, more=(knot,)))
    assert sample(api) is None
    assert "it refers to parts of itself" in next(operations(api))["requestBody"]["description"]


def test_an_xml_example_is_what_its_schema_describes_and_shows_the_text() -> None:
    rows = row("Count", scalar("Int32")), row("Sure", scalar("Boolean")), row("Word", scalar("String"))
    text = thing('<Count>7</Count><Sure>true</Sure><Word i:nil="true"/>')
    example = sample(api_of(site(*rows, xml=text)), "application/xml")["page"]
    assert example["value"] == {"Count": 7, "Sure": True}, "OpenAPI 3.1 has no value for i:nil"
    assert f"```xml\n{text}\n```" in example["description"]


def test_words_of_a_page_are_no_markup() -> None:
    prop = replace(row("Word", scalar("String")), description=stated("A <script>x</script> where 1 < 2"))
    properties = api_of(site(prop))["components"]["schemas"]["ThingRequest"]["properties"]
    assert properties["Word"]["description"] == "A &lt;script>x&lt;/script> where 1 < 2"
    named = replace(row("Word", scalar("String")), name="description", json=stated("description"))
    assert "description" in api_of(site(named))["components"]["schemas"]["ThingRequest"]["properties"]


def test_a_member_called_as_a_keyword_keeps_its_component() -> None:
    part = record("Part", [row("It", scalar("String"))], xml_root=stated(XmlName("Part", ZOO, 0)))
    for word in ("default", "enum", "examples", "$ref", "properties"):
        prop = replace(row("Part", model("Part")), json=stated(word))
        schemas = api_of(site(prop, more=(part,)))["components"]["schemas"]
        assert {"PartRequest", "PartXml"} <= set(schemas), word


def test_a_text_that_must_be_given_or_has_a_default_is_not_empty() -> None:
    found = {
        (path, each["name"]): each["schema"].get("minLength")
        for path, item in SITES["Frames"]["paths"].items()
        for operation in item.values()
        for each in operation.get("parameters", ())
        if each["schema"].get("type") == "string" and "enum" not in each["schema"]
    }
    # Recorded: "externalId=" is answered 400, "A value is required but was not present in the request."
    assert found["/api/Frames", "externalId"] == 1
