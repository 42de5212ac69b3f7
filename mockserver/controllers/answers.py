"""What an action answers where the record itself is not the answer: nothing, a number, an id, the page's sample.

    void                  204
    HttpResponseMessage   204 after a delete, else the record
    IHttpActionResult     200 without a body after a delete, else the record
    a number, a text      how many were stored; the id that a record has
    anything else         the page's sample, with what the request gave in the members of the same name

The rule: all of it is a GUESS: no page says what an action does; the answers of the portal would settle it.
Source: W Controllers/VoidResultConverter.cs, ResponseMessageResultConverter.cs, Results/OkResult.cs.
"""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Any

from contracts.model import Contract, Operation, Parameter, Property, TypeRef
from contracts.scalars import SCALARS
from mockserver.webapi.actions import NO_CONTENT, OK, Call, Outcome
from mockserver.webapi.bodies import Bodies
from mockserver.webapi.losses import Losses
from mockserver.webapi.model_state import ModelState
from mockserver.webapi.shapes import Shapes, fold

_NUMBERS = frozenset(name for name, scalar in SCALARS.items() if scalar.json["type"] == "integer")


def empty(operation: Operation) -> Outcome:
    """The answer without a body, by the type that the page names."""
    return OK if operation.response.opaque and said(operation) == "IHttpActionResult" else NO_CONTENT


def said(operation: Operation) -> str:
    """The word by which the page names the type of an answer."""
    return operation.response.phrase.value


def written(operation: Operation, ref: TypeRef, value: Any, own: Any, stored: int) -> Outcome:
    """The answer to what stored `value` of type `ref` (`stored` records, the last under the id `own`)."""
    body = operation.response
    answer = body.type.value
    if answer == ref or (answer is None and body.opaque):
        return Outcome(200, ref, value)
    if answer is None:
        return empty(operation)
    if answer.kind == "scalar":
        told = stored if answer.name in _NUMBERS and not isinstance(own, int) else own
        return Outcome(
            200, answer, {"Boolean": True, "String": None if own is None else str(own)}.get(answer.name, told)
        )
    return Outcome(200, answer, None)


class Examples:
    """Answers of operations whose actions nobody can tell from the page."""

    def __init__(self, contract: Contract):
        self._contract = contract
        self._read: dict[str, Any] = {}

    @cached_property
    def _shapes(self) -> Shapes:
        return Shapes(self._contract)

    def answer(self, call: Call) -> Outcome:
        """What the request gave, as far as the answer has room for it, in the page's sample."""
        operation = call.operation
        ref = operation.response.type.value
        if ref is None:
            return empty(operation)
        if ref == operation.request.type.value:
            return Outcome(200, ref, call.body)
        value = self._sample(operation, ref)
        if isinstance(value, dict) and self._shapes.object(ref) is not None:
            given = self._given(call, ref)
            value = {name: given.get(name, sample) for name, sample in value.items()}
        return Outcome(200, ref, value)

    def _given(self, call: Call, ref: TypeRef) -> dict[str, Any]:
        """What the request gave, by the member of the same name and type: an id by number is no guid."""
        parameters = {fold(parameter.name): parameter for parameter in call.operation.parameters}
        arguments = {fold(name): value for name, value in call.arguments.items()}
        return {
            prop.name: arguments[fold(prop.name)]
            for prop in self._contract.models[ref.name].properties
            if fold(prop.name) in arguments and _alike(parameters.get(fold(prop.name)), prop)
        }

    def _sample(self, operation: Operation, ref: TypeRef) -> Any:
        if operation.id not in self._read:
            self._read[operation.id] = self._parsed(operation, ref)
        return self._read[operation.id]

    def _parsed(self, operation: Operation, ref: TypeRef) -> Any:
        formats = {fact.value.name: fact.value.format for fact in operation.response.media_types}
        for sample in operation.response.samples:
            if any(formats.get(name) == "json" for name in sample.media_types):
                state = ModelState()
                bodies = Bodies(self._shapes, datetime.UTC)
                value = bodies.read_body("json", sample.text.encode("utf-8"), None, ref, state, Losses())
                if state.valid and value is not None:
                    return value
        shape = self._shapes.object(ref)
        return shape.blank() if shape is not None else self._nothing(ref)

    def _nothing(self, ref: TypeRef) -> Any:
        if ref.kind in ("collection", "dictionary"):
            return [] if ref.kind == "collection" else {}
        return self._shapes.default(ref)


# Where the page's word leaves the type open, a parameter is bound as the member of its name (webapi/parameters.py).
def _alike(parameter: Parameter | None, prop: Property) -> bool:
    if parameter is None:
        return False
    return parameter.type.value == prop.type.value or parameter.phrase.value == " ".join(prop.phrase.value.split())
