"""A contract as the help pages that would show it, in layout B ("text") and as HTML: the opposite of `read`.

The rule: the frame is that of the HelpPage package's templates (v5.2.7), one module a layout; what fills it is in
`shown`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from contracts.errors import UsageError
from contracts.helppage import render_html, render_text
from contracts.helppage.shown import friendly_id
from contracts.model import Contract, Model, Operation


@dataclass(frozen=True)
class Writer:
    """What writes the two kinds of pages in one layout, and the ending of their files."""

    operation: Callable[[Operation, Contract], str]
    model: Callable[[Model], str]
    ending: str


_WRITERS: Mapping[str, Writer] = {
    "text": Writer(render_text.operation, render_text.model, "txt"),
    "html": Writer(render_html.operation, render_html.model, "html"),
}


def write(contract: Contract, layout: str) -> str:
    """The page of the contract's only operation; UsageError when it has none or several (use `write_pages`)."""
    if len(contract.operations) != 1:
        raise UsageError(f"one page shows one operation, the contract has {len(contract.operations)}: use write_pages")
    return _writer(layout).operation(contract.operations[0], contract)


def write_pages(contract: Contract, layout: str) -> dict[str, str]:
    """Every page of the contract by its file name: one for each operation and one for each model."""
    writer = _writer(layout)
    pages = {f"{friendly_id(op)}.{writer.ending}": writer.operation(op, contract) for op in contract.operations}
    models = contract.models.items()
    return pages | {f"ResourceModel-{name}.{writer.ending}": writer.model(model) for name, model in models}


def _writer(layout: str) -> Writer:
    if layout not in _WRITERS:
        raise UsageError(f"no layout is called {layout!r}: there are {', '.join(_WRITERS)}")
    return _WRITERS[layout]
