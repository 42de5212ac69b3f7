"""The options by which every command takes its pages: --page and --overlay.

The rule: an overlay travels with the pages it speaks of, as one list of files, so that no command handles it apart;
`contracts.loading` tells them apart by the ending .toml. Nothing is read here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

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
