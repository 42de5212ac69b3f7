"""Which action a request target means, and what is said when there is none.

    path ─▶ routes that fit: those with a template of their own, else api/{controller}/{id}
         ─▶ actions of the verb ─▶ whose required keys are there ─▶ the most exact route ─▶ the most keys ─▶ one

The rule: path, verb and the names of the query's keys decide; bodies and values may not be looked at here. The cost of
a request does not depend on how many operations there are.
Source: W Routing/HttpRoute.cs, Routing/RoutingHelper.cs, Routing/HttpParsedRoute.cs, Routing/RoutePrecedence.cs,
Controllers/ApiControllerActionSelector.cs, Dispatcher/HttpRoutingDispatcher.cs; System.Uri.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes

from contracts.model import Contract, Operation, Parameter
from mockserver.webapi.shapes import fold

_ESCAPES = re.compile(r"(?:%[0-9a-fA-F]{2})+")
# What a Uri shows escaped even when it is written for people: System.Uri, UriHelper.UnescapeString and
# IsNotSafeForUnescape. GUESS: ":[]!'()*" are shown as they are; a portal built for .NET 4.7.2 or later would settle it.
_KEPT = re.compile(r"[\x00-\x1f\x7f-\x9f%?#;/@&=+$,\\]")
# The template's default route is api/{controller}/{id}, id optional. GUESS: paths of two literals, and those with {id}
# behind them, are served by it; a request to a known controller with a stray segment would settle it.
_ID = "{id}"
_NAME = re.compile(r"\{\*?([^{}]*)\}")
_WHOLE = re.compile(r"\{[^{}]*\}")
_NOTHING: frozenset[str] = frozenset()
# GUESS: Allow lists the verbs as controllers are commonly laid out; the framework lists them as the class does.
_VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Route:
    """What a request target means: the operation, or the methods that would have been allowed (none: no such path).

    `values` are the path's parameters by folded name, `extra` is the path's segment that only the route's template
    takes, `ambiguous` says that several operations fit equally well, `standard` that the default route led there.
    """

    operation: Operation | None
    allowed: tuple[str, ...] = ()
    extra: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    ambiguous: bool = False
    standard: bool = False


@dataclass(frozen=True)
class _Action:
    """An operation as the selector sees it: its verb, and the keys without which it is not called."""

    operation: Operation
    method: str
    required: frozenset[str]


@dataclass(frozen=True)
class _Template:
    """A path with parameters, its actions, and its digits of precedence: the smallest goes first."""

    names: tuple[str, ...]
    precedence: tuple[int, ...]
    actions: list[_Action] = field(default_factory=list)


@dataclass
class _Node:
    """A place in the tree of templates: what may follow, and what ends here.

    What follows is a literal, a segment of literals and parameters ("{a}.{b}"), a parameter, or all that is left.
    """

    literals: dict[str, _Node] = field(default_factory=dict)
    mixed: dict[re.Pattern[str], _Node] = field(default_factory=dict)
    parameter: _Node | None = None
    rest: _Node | None = None
    ends: list[_Template] = field(default_factory=list)


def _unescaped(text: str, kept: re.Pattern[str] | None = None) -> str:
    """Escapes that make valid UTF-8 undone, all others left as they are."""

    def run(match: re.Match[str]) -> str:
        try:
            shown = unquote_to_bytes(match[0]).decode("utf-8")
        except UnicodeDecodeError:
            return match[0]
        return kept.sub(lambda char: quote(char[0], safe=""), shown) if kept else shown

    return _ESCAPES.sub(run, text)


# System.Uri compresses "." and ".." away before anyone sees the path.
def _compressed(path: str) -> str:
    if "/." not in path:
        return path
    parts: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            parts = parts[:1] if len(parts) <= 2 else parts[:-1]
        elif segment != ".":
            parts.append(segment)
    if segments[-1] in (".", ".."):
        parts.append("")
    return "/".join(parts)


# RoutingHelper.SplitUriToPathSegments: an empty segment in front or between is a segment of its own and fits nothing.
@lru_cache(maxsize=256)  # clients ask for the same paths again and again
def _segments(path: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The path's segments, as sent and in lower case; blanks at the very end are trimmed by the host."""
    text = _unescaped(_compressed(path)).rstrip(" ").removeprefix("/").rstrip("/")
    return (tuple(text.split("/")), tuple(text.lower().split("/"))) if text else ((), ())


def shown(target: str) -> str:
    """The target as a Uri turned to text shows it: unescaped but for what would read differently."""
    path, mark, query = target.partition("?")
    return _unescaped(_compressed(path), _KEPT) + mark + _unescaped(query, _KEPT)


# ApiControllerActionSelector, _actionParameterNames: what is not optional and made from one string is required.
def _required(operation: Operation, contract: Contract) -> frozenset[str]:
    def simple(parameter: Parameter) -> bool:
        ref = parameter.type.value
        model = contract.models.get(ref.name) if ref.kind == "model" else None
        return parameter.complex.value is None and (ref.kind == "scalar" or bool(model and model.kind == "enum"))

    return frozenset(fold(p.name) for p in operation.parameters if p.in_path or (p.required.value and simple(p)))


# RoutePrecedence.ComputeDigit: a literal, several parts, a parameter, all that is left.
def _digit(segment: str) -> int:
    if "{" not in segment:
        return 1
    if segment.startswith("{*"):
        return 5
    return 3 if _WHOLE.fullmatch(segment) else 2


def _template(lowered: tuple[str, ...]) -> _Template:
    names = tuple(fold(name) for segment in lowered for name in _NAME.findall(segment))
    return _Template(names, tuple(map(_digit, lowered)))


