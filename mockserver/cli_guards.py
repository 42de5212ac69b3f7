"""The options of `portal-mock serve` for who may call, by TLS or not, and for what is to go wrong; and `faults`.

The rule: this file only parses options and prints. What they mean stands in `auth`, `tls` and `faults`, which are
imported when they are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contracts.errors import UsageError

if TYPE_CHECKING:
    from mockserver.auth import Scheme
    from mockserver.faults import Rule
    from mockserver.tls import Tls

_PATH = click.Path(path_type=Path)
_OPTIONS = (
    click.option(
        "--fault",
        "fault_texts",
        multiple=True,
        metavar="FAULT",
        help='Let requests fail on purpose, as "status=503;count=2;path=/api/*" (portal-mock faults lists what there '
        "is); repeatable.",
    ),
    click.option("--faults", "fault_files", multiple=True, type=_PATH, metavar="FILE", help="Those of a TOML file."),
    click.option(
        "--auth",
        "schemes",
        multiple=True,
        metavar="SCHEME",
        help="Ask who calls: header:NAME=env:VARIABLE, basic:USER:env:VARIABLE or bearer:env:VARIABLE; file:PATH reads "
        "a file. Several may be given, one of them suffices.",
    ),
    click.option("--tls", is_flag=True, help="Serve by TLS, with a certificate made for it."),
    click.option(
        "--tls-folder", type=_PATH, metavar="FOLDER", help="Keep that certificate there, for clients to trust."
    ),
    click.option("--tls-cert", type=_PATH, metavar="FILE", help="Serve by TLS, with this certificate (PEM)."),
    click.option("--tls-key", type=_PATH, metavar="FILE", help="Its key (PEM)."),
    click.option(
        "--tls-client-ca",
        type=_PATH,
        metavar="FILE",
        help="Speak only with clients that this authority has certified.",
    ),
)


def guard_options(command: Any) -> Any:
    """The options of this file."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True)
class Guards:
    """What the options of this file ask for."""

    faults: tuple[Rule, ...]
    auth: tuple[Scheme, ...]
    tls: bool
    folder: Path | None
    certificate: Path | None
    key: Path | None
    client_ca: Path | None

    @contextmanager
    def serving(self, host: str) -> Iterator[Tls | None]:
        """What TLS needs while the block runs, None where it is not asked for; UsageError as `mockserver.tls`."""
        if not self.tls and self.certificate is None:
            yield None
            return
        from mockserver import tls

        if self.certificate is not None and self.key is not None:
            yield tls.Tls(self.certificate, self.key, self.client_ca).check()
            return
        with tls.made(host, self.folder, self.client_ca) as found:
            found.check()
            click.echo(f"certificate: {found.certificate}", err=True)
            yield found

    def warn(self, host: str, token: bool, secure: bool) -> None:
        """Say what a portal that other machines reach does not ask for; `token` guards the control API."""
        missing = [] if self.auth or self.client_ca is not None else ["asks nobody for a password"]
        if missing and token:
            missing[0] += ", but for /_portal/"
        elif not missing and not token:
            missing.append("lets everybody use /_portal/ (--control-token, --no-control)")
        if not secure:
            missing.append("sends and takes everything in the clear (--tls)")
        if missing:
            click.echo(
                f"warning: {host} lets other machines in, and this stub portal {' and '.join(missing)}", err=True
            )


def taken(given: dict[str, Any]) -> Guards:
    """What the options of this file mean; they are taken out of `given`. UsageError says which makes no sense."""
    texts, files, schemes = (given.pop(name) for name in ("fault_texts", "fault_files", "schemes"))
    tls, folder, certificate, key, client_ca = (
        given.pop(name) for name in ("tls", "tls_folder", "tls_cert", "tls_key", "tls_client_ca")
    )
    if (certificate is None) != (key is None):
        raise UsageError("--tls-cert and --tls-key belong together\n    what to do: give both, or --tls alone")
    if certificate is not None and (tls or folder is not None):
        raise UsageError("--tls makes a certificate, --tls-cert names one\n    what to do: leave one of them out")
    if client_ca is not None and not (tls or folder or certificate):
        raise UsageError("--tls-client-ca needs TLS\n    what to do: give --tls, or --tls-cert and --tls-key")
    return Guards(
        _faults(texts, files), _schemes(schemes), tls or folder is not None, folder, certificate, key, client_ca
    )


def _faults(texts: tuple[str, ...], files: tuple[Path, ...]) -> tuple[Rule, ...]:
    if not texts and not files:
        return ()
    from mockserver import faults

    return (*(faults.read_text(text) for text in texts), *(one for path in files for one in faults.read_file(path)))


def _schemes(given: tuple[str, ...]) -> tuple[Scheme, ...]:
    if not given:
        return ()
    from mockserver import auth

    return auth.read(given)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON, for programs.")
def faults(as_json: bool) -> None:
    """List what `serve --fault` and the control API can let go wrong.

    Each with what it does, what the client sees, and its parameters; then with which requests, and how often.
    """
    import json

    from mockserver.faults.kinds import COUNTS, KINDS, MATCHERS

    if as_json:
        rows = {"matchers": MATCHERS, "counts": COUNTS}
        told: dict[str, Any] = {
            "kinds": {
                name: {
                    "told": kind.told,
                    "seen": kind.seen,
                    "parameters": {one: row.schema for one, row in kind.parameters.items()},
                }
                for name, kind in KINDS.items()
            }
        }
        told |= {name: {one: row.schema for one, row in table.items()} for name, table in rows.items()}
        click.echo(json.dumps(told, indent=2))
        return
    for name, kind in KINDS.items():
        click.echo(name)
        _told("    ", kind.told)
        _told("    ", f"The client sees: {kind.seen}" + "." * (not kind.seen.endswith('."')))
        for one, row in kind.parameters.items():
            _row(one, row)
    for title, table in (("with which requests", MATCHERS), ("how often", COUNTS)):
        click.echo(f"\n{title}")
        for one, row in table.items():
            _row(one, row)
    click.echo(
        '\nfor example\n    --fault "status=503;count=2;path=/api/*"\n    --fault "latency=500ms;probability=0.2"'
    )


def _row(name: str, row: Any) -> None:
    default = "" if row.default is None else f"  [default: {str(row.default).lower()}]"
    _told(f"    {name}  ", f"{row.told}: {row.expected}{default}")


def _told(indent: str, sentence: str) -> None:
    import textwrap

    click.echo(textwrap.fill(sentence, 80, initial_indent=indent, subsequent_indent="        ", break_on_hyphens=False))
