"""Members that the class works out from others: what each is made of, read off a sample.

    name: "sample string 1", shade: "sample string 8", label: "sample string 1/sample string 8", kind: "thing"
    →  label is name, a slash, shade; kind is always "thing"

The rule: only a text that nobody can set is looked at; where its sample holds a sample that no other member has, it
stays null. A null part is empty text, as in C#'s string concatenation. No member's name may stand here.
GUESS: a text around samples of other members is made of them; two answers of the portal would settle it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from contracts.model import Contract, Model, Property, TypeRef
from contracts.naming import DATA_CONTRACT

#: Literal texts and names of members in turn, a literal first.
Recipe = tuple[str, ...]

_TEXT = TypeRef("scalar", "String")
_SAMPLE = re.compile(r"(sample string [0-9]+)(?![0-9])")


def settable(model: Model, prop: Property) -> bool:
    """Whether a client can set the member: one that JSON shows and XML leaves out has no public setter.

    A [DataContract] names its members itself, so there the absence says nothing; nor does it without an XML sample, nor
    where XmlSerializer wrote it, whose names are in no data contract's namespace: it writes some members as attributes.
    """
    if prop.json.value is None or prop.xml.value is not None:
        return True
    root = model.xml_root.value
    if root is not None and not root.namespace.startswith(DATA_CONTRACT):
        return True
    return prop.xml.standing == "unknown" or bool(model.data_contract.value) or not model.xml_order.value


def recipes(contract: Contract, model: Model) -> Mapping[str, Recipe]:
    """The recipe of every member of the model that has one, by the member's name."""
    wanted = [prop for prop in model.properties if not settable(model, prop) and prop.type.value == _TEXT]
    if not wanted:
        return {}
    found: dict[str, Recipe] = {}
    for sample in _samples(contract, model):
        sources = {
            sample.get(prop.json.value): prop.name
            for prop in model.properties
            if prop.json.value is not None and prop not in wanted
        }
        for prop in wanted:
            recipe = _recipe(sample.get(prop.json.value), sources)
            if recipe is not None:
                found.setdefault(prop.name, recipe)
    return found


def made(recipe: Recipe, record: Mapping[str, Any]) -> str:
    """The member's value in a record."""
    return "".join(part if at % 2 == 0 else record[part] or "" for at, part in enumerate(recipe))


def _samples(contract: Contract, model: Model) -> Iterator[dict[Any, Any]]:
    """The JSON samples that show one object of the model by itself."""
    for operation in contract.operations:
        for body in (operation.request, operation.response):
            if body.type.value != TypeRef("model", model.name):
                continue
            for sample in body.samples:
                if any("json" in media_type for media_type in sample.media_types):
                    try:
                        found = json.loads(sample.text)
                    except ValueError:
                        continue
                    if isinstance(found, dict):
                        yield {name: value for name, value in found.items() if isinstance(value, str)}


def _recipe(text: object, sources: Mapping[object, str]) -> Recipe | None:
    if not isinstance(text, str):
        return None
    parts = _SAMPLE.split(text)
    if any(part not in sources for part in parts[1::2]):
        return None
    return tuple(part if at % 2 == 0 else sources[part] for at, part in enumerate(parts))
