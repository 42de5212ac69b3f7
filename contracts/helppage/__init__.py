"""The reader of help pages: `read` makes a contract of pages, `shipped` of the pages in `schemas`, `write` makes pages.

    files, folders, archives → gathering → source → html | markdown | text | plain → draft
                             draft → tables, walk → models, operations → Contract

The rule: what is understood becomes a fact, what is not becomes a note with page and line, and nothing is guessed
without saying so. A page that is cut off is left out, since nothing tells what it lacks; where nothing is left, that
is an error. Only this package knows what a help page looks like. What a page does not need (other layouts, the writer)
is not imported for it: a stub portal reads its page before it is ready.
"""

from __future__ import annotations

from importlib import resources
from typing import Literal

from contracts.errors import Fault, UsageError
from contracts.helppage.draft import Faults, PageDraft, Source
from contracts.helppage.gathering import Given, gather_files
from contracts.helppage.join import join
from contracts.helppage.source import open_source
from contracts.model import Contract

__all__ = ["read", "shipped", "write", "write_pages"]

Layouts = Literal["text", "html", "A", "B", "C", "D"]


def read(*sources: Given) -> Contract:
    """The contract of these sources, each a page's path, text or bytes, a folder of a saved site, or an archive of one.

    What was not understood, was left out or contradicts itself stands in `Contract.notes`. Raises PageError where no
    contract can be made at all, with every fault; UsageError for no source or one that cannot be opened.
    """
    if not sources:
        raise UsageError("no help page was given: name at least one saved page")
    notes: list[Fault] = []
    drafts: list[PageDraft] = []
    for found in gather_files(sources, notes):
        faults = Faults(found.name)
        source = open_source(found, faults)
        draft = _draft(source, faults) if source else None
        if draft is not None:
            drafts.append(draft)
        notes += faults.found
    return join(drafts, notes)


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
    if source.layout == "markdown":
        from contracts.helppage import markdown

        return markdown.parse(source, faults)
    if source.layout == "A":
        from contracts.helppage import plain

        return plain.parse(source, faults)
    from contracts.helppage import text

    return text.parse(source, faults)
