"""A grade as HTML: one file that needs nothing else, and what a page of the portal shows of it.

The rule: whatever a client sent is text on the page, escaped by the template; what a reader cannot see is made visible.
The file may load nothing and run nothing: its policy knows its own style alone, by its hash.
Source: Content Security Policy Level 3, 2.3.1 (hash sources) and 3.3 (a policy in a meta element).
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import Any

import jinja2

from mockserver.grade.grading import Grade
from mockserver.grade.report import as_data

_LONGEST = 4000


def as_html(grade: Grade) -> str:
    """The grade as a page."""
    environment = jinja2.Environment(
        loader=LOADER, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["visible"] = _visible
    template = environment.get_template("grade/grade.html.jinja")
    return template.render(style=_style(), policy=policy(), **facts(grade)) + "\n"


#: Where the templates are, by the names that they include each other by.
LOADER = jinja2.PrefixLoader({"grade": jinja2.PackageLoader("mockserver.grade", ".")})


def facts(grade: Grade, exchanges_at: str = "") -> dict[str, Any]:
    """What `findings.html.jinja` shows; `exchanges_at` is what the address of an exchange begins with, "" for none."""
    told = as_data(grade)
    findings: dict[str, list[str]] = {}
    for found in told["findings"]:
        for name in (found["rule"], *found["also"]):
            findings.setdefault(name, []).append(found["id"])
    return {"grade": told, "by_rule": findings, "exchanges_at": exchanges_at, "filled": _filled}


def policy() -> str:
    """What the file may load: its style."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@cache
def _style() -> str:
    text = resources.files("mockserver.grade").joinpath("grade.css").read_text(encoding="utf-8")
    return f"\n{text}"


def _filled(cases: list[dict[str, str]]) -> set[str]:
    """The columns that some case has something in."""
    return {name for case in cases for name, text in case.items() if text}


def _visible(text: str) -> str:
    """The text with what is not printable escaped, cut where it is very long."""
    shown = "".join(c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape").decode("ascii") for c in text)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}… ({len(shown)} characters)"
