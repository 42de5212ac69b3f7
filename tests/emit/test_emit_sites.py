"""The seven recorded sites: their schemas load everywhere, and samples, answers and requests agree with them.

Where one does not, it stands here with the reason; a row that no longer happens fails as well.
"""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
import xmlschema
from emit_sites import (
    HOSTS,
    RESOURCES,
    Wrong,
    answers,
    contract_of,
    exchanges,
    host_of,
    judge_of,
    load_xsds,
    requests,
    sample_faults,
)
from jsonschema import Draft202012Validator
from lxml import etree
from openapi_spec_validator import validate

from contracts.emit import emit
from contracts.model import Contract

CONTRACTS = {**{name: contract_of(name) for name in RESOURCES}, **{name: host_of(name) for name in HOSTS}}

# The HelpPage package fills a sample by its type alone: no annotation is asked (ObjectGenerator).
UNLIKE_SAMPLES = {
    ("Suppliers", "POST api/Suppliers", "request", "json"): {("$.Grade", "pattern"), ("$.Country", "maxLength")},
    ("Suppliers", "PUT api/Suppliers/{id}", "request", "json"): {("$.Grade", "pattern"), ("$.Country", "maxLength")},
}
SAMPLES = {
    "Coatings": 6, "Fittings": 8, "Frames": 10, "OrderSheets": 12, "StockCounts": 16, "Suppliers": 12, "Vouchers": 10,
}  # fmt: skip

# Json.NET writes NaN as text, and a number that an enumeration does not have as that number: a client that sends such
# a value gets it back, which no page shows. What is shown in no XML sample has no element.
NAN, NUMBER, UNSHOWN = "NaN is text in JSON", "any number is kept", "no sample shows it in XML"
UNLIKE_ANSWERS = {
    ("Coatings", 'values: json Index (Double?) = "NaN"'): NAN,
    ("Fittings", 'values: json Pressure (Single) = "NaN"'): NAN,
    ("Fittings", "values: json Pressure (Single) = NaN"): NAN,
    ("Fittings", "values: json Curvature (Double) = NaN"): NAN,
    ("Frames", "values: json Material (enum) = 99"): NUMBER,
    ("Frames", "values: json Material (enum) = -7"): NUMBER,
    ("Frames", "values: json Material (enum) = 2147483648"): NUMBER,
    ("OrderSheets", "values: json Urgency (enum) = 99"): NUMBER,
    ("OrderSheets", "values: json Urgency (enum) = true"): NUMBER,
    ("OrderSheets", "values: json Dominant (enum) = 99"): NUMBER,
    ("OrderSheets", "values: json Dominant (enum) = -7"): NUMBER,
    ("OrderSheets", "values: form Dominant (enum) = 99"): NUMBER,
    ("OrderSheets", "nested: json Items Side = -7"): NUMBER,
    ("StockCounts", "query: /api/StockCounts/echo: aisle = '99'"): NUMBER,
    ("StockCounts", "query: /api/StockCounts/tree: Accept text/xml"): UNSHOWN,
    ("Vouchers", "values: json Tier (enum) = 99"): NUMBER,
    ("Vouchers", 'values: json Tier (enum) = "99"'): NUMBER,
    ("Vouchers", "values: json Tier (enum) = 2147483648"): NUMBER,
    ("Vouchers", "values: form Tier (enum) = 99"): NUMBER,
    ("Vouchers", "collection body: json second Tier = 99"): NUMBER,
    ("Vouchers", "collection body: json second Tier = 2147483648"): NUMBER,
}
ANSWERS = {
    "Coatings": 402, "Fittings": 441, "Frames": 514, "OrderSheets": 473, "StockCounts": 189, "Suppliers": 389,
    "Vouchers": 424,
}  # fmt: skip

# Messages of DataAnnotations' attributes, and how many recorded JSON requests each resource had refused for one.
ANNOTATED = re.compile(
    r"The field \w+ must (?:be between|match the regular expression|be a string|be a string or array type)"
    r"|The \w+ field is (?:required|not a valid)"
)
REFUSED = {"StockCounts": 16, "Suppliers": 80, "Vouchers": 12}
# Refused by the framework, valid by the schema.
UNTOLD = {
    ("Suppliers", f"annotations: json Contact EmailAddress = {text}"): "no page shows EmailAddress"
    for text in ("a@", "@b", "a@@b.example", "a b@c.example", "")
}


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_schemas_of_a_site_load_in_every_library(name: str, tmp_path: Path) -> None:
    files = emit(CONTRACTS[name])
    for file, data in files.items():
        (tmp_path / file).write_bytes(data)
        if file.endswith(".schema.json"):
            Draft202012Validator.check_schema(json.loads(data))
    validate(json.loads(files["openapi.json"]))
    assert load_xsds(files) is not None
    if name not in HOSTS:
        return  # a host has the namespaces of all its resources
    loaded = xmlschema.XMLSchema10([str(tmp_path / file) for file in sorted(files) if file.endswith(".xsd")])
    own = [space for file in files if (space := _namespace(files[file], file))]
    assert sorted(set(own) & set(loaded.maps.namespaces)) == sorted(own)


