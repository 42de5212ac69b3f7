"""A contract as the help pages that would show it, as HTML and in layouts A to D ("text" is B): the opposite of `read`.

The rule: the frame is that of the HelpPage package's templates (v5.2.7), one module a layout; what fills it is in
`shown`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from contracts.errors import UsageError
from contracts.helppage import render_html, render_plain
from contracts.helppage.render_text import TextWriter
from contracts.helppage.shown import friendly_id
from contracts.model import Contract, Model, Operation


@dataclass(frozen=True)
class Writer:
    """What writes the two kinds of pages in one layout, and the ending of their files."""

    operation: Callable[[Operation, Contract], str]
    model: Callable[[Model], str]
    ending: str


_B = TextWriter()
_C = TextWriter(lead="", json_on_one_line=True)
_D = TextWriter(trail=" ", one_line=True)
_WRITERS: Mapping[str, Writer] = {
    "text": Writer(_B.operation, _B.model, "txt"),
    "A": Writer(render_plain.operation, render_plain.model, "txt"),
    "B": Writer(_B.operation, _B.model, "txt"),
    "C": Writer(_C.operation, _C.model, "txt"),
    "D": Writer(_D.operation, _D.model, "txt"),
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
