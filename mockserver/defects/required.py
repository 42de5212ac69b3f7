"""Defects of what must be given: members that the page demands and the portal does not.

The rule: such a portal takes the record as one that enforces nothing would, unless something else is wrong with it;
then it answers as before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contracts.model import Model, Operation
from mockserver.defects.layers import Call, Controller, Handle, Layer, Site, controller, wire_of
from mockserver.defects.table import Defect, family
from mockserver.webapi import Act, Request, Response
from mockserver.webapi.shapes import Record


class _RefusedError(Exception):
    """The record is refused after all."""


#: (call, record, what it lacks, keys seen so far) → whether it is taken all the same
Taken = Callable[[Call, Record, list[str], set[Any]], bool]


def _lax(taken: Taken) -> Layer:
    def layer(site: Site, handle: Handle) -> Handle:
        known: set[Any] = set()

        def altered(request: Request, act: Act) -> Response:
            def instead(operation: Operation, model: Model, record: Record) -> Record:
                call = Call(request, operation, site.roles(model), lambda changed: act(operation, model, changed))
                missing = call.roles.missing(record)
                if missing and not taken(call, record, missing, known):
                    raise _RefusedError
                known.add(call.place(record))
                return call.act(record)

            try:
                return site.lenient(request, instead)
            except _RefusedError:
                return handle(request, act)

        return altered

    return layer


def _but_the_key(call: Call, missing: list[str]) -> bool:
    return call.roles.key not in missing


def _in(wire: str) -> Layer:
    return _lax(lambda call, record, missing, known: wire_of(call.request) == wire and _but_the_key(call, missing))


def _null(call: Call, record: Record, missing: list[str], known: set[Any]) -> bool:
    """[Required] was put on the JSON contract only as "must be there": a null that is written down passes."""
    body = (call.request.body or b"").lower()
    spelled = (f'"{name.lower()}":'.encode() in body.replace(b" ", b"") for name in missing)
    return wire_of(call.request) == "json" and _but_the_key(call, missing) and all(spelled)


def _failing(site: Site, handle: Handle) -> Handle:
    """What is missing is found out by the database."""

    def altered(request: Request, act: Act) -> Response:
        def instead(operation: Operation, model: Model, record: Record) -> Record:
            if site.roles(model).missing(record):
                raise _RefusedError
            return act(operation, model, record)

        try:
            return site.lenient(request, instead)
        except _RefusedError:
            return site.error(request, 500, "An error has occurred.")

    return altered


def _demands_optional() -> Controller:
    """An optional column is NOT NULL; what the database says is passed on as the client's fault."""

    def control(call: Call, record: Record) -> Record:
        if call.roles.optional and record.get(call.roles.optional[0]) is None:
            raise _RefusedError
        return call.act(record)

    return control


def _refusing(make: Callable[[], Controller]) -> Layer:
    def layer(site: Site, handle: Handle) -> Handle:
        inner = controller(make)(site, handle)

        def altered(request: Request, act: Act) -> Response:
            try:
                return inner(request, act)
            except _RefusedError:
                return site.error(request, 400, "The request is invalid.")

        return altered

    return layer


def _spoiling(make: Callable[[], tuple[Callable[[Call, Record], None], Controller]]) -> Layer:
    """The portal validates last and rolls nothing back: `make` gives what a refusal leaves, and the controller then."""

    def layer(site: Site, handle: Handle) -> Handle:
        spoil, control = make()

        def altered(request: Request, act: Act) -> Response:
            def instead(operation: Operation, model: Model, record: Record) -> Record:
                call = Call(request, operation, site.roles(model), lambda changed: act(operation, model, changed))
                if call.roles.missing(record):
                    spoil(call, record)
                    raise _RefusedError
                return control(call, record)

            try:
                return site.lenient(request, instead)
            except _RefusedError:
                return handle(request, act)

        return altered

    return layer


def _deletes() -> tuple[Callable[[Call, Record], None], Controller]:
    lives: dict[Any, int] = {}

    def spoil(call: Call, record: Record) -> None:
        lives[call.place(record)] = lives.get(call.place(record), 0) + 1

    def control(call: Call, record: Record) -> Record:
        key, life = call.roles.key, lives.get(call.place(record), 0)
        return {**call.act({**record, key: f"{record[key]} {life}"}), key: record[key]} if life else call.act(record)

    return spoil, control


def _stores() -> tuple[Callable[[Call, Record], None], Controller]:
    rows: dict[Any, Record] = {}

    def spoil(call: Call, record: Record) -> None:
        row = rows.setdefault(call.place(record), {})
        row.update({name: value for name, value in record.items() if value is not None})

    def control(call: Call, record: Record) -> Record:
        spoil(call, record)
        row = rows[call.place(record)]
        return call.act({**record, **{name: row.get(name) for name in call.roles.optional}})

    return spoil, control


_ONE = "required.{required}"

REQUIRED: tuple[Defect, ...] = family(
    "required",
    (
        "required-not-enforced",
        "Whatever is missing but the key is let pass.",
        "required.enforced.json required.enforced.xml required.enforced.form",
        _lax(lambda call, record, missing, known: _but_the_key(call, missing)),
    ),
    ("required-not-in-xml", "What is missing in XML is let pass.", "required.enforced.xml", _in("xml")),
    ("required-not-in-forms", "What is missing in a form is let pass.", "required.enforced.form", _in("form")),
    (
        "required-not-on-update",
        "What is missing in an update is let pass.",
        _ONE,
        _lax(lambda call, record, missing, known: _but_the_key(call, missing) and call.place(record) in known),
    ),
    ("required-null-taken", "A null in JSON counts as given.", _ONE, _lax(_null)),
    (
        "one-member-not-required",
        "[Required] was forgotten on one member.",
        _ONE,
        _lax(lambda call, record, missing, known: missing == [(call.roles.required or ("",))[-1]]),
    ),
    (
        "key-not-required",
        "A record without its key is taken, and is a new one each time.",
        "required.{key}",
        _lax(lambda call, record, missing, known: missing == [call.roles.key]),
    ),
    ("required-fails", "What is missing is found out by the database (500).", "required.enforced.json", _failing),
    (
        "optional-required",
        "An optional column is NOT NULL: without it, 400.",
        "optional.left-out",
        _refusing(_demands_optional),
    ),
    ("refused-deletes", "A refused update deletes the record.", "upsert.rejected-changes-nothing", _spoiling(_deletes)),
    (
        "refused-stores",
        "A refused update is stored before it is refused.",
        "upsert.rejected-changes-nothing",
        _spoiling(_stores),
    ),
)
