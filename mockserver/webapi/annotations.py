"""Annotations: what the page says of values, enforced as System.ComponentModel.DataAnnotations enforces it.

    property ─ Required, Range, StringLength, MaxLength, MinLength, RegularExpression ─▶ checks ─▶ messages by path

The rule: an object's members in the model's order, what is in them first, each under the name that the code gives it; a
check that the page's words do not give in full (dates, patterns beyond Python's) is left out, never approximated. What
prose calls required counts in strict mode only. DataType checks nothing.
Source: W Validation/DefaultBodyModelValidator.cs, ModelValidationNode.cs; System.ComponentModel.DataAnnotations
RequiredAttribute, RangeAttribute, StringLengthAttribute, MaxLengthAttribute, MinLengthAttribute,
RegularExpressionAttribute.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any, NamedTuple

from contracts.model import Annotation, Property, TypeRef
from mockserver.webapi.blanks import WHITE, is_blank
from mockserver.webapi.model_state import ModelState
from mockserver.webapi.shapes import Shapes

#: What is wrong with a value, None when nothing is.
Check = Callable[[Any], str | None]
_INTEGER, _WHOLE = re.compile(r"-?[0-9]+"), re.compile(r"[+-]?[0-9]+")
_INT32 = Decimal(2**31)


class Required:
    """RequiredAttribute: null, and of texts blanks, are nothing."""

    def __init__(self, name: str):
        self._message = f"The {name} field is required."

    def __call__(self, value: Any) -> str | None:
        return self._message if value is None or (type(value) is str and is_blank(value)) else None


def checks_of(name: str, annotations: Iterable[Annotation]) -> tuple[Check, ...]:
    """The checks that annotations of a member ask for, Required first."""
    made = [_MADE[one.kind](name, *one.arguments) for one in annotations if one.kind in _MADE]
    return tuple(check for check in made if check is not None)


# The framework counts characters as UTF-16 does.
def _length(value: Any) -> int:
    if isinstance(value, str) and not value.isascii():
        return len(value.encode("utf-16-le", "surrogatepass")) // 2
    return len(value)


class ValidatorError(Exception):
    """An annotation's own exception, which nobody catches: the framework answers 500."""


# RangeAttribute: of whole bounds the value is converted as Convert.ToInt32 does, else compared as a number; an empty
# text passes; an overflow is not caught. GUESS: whole bounds on the page are whole in the code; a value between two of
# them would settle it.
def _range(name: str, low: str, high: str) -> Check | None:
    message = f"The field {name} must be between {low} and {high}."
    if {low.lower(), high.lower()} <= {"true", "false"}:
        least, most = low.lower() == "true", high.lower() == "true"
        words = f"The field {name} must be between {least} and {most}."
        return lambda value: None if not isinstance(value, bool) or least <= value <= most else words
    try:
        bounds = Decimal(low), Decimal(high)
    except InvalidOperation:
        return None  # bounds of another type than a number: their spelling on the page is not how they are compared
    read = _to_int32 if _INTEGER.fullmatch(low) and _INTEGER.fullmatch(high) else _to_number

    def check(value: Any) -> str | None:
        if value is None or value == "":
            return None
        number = read(value)
        return None if number is not None and bounds[0] <= number <= bounds[1] else message

    return check


def _to_number(value: Any) -> Decimal | None:
    """The value as a number, None when it is none."""
    try:
        number = Decimal(repr(value) if isinstance(value, float) else str(value))
    except InvalidOperation:
        return None
    return None if number.is_nan() else number


def _to_int32(value: Any) -> Decimal | None:
    """Convert.ToInt32: texts are whole numbers, others are rounded half to even; None when the value is no number."""
    if isinstance(value, str):
        number = Decimal(value.strip(WHITE)) if _WHOLE.fullmatch(value.strip(WHITE)) else None
    else:
        number = Decimal(int(value)) if isinstance(value, bool) else _to_number(value)
        if isinstance(value, float) and value != value:
            raise ValidatorError("NaN is no Int32")
    if number is None:
        return None
    if not -_INT32 <= number.to_integral_value(ROUND_HALF_EVEN) < _INT32:
        raise ValidatorError(f"{value} is too large or too small for an Int32")
    return number.to_integral_value(ROUND_HALF_EVEN)


def _string_length(name: str, low: str, high: str) -> Check:
    least, most = int(low), int(high)
    short = f"a minimum length of {least} and " if least else ""
    message = f"The field {name} must be a string with {short}a maximum length of {most}."
    return lambda value: None if value is None or least <= _length(value) <= most else message


def _max_length(name: str, high: str) -> Check:
    message = f"The field {name} must be a string or array type with a maximum length of '{int(high)}'."
    return lambda value: None if value is None or _length(value) <= int(high) else message


def _min_length(name: str, low: str) -> Check:
    message = f"The field {name} must be a string or array type with a minimum length of '{int(low)}'."
    return lambda value: None if value is None or _length(value) >= int(low) else message


#: Seconds that a text is held against a pattern: RegularExpressionAttribute.MatchTimeoutInMilliseconds (.NET 4.6.1).
_PATIENCE = 2.0


