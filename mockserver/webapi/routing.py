"""Which operation a request target means, and what is said when there is none.

    api/{controller}/{id}   paths in any case, slashes at the end, one more segment: the template's default route

The rule: only the path decides between 404 and the rest, the method between the action and 405. Bodies may not be
looked at here.
Source: W Routing/HttpRoute.cs, Routing/RoutingHelper.cs, Routing/HttpParsedRoute.cs,
Controllers/ApiControllerActionSelector.cs, Dispatcher/HttpRoutingDispatcher.cs; System.Uri.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from contracts.model import Contract, Operation

_ESCAPES = re.compile(r"(?:%[0-9a-fA-F]{2})+")
# What a Uri shows escaped even when it is written for people: percent, question mark and hash.
_KEPT = re.compile(r"[%?#]")


@dataclass(frozen=True)
class Route:
    """What a request target means: the operation, or the methods that would have been allowed (none: no such path).

    `extra` is the path's segment that only the route's template takes.
    """

    operation: Operation | None
    allowed: tuple[str, ...] = ()
    extra: str = ""


def _unescaped(text: str, kept: re.Pattern[str] | None = None) -> str:
    """Escapes that make valid UTF-8 undone, all others left as they are."""

    def run(match: re.Match[str]) -> str:
        try:
            shown = unquote_to_bytes(match[0]).decode("utf-8")
        except UnicodeDecodeError:
            return match[0]
        return kept.sub(lambda char: f"%{ord(char[0]):02X}", shown) if kept else shown

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
@lru_cache(maxsize=64)  # clients ask for the same paths again and again
def _segments(path: str) -> tuple[str, ...]:
    """The path's segments in lower case; blanks at the very end are trimmed by the host."""
    text = _unescaped(_compressed(path)).rstrip(" ").removeprefix("/").rstrip("/")
    return tuple(text.lower().split("/")) if text else ()


def shown(target: str) -> str:
    """The target as a Uri turned to text shows it: unescaped but for what would read differently."""
    path, mark, query = target.partition("?")
    return _unescaped(_compressed(path), _KEPT) + mark + _unescaped(query, _KEPT)


class Router:
    """The contract's operations by path."""

    def __init__(self, contract: Contract):
        self._by_path: dict[tuple[str, ...], dict[str, Operation]] = {}
        for operation in contract.operations:
            path = _segments(operation.path.value.partition("?")[0])
            self._by_path.setdefault(path, {})[operation.method.value.upper()] = operation

    def route(self, method: str, target: str) -> Route:
        """The operation for a method and a raw request target."""
        segments = _segments(target.partition("?")[0])
        actions = self._by_path.get(segments)
        extra = ""
        if actions is None and len(segments) == 3:
            # GUESS: the portal has the template's default route api/{controller}/{id}, id optional, so one segment
            # more finds the same controller; a request to such a path would settle it.
            actions, extra = self._by_path.get(segments[:-1]), segments[-1]
        if actions is None:
            return Route(None)
        return Route(actions.get(method.upper()), tuple(sorted(actions)), extra)
