"""The register of requirements for programs: one JSON array.

The rule: it says what `requirements.toml` and the contract say, in words that the report uses too. No judging here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from contracts.conformance.requirements import Requirement


def requirements_as_json(found: Iterable[Requirement]) -> str:
    """The requirements as a JSON array.

    Each is an object with `id`, `level`, `sentence`, `sources` (objects with `page`, `lines`, `quote`, `rule`) and
    `unchecked` (why no check stands behind it; empty where one does).
    """
    rows = [
        {
            "id": requirement.id,
            "level": requirement.level,
            "sentence": requirement.sentence,
            "sources": [
                {"page": s.page, "lines": list(s.lines), "quote": s.quote, "rule": s.rule} for s in requirement.sources
            ],
            "unchecked": requirement.template.unchecked,
        }
        for requirement in found
    ]
    return json.dumps(rows, indent=2, ensure_ascii=False)
