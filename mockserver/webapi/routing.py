"""Which operation a request target means, and what is said when there is none.

    api/{controller}/{id}   paths in any case, a slash at the end, blanks around, one more segment: the default route

The rule: only the path decides between 404 and the rest, the method between the action and 405. Bodies may not be
looked at here.
Source: W Routing/HttpRoute.cs, HttpParsedRoute.cs, Controllers/ApiControllerActionSelector.cs, SRResources.resx.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

from contracts.model import Contract, Operation


@dataclass(frozen=True)
class Route:
    """What a request target means: the operation, or the methods that would have been allowed (none: no such path)."""

    operation: Operation | None
    allowed: tuple[str, ...] = ()


def _segments(path: str) -> list[str]:
    """The path's segments, unescaped and without the blanks at the end that a host trims away."""
    parts = path.strip("/").split("/") if path.strip("/") else []
    return [unquote(part, errors="replace").rstrip(" ").lower() for part in parts]


class Router:
    """The contract's operations by path."""

    def __init__(self, contract: Contract):
        self._by_path: dict[str, dict[str, Operation]] = {}
        for operation in contract.operations:
            path = "/".join(_segments(operation.path.value.partition("?")[0]))
            self._by_path.setdefault(path, {})[operation.method.value.upper()] = operation

    def route(self, method: str, target: str) -> Route:
        """The operation for a method and a raw request target."""
        path = target.partition("?")[0]
        if path.startswith("//") or "//" in path.rstrip("/"):
            return Route(None)
        segments = _segments(path)
        actions = self._by_path.get("/".join(segments))
        if actions is None and segments:
            # GUESS: the portal has the template's default route api/{controller}/{id}, id optional, so one segment
            # more finds the same controller; a request to such a path would settle it.
            actions = self._by_path.get("/".join(segments[:-1])) if len(segments) == 3 else None
        if actions is None:
            return Route(None)
        return Route(actions.get(method.upper()), tuple(sorted(actions)))
