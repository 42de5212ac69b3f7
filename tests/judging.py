"""How the judge is put to the test: a stub portal with one defect, judged; and what became of it.

Shared by the tests of the judge's quality and by `matrix.py`, which writes down what they hold.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from contracts.conformance import Report, Settings, Target, check, requirements_of
from contracts.helppage import shipped
from contracts.model import Contract
from mockserver.app import create_app
from mockserver.defects import DEFECTS, Defect
from mockserver.server import serving
from mockserver.store import open_store

ROOT = Path(__file__).parent.parent
MATRIX = ROOT / "tests" / "data" / "kill-matrix.json"

#: Defects that the judge does not convict yet, and why. Shown as such in the matrix.
SURVIVING: dict[str, str] = {}


@cache
def contract() -> Contract:
    return shipped()


def cited(defect: Defect) -> tuple[str, ...]:
    """The ids of the requirements that must convict a defect, for the shipped page."""
    ((_, model),) = contract().upserts()
    return defect.convicted_by(model)


@cache
def register() -> dict[str, tuple[str, ...]]:
    """What each requirement needs, by id."""
    media = "application/json"
    return {requirement.id: requirement.needs(media, media) for requirement in requirements_of(contract())}


def with_needs(ids: tuple[str, ...]) -> tuple[str, ...]:
    """These requirements and all that they rest on."""
    found: dict[str, None] = {}
    waiting = list(ids)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = None
            waiting += register().get(name, ())  # one that the page does not make is needed by nothing
    return tuple(found)


def judge(*defects: str, include: tuple[str, ...] = ()) -> Report:
    """The judge's report on the stub portal with these defects."""
    with open_store("memory") as store, serving(create_app(contract(), store, defects=defects)) as url:
        return check(contract(), Target(url), Settings(run_id="matrix", include=include))


@dataclass(frozen=True)
class Row:
    """What became of a defect: the requirements that convicted it, in the order found."""

    defect: Defect
    convicted: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """ "killed" for the named requirement, "killed otherwise" for another one, or "survived"."""
        if not self.convicted:
            return "survived"
        return "killed" if set(cited(self.defect)) <= set(self.convicted) else "killed otherwise"

    def _told(self) -> tuple[str, ...]:
        """What else a defect meets that comes and goes is a matter of timing, and not written down."""
        if self.defect.family not in ("steadiness", "races"):
            return self.convicted
        return tuple(name for name in cited(self.defect) if name in self.convicted)

    def as_data(self) -> dict[str, Any]:
        return {
            "defect": self.defect.name,
            "family": self.defect.family,
            "must be convicted for": list(cited(self.defect)),
            "convicted for": list(self._told()),
            "verdict": self.verdict,
        }


def row_of(name: str, include: tuple[str, ...] = ()) -> Row:
    """The row of a defect, judged by all requirements or by some."""
    report = judge(name, include=include)
    return Row(DEFECTS[name], tuple(finding.requirement.id for finding in report.findings))


def data_of(name: str) -> dict[str, Any]:
    """The row of a defect as it is written down."""
    return row_of(name).as_data()


def committed() -> dict[str, dict[str, Any]]:
    """The rows that are written down, by defect."""
    return {row["defect"]: row for row in json.loads(MATRIX.read_text(encoding="utf-8"))["rows"]}
