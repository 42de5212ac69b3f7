"""Making facts: the one place where a value, its evidence and its standing come together.

The rule: an inferred fact cites a rule of `rules.RULES`, an open one says what would settle it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from contracts.errors import InternalError
from contracts.helppage.draft import Located, shorten
from contracts.helppage.rules import RULES
from contracts.model import Evidence, Fact

T = TypeVar("T")


def stated(value: T, page: str, words: Located, quote: str | None = None) -> Fact[T]:
    """A fact that the page says in these words."""
    return Fact(value, (words.evidence(page, quote=quote),))


def because(rule: str, page: str, lines: Iterable[int], quote: str = "") -> Evidence:
    """Evidence by a rule; raises InternalError for a rule that the table lacks."""
    if rule not in RULES:
        raise InternalError(f"no rule is called {rule!r}: add it to contracts.helppage.rules")
    return Evidence(page, tuple(sorted(set(lines))), shorten(quote), rule)


def inferred(value: T, rule: str, page: str, lines: Iterable[int], quote: str = "", settle: str = "") -> Fact[T]:
    """A fact that follows from these lines by a rule; a guess if `settle` says what would decide it."""
    return Fact(value, (because(rule, page, lines, quote),), settle)


def unknown(value: T, settle: str) -> Fact[T]:
    """An open fact: no choice is made."""
    return Fact(value, (), settle)
