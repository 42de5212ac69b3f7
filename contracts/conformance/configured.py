"""A target and settings from `portal.toml` and from what the command line says over it.

The rule: what is said on the command line wins; what neither says has the default of `Target` and `Settings`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from contracts.conformance.config import Config, read
from contracts.conformance.settings import Settings
from contracts.conformance.target import Target
from contracts.errors import UsageError

DEFAULT = Path("portal.toml")


def read_config(path: Path | None) -> Config:
    """The configuration in a file; without one, in ./portal.toml where there is such a file, else an empty one."""
    if path is not None:
        return read(path)
    return read(DEFAULT) if DEFAULT.is_file() else Config()


def target_of(
    config: Config,
    url: str | None,
    headers: Mapping[str, str] | None = None,
    verify: bool | str | None = None,
    **over: Any,
) -> Target:
    """The target; `over` holds fields of Target, None where nothing is said. UsageError where no URL is known."""
    url = url or config.url
    if url is None:
        raise UsageError("no BASE_URL is given\n    what to do: give one, or write url in [target] of portal.toml")
    fields = ("timeout", "proxy", "rate", "budget", "allow_writes_to")
    told = {name: over.get(name) if over.get(name) is not None else getattr(config, name) for name in fields}
    return Target(
        url,
        headers={**config.headers, **(headers or {})},
        verify=config.verify if verify is None else verify,
        client_cert=config.client_cert,
        secrets=config.secrets,
        **{name: value for name, value in told.items() if value is not None},
    )


def settings_of(config: Config, **told: Any) -> Settings:
    """The settings; `told` holds fields of Settings that the command line says."""
    prefix: dict[str, Any] = {} if config.key_prefix is None else {"key_prefix": config.key_prefix}
    return Settings(accepts=config.accepts, zone=config.time_zone, deviations=config.deviations, **prefix, **told)
