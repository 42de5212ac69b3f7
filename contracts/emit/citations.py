"""Where a fact stands, as short text that a schema can carry ("page lines 12-13").

The rule: a schema cites the page by its lines and an inference by its rule's id, and nothing more; the whole
evidence is in the contract. No schema is built here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from contracts.model import Contract, Fact, Model, Property

_MOST = 8  # pages named one by one


def _ranges(lines: Iterable[int]) -> str:
    """Line numbers as ranges.

    >>> _ranges([3, 1, 2, 9])
    '1-3, 9'
    """
    neighbours = groupby(enumerate(sorted(set(lines))), key=lambda pair: pair[1] - pair[0])
    runs = [[n for _, n in run] for _, run in neighbours]
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def cite(*facts: Fact[Any], named: bool = False) -> str:
    """The lines that the facts were read from, "page lines 12-13"; by name where there are several pages (`named`)."""
    pages: dict[str, set[int]] = {}
    for evidence in (e for fact in facts for e in fact.evidence if not e.rule):
        pages.setdefault(evidence.page, set()).update(evidence.lines)
    told = {page: lines for page, lines in pages.items() if lines}
    words = []
    for page, lines in sorted(told.items()):
        words.append(
            f"{page if named or len(told) > 1 else 'page'} line{'s' if len(lines) > 1 else ''} {_ranges(lines)}"
        )
    return "; ".join(words)


def rules(fact: Fact[Any]) -> str:
    """The ids of the rules behind an inferred fact, "rule nullable.numbering"; empty where there is none."""
    ids = sorted({e.rule for e in fact.evidence if e.rule})
    return f"rule{'s' if len(ids) > 1 else ''} {', '.join(ids)}" if ids else ""


def about(prop: Property, named: bool = False) -> str:
    """What a schema's comment says about a property: its lines, whether null is known, what was guessed."""
    parts = [cite(prop.description, prop.phrase, named=named)]
    nullable = prop.nullable
    if nullable.value is None:
        parts.append("whether it can be null is unknown")
    elif nullable.value is False:
        parts.append(f"never null ({rules(nullable) or 'the page says so'})")
    if prop.type.standing == "guessed":
        parts.append(f"type guessed: {prop.type.settle}")
    return "; ".join(part for part in parts if part)


def source(contract: Contract, models: Iterable[Model] = ()) -> str:
    """The pages that a schema was derived from, each with the start of its bytes' SHA-256.

    Those that the models' facts cite, where models are given; of many pages their number and one hash of them all.
    """
    facts = [fact for model in models for fact in _facts(model)]
    cited = {evidence.page for fact in facts for evidence in fact.evidence}
    pages = [page for page in contract.pages if page.name in cited] or list(contract.pages)
    if len(pages) <= _MOST:
        return ", ".join(f"{page.name} (SHA-256 {page.sha256[:12]}…)" for page in pages)
    digest = hashlib.sha256("\n".join(sorted(page.sha256 for page in pages)).encode("ascii")).hexdigest()
    return f"{len(pages)} pages (SHA-256 of their hashes {digest[:12]}…)"


def _facts(model: Model) -> Iterator[Fact[Any]]:
    yield from (model.description, model.xml_root)
    for prop in model.properties:
        yield from (prop.description, prop.phrase, prop.type, prop.json, prop.xml)
