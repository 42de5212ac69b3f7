"""Random sites: their schemas load everywhere, and the samples of their pages are valid by them.

Who writes the samples shares nothing with who writes the schemas. A sample ignores annotations, so JSON that is sent is
judged only where nothing is annotated.
"""

import json
import re
from dataclasses import replace

from contract_strategies import drawn
from emit_sites import Judge, load_xsds, samples
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from site_strategies import sites

from contracts.emit import Schemas, emit
from contracts.helppage import read, write_pages
from contracts.model import Contract, Model, Operation, Property, TypeRef

# Not shrunk: a drawn site is large and slow to try; minutes of shrinking tell little more than the first find.
UNSHRUNK = (Phase.explicit, Phase.generate)
WRITTEN_OTHERWISE = {TypeRef("any"), TypeRef("collection", item=TypeRef("scalar", "Byte"))}
maybe = st.sampled_from([None, True, False])


@st.composite
def settled(draw: st.DrawFn, model: Model) -> Model:
    """The model with facts that no page shows, as an overlay may settle them."""
    if model.kind == "enum":
        words = [draw(st.sampled_from(["", "", "a-word", f"own {n}"])) for n in range(len(model.members))]
        members = tuple(replace(member, xml=word) for member, word in zip(model.members, words, strict=True))
        return replace(model, members=members, as_string=drawn(draw(maybe)))

    def twisted(prop: Property) -> Property:
        return replace(
            prop,
            is_required=drawn(draw(maybe)),
            emit_default=drawn(draw(maybe)),
            nullable=drawn(draw(st.sampled_from([prop.nullable.value, None]))),
            clr_name=drawn(draw(st.sampled_from([None, f"Clr{prop.name}"]))),
            json=drawn(draw(st.sampled_from([prop.json.value, prop.json.value, f"own-{prop.name}", None]))),
            xml=drawn(draw(st.sampled_from([prop.xml.value, prop.xml.value, None]))),
        )

    props = tuple(twisted(prop) for prop in model.properties)
    by_name = {prop.name: prop for prop in props}
    in_xml = tuple(name for name in model.xml_order.value if by_name[name].xml.value is not None)
    in_json = tuple(name for name in model.json_order.value if by_name[name].json.value is not None)
    return replace(
        model,
        properties=props,
        data_contract=drawn(draw(maybe)),
        xml_order=drawn(in_xml),
        json_order=drawn(in_json),
    )


@st.composite
def settled_sites(draw: st.DrawFn) -> Contract:
    """A site whose operations share verbs and paths, with facts that no page shows."""
    contract = draw(sites())
    operations: list[Operation] = []
    for number, operation in enumerate(contract.operations):
        at = draw(st.integers(0, number))
        path = contract.operations[at].path.value
        if path.count("{") != operation.path.value.count("{"):
            path = operation.path.value
        operations.append(replace(operation, path=drawn(path), method=drawn(draw(st.sampled_from(["GET", "POST"])))))
    models = {name: draw(settled(model)) for name, model in contract.models.items()}
    return replace(contract, operations=tuple(operations), models=models)


@settings(max_examples=20, phases=UNSHRUNK)
@given(contract=settled_sites())
def test_the_schemas_of_any_site_load_everywhere(contract: Contract) -> None:
    files = emit(contract)
    assert files == emit(contract)
    for name, data in files.items():
        if name.endswith(".schema.json"):
            Draft202012Validator.check_schema(json.loads(data))
    api = json.loads(files["openapi.json"])
    validate(api)
    load_xsds(files)
    assert Schemas(contract).files == files
    shown = sum(len(item[method].get("x-variants", [0])) for item in api["paths"].values() for method in item)
    assert shown == len(contract.operations), "no operation is lost where several share a verb and a path"
    ids = [item[method]["operationId"] for item in api["paths"].values() for method in item]
    assert len(set(ids)) == len(ids)
    for path, item in api["paths"].items():
        for operation in item.values():
            places = [(each["in"], each["name"]) for each in operation.get("parameters", [])]
            assert len(set(places)) == len(places)
            inside = {name for place, name in places if place == "path"}
            assert inside == set(re.findall(r"\{(.*?)\}", path))


@settings(max_examples=20, phases=UNSHRUNK)
@given(site=sites())
def test_the_samples_of_any_site_are_valid_by_its_schemas(site: Contract) -> None:
    # The renderer of test pages names an element of a list of DateTimeOffset otherwise than the serializer would.
    assume("item=TypeRef(kind='scalar', name='DateTimeOffset'" not in repr((site.models, site.operations)))
    bodies = [body.type.value for each in site.operations for body in (each.request, each.response)]
    assume(not WRITTEN_OTHERWISE & set(bodies))  # likewise these bodies' elements
    contract = read(*write_pages(site, "html").values())
    judge = Judge(contract)
    validate(judge.api)
    annotated = any(prop.annotations or prop.required.value for m in contract.models.values() for prop in m.properties)
    for operation, side, form, text in samples(contract):
        if form == "xml":
            assert judge.xml_faults(text.encode()) == []
        elif form == "json" and (side == "response" or not annotated):
            assert judge.json_faults(operation, side, json.loads(text)) == []
