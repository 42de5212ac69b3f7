"""The command `portal-mock`: serve the stub portal, or show everything once.

The rule: this file only parses options, calls, prints and exits; how a command fails is `contracts.console`'s. The
heavy parts are imported inside the commands that need them, so that `--help` answers at once and `serve` is soon ready.
"""

from __future__ import annotations

from pathlib import Path
from typing import IO

import click

from contracts.console import EXIT_CODES, Group, paper, plain_streams
from mockserver.cli_grade import grade
from mockserver.cli_guards import faults
from mockserver.cli_proxy import proxy
from mockserver.cli_serve import contract_of, mode_options, pages_option, serve

_PATH = click.Path(path_type=Path)


@click.group(
    cls=Group,
    epilog=EXIT_CODES,
    help="A stub portal made from an ASP.NET Web API help page: it answers as the real portal would.",
)
@click.version_option(package_name="portal-contract")
def main() -> None:
    plain_streams()


@main.command(short_help="List what `serve --defect` can do wrong.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON, for programs.")
def defects(as_json: bool) -> None:
    """List the faults that `serve --defect NAME` gives to the stub portal.

    Each says what is wrong and which requirement of the judge must convict it.
    """
    from mockserver.defects import listing

    if as_json:
        click.echo(listing.as_json())
    else:
        with paper(highlight=False) as console:
            listing.print_defects(console)


@main.command(short_help="Show it all once, in some seconds.")
@pages_option
@click.option(
    "--report",
    type=_PATH,
    metavar="FOLDER",
    help="Where the judge's report is put.  [default: a new folder for temporary files]",
)
def demo(pages: tuple[Path, ...], report: Path | None) -> None:
    """Show it all once: a stub portal, the page's own samples, and the judge; takes some seconds.

    Starts a stub portal on a free port, posts the page's sample in every format, creates and updates, judges the stub
    portal by the page, and stops everything.
    """
    import tempfile

    from rich.console import Console

    from mockserver.demo import show

    contract = contract_of(pages)
    folder = report or Path(tempfile.mkdtemp(prefix="portal-report-"))
    raise click.exceptions.Exit(show(contract, folder, Console(highlight=False)))


@main.command(short_help="Say what a request would lose, and why.")
@click.argument("request_file", type=click.File("rb"))
@pages_option
@mode_options
def explain(request_file: IO[bytes], pages: tuple[Path, ...], strict: bool, zone: str) -> None:
    """Say what the portal would make of a request, what it would silently lose, and what to send instead.

    REQUEST_FILE is a raw HTTP request, a HAR file or an entry of one, an answer of GET /_portal/journal, or "-" for
    standard input. Nothing is sent anywhere.
    """
    from rich.console import Console

    from mockserver.explain import Explainer, requests
    from mockserver.explain.show import show
    from mockserver.settings import zone_of

    contract = contract_of(pages)
    explainer = Explainer(contract, strict=strict, zone=zone_of(zone))
    console = Console(highlight=False)
    clean = True
    for number, request in enumerate(requests.read(request_file.read(), getattr(request_file, "name", "the input"))):
        if number:
            console.print()
        found = explainer.explain(request)
        show(found, contract, console)
        clean = clean and found.clean
    raise click.exceptions.Exit(0 if clean else 1)


main.add_command(serve)
main.add_command(grade)
main.add_command(faults)
main.add_command(proxy)

if __name__ == "__main__":
    main()
