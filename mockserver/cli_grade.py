"""The command `portal-mock grade`.

The rule: as for all of `mockserver.cli`: options, calls, printing, an exit code.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from contracts.errors import UsageError
from mockserver.cli_serve import contract_of, pages_option

if TYPE_CHECKING:
    from mockserver.grade import Grade


EPILOG = """\b
Exit codes:
  0   clean: no rule of --fail-level or worse is broken
  1   not clean
  2   wrong usage, or a file that cannot be read
  3   not shown: nothing was recorded, or the portal cannot be reached
  70  a fault of our own (please report it)
  130 stopped by Ctrl-C before it was done
"""


@click.command(epilog=EPILOG)
@click.argument("file", required=False, type=click.File("rb"))
@click.option("--url", metavar="URL", help="Judge the journal of the stub portal that runs there.")
@click.option("--tenant", default="", metavar="NAME", help="Of that portal, this tenant.")
@pages_option
@click.option("--zone", default="", help="The portal server's time zone.  [default: the portal's own, else UTC]")
@click.option("--fail-level", type=click.Choice(["error", "warning", "info"]), default="warning", show_default=True,
              help="The level from which on a broken rule makes the client not clean.")  # fmt: skip
@click.option("--secret", "secrets", multiple=True, metavar="NAME",
              help="A further header or query parameter whose value is never shown; repeatable.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json", "ndjson", "junit", "html"]), default="text",
              show_default=True, help="What is printed.")  # fmt: skip
@click.option("--report", type=click.Path(path_type=Path), metavar="FOLDER",
              help="Write grade.ndjson, grade.junit.xml and grade.html there as well.")  # fmt: skip
@click.option("--rules", "listed", is_flag=True, help="List the rules and stop.")
def grade(file: IO[bytes] | None, url: str | None, listed: bool, **options: Any) -> None:
    """Judge a client by what it sent: is it well-behaved?

    FILE is a HAR (from a browser or a proxy, of any portal of the page), an answer of GET /_portal/journal, or "-" for
    standard input; or give --url. A rule that nothing exercised is "not seen", never passed.
    """
    if listed:
        _list()
        return
    if (file is None) == (url is None):
        raise UsageError(
            "grade needs a FILE or --url, one of them\n    what to do: portal-mock grade --url http://127.0.0.1:8080"
        )
    found = _graded(file, url, **options)
    _print(found, options["form"])
    if options["report"] is not None:
        _write(found, options["report"])
    raise click.exceptions.Exit(found.exit_code)


def _graded(
    file: IO[bytes] | None, url: str | None, *, tenant: str, pages: tuple[Path, ...], zone: str, fail_level: Any,
    secrets: tuple[str, ...], **_: Any,
) -> Grade:  # fmt: skip
    from datetime import UTC

    from contracts.emit import Schemas
    from mockserver.grade import grade, sources
    from mockserver.journal import Secrets
    from mockserver.journal.reading import Reading
    from mockserver.settings import zone_of

    contract = contract_of(pages)
    given = zone_of(zone) if zone else None
    if url is not None:
        traffic, known = sources.fetch(url, contract, tenant)
        name = f"the journal of {url}" + (f", tenant {tenant}" if tenant else "")
    else:
        assert file is not None
        name, known = getattr(file, "name", "") or "the input", UTC
        traffic = sources.read(file.read(), name, contract, given or UTC)
    schemas = Schemas(contract)
    reading = Reading(contract, lambda: schemas, Secrets.of(secrets))
    return grade(
        traffic.exchanges, reading, source=name, left_out=traffic.left_out, fail_level=fail_level, zone=given or known
    )


def _print(found: Grade, form: str) -> None:
    if form == "text":
        from rich.console import Console

        from mockserver.grade.console import show

        show(found, Console(highlight=False))
        return
    from contracts.console import put_json
    from mockserver.grade.writing import write

    text = write(found, form)
    if form == "json":
        put_json(text)
    else:
        click.echo(text.rstrip("\n"))
    sys.stdout.flush()


def _write(found: Grade, folder: Path) -> None:
    from contracts.console import made_folder
    from mockserver.grade.writing import write

    made_folder(folder)
    for name, form in (("grade.ndjson", "ndjson"), ("grade.junit.xml", "junit"), ("grade.html", "html")):
        (folder / name).write_text(write(found, form), encoding="utf-8", newline="\n")


def _list() -> None:
    import textwrap

    from mockserver.grade import rules

    for rule in rules().values():
        click.echo(f"{rule.id}  ({rule.level})")
        click.echo(textwrap.fill(rule.sentence, 78, initial_indent="    ", subsequent_indent="    "))
        click.echo(textwrap.fill(rule.source, 78, initial_indent="    source: ", subsequent_indent="            "))
