"""Which exchanges a tester asks for: `?operation=…&status=…`, each filter a row of one table.

    query ─ read ─▶ Query: the filters, `since`, `last`, and how many there should be ─ find ─▶ exchanges, oldest first

The rule: an unknown name or a value that makes no sense is an error that says what there is; an exchange is found when
every filter says so, and a filter given several times when one of its values does. How exchanges are shown may not
live here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contracts.errors import UsageError
from mockserver.journal.memory import Exchange, Journal

if TYPE_CHECKING:
    from mockserver.journal.reading import Reading

#: A filter's value, the exchange, and how it is read → whether it is one of those asked for.
Matches = Callable[[str, Exchange, "Reading"], bool]


@dataclass(frozen=True)
class Filter:
    """A row of the table: what it finds, an example, which values make sense, and the test itself."""

    told: str
    example: str
    fits: Callable[[str], bool]
    matches: Matches


def _operation(value: str, exchange: Exchange, reading: Reading) -> bool:
    found = reading.operation(exchange.request)
    if value.lower() == "none":
        return found is None
    return found is not None and value.strip().lower() in (found.id.lower(), found.path.value.lower())


def _status(value: str, exchange: Exchange, _: Reading) -> bool:
    status = str(exchange.response.status)
    return status[0] == value[0] if value.lower().endswith("xx") else status == value


def _path(value: str, exchange: Exchange, _: Reading) -> bool:
    return alike(value, exchange.request.target.partition("?")[0])


def alike(pattern: str, text: str) -> bool:
    """Whether a text is what the pattern says, in any case, * standing for anything; one walk through the text."""
    pattern, text = pattern.lower(), text.lower()
    head, *parts = pattern.split("*")
    if not parts:
        return text == head
    tail = parts.pop()
    at, end = len(head), len(text) - len(tail)
    if at > end or not (text.startswith(head) and text.endswith(tail)):
        return False
    for part in parts:  # the first place is the best one: it leaves most to what follows
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


def _losses(value: str, exchange: Exchange, _: Reading) -> bool:
    reasons = [loss.reason for loss in exchange.response.losses]
    if value in ("any", "none"):
        return bool(reasons) == (value == "any")
    return any(reason == value or reason.startswith(f"{value}.") for reason in reasons)


def _faults(value: str, exchange: Exchange, reading: Reading) -> bool:
    sent, answered = reading.faults(exchange)
    found = {"request": bool(sent), "response": bool(answered), "any": bool(sent or answered)}
    return found.get(value, not found["any"])


def _contains(value: str, exchange: Exchange, reading: Reading) -> bool:
    # What is hidden cannot be searched for either, or the answer would tell it.
    request, response = reading.secrets.clean(exchange.request, exchange.response)
    texts = [request.target, *(f"{n}: {v}" for n, v in (*request.headers, *response.headers))]
    wanted = value.casefold()
    return any(wanted in text.casefold() for text in texts) or any(
        wanted in body.decode("utf-8", "replace").casefold() for body in (request.body or b"", response.body)
    )


def _any(value: str) -> bool:
    return bool(value)


FILTERS: Mapping[str, Filter] = {
    "operation": Filter("those of an operation, or of none", "POST api/Things", _any, _operation),
    "status": Filter(
        "those answered so",
        "400 or 4xx",
        lambda value: re.fullmatch(r"[1-9](\d\d|[xX]{2})", value) is not None,
        _status,
    ),
    "method": Filter("those with that verb", "POST", _any, lambda v, e, _: e.request.method.upper() == v.upper()),
    "path": Filter("those with that path, in any case; * stands for anything", "/api/*", _any, _path),
    "losses": Filter(
        "those of which something was silently lost, by reason or its first word; any, none",
        "any or xml",
        lambda value: re.fullmatch(r"[a-z]+(\.[a-z-]+)?", value) is not None,
        _losses,
    ),
    "faults": Filter(
        "those whose bodies break the schemas",
        "any, none, request or response",
        lambda value: value in ("any", "none", "request", "response"),
        _faults,
    ),
    "contains": Filter("those in whose address, headers or bodies a text stands, in any case", "text", _any, _contains),
    "key": Filter("those whose record bears that key", "K1", _any, lambda v, e, reading: reading.key(e) == v),
    "injected": Filter(
        "those with which the portal was told to have a fault",
        "any or its name",
        _any,
        # "latency 0.250 s; status 503": each fault by its kind, with what it came to.
        lambda v, e, _: (
            bool(e.injected)
            if v == "any"
            else v in (e.injected, *(part.split(" ")[0] for part in e.injected.split("; ")))
        ),
    ),
}
#: Those that are no filters but numbers.
NUMBERS: Mapping[str, str] = {
    "since": "those with a greater number",
    "last": "the newest N of them",
    "exactly": "count: there must be N",
    "at_least": "count: there must be N or more",
    "at_most": "count: there must be N or fewer",
}


@dataclass(frozen=True)
class Query:
    """What is asked for; `exactly`, `at_least` and `at_most` are for counting."""

    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    since: int = 0
    last: int | None = None
    exactly: int | None = None
    at_least: int | None = None
    at_most: int | None = None

    def matches(self, exchange: Exchange, reading: Reading) -> bool:
        """Whether every filter finds the exchange."""
        return all(
            any(FILTERS[name].matches(value, exchange, reading) for value in values) for name, values in self.filters
        )

    def find(self, journal: Journal, reading: Reading) -> list[Exchange]:
        """The exchanges asked for, oldest first."""
        return journal.search(lambda exchange: self.matches(exchange, reading), since=self.since, last=self.last)

    def verified(self, count: int) -> bool:
        """Whether that many are as many as there must be."""
        return (
            (self.exactly is None or count == self.exactly)
            and (self.at_least is None or count >= self.at_least)
            and (self.at_most is None or count <= self.at_most)
        )


def read(pairs: Iterable[tuple[str, str]], last: int | None = None) -> Query:
    """The query of these names and values, `last` where none is given; UsageError says what is wrong and what there is.

    A hyphen in a name is as an underscore.
    """
    filters: dict[str, list[str]] = {}
    numbers: dict[str, int | None] = {"last": last}
    for given, value in pairs:
        name = given.replace("-", "_")
        row = FILTERS.get(name)
        if row is not None:
            if not row.fits(value):
                raise UsageError(f"{name}={value}: expected {row.example}")
            filters.setdefault(name, []).append(value)
        elif name in NUMBERS:
            if not (value.isascii() and value.isdecimal() and len(value) < 16):
                raise UsageError(f"{name}={value}: expected a number of exchanges, for example {name}=20")
            numbers[name] = int(value)
        else:
            raise UsageError(f"unknown filter {given}: there are {', '.join([*FILTERS, *NUMBERS])}")
    since = numbers.pop("since", 0) or 0
    return Query(tuple((name, tuple(values)) for name, values in filters.items()), since, **numbers)
