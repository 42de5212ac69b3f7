"""Random sites as Hypothesis strategies: several operations of any verb, with parameters and bodies of any type.

Built on `contract_strategies`, whose models they carry. Facts that no page shows are drawn as what the framework makes
of them: an optional parameter of a value type without a default is a Nullable<T>.
"""

from __future__ import annotations

from dataclasses import replace

from contract_strategies import FORM, MEDIA, NAMES, WORDS, contracts, drawn, phrase_for, types
from hypothesis import strategies as st

from contracts.model import Annotation, Body, Contract, Fact, MediaType, Operation, Parameter, TypeRef
from contracts.scalars import SCALARS

SIMPLE = ("String", "Int32", "Boolean", "Guid", "DateTime", "Decimal", "TimeSpan", "Int64", "Uri")
DEFAULTS = {"String": ("", "end"), "Int32": ("0", "10"), "Boolean": ("True",), "Decimal": ("1.5",), "Int64": ("7",)}


@st.composite
def parameters(draw, name, in_path, enums):
    """A parameter of its own, in the path or the query."""
    ref = TypeRef("scalar", draw(st.sampled_from(SIMPLE)))
    if enums and draw(st.integers(0, 3)) == 0:
        ref = TypeRef("model", draw(st.sampled_from(enums)))
    elif not in_path and draw(st.integers(0, 5)) == 0:
        ref = TypeRef("collection", item=ref)
    required = in_path or draw(st.booleans())
    choices = DEFAULTS.get(ref.name, ())
    default = None if required or not choices or draw(st.booleans()) else draw(st.sampled_from(choices))
    value_type = SCALARS[ref.name].value_type if ref.kind == "scalar" else ref.kind == "model"
    notes = (drawn(Annotation("required", (), "Required")),) if required else ()
    return Parameter(
        name=name,
        description=drawn(" ".join(draw(WORDS))),
        phrase=drawn(phrase_for(ref)),
        type=drawn(ref),
        in_path=in_path,
        required=drawn(required),
        default=drawn(default),
        annotations=notes,
        nullable=drawn(not value_type or (not required and default is None)),
    )


@st.composite
def bodies(draw, models, media, sent):
    """A body of any type, of none, or one that says nothing."""
    described = drawn(" ".join(draw(WORDS)))
    kind = draw(st.sampled_from(["none", "opaque", "type", "type", "type"]))
    if kind == "none" or (kind == "opaque" and sent):
        return Body(drawn(None), (), (), described)
    if kind == "opaque":
        word = draw(st.sampled_from(["IHttpActionResult", "HttpResponseMessage"]))
        return Body(drawn(None), (), (), described, True, drawn(word))
    known = types(models)
    ref = draw(st.one_of(known, known.map(lambda item: TypeRef("collection", item=item))))
    listed = tuple(drawn(MediaType(*each)) for each in (*media, *((FORM,) if sent and draw(st.booleans()) else ())))
    return Body(drawn(ref), listed, (), described, phrase=drawn(phrase_for(ref)))


@st.composite
def operations(draw, models, media, number):
    """An operation of any verb whose path tells it from the others."""
    enums = [name for name, model in models.items() if model.kind == "enum"]
    names = draw(st.lists(NAMES.map(lambda name: name[:1].lower() + name[1:]), max_size=4, unique_by=str.lower))
    size = draw(st.integers(0, min(1, len(names))))
    path = f"api/Wheels{number}" + "".join(f"/{{{name}}}" for name in names[:size])
    rows = [draw(parameters(name, at < size, enums)) for at, name in enumerate(names)]
    query = []
    for row in rows[size:]:
        query += [f"{row.name}[{i}]" for i in (0, 1)] if row.type.value.kind == "collection" else [row.name]
    method = draw(st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE"]))
    request = (
        draw(bodies(models, media, True))
        if method in ("POST", "PUT", "PATCH")
        else Body(drawn(None), (), (), drawn(""))
    )
    response = draw(bodies(models, media, False))
    return Operation(
        drawn(method), drawn(path), drawn("Does it."), drawn(False), tuple(rows), request, response, tuple(query)
    )


@st.composite
def sites(draw) -> Contract:
    """A contract of up to four operations, with a public field in some of its models."""
    contract = draw(contracts())
    media = draw(st.sampled_from(MEDIA))
    models = {name: draw(with_field(model)) for name, model in contract.models.items()}
    found = tuple(draw(operations(models, media, number)) for number in range(draw(st.integers(1, 4))))
    return replace(contract, operations=found, models=models)


@st.composite
def with_field(draw, model):
    """The model with its last members as public fields: first in JSON, without annotations."""
    if model.kind == "enum" or len(model.properties) < 2 or draw(st.integers(0, 2)):
        return model
    size = draw(st.integers(1, len(model.properties) - 1))
    kept, fields = model.properties[:-size], model.properties[-size:]
    fields = tuple(
        replace(prop, annotations=(), required=Fact(prop.required.value), is_field=drawn(True)) for prop in fields
    )
    names = tuple(prop.name for prop in (*fields, *kept))
    return replace(model, properties=(*kept, *fields), json_order=drawn(names))
