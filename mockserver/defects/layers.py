"""What a defect is made of: a layer around the portal, which changes requests, the controller, or answers.

    request ─▶ [layer ─▶ [layer ─▶ portal ─▶ act ]] ─▶ response        Handle = (request, act) → response

The rule: a layer knows members by their role in the contract (key, portal id, required, text, date), never by name; it
keeps what it must remember in itself, so that two portals do not meet; and what comes and goes is counted, never
random. Single defects may not live here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import tzinfo

from contracts.model import Contract, Model, Operation
from mockserver.journal import operation_of
from mockserver.webapi import Act, Request, Response, actions, charsets, media_types, negotiation
from mockserver.webapi.blanks import is_blank
from mockserver.webapi.http_errors import HttpError
from mockserver.webapi.shapes import Record

Handle = Callable[[Request, Act], Response]


class FailedError(Exception):
    """The portal fails within its controller: answered with 500."""


@dataclass(frozen=True)
class Roles:
    """The members of a model by what they are good for, as property names in table order.

    `required` and `optional` are free texts other than the key; `texts` are both.
    """

    key: str
    own: str | None
    required: tuple[str, ...]
    optional: tuple[str, ...]
    texts: tuple[str, ...]
    dates: tuple[str, ...]
    demanded: tuple[str, ...]

    def missing(self, record: Record) -> list[str]:
        """The members that the page demands and a record lacks; RequiredAttribute takes a blank text for none."""
        values = {name: record.get(name) for name in self.demanded}
        return [name for name, value in values.items() if value is None or (isinstance(value, str) and is_blank(value))]


def roles_of(model: Model) -> Roles:
    """The roles that a model's members play."""
    own, key = model.portal_id.value, model.key.value or ""
    written = [p for p in model.properties if p.name not in (own, key) and not p.read_only.value]
    scalars = [p for p in written if p.type.value.kind == "scalar"]
    texts = [p for p in scalars if p.type.value.name == "String"]
    return Roles(
        key=key,
        own=own,
        required=tuple(p.name for p in texts if p.required.value),
        optional=tuple(p.name for p in texts if not p.required.value),
        texts=tuple(p.name for p in texts),
        dates=tuple(p.name for p in scalars if p.type.value.name == "DateTime"),
        demanded=tuple(p.name for p in model.properties if p.required.value),
    )


@dataclass(frozen=True)
class Site:
    """The portal that a defect is put into: its contract, zone, and itself without "(Required)" enforced."""

    contract: Contract
    zone: tzinfo
    lenient: Handle
    _roles: dict[str, Roles] = field(default_factory=dict)

    def roles(self, model: Model) -> Roles:
        """The model's roles, worked out once."""
        return self._roles.setdefault(model.name, roles_of(model))

    def answered(self, request: Request) -> Model | None:
        """The model that answers a request, None where the request is for no operation."""
        operation = operation_of(self.contract, request)
        return self.contract.model_of(operation.response) if operation else None

    def error(self, request: Request, status: int, message: str, headers: tuple[tuple[str, str], ...] = ()) -> Response:
        """An error as the framework would write it for this request."""
        writing = negotiation.writer(request, media_types.content_type(request.first("Content-Type")))
        error = HttpError(message)
        text = error.as_xml() if writing.format == "xml" else error.as_json(self.contract.casing.value or "PascalCase")
        kind = ("Content-Type", writing.content_type)
        return Response(status, (*headers, kind), charsets.encode(text, writing.charset))


Layer = Callable[[Site, Handle], Handle]


@dataclass(frozen=True)
class Call:
    """One call of the controller; `act` does what the portal would do without the defect."""

    request: Request
    operation: Operation
    roles: Roles
    act: Callable[[Record], Record]

    def place(self, record: Record) -> tuple[str, object]:
        """What a record is remembered under: its operation and key."""
        return self.operation.id, record.get(self.roles.key)


Controller = Callable[[Call, Record], Record]


@dataclass(frozen=True)
class _Instead:
    """The controller with something in front of it: upserts go through `control`, all else is played as it was."""

    site: Site
    request: Request
    act: Act
    control: Controller

    def __call__(self, operation: Operation, model: Model, record: Record) -> Record:
        roles = self.site.roles(model)
        call = Call(self.request, operation, roles, lambda changed: self.act(operation, model, changed))
        return self.control(call, record)

    def perform(self, call: actions.Call) -> actions.Outcome | None:
        return actions.perform(self.act, call)


def controller(make: Callable[[], Controller]) -> Layer:
    """A layer that acts in the controller's place; `make` gives one with a memory of its own."""

    def layer(site: Site, handle: Handle) -> Handle:
        control = make()

        def altered(request: Request, act: Act) -> Response:
            try:
                return handle(request, _Instead(site, request, act, control))
            except FailedError:
                return site.error(request, 500, "An error has occurred.")

        return altered

    return layer


def reading(change: Callable[[Request], Request]) -> Layer:
    """A layer that reads another request than was sent."""
    return lambda site, handle: lambda request, act: handle(change(request), act)


def answering(change: Callable[[Site, Request, Response], Response]) -> Layer:
    """A layer that answers otherwise."""
    return lambda site, handle: lambda request, act: change(site, request, handle(request, act))


def instead(when: Callable[[Request], bool], status: int, message: str) -> Layer:
    """A layer that answers some requests with an error in the portal's place."""
    return lambda site, handle: (
        lambda request, act: site.error(request, status, message) if when(request) else handle(request, act)
    )


def media_of(message: Request | Response) -> str:
    """The media type of a message's body in lower case, without parameters; empty where it names none."""
    for name, value in message.headers:
        if name.lower() == "content-type":
            return value.partition(";")[0].strip().lower()
    return ""


def wire_of(message: Request | Response) -> str:
    """The wire format of a message's body: json, xml, form, or empty."""
    media = media_of(message)
    return next((wire for wire in ("json", "xml", "form") if wire in media), "")


def header(response: Response, name: str, value: str | None) -> Response:
    """The response with a header replaced, or without it."""
    kept = tuple(pair for pair in response.headers if pair[0].lower() != name.lower())
    return replace(response, headers=kept if value is None else (*kept, (name, value)))


def with_body(request: Request, change: Callable[[bytes], bytes]) -> Request:
    """The request with another body, where it has one."""
    return replace(request, body=change(request.body)) if request.body else request
