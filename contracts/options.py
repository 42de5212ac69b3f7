"""The options that several commands share: --page, --overlay and --fail-on-notes, and how --header is read.

The rule: an overlay travels with the pages it speaks of, as one list of files, so that no command handles it apart;
`contracts.loading` tells them apart by the ending .toml. What --fail-on-notes refuses is refused before the command
does anything.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from contracts.errors import NotesError, UsageError

_PATH = click.Path(path_type=Path)
_FAIL = "Exit 1, before anything is done, where something of the pages was not understood or left out."
_OVERLAY = "Facts that the pages leave open, settled by you (a .toml file; portal-contract read --settle prints one)."


def overlay_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --overlay, whose file is the last of `pages`, and --fail-on-notes to a command that takes `pages`."""

    @click.option("--overlay", type=_PATH, metavar="FILE", help=_OVERLAY)
    @click.option("--fail-on-notes", is_flag=True, help=_FAIL)
    @functools.wraps(command)
    def with_overlay(
        *args: Any, overlay: Path | None, fail_on_notes: bool, pages: tuple[Path, ...], **options: Any
    ) -> Any:
        if fail_on_notes:
            _refuse_notes(pages)
        if overlay is not None and overlay.suffix.lower() != ".toml":
            raise click.BadParameter(f"{str(overlay)!r} does not end in .toml", param_hint="--overlay")
        return command(*args, pages=pages if overlay is None else (*pages, overlay), **options)

    return with_overlay


def _refuse_notes(pages: tuple[Path, ...]) -> None:
    """Raises NotesError where the pages, or those that come along, could not be read in full."""
    from contracts import helppage

    given = [page for page in pages if page.suffix.lower() != ".toml"]
    contract = helppage.read(*given) if given else helppage.shipped()
    notes = [note for note in contract.notes if note.matters]
    if notes:
        raise NotesError(notes)


def pages_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --page, repeatable, and --overlay to a command that takes `pages`."""
    page = click.option(
        "--page",
        "pages",
        multiple=True,
        type=_PATH,
        metavar="FILE",
        help="A saved help page (HTML or text), a folder of them, or an archive; repeat it for several.",
    )
    return page(overlay_option(command))


def named_values(given: tuple[str, ...]) -> dict[str, str]:
    """Headers given as NAME:VALUE with --header, by name; UsageError for one that is not."""
    found = {}
    for text in given:
        name, colon, value = (part.strip() for part in text.partition(":"))
        if not name or not colon or not (name + value).isprintable():
            raise UsageError(
                f"--header {text!r} is not NAME:VALUE\n    what to do: write it as --header 'X-Name: value'"
            )
        found[name] = value
    return found