def _namespace(data: bytes, file: str) -> str:
    return str(etree.fromstring(data).get("targetNamespace")) if file.endswith(".xsd") else ""


@pytest.mark.parametrize("resource", RESOURCES)
def test_every_sample_of_the_pages_is_valid_or_ignores_an_annotation(resource: str) -> None:
    found = list(sample_faults(resource))
    unlike = {(resource, *where): _places(faults) for *where, faults in found if faults}
    assert unlike == {key: places for key, places in UNLIKE_SAMPLES.items() if key[0] == resource}
    assert len(found) == SAMPLES[resource]


@pytest.mark.parametrize("resource", RESOURCES)
def test_every_recorded_answer_is_valid_or_holds_what_no_page_shows(resource: str) -> None:
    found = list(answers(resource))
    unlike = {(resource, exchange.case): faults for exchange, faults in found if faults}
    assert set(unlike) == {key for key in UNLIKE_ANSWERS if key[0] == resource}
    words = {NAN: {"type"}, NUMBER: {"enum", "type"}, UNSHOWN: {"SCHEMAV_CVC_ELT_1"}}
    for key, faults in unlike.items():
        assert {fault.keyword for fault in faults} <= words[UNLIKE_ANSWERS[key]], key
    assert len(found) == ANSWERS[resource]
    assert all(exchange.operation is not None for exchange, _ in found)


# What Json.NET converts (text for a number, other forms of a date, a number for a truth value) a client should not
# rely on, and what prose calls "(Required)" the recorded host does not enforce. Annotations it does.
@pytest.mark.parametrize("resource", RESOURCES)
def test_no_annotation_refuses_a_request_that_the_framework_took(resource: str) -> None:
    taken = [(exchange, faults) for exchange, faults in requests(resource) if 200 <= exchange.status < 300]
    assert len(taken) > 100
    keywords = Counter(fault.keyword for _, faults in taken for fault in faults)
    assert set(keywords) <= {"required", "type", "pattern", "enum"}
    for exchange, faults in taken:
        for fault in faults:
            if fault.keyword == "pattern":
                assert not re.search(r"\(A\|B\|C\)", fault.message), exchange.case


@pytest.mark.parametrize("resource", RESOURCES)
def test_plain_requests_that_the_framework_took_are_valid(resource: str) -> None:
    plain = [
        (exchange.case, faults)
        for exchange, faults in requests(resource)
        if exchange.status == 200 and exchange.case.startswith(("formats: ", "accept: "))
    ]
    assert plain or resource == "StockCounts"  # which answers 204
    assert [case for case, faults in plain if faults] == []


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_request_that_breaks_an_annotation_is_not_valid(resource: str) -> None:
    refused = [
        (exchange.case, faults)
        for exchange, faults in requests(resource)
        if exchange.status == 400 and ANNOTATED.search(exchange.answered.decode())
    ]
    assert len(refused) == REFUSED.get(resource, 0)
    assert {(resource, case) for case, faults in refused if not faults} == {key for key in UNTOLD if key[0] == resource}


@pytest.mark.parametrize("resource", RESOURCES)
def test_every_exchange_that_succeeded_belongs_to_an_operation_of_the_pages(resource: str) -> None:
    lost = [each.case for each in exchanges(resource) if each.operation is None and each.status < 300]
    assert lost == []


def test_a_host_has_the_schemas_of_all_its_resources_in_one_set() -> None:
    for host, resources in HOSTS.items():
        together = set(emit(host_of(host)))
        apart = {name for resource in resources for name in emit(contract_of(resource))}
        assert together == apart
        paths = json.loads(emit(host_of(host))["openapi.json"])["paths"]
        assert set(paths) == {path for resource in resources for path in judge_of(resource).api["paths"]}


def test_a_json_schema_says_the_same_in_the_set_of_its_host() -> None:
    for host, resources in HOSTS.items():
        together = emit(host_of(host))
        for resource in resources:
            for name, data in emit(contract_of(resource)).items():
                if name.endswith(".schema.json"):
                    assert _without_comments(together[name]) == _without_comments(data), name


def _without_comments(data: bytes) -> object:
    """The schema without what cites the pages, whose names and number differ."""
    return json.loads(
        data, object_hook=lambda found: {name: value for name, value in found.items() if name != "$comment"}
    )


def _places(faults: list[Wrong]) -> set[tuple[str, str]]:
    return {(fault.path, fault.keyword) for fault in faults}


def test_the_contracts_are_those_of_two_hosts() -> None:
    found: dict[str, Contract] = {name: host_of(name) for name in HOSTS}
    assert {name: len(contract.operations) for name, contract in found.items()} == {"camel": 20, "pascal": 13}


def test_a_json_schema_cites_only_the_pages_that_it_was_read_from() -> None:
    files = emit(host_of("camel"))
    assert b"Coatings" not in files["FrameModel.request.schema.json"]
    assert b"ResourceModel-FrameModel.html (SHA-256 " in files["FrameModel.request.schema.json"]
    assert re.search(rb"Derived from \d+ pages \(SHA-256 of their hashes [0-9a-f]{12}", files["openapi.json"])
