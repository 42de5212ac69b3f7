"""File names of what is emitted: readable, the same everywhere, and safe on Windows.

The rule: ASCII letters, digits, `.`, `-` and `_` only; never a name that Windows reserves; never two names that differ
in case only. A name that had to give way gets a number, in the order of the names it stands for.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from contracts.naming import ARRAYS, DATA_CONTRACT
from contracts.scalars import SERIALIZATION

# learn.microsoft.com, "Naming Files, Paths, and Namespaces": reserved with any extension.
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789")}
_LONGEST = 100


def safe(text: str) -> str:
    """The text as the stem of a file name.

    >>> safe("urn:x/y"), safe("Aux.Models"), safe("Plain.Name")
    ('urn-x-y', '_Aux.Models', 'Plain.Name')
    """
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip(".-") or "unnamed"
    if stem.split(".")[0].lower() in _RESERVED:
        stem = f"_{stem}"
    if len(stem) > _LONGEST:
        stem = f"{stem[:_LONGEST]}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
    return stem


def unique(wanted: Iterable[tuple[str, str]]) -> dict[str, str]:
    """(key, stem) pairs as key → stem, each stem told from the others even where case does not count."""
    taken, out = set[str](), dict[str, str]()
    for key, stem in wanted:
        name, n = stem, 1
        while name.lower() in taken:
            n += 1
            name = f"{stem}-{n}"
        taken.add(name.lower())
        out[key] = name
    return out


def xsd_names(namespaces: Iterable[str]) -> dict[str, str]:
    """Each namespace's file: the CLR namespace's name, a fixed name for the framework's own, else made from the URI."""
    fixed = {SERIALIZATION: "Serialization", ARRAYS: "Arrays", "": "no-namespace"}
    pairs = list(fixed.items())
    for space in sorted(set(namespaces) - set(fixed)):
        clr = space.removeprefix(DATA_CONTRACT) if space.startswith(DATA_CONTRACT) else re.sub(r"^\w+:/+", "", space)
        pairs.append((space, safe(clr or "global")))
    return {space: f"{stem}.xsd" for space, stem in unique(pairs).items()}


def schema_names(models: Iterable[str]) -> dict[str, str]:
    """Each model's stem; `.request.schema.json` and `.response.schema.json` follow."""
    return unique((name, safe(name)) for name in sorted(set(models)))
