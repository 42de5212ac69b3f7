"""Values deep in a record that the pages forbid: lists too long or too short, members of nested models beyond their
limits, members and whole models that must be given and are not.

    record of Deep ──forbidden──▶ Breach (place, what is wrong, the record with it)

The rule: one thing is wrong at a time, at a place that the record holds; the last item of a list stands for all. What a
page says of a number that cannot be null is no demand (`Subject.required`). Nothing is sent here.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from contracts.conformance.annotated import at_limit, breaking
from contracts.conformance.deep.kinds import LEFT_OUT, Deep, Types
from contracts.conformance.subject import annotation, bounds, is_value_type
from contracts.conformance.values import Value
from contracts.emit.refs import bare
from contracts.model import Model, Property, TypeRef

LONGEST = 300  # items that a list is filled up to
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Breach:
    """A place in a record (Items[2].Sku), what the value there is in words, and the record that has it."""

    place: str
    how: str
    record: dict[str, Deep]


@dataclass(frozen=True)
class _Place:
    path: Path
    prop: Property
    ref: TypeRef

    def told(self) -> str:
        words = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return words.lstrip(".")


def forbidden(types: Types, model: Model, record: dict[str, Deep]) -> Iterator[Breach]:
    """Everything that annotations forbid, one at a time."""
    return _annotated(types, model, record, breaking, beyond=True)


def allowed(types: Types, model: Model, record: dict[str, Deep]) -> Iterator[Breach]:
    """Everything that is just within the limits of annotations, one at a time."""
    return _annotated(types, model, record, at_limit, beyond=False)


def _annotated(
    types: Types,
    model: Model,
    record: dict[str, Deep],
    values: Callable[[Property], Iterable[tuple[str, Value]]],
    beyond: bool,
) -> Iterator[Breach]:
    """The lists of a record and the scalars inside its models, each with the values that its annotations speak of."""
    for place in _places(types, model, record, ()):
        value = _at(record, place.path)
        if isinstance(value, list):
            for how, items in _lists(place.prop, value, beyond=beyond):
                yield _breach(record, place, how, items)
        elif len(place.path) > 1:
            for how, other in values(place.prop):
                yield _breach(record, place, how, other)


def lacking(types: Types, model: Model, record: dict[str, Deep]) -> Iterator[Breach]:
    """Everything that must be given deep in a record, or is no plain scalar, left out and null."""
    for place in _places(types, model, record, ()):
        if place.prop.required.value and not is_value_type(types.contract, place.prop):
            yield _breach(record, place, "missing", LEFT_OUT)
            yield _breach(record, place, "null", None)


def demanding(
    types: Types, model: Model, top: tuple[Property, ...]
) -> tuple[tuple[Property, ...], tuple[Property, ...]]:
    """The members deep in a model that pages limit, and those that they demand."""
    reached = list(dict.fromkeys(_reached(types, model, top)))
    limits = tuple(prop for prop in reached if breaking(prop) or _counted(prop))
    demands = (prop for prop in reached if prop.required.value and not is_value_type(types.contract, prop))
    return limits, tuple(demands)


def _counted(prop: Property) -> bool:
    """Whether the number of a list's items is limited."""
    told = annotation(prop, "max_length") is not None or annotation(prop, "min_length") is not None
    return told and prop.type.value.kind == "collection"


def _reached(types: Types, model: Model, top: tuple[Property, ...], depth: int = 0) -> Iterator[Property]:
    for prop in top:
        ref = bare(types.of(model, prop))
        item = bare(ref.item) if ref.kind == "collection" and ref.item is not None else ref
        if depth or ref.kind != "scalar":
            yield prop
        if item.kind == "model" and types.enum(item) is None and types.makeable(item, depth):
            inner = types.contract.models[item.name]
            found = tuple(prop for prop, _ in types.inside(inner, depth).values())
            yield from _reached(types, inner, found, depth + 1)


def _places(types: Types, model: Model, value: dict[str, Deep], path: Path) -> Iterator[_Place]:
    """Every place in a record that is no plain scalar of its own, and all within."""
    for name, held in value.items():
        prop = model[name]
        ref = bare(types.of(model, prop))
        if path or isinstance(held, dict | list):
            yield _Place((*path, name), prop, ref)
        inner = bare(ref.item) if ref.kind == "collection" and ref.item is not None else ref
        if inner.kind != "model" or types.enum(inner) is not None:
            continue
        if isinstance(held, dict):
            yield from _places(types, types.contract.models[inner.name], held, (*path, name))
        elif isinstance(held, list) and held and isinstance(held[-1], dict):
            last = len(held) - 1
            yield from _places(types, types.contract.models[inner.name], held[-1], (*path, name, last))


def _lists(prop: Property, items: list[Deep], *, beyond: bool) -> Iterator[tuple[str, list[Deep]]]:
    if annotation(prop, "max_length") is None and annotation(prop, "min_length") is None:
        return
    limits, by = bounds(prop), 1 if beyond else 0
    if limits.longest is not None and limits.longest + by <= LONGEST and items:
        yield f"of {limits.longest + by} items", _filled(items, limits.longest + by)
    if limits.shortest > by and items:
        yield f"of {limits.shortest - by} items", _filled(items, limits.shortest - by)


def _filled(items: list[Deep], count: int) -> list[Deep]:
    return [copy.deepcopy(items[place % len(items)]) for place in range(count)]


def _at(value: Any, path: Path) -> Deep:
    for step in path:
        value = value[step]
    return value


def _breach(record: dict[str, Deep], place: _Place, how: str, value: Any) -> Breach:
    changed = copy.deepcopy(record)
    holder = _at(changed, place.path[:-1])
    if value is LEFT_OUT and len(place.path) > 1:
        del holder[place.path[-1]]
    else:
        holder[place.path[-1]] = value
    return Breach(place.told(), how, changed)
