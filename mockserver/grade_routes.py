"""The grade over HTTP: `GET …/grade` judges the journal of the tenant at hand.

The rule: it judges when asked and keeps nothing. The status says that it was judged, not how; the conclusion is in the
answer.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request

from mockserver.journal import Journal

if TYPE_CHECKING:
    from mockserver.journal.reading import Reading

_KINDS = {"json": "application/json", "ndjson": "application/x-ndjson", "junit": "application/xml", "html": "text/html"}
_LEVELS = ("error", "warning", "info")
TOLD = "the client whose exchanges are in the journal, judged (?format=json, ndjson, junit or html; ?fail_level=error)"


def attach(
    app: Flask,
    root: str,
    journal: Callable[[], Journal],
    reading: Callable[[], Reading],
    zone: Callable[[], datetime.tzinfo] = lambda: datetime.UTC,
) -> None:
    """Give the app the grade under `root`; each of the three gives what the present request is about."""

    @app.get(f"{root}/grade")
    def graded() -> Response:
        asked: dict[str, Any] = {"format": _format(), "fail_level": "warning", **request.args}
        problem = _problem(asked)
        if problem:
            return Response(json.dumps({"error": problem}) + "\n", 400, mimetype="application/json")
        from mockserver.grade import grade  # a portal that nobody asks passes nothing of it
        from mockserver.grade.writing import write

        found = grade(
            journal().all(),
            reading(),
            source=f"the journal of {request.host_url.rstrip('/')}{request.script_root}",
            fail_level=asked["fail_level"],
            zone=zone(),
        )
        headers = {}
        if asked["format"] == "html":
            from mockserver.grade.html import policy

            headers["Content-Security-Policy"] = f"{policy()}; frame-ancestors 'none'"
        return Response(write(found, asked["format"]), headers=headers, mimetype=_KINDS[asked["format"]])


def _format() -> str:
    """The format that Accept asks for."""
    best = request.accept_mimetypes.best_match(list(_KINDS.values()), _KINDS["json"])
    return next(name for name, kind in _KINDS.items() if kind == best)


def _problem(asked: Mapping[str, Any]) -> str:
    unknown = [name for name in asked if name not in ("format", "fail_level")]
    if unknown:
        return f"unknown parameter {unknown[0]}: there are format, fail_level"
    if asked["format"] not in _KINDS:
        return f"format={asked['format']}: expected {', '.join(_KINDS)}"
    return "" if asked["fail_level"] in _LEVELS else f"fail_level={asked['fail_level']}: expected {', '.join(_LEVELS)}"
