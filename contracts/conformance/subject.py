"""What is judged: one operation of the contract, its model, and what each member is good for.

The rule: roles come from the contract (key, portal id, required, type, annotations), never from a name. A member
whose values the page constrains by a pattern or a data type is no free text: it gets values that satisfy the page,
not a search. No request is sent and no value is compared here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from contracts.conformance.beside import Beside, beside
from contracts.emit import Schemas
from contracts.errors import UsageError
from contracts.model import Contract, Fact, MediaType, Model, Operation, Property

if TYPE_CHECKING:  # which reads the subject itself
    from contracts.conformance.deep.kinds import Types

#: Kinds of scalar that the suite writes and compares, by CLR name; any other is written but not compared.
INTEGERS = frozenset({"Int32", "Int64", "Int16", "UInt32", "UInt64", "UInt16", "Byte", "SByte"})
DECIMALS = frozenset({"Decimal", "Double", "Single"})
CLOSED = frozenset({"pattern", "data_type"})


@dataclass(frozen=True)
class Bounds:
    """The lengths that a text may have; `longest` None where the page sets no end."""

    shortest: int = 0
    longest: int | None = None

    def allow(self, text: str) -> bool:
        """Whether a text is within the bounds. .NET counts UTF-16 code units."""
        units = len(text.encode("utf-16-le")) // 2
        return self.shortest <= units and (self.longest is None or units <= self.longest)


@dataclass(frozen=True, eq=False)
class _One:
    """A contract as itself: two are the same when they are one object."""

    contract: Contract

    def __hash__(self) -> int:
        return id(self.contract)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _One) and self.contract is other.contract


@lru_cache(maxsize=4)
def _schemas(one: _One) -> Schemas:
    """Loading XSDs takes longer than many a run: the last contracts' are kept."""
    return Schemas(one.contract)


@dataclass(frozen=True)
class Subject:
    """An upsert operation and its model, seen from a judge's side; `accepts`: what alone a target takes, by member."""

    contract: Contract
    operation: Operation
    model: Model
    answer_model: Model
    accepts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def schemas(self) -> Schemas:
        """The emitted JSON Schemas and XSDs, loaded."""
        return _schemas(_One(self.contract))

    @cached_property
    def types(self) -> Types:
        """The contract's types as they travel."""
        from contracts.conformance.deep.kinds import Types

        return Types(self.contract)

    @cached_property
    def deep(self) -> Mapping[str, tuple[Property, ...]]:
        """The members that are no plain scalar, by kind; kinds without any are left out."""
        from contracts.conformance.deep.kinds import members

        return members(self)

    @cached_property
    def demanded_deep(self) -> tuple[tuple[Property, ...], tuple[Property, ...]]:
        """What pages limit, and what they demand, in lists and inside nested models."""
        from contracts.conformance.deep.forbidding import demanding

        return demanding(self.types, self.model, tuple(prop for props in self.deep.values() for prop in props))

    @property
    def path(self) -> str:
        return self.operation.path.value

    @property
    def bare(self) -> bool:
        """Whether no record is known: the operation is no upsert."""
        return self.model.key.value is None

    @cached_property
    def key(self) -> Property:
        """The member by which the client names a record (an upsert's model always has one)."""
        name = self.model.key.value
        assert name is not None
        return self.model[name]

    @cached_property
    def portal_id(self) -> Property | None:
        """The member that the portal draws, None where the page knows none."""
        name = self.answer_model.portal_id.value
        return self.answer_model[name] if name is not None else None

    @cached_property
    def sent(self) -> tuple[Property, ...]:
        """The members that the suite writes: all but those the portal sets."""
        return tuple(p for p in self.model.properties if not p.read_only.value and p.name != self.model.portal_id.value)

    @cached_property
    def answered(self) -> frozenset[str]:
        """The names of the members that an answer has too."""
        return frozenset(p.name for p in self.answer_model.properties)

    def shown(self, prop: Property) -> bool:
        """Whether every format of an answer has a member (one that JSON ignores is still written in XML)."""
        formats = {fact.value.format for fact in self.response_media()}
        if prop.name not in self.answered:
            return False
        answered = self.answer_model[prop.name]
        missing = {"json": answered.json.value is None, "xml": answered.xml.value is None}
        return prop.json.value is not None and not any(missing[wire] for wire in formats if wire != "form")

    @cached_property
    def beside(self) -> Beside:
        """The operations that read, replace, delete and list the same records."""
        return beside(self.contract, self.operation, self.model, self.answer_model)

    @cached_property
    def annotated(self) -> tuple[Property, ...]:
        """Members whose annotations forbid values that the suite can make up."""
        from contracts.conformance.annotated import breaking

        return tuple(p for p in self.sent if p.json.value is not None and breaking(p))

    @cached_property
    def limited(self) -> tuple[Property, ...]:
        """Members whose annotations set a limit that a value can be at, other than the key."""
        from contracts.conformance.annotated import at_limit

        found = (p for p in self.sent if p.name != self.key.name and p.name not in self.accepts)
        return tuple(p for p in found if p.json.value is not None and at_limit(p))

    @cached_property
    def given(self) -> tuple[Property, ...]:
        """Members of value types that an annotation demands: the framework tells their absence in JSON."""
        demanded = (p for p in self.sent if annotation(p, "required") is not None and p.json.value is not None)
        json = any(fact.value.format == "json" for fact in self.request_media())
        return tuple(p for p in demanded if json and is_value_type(self.contract, p))

    def _scalars(self, *clr: str) -> tuple[Property, ...]:
        found = (p for p in self.sent if p.type.value.kind == "scalar" and p.type.value.name in clr)
        return tuple(p for p in found if p.name != self.key.name and self.shown(p))

    @cached_property
    def texts(self) -> tuple[Property, ...]:
        """Free text members other than the key."""
        free = (p for p in self._scalars("String") if not CLOSED & {a.value.kind for a in p.annotations})
        return tuple(p for p in free if p.name not in self.accepts)

    @cached_property
    def optional_texts(self) -> tuple[Property, ...]:
        """Free text members that may be null or left out."""
        return tuple(p for p in self.texts if not p.required.value and bounds(p).shortest == 0)

    @cached_property
    def omissible(self) -> tuple[Property, ...]:
        """Texts that may be left out, those of a pattern or a data type among them."""
        return tuple(p for p in self._scalars("String") if not p.required.value and p.name not in self.accepts)

    @cached_property
    def patterned(self) -> tuple[Property, ...]:
        """Texts of a pattern that values can be made up for."""
        found = (p for p in self._scalars("String") if annotation(p, "pattern") is not None)
        return tuple(p for p in found if annotation(p, "data_type") is None and p.name not in self.accepts)

    @cached_property
    def dates(self) -> tuple[Property, ...]:
        """Members that hold a date and time (DateTime), in table order."""
        return self._scalars("DateTime")

    @cached_property
    def values(self) -> tuple[Property, ...]:
        """Members with numbers, truth values, guids or enumeration values."""
        plain = self._scalars(*INTEGERS, *DECIMALS, "Boolean", "Guid")
        enums = tuple(p for p in self.sent if is_enum(self.contract, p) and self.shown(p))
        return plain + enums

    @cached_property
    def nullable(self) -> tuple[Property, ...]:
        """Numbers, times and the like that the pages show to take null, and do not demand."""
        from contracts.conformance.deep.kinds import nullable

        return nullable(self)

    @cached_property
    def required(self) -> tuple[Property, ...]:
        """Members that a record must have, the key among them.

        GUESS: a required member of a value type is left out, for the framework cannot tell its absence from its
        default (a missing number is 0); a portal's own rule would settle it. Nested models and collections are left
        out as well.
        """
        scalars = (p for p in self.sent if p.type.value.kind == "scalar" and p.json.value is not None)
        return tuple(p for p in scalars if p.required.value and not is_value_type(self.contract, p))

    def request_media(self) -> tuple[Fact[MediaType], ...]:
        """The media types a record may be sent in, of which the page shows how."""
        return tuple(m for m in self.operation.request.media_types if self._shows(m, self.sent))

    def response_media(self) -> tuple[Fact[MediaType], ...]:
        """The media types an answer may come in, of which the page shows how."""
        listed = (m for m in self.operation.response.media_types if m.value.format != "form")
        return tuple(m for m in listed if self._shows(m, self.answer_model.properties))

    def unshown(self, response: bool) -> tuple[Fact[MediaType], ...]:
        """The media types of one direction that the page lists without showing a record in them: nobody can tell
        their names, namespaces and order, so nothing is sent or judged in them."""
        listed = self.operation.response.media_types if response else self.operation.request.media_types
        shown = {m.value.name for m in (self.response_media() if response else self.request_media())}
        return tuple(m for m in listed if m.value.name not in shown and not (response and m.value.format == "form"))

    def _shows(self, medium: Fact[MediaType], members: tuple[Property, ...]) -> bool:
        if medium.value.format == "xml":
            return any(prop.xml.value is not None for prop in members)
        # FormUrlEncoded: the model binder knows the code's names, and [DataMember(Name=…)] hides those from the page.
        if medium.value.format == "form" and self.model.data_contract.value:
            return all(p.clr_name.value is not None and p.clr_name.standing == "stated" for p in members)
        return any(prop.json.value is not None for prop in members)


