"""Putting an overlay over a contract: each table of the file finds what it speaks of, each key replaces one fact.

The rule: facts only. An overlay adds no operation, model or member (but numbers of an enumeration, which a page may
hide), and what it says is checked against the contract before anything is replaced.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from contracts.errors import UsageError
from contracts.model import Contract, EnumMember, Evidence, Fact, Model, Operation, Page, TypeRef
from contracts.overlay.settable import (
    BODIES,
    BODY,
    CONTRACT,
    MEMBER,
    MODEL,
    NAME,
    OPERATION,
    PARAMETER,
    TYPE,
    Kind,
    checked,
)
from contracts.scalars import SCALARS

H = TypeVar("H")
_HEADER = re.compile(r"\s*\[([^\[\]]+)\]\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*([\w-]+|"[^"]*"|'[^']*')\s*=""")
_PART = re.compile(r"""\s*("[^"]*"|'[^']*'|[\w-]+)\s*(?:\.|$)""")


@dataclass(frozen=True)
class Overlay:
    """An overlay's file while it is put over a contract: its name, author, the line of each key, the known models."""

    name: str
    author: str
    lines: Mapping[tuple[str, ...], int]
    models: Mapping[str, Model]

    def fact(self, value: Any, path: tuple[str, ...], said: Any) -> Fact[Any]:
        """The value as a fact that the author states."""
        line = self.lines.get(path)
        quote = f"{path[-1]} = {said!r}"
        return Fact(value, (Evidence(self.name, (line,) if line else (), quote, author=self.author),))

    def where(self, path: tuple[str, ...]) -> str:
        """The place of a key in words."""
        line = self.lines.get(path)
        return f"{self.name}, {f'line {line}, ' if line else ''}{'.'.join(path)}"


