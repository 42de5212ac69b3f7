"""Records as the control API shows and takes them: in the portal's own JSON.

    {"resource", "id", "key", "version", "created", "updated", "record": {as the portal answers it}}

The rule: a record that comes in goes through the portal's own reader, and whatever that would refuse, drop or alter is
a fault here: nothing is lost without a word by what was made to arrange things. Storing may not live here.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from contracts.errors import PortalError
from contracts.model import Contract, Model, TypeRef
from contracts.scalars import SCALARS
from mockserver.control.answers import Raw, Refused
from mockserver.controllers import Resource, resources
from mockserver.settings import Settings
from mockserver.store import Kept
from mockserver.webapi.annotations import Annotations
from mockserver.webapi.bodies import Bodies
from mockserver.webapi.losses import REASONS, Loss, Losses
from mockserver.webapi.model_state import ModelState
from mockserver.webapi.records import dump, load
from mockserver.webapi.shapes import Shapes, fold
from mockserver.webapi.xml_writer import WriteError

if TYPE_CHECKING:
    from contracts.emit import Schemas

#: Losses that leave the value what it is: the same moment, told by the server's clock.
_NONE = frozenset({"time.zone-moved"})


@dataclass(frozen=True)
class Row:
    """A record that can be kept: its key, the id that it asks for (None: any), and its content for the store."""

    key: str | None
    id: str | None
    content: str


class FaultyError(Exception):
    """A record that cannot be kept; `faults` are (member, what is wrong and what was expected)."""

    def __init__(self, faults: list[tuple[str, str]]):
        super().__init__(faults)
        self.faults = faults


class Forms:
    """The readers and writers of a contract's records."""

    def __init__(self, contract: Contract, schemas: Callable[[], Schemas]):
        self._shapes, self._schemas = Shapes(contract), schemas
        self._rules = lru_cache(maxsize=2)(lambda strict: Annotations(self._shapes, strict=strict))
        #: Those of which records can be kept.
        self.resources: tuple[Resource, ...] = tuple(one for one in resources(contract) if one.model is not None)

    def resource(self, name: str) -> Resource:
        """The resource of that name or path, in any case; Refused when there is none."""
        folded = name.strip("/").casefold()
        for one in self.resources:
            if folded in (one.name.casefold(), one.path):
                return one
        there = ", ".join(one.name for one in self.resources)
        raise Refused(404, f"there is no resource {name[:100]}", f"there are {there}" if there else "the page has none")

    def shown(self, resource: Resource, kept: Kept, zone: datetime.tzinfo) -> dict[str, Any]:
        """A record for an answer."""
        return {
            "resource": resource.name,
            "id": kept.id,
            "key": kept.key,
            "version": kept.version,
            "created": moment(kept.created),
            "updated": moment(kept.updated),
            "record": Raw(self._written(_model(resource), kept, zone)),
        }

    def _written(self, model: Model, kept: Kept, zone: datetime.tzinfo) -> str:
        record, own = load(model, kept.content), model.portal_id.value
        if own:
            record[own] = int(kept.id) if _is_number(model, own) else kept.id
        try:
            return Bodies(self._shapes, zone).write_body("json", TypeRef("model", model.name), record)
        except WriteError:  # the portal answers 500 with it
            return "null"

    def read(self, resource: Resource, text: str, settings: Settings) -> Row:
        """The record of a JSON object in the portal's form; FaultyError says what is wrong with it."""
        model, state, losses = _model(resource), ModelState(), Losses()
        bodies = Bodies(self._shapes, settings.timezone)
        body, ref = text.encode("utf-8", "surrogatepass"), TypeRef("model", model.name)
        record = bodies.read_body("json", body, None, ref, state, losses)
        faults = self._explained(model, text, state.hidden)
        if record is not None:
            faults += [
                (loss.member, f"{REASONS[loss.reason].told} {REASONS[loss.reason].remedy}")
                for loss in self._lost(bodies, ref, text, record, losses)
            ]
        if not faults and record is not None:
            self._rules(settings.strict).validate(ref, record, state)
            faults += [(self._column(model, key), " ".join(told)) for key, told in state.errors()]
        if faults or record is None:
            raise FaultyError(faults or [("", "expected a JSON object")])
        return _row(model, record)

    def _lost(self, bodies: Bodies, ref: TypeRef, text: str, record: dict[str, Any], losses: Losses) -> list[Loss]:
        """What the reader dropped or altered, but for members that the record shows as they were sent all the same."""
        found = [loss for loss in losses.all() if loss.reason not in _NONE]
        if not found:
            return []
        sent, shown = json.loads(text), json.loads(bodies.write_body("json", ref, record))
        return [loss for loss in found if loss.member not in sent or sent[loss.member] != shown.get(loss.member, text)]

    def _explained(self, model: Model, text: str, hidden: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """What the reader stumbled over: in the schema's words, which say what was expected, where it has any."""
        if not hidden:
            return []
        where = {path.casefold() for path, _ in hidden}
        try:
            told = self._schemas().json_faults(model.name, "request", json.loads(text))
        except (ValueError, PortalError):  # no JSON, or a model that no request bears
            told = []
        better = [(path.removeprefix("$."), why) for path, _, why in (fault.partition(": ") for fault in told)]
        better = [(path, why) for path, why in better if path.casefold() in where]
        return better or list(hidden)

    def _column(self, model: Model, key: str) -> str:
        """The member in JSON that a key of the model state means."""
        member = self._shapes[model.name].by_form.get(fold(key.partition(".")[2]))
        return (member.json or member.name) if member is not None else key

    def check(self, resource: Resource, content: str) -> None:
        """Raises ValueError when the content is none of this resource's records."""
        try:
            load(_model(resource), content)
        except (ValueError, TypeError, LookupError) as error:
            raise ValueError(str(error)) from None

    def columns(self, resource: Resource) -> dict[str, TypeRef]:
        """The members that JSON has, by their names there, and their types."""
        return {member.json: member.type for member in self._shapes[_model(resource).name].json_order if member.json}

    def is_enum(self, ref: TypeRef) -> bool:
        return self._shapes.enum(ref) is not None


def _row(model: Model, record: dict[str, Any]) -> Row:
    own, chosen = model.portal_id.value, model.key.value
    key = record.get(chosen) if chosen else None
    wanted: str | None = None
    if own:
        given = record[own]
        wanted = None if given is None or not str(given).strip("0-") else str(given)
        record = {**record, own: None}  # the store keeps the id beside the record
    return Row(None if key is None else str(key), wanted, dump(model, record))


def _model(resource: Resource) -> Model:
    assert resource.model is not None  # those of `Forms.resources` have one
    return resource.model


def _is_number(model: Model, name: str) -> bool:
    ref = model[name].type.value
    return ref.kind == "scalar" and SCALARS[ref.name].json.get("type") == "integer"


def moment(seconds: float) -> str:
    """Seconds since 1970 as a time in UTC."""
    return (
        datetime.datetime.fromtimestamp(seconds, datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    )
