"""A defect as data, and rows of a table turned into defects.

The rule: requirements are named by their ids as strings (a test holds that each exists), so that the stub never depends
on the judge; `{required}` and `{key}` stand for the last required text member and the key member of whatever model,
the other words for members with annotations.
"""

from __future__ import annotations

from dataclasses import dataclass

from contracts.model import Model
from mockserver.defects.layers import Layer, roles_of


@dataclass(frozen=True)
class Defect:
    """A fault that the stub portal can be told to have.

    `name` in words with hyphens, `sentence` what is wrong, `requirements` the ids of those that must convict it,
    `family` where it sits, `layer` how it is done.
    """

    name: str
    family: str
    sentence: str
    requirements: tuple[str, ...]
    layer: Layer

    def convicted_by(self, model: Model) -> tuple[str, ...]:
        """The requirements' ids for a model, members by their names."""
        roles = roles_of(model)
        named = {"required": (roles.required or ("",))[-1], "key": roles.key, "ranged": ranged_of(model)}
        named |= {word: _annotated(model, *kinds) for word, kinds in _KINDS.items()}
        named["given"] = _given(model)
        return tuple(requirement.format(**named) for requirement in self.requirements)


_KINDS = {"patterned": ("pattern",), "long": ("string_length", "max_length"), "short": ("min_length",)}


def _annotated(model: Model, *kinds: str) -> str:
    """The first text of a model, other than its key, with an annotation of a kind; empty where there is none."""
    texts = (p for p in model.properties if p.type.value.name == "String" and p.name != model.key.value)
    return next((p.name for p in texts if any(a.value.kind in kinds for a in p.annotations)), "")


def ranged_of(model: Model) -> str:
    """The last number of a model with a range; empty where there is none."""
    ranged = [p.name for p in model.properties if any(a.value.kind == "range" for a in p.annotations)]
    return ranged[-1] if ranged else ""


def _given(model: Model) -> str:
    """The first number or time of a model that an annotation demands; empty where there is none."""
    scalars = (p for p in model.properties if p.type.value.kind == "scalar" and p.type.value.name != "String")
    return next((p.name for p in scalars if any(a.value.kind == "required" for a in p.annotations)), "")


def family(name: str, *rows: tuple[str, str, str, Layer]) -> tuple[Defect, ...]:
    """Defects of rows (name, sentence, requirement ids with blanks between, layer)."""
    return tuple(Defect(row[0], name, row[1], tuple(row[2].split()), row[3]) for row in rows)
