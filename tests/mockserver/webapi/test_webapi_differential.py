"""What the stub portal writes, json, jsonschema, xmlschema and lxml read, and all find the same values."""

import json
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import pytest
from contract_strategies import contracts
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from invented import BASE, NAMESPACE, contract
from lxml import etree

from contracts.emit import Schemas
from contracts.helppage import shipped
from contracts.model import Contract, Evidence, Fact, Model, TypeRef
from mockserver.webapi import Request, Response, WebApi

JSON, XML, FORM = "application/json", "application/xml", "application/x-www-form-urlencoded"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
ID = "c9d1ba2c-2f6e-4d0a-9c1c-0a5b3f6f7a10"
# What XML 1.0 can carry; a carriage return it cannot, unless escaped.
_TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | st.sampled_from("\t\n"),
    max_size=12,
)
_MOMENT = st.datetimes().map(lambda d: d.replace(microsecond=d.microsecond)).map(lambda d: d.isoformat())
_TIME = st.tuples(_MOMENT, st.sampled_from(["", "Z", "+00:00"])).map("".join)


@lru_cache(maxsize=1)
def _shipped() -> tuple[Contract, Schemas]:
    return shipped(), Schemas(shipped())


@lru_cache(maxsize=1)
def _invented() -> tuple[Contract, Schemas]:
    return contract(), Schemas(contract())


def _answer(found: Contract, path: str, kind: str, body: str, accept: str) -> Response:
    request = Request("POST", path, [("Content-Type", kind), ("Accept", accept)], body.encode("utf-8"))
    own = next(m.portal_id.value for _, m in found.upserts())
    return WebApi(found, strict=False).handle(request, lambda o, m, record: {**record, own: ID})


def _as_xml(found: Contract, model: str, values: dict[str, Any]) -> str:
    """A body by lxml, each element where the contract has it."""
    shape = found.models[model]
    root_name = shape.xml_root.value
    root = etree.Element(f"{{{root_name.namespace}}}{root_name.name}")
    for prop in shape.in_xml_order():
        if prop.name in values and values[prop.name] is not None:
            name = prop.xml.value
            element = etree.SubElement(root, f"{{{name.namespace}}}{name.name}")
            element.text = _word(values[prop.name])
    return etree.tostring(root, encoding="unicode")


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _as_json(found: Contract, model: str, values: dict[str, Any]) -> str:
    members = found.models[model].properties
    return json.dumps({prop.json.value: values[prop.name] for prop in members if prop.name in values})


def _as_form(values: dict[str, Any]) -> str:
    return urlencode({name: _word(value) for name, value in values.items() if value is not None})


def _body(found: Contract, model: str, kind: str, values: dict[str, Any]) -> str:
    if kind == JSON:
        return _as_json(found, model, values)
    return _as_xml(found, model, values) if kind == XML else _as_form(values)


def _read(found: Contract, schemas: Schemas, model: str, response: Response) -> dict[str, Any]:
    """The answer's members by CLR name as third parties read them; every judge must be content."""
    assert response.status == 200
    kind = dict(response.headers)["Content-Type"]
    shape = found.models[model]
    if "json" in kind:
        document = json.loads(response.body.decode("utf-8"), parse_float=Decimal)
        plain = json.loads(response.body)
        assert schemas.json_faults(model, "response", plain) == []
        assert list(document) == [prop.json.value for prop in shape.in_json_order()]
        return {prop.name: document[prop.json.value] for prop in shape.properties}
    assert schemas.xml_faults(model, response.body) == []
    root = etree.fromstring(response.body, etree.XMLParser(resolve_entities=False, no_network=True))
    names = [prop.xml.value for prop in shape.in_xml_order()]
    assert [element.tag for element in root] == [f"{{{name.namespace}}}{name.name}" for name in names]
    values = [None if element.get(NIL) == "true" else element.text or "" for element in root]
    return dict(zip([prop.name for prop in shape.in_xml_order()], values, strict=True))


_RECORD = st.fixed_dictionaries(
    dict.fromkeys(("LocationExternalId", "DoctorExternalId", "PatientExternalId", "CancelReason"), _TEXT)
    | {"Start": _TIME, "End": _TIME, "ExternalId": _TEXT}
)


