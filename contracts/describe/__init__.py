"""A contract for people (`print_contract`) and for programs (`as_json`).

The rule: nothing is left out that code acts upon, and everything shown says why it is believed. Nothing is read or
inferred here.
"""

from __future__ import annotations

from contracts.describe.people import print_contract
from contracts.describe.program import as_json

__all__ = ["as_json", "print_contract"]
