"""The command `portal-mock proxy`.

The rule: as for all of `mockserver.cli`: options, calls, printing, an exit code.
"""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contracts.errors import UsageError
from contracts.options import named_values
from mockserver.cli_serve import contract_of, pages_option

if TYPE_CHECKING:
    from contracts.model import Contract

_PATH = click.Path(path_type=Path)


@click.command(short_help="Stand between a client and a real portal.")
@click.option("--target", metavar="URL", help="The real portal: what stands before the page's paths.")
@click.option("--record", type=_PATH, metavar="FILE", help="Append every exchange to this file, a line of JSON each.")
@click.option("--replay", type=_PATH, metavar="FILE",
              help="Answer from this recording (or a HAR) in place of a portal.")  # fmt: skip
@pages_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True,
              help="The port; 0 takes a free one.")  # fmt: skip
@click.option("--allow-writes-to", metavar="HOST", help="Needed where the target is not this machine.")
@click.option("--read-only", is_flag=True, help="Pass on only GET, HEAD and OPTIONS; all else is answered with 403.")
@click.option("--header", "headers", multiple=True, metavar="NAME:VALUE",
              help="Send this with every request; a value env:VARIABLE is read from there; repeatable.")  # fmt: skip
@click.option("--ca", type=_PATH, metavar="FILE", help="The certificate authorities to trust, as PEM.")
@click.option("--timeout", type=click.FloatRange(0.001), default=30.0, show_default=True, metavar="SECONDS",
              help="How long the target may take.")  # fmt: skip
@click.option("--zone", default="UTC", show_default=True, help="The portal server's time zone, for what would be lost.")
@click.option("--secret", "secrets", multiple=True, metavar="NAME",
              help="A further header or query parameter whose value is never kept; repeatable.")  # fmt: skip
def proxy(target: str | None, replay: Path | None, **given: Any) -> None:
    """Stand between a client and a real portal, and judge both by the page; or answer from a recording.

    Point the client at the proxy. /_portal/ shows what was sent and answered, with the verdict of the page's schemas on
    both, and what a portal of this kind silently loses; portal-mock grade judges the client.
    """
    if (target is None) == (replay is None):
        raise UsageError(
            "proxy needs --target URL or --replay FILE, one of them\n"
            "    what to do: portal-mock proxy --target https://portal.example --read-only"
        )
    with ExitStack() as until_the_end:
        _serve(target, replay, until_the_end, **given)


def _serve(target: str | None, replay: Path | None, until_the_end: ExitStack, *, pages: tuple[Path, ...], host: str,
           port: int, record: Path | None, zone: str, secrets: tuple[str, ...], **given: Any) -> None:  # fmt: skip
    from mockserver import proxy as proxies
    from mockserver import server
    from mockserver.app import create_app
    from mockserver.control import Options
    from mockserver.control.guard import is_loopback
    from mockserver.journal import Secrets
    from mockserver.store import open_store

    given_headers = _headers(given["headers"])
    contract, hidden = contract_of(pages), Secrets.of((*secrets, *given_headers))
    if target is not None:
        handle, what = _forwarding(target, given_headers, contract, zone, given), f"Proxy to {target}"
    else:
        assert replay is not None
        handle = proxies.Recorded(proxies.exchanges_of(replay, contract), hidden)
        what = f"Recorded portal ({len(handle)} answers)"
    journal = None if record is None else until_the_end.enter_context(proxies.Recording(record, hidden))
    listener = server.bind(host, port)
    url = server.url_of(listener)
    app = create_app(
        contract,
        until_the_end.enter_context(open_store("memory")),
        zone=zone,
        journal=journal,
        quiet_losses=True,  # the portal's answer is passed on as it is; the journal tells
        most_tenants=0,
        answering=handle,
        secrets=(*secrets, *given_headers),
        options=Options(local=is_loopback(host)),
    )

    def ready() -> None:
        click.echo(f"{what} on {url}/  journal: /_portal/  stop: Ctrl-C")
        sys.stdout.flush()

    if not server.serve(app, listener, ready):
        sys.stdout.flush()
        os._exit(0)


def _forwarding(target: str, headers: dict[str, str], contract: Contract, zone: str, given: dict[str, Any]) -> Any:
    """What passes requests on to the target, as the options say."""
    from mockserver import proxy as proxies
    from mockserver.settings import zone_of

    trusted = True if given["ca"] is None else str(given["ca"])
    there = proxies.Target(target, headers, given["timeout"], trusted, given["allow_writes_to"], given["read_only"])
    return proxies.Forwarding(there, contract, zone_of(zone))


def _headers(given: tuple[str, ...]) -> dict[str, str]:
    """Headers given as NAME:VALUE, by name; a value env:VARIABLE is read from there."""
    from mockserver.assembly import secret

    named = named_values(given)
    return {name: secret(value, "--header") if value.startswith("env:") else value for name, value in named.items()}
