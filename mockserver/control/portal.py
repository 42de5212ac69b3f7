"""What the control API knows of the portal that it controls, and the options that it was given.

The rule: this is the only thing that passes between the app and the control API. Nothing of HTTP may live here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from contracts.model import Contract
from mockserver.control.forms import Forms
from mockserver.journal import Secrets
from mockserver.tenants import Tenants

if TYPE_CHECKING:
    from contracts.emit import Schemas
    from mockserver.journal.reading import Reading


@dataclass(frozen=True)
class Options:
    """Who may use the control API.

    `off` leaves nothing but health; `token` must be borne by every call, health excepted; `origins` are those whose
    pages in a browser may use it; with `local` it answers only who calls this machine by a name of its own (see
    `guard`).
    """

    off: bool = False
    token: str | None = None
    origins: tuple[str, ...] = ()
    local: bool = True


@dataclass(frozen=True)
class Portal:
    """What a running stub portal consists of."""

    contract: Contract
    tenants: Tenants
    secrets: Secrets = field(default_factory=Secrets)

    @cached_property
    def schemas(self) -> Schemas:
        """The emitted schemas; loaded when first asked for, because the libraries behind them take their time."""
        from contracts.emit import Schemas

        return Schemas(self.contract)

    @cached_property
    def reading(self) -> Reading:
        """What the journal's exchanges mean."""
        from mockserver.journal.reading import Reading

        return Reading(self.contract, lambda: self.schemas, self.secrets)

    @cached_property
    def forms(self) -> Forms:
        """Records as JSON, both ways."""
        return Forms(self.contract, lambda: self.schemas)
