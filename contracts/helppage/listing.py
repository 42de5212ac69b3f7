"""What index pages list: every operation of the site, and which of them no given page shows.

The rule: an index adds no operation, since it tells neither types nor bodies; it tells what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence

from contracts.errors import Fault
from contracts.helppage.draft import PageDraft
from contracts.model import Listed, Operation


def entries_of(drafts: Sequence[PageDraft], operations: Sequence[Operation], faults: list[Fault]) -> tuple[Listed, ...]:
    """Every listed operation, each once; those whose page was not given are noted, once an index."""
    known = {_key(operation.method.value, operation.path.value, operation.query) for operation in operations}
    listed: dict[tuple[str, str, frozenset[str]], Listed] = {}
    for draft in drafts:
        missing = []
        for entry in draft.entries:
            method, _, target = entry.title.text.partition(" ")
            path, _, query = target.partition("?")
            key = _key(method, path, [part.partition("=")[0] for part in query.split("&") if part])
            if key not in known and key not in listed:
                missing.append(entry)
            by = entry.title.evidence(draft.source.name)
            listed.setdefault(key, Listed(entry.title.text, entry.group, entry.description, by))
        if missing:
            of = f"{len(missing)} of {len(draft.entries)} listed operations have"
            names = ", ".join(entry.title.text for entry in missing[:5]) + (", …" if len(missing) > 5 else "")
            faults.append(
                Fault(
                    draft.source.name,
                    missing[0].title.line,
                    f"{of} no page among those given: {names}",
                    "save their pages too, if they matter",
                )
            )
    return tuple(listed.values())


def _key(method: str, path: str, query: Sequence[str]) -> tuple[str, str, frozenset[str]]:
    return method.upper(), path.strip("/").lower(), frozenset(key.lower() for key in query)
