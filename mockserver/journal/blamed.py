"""What an error answer blames, laid on what was sent: members at any depth, and URI parameters.

    the answer's words by key, what it keeps to itself, a portal asked for each value ─▶ Difference, …

The rule: only what the answer names is blamed, by the spelling of the body that was sent. A member that is required and
cannot be null is blamed for being left out only where the answer says so, or blames the body as a whole: the framework
itself cannot tell that it was left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote

from contracts.model import Contract, Model, Operation, Parameter, Property, TypeRef
from mockserver.journal import refusals
from mockserver.journal.differences import Difference, short, spelled
from mockserver.journal.members import Body, Member
from mockserver.journal.memory import Exchange
from mockserver.webapi import Request, WebApi
from mockserver.webapi.shapes import fold
from mockserver.webapi.xml_writer import escape

_PARTS = re.compile(r"\[\d+\]|[^.\[\]]+")


def of_parameters(exchange: Exchange, operation: Operation) -> Iterator[Difference]:
    """The URI parameters that the answer names."""
    request, known = exchange.request, {one.key: one for one in operation.parameters}
    sent = _parameters_sent(request.target, operation)
    for key, words in refusals.read(exchange.response, known).parameters:
        value = sent.get(fold(key), "")
        wanted = "; ".join(filter(None, (known[key].phrase.value, words)))
        yield Difference(f"parameter {key}", "parameter" if value else "no value", short(value), wanted)
    if exchange.response.status in (404, 405):
        for one in left_out(request.target, operation):
            yield Difference(f"parameter {one.key}", "no value", "", one.phrase.value)


# W ApiControllerActionSelector.cs: an action is found only where the query names all that it requires.
def left_out(target: str, operation: Operation) -> list[Parameter]:
    """The parameters that the operation requires in the query, and that a target does not name."""
    sent = _parameters_sent(target, operation)
    wanted = [
        one for one in operation.parameters if one.required.value and not one.in_path and one.complex.value is None
    ]
    return [one for one in wanted if fold(one.key) not in sent]


def _parameters_sent(target: str, operation: Operation) -> dict[str, str]:
    path, _, query = target.partition("?")
    found = {fold(name): value for name, value in parse_qsl(query, keep_blank_values=True, errors="replace")}
    parts = path.strip("/").split("/")
    for name, value in zip(operation.path.value.strip("/").split("/"), parts, strict=False):
        if name.startswith("{"):
            found[fold(name.strip("{}*"))] = unquote(value)
    return found


class Blame:
    """What the answer to one request blames of a body of a model (or of a list of them)."""

    def __init__(self, contract: Contract, exchange: Exchange, operation: Operation, model: Model, body: Body):
        self._contract, self._exchange, self._operation = contract, exchange, operation
        self._model, self._body = model, body
        said = refusals.read(exchange.response, [one.key for one in operation.parameters]).state
        self._whole = not said or any(not path for path, _ in (*said, *exchange.response.hidden))
        self._told = {fold(path): words for path, words in (*said, *exchange.response.hidden) if path}

    def missing(self) -> Iterator[Difference]:
        """The members that the page requires and that are not there, or say nothing."""
        known = self._body.known()
        for prop in self._model.properties:
            name = spelled(prop, self._body.format)
            if not prop.required.value:
                continue
            if prop.name not in known:
                if prop.nullable.value is not False or self._whole or {fold(prop.name), fold(name)} & self._told.keys():
                    yield Difference(name, "missing", "", prop.phrase.value)
            elif known[prop.name] is None or not str(known[prop.name]).strip():
                yield Difference(name, "blank", short(known[prop.name]), prop.phrase.value)

    def values(self, api: WebApi) -> Iterator[Difference]:
        """What was not taken, by the answer, by what it does not tell, and by asking `api` for each member alone."""
        told = self._told
        if not told and self._body.format == "xml" and self._exchange.response.status == 400:
            told = {fold(m.own): "" for m in self._body.outer() if self._refused_alone(api, m)}
        for path, words in told.items():
            member = self._at(path)
            promised = None if member is not None else self._promised(path)
            if promised is not None:
                where, prop = promised
                yield Difference(where, "missing", "", "; ".join(filter(None, (prop.phrase.value, words))))
                continue
            member = member or self._at(path.partition(".")[0].partition("[")[0])
            if member is None:
                continue
            blank = member.is_null or member.value == ""
            wanted = member.prop.phrase.value if member.prop is not None else ""
            said = "; ".join(filter(None, (wanted, words)))
            yield Difference(member.path, "blank" if blank else "value", short(member.value), said)

    def _at(self, path: str) -> Member | None:
        return next((member for member in self._body.members if _is(member, path)), None)

    def _promised(self, path: str) -> tuple[str, Property] | None:
        """What the page promises at a path, and the path as the body spells it; None where it promises nothing."""
        ref: TypeRef | None = self._operation.request.type.value
        where, found = "", None
        for part in _PARTS.findall(path):
            model = self._contract.models.get(ref.name) if ref is not None and ref.kind == "model" else None
            if part.startswith("["):
                where, ref = where + part, ref.item if ref is not None else None
                continue
            found = next((one for one in model.properties if _calls(one, part)), None) if model is not None else None
            if found is None:
                return None
            where += ("." if where else "") + spelled(found, self._body.format)
            ref = found.type.value
        return None if found is None else (where, found)

    def _refused_alone(self, api: WebApi, member: Member) -> bool:
        root, prop = self._model.xml_root.value, member.prop
        if root is None or prop is None or prop.xml.value is None or not isinstance(member.value, str):
            return False
        xml = prop.xml.value
        text = (
            f'<{root.name} xmlns="{escape(root.namespace)}">'
            f'<{xml.name} xmlns="{escape(xml.namespace)}">{escape(member.value)}</{xml.name}></{root.name}>'
        )
        path, content = f"/{self._operation.path.value}", text.encode("utf-8", "replace")
        asked = Request(self._operation.method.value, path, (("Content-Type", "application/xml"),), content)
        return api.handle(asked, lambda _operation, _model, given: given).status == 400


def _is(member: Member, path: str) -> bool:
    names = {fold(member.path), fold(member.own)}
    if member.outer and member.prop is not None and "[" not in member.own:
        names |= {fold(member.name), fold(member.prop.json.value or "")}
    return path in names


def _calls(prop: Property, name: str) -> bool:
    return fold(name) in (fold(prop.name), fold(prop.json.value or ""))
