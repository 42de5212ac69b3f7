"""The reader of help pages: `read` makes a contract of pages, `shipped` of the pages in `schemas`, `write` makes pages.

    source → text | html → draft → tables, walk → models, operations → Contract

The rule: a page is either understood or refused with every fault named; nothing is guessed without saying so. Only this
package knows what a help page looks like. What a page does not need (other layouts, the writer) is not imported for it:
a stub portal reads its page before it is ready.
"""

from __future__ import annotations

import os
from importlib import resources
from typing import Literal

from contracts.errors import PageError, UsageError
from contracts.helppage.draft import Faults, PageDraft, Source
from contracts.helppage.join import join
from contracts.helppage.source import open_source
from contracts.model import Contract

__all__ = ["read", "shipped", "write", "write_pages"]

Layouts = Literal["text", "html"]


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


def write(contract: Contract, layout: Layouts) -> str:
    """The page of the contract's only operation; UsageError when it has none or several (use `write_pages`)."""
    from contracts.helppage import render

    return render.write(contract, layout)


def write_pages(contract: Contract, layout: Layouts) -> dict[str, str]:
    """Every page of the contract by its file name: one for each operation and one for each model."""
    from contracts.helppage import render

    return render.write_pages(contract, layout)


def _draft(source: Source, faults: Faults) -> PageDraft | None:
    if source.layout == "html":
        from contracts.helppage import html

        return html.parse(source, faults)
    if source.layout == "B":
        from contracts.helppage import text

        return text.parse(source, faults)
    what = "this text was flattened without its table borders (layout A), which is not read"
    faults.add(1, what, "give the page as HTML, or as text whose tables keep their pipes (layout B)")
    return None
