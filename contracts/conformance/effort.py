"""How hard the judge looks: one row a profile.

The rule: a profile changes how much is asked, never what is expected; `quick` asks everything once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """`examples` a search tries, `plans` of at most `steps` requests the state machine plays, `clients` of a burst and
    `rounds` of it; `thorough`: every case in every format and member, and texts searched for."""

    examples: int
    plans: int
    steps: int
    clients: int
    rounds: int
    thorough: bool


PROFILES: Mapping[str, Effort] = {
    "quick": Effort(examples=3, plans=2, steps=5, clients=8, rounds=1, thorough=False),
    "full": Effort(examples=30, plans=40, steps=20, clients=16, rounds=5, thorough=True),
}
