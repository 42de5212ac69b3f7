"""Records at rest: list, get, put and delete those of every resource, and read rows of JSON or CSV.

    /records                         how many each resource has; DELETE clears all
    /records/{resource}              a page of them; POST adds or updates one by its key
    /records/{resource}/by-key?key=  one by the client's key
    /records/{resource}/{id}         one by the portal's id

The rule: what is stored here could have been stored by a client in the tenant's present mode, but for the id, which
may be chosen. A call changes what it says or nothing. How a row is read stands in `forms` and `rows`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mockserver.control import document as d
from mockserver.control.answers import DONE, Answer, Refused, text_of
from mockserver.control.forms import FaultyError, Row
from mockserver.control.routes import Call, Parameter, Route
from mockserver.control.rows import Fault, read_rows, refused, whole
from mockserver.controllers import Resource, drawing
from mockserver.store import Kept, KeyTakenError

_PAGE = 100
_KEY = Parameter("key", "the client's key, letter by letter", required=True, example="example-0001")


def _resource(call: Call) -> Resource:
    return call.portal.forms.resource(call.path["resource"])


def _shown(call: Call, resource: Resource, kept: Kept, status: int = 200) -> Answer:
    return Answer(call.portal.forms.shown(resource, kept, call.tenant.settings.timezone), status)


def counts(call: Call) -> Answer:
    kept = call.tenant.records.resources()
    return Answer({"records": {one.name: kept.get(one.path, 0) for one in call.portal.forms.resources}})


def clear_all(call: Call) -> Answer:
    call.tenant.records.clear()
    return DONE


def page(call: Call) -> Answer:
    resource = _resource(call)
    every = call.tenant.records.all(resource.path)
    first, most = call.query["offset"], call.query["limit"]
    zone = call.tenant.settings.timezone
    shown = [call.portal.forms.shown(resource, kept, zone) for kept in every[first : first + most]]
    return Answer({"resource": resource.name, "total": len(every), "offset": first, "limit": most, "records": shown})


def clear(call: Call) -> Answer:
    call.tenant.records.clear(_resource(call).path)
    return DONE


def add(call: Call) -> Answer:
    resource = _resource(call)
    return _put(call, resource, _row(call, resource))


def get(call: Call) -> Answer:
    resource = _resource(call)
    return _shown(call, resource, _of_id(call, resource))


def put(call: Call) -> Answer:
    """The record of an id: replaced, or made with this very id."""
    resource, own = _resource(call), call.path["id"]
    row = _row(call, resource)
    if row.id not in (None, own):
        raise Refused(409, f"the path says the id {own}, the record {row.id}", "leave the id out of the record")
    records = call.tenant.records
    if records.by_id(resource.path, own) is None:
        if row.key is not None and records.by_key(resource.path, row.key) is not None:
            raise _taken(resource, row.key)
        return _put(call, resource, Row(row.key, own, row.content))
    try:
        records.replace(resource.path, own, row.key, row.content)
    except KeyTakenError:
        raise _taken(resource, row.key) from None
    return _shown(call, resource, _of_id(call, resource))


def delete(call: Call) -> Answer:
    resource = _resource(call)
    if not call.tenant.records.delete(resource.path, call.path["id"]):
        _of_id(call, resource)  # refused: it is not there
    return DONE


def get_by_key(call: Call) -> Answer:
    resource = _resource(call)
    return _shown(call, resource, _of_key(call, resource))


def put_by_key(call: Call) -> Answer:
    resource = _resource(call)
    row = _row(call, resource)
    if row.key != call.query["key"]:
        raise Refused(
            409,
            f"the query says the key {call.query['key']!r}, the record {row.key!r}",
            f"give both the same; the record's key is its member {_key_column(resource)}",
        )
    return _put(call, resource, row)


def delete_by_key(call: Call) -> Answer:
    resource = _resource(call)
    call.tenant.records.delete(resource.path, _of_key(call, resource).id)
    return DONE


def seed(call: Call) -> Answer:
    """Many at once, all or none."""
    given = read_rows(call)
    rows = whole(call, given)
    faults = []
    for one, row in zip(given, rows, strict=True):
        conflict = _conflict(call, one.resource, row)
        if conflict:
            faults.append(Fault(one.resource.name, one.number, "", f"{conflict[0]}: {conflict[1]}"))
    if faults:
        raise refused(faults)
    records, stored = call.tenant.records, [(one.resource, row) for one, row in zip(given, rows, strict=True)]
    known = sum(row.key is not None and records.by_key(of.path, row.key) is not None for of, row in stored)
    made = len(rows) - known
    records.upsert_all((of.path, row.key, _draw(of, row)(), row.content) for of, row in stored)
    kept = records.resources()
    totals = {one.resource.name: kept.get(one.resource.path, 0) for one in given}
    return Answer({"stored": len(rows), "created": made, "updated": len(rows) - made, "records": totals})


def _row(call: Call, resource: Resource) -> Row:
    try:
        return call.portal.forms.read(resource, text_of(call.exact()), call.tenant.settings)
    except FaultyError as error:
        faults = [{"column": column, "what": what} for column, what in error.faults]
        raise Refused(
            400, "the record cannot be stored as it is", "mend what the faults name; nothing was stored", faults=faults
        ) from None


def _put(call: Call, resource: Resource, row: Row) -> Answer:
    kept, new = _kept(call, resource, row)
    return _shown(call, resource, kept, 201 if new else 200)


def _kept(call: Call, resource: Resource, row: Row) -> tuple[Kept, bool]:
    """The record stored by its key, and whether it is new."""
    records = call.tenant.records
    known = None if row.key is None else records.by_key(resource.path, row.key)
    conflict = _conflict(call, resource, row)
    if conflict:
        raise Refused(409, *conflict)
    own = records.upsert(resource.path, row.key, _draw(resource, row), row.content)
    found = records.by_id(resource.path, own)
    if found is None:
        raise Refused(409, "another call deleted the record meanwhile", "send it again")
    return found, known is None


def _draw(resource: Resource, row: Row) -> Callable[[], str]:
    """Gives the id that the record has if it is new."""
    assert resource.model is not None
    return drawing(resource.model) if row.id is None else lambda: str(row.id)


def _conflict(call: Call, resource: Resource, row: Row) -> tuple[str, str] | None:
    """What is in the way of the id that a record asks for, and what to do."""
    if row.id is None:
        return None
    records = call.tenant.records
    known = None if row.key is None else records.by_key(resource.path, row.key)
    if known is None and records.by_id(resource.path, row.id) is not None:
        return f"a record with the id {row.id} is there already", "leave the id out, or put to that id"
    if known is not None and known.id != row.id:
        return (
            f"the record with the key {row.key!r} is there, and its id is {known.id}, not {row.id}",
            "leave the id out, or delete that record first",
        )
    return None


def _of_id(call: Call, resource: Resource) -> Kept:
    found = call.tenant.records.by_id(resource.path, call.path["id"])
    if found is None:
        raise Refused(
            404,
            f"{resource.name} has no record with the id {call.path['id'][:100]}",
            f"GET /_portal/records/{resource.name} lists them; by the client's key: /by-key?key=…",
        )
    return found


def _of_key(call: Call, resource: Resource) -> Kept:
    found = call.tenant.records.by_key(resource.path, call.query["key"])
    if found is None:
        raise Refused(
            404,
            f"{resource.name} has no record with the key {call.query['key'][:100]!r}",
            f"GET /_portal/records/{resource.name} lists them; keys are compared letter by letter",
        )
    return found


def _taken(resource: Resource, key: Any) -> Refused:
    return Refused(
        409, f"another record of {resource.name} has the key {key!r}", "give another key, or put to that record"
    )


def _key_column(resource: Resource) -> str:
    model = resource.model
    return (model[resource.key].json.value or resource.key) if model and resource.key else "(none)"


_BODY = {"application/json": d.RECORD}
_STORED: dict[int, str | None] = {200: "Record", 201: "Record", 400: "Error", 404: "Error", 409: "Error"}
_FOUND: dict[int, str | None] = {200: "Record", 404: "Error"}
_GONE: dict[int, str | None] = {204: None, 404: "Error"}
_SEEDED: dict[int, str | None] = {200: "Seeded", 400: "Error", 404: "Error"}
_ONE, _KEYED, _OWN = "/records/{resource}", "/records/{resource}/by-key", "/records/{resource}/{id}"
_PART = (
    Parameter("offset", "how many to pass over", "integer", 0, example="100"),
    Parameter("limit", "how many to show", "integer", _PAGE, example="20"),
)
_WHOSE = Parameter("resource", "whose rows they are; not needed for JSON that names its resources", example="NAME")
_ROWS = {"application/json": d.ROWS, "text/csv": {"type": "string"}}

ROUTES = (
    Route("GET", "/records", "how many records each resource has", {200: "Counts"}, counts),
    Route("DELETE", "/records", "deletes every record", {204: None}, clear_all),
    Route("GET", _ONE, "the records of a resource, oldest first", {200: "RecordPage", 404: "Error"}, page, _PART),
    Route("DELETE", _ONE, "deletes the records of a resource", _GONE, clear),
    Route("POST", _ONE, "stores a record: a new one, or the one of its key replaced", _STORED, add, takes=_BODY),
    Route("GET", _KEYED, "the record of a client's key", _FOUND, get_by_key, (_KEY,)),
    Route("PUT", _KEYED, "stores the record of a client's key", _STORED, put_by_key, (_KEY,), _BODY),
    Route("DELETE", _KEYED, "deletes the record of a client's key", _GONE, delete_by_key, (_KEY,)),
    Route("GET", _OWN, "the record with an id of the portal's", _FOUND, get),
    Route("PUT", _OWN, "replaces the record with this id, or makes it with this very id", _STORED, put, takes=_BODY),
    Route("DELETE", _OWN, "deletes the record with an id", _GONE, delete),
    Route("POST", "/seed", "stores many records from JSON or CSV, all or none", _SEEDED, seed, (_WHOSE,), _ROWS),
)
