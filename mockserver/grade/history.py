"""What a client sent, step by step, with everything that the checks ask about a step.

The rule: a step knows of itself only; what follows from several is the checks'. All is worked out when first asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from contracts.model import Contract, Model, Operation
from mockserver.journal import Exchange
from mockserver.journal.members import Body
from mockserver.journal.near import Near
from mockserver.journal.reading import Reading
from mockserver.webapi import Loss, Request


class Step:
    """One exchange, read by the contract. `exchange` is as it was, `shown` without credentials."""

    def __init__(self, exchange: Exchange, reading: Reading):
        self.exchange, self.reading = exchange, reading

    @cached_property
    def shown(self) -> Exchange:
        """The exchange as it may be told."""
        request, response = self.reading.secrets.clean(self.exchange.request, self.exchange.response)
        e = self.exchange
        return Exchange(e.number, e.at, e.seconds, request, response, e.injected, e.answered)

    @property
    def number(self) -> int:
        return self.exchange.number

    @property
    def request(self) -> Request:
        return self.exchange.request

    @property
    def status(self) -> int:
        return self.exchange.response.status

    @property
    def losses(self) -> Sequence[Loss]:
        """What was silently lost, as it may be told."""
        return [loss for loss in self.shown.response.losses if loss.reason != "more"]

    @property
    def taken(self) -> bool:
        """Whether the portal did what was asked."""
        return 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        """Whether the portal found fault with the request; a fault that it was told to have is none of the client's."""
        return 400 <= self.status < 500 and not self.exchange.injected

    @property
    def lost(self) -> bool:
        """Whether the client cannot know what became of it."""
        return not self.exchange.answered or self.status >= 500 or self.status == 0

    @cached_property
    def operation(self) -> Operation | None:
        return self.reading.operation(self.request)

    @cached_property
    def model(self) -> Model | None:
        return self.reading.model(self.request)

    @property
    def upsert(self) -> bool:
        """Whether it creates or updates one record by a key of the client's."""
        return self.operation is not None and self.operation.upsert.value and self.model is not None

    @cached_property
    def sent(self) -> Body:
        return self.reading.sent(self.exchange)

    @cached_property
    def kept(self) -> Body:
        return self.reading.kept(self.exchange)

    @cached_property
    def near(self) -> Near | None:
        return self.reading.near(self.exchange)

    @cached_property
    def key(self) -> str | None:
        return self.reading.key(self.exchange)

    @cached_property
    def faults(self) -> list[str] | None:
        """The schemas' verdict on the body, None where there is none."""
        return self.reading.faults(self.exchange)[0]

    @cached_property
    def content(self) -> dict[str, Any]:
        """The record that was sent, by the model's names, without its key and without the portal's id."""
        own = (self.model.key.value, self.model.portal_id.value) if self.model is not None else ()
        return {name: value for name, value in self.sent.known().items() if name not in own}

    @cached_property
    def same(self) -> tuple[object, ...]:
        """What is equal in two requests that are the same but for what a client stack adds by itself."""
        wanted = ("content-type", "accept", "authorization")
        headers = tuple(sorted((n.lower(), v) for n, v in self.request.headers if n.lower() in wanted))
        return (self.request.method.upper(), self.request.target, headers, self.request.body or b"")


@dataclass(frozen=True)
class History:
    """Every step in its order, and the contract that they are judged by."""

    contract: Contract
    steps: tuple[Step, ...]

    @classmethod
    def of(cls, exchanges: Iterable[Exchange], reading: Reading) -> History:
        """The history of these exchanges, oldest first."""
        return cls(reading.contract, tuple(Step(exchange, reading) for exchange in exchanges))

    def keyed(self) -> dict[tuple[str, str], list[Step]]:
        """The upserts that were taken, by operation and key."""
        found: dict[tuple[str, str], list[Step]] = {}
        for step in self.steps:
            if step.upsert and step.taken and step.key is not None and step.operation is not None:
                found.setdefault((step.operation.id, step.key), []).append(step)
        return found
