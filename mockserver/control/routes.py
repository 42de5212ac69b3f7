"""What a route of the control API is: one row that serves it, checks its call and describes it.

    Route ─┬─ attach ──▶ Flask serves it
           ├─ Call       its parameters, checked and typed by the row
           └─ document ▶ the OpenAPI document

The rule: nothing is served that no row describes, and a call gets nothing that its row does not name. What a route does
stands beside its row, in the file of its subject.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockserver.control.answers import Answer, Refused, exact
from mockserver.control.portal import Portal
from mockserver.tenants import Tenant

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Parameter:
    """A parameter of the query: `kind` is "integer" (not negative) or "string"."""

    name: str
    told: str
    kind: str = "string"
    default: Any = None
    required: bool = False
    example: str = ""


@dataclass(frozen=True)
class Call:
    """One call of a route: whom it is for, what its path and its query say, and its body."""

    portal: Portal
    tenant: Tenant
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: bytes = b""
    media_type: str = ""
    #: The control API of this tenant: as a path, "/t/NAME/_portal", and as a URL.
    root: str = ""
    here: str = ""

    def document(self) -> Any:
        """The body as JSON; Refused when it is none."""
        return self._parsed(json.loads)

    def exact(self, or_else: str = "") -> Any:
        """The same with numbers as they are spelled; `or_else` is what may be sent too."""
        return self._parsed(exact, or_else)

    def _parsed(self, parse: Callable[[bytes], Any], or_else: str = "") -> Any:
        try:
            return parse(self.body)
        except ValueError as error:
            told = "empty" if not self.body.strip() else f"no JSON: {error}"
            raise Refused(400, f"the body is {told}", f"send a JSON document in UTF-8{or_else}") from None

    def object(self) -> dict[str, Any]:
        """The body as a JSON object; Refused when it is none."""
        found = self.document()
        if not isinstance(found, dict):
            raise Refused(400, "the body is no JSON object", 'send one in braces, as {"strict": false}')
        return found


@dataclass(frozen=True)
class Route:
    """A row: `path` follows /_portal, with parameters in braces; `gives` says by status what comes
    back; `run` is None for what another file serves.
    """

    verb: str
    path: str
    told: str
    gives: Mapping[int, str | None]
    run: Callable[[Call], Answer] | None = None
    query: tuple[Parameter, ...] = ()
    takes: Mapping[str, Schema] = field(default_factory=dict)
    media_type: str = "application/json"

    @property
    def name(self) -> str:
        """Its words, "GET /records/{resource}": unique."""
        return f"{self.verb} {self.path}"

    def read_query(self, given: Mapping[str, list[str]]) -> dict[str, Any]:
        """The query's parameters by name, typed; Refused when one is unknown, missing, doubled or of another type."""
        rows = {row.name: row for row in self.query}
        found = {name: row.default for name, row in rows.items()}
        for name, values in given.items():
            if name not in rows:
                known = f"there are {', '.join(rows)}" if rows else "leave it out: there are none here"
                raise Refused(400, f"unknown parameter {name} in the query", known)
            if len(values) > 1:
                raise Refused(400, f"the parameter {name} is given {len(values)} times", "give it once")
            found[name] = _typed(rows[name], values[0])
        for row in self.query:
            if row.required and row.name not in given:
                raise Refused(
                    400, f"the parameter {row.name} is missing in the query", f"give ?{row.name}={row.example}"
                )
        return found


def within_depth(run: Callable[[Call], Answer], call: Call) -> Answer:
    """What it answers; Refused for a body that is nested too deeply, wherever that shows."""
    try:
        return run(call)
    except RecursionError:
        raise Refused(400, "the body is nested too deeply", "send a plainer document") from None


def _typed(row: Parameter, text: str) -> Any:
    if row.kind != "integer":
        return text
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise Refused(400, f"{row.name}={text[:60]}: expected a number", f"give for example {row.name}={row.example}")
    return int(text)
