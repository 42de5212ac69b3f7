"""Near-misses: what a refused request was nearest to, and member by member how it differs from what is wanted.

    path, verb, members ─ score ─▶ the nearest operation ─ compare ─▶ Difference, …

The rule: what the portal takes all the same (a name in another case in JSON) is no difference. Whether a value can be
read is said by the answer or asked of the portal (`blamed`), never guessed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from urllib.parse import unquote

from contracts.model import Contract, Model, Operation
from mockserver.journal import blamed, members
from mockserver.journal.differences import Difference, among, closest, short, spelled
from mockserver.journal.members import Body
from mockserver.journal.memory import Exchange
from mockserver.webapi import Request, WebApi
from mockserver.webapi.shapes import fold

#: How alike a path must be to count as meant, from 0 to 1.
_ALIKE = 0.5
#: How alike a parameter is to any part of a path: a little less than that very part.
_ANY = 0.98
_LONGEST = 200


@dataclass(frozen=True)
class Near:
    """The nearest operation by its id, and every difference."""

    operation: str
    differences: tuple[Difference, ...]


class Nearest:
    """Finds the nearest operation of a contract; `api` is a lenient portal to ask."""

    def __init__(self, contract: Contract, api: WebApi):
        self._contract, self._api = contract, api

    def to(self, exchange: Exchange, operation: Operation | None) -> Near | None:
        """The nearest operation to a refused request, `operation` where it reached one."""
        request = exchange.request
        meant = operation or self._nearest(request)
        if meant is None:
            return None
        found = [
            *_of_address(request, meant),
            *blamed.of_parameters(exchange, meant),
            *self._of_body(exchange, meant),
        ]
        return Near(meant.id, tuple(found))

    def _nearest(self, request: Request) -> Operation | None:
        scored = [(self._score(request, one), -place, one) for place, one in enumerate(self._contract.operations)]
        best = max(scored, key=lambda one: one[:2], default=None)
        return best[2] if best is not None and best[0] >= _ALIKE else None

    def _score(self, request: Request, operation: Operation) -> float:
        """How alike, 1 for the very same path; verb and members only decide between paths that are alike."""
        path = likeness(segments(request.target), segments(operation.path.value))
        verb = 0.05 if request.method.upper() == operation.method.value else 0.0
        model = self._contract.model_of(operation.request)
        sent = members.read(self._contract, request, operation.request.type.value).outer() if model else ()
        known = sum(one.prop is not None for one in sent) / len(sent) if sent else 0.0
        return path + verb + 0.2 * known

    def _of_body(self, exchange: Exchange, operation: Operation) -> Iterator[Difference]:
        request, ref = exchange.request, operation.request.type.value
        if ref is None:
            return
        kinds = [media.value.name for media in operation.request.media_types]
        sent_kind = request.first("Content-Type")
        if not request.body:
            yield Difference("body", "no body", "", f"a {ref.name or ref.kind} as {', '.join(kinds)}")
            return
        if sent_kind is None:
            yield Difference("Content-Type", "no type", "", ", ".join(kinds))
            return
        body = members.read(self._contract, request, ref)
        if not body.format:
            yield Difference("Content-Type", "type not read", sent_kind, ", ".join(kinds), closest(sent_kind, kinds))
        elif body.fault:
            looks = {"{": "JSON", "[": "JSON", "<": "XML"}.get(request.body.lstrip()[:1].decode("latin-1"), "")
            wanted = f"a body in {body.format}" + (f"; this looks like {looks}" if looks else "")
            yield Difference("body", "not readable", body.fault[:_LONGEST], wanted)
        model = self._contract.models.get((ref.item or ref).name) if ref.kind in ("model", "collection") else None
        if model is not None and model.kind == "object" and body.format and not body.fault:
            yield from self._of_members(exchange, operation, model, body)

    def _of_members(self, exchange: Exchange, operation: Operation, model: Model, body: Body) -> Iterator[Difference]:
        alone, root = self._contract.model_of(operation.request) is model, model.xml_root.value
        if (
            alone
            and body.root is not None
            and root is not None
            and (body.root.name, body.root.namespace) != (root.name, root.namespace)
        ):
            sent = f"{body.root.name} in {body.root.namespace or 'no namespace'}"
            yield Difference("body", "root", sent, f"{root.name} in {root.namespace or 'no namespace'}", root.name)
        blame = blamed.Blame(self._contract, exchange, operation, model, body)
        of_names = [*self._of_names(body, model), *(blame.missing() if alone else ())]
        yield from of_names
        told = {fold(one.where) for one in of_names}
        yield from (one for one in blame.values(self._api) if fold(one.where) not in told)

    def _of_names(self, body: Body, model: Model) -> Iterator[Difference]:
        order = {name: place for place, name in enumerate(model.xml_order.value)}
        furthest = -1
        for member in body.members:
            inside = self._contract.models.get(member.model)
            if inside is None:
                continue
            if member.prop is None:
                names = [name for p in inside.properties if (name := spelled(p, body.format))]
                meant = closest(member.name, names)
                yield Difference(member.path, "unknown", short(member.value), among(names), meant)
            elif body.format == "xml":
                xml = member.prop.xml.value
                if xml is not None and xml.name != member.name:
                    yield Difference(member.path, "case", member.name, xml.name, xml.name)
                elif xml is not None and xml.namespace != member.namespace:
                    yield Difference(member.path, "namespace", member.namespace or "none", xml.namespace, xml.name)
                elif member.outer:
                    place = order.get(member.prop.name, -1)
                    if place < furthest:
                        later = model.xml_order.value[furthest]
                        yield Difference(member.path, "order", f"after {later}", f"before {later}")
                    furthest = max(furthest, place)


def _of_address(request: Request, operation: Operation) -> Iterator[Difference]:
    path, wanted = request.target.partition("?")[0], f"/{operation.path.value}"
    if request.method.upper() != operation.method.value:
        yield Difference("method", "method", request.method, operation.method.value, operation.method.value)
    sent, want = segments(path), segments(operation.path.value)
    if len(sent) != len(want) or any(a != b and not b.startswith("{") for a, b in zip(sent, want, strict=True)):
        yield Difference("path", "path", path, wanted, wanted)


def likeness(sent: list[str], wanted: list[str]) -> float:
    """How alike two paths are, segment by segment, from 0 to 1; a parameter is like anything."""

    def alike(one: str, other: str) -> float:
        return _ANY if other.startswith("{") else SequenceMatcher(None, one, other).ratio()

    # Aligned from either end: a prefix too many is as likely as an id too many.
    fore = sum(alike(a, b) for a, b in zip(sent, wanted, strict=False))
    back = sum(alike(a, b) for a, b in zip(sent[::-1], wanted[::-1], strict=False))
    return max(fore, back) / max(len(sent), len(wanted), 1)


def segments(target: str) -> list[str]:
    """The parts of a path, in lower case."""
    return [unquote(part).lower() for part in target.partition("?")[0].strip("/").split("/")]
