"""The command `portal-contract`: read a page, emit its schemas, list the requirements, check an endpoint.

The rule: this file only parses options, calls, prints and exits; how a command fails is `contracts.console`'s. The
heavy parts are imported inside the commands that need them, so that `--help` answers at once.
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from contracts.console import EXIT_CODES, Group, made_folder, plain_streams, put_json
from contracts.errors import UsageError

if TYPE_CHECKING:
    from contracts.model import Contract

_PATH = click.Path(path_type=Path)
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


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
        put_json(describe.as_json(contract))
    else:
        from rich.console import Console

        describe.print_contract(contract, Console())


@main.command(short_help="Write JSON Schemas, XSDs and OpenAPI.")
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
            again = shlex.join(["portal-contract", "emit", *map(str, pages), "--out", str(out)])
            click.echo(f"    what to do: {again}; then delete those still named", err=True)
            raise click.exceptions.Exit(1)
        click.echo(f"{out}: up to date")
        return
    for name in emitter.write(contract, made_folder(out)):
        click.echo(out / name)


_PAGES = click.option(
    "--page",
    "pages",
    multiple=True,
    type=_PATH,
    metavar="FILE",
    help="A saved help page to judge by, HTML or text; repeat it for several.",
)


@main.command(short_help="List what an endpoint owes by its page.")
@_PAGES
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON, for programs.")
def requirements(pages: tuple[Path, ...], as_json: bool) -> None:
    """List what an endpoint owes by its page: each requirement with its level and source."""
    from contracts import conformance

    found = conformance.requirements_of(load(pages))
    if as_json:
        put_json(conformance.requirements_as_json(found))
    else:
        from rich.console import Console

        conformance.print_requirements(found, Console())


@main.command(short_help="Judge an endpoint by its help page.")
@click.argument("base_url")
@_PAGES
@click.option("--seed", default=1, show_default=True, help="What the searches start from.")
@click.option("--run-id", metavar="TEXT", help="Marks this run's keys: 1 to 20 letters and digits.  [default: new]")
@click.option("--only", multiple=True, metavar="GLOB", help="Judge only requirements of these ids; repeatable.")
@click.option("--report", type=_PATH, metavar="DIR", help="Write report.ndjson and report.html into this folder.")
@click.option(
    "--fail-level",
    type=click.Choice(["must", "should"]),
    default="should",
    show_default=True,
    help="The weakest level whose violation makes the exit code 1.",
)
@click.option("--header", multiple=True, metavar="NAME:VALUE", help="Send this header with every request; repeatable.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for an answer.",
)
@click.option("--ca", type=_FILE, metavar="FILE", help="Trust the certificate authorities in this file.")
@click.option("--insecure", is_flag=True, help="Do not verify the target's certificate.")
@click.option("--allow-writes-to", metavar="HOST", help="Needed where BASE_URL is not this machine: name its host.")
def check(
    base_url: str,
    pages: tuple[Path, ...],
    seed: int,
    run_id: str | None,
    only: tuple[str, ...],
    report: Path | None,
    fail_level: Literal["must", "should"],
    header: tuple[str, ...],
    timeout: float,
    ca: Path | None,
    insecure: bool,
    allow_writes_to: str | None,
) -> None:
    """Judge the endpoint at BASE_URL by its help page; the exit code says what came of it.

    BASE_URL is what stands before the page's path: http://127.0.0.1:8080 for http://127.0.0.1:8080/api/... The
    judge writes invented records there, and uses the documented operation only. The same seed and run id send the same
    requests.
    """
    from rich.console import Console

    from contracts import conformance

    contract = load(pages)
    verify = False if insecure else str(ca) if ca else True
    target = conformance.Target(base_url, _headers(header), timeout, verify, allow_writes_to)
    if report is not None:
        made_folder(report)  # before the run, not after it
    settings = conformance.Settings(seed=seed, run_id=run_id, include=only, fail_level=fail_level)
    console = Console(highlight=False)
    with conformance.progress_on(Console(stderr=True)) as progress:
        result = conformance.check(contract, target, settings, progress)
    conformance.print_report(result, console)
    if report is not None:
        for path in conformance.write_report(result, report):
            click.echo(f"report: {path}")
    raise click.exceptions.Exit(result.exit_code)


def _headers(given: tuple[str, ...]) -> dict[str, str]:
    """Headers given as NAME:VALUE, by name."""
    found = {}
    for text in given:
        name, colon, value = (part.strip() for part in text.partition(":"))
        if not name or not colon or not (name + value).isprintable():
            raise UsageError(
                f"--header {text!r} is not NAME:VALUE\n    what to do: write it as --header 'X-Name: value'"
            )
        found[name] = value
    return found


if __name__ == "__main__":
    main()
