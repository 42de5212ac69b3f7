"""What can be set of a portal while it runs, each tenant for itself.

    name · what it is by default · what it may be · what it does          `TABLE`, walked by everything below

The rule: settings are frozen; a change is a new value that is checked as a whole before anybody sees it. Names and
spellings are the same at the command line, in the control API and in a snapshot. What a setting does to an answer may
not live here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, tzinfo
from functools import lru_cache
from typing import Any

from contracts.errors import UsageError
from mockserver import clock

#: The largest body that is read, in bytes.
BODY_LIMIT = 10 * 1024 * 1024


@dataclass(frozen=True)
class Settings:
    """The settings of a tenant. Made by `changed` they are sure to make sense."""

    strict: bool = True
    zone: str = "UTC"
    clock: str = clock.REAL
    references: bool = False
    defects: tuple[str, ...] = ()
    quiet_losses: bool = False
    body_limit: int = BODY_LIMIT
    #: A zone that has no name, given by whoever made the portal in Python.
    given_zone: tzinfo | None = field(default=None, repr=False)

    @property
    def timezone(self) -> tzinfo:
        """The server's time zone; it bears the portal's clock where that is not the real one."""
        zone = self.given_zone or zone_of(self.zone)
        told = clock.read(self.clock, zone)
        return zone if told.real else clock.Timed(zone, told)

    @property
    def stamps(self) -> Callable[[], float]:
        """What records are stamped by, in seconds since 1970."""
        told = clock.read(self.clock, self.given_zone or zone_of(self.zone))
        return time.time if told.real else told.now

    @property
    def mode(self) -> str:
        """ "strict" or "lenient"."""
        return "strict" if self.strict else "lenient"


@dataclass(frozen=True)
class Setting:
    """A row of the table: what a value must be, as JSON Schema and in words, and what it does."""

    schema: Mapping[str, Any]
    expected: str
    told: str
    fits: Callable[[Any], bool]


def _is_texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)


TABLE: Mapping[str, Setting] = {
    "strict": Setting(
        {"type": "boolean"},
        "true or false",
        'whether what the page calls "(Required)" is enforced',
        lambda value: isinstance(value, bool),
    ),
    "zone": Setting(
        {"type": "string"},
        "the name of a time zone, for example Europe/Athens",
        "the time zone of the portal's server",
        lambda value: isinstance(value, str),
    ),
    "clock": Setting(
        {"type": "string"},
        "real, a moment as 2030-01-07T09:00:00Z, or so much more or less as +1d12h",
        "what the portal stamps records with, and takes for today",
        lambda value: isinstance(value, str),
    ),
    "references": Setting(
        {"type": "boolean"},
        "true or false",
        "whether a record that names another one is refused when that is not there",
        lambda value: isinstance(value, bool),
    ),
    "defects": Setting(
        {"type": "array", "items": {"type": "string"}},
        "a list of names; portal-mock defects lists them",
        "the faults that the portal is told to have",
        _is_texts,
    ),
    "quiet_losses": Setting(
        {"type": "boolean"},
        "true or false",
        "whether header and log keep quiet about what was silently lost",
        lambda value: isinstance(value, bool),
    ),
    "body_limit": Setting(
        {"type": "integer", "minimum": 0},
        "a number of bytes",
        "the largest body that is read; a larger one is answered with 413",
        lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0,
    ),
}


def as_data(settings: Settings) -> dict[str, Any]:
    """The settings as JSON-ready data, in the table's order."""
    shown = {name: getattr(settings, name) for name in TABLE}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in shown.items()}


def changed(settings: Settings, changes: Mapping[str, Any]) -> Settings:
    """The settings with some of them changed; UsageError says which value is wrong, and then nothing is changed."""
    for name, value in changes.items():
        row = TABLE.get(name)
        if row is None:
            raise UsageError(f"unknown setting {name!r}\n    what to do: there are {', '.join(TABLE)}")
        if not row.fits(value):
            raise UsageError(f"the setting {name} is {value!r}\n    what to do: give {row.expected}")
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in changes.items()
    }
    if "zone" in given and given["zone"] != settings.zone:
        given["given_zone"] = None
    found = replace(settings, **given)
    if found.defects:
        from mockserver.defects import find  # a portal without defects passes nothing of it

        find(found.defects)
    _ = found.timezone  # names a zone and a clock that there are
    return found


def made(zone: str | tzinfo = "UTC", **given: Any) -> Settings:
    """The settings of these values, the others at their defaults; UsageError as `changed`."""
    unknown = set(given) - {one.name for one in fields(Settings)}
    if unknown:
        raise TypeError(f"no settings: {', '.join(sorted(unknown))}")
    if isinstance(zone, str):
        return changed(Settings(), {**given, "zone": zone})
    return changed(Settings(zone=str(zone), given_zone=zone), given)


@lru_cache(maxsize=64)
def zone_of(name: str) -> tzinfo:
    """The time zone of that name; UsageError when there is none."""
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
