"""How an operation is asked of which no record is known: its path and query filled in, its body as the page shows it.

The rule: parameters get plain values of their types, within their annotations; where an operation may change or delete
what a path names, the path names nobody's record; a body is the page's own sample in JSON. Nothing is expected here.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import cast
from urllib.parse import quote, urlencode

from contracts.conformance import values
from contracts.conformance.bodies import lexical
from contracts.conformance.subject import Subject, is_enum
from contracts.model import Contract, Model, Operation, Parameter, Property

#: Types whose values a text such as "no-such-value" is none of.
TYPED = frozenset({"Int32", "Int64", "Int16", "Byte", "Decimal", "Double", "Single", "Boolean", "DateTime", "Guid"})


def bare_subjects(contract: Contract) -> tuple[Subject, ...]:
    """Every operation of a contract, seen without knowing any record."""
    return tuple(_bare(contract, operation) for operation in contract.operations)


def _bare(contract: Contract, operation: Operation) -> Subject:
    nothing = Model("", "object", operation.summary)
    return Subject(contract, operation, nothing, contract.model_of(operation.response) or nothing)


def in_query(subject: Subject, *, required: bool | None = None) -> tuple[Parameter, ...]:
    """The parameters of the query: all, the required ones, or the others."""
    found = (p for p in subject.operation.parameters if not p.in_path)
    return tuple(p for p in found if required is None or p.required.value is required)


def demanded(subject: Subject) -> tuple[Parameter, ...]:
    """The parameters of the query without which the framework finds no action: plain ones that must be given, unless
    another operation of the same path takes the request without them (it picks an action by the names it is given)."""
    here = subject.operation
    others = [o for o in subject.contract.operations if o is not here and _alike(o, here)]
    return tuple(
        p
        for p in in_query(subject, required=True)
        if p.complex.value is None
        and (p.type.value.kind == "scalar" or _enum(subject, p))
        and not any(p.key not in o.query for o in others)
    )


def _alike(one: Operation, other: Operation) -> bool:
    return one.method.value == other.method.value and one.path.value.lower() == other.path.value.lower()


def typed(subject: Subject) -> tuple[Parameter, ...]:
    """The parameters of the query that not every text is a value of."""
    return tuple(p for p in in_query(subject) if p.type.value.name in TYPED or _enum(subject, p))


def _enum(subject: Subject, parameter: Parameter) -> bool:
    return is_enum(subject.contract, cast(Property, parameter))


#: Names that no record has, by type: visibly invented.
_NOBODYS = {"Guid": "5eed0000-0000-4000-8000-0000000000aa", "String": "pc-nobody"}


def deleting(subject: Subject) -> bool:
    """Whether it would delete who knows what: a DELETE whose path names no record."""
    operation = subject.operation
    return operation.method.value == "DELETE" and not any(p.in_path for p in operation.parameters)


def path(subject: Subject, without: Collection[str] = (), **other: str) -> str:
    """The operation's path and query; `other` are values in the place of plain ones, by parameter name."""
    told, asked = subject.operation.path.value, {}
    for place, parameter in enumerate(subject.operation.parameters):
        text = other.get(parameter.name, _text(subject, parameter, place))
        if parameter.in_path:
            told = told.replace("{" + parameter.name + "}", quote(text, safe=""))
        elif parameter.name not in without:
            asked[parameter.key] = text
    return f"{told}?{urlencode(asked)}" if asked else told


def _text(subject: Subject, parameter: Parameter, place: int) -> str:
    if parameter.default.value:
        return parameter.default.value
    prop = cast(Property, parameter)  # it has a type and annotations too
    if parameter.in_path and subject.operation.method.value != "GET":
        return _NOBODYS.get(parameter.type.value.name, "21474836")
    value = values.plain(subject.contract, prop, place, 0) if values.writable(subject.contract, prop) else "1"
    return lexical(value)


def sampled_body(subject: Subject) -> bytes | None:
    """The page's sample of the body in JSON, None where it shows none."""
    for sample in subject.operation.request.samples:
        try:
            json.loads(sample.text)
        except ValueError:
            continue
        return sample.text.encode()
    return None


def json_media(subject: Subject) -> str:
    """The media type of the body in JSON."""
    return next((m.value.name for m in subject.operation.request.media_types if m.value.format == "json"), "")


def objects(document: object) -> Iterator[dict[str, object]]:
    """The objects that an answer holds at its top: itself, or its items."""
    for item in document if isinstance(document, list) else [document]:
        if isinstance(item, dict):
            yield item


def answered_model(subject: Subject) -> Model | None:
    """The object model that an answer is, or is a collection of; None where the page shows none."""
    ref = subject.operation.response.type.value
    item = ref.item if ref is not None and ref.kind == "collection" else ref
    model = subject.contract.models.get(item.name) if item is not None and item.kind == "model" else None
    return model if model is not None and model.kind == "object" else None
