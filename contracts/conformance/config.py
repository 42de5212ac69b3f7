"""`portal.toml`: a target and how to judge it, as a file that can be committed.

    [target]     url, allow_writes_to, timeout, proxy, rate, budget, time_zone, key_prefix
    [headers]    name = value, or "env:NAME" for what the environment holds
    [tls]        verify, ca, client_cert, client_key
    [accepts]    member = [values that the target takes]
    [[deviation]]  requirement, reason, owner, expires

The rule: nothing is guessed. An unknown key, a wrong type, a missing environment variable or file is a UsageError that
names the file, the key and the remedy. Values from the environment are secrets. No secret need stand in the file.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from contracts.conformance.deviations import Deviation
from contracts.errors import UsageError

#: Every key of a table, with the types its value may have.
_KEYS: Mapping[str, Mapping[str, tuple[type, ...]]] = {
    "target": {
        **dict.fromkeys(("url", "allow_writes_to", "proxy", "time_zone", "key_prefix"), (str,)),
        **dict.fromkeys(("timeout", "rate"), (int, float)),
        "budget": (int,),
    },
    "tls": {"verify": (bool,), **dict.fromkeys(("ca", "client_cert", "client_key"), (str,))},
    "deviation": {**dict.fromkeys(("requirement", "reason", "owner"), (str,)), "expires": (date,)},
}
_TABLES = ("target", "headers", "tls", "accepts", "deviation")


@dataclass(frozen=True)
class Config:
    """What the file says; what it does not say is None or empty. `secrets` came from the environment."""

    url: str | None = None
    allow_writes_to: str | None = None
    timeout: float | None = None
    proxy: str | None = None
    rate: float | None = None
    budget: int | None = None
    time_zone: str | None = None
    key_prefix: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    verify: bool | str = True
    client_cert: str | tuple[str, str] | None = None
    accepts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    deviations: tuple[Deviation, ...] = ()
    secrets: tuple[str, ...] = ()


def read(path: Path, environ: Mapping[str, str] = os.environ) -> Config:
    """The configuration in a file; UsageError names what is wrong with it."""
    try:
        whole = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _fault(path, "", error.strerror or "cannot be read", "name a file that is there") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _fault(path, "", f"is no TOML: {error}", "correct it there") from None
    for table in whole:
        if table not in _TABLES:
            raise _fault(path, table, "is not known", f"use one of {', '.join(_TABLES)}")
    target = _table(path, whole, "target")
    tls = _table(path, whole, "tls")
    for name in ("timeout", "rate", "budget"):
        if name in target and target[name] <= 0:
            raise _fault(path, f"target.{name}", f"is {target[name]}", "give a number above 0")
    headers, secrets = _headers(path, whole.get("headers", {}), environ)
    _zone(path, target.get("time_zone"))
    return Config(
        **target,
        headers=headers,
        verify=_verify(path, tls),
        client_cert=_client_cert(path, tls),
        accepts=_accepts(path, whole.get("accepts", {})),
        deviations=_deviations(path, whole.get("deviation", [])),
        secrets=secrets,
    )


def _fault(path: Path, key: str, what: str, remedy: str) -> UsageError:
    return UsageError(f"{path}{': ' + key if key else ''}: {what}\n    what to do: {remedy}")


def _table(path: Path, whole: Mapping[str, Any], name: str) -> dict[str, Any]:
    table = whole.get(name, {})
    if not isinstance(table, dict):
        raise _fault(path, name, "is no table", f"write [{name}]")
    return _checked(path, name, table)


def _checked(path: Path, name: str, table: Mapping[str, Any]) -> dict[str, Any]:
    """The table, when every key is known and of its type."""
    known = _KEYS[name]
    for key, value in table.items():
        if key not in known:
            raise _fault(path, f"{name}.{key}", "is not known", f"use one of {', '.join(known)}")
        if not isinstance(value, known[key]) or (isinstance(value, bool) and bool not in known[key]):
            wanted = " or ".join(kind.__name__ for kind in known[key])
            raise _fault(path, f"{name}.{key}", f"is {type(value).__name__}", f"give a value of type {wanted}")
    return dict(table)


def _headers(
    path: Path, table: Mapping[str, Any], environ: Mapping[str, str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    found, secrets = {}, []
    for name, value in table.items():
        if not isinstance(value, str):
            raise _fault(path, f"headers.{name}", "is no text", 'write it in quotes, or "env:NAME"')
        if value.startswith("env:"):
            variable = value[4:]
            if not environ.get(variable):
                raise _fault(
                    path, f"headers.{name}", f"the environment has no {variable}", f"set {variable} before the run"
                )
            value = environ[variable]
            secrets.append(value)
        found[name] = value
    return found, tuple(secrets)


def _verify(path: Path, tls: Mapping[str, Any]) -> bool | str:
    if "ca" in tls and tls.get("verify") is False:
        raise _fault(path, "tls.verify", "is false beside a ca", "leave one of the two out")
    return _file(path, "tls.ca", tls["ca"]) if "ca" in tls else bool(tls.get("verify", True))


def _client_cert(path: Path, tls: Mapping[str, Any]) -> str | tuple[str, str] | None:
    if "client_cert" not in tls:
        if "client_key" in tls:
            raise _fault(path, "tls.client_key", "stands without a client_cert", "name the certificate too")
        return None
    certificate = _file(path, "tls.client_cert", tls["client_cert"])
    return (certificate, _file(path, "tls.client_key", tls["client_key"])) if "client_key" in tls else certificate


def _file(path: Path, key: str, name: str) -> str:
    """A file named in the configuration, found from its folder."""
    found = path.parent / name
    if not found.is_file():
        raise _fault(path, key, f"there is no file {found}", "name a file, from this one's folder")
    return str(found)


def _accepts(path: Path, table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    for name, values in table.items():
        if not isinstance(values, list) or not values or not all(isinstance(value, str) and value for value in values):
            raise _fault(path, f"accepts.{name}", "is no list of texts", f'write {name} = ["one", "two"]')
    return {name: tuple(values) for name, values in table.items()}


def _zone(path: Path, name: str | None) -> None:
    if name is None:
        return
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise _fault(
            path, "target.time_zone", f"no zone is called {name!r}", "give an IANA name, Europe/Berlin"
        ) from None


def _deviations(path: Path, tables: Any) -> tuple[Deviation, ...]:
    if not isinstance(tables, list):
        raise _fault(path, "deviation", "is one table", "write [[deviation]]")
    found = []
    for place, table in enumerate(tables, 1):
        checked = _checked(path, "deviation", table)
        for key in _KEYS["deviation"]:
            if not checked.get(key):
                raise _fault(path, f"deviation {place}: {key}", "is missing", "say which, why, whose, and until when")
        if isinstance(checked["expires"], datetime):
            checked["expires"] = checked["expires"].date()
        found.append(Deviation(**checked))
    return tuple(found)
