"""The reader of help pages: `read` makes a contract of pages, `shipped` of the pages in `schemas`, `write` makes pages.

    source → text | html → draft → tables, walk → models, operations → Contract

The rule: a page is either understood or refused with every fault named; nothing is guessed without saying so. Only this
package knows what a help page looks like.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from importlib import resources

from contracts.errors import PageError, UsageError
from contracts.helppage import html, text
from contracts.helppage.draft import Faults, Layout, PageDraft, Source
from contracts.helppage.join import join
from contracts.helppage.render import write, write_pages
from contracts.helppage.source import open_source
from contracts.model import Contract

__all__ = ["read", "shipped", "write", "write_pages"]

_PARSERS: Mapping[Layout, Callable[[Source, Faults], PageDraft | None]] = {"html": html.parse, "B": text.parse}


def read(*sources: str | bytes | os.PathLike[str]) -> Contract:
    """The contract of these pages, each a path, a page's text or HTML (holds a line end or "<"), or its bytes.

    Raises PageError with every fault of every page, UsageError for no page or a path that cannot be read.
    """
    if not sources:
        raise UsageError("no help page was given: name at least one saved page")
    noted: list[Faults] = []
    drafts: list[PageDraft] = []
    for number, source in enumerate(sources, 1):
        opened = open_source(source, number, noted)
        draft = _draft(opened, noted[-1]) if opened else None
        if draft is not None:
            drafts.append(draft)
    faults = [fault for page in noted for fault in page.found]
    if len(drafts) < len(sources) and not any(draft.kind == "api" for draft in drafts):
        raise PageError(faults)
    return join(drafts, faults)


def shipped() -> Contract:
    """The contract of the vendor's pages that the package `schemas` carries."""
    pages = resources.files("schemas") / "pages"
    found = sorted((page for page in pages.iterdir() if page.is_file()), key=lambda page: page.name)
    return read(*found)  # type: ignore[arg-type]


def _draft(source: Source, faults: Faults) -> PageDraft | None:
    if source.layout not in _PARSERS:
        what = "this text was flattened without its table borders (layout A), which is not read"
        faults.add(1, what, "give the page as HTML, or as text whose tables keep their pipes (layout B)")
        return None
    return _PARSERS[source.layout](source, faults)
