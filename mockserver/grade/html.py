"""A grade as one HTML file that needs nothing else.

The rule: whatever a client sent is text on the page, escaped by the template; what a reader cannot see is made visible.
"""

from __future__ import annotations

from importlib import resources

import jinja2

from mockserver.grade.grading import Grade
from mockserver.grade.report import as_data

_LONGEST = 4000


def as_html(grade: Grade) -> str:
    """The grade as a page."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["visible"] = _visible
    environment.globals["filled"] = lambda cases: {name for case in cases for name, text in case.items() if text}
    source = resources.files("mockserver.grade").joinpath("grade.html.jinja").read_text(encoding="utf-8")
    told = as_data(grade)
    findings: dict[str, list[str]] = {}
    for found in told["findings"]:
        for name in (found["rule"], *found["also"]):
            findings.setdefault(name, []).append(found["id"])
    return environment.from_string(source).render(grade=told, by_rule=findings) + "\n"


def _visible(text: str | None) -> str:
    """The text with what is not printable escaped, cut where it is very long."""
    shown = "".join(
        c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape").decode("ascii") for c in text or ""
    )
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}… ({len(shown)} characters)"
