"""A fault as it is arranged: frozen data, read from JSON-ready data, from a text or from a file.

    {"kind": "status", "status": 503, "count": 2, "path": "/api/*"}      control API, pytest, [[fault]] of a TOML file
    status=503;count=2;path=/api/*                                       the same at the command line

The rule: both spellings have the names of `kinds`, and nothing makes sense in one that does not in the other. A value
after the kind's name is its first parameter. Bad input is an error that says what there is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.errors import UsageError
from mockserver.faults.kinds import KINDS, Kind, Parameter, parameters

_SAMPLE = "status=503;count=2;path=/api/*"


@dataclass(frozen=True)
class Rule:
    """One fault: its kind, and the parameters that were given. Made by `read` it is sure to make sense."""

    name: str
    given: Mapping[str, Any]

    def __getitem__(self, parameter: str) -> Any:
        """The value of a parameter, its default where it was not given."""
        if parameter in self.given:
            return self.given[parameter]
        return parameters(self.name)[parameter].default

    @property
    def kind(self) -> Kind:
        """The row of its kind."""
        return KINDS[self.name]

    @property
    def acts(self) -> bool:
        """Whether the portal does what was asked before it fails."""
        return bool(self["stored"]) if self.kind.acts is None else self.kind.acts

    def as_data(self) -> dict[str, Any]:
        """JSON-ready data that `read` takes."""
        return {"kind": self.name, **self.given}

    def as_text(self) -> str:
        """What `read_text` takes, for people."""
        main = self.kind.main
        head = f"{self.name}={_spelled(self.given[main])}" if main in self.given else self.name
        rest = []
        for name, value in self.given.items():
            if isinstance(value, Mapping):
                rest += [f"{name}.{field}={text}" for field, text in value.items()]
            elif name != main:
                rest.append(f"{name}={_spelled(value)}")
        return ";".join([head, *rest])


def _spelled(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def read(data: Any) -> Rule:
    """The fault of JSON-ready data, or of a text; UsageError says what is wrong with it."""
    if isinstance(data, str):
        return read_text(data)
    if not isinstance(data, Mapping):
        raise _wrong(f"a fault is {type(data).__name__}", 'give an object, as {"kind": "status", "status": 503}')
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        what = "a fault has no kind" if kind is None else f"unknown kind of fault {kind!r}"
        raise _wrong(what, f"there are {', '.join(KINDS)}")
    rows = parameters(kind)
    given = {str(name): value for name, value in data.items() if name != "kind"}
    for name, value in given.items():
        row = rows.get(name)
        if row is None:
            raise _wrong(f"the fault {kind} has no parameter {name!r}", f"there are {', '.join(rows)}")
        if not row.fits(value):
            raise _wrong(f"the fault {kind}: {name} is {value!r}", f"give {row.expected}")
    missing = [name for name, row in rows.items() if row.required and name not in given]
    if missing:
        raise _wrong(f"the fault {kind} needs {missing[0]}", f"give {rows[missing[0]].expected}")
    return _sensible(Rule(kind, given))


def _sensible(rule: Rule) -> Rule:
    """The same, where its parameters go together."""
    given = rule.given
    if "jitter" in given and "sigma" in given:
        raise _wrong("the fault latency: jitter and sigma exclude each other", "leave one of them out")
    if "draw" in given and "probability" not in given:
        raise _wrong(f"the fault {rule.name}: draw is for what is drawn", "give a probability too")
    path = given.get("path", "/")
    if path[0] not in "/*":
        raise _wrong(f"the fault {rule.name}: no path begins as {path!r} does", f"write /{path}, or *{path}")
    if given.get("by") == 0:
        raise _wrong(f"the fault {rule.name}: by is 0, which is no fault", "give another number of bytes")
    return rule


def read_text(text: str) -> Rule:
    """The fault of a text as `status=503;count=2;path=/api/*`; UsageError says what is wrong with it."""
    head, *rest = [part.strip() for part in text.split(";") if part.strip()] or [""]
    kind, equal, value = (part.strip() for part in head.partition("="))
    if kind not in KINDS:
        what = "the fault is empty" if not head else f"unknown kind of fault {kind!r}"
        raise _wrong(what, f"write it as {_SAMPLE}; there are {', '.join(KINDS)}")
    found: dict[str, Any] = {"kind": kind}
    if equal and not KINDS[kind].main:
        raise _wrong(f"the fault {kind} takes no value", f"write {kind}")
    pairs = [(KINDS[kind].main, value)] if equal else []
    for part in rest:
        name, equal, value = (one.strip() for one in part.partition("="))
        if not equal:
            raise _wrong(f"{part!r} in the fault {kind} has no value", f"write it as NAME=VALUE, as in {_SAMPLE}")
        pairs.append((name, value))
    rows = parameters(kind)
    for name, value in pairs:
        outer, dot, inner = name.partition(".")
        if dot and outer in rows and rows[outer].type == "headers":
            found.setdefault(outer, {})[inner] = value
        elif name in found:
            raise _wrong(f"{name} is given twice in the fault {kind}", "give it once")
        else:
            found[name] = _value(rows.get(name), value)
    return read(found)


def _value(row: Parameter | None, text: str) -> Any:
    """The value that a text means by the row; the text itself where it means none, which `read` then complains of."""
    if row is None or row.type in ("text", "headers"):
        return text
    if row.type == "boolean":
        return {"true": True, "yes": True, "false": False, "no": False}.get(text.lower(), text)
    scale = 1.0
    if row.unit == "seconds":
        short = text.removesuffix("ms")
        text, scale = (short, 0.001) if short != text else (text.removesuffix("s"), 1.0)
    try:
        return int(text) if scale == 1.0 else int(text) * scale
    except ValueError:
        try:
            return float(text) * scale
        except ValueError:
            return text


def read_file(path: Path) -> list[Rule]:
    """The faults of a TOML file, each a table [[fault]]; UsageError says which is wrong."""
    try:
        whole = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else f"it is no TOML: {error}"
        raise UsageError(f"{path} cannot be read: {why}\n    what to do: give a file of [[fault]] tables") from error
    tables = whole.get("fault")
    strangers = sorted(set(whole) - {"fault"})
    if strangers or not isinstance(tables, list) or not tables:
        what = f"has a {strangers[0]}" if strangers else "has no [[fault]]"
        raise UsageError(f"{path} {what}\n    what to do: write each fault as a table [[fault]] with its kind")
    found = []
    for number, table in enumerate(tables, 1):
        try:
            found.append(read(table))
        except UsageError as error:
            raise UsageError(f"{path}, fault {number}: {error}") from error
    return found


def _wrong(what: str, remedy: str) -> UsageError:
    return UsageError(f"{what}\n    what to do: {remedy}")