# HttpParsedRoute.MatchContentPathSegment: from the right, so what stands further left takes as much as it can.
def _mixed(segment: str) -> re.Pattern[str]:
    parts = _NAME.split(segment)
    return re.compile("".join("(.+)" if at % 2 else re.escape(part) for at, part in enumerate(parts)), re.IGNORECASE)


def _standard(lowered: tuple[str, ...]) -> bool:
    """Whether the default route leads there."""
    literal = not any(segment.startswith("{") for segment in lowered[:2])
    return literal and (len(lowered) == 2 or (len(lowered) == 3 and lowered[2] == _ID))


class Router:
    """The contract's operations by path, verb and keys."""

    def __init__(self, contract: Contract):
        self._tree = _Node()
        self._standard: dict[tuple[str, ...], list[_Action]] = {}
        for operation in contract.operations:
            lowered = _segments(operation.path.value.partition("?")[0])[1]
            action = _Action(operation, operation.method.value.upper(), _required(operation, contract))
            if _standard(lowered):
                self._standard.setdefault(lowered[:2], []).append(action)
            else:
                self._grow(lowered).actions.append(action)
        self._plain: dict[tuple[str, tuple[str, ...]], Route] = {}

    def _grow(self, lowered: tuple[str, ...]) -> _Template:
        node = self._tree
        for segment in lowered:
            digit = _digit(segment)
            if digit == 1:
                node = node.literals.setdefault(segment, _Node())
            elif digit == 2:
                node = node.mixed.setdefault(_mixed(segment), _Node())
            elif digit == 3:
                node.parameter = node.parameter or _Node()
                node = node.parameter
            else:
                node.rest = node.rest or _Node()
                node = node.rest
        template = _template(lowered)
        for known in node.ends:
            if known.names == template.names:
                return known
        node.ends.append(template)
        return template

    def route(self, method: str, target: str, keys: Iterable[str] = ()) -> Route:
        """The operation for a method, a raw request target, and the names of the query's keys in it."""
        segments, lowered = _segments(target.partition("?")[0])
        names = frozenset(map(fold, keys)) if keys else _NOTHING
        if len(lowered) == 2 and not names:
            # The common road: a controller without an id, which no parameter of a template can take for its own.
            known = self._plain.get((method, lowered))
            if known is not None:
                return known
            route = self._routed(method.upper(), segments, lowered, names)
            if route.operation is not None and not route.values:
                self._plain[method, lowered] = route
            return route
        return self._routed(method.upper(), segments, lowered, names)

    def _routed(self, method: str, segments: tuple[str, ...], lowered: tuple[str, ...], names: frozenset[str]) -> Route:
        fitting = list(_fitting(self._tree, lowered, segments, ()))
        if fitting:  # MapHttpAttributeRoutes comes before the default route, and the first route that fits is taken
            found = [
                (action, template.precedence, dict(zip(template.names, values, strict=True)))
                for template, values in fitting
                for action in template.actions
            ]
            return _selected(method, found, names, "")
        actions = self._standard.get(lowered[:2]) if 2 <= len(lowered) <= 3 else None
        if actions is None:
            return Route(None)
        extra = segments[2] if len(segments) == 3 else ""
        values = {"id": extra} if len(segments) == 3 else {}
        return _selected(method, [(action, (), values) for action in actions], names, extra, standard=True)


def _fitting(
    node: _Node, lowered: tuple[str, ...], segments: tuple[str, ...], values: tuple[str, ...]
) -> Iterable[tuple[_Template, tuple[str, ...]]]:
    """Every template that a path fits, with what stands in its parameters' places."""
    if node.rest is not None:
        yield from ((template, (*values, "/".join(segments))) for template in node.rest.ends)
    if not lowered:
        yield from ((template, values) for template in node.ends)
        return
    literal = node.literals.get(lowered[0])
    if literal is not None:
        yield from _fitting(literal, lowered[1:], segments[1:], values)
    for pattern, mixed in node.mixed.items():
        match = pattern.fullmatch(segments[0])
        if match is not None:
            yield from _fitting(mixed, lowered[1:], segments[1:], (*values, *match.groups()))
    if node.parameter is not None and lowered[0]:
        yield from _fitting(node.parameter, lowered[1:], segments[1:], (*values, segments[0]))


_Candidate = tuple[_Action, tuple[int, ...], dict[str, str]]


# ApiControllerActionSelector.SelectAction and CreateSelectionError: 405 when another verb would have done, else 404.
def _selected(
    method: str, found: list[_Candidate], names: frozenset[str], extra: str, *, standard: bool = False
) -> Route:
    chosen = _best([one for one in found if one[0].method == method], names)
    if chosen:
        action, _, values = chosen[0]
        stray = extra if "id" not in action.required else ""
        return Route(action.operation, (), stray, values, len(chosen) > 1, standard)
    allowed = {action.method for action, _, _ in _best(found, names)}
    order = [verb for verb in _VERBS if verb in allowed]
    return Route(None, (*order, *sorted(allowed.difference(_VERBS))))


# FindActionMatchRequiredRouteAndQueryParameters, RunPrecedenceFilter, FindActionMatchMostRouteAndQueryParameters.
def _best(found: list[_Candidate], names: frozenset[str]) -> list[_Candidate]:
    fit = [one for one in found if one[0].required <= names.union(one[2])]
    if len(fit) > 1:
        first = min(precedence for _, precedence, _ in fit)
        fit = [one for one in fit if one[1] == first]
        most = max(len(action.required) for action, _, _ in fit)
        fit = [one for one in fit if len(one[0].required) == most]
    return fit
