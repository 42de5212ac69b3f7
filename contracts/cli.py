"""The command `portal-contract`: read a page, emit its schemas, list the requirements, check an endpoint,
replay a finding.

The rule: this file only parses options, calls, prints and exits; how a command fails is `contracts.console`'s. The
heavy parts are imported inside the commands that need them, so that `--help` answers at once.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from contracts.console import EXIT_CODES, Group, made_folder, paper, plain_streams, put_json
from contracts.options import named_values, overlay_option, pages_option

if TYPE_CHECKING:
    from contracts.model import Contract

_PATH = click.Path(path_type=Path)
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


def load(pages: tuple[Path, ...], tell: bool = True) -> Contract:
    """The contract of the given pages, or of the pages that come with this project where none is given."""
    from contracts import loading

    return loading.load(pages, tell)


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
@overlay_option
@click.option("--json", "as_json", is_flag=True, help="Print the contract as JSON, for programs.")
@click.option("--only", multiple=True, metavar="NAME", help="Show this operation, model, group or path; repeatable.")
@click.option("--all", "everything", is_flag=True, help="Show everything, however many operations there are.")
@click.option("--settle", is_flag=True, help="Print an overlay to fill in with what the pages leave open.")
def read(pages: tuple[Path, ...], as_json: bool, only: tuple[str, ...], everything: bool, settle: bool) -> None:
    """Print the contract that PAGES promise, with its evidence.

    PAGES are help pages saved as HTML or as flattened text, folders of a saved site, or archives (.zip, .tar.gz,
    .mhtml). What could not be read is shown with its page and line. A site is shown as an index; --only and --all show
    more. Without PAGES, the page that comes with this project is read.
    """
    from contracts import describe, overlay

    contract = load(pages, tell=as_json or settle)
    if as_json:
        put_json(describe.as_json(contract))
    elif settle:
        put_json(overlay.template(contract))
    else:
        with paper() as console:
            describe.print_contract(contract, console, only, everything)


@main.command(short_help="Write JSON Schemas, XSDs and OpenAPI.")
@click.argument("pages", nargs=-1, type=_PATH)
@overlay_option
@click.option("--out", type=_PATH, default="schemas", show_default=True, help="The folder to write to, or to compare.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 and name the files that are not what the page says.")
def emit(pages: tuple[Path, ...], out: Path, check: bool) -> None:
    """Write the JSON Schemas, XSDs and the OpenAPI document of PAGES (default: the page that comes along)."""
    from contracts import emit as emitter

    contract = load(pages)
    if check:
        drift = emitter.drift(contract, out)
        for name, word in drift.items():
            click.echo(f"{word}: {out / name}", err=True)
        if drift:
            again = shlex.join(["portal-contract", "emit", *map(str, pages), "--out", str(out)])
            click.echo(f"    what to do: {again}; then delete those still named", err=True)
            raise click.exceptions.Exit(1)
        click.echo(f"{out}: up to date")
        return
    for name in emitter.write(contract, made_folder(out)):
        click.echo(out / name)


_PAGES = pages_option


@main.command(short_help="List what an endpoint owes by its page.")
@_PAGES
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON, for programs.")
@click.option(
    "--since",
    multiple=True,
    type=_FILE,
    metavar="FILE",
    help="Tell only what differs from an earlier listing (--json), report or page; repeat it for several pages.",
)
def requirements(pages: tuple[Path, ...], as_json: bool, since: tuple[Path, ...]) -> None:
    """List what an endpoint owes by its page: each requirement with its level, the page's lines, and their hash.

    With --since, list what a changed page adds, takes away and says otherwise. Exit code 0: nothing differs; 1:
    something does. Lines that only moved are no difference.
    """
    from contracts import conformance

    found = conformance.requirements_of(load(pages))
    if not since:
        if as_json:
            put_json(conformance.requirements_as_json(found))
        else:
            with paper(highlight=False) as console:
                conformance.print_requirements(found, console)
        return
    told = conformance.differences(_earlier(since), conformance.as_rows(found))
    if as_json:
        put_json(conformance.differences_as_json(told))
    else:
        with paper(highlight=False) as console:
            conformance.print_differences(told, console)
    raise click.exceptions.Exit(1 if told else 0)


def _earlier(files: tuple[Path, ...]) -> Sequence[Mapping[str, Any]]:
    """The requirements as they were: those of a listing or a report, else those that these pages make."""
    from contracts import conformance

    rows = conformance.read_listing(files[0]) if len(files) == 1 else None
    return conformance.as_rows(conformance.requirements_of(load(files))) if rows is None else rows


def _target_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say how a target is reached."""
    options = (
        click.option("--config", type=_PATH, metavar="FILE", help="Settings of the target.  [default: ./portal.toml]"),
        click.option(
            "--header", multiple=True, metavar="NAME:VALUE", help="Send this header with every request; repeatable."
        ),
        click.option(
            "--timeout",
            type=click.FloatRange(min=0, min_open=True),
            metavar="SECONDS",
            help="How long to wait for an answer.  [default: 30]",
        ),
        click.option("--ca", type=_FILE, metavar="FILE", help="Trust the certificate authorities in this file."),
        click.option("--insecure", is_flag=True, help="Do not verify the target's certificate."),
        click.option("--budget", type=click.IntRange(1), metavar="N", help="Send at most so many requests."),
        click.option("--rate", type=click.FloatRange(0, min_open=True), metavar="N", help="At most so many a second."),
        click.option(
            "--allow-writes-to", metavar="HOST", help="Needed where the target is not this machine: name its host."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@main.command(short_help="Judge an endpoint by its help page.")
@click.argument("base_url", required=False)
@_PAGES
@_target_options
@click.option("--seed", default=1, show_default=True, help="What the searches start from.")
@click.option("--run-id", metavar="TEXT", help="Marks this run's keys: 1 to 20 letters and digits.  [default: new]")
@click.option("--only", multiple=True, metavar="GLOB", help="Judge only requirements of these ids; repeatable.")
@click.option(
    "--resource",
    multiple=True,
    metavar="GLOB",
    help="Judge only operations with this path or segment of it; repeatable.",
)
@click.option(
    "--resource-budget", type=click.IntRange(1), metavar="N", help="At most so many requests for each resource."
)
@click.option("--report", type=_PATH, metavar="DIR", help="Write report.ndjson, .html and .junit.xml into this folder.")
@click.option("--profile", default="quick", type=click.Choice(["quick", "full"]), show_default=True, help="How hard.")
@click.option(
    "--fail-level",
    type=click.Choice(["must", "should"]),
    default="should",
    show_default=True,
    help="The weakest level whose violation makes the exit code 1.",
)
def check(
    base_url: str | None,
    pages: tuple[Path, ...],
    seed: int,
    run_id: str | None,
    only: tuple[str, ...],
    resource: tuple[str, ...],
    resource_budget: int | None,
    report: Path | None,
    profile: str,
    fail_level: Literal["must", "should"],
    **options: Any,
) -> None:
    """Judge the endpoint at BASE_URL by its help page; the exit code says what came of it.

    BASE_URL is what stands before the page's path: http://127.0.0.1:8080 for http://127.0.0.1:8080/api/... (default:
    the url in portal.toml). The judge writes invented records there, and uses the documented operations only. The same
    seed and run id send the same requests.
    """
    from contracts import conformance

    config = conformance.read_config(options["config"])
    target = conformance.target_of(config, base_url, **_overrides(options))
    from rich.console import Console

    contract = load(pages)
    if report is not None:
        conformance.forget_report(made_folder(report))  # before the run, not after it
    told = {"include": only, "resources": resource, "share": resource_budget, "profile": profile}
    settings = conformance.settings_of(config, seed=seed, run_id=run_id, fail_level=fail_level, **told)
    with conformance.progress_on(Console(stderr=True)) as progress:
        result = conformance.check(contract, target, settings, progress)
    written = [] if report is None else conformance.write_report(result, report)
    with paper(highlight=False) as console:
        conformance.print_report(result, console)
    for path in written:
        click.echo(f"report: {path}")
    raise click.exceptions.Exit(result.exit_code)


@main.command(short_help="Send a finding again: does it still stand?")
@click.argument("report", type=_PATH)
@click.argument("finding")
@_PAGES
@_target_options
@click.option("--url", metavar="BASE_URL", help="Ask this endpoint.  [default: the report's target]")
def replay(report: Path, finding: str, pages: tuple[Path, ...], url: str | None, **options: Any) -> None:
    """Send FINDING (F1) of REPORT (a folder or its report.ndjson) again and say whether it still stands.

    Exit code 1: it still stands; 0: it is gone; 3: the target could not be asked. Keys are renewed, so that no record
    of the first run is met.
    """
    from contracts import conformance

    asked = conformance.read_finding(report, finding)
    config = conformance.read_config(options["config"])
    target = conformance.target_of(config, url or str(asked.header["target"]), **_overrides(options))
    outcome = conformance.replay(load(pages), target, asked)
    click.echo(f"{finding} {asked.requirement}: {'still stands' if outcome.stands else 'gone'}: {outcome.why}")
    raise click.exceptions.Exit(1 if outcome.stands else 0)


def _overrides(options: Mapping[str, Any]) -> dict[str, Any]:
    """What the options say of the target, over what the file says."""
    verify = False if options["insecure"] else str(options["ca"]) if options["ca"] else None
    told = {name: options[name] for name in ("timeout", "budget", "rate", "allow_writes_to")}
    return {**told, "verify": verify, "headers": named_values(options["header"])}


if __name__ == "__main__":
    main()