# RegularExpressionAttribute: the first match must be the whole text; an empty text passes. A pattern that takes too
# long for a text, as `^(a+)+$` may, does not take it: a page's pattern must not stop the portal.
def _pattern(name: str, pattern: str) -> Check | None:
    import regex  # only where a page has a pattern: unlike `re`, it can be told to give up

    try:
        compiled = regex.compile(pattern)
    except (regex.error, RecursionError, OverflowError):
        return None
    message = f"The field {name} must match the regular expression '{pattern}'."

    def check(value: Any) -> str | None:
        if value is None or value == "":
            return None
        try:
            match = compiled.search(str(value), timeout=_PATIENCE, concurrent=True)
        except TimeoutError:
            return message
        return None if match is not None and match.span() == (0, len(str(value))) else message

    return check


_MADE: dict[str, Callable[..., Check | None]] = {
    "required": Required,
    "range": _range,
    "string_length": _string_length,
    "max_length": _max_length,
    "min_length": _min_length,
    "pattern": _pattern,
}


class _Step(NamedTuple):
    """What validating one member means: its checks, and the type to go into (None: nothing in it has any).

    `shown` is what errors call it.
    """

    name: str
    shown: str
    checks: tuple[Check, ...]
    inner: TypeRef | None


class Annotations:
    """The annotations of a contract's models; `strict` enforces what prose calls required too."""

    def __init__(self, shapes: Shapes, *, strict: bool):
        self._shapes = shapes
        models = {name: m for name, m in shapes.contract.models.items() if m.kind == "object"}
        self._checks = {name: {p.name: _of(p, strict) for p in model.properties} for name, model in models.items()}
        self._bearing = self._with_checks()
        self._steps = {name: self._plan(name) for name in models}
        # Most members that are checked must only be there: those that plainly are need no check of their own.
        self._only = {name: tuple(s.name for s in steps if _only_required(s)) for name, steps in self._steps.items()}
        self._rest = {name: tuple(s for s in steps if not _only_required(s)) for name, steps in self._steps.items()}

    def _with_checks(self) -> set[str]:
        """The models that have a check, or a member that leads to one."""
        found = {name for name, members in self._checks.items() if any(members.values())}
        grown = True
        while grown:
            more = {
                name
                for name in self._checks
                if name not in found and any(_leads(p.type.value, found) for p in self._shapes[name].model.properties)
            }
            found |= more
            grown = bool(more)
        return found

    def _plan(self, name: str) -> tuple[_Step, ...]:
        steps = []
        for prop in self._shapes[name].model.properties:
            inner = prop.type.value if _leads(prop.type.value, self._bearing) else None
            if self._checks[name][prop.name] or inner is not None:
                steps.append(_Step(prop.name, clr_name(prop), self._checks[name][prop.name], inner))
        return tuple(steps)

    def validate(self, ref: TypeRef, value: Any, state: ModelState) -> None:
        """Files under the body's parameter what is wrong with a value of that type."""
        if value is not None and _leads(ref, self._bearing):
            self._validate(ref, value, state, "")

    def checks(self, model: str, name: str) -> tuple[Check, ...]:
        """The checks of one member."""
        return self._checks[model][name]

    def _validate(self, ref: TypeRef, value: Any, state: ModelState, path: str) -> None:
        if value is None:
            return
        if ref.kind == "model":
            self._object(ref.name, value, state, path)
        elif ref.kind == "collection" and ref.item is not None:
            for index, item in enumerate(value):
                self._validate(ref.item, item, state, f"{path}[{index}]")
        elif ref.kind == "pair" and ref.item is not None:
            self._validate(ref.item, value[1], state, f"{path}.Value" if path else "Value")
        elif ref.kind == "dictionary" and ref.item is not None:
            # ValidateElements walks the pairs; a pair has the properties Key and Value.
            for index, item in enumerate(value.values()):
                self._validate(ref.item, item, state, f"{path}[{index}].Value")

    def _there(self, name: str, record: Any) -> bool:
        for member in self._only[name]:
            value = record[member]
            if value is None or (type(value) is str and (not value or value[0] in WHITE)):
                return False
        return True

    # ValidateNodeAndChildren: the children first, and where one of them fails the member itself is not looked at.
    def _object(self, name: str, record: Any, state: ModelState, path: str) -> None:
        for member, shown, checks, inner in self._rest[name] if self._there(name, record) else self._steps[name]:
            value = record[member]
            if inner is not None and value is not None:
                before = state.count
                self._validate(inner, value, state, f"{path}.{shown}" if path else shown)
                if state.count > before:
                    continue
            for check in checks:
                message = check(value)
                if message is not None:
                    state.add(f"{path}.{shown}" if path else shown, message)


def _only_required(step: _Step) -> bool:
    return step.inner is None and len(step.checks) == 1 and isinstance(step.checks[0], Required)


# The framework names members as the code does, where that is known to differ from the page's table.
def clr_name(prop: Property) -> str:
    """What errors call a member."""
    return prop.clr_name.value or prop.name


def _of(prop: Property, strict: bool) -> tuple[Check, ...]:
    told = [fact.value for fact in prop.annotations]
    name = clr_name(prop)
    made = checks_of(name, sorted(told, key=lambda one: one.kind != "required"))
    if strict and prop.required.value and not any(one.kind == "required" for one in told):
        return (Required(name), *made)
    return made


def _leads(ref: TypeRef, bearing: set[str]) -> bool:
    """Whether a value of that type can hold a model of these."""
    if ref.kind == "model":
        return ref.name in bearing
    return ref.item is not None and _leads(ref.item, bearing)
