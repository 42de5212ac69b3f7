"""A defect as data, and rows of a table turned into defects.

The rule: requirements are named by their ids as strings (a test holds that each exists), so that the stub never depends
on the judge; `{required}` and `{key}` stand for the last required text member and the key member of whatever model.
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
        named = {"required": (roles.required or ("",))[-1], "key": roles.key}
        return tuple(requirement.format(**named) for requirement in self.requirements)


def family(name: str, *rows: tuple[str, str, str, Layer]) -> tuple[Defect, ...]:
    """Defects of rows (name, sentence, requirement ids with blanks between, layer)."""
    return tuple(Defect(row[0], name, row[1], tuple(row[2].split()), row[3]) for row in rows)
