"""The command `portal-mock`: serve the stub portal, or show everything once.

The rule: this file only parses options, calls, prints and exits; how a command fails is `contracts.console`'s. The
heavy parts are imported inside the commands that need them, so that `--help` answers at once and `serve` is soon ready.
"""

from __future__ import annotations

import gc
import logging
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, tzinfo
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from contracts.console import EXIT_CODES, Group, plain_streams
from contracts.errors import UsageError

if TYPE_CHECKING:
    from contracts.model import Contract
    from mockserver.store import Store

_PATH = click.Path(path_type=Path)
_PAGES = click.option(
    "--page",
    "pages",
    multiple=True,
    type=_PATH,
    metavar="FILE",
    help="A saved help page, HTML or text; repeat it for several.",
)
_LOOPBACK = ("127.", "::1", "localhost")


@click.group(
    cls=Group,
    epilog=EXIT_CODES,
    help="A stub portal made from an ASP.NET Web API help page: it answers as the real portal would.",
)
@click.version_option(package_name="portal-contract")
def main() -> None:
    plain_streams()


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="The port; 0 takes a free one."
)
@click.option(
    "--strict/--lenient", default=True, help='Enforce what the page calls "(Required)", or not.  [default: strict]'
)
@click.option(
    "--store",
    default="memory",
    show_default=True,
    metavar="memory|sqlite:///FILE|postgresql://…",
    help="Where records are kept: in memory until the stop, in a file, or in a PostgreSQL database.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="So many processes serve the port together; not on Windows.",
)
@_PAGES
@click.option(
    "--zone", default="UTC", show_default=True, help="The portal server's time zone, for example Europe/Athens."
)
@click.option(
    "--defect",
    "faults",
    multiple=True,
    metavar="NAME",
    help="Have this fault, to put a judge or a client to the test (portal-mock defects lists them); repeatable.",
)
@click.option(
    "--quiet-losses",
    is_flag=True,
    help="Do not tell in a header and in the log what of a request was silently lost.",
)
def serve(
    host: str,
    port: int,
    strict: bool,
    store: str,
    workers: int,
    pages: tuple[Path, ...],
    zone: str,
    faults: tuple[str, ...],
    quiet_losses: bool,
) -> None:
    """Run the stub portal until Ctrl-C.

    Without --page it stands in for the portal whose page comes with this project. Everything that is not the vendor's
    lives under /_portal/; open that path in a browser to see how to use it.
    """
    with ExitStack() as until_the_end:
        with _no_garbage():
            from mockserver import server

            server_zone = _zone(zone)
            if faults:
                from mockserver.defects import find

                find(faults)
            contract = _contract(pages)
            listener = server.bind(host, port)
            url = server.url_of(listener)
            if not host.startswith(_LOOPBACK):
                click.echo(
                    f"warning: {host} lets other machines in, and this stub portal asks nobody for a password", err=True
                )

            from mockserver.app import create_app
            from mockserver.store import open_store

            _log(quiet_losses)

            def made(records: Store) -> server.Wsgi:
                return create_app(
                    contract, records, strict=strict, zone=server_zone, defects=faults, quiet_losses=quiet_losses
                )

            if workers == 1:
                app = made(until_the_end.enter_context(open_store(store)))
        if workers > 1:
            _serve_together(made, store, listener, lambda: _say_where(url, strict, faults), workers)
            return
        ended = server.serve(app, listener, lambda: _say_where(url, strict, faults))
    if not ended:  # the thread of a request that does not end may wake while the interpreter ends, and bring it down
        sys.stdout.flush()
        os._exit(0)


def _serve_together(
    made: Callable[[Store], Callable[..., Any]],
    store: str,
    listener: socket.socket,
    ready: Callable[[], None],
    workers: int,
) -> None:
    """Serve with several processes, each with the store opened for itself."""
    from mockserver import workers as crew
    from mockserver.store import open_store

    with crew.shared(store) as url:
        open_store(url).close()  # what is wrong with it is told once, and it is made by one

        @contextmanager
        def make_app() -> Iterator[Callable[..., Any]]:
            with open_store(url) as records:
                yield made(records)

        crew.serve(make_app, listener, ready, workers)


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
    # Logging HOWTO, "Optimization": no line shows its thread, its process or its place in the code.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None


def _say_where(url: str, strict: bool, faults: tuple[str, ...]) -> None:
    mode = "strict" if strict else "lenient"
    defects = f"  with defects: {', '.join(faults)}" if faults else ""
    click.echo(f"Stub portal ({mode}) on {url}/{defects}  help: /_portal/  stop: Ctrl-C")
    sys.stdout.flush()


def _contract(pages: tuple[Path, ...]) -> Contract:
    """The contract of the given pages, or of the pages that come with this project where none is given."""
    from contracts import helppage

    return helppage.read(*pages) if pages else helppage.shipped()


def _zone(name: str) -> tzinfo:
    if name.upper() == "UTC":
        return UTC
    import zoneinfo

    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(
            f"unknown time zone {name!r}\n"
            "    what to do: name one as Europe/Athens; where the system has none of them (Windows): pip install tzdata"
        ) from error


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON, for programs.")
def defects(as_json: bool) -> None:
    """List the faults that `serve --defect NAME` gives to the stub portal.

    Each says what is wrong and which requirement of the judge must convict it.
    """
    from mockserver.defects import listing

    if as_json:
        click.echo(listing.as_json())
    else:
        from rich.console import Console

        listing.print_defects(Console(highlight=False))


@main.command()
@_PAGES
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

    contract = _contract(pages)
    folder = report or Path(tempfile.mkdtemp(prefix="portal-report-"))
    raise click.exceptions.Exit(show(contract, folder, Console(highlight=False)))


@main.command()
@click.argument("request_file", type=click.File("rb"))
@_PAGES
@click.option(
    "--strict/--lenient", default=True, help='Enforce what the page calls "(Required)", or not.  [default: strict]'
)
@click.option(
    "--zone", default="UTC", show_default=True, help="The portal server's time zone, for example Europe/Athens."
)
def explain(request_file: IO[bytes], pages: tuple[Path, ...], strict: bool, zone: str) -> None:
    """Say what the portal would make of a request, what it would silently lose, and what to send instead.

    REQUEST_FILE is a raw HTTP request, a HAR file or an entry of one, an answer of GET /_portal/journal, or "-" for
    standard input. Nothing is sent anywhere.
    """
    from rich.console import Console

    from mockserver.explain import Explainer, requests
    from mockserver.explain.show import show

    contract = _contract(pages)
    explainer = Explainer(contract, strict=strict, zone=_zone(zone))
    console = Console(highlight=False)
    clean = True
    for number, request in enumerate(requests.read(request_file.read(), getattr(request_file, "name", "the input"))):
        if number:
            console.print()
        found = explainer.explain(request)
        show(found, contract, console)
        clean = clean and found.clean
    raise click.exceptions.Exit(0 if clean else 1)


if __name__ == "__main__":
    main()
