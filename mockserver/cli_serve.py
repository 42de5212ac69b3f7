"""The command `portal-mock serve`: its options, and its way from start to end.

The rule: this file only parses options, calls, prints and exits. The heavy parts are imported inside the command,
so that `--help` answers at once and the portal is soon ready. What the options come to stands in `assembly`.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockserver.cli_guards import guard_options, taken

if TYPE_CHECKING:
    from contracts.model import Contract
    from mockserver.assembly import Serving

_PATH = click.Path(path_type=Path)


def pages_option(command: Any) -> Any:
    """The options --page and --overlay, which several commands have."""
    from contracts.options import pages_option as option

    return option(command)


def mode_options(command: Any) -> Any:
    """The options --strict and --zone, which several commands have."""
    zone = click.option(
        "--zone", default="UTC", show_default=True, help="The portal server's time zone, for example Europe/Athens."
    )
    strict = click.option(
        "--strict/--lenient", default=True, help='Enforce what the page calls "(Required)", or not.  [default: strict]'
    )
    return strict(zone(command))


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="The port; 0 takes a free one."
)
@pages_option
@mode_options
@click.option(
    "--clock",
    default="real",
    show_default=True,
    metavar="WHEN",
    help="What time the portal has: real, a moment (2030-01-07T09:00:00Z), or moved (+1d12h, -90m).",
)
@click.option("--references", is_flag=True, help="Refuse a record that names another one which is not there.")
@click.option(
    "--store",
    default="memory",
    show_default=True,
    metavar="URL",
    help="Where records are kept: memory until the stop, sqlite:///FILE, or postgresql://USER:PASSWORD@HOST/NAME.",
)
@click.option(
    "--seed-records",
    "seeds",
    multiple=True,
    type=_PATH,
    metavar="FILE",
    help="Start with these records: RESOURCE.csv, RESOURCE.json, or JSON lists by resource; repeatable.",
)
@click.option(
    "--journal",
    type=click.Choice(["memory", "store"]),
    help="Where the journal is kept: the last exchanges in memory, or all with the store.  [default: memory; store "
    "where there are several workers]",
)
@click.option(
    "--secret",
    "secrets",
    multiple=True,
    metavar="NAME",
    help="A further header or query parameter whose value the journal never shows; repeatable.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="So many processes serve the port together; not on Windows.",
)
@click.option(
    "--tenants",
    type=click.IntRange(0, 100_000),
    default=1000,
    show_default=True,
    help="So many tenants at most, beside the one without a name.",
)
@click.option(
    "--body-limit",
    type=click.IntRange(0),
    metavar="BYTES",
    help="Answer a larger request body with 413.  [default: 10485760]",
)
@click.option("--control-token", metavar="TOKEN", help="Ask for this token under /_portal/; env:NAME reads a variable.")
@click.option("--no-control", is_flag=True, help="Answer nothing under /_portal/ but /_portal/health.")
@click.option(
    "--cors",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    help="Let pages of this origin use the portal from a browser, as http://localhost:3000; repeatable. "
    "* stands for all, but not under /_portal/.",
)
@click.option(
    "--defect",
    "faults",
    multiple=True,
    metavar="NAME",
    help="Have this fault, to put a judge or a client to the test (portal-mock defects lists them); repeatable.",
)
@guard_options
@click.option(
    "--quiet-losses",
    is_flag=True,
    help="Do not tell in a header and in the log what of a request was silently lost.",
)
def serve(host: str, port: int, store: str, workers: int, **given: Any) -> None:
    """Run the stub portal until Ctrl-C.

    Without --page it stands in for the portal whose page comes with this project. Everything that is not the vendor's
    lives under /_portal/; open that path in a browser to see how to use it.

    A client that sends the header Portal-Tenant: NAME, or calls /t/NAME/ before every path, has a portal of its own.
    """
    with ExitStack() as until_the_end:
        with _no_garbage():
            from mockserver import assembly, server

            guards = taken(given)
            serving = replace(assembly.read(host, store, workers, **given), faults=guards.faults, auth=guards.auth)
            listener = server.bind(host, port)
            tls = until_the_end.enter_context(guards.serving(host))
            url = server.url_of(listener, tls)
            if not serving.options.local:
                guards.warn(host, serving.options.token is not None or serving.options.off, tls is not None)

            from mockserver.store import open_store

            _log(serving.settings.quiet_losses)
            if workers == 1:
                app = serving.seeded(until_the_end.enter_context(open_store(store)))
        if workers > 1:
            assembly.serve_together(serving, store, listener, lambda: _say_where(url, serving), workers, tls)
            return
        ended = server.serve(app, listener, lambda: _say_where(url, serving), tls=tls)
    if not ended:  # the thread of a request that does not end may wake while the interpreter ends, and bring it down
        sys.stdout.flush()
        os._exit(0)


def contract_of(pages: tuple[Path, ...]) -> Contract:
    """The contract of the given pages, or of the pages that come with this project where none is given."""
    from contracts import loading

    return loading.load_operations(pages)


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Python's search for garbage stops meanwhile, and later leaves out what was made meanwhile.

    What the start makes stays to the end. Searching it took a tenth of the start, and 30 ms whenever all is searched.
    """
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()


def _log(quiet_losses: bool) -> None:
    logging.basicConfig(format="%(levelname)s: %(message)s")
    logging.getLogger("mockserver.losses").setLevel(logging.WARNING if quiet_losses else logging.INFO)
    logging.getLogger("mockserver.hints").setLevel(logging.INFO)
    logging.getLogger("mockserver.faults").setLevel(logging.INFO)
    # Logging HOWTO, "Optimization": no line shows its thread, its process or its place in the code.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None
    # Whoever read the log may leave: the portal goes on, and there is nobody to tell.
    logging.raiseExceptions = False


def _say_where(url: str, serving: Serving) -> None:
    from mockserver.controllers import resources
    from mockserver.pages import helps

    settings, contract = serving.settings, serving.contract
    defects = f"  with defects: {', '.join(settings.defects)}" if settings.defects else ""
    help_ = "" if serving.options.off else "  help: /_portal/"
    click.echo(f"Stub portal ({settings.mode}) on {url}/{defects}{help_}  stop: Ctrl-C")
    count, of = len(contract.operations), len(resources(contract))
    if count > 1:
        where = "listed at /Help" if helps.there_are(contract) else "listed by portal-contract read"
        click.echo(f"{count} operations on {of} resource{'s' * (of > 1)}, {where}")
    sys.stdout.flush()