def bounds(prop: Property) -> Bounds:
    """The lengths that the page's annotations leave a text."""
    low, high = 0, None
    for annotation in (fact.value for fact in prop.annotations):
        if annotation.kind == "string_length":
            low, high = int(annotation.arguments[0]), int(annotation.arguments[1])
        elif annotation.kind == "min_length":
            low = int(annotation.arguments[0])
        elif annotation.kind == "max_length":
            high = int(annotation.arguments[0])
    return Bounds(low, high)


def annotation(prop: Property, kind: str) -> tuple[str, ...] | None:
    """The arguments of a member's annotation of a kind, None where it has none."""
    for fact in prop.annotations:
        if fact.value.kind == kind:
            return fact.value.arguments
    return None


def is_enum(contract: Contract, prop: Property) -> bool:
    """Whether a member's type is an enumeration of the contract."""
    ref = prop.type.value
    return ref.kind == "model" and ref.name in contract.models and contract.models[ref.name].kind == "enum"


def is_value_type(contract: Contract, prop: Property) -> bool:
    """Whether a member's type cannot be null in .NET unless wrapped."""
    from contracts.scalars import SCALARS

    ref = prop.type.value
    return is_enum(contract, prop) or (ref.kind == "scalar" and SCALARS[ref.name].value_type)


def subjects(contract: Contract, accepts: Mapping[str, tuple[str, ...]] | None = None) -> tuple[Subject, ...]:
    """Every upsert of a contract whose answer can be read as a record; UsageError where `accepts` knows no member."""
    found = []
    known = {prop.name for _, model in contract.upserts() for prop in model.properties}
    for name in accepts or {}:
        if name not in known:
            raise UsageError(
                f"accepts: no member is called {name}\n    what to do: use one of {', '.join(sorted(known))}"
            )
    for operation, model in contract.upserts():
        answer = contract.model_of(operation.response)
        if answer is None:
            continue
        subject = Subject(contract, operation, model, answer, accepts or {})
        if subject.request_media() and subject.response_media():
            found.append(subject)
    return tuple(found)
