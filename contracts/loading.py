"""Pages and overlays, as a command is given them, to one contract: the same for every command.

The rule: what the pages could not be read for is told on standard error in one line; `portal-contract read` shows it
whole. Options are not parsed here.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from contracts import helppage
from contracts.errors import UsageError
from contracts.model import Contract
from contracts.overlay import settle

Given = str | os.PathLike[str]
#: How long the names of pages may be to be told again.
_LONGEST = 200


def load(sources: Sequence[Given], tell: bool = True) -> Contract:
    """The contract of these pages, folders and archives, or of the pages that come along where none is given.

    A file that ends in .toml is an overlay, whose facts are put over the others'. Raises PageError where the pages
    give no contract, UsageError for what cannot be opened or an overlay that cannot mean what it says. With `tell`,
    one line on standard error says that something was not understood.
    """
    overlays = [source for source in sources if os.fspath(source).lower().endswith(".toml")]
    pages = [source for source in sources if source not in overlays]
    for page in pages:
        address = re.match(r"(?i)(https?:)[/\\]+(.*)", os.fspath(page))
        if address:
            raise UsageError(
                f"{address[1]}//{address[2]} is an address, and pages are read from files\n"
                "    what to do: open it in a browser, save the page, and give the file or the folder that it is in"
            )
    contract = helppage.read(*pages) if pages else helppage.shipped()
    for overlay in overlays:
        contract = settle(contract, _text(overlay), Path(overlay).name)
    told = notes_in_short(contract, pages)
    if told and tell:
        print(told, file=sys.stderr)
    return contract


def load_operations(sources: Sequence[Given]) -> Contract:
    """The same for a command that serves operations or looks at requests; UsageError where the pages have none."""
    contract = load(sources)
    if not contract.operations:
        raise UsageError(
            "the pages that were given describe models only: there is no operation in them\n"
            "    what to do: save the page of each operation as well, and give the folder they are all in"
        )
    return contract


def _text(overlay: Given) -> str:
    try:
        return Path(overlay).read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is no text in UTF-8"
        what = f"cannot read the overlay {os.fspath(overlay)!r}: {reason}"
        raise UsageError(f"{what}\n    what to do: give the path of a TOML file") from None


def notes_in_short(contract: Contract, pages: Sequence[Given] = ()) -> str:
    """One line on what the pages could not be read for, with the command that shows it whole; empty where nothing is.

    Only what matters is counted.
    """
    count = sum(note.matters for note in contract.notes)
    if not count:
        return ""
    some = "1 thing in the pages was" if count == 1 else f"{count} things in the pages were"
    names = " ".join(f'"{name}"' if " " in name else name for name in [os.fspath(page) for page in pages])
    command = f"portal-contract read {names}" if names and len(names) < _LONGEST else "portal-contract read"
    return f"note: {some} not understood or left out; {command} shows what and where"
