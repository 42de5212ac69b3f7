"""What the page's annotations allow of a value: texts that match a pattern, values at a limit and just beyond it.

    range, string_length, min_length, max_length, pattern      enforced by the framework's validation

The rule: as .NET has it. A null or, for a pattern, an empty text is always valid; lengths are UTF-16 code units; a
pattern must match first at the start and to the end of the text (RegularExpressionAttribute.IsValid). A pattern that
Python reads otherwise than .NET is not judged, nor a data type, which the framework does not enforce.
"""

from __future__ import annotations

import math
import random
import re
import warnings
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import cache

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException

from contracts.conformance.subject import DECIMALS, INTEGERS, Bounds, annotation, bounds
from contracts.model import Property
from contracts.scalars import SCALARS

Value = str | int | Decimal | bool | None

#: What .NET and Python read differently: class subtraction, POSIX classes, {,n}, and groups balanced or conditional.
_FOREIGN = re.compile(r"\[[^\]]+-\[|\[\[:|\{,\d|\(\?<|\(\?\(|\(\?[a-z]*[nx]|\\[pPkGzcQ]")
#: Not shrunk, or every number would give the same text.
_CALM = settings(
    database=None,
    deadline=None,
    max_examples=200,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
_PLAIN = st.characters(min_codepoint=32, max_codepoint=126)


@cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """The pattern, None where Python does not know it or reads it otherwise than .NET."""
    if _FOREIGN.search(pattern):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return re.compile(pattern)
    except (re.error, Warning, RecursionError, OverflowError):
        return None


def matches(pattern: str, text: str) -> bool:
    """Whether a text satisfies a pattern as RegularExpressionAttribute has it."""
    compiled = _compiled(pattern)
    first = compiled.search(text) if compiled is not None else None
    return text == "" or (first is not None and first.span() == (0, len(text)))


class _Nth:
    """Whether so many texts were drawn before: the first that Hypothesis draws is the simplest."""

    def __init__(self, count: int):
        self._left = count

    def __call__(self, text: str) -> bool:
        self._left -= 1
        return self._left < 0


@cache
def matching(pattern: str, limits: Bounds, number: int) -> str | None:
    """A printable ASCII text that the pattern and the lengths allow, None where none can be drawn."""
    if _compiled(pattern) is None:
        return None
    try:
        texts = st.from_regex(pattern, fullmatch=True, alphabet=_PLAIN)
        fine = texts.filter(lambda t: t.strip() != "" and matches(pattern, t) and limits.allow(t))
    except (HypothesisException, ValueError, re.error):
        return None
    for before in (3, 0):  # a pattern may allow a single text only
        try:
            return find(fine, _Nth(before), settings=_CALM, random=random.Random(number))
        except (HypothesisException, ValueError, RecursionError, re.error):
            continue
    return None


def number_range(prop: Property) -> tuple[Decimal, Decimal] | None:
    """The numbers that the page's annotation allows, None where it sets no limit. Its numbers may bear a comma."""
    limits = annotation(prop, "range")
    if limits is None:
        return None
    try:
        low, high = (Decimal(limit.replace(",", ".")) for limit in limits[:2])
    except (InvalidOperation, ValueError):
        return None
    return low, high


def breaking(prop: Property) -> tuple[tuple[str, Value], ...]:
    """Values that the annotations of a member forbid, each with a word for how; empty where none is known."""
    if prop.type.value.kind != "scalar":
        return ()
    name = prop.type.value.name
    if name in INTEGERS or name in DECIMALS:
        return tuple(_numbers(prop, beyond=True))
    return tuple(_texts_beyond(prop)) if name == "String" else ()


def at_limit(prop: Property) -> tuple[tuple[str, Value], ...]:
    """Values at the limits that the annotations of a member set, each with a word for which."""
    if prop.type.value.kind != "scalar":
        return ()
    name = prop.type.value.name
    if name in INTEGERS or name in DECIMALS:
        return tuple(_numbers(prop, beyond=False))
    pattern = annotation(prop, "pattern")
    if name != "String" or pattern is not None or annotation(prop, "data_type") is not None:
        return ()
    limits = bounds(prop)
    lengths = [n for n in (limits.shortest, limits.longest) if n and n <= 4000]
    return tuple((f"of {length} characters", _filled(length)) for length in lengths)


# A range of whole numbers may be checked after rounding (RangeAttribute on int converts), so it is left by a whole 1.
def _numbers(prop: Property, *, beyond: bool) -> Iterator[tuple[str, Value]]:
    limits = number_range(prop)
    if limits is None or limits[0] > limits[1]:
        return
    name = prop.type.value.name
    whole = name in INTEGERS
    if whole:
        limits = Decimal(math.ceil(limits[0])), Decimal(math.floor(limits[1]))
    step = Decimal(1) if all(limit == limit.to_integral_value() for limit in limits) else Decimal("0.01")
    for word, limit, way in (("least", limits[0], -1), ("greatest", limits[1], 1)):
        value = limit + way * step if beyond else limit
        inside = not whole or SCALARS[name].json["minimum"] <= value <= SCALARS[name].json["maximum"]
        if inside and abs(value) <= 10**12:  # the end of the type is no limit of the page's
            yield (f"beyond the {word} of {limit}" if beyond else f"the {word}", int(value) if whole else value)


def _texts_beyond(prop: Property) -> Iterator[tuple[str, Value]]:
    limits, pattern = bounds(prop), annotation(prop, "pattern")
    if limits.longest is not None and limits.longest <= 4000:
        yield f"of {limits.longest + 1} characters", _filled(limits.longest + 1)
    if 1 < limits.shortest <= 4000:
        yield f"of {limits.shortest - 1} characters", _filled(limits.shortest - 1)
    if pattern is None:
        return
    legal = matching(pattern[0], limits, 1)
    if legal is None:
        return
    for how, text in (("behind", legal + "~x"), ("before", "x~" + legal), ("instead", "~" * len(legal))):
        if not matches(pattern[0], text):
            yield f"with something {how} what the pattern allows" if how != "instead" else "unlike the pattern", text


def _filled(length: int) -> str:
    """A text of that many characters, which no blank begins or ends."""
    return ("Invented text " * (length // 14 + 1))[:length].rstrip().ljust(length, "x")