def settle(contract: Contract, text: str, name: str = "contract.toml") -> Contract:
    """The contract with the facts that the overlay states; raises UsageError for what it cannot mean."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{name} is no TOML: {error}\n    what to do: mend the line") from None
    author = document.pop("author", "")
    if not isinstance(author, str) or not author.strip():
        raise UsageError(
            f'{name} names no author\n    what to do: begin it with author = "NAME", the evidence of its facts'
        )
    overlay = Overlay(name, author.strip(), _lines(text), contract.models)
    _known(document, (*CONTRACT, "models", "operations"), (), overlay)
    models = dict(contract.models)
    for model, table in _tables(document, "models", models, overlay):
        models[model] = _model(models[model], table, ("models", model), overlay)
    operations = {operation.id: operation for operation in contract.operations}
    for operation, table in _tables(document, "operations", operations, overlay):
        operations[operation] = _operation(operations[operation], table, ("operations", operation), overlay)
    page = Page(name, hashlib.sha256(text.encode()).hexdigest(), "overlay", tuple(text.splitlines()))
    settled = replace(contract, pages=(*contract.pages, page), models=models, operations=tuple(operations.values()))
    return _facts(settled, {k: v for k, v in document.items() if k in CONTRACT}, CONTRACT, (), overlay)


def _tables(
    document: Mapping[str, Any], part: str, known: Iterable[str], overlay: Overlay
) -> list[tuple[str, Mapping[str, Any]]]:
    tables = _table(document.get(part, {}), (part,), overlay)
    _known(tables, tuple(known), (part,), overlay)
    return [(name, _table(table, (part, name), overlay)) for name, table in tables.items()]


def _table(value: Any, path: tuple[str, ...], overlay: Overlay) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise UsageError(f"{overlay.where(path)} is {value!r}\n    what to do: write a table, [{'.'.join(path)}]")
    return value


def _known(names: Iterable[str], known: tuple[str, ...], path: tuple[str, ...], overlay: Overlay) -> None:
    """Whether keys of a table are known; raises UsageError for the first that is not, with the nearest."""
    for name in names:
        if name not in known:
            raise _unknown(name, known, overlay.where((*path, name)))


def _unknown(name: str, known: tuple[str, ...], where: str) -> UsageError:
    near = difflib.get_close_matches(name, known, 1, 0.4) or [k for k in known if k.lower() == name.lower()]
    meant = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known[:12])}" if known else "take it out"
    return UsageError(f"{where}: nothing is called {name!r}\n    what to do: {meant}")


def _facts(
    holder: H, table: Mapping[str, Any], kinds: Mapping[str, Kind], path: tuple[str, ...], overlay: Overlay
) -> H:
    facts = {}
    for key, said in table.items():
        value = checked(kinds[key], said, overlay.where((*path, key)))
        if isinstance(value, TypeRef):
            _check_models(value, (*path, key), overlay)
        facts[key] = overlay.fact(value, (*path, key), said)
    return replace(holder, **facts)  # type: ignore[type-var]


def _check_models(ref: TypeRef, path: tuple[str, ...], overlay: Overlay) -> None:
    if ref.kind == "model" and ref.name not in overlay.models:
        raise _unknown(ref.name, (*overlay.models, *SCALARS), overlay.where(path))
    for part in (ref.item, ref.key):
        if part:
            _check_models(part, path, overlay)


def _model(model: Model, table: Mapping[str, Any], path: tuple[str, ...], overlay: Overlay) -> Model:
    inner = "values" if model.kind == "enum" else "members"
    _known(table, (*MODEL, inner), path, overlay)
    if model.kind == "enum":
        return replace(
            _facts(model, _own(table, MODEL), MODEL, path, overlay), members=_values(model, table, path, overlay)
        )
    members = {prop.name: prop for prop in model.properties}
    tables = _table(table.get("members", {}), (*path, "members"), overlay)
    _known(tables, tuple(members), (*path, "members"), overlay)
    for name, keys in tables.items():
        at = (*path, "members", name)
        _known(_table(keys, at, overlay), tuple(MEMBER), at, overlay)
        members[name] = _facts(members[name], keys, MEMBER, at, overlay)
    for key in ("key", "portal_id"):
        if table.get(key) and str(table[key]) not in members:
            raise _unknown(str(table[key]), tuple(members), overlay.where((*path, key)))
    settled = replace(model, properties=tuple(members.values()))
    return _facts(settled, _own(table, MODEL), MODEL, path, overlay)


def _own(table: Mapping[str, Any], kinds: Mapping[str, Kind]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key in kinds}


def _values(model: Model, table: Mapping[str, Any], path: tuple[str, ...], overlay: Overlay) -> tuple[EnumMember, ...]:
    """The enumeration's members: a number is a member's value, a text how it is written (its EnumMember's value)."""
    members = {member.name: member for member in model.members}
    for name, said in _table(table.get("values", {}), (*path, "values"), overlay).items():
        if isinstance(said, str) and said and name in members:
            members[name] = replace(members[name], xml=said)
        elif isinstance(said, int) and not isinstance(said, bool):
            members[name] = replace(members.get(name, EnumMember(name, said)), value=said)
        elif isinstance(said, str) and said:
            raise _unknown(name, tuple(members), overlay.where((*path, "values", name)))
        else:
            raise UsageError(
                f"{overlay.where((*path, 'values', name))} is {said!r}\n"
                "    what to do: write its number, or in quotes how it is written"
            )
    return tuple(members.values())


def _operation(operation: Operation, table: Mapping[str, Any], path: tuple[str, ...], overlay: Overlay) -> Operation:
    _known(table, (*OPERATION, *BODIES, BODY, "parameters"), path, overlay)
    parameters = {parameter.name: parameter for parameter in operation.parameters}
    tables = _table(table.get("parameters", {}), (*path, "parameters"), overlay)
    _known(tables, tuple(parameters), (*path, "parameters"), overlay)
    for name, keys in tables.items():
        at = (*path, "parameters", name)
        _known(_table(keys, at, overlay), tuple(PARAMETER), at, overlay)
        parameters[name] = _facts(parameters[name], keys, PARAMETER, at, overlay)
    settled = replace(operation, parameters=tuple(parameters.values()))
    for side in BODIES:
        if side in table:
            value = checked(TYPE, table[side], overlay.where((*path, side)))
            _check_models(value, (*path, side), overlay)
            fact = overlay.fact(value, (*path, side), table[side])
            body = replace(getattr(settled, side), type=fact, opaque=False)
            settled = replace(settled, **{side: body})
    if BODY in table:
        name = checked(NAME, table[BODY], overlay.where((*path, BODY)))
        fact = overlay.fact(name, (*path, BODY), table[BODY])
        settled = replace(settled, request=replace(settled.request, parameter=fact))
    return _facts(settled, _own(table, OPERATION), OPERATION, path, overlay)


def _lines(text: str) -> dict[tuple[str, ...], int]:
    """The line of each key, by its path."""
    found: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        if header:
            table = tuple(part.strip("\"'") for part in _PART.findall(header[1]))
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault((*table, key[1].strip("\"'")), number)
    return found