@given(_RECORD, st.sampled_from([JSON, XML, FORM]), st.sampled_from([JSON, XML, "text/json", "text/xml"]))
def test_third_parties_read_back_what_was_posted(values: dict[str, str], kind: str, accept: str) -> None:
    found, schemas = _shipped()
    response = _answer(found, "/api/Appointments", kind, _body(found, "AppointmentModel", kind, values), accept)
    read = _read(found, schemas, "AppointmentModel", response)
    for name, value in values.items():
        wanted: str | None = value
        if name in ("Start", "End"):
            wanted = _shown_time(value, kind)
        elif kind == FORM and not value.strip():
            wanted = None
        assert read[name] == wanted
    assert read["Id"] == ID


def _shown_time(sent: str, kind: str) -> str:
    """A time of this strategy as the portal shows it: no zeros at the end, a form's Z as the server's offset."""
    clock, suffix = (sent[:-1], "Z") if sent.endswith("Z") else (sent[:-6], sent[-6:]) if "+" in sent else (sent, "")
    clock = clock.rstrip("0") if "." in clock else clock
    return clock + ("+00:00" if kind == FORM and suffix == "Z" else suffix)


_THING = st.fixed_dictionaries(
    {
        "Text": _TEXT, "Key": _TEXT, "Count": st.integers(-(2**31), 2**31 - 1), "Big": st.integers(-(2**63), 2**63 - 1),
        "Flag": st.booleans(), "When": _TIME, "Maybe": st.none() | st.integers(-9, 9), "Code": st.uuids().map(str),
        "Ratio": st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False),
    }
)  # fmt: skip


@given(_THING, st.sampled_from([JSON, XML, FORM]))
def test_numbers_and_nulls_are_the_same_to_every_reader_and_in_both_formats(values: dict[str, Any], kind: str) -> None:
    found, schemas = _invented()
    assume(kind != FORM or values["Text"].strip())
    body = _body(found, "Thing", kind, values)
    as_json = _read(found, schemas, "Thing", _answer(found, "/api/Things", kind, body, JSON))
    as_xml = _read(found, schemas, "Thing", _answer(found, "/api/Things", kind, body, XML))
    for name in ("Count", "Big", "Maybe"):
        assert as_json[name] == values[name] == (None if as_xml[name] is None else int(as_xml[name]))
    assert as_json["Flag"] is values["Flag"] is (as_xml["Flag"] == "true")
    assert float(as_json["Ratio"]) == values["Ratio"] == float(as_xml["Ratio"])
    assert as_json["Code"] == values["Code"] == as_xml["Code"]
    assert as_json["When"] == as_xml["When"] and as_json["Text"] == as_xml["Text"]


@pytest.mark.parametrize("text", ["\x01", "a\rb", "\ufffe", "\x00"])
def test_a_character_that_xml_cannot_carry_is_still_read_from_json(text: str) -> None:
    found, schemas = _invented()
    response = _answer(found, "/api/Things", JSON, json.dumps({"text": text}), JSON)
    assert _read(found, schemas, "Thing", response)["Text"] == text


def _told(value: Any) -> Fact[Any]:
    return Fact(value, (Evidence("test", (1,)),))


def _with_zero(model: Model) -> Model:
    """An enumeration that has a member of value 0: without one the unset value itself is outside of the schema."""
    first, others = model.members[:1], [member for member in model.members[1:] if member.value]
    return replace(model, members=(*(replace(member, value=0) for member in first), *others))


@settings(max_examples=25)
@given(contracts())
def test_a_model_of_any_page_is_answered_so_that_its_schemas_are_content(drawn: Contract) -> None:
    ref = TypeRef("model", "WheelModel")
    operation = drawn.operations[0]
    body, answer = (replace(part, type=_told(ref)) for part in (operation.request, operation.response))
    upsert = replace(operation, method=_told("POST"), upsert=_told(True), request=body, response=answer)
    models = {name: _with_zero(model) for name, model in drawn.models.items()}
    found = replace(drawn, operations=(upsert,), models=models)
    request = Request("POST", "/api/Wheels", [("Content-Type", JSON)], b"{}")
    response = WebApi(found, strict=False).handle(request, lambda o, m, record: record)
    assert response.status == 200
    assert Schemas(found).json_faults("WheelModel", "response", json.loads(response.body)) == []


def test_the_names_of_the_invented_model_are_where_the_strategies_think() -> None:
    text = f'<Thing xmlns="{NAMESPACE}"><Key xmlns="{BASE}">{escape("<k>")}</Key></Thing>'
    found, schemas = _invented()
    assert _read(found, schemas, "Thing", _answer(found, "/api/Things", XML, text, JSON))["Key"] == "<k>"
