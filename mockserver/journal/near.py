"""Near-misses: what a refused request was nearest to, and member by member how it differs from what is wanted.

    path, verb, members ─ score ─▶ the nearest operation ─ compare ─▶ Difference, …

The rule: each difference names where, what is wrong in one word of `PROBLEMS`, what was sent and what is wanted. What
the portal takes all the same (a name in another case in JSON) is none. Whether a value can be read is asked of the
portal, never guessed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from urllib.parse import unquote

from contracts.model import Contract, Model, Operation, Property
from mockserver.journal import members, refusals
from mockserver.journal.members import Body, Member
from mockserver.journal.memory import Exchange
from mockserver.webapi import Request, WebApi
from mockserver.webapi.shapes import fold
from mockserver.webapi.xml_writer import escape

#: What can be wrong, and how it is said.
PROBLEMS = {
    "path": "the path is another",
    "method": "the verb is another",
    "no body": "there is no body",
    "no type": "there is no Content-Type",
    "type not read": "the portal does not read this Content-Type",
    "not readable": "the body cannot be read in the format that its Content-Type names",
    "root": "the root element is another",
    "missing": "the member is required and is not there",
    "blank": "the member is required and says nothing",
    "unknown": "the model has no such member",
    "case": "in XML the case of a name counts",
    "namespace": "the element stands in another namespace",
    "order": "the element stands after one that must follow it",
    "value": "the portal does not take this value",
}
#: How alike a path must be to count as meant, from 0 to 1.
_ALIKE = 0.5
_CUTOFF = 0.6
_LONGEST = 200


@dataclass(frozen=True)
class Difference:
    """One thing that differs: `where` (a member's path, or "path", "method", "Content-Type", "body"), `problem` a key
    of PROBLEMS, what was sent and what is wanted, `meant` a similar name that there is ("" for none)."""

    where: str
    problem: str
    sent: str
    wanted: str
    meant: str = ""

    @property
    def told(self) -> str:
        """The problem in words."""
        return PROBLEMS[self.problem]


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
        found = [*_of_address(request, meant), *self._of_body(exchange, meant)]
        return Near(meant.id, tuple(found))

    def _nearest(self, request: Request) -> Operation | None:
        scored = [(self._score(request, one), -place, one) for place, one in enumerate(self._contract.operations)]
        best = max(scored, key=lambda one: one[:2], default=None)
        return best[2] if best is not None and best[0] >= _ALIKE else None

    def _score(self, request: Request, operation: Operation) -> float:
        """How alike, 1 for the very same path; verb and members only decide between paths that are alike."""
        path = likeness(_segments(request.target), _segments(operation.path.value))
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
        model = self._contract.model_of(operation.request)
        if model is not None and body.format and not body.fault:
            yield from self._of_members(exchange, operation, model, body)

    def _of_members(self, exchange: Exchange, operation: Operation, model: Model, body: Body) -> Iterator[Difference]:
        root = model.xml_root.value
        if (
            body.root is not None
            and root is not None
            and (body.root.name, body.root.namespace) != (root.name, root.namespace)
        ):
            sent = f"{body.root.name} in {body.root.namespace or 'no namespace'}"
            yield Difference("body", "root", sent, f"{root.name} in {root.namespace or 'no namespace'}", root.name)
        of_names = [*self._of_names(body, model), *_missing(body, model)]
        yield from of_names
        told = {fold(one.where) for one in of_names}
        values = self._of_values(exchange, operation, model, body)
        yield from (one for one in values if fold(one.where) not in told)

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
                yield Difference(member.path, "unknown", _short(member.value), _among(names), meant)
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

    def _of_values(self, exchange: Exchange, operation: Operation, model: Model, body: Body) -> Iterator[Difference]:
        """Values that were not taken, by the error answer, by what it does not tell, and by asking for each alone."""
        why = {fold(path): words for path, words in exchange.response.hidden if path}
        said = {fold(path): words for path, words in refusals.read(exchange.response).state if path}
        told = {**said, **why}
        if not told and body.format == "xml" and exchange.response.status == 400:
            told = {fold(m.path): "" for m in body.outer() if self._refused_alone(operation, model, m)}
        for path, words in told.items():
            member = next((m for m in body.outer() if _means(m, path)), None)
            if member is None or (member.is_null or member.value == ""):
                continue  # told as missing or blank
            wanted = member.prop.phrase.value if member.prop is not None else ""
            yield Difference(member.path, "value", _short(member.value), "; ".join(filter(None, (wanted, words))))

    def _refused_alone(self, operation: Operation, model: Model, member: Member) -> bool:
        root, prop = model.xml_root.value, member.prop
        if root is None or prop is None or prop.xml.value is None or not isinstance(member.value, str):
            return False
        xml = prop.xml.value
        text = (
            f'<{root.name} xmlns="{escape(root.namespace)}">'
            f'<{xml.name} xmlns="{escape(xml.namespace)}">{escape(member.value)}</{xml.name}></{root.name}>'
        )
        path = f"/{operation.path.value.partition('?')[0]}"
        asked = Request(
            operation.method.value, path, (("Content-Type", "application/xml"),), text.encode("utf-8", "replace")
        )
        return self._api.handle(asked, lambda _operation, _model, given: given).status == 400


def _of_address(request: Request, operation: Operation) -> Iterator[Difference]:
    path, wanted = request.target.partition("?")[0], f"/{operation.path.value}"
    if request.method.upper() != operation.method.value:
        yield Difference("method", "method", request.method, operation.method.value, operation.method.value)
    sent, want = _segments(path), _segments(operation.path.value)
    if len(sent) != len(want) or any(a != b and not b.startswith("{") for a, b in zip(sent, want, strict=True)):
        yield Difference("path", "path", path, wanted, wanted)


def _missing(body: Body, model: Model) -> Iterator[Difference]:
    known = body.known()
    for prop in model.properties:
        if not prop.required.value:
            continue
        name = spelled(prop, body.format)
        if prop.name not in known:
            yield Difference(name, "missing", "", prop.phrase.value)
        elif known[prop.name] is None or not str(known[prop.name]).strip():
            yield Difference(name, "blank", _short(known[prop.name]), prop.phrase.value)


def _means(member: Member, path: str) -> bool:
    names = {fold(member.path), fold(member.name)}
    if member.prop is not None:
        names |= {fold(member.prop.name), fold(member.prop.json.value or "")}
    return path in names or path.partition(".")[0].partition("[")[0] in names


def spelled(prop: Property, format_name: str) -> str:
    """A property's name in a wire format; "" where it is not written there."""
    if format_name == "json":
        return prop.json.value or ""
    if format_name == "xml":
        return prop.xml.value.name if prop.xml.value else ""
    return prop.name


def closest(name: str, names: Iterable[str]) -> str:
    """The name that is most alike, "" when none is."""

    def key(text: str) -> str:
        return fold(text).replace("_", "").replace("-", "")

    scored = [(SequenceMatcher(None, key(name), key(one)).ratio(), one) for one in names]
    best = max(scored, key=lambda one: one[0], default=(0.0, ""))
    return best[1] if best[0] >= _CUTOFF else ""


def likeness(sent: list[str], wanted: list[str]) -> float:
    """How alike two paths are, segment by segment, from 0 to 1; a parameter is like anything."""

    def alike(one: str, other: str) -> float:
        return 1.0 if other.startswith("{") else SequenceMatcher(None, one, other).ratio()

    # Aligned from either end: a prefix too many is as likely as an id too many.
    fore = sum(alike(a, b) for a, b in zip(sent, wanted, strict=False))
    back = sum(alike(a, b) for a, b in zip(sent[::-1], wanted[::-1], strict=False))
    return max(fore, back) / max(len(sent), len(wanted), 1)


def _segments(target: str) -> list[str]:
    return [unquote(part).lower() for part in target.partition("?")[0].strip("/").split("/")]


def _short(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _among(names: list[str]) -> str:
    return _short("one of " + ", ".join(names)) if names else ""
