"""URI parameters: values of the path and the query, converted as the framework converts them.

    path before query ─▶ the first of several ─▶ converted with the invariant culture ─▶ the action's argument
    blank             ─▶ "A value is required but was not present in the request." under name.TypeName
    not given         ─▶ the default
    a complex type    ─▶ member by member, then its annotations

The rule: names meet in any case; an error of one parameter leaves the others to be bound. Which action is called
(`routing`) and what a string becomes (`form_binding`) may not live here.
Source: W ModelBinding/ModelBinderParameterBinding.cs, Binders/CompositeModelBinder.cs, TypeConverterModelBinder.cs,
MutableObjectModelBinder.cs, CollectionModelBinder.cs, Validation/ModelValidationNode.cs, SRResources.resx;
N FormDataCollection.cs.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from contracts.model import Contract, Operation, Parameter, TypeRef
from contracts.scalars import SCALARS
from mockserver.webapi import altered, forms
from mockserver.webapi.annotations import Annotations, Check, Required, checks_of
from mockserver.webapi.blanks import is_blank
from mockserver.webapi.converters import read_text
from mockserver.webapi.form_binding import FormBinder
from mockserver.webapi.form_values import FormValues
from mockserver.webapi.losses import Losses
from mockserver.webapi.model_state import ModelState
from mockserver.webapi.numbers import TooLargeError
from mockserver.webapi.shapes import Shapes, fold

#: Values by folded name, in the order sent.
Values = Mapping[str, list[str]]
_NOT_PRESENT = "A value is required but was not present in the request."
_REQUIRED = "A value is required."


def query_of(target: str) -> dict[str, list[str]]:
    """The query's values by folded name; a name alone has an empty one."""
    query = _raw(target)
    if not query:
        return {}
    found: dict[str, list[str]] = {}
    for name, value in forms.pairs(query):
        found.setdefault(fold(_dotted(name)), []).append(value)
    return found


def _dotted(name: str) -> str:
    try:
        return forms.normalized(name)
    except forms.FormError:  # GUESS: a name with an open bracket is taken as it is; a request would settle it
        return name


def _raw(target: str) -> bytes:
    return target.partition("?")[2].partition("#")[0].encode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class _Bound:
    """A parameter with what binding it needs: the name, its type, whether null is a value of it, its default.

    `clr` is what errors call its type, `checks` what its annotations demand (of a member of a complex type only).
    """

    name: str
    key: str
    type: TypeRef
    nullable: bool
    default: Any
    clr: str
    checks: tuple[Check, ...]
    must: bool


