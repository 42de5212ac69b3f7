"""Defects of annotations: what the page says of a value is not held, or held otherwise.

The rule: only the checks of annotations differ; how a body is read and answered stays the framework's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from contracts.fact import Fact
from contracts.model import Annotation, Contract, Model, Operation, Property
from mockserver.defects.layers import Handle, Layer, Site, wire_of
from mockserver.defects.table import Defect, family, ranged_of
from mockserver.webapi import Act, Request, Response, WebApi
from mockserver.webapi.shapes import Record

Change = Callable[[Model, Property, Annotation], Annotation | None]
LENGTHS = ("string_length", "max_length", "min_length")


def _with(contract: Contract, change: Change, *, free: bool = True) -> Contract:
    """The contract with other annotations; None takes one away, and, where `free`, what it demands with it."""

    def changed(model: Model, prop: Property) -> Property:
        pairs = [(fact, change(model, prop, fact.value)) for fact in prop.annotations]
        kept = tuple(Fact(one, fact.evidence) for fact, one in pairs if one is not None)
        gone = free and any(fact.value.kind == "required" and one is None for fact, one in pairs)
        return replace(prop, annotations=kept, required=Fact(False) if gone else prop.required)

    models = {
        name: replace(model, properties=tuple(changed(model, p) for p in model.properties))
        for name, model in contract.models.items()
    }
    return replace(contract, models=models)


def undemanding(contract: Contract) -> Contract:
    """The contract without the checks of [Required], and the members called required still; itself without any."""
    props = (prop for model in contract.models.values() for prop in model.properties)
    if not any(fact.value.kind == "required" for prop in props for fact in prop.annotations):
        return contract
    return _with(contract, lambda model, prop, one: None if one.kind == "required" else one, free=False)


class _UnknownError(Exception):
    """The record is new, so the defect does not meet it."""


def _laxer(change: Change, *, wire: str = "", update: bool = False) -> Layer:
    """What is refused is tried again with other annotations: in one format, or for known records alone."""
    return _lax(lambda contract: _with(contract, change), wire, update)


def _lax(of: Callable[[Contract], Contract], wire: str = "", update: bool = False) -> Layer:
    """What is refused is tried again by another contract."""

    def layer(site: Site, handle: Handle) -> Handle:
        lax = WebApi(of(site.contract), strict=True, zone=site.zone).handle
        known: set[object] = set()

        def altered(request: Request, act: Act) -> Response:
            def noting(operation: Operation, model: Model, record: Record) -> Record:
                known.add(record.get(site.roles(model).key))
                return act(operation, model, record)

            def daring(operation: Operation, model: Model, record: Record) -> Record:
                if update and record.get(site.roles(model).key) not in known:
                    raise _UnknownError
                return act(operation, model, record)

            noting.perform = getattr(act, "perform", None)  # type: ignore[attr-defined]
            daring.perform = getattr(act, "perform", None)  # type: ignore[attr-defined]
            response = handle(request, noting)
            if response.status != 400 or (wire and wire_of(request) != wire):
                return response
            try:
                return lax(request, daring)
            except _UnknownError:
                return response

        return altered

    return layer


def _stricter(change: Change) -> Layer:
    """What other annotations refuse is refused."""

    def layer(site: Site, handle: Handle) -> Handle:
        hard = WebApi(_with(site.contract, change), strict=True, zone=site.zone).handle

        def altered(request: Request, act: Act) -> Response:
            found: list[bool] = []

            def never(operation: Operation, model: Model, record: Record) -> Record:
                found.append(True)
                return record

            response = hard(request, never) if request.method.upper() == "POST" else None
            return response if response is not None and response.status == 400 else handle(request, act)

        return altered

    return layer


def _moved(limits: tuple[str, ...], by: str) -> tuple[str, ...]:
    try:
        low, high = (Decimal(limit) for limit in limits[:2])
    except InvalidOperation:
        return limits
    return (str(low - Decimal(by)), str(high + Decimal(by)), *limits[2:])


def _wider(model: Model, prop: Property, one: Annotation) -> Annotation:
    return replace(one, arguments=_moved(one.arguments, "1")) if one.kind == "range" else one


def _narrower(model: Model, prop: Property, one: Annotation) -> Annotation:
    if one.kind != "range" or prop.name != ranged_of(model):
        return one
    return replace(one, arguments=_moved(one.arguments, "-0.01"))


def _unanchored(model: Model, prop: Property, one: Annotation) -> Annotation:
    if one.kind != "pattern":
        return one
    return replace(one, arguments=(f"[\\s\\S]*({one.arguments[0].strip('^$')})[\\s\\S]*",))


def _longer(model: Model, prop: Property, one: Annotation) -> Annotation:
    if one.kind == "string_length":
        return replace(one, arguments=(one.arguments[0], str(int(one.arguments[1]) + 1)))
    return replace(one, arguments=(str(int(one.arguments[0]) + 1),)) if one.kind == "max_length" else one


def _without(*kinds: str) -> Change:
    return lambda model, prop, one: None if one.kind in kinds and _text(prop) else one


def _text(prop: Property) -> bool:
    return prop.type.value.kind == "scalar" and prop.type.value.name == "String"


def _list_uncounted(model: Model, prop: Property, one: Annotation) -> Annotation | None:
    """[MaxLength] on a list is not looked at."""
    return None if one.kind in LENGTHS and prop.type.value.kind == "collection" else one


def _undemanded(contract: Contract, meant: Callable[[Model, Property], bool]) -> Contract:
    """The contract in which some members need not be given."""
    models = {
        name: replace(
            model,
            properties=tuple(replace(p, required=Fact(False)) if meant(model, p) else p for p in model.properties),
        )
        for name, model in contract.models.items()
    }
    return replace(contract, models=models)


def _inner(model: Model, prop: Property) -> bool:
    """Members of models that stand in others only: validation does not go deep."""
    return model.key.value is None


def _whole(model: Model, prop: Property) -> bool:
    """Members that are models or lists."""
    return prop.type.value.kind != "scalar"


def _value_given(model: Model, prop: Property, one: Annotation) -> Annotation | None:
    """[Required] on a number is a default, as it is without IsRequired in other formats than JSON."""
    kind: Any = prop.type.value
    return None if one.kind == "required" and kind.kind == "scalar" and kind.name != "String" else one


_REFUSED = "annotation.refused"

ANNOTATIONS: tuple[Defect, ...] = family(
    "annotations",
    ("range-off-by-one", "A range takes one more at both ends.", f"{_REFUSED}.{{ranged}}", _laxer(_wider)),
    ("range-without-ends", "A range refuses its own ends.", "annotation.limit.{ranged}", _stricter(_narrower)),
    ("pattern-unanchored", "A pattern need match a part only.", f"{_REFUSED}.{{patterned}}", _laxer(_unanchored)),
    ("length-off-by-one", "A text may be longer by one.", f"{_REFUSED}.{{long}}", _laxer(_longer)),
    (
        "length-not-on-update",
        "An update's text may be too long.",
        f"{_REFUSED}.{{long}}",
        _laxer(_without(*LENGTHS), update=True),
    ),
    (
        "length-not-in-xml",
        "In XML a text may be too long or short.",
        f"{_REFUSED}.{{long}}",
        _laxer(_without(*LENGTHS), wire="xml"),
    ),
    ("short-text-taken", "A text may be too short.", f"{_REFUSED}.{{short}}", _laxer(_without("min_length"))),
    ("list-too-long", "A list may be longer than the page says.", "annotation.deep", _laxer(_list_uncounted)),
    (
        "validation-not-deep",
        "What a nested model lacks is not looked at.",
        "required.deep",
        _lax(lambda contract: _undemanded(contract, _inner)),
    ),
    (
        "model-not-demanded",
        "A required model or list may be missing.",
        "required.deep",
        _lax(lambda contract: _undemanded(contract, _whole)),
    ),
    ("required-value-defaults", "A demanded value has a default.", "annotation.given.{given}", _laxer(_value_given)),
)
