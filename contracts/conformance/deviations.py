"""Known deviations: violations that somebody answers for, until a day.

The rule: a deviation never hides anything. Its requirement stays violated in the report and is counted apart; past its
day it counts as any violation; and one whose requirement is satisfied is told, so that it is struck off.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase


@dataclass(frozen=True)
class Deviation:
    """`requirement` is a glob of ids; `reason` and `owner` are for people; `expires` is the last day it holds."""

    requirement: str
    reason: str
    owner: str
    expires: date

    def covers(self, requirement: str) -> bool:
        """Whether it speaks of this requirement."""
        return fnmatchcase(requirement, self.requirement)

    def holds(self, today: date) -> bool:
        """Whether its day has not passed."""
        return today <= self.expires

    @property
    def told(self) -> str:
        """Why, whose, and until when."""
        return f"{self.reason} ({self.owner}, until {self.expires.isoformat()})"

    def __str__(self) -> str:
        return f"{self.requirement}: {self.told}"
