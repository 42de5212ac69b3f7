"""What is done to a whole OpenAPI document when it is built: components that nothing leads to are left out, and words
of the pages stand as words.

The rule: values (examples, defaults, enumerations) are never touched; names of members are no keywords.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]


def used(paths: Schema, components: Schema) -> Schema:
    """The components that the paths lead to, sorted."""
    waiting, found = list(_references(paths)), dict[str, Schema]()
    while waiting:
        name = waiting.pop().rpartition("/")[2]
        if name not in found:
            found[name] = components[name]
            waiting += _references(components[name])
    return dict(sorted(found.items()))


def _references(value: Any, names: bool = False) -> Iterator[str]:
    """Every "$ref"; `names`: the keys are names of members, and no keywords."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str) and not names:
            yield value["$ref"]
        for key, part in value.items():
            if names or key not in ("examples", "default", "enum"):
                yield from _references(part, key == "properties" and not names)
    elif isinstance(value, list):
        for part in value:
            yield from _references(part)


# OpenAPI, "Rich Text Formatting": descriptions are CommonMark, in which a page's "<" would open a tag.
def as_markdown(value: Any, names: bool = False) -> Any:
    """The value with its descriptions' words as they stand; what is code stays code."""
    if isinstance(value, list):
        return [as_markdown(part) for part in value]
    if not isinstance(value, dict):
        return value
    out: Schema = {}
    for key, part in value.items():
        if key == "description" and not names and isinstance(part, str):
            out[key] = part if "```" in part else re.sub(r"<(?=[A-Za-z/!?])", "&lt;", part)
        elif key in ("value", "default", "enum") and not names:
            out[key] = part
        else:
            out[key] = as_markdown(part, key == "properties" and not names)
    return out
