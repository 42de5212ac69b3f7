"""The command `portal-contract`: read a page, emit its schemas, list the requirements, check an endpoint.

The rule: this file only parses options, calls, prints and exits; how a command fails is `contracts.console`'s. The heavy
parts are imported inside the commands that need them, so that `--help` answers at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from contracts.console import EXIT_CODES, Group, plain_streams
from contracts.errors import UsageError

if TYPE_CHECKING:
    from contracts.model import Contract

_PATH = click.Path(path_type=Path)


def load(pages: tuple[Path, ...]) -> Contract:
    """The contract of the given pages, or of the pages that come with this project where none is given."""
    from contracts import helppage

    return helppage.read(*pages) if pages else helppage.shipped()


@click.group(
    cls=Group,
    epilog=EXIT_CODES,
    help="From an ASP.NET Web API help page: a contract, its schemas, and a judge for any endpoint.",
)
@click.version_option(package_name="portal-contract")
def main() -> None:
    plain_streams()


@main.command()
@click.argument("pages", nargs=-1, type=_PATH)
@click.option("--json", "as_json", is_flag=True, help="Print the contract as JSON, for programs.")
def read(pages: tuple[Path, ...], as_json: bool) -> None:
    """Print the contract that PAGES promise, with its evidence.

    PAGES are help pages saved as HTML or as flattened text: the operation's page and, where it names other models,
    their ResourceModel pages. Without PAGES, the page that comes with this project is read.
    """
    from contracts import describe

    contract = load(pages)
    if as_json:
        click.echo(describe.as_json(contract))
    else:
        from rich.console import Console

        describe.print_contract(contract, Console())


@main.command()
@click.argument("pages", nargs=-1, type=_PATH)
@click.option("--out", type=_PATH, default="schemas", show_default=True, help="The folder to write to, or to compare.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 and name the files that are not what the page says.")
def emit(pages: tuple[Path, ...], out: Path, check: bool) -> None:
    """Write the JSON Schemas, XSDs and the OpenAPI document of PAGES (default: the page that comes along)."""
    from contracts import emit as emitter

    contract = load(pages)
    if check:
        stale = emitter.stale(contract, out)
        for name in stale:
            click.echo(f"stale: {out / name}", err=True)
        if stale:
            click.echo(f"    what to do: portal-contract emit --out {out}", err=True)
            raise click.exceptions.Exit(1)
        click.echo(f"{out}: up to date")
        return
    for path in emitter.write(contract, out):
        click.echo(path)


if __name__ == "__main__":
    main()