class Parameters:
    """The URI parameters of every operation of a contract."""

    def __init__(self, contract: Contract, shapes: Shapes, zone: datetime.tzinfo, annotations: Annotations):
        self._contract, self._shapes, self._zone, self._annotations = contract, shapes, zone, annotations
        self._simple: dict[str, tuple[_Bound, ...]] = {}
        self._complex: dict[str, tuple[_Bound, ...]] = {}
        for operation in contract.operations:
            made = [(p, self._bound(operation, p)) for p in operation.parameters]
            self._simple[operation.id] = tuple(bound for p, bound in made if p.complex.value is None)
            self._complex[operation.id] = tuple(bound for p, bound in made if p.complex.value is not None)

    def bind(
        self, operation: Operation, path: Mapping[str, str], query: Values, state: ModelState, *, standard: bool = False
    ) -> dict[str, Any]:
        """The arguments by name; what is wrong goes to the model state. `standard` is the default route."""
        values = {**query, **{name: [value] for name, value in path.items()}} if path else query
        if standard:  # the route's own value, by which there is always something to bind
            values = {**values, "controller": [""]}
        found = {bound.name: self._argument(bound, values, state) for bound in self._simple[operation.id]}
        members = self._complex[operation.id]
        return {**found, **self._members(members, values, state)} if members else found

    def tell(self, operation: Operation, path: Mapping[str, str], target: str, losses: Losses) -> None:
        """What the query sends and no parameter takes, or takes otherwise than it was sent."""
        every = {fold(bound.key): bound for bound in (*self._simple[operation.id], *self._complex[operation.id])}
        taken = dict(path)
        for name, value in forms.pairs(_raw(target)):
            key = fold(_dotted(name))
            bound = every.get(key) or every.get(key.partition("[")[0].partition(".")[0])
            if bound is None or (fold(bound.key) != key and self._simple_type(bound.type)):
                if name:
                    losses.add("query.unknown", name, value)
            elif self._simple_type(bound.type) and key in taken:
                losses.add("query.duplicate", name, value, taken[key])
            elif self._simple_type(bound.type) and not is_blank(value):
                self._tell_altered(bound, name, value, losses)
            taken.setdefault(key, value)

    def _tell_altered(self, bound: _Bound, name: str, value: str, losses: Losses) -> None:
        found = read_text(self._shapes, bound.type, value, self._zone)
        clr = bound.type.name if bound.type.kind == "scalar" else "Enum"
        for reason in altered.reasons(clr, value, found, self._zone):
            losses.add(reason, name, value, altered.written(bound.type.name, found, self._zone))

    def _argument(self, bound: _Bound, values: Values, state: ModelState) -> Any:
        if not self._simple_type(bound.type):
            return self._several(bound, values, state)
        # CompositeModelBinder: where nothing binds under the name, the value without a name is tried.
        for key in dict.fromkeys((bound.key, "")):
            sent = values.get(fold(key))
            if sent is None:
                continue
            read, value = self._converted(bound, key, sent, bound.clr, state)
            if read:
                if value is None and state.sound(bound.name):
                    state.add_at(f"{bound.name}.{bound.clr}", _NOT_PRESENT)
                return value
        return bound.default

    def _simple_type(self, ref: TypeRef) -> bool:
        return ref.kind == "scalar" or self._shapes.enum(ref) is not None

    # CompositeModelBinder again: a list, a dictionary, a model; under the name, else without a name.
    def _several(self, bound: _Bound, values: Values, state: ModelState) -> Any:
        for key in dict.fromkeys((bound.key, "")):
            binder = FormBinder(self._shapes, values, self._zone, state.add_at, Losses())
            read, value = binder.bind_at(bound.type, key)
            if read:
                return value
        return bound.default

    def _converted(self, bound: _Bound, key: str, sent: list[str], shown: str, state: ModelState) -> tuple[bool, Any]:
        """Whether the first of the values can be read, and what it is: None for a blank one."""
        if is_blank(sent[0]):  # ReplaceEmptyStringWithNull, ValueProviderResult.ConvertSimpleType
            return True, None
        try:
            return True, read_text(self._shapes, bound.type, sent[0], self._zone)
        except TooLargeError:
            state.add_at(key, None)
        except ValueError:
            state.add_at(key, f"The value '{','.join(sent)}' is not valid for {shown}.")
        return False, None

    # CompositeModelBinder again: one complex parameter after the other, under its name, else without one.
    def _members(self, members: tuple[_Bound, ...], values: Values, state: ModelState) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for prefix, group in groupby(members, lambda bound: bound.key[: len(bound.key) - len(bound.name)]):
            own = tuple(group)
            if prefix and not FormValues(values).below(prefix.rstrip(".")):
                own = tuple(replace(bound, key=bound.name) for bound in own)
            for name, value in self._model(own, values, state).items():
                found.setdefault(name, value)
        return found

    # MutableObjectModelBinder: conversions, what is missing, blanks where null is no value, then the annotations.
    def _model(self, members: tuple[_Bound, ...], values: Values, state: ModelState) -> dict[str, Any]:
        found = {bound.name: bound.default for bound in members}
        if not values:  # PrefixContainer: without any value there is nothing to bind
            return found
        blank = []
        for bound in members:
            sent = values.get(fold(bound.key))
            if not self._simple_type(bound.type):
                binder = FormBinder(
                    self._shapes, values, self._zone, state.add_at, Losses(), missing="The {} field is required."
                )
                read, value = binder.bind_at(bound.type, bound.key)
            elif sent is None:
                continue
            else:
                read, value = self._converted(bound, bound.key, sent, bound.name, state)
            if read and value is None and not bound.nullable:
                blank.append(bound)
            elif read:
                found[bound.name] = value
        for bound in members:
            if bound.must and fold(bound.key) not in values:
                state.add_at(bound.key, Required(bound.name)(None))
        for bound in blank:
            if state.sound(bound.key):
                state.add_at(bound.key, _REQUIRED)
        for bound in members:
            self._validate(bound, found[bound.name], state)
        return found

    # ModelValidationNode.Validate: what is inside first; whatever has an error already is not looked at.
    def _validate(self, bound: _Bound, value: Any, state: ModelState) -> None:
        inside = ModelState(bound.key)
        self._annotations.validate(bound.type, value, inside)
        for key, messages in inside.errors():
            for message in messages if state.sound(key) else ():
                state.add_at(key, message)
        for check in bound.checks if state.sound(bound.key) else ():
            told = check(value)
            if told is not None:
                state.add_at(bound.key, told)

    def _bound(self, operation: Operation, parameter: Parameter) -> _Bound:
        ref, nullable = self._typed(operation, parameter)
        # [FromUri] on a complex type is bound under the parameter's name or, as here, without a prefix.
        told = [fact.value for fact in parameter.annotations]
        member = parameter.complex.value is not None
        return _Bound(
            parameter.name, parameter.key, ref, nullable, self._default(parameter, ref, nullable), _clr(ref, nullable),
            checks_of(parameter.name, told) if member else (),
            member and (parameter.required.value or any(one.kind == "required" for one in told)),
        )  # fmt: skip

    # GUESS: a parameter left open by the page has the type of the answer's member of its name, else the natural one;
    # one that may be left out and has no default is a Nullable. Its error texts would settle both.
    def _typed(self, operation: Operation, parameter: Parameter) -> tuple[TypeRef, bool]:
        ref, firm = parameter.type.value, parameter.nullable.standing in ("stated", "inferred")
        if parameter.complex.value is not None:
            return ref, bool(parameter.nullable.value) or not self._value_type(ref)
        nullable = parameter.nullable.value if firm else None
        model = self._contract.model_of(operation.response)
        named = {fold(p.name): p for p in model.properties} if model is not None else {}
        like = named.get(fold(parameter.name))
        if like is not None and " ".join(like.phrase.value.split()) == parameter.phrase.value:
            ref = like.type.value
            if nullable is None and parameter.required.value:
                nullable = like.nullable.value
        if nullable is None:
            given = parameter.required.value or parameter.default.value is not None
            nullable = not given
        return ref, bool(nullable) or not self._value_type(ref)

    def _value_type(self, ref: TypeRef) -> bool:
        return SCALARS[ref.name].value_type if ref.kind == "scalar" else self._shapes.enum(ref) is not None

    def _default(self, parameter: Parameter, ref: TypeRef, nullable: bool) -> Any:
        told = parameter.default.value
        if told is None:
            # default(T) of a member; a parameter of its own that is not given is not called without its default
            return None if nullable or parameter.complex.value is None else self._shapes.default(ref)
        try:
            return read_text(self._shapes, ref, told, self._zone)
        except ValueError:
            return None  # the page shows a default by a spelling that is none of its type


# ModelMetadata.GetDisplayName: Type.Name, so generic types end in a backquote and the number of their arguments.
def _clr(ref: TypeRef, nullable: bool) -> str:
    if ref.kind == "scalar":
        return "Nullable`1" if nullable and SCALARS[ref.name].value_type else ref.name
    return "Nullable`1" if nullable and ref.kind == "model" else ref.name or "Object"
