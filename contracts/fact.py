"""A fact: a value together with why it is believed.

    stated      the page says it, or a person settled it  (evidence with lines or an author, no rule)
    inferred    it follows from the page by a rule        (evidence with a rule)
    guessed     the page leaves it open; the natural choice was taken (`settle` says what would decide it)
    unknown     the page leaves it open and no choice was taken       (value None, no evidence, `settle`)

The rule: whatever code acts upon is a fact, so that a person can always ask for the lines behind it. Nothing here
knows what facts are about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

T = TypeVar("T")

Standing = Literal["stated", "inferred", "guessed", "unknown"]


@dataclass(frozen=True)
class Evidence:
    """Why a fact is believed.

    `page` names the page, `lines` are 1-based line numbers in it, `quote` is what they say (shortened to what
    matters), `rule` is the id of the inference rule in `contracts.helppage.rules`, empty where the page says it.
    `author` is who settled the fact in an overlay, empty for facts of pages.
    """

    page: str
    lines: tuple[int, ...] = ()
    quote: str = ""
    rule: str = ""
    author: str = ""


@dataclass(frozen=True)
class Fact(Generic[T]):
    """A value and why it is believed; `settle` says what would decide a guessed or an unknown one."""

    value: T
    evidence: tuple[Evidence, ...] = ()
    settle: str = ""

    @property
    def standing(self) -> Standing:
        """How firmly the fact stands: stated, inferred, guessed or unknown."""
        if not self.evidence:
            return "unknown"
        if self.settle:
            return "guessed"
        return "inferred" if any(e.rule for e in self.evidence) else "stated"
