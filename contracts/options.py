"""The options that several commands share: --page and --overlay, and how --header is read.

The rule: an overlay travels with the pages it speaks of, as one list of files, so that no command handles it apart;
`contracts.loading` tells them apart by the ending .toml. Nothing is read here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from contracts.errors import UsageError

_PATH = click.Path(path_type=Path)
_OVERLAY = "Facts that the pages leave open, settled by you (a .toml file; portal-contract read --settle prints one)."


def overlay_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --overlay to a command that takes `pages`; its file is the last of them."""

    @click.option("--overlay", type=_PATH, metavar="FILE", help=_OVERLAY)
    @functools.wraps(command)
    def with_overlay(*args: Any, overlay: Path | None, pages: tuple[Path, ...], **options: Any) -> Any:
        if overlay is not None and overlay.suffix.lower() != ".toml":
            raise click.BadParameter(f"{str(overlay)!r} does not end in .toml", param_hint="--overlay")
        return command(*args, pages=pages if overlay is None else (*pages, overlay), **options)

    return with_overlay


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
