"""A contract as JSON, for programs.

The rule: every field of `contracts.model` is there, evidence included, and the same contract gives the same text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from contracts.describe.subjects import subjects
from contracts.helppage.rules import RULES
from contracts.model import Contract, Fact


def as_json(contract: Contract) -> str:
    """The whole contract as JSON, ending in a line end; the same contract gives the same text.

    Objects have the fields of `contracts.model` under their names and in their order; models are an object by name. A
    fact is {"value", "standing", "evidence", "settle"}: standing is "stated", "inferred", "guessed" or "unknown",
    evidence a list of {"page", "lines", "quote", "rule"} whose "rule" is empty where the page says it, and "settle" is
    empty where nothing is open. "rules" explains every rule that the evidence cites: its sentence and its source.
    """
    document = _plain(contract)
    used = sorted(
        {evidence.rule for subject in subjects(contract) for evidence in subject.fact.evidence if evidence.rule}
    )
    document["rules"] = {rule: {"sentence": RULES[rule].sentence, "source": RULES[rule].source} for rule in used}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Fact):
        evidence = [_plain(item) for item in value.evidence]
        return {"value": _plain(value.value), "standing": value.standing, "evidence": evidence, "settle": value.settle}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value) if field.repr}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (tuple, list)) else value
