"""How the judge is put to the test on other pages: a site's stub portal with one defect or freedom, judged.

Shared by the tests of the judge on other resources and by `matrix_sites.py`, which writes down what they hold.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from judging import ROOT

from contracts.conformance import Report, Settings, Target, check, requirements_of
from contracts.helppage import read
from contracts.model import Contract
from mockserver.app import create_app
from mockserver.defects import BESIDE, Defect, every
from mockserver.server import serving
from mockserver.store import open_store

PAGES = ROOT / "tests" / "data" / "sites"
MATRIX = ROOT / "tests" / "data" / "kill-matrix-sites.json"
#: The sites of the matrix, by what makes them unlike the first page.
SITES = {
    "Frames": "two reads, a search, a delete",
    "Suppliers": "annotations, a PUT, a read by the id",
    "OrderSheets": "nested models, lists, a dictionary, bytes, a PUT",
    "Fittings": "spans, offsets, characters, URIs, a dictionary, numbers of every width",
    "Coatings": "names that are hard to tell apart, a read by the key, a delete",
}
#: Sites whose defects are those that an upsert alone does not show; the others are judged on the first sites.
ALONE = ("OrderSheets", "Fittings", "Coatings")
#: Requirements that break by themselves where a defect sits, beside the one it names, are told up to so many.
FEW = 6
_ONE_TIME = "the site's records have one time"
_NONE = "the site's records have no such member"
_SHORT_KEYS = "the page allows keys of 50 characters at most"
#: Defects that change nothing on a site, and why.
IDLE = {
    ("Suppliers", "keys-cut-at-50"): _SHORT_KEYS,
    ("Suppliers", "keys-cut-at-100"): _SHORT_KEYS,
    ("Suppliers", "times-move-together-only"): _ONE_TIME,
    ("Suppliers", "update-swaps-times"): _ONE_TIME,
    ("Suppliers", "times-swapped"): _ONE_TIME,
    ("Suppliers", "dictionary-merges"): _NONE,
    ("Suppliers", "decimal-as-double"): "the page's range leaves no number of so many digits",
    ("Suppliers", "decimal-without-sign"): "the page's ranges leave no number below 0",
    ("OrderSheets", "null-number-zero"): "no number of the record itself may be null",
    ("Fittings", "list-appends"): _NONE,
    ("Fittings", "read-lacks-a-text"): "every text is required",
    ("Fittings", "deleted-comes-back"): "every text is required, so that each record says all",
    ("Coatings", "null-number-zero"): "no number may be null",
    ("Fittings", "empty-list-null"): _NONE,
}
#: Defects that the judge does not convict on a site yet, and why.
SURVIVING: dict[tuple[str, str], str] = {}


@cache
def contract(site: str) -> Contract:
    """The contract of a site's saved pages."""
    return read(PAGES / site)


@cache
def register(site: str) -> dict[str, tuple[str, ...]]:
    """What each requirement of a site needs, by id."""
    media = "application/json"
    return {requirement.id: requirement.needs(media, media) for requirement in requirements_of(contract(site))}


def cited(site: str, defect: Defect) -> tuple[str, ...]:
    """The ids of the requirements that must convict a defect on a site; empty where the site shows nothing of it."""
    ((_, model), *_) = contract(site).upserts()
    ids = defect.convicted_by(model)
    return ids if set(ids) <= register(site).keys() else ()


def shown(site: str) -> list[str]:
    """The defects that a site can show."""
    found = BESIDE if site in ALONE else every()
    return [name for name in found if cited(site, every()[name]) and (site, name) not in IDLE]


def with_needs(site: str, ids: tuple[str, ...]) -> tuple[str, ...]:
    """These requirements and all that they rest on."""
    found: dict[str, None] = {}
    waiting = list(ids)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = None
            waiting += register(site).get(name, ())
    return tuple(found)


def judge(site: str, *defects: str, include: tuple[str, ...] = ()) -> Report:
    """The judge's report on a site's stub portal with these defects."""
    app = contract(site)
    with open_store("memory") as store, serving(create_app(app, store, defects=defects)) as url:
        return check(app, Target(url), Settings(run_id="matrix", include=include))


def row_of(site: str, name: str, include: tuple[str, ...] = ()) -> dict[str, Any]:
    """What became of a defect on a site, as it is written down."""
    report = judge(site, name, include=include)
    defect = every()[name]
    convicted = [finding.requirement.id for finding in report.findings]
    named = cited(site, defect)
    killed = "killed" if set(named) <= set(convicted) else "killed otherwise" if convicted else "survived"
    # What else a defect meets that comes and goes is a matter of timing, and not written down.
    told = [n for n in named if n in convicted] if defect.family in ("steadiness", "races") else convicted
    return {
        "site": site,
        "defect": name,
        "must be convicted for": list(named),
        "convicted for": told,
        "verdict": killed,
    }


def data_of(pair: tuple[str, str]) -> dict[str, Any]:
    """The row of a defect on a site. A defect that the first page shows as well is judged by what it names there."""
    site, name = pair
    include = () if name in BESIDE else with_needs(site, cited(site, every()[name]))
    return row_of(site, name, include)


def pairs() -> list[tuple[str, str]]:
    """Every site with every defect that it can show."""
    return [(site, name) for site in SITES for name in shown(site)]


def committed() -> dict[tuple[str, str], dict[str, Any]]:
    """The rows that are written down, by site and defect."""
    rows = json.loads(MATRIX.read_text(encoding="utf-8"))["rows"]
    return {(row["site"], row["defect"]): row for row in rows}
