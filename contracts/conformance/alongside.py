"""Operations behind an upsert that show a part of its record, or take several records at once.

    GET api/Things/{thingId}/parts    the member Parts of one record        part
    POST api/Things/batch             a list of the upsert's records        batch

The rule: an operation is understood by its types: it answers what a member of the record is, or takes and answers a
list of the very records; any other is left out. No request is sent here.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from contracts.conformance.subject import Subject
from contracts.model import Operation, Parameter, Property


@dataclass(frozen=True)
class MemberRead:
    """An operation that shows one member of the record which `parameter` names, by its key or its id."""

    operation: Operation
    parameter: Parameter
    prop: Property

    def path(self, value: str) -> str:
        """The path for the record of this key or id."""
        return self.operation.path.value.replace("{" + self.parameter.name + "}", quote(value, safe=""))


def _behind(subject: Subject, operation: Operation) -> list[str]:
    """The segments of a path behind the upsert's; empty where it is no path behind it."""
    base = subject.path.strip("/").casefold().split("/")
    segments = operation.path.value.strip("/").split("/")
    return segments[len(base) :] if [s.casefold() for s in segments[: len(base)]] == base else []


def part(subject: Subject) -> MemberRead | None:
    """The first operation that shows a member of a record."""
    for operation in subject.contract.operations:
        behind, needed = _behind(subject, operation), [p for p in operation.parameters if p.required.value]
        if operation.method.value.upper() != "GET" or len(behind) != 2 or len(needed) != 1 or not needed[0].in_path:
            continue
        of = operation.response.type.value
        for prop in subject.answer_model.properties:
            named = behind[1].casefold() == prop.name.casefold() and behind[0] == "{" + needed[0].name + "}"
            if named and of is not None and prop.type.value == of and prop in _deep(subject):
                return MemberRead(operation, needed[0], prop)
    return None


def _deep(subject: Subject) -> list[Property]:
    return [prop for props in subject.deep.values() for prop in props]


def batch(subject: Subject) -> Operation | None:
    """The first operation that takes a list of the upsert's records, and answers one."""
    for operation in subject.contract.operations:
        if operation.method.value.upper() != "POST" or len(_behind(subject, operation)) != 1 or operation.parameters:
            continue
        taken, given = operation.request.type.value, operation.response.type.value
        if all(ref is not None and ref.kind == "collection" and ref.item is not None for ref in (taken, given)):
            assert taken is not None and given is not None and taken.item is not None and given.item is not None
            if taken.item.name == subject.model.name and given.item.name == subject.answer_model.name:
                return operation
    return None
