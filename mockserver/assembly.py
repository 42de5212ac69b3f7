"""What the options of `portal-mock serve` come to: the portal put together, once or in every worker.

The rule: whatever makes no sense is told here, before a port is bound; from here on nothing knows of a command line.
Parsing and printing may not live here.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts import loading
from contracts.errors import UsageError
from contracts.model import Contract
from mockserver import settings
from mockserver.app import create_app
from mockserver.auth import Scheme
from mockserver.control import Options, cors
from mockserver.control.guard import is_loopback
from mockserver.control.seeding import seed
from mockserver.faults import Rule
from mockserver.settings import Settings
from mockserver.store import Bell, Store, open_store
from mockserver.tls import Tls


@dataclass(frozen=True)
class Serving:
    """What the options ask for, beside host and port."""

    contract: Contract
    settings: Settings
    options: Options
    tenants: int
    seeds: tuple[Path, ...]
    shared: bool
    keep_journal: bool
    secrets: tuple[str, ...]
    faults: tuple[Rule, ...] = ()
    auth: tuple[Scheme, ...] = ()

    def app(self, records: Store) -> Any:
        """The app on a store."""
        set_ = self.settings
        return create_app(
            self.contract,
            records,
            strict=set_.strict,
            zone=set_.zone,
            clock=set_.clock,
            references=set_.references,
            defects=set_.defects,
            quiet_losses=set_.quiet_losses,
            body_limit=set_.body_limit,
            most_tenants=self.tenants,
            shared=self.shared,
            keep_journal=self.keep_journal,
            secrets=self.secrets,
            options=self.options,
            faults=self.faults,
            auth=self.auth,
        )

    def seeded(self, records: Store) -> Any:
        """The app on a store that has the records of the files."""
        made = self.app(records)
        if self.seeds:
            seed(made.extensions["portal"], self.seeds)
        return made


def read(
    host: str,
    store: str,
    workers: int,
    *,
    pages: tuple[Path, ...],
    strict: bool,
    zone: str,
    clock: str,
    references: bool,
    seeds: tuple[Path, ...],
    journal: str | None,
    secrets: tuple[str, ...],
    tenants: int,
    body_limit: int | None,
    control_token: str | None,
    no_control: bool,
    origins: tuple[str, ...],
    faults: tuple[str, ...],
    quiet_losses: bool,
) -> Serving:
    """What the options mean; UsageError says which of them makes no sense."""
    asked = settings.made(
        zone,
        strict=strict,
        clock=clock,
        references=references,
        defects=faults,
        quiet_losses=quiet_losses,
        body_limit=settings.BODY_LIMIT if body_limit is None else body_limit,
    )
    if no_control and control_token is not None:
        raise UsageError("--no-control and --control-token exclude each other\n    what to do: leave one of them out")
    may = Options(
        off=no_control,
        token=None if control_token is None else secret(control_token, "--control-token"),
        origins=tuple(cors.origin_of(origin) for origin in origins),
        local=is_loopback(host),
    )
    shared = workers > 1 or not store.startswith(("memory", "sqlite:"))
    kept = journal == "store" or (journal is None and workers > 1)
    return Serving(loading.load_operations(pages), asked, may, tenants, seeds, shared, kept, secrets)


def secret(given: str, option: str) -> str:
    """The value of an option that is a secret; "env:NAME" is read from the environment. UsageError when it is empty."""
    name = given.removeprefix("env:")
    value = os.environ.get(name, "") if name != given else given
    if not value:
        what = f"the variable {name} is not set" if name != given else "it is empty"
        raise UsageError(
            f"{option} gives no secret: {what}\n    what to do: {option} SECRET, or env:NAME of a variable"
        )
    return value


def serve_together(
    serving: Serving,
    store: str,
    listener: socket.socket,
    ready: Callable[[], None],
    workers: int,
    tls: Tls | None = None,
) -> None:
    """Serve with several processes, each with the store opened for itself."""
    from mockserver import workers as crew

    with crew.shared(store) as url:
        with open_store(url) as records:  # what is wrong with it is told once, and it is made and filled by one
            serving.seeded(records)
        # In a file, nobody but the workers is expected; in a server's database, portals elsewhere are.
        bell = Bell() if url.startswith("sqlite:") else None

        @contextmanager
        def make_app() -> Iterator[Callable[..., Any]]:
            with open_store(url, bell) as records:
                yield serving.app(records)

        crew.serve(make_app, listener, ready, workers, tls=tls)
