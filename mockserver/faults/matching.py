"""Whether a fault is meant for a request: `kinds.MATCHERS`, one test each.

The rule: all matchers that are given must fit; what takes time to find out (the operation, the record's key) is found
only when a fault asks for it. How often a fault has its turn may not live here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn

from contracts.errors import UsageError
from contracts.model import Contract
from mockserver.faults.kinds import MATCHERS
from mockserver.faults.rules import Rule
from mockserver.journal.search import alike
from mockserver.webapi import Request, Response

if TYPE_CHECKING:
    from mockserver.journal.reading import Reading

#: A matcher's value and the request → whether it fits.
Test = Callable[[str, Request], bool]


class Matching:
    """The tests, by a contract."""

    def __init__(self, contract: Contract):
        self._contract = contract
        self._tests: Mapping[str, Test] = {
            "method": lambda value, request: request.method.upper() == value.upper(),
            "path": lambda value, request: alike(value, request.target.partition("?")[0]),
            "operation": self._operation,
            "header": _header,
            "contains": lambda value, request: value.encode("utf-8", "surrogatepass") in (request.body or b""),
            "key": self._key,
        }

    def fits(self, rule: Rule, request: Request) -> bool:
        """Whether every matcher of the fault fits the request."""
        given = rule.given
        return all(self._tests[name](given[name], request) for name in MATCHERS if name in given)

    @cached_property
    def _reading(self) -> Reading:
        from mockserver.journal.reading import Reading

        return Reading(self._contract, _no_judge)

    def _operation(self, value: str, request: Request) -> bool:
        found = self._reading.operation(request)
        return found is not None and value.strip().lower() in (found.id.lower(), found.path.value.lower())

    def _key(self, value: str, request: Request) -> bool:
        from mockserver.journal import Exchange

        return self._reading.key(Exchange(0, 0, 0, request, Response(0, ()))) == value

    def check(self, rule: Rule) -> None:
        """UsageError when the fault is for an operation that there is not."""
        wanted = rule.given.get("operation")
        if wanted is None:
            return
        there = {operation.id: operation.path.value.lower() for operation in self._contract.operations}
        if wanted.strip().lower() not in {*(one.lower() for one in there), *there.values()}:
            raise UsageError(
                f"the fault {rule.name} is for the operation {wanted!r}, which the page has not\n"
                f"    what to do: there are {', '.join(there)}"
            )


def _no_judge() -> NoReturn:
    raise AssertionError("keys and operations need no judge")


def _header(value: str, request: Request) -> bool:
    name, colon, wanted = value.partition(":")
    found = request.all(name.strip())
    return any(alike(wanted.strip(), one) for one in found) if colon else bool(found)
