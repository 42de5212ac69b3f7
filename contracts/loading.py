"""Pages and overlays, as a command is given them, to one contract: the same for every command.

The rule: what the pages could not be read for is told on standard error in one line; `portal-contract read` shows it
whole. Options are not parsed here.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from contracts import helppage
from contracts.errors import UsageError
from contracts.model import Contract
from contracts.overlay import settle

Given = str | os.PathLike[str]


def load(sources: Sequence[Given], tell: bool = True) -> Contract:
    """The contract of these pages, folders and archives, or of the pages that come along where none is given.

    A file that ends in .toml is an overlay, whose facts are put over the others'. Raises PageError where the pages
    give no contract, UsageError for what cannot be opened or an overlay that cannot mean what it says. With `tell`,
    one line on standard error says that something was not understood.
    """
    overlays = [source for source in sources if os.fspath(source).lower().endswith(".toml")]
    pages = [source for source in sources if source not in overlays]
    contract = helppage.read(*pages) if pages else helppage.shipped()
    for overlay in overlays:
        contract = settle(contract, _text(overlay), Path(overlay).name)
    told = notes_in_short(contract)
    if told and tell:
        print(told, file=sys.stderr)
    return contract


def _text(overlay: Given) -> str:
    try:
        return Path(overlay).read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is no text in UTF-8"
        what = f"cannot read the overlay {os.fspath(overlay)!r}: {reason}"
        raise UsageError(f"{what}\n    what to do: give the path of a TOML file") from None


def notes_in_short(contract: Contract) -> str:
    """One line on what the pages could not be read for, empty where there is nothing that matters."""
    count = sum(note.matters for note in contract.notes)
    if not count:
        return ""
    some = "1 thing in the pages was" if count == 1 else f"{count} things in the pages were"
    return f"note: {some} not understood or left out; portal-contract read shows what and where"
