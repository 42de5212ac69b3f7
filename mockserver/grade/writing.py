"""A grade in any of its formats, by name.

The rule: one table; what prints, what writes files and what answers over HTTP take it from here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mockserver.grade.grading import Grade
from mockserver.grade.report import as_data, lines
from mockserver.journal.data import line


def _junit(grade: Grade) -> str:
    from mockserver.grade.junit import as_junit

    return as_junit(grade).decode("utf-8")


def _html(grade: Grade) -> str:
    from mockserver.grade.html import as_html

    return as_html(grade)


#: How each format is written, and its media type.
FORMATS: Mapping[str, tuple[str, Callable[[Grade], str]]] = {
    "json": ("application/json", lambda grade: line(as_data(grade)) + "\n"),
    "ndjson": ("application/x-ndjson", lambda grade: "".join(line(told) + "\n" for told in lines(grade))),
    "junit": ("application/xml", _junit),
    "html": ("text/html", _html),
}


def write(grade: Grade, form: str) -> str:
    """The grade in that format."""
    return FORMATS[form][1](grade)
