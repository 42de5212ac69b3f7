"""The register of what a client owes: `rules.toml`, and a rule for each reason of a silent loss that none there names.

The rule: a rule is words with a level, a sentence, a source and a remedy; it is checked in itself when it is loaded.
How it is judged is `checks`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, get_args

from contracts.errors import InternalError
from mockserver.webapi.losses import REASONS

Level = Literal["error", "warning", "info"]
LEVELS: tuple[str, ...] = get_args(Level)
#: Said of no value: how many more there are.
_COUNTED = "more"


@dataclass(frozen=True)
class Rule:
    """One duty of a client; `losses` are the reasons of silent losses that break it."""

    id: str
    level: Level
    sentence: str
    source: str
    remedy: str
    losses: tuple[str, ...] = ()


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its id, in the register's order; InternalError names what is wrong with the register."""
    text = resources.files("mockserver.grade").joinpath("rules.toml").read_text(encoding="utf-8")
    found: dict[str, Rule] = {}
    for entry in tomllib.loads(text)["rule"]:
        rule = _rule(entry)
        if rule.id in found:
            raise InternalError(f"rules.toml: {rule.id} stands there twice")
        found[rule.id] = rule
    named = {reason for rule in found.values() for reason in rule.losses}
    for reason, row in REASONS.items():
        if reason not in named and reason != _COUNTED:
            sentence = f"Nothing is silently lost so: {row.told[:1].lower()}{row.told[1:]}"
            name = f"loss.{reason}"
            found[name] = Rule(name, "error", sentence, row.rule, row.remedy, (reason,))
    return found


def _rule(entry: Mapping[str, Any]) -> Rule:
    rule = Rule(**{**entry, "losses": tuple(entry.get("loss", ()))}) if "loss" not in entry else _with_losses(entry)
    if rule.level not in LEVELS:
        raise InternalError(f"rules.toml: {rule.id}: the level {rule.level} is none of {', '.join(LEVELS)}")
    return rule


def _with_losses(entry: Mapping[str, Any]) -> Rule:
    rest = {name: value for name, value in entry.items() if name != "loss"}
    return Rule(**rest, losses=tuple(entry["loss"]))


@cache
def by_loss() -> Mapping[str, Rule]:
    """The rule that each reason of a silent loss breaks."""
    return {reason: rule for rule in rules().values() for reason in rule.losses}
