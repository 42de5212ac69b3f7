"""The control API as an OpenAPI 3.1 document, made from its routes.

The rule: every route has its place here and nothing else has; a schema says what an answer really holds, and the tests
hold answers against it. What a route does may not live here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mockserver.faults.kinds import CHOICES, KINDS
from mockserver.settings import TABLE

if TYPE_CHECKING:
    from mockserver.control.routes import Route

Schema = dict[str, Any]


def ref(name: str) -> Schema:
    """A pointer to one of the schemas below."""
    return {"$ref": f"#/components/schemas/{name}"}


def _object(told: str = "", **members: Schema) -> Schema:
    """An object that has all of these members and no other."""
    about = {"description": told} if told else {}
    return {
        "type": "object", **about, "properties": members, "required": list(members), "additionalProperties": False
    }  # fmt: skip


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer", "minimum": 0}
MOMENT: Schema = {"type": "string", "format": "date-time"}
_COUNTS: Schema = {"type": "object", "additionalProperties": NUMBER}
#: A record in the portal's own JSON: /_portal/openapi.json says what it holds.
RECORD: Schema = {"type": "object", "description": "a record in the portal's own JSON"}
ROWS: Schema = {
    "description": "records of the resource that the query names, or lists of them by resource",
    "oneOf": [_list(RECORD), {"type": "object", "additionalProperties": _list(RECORD)}],
}


def _fault(name: str) -> Schema:
    """A fault of that kind, as it is arranged."""
    kind = KINDS[name]
    rows = {**kind.parameters, **CHOICES}
    return {
        "type": "object",
        "description": kind.told,
        "properties": {"kind": {"const": name}, **{name: row.schema for name, row in rows.items()}},
        "required": ["kind", *(name for name, row in rows.items() if row.required)],
        "additionalProperties": False,
    }


_ARRANGED: Schema = {
    "type": "object",
    "properties": {
        "number": NUMBER,
        "kind": {"enum": list(KINDS)},
        "text": {**TEXT, "description": "the same as --fault takes it"},
        "matched": {**NUMBER, "description": "so many requests fitted"},
        "applied": {**NUMBER, "description": "with so many it was done"},
    },
    "required": ["number", "kind", "text", "matched", "applied"],
}

SCHEMAS: Mapping[str, Schema] = {
    "Error": {
        "type": "object",
        "properties": {
            "error": {**TEXT, "description": "what is wrong"},
            "remedy": {**TEXT, "description": "what to do"},
            "faults": _list(
                {
                    "type": "object",
                    "properties": {"resource": TEXT, "row": NUMBER, "column": TEXT, "what": TEXT},
                    "required": ["column", "what"],
                }
            ),
        },
        "required": ["error", "remedy"],
    },
    "Any": {"description": "a document of its own"},
    "Health": {
        "type": "object",
        "properties": {"status": {"const": "ok"}, "records": NUMBER, "exchanges": NUMBER, "mode": TEXT, "tenant": TEXT},
        "required": ["status"],
        "description": "who may not use the control API is told the status only",
    },
    "Schemas": _object(schemas=_list(TEXT)),
    "Counts": _object(records=_COUNTS),
    "Record": _object(
        "a record as it is kept, and as the portal would answer it",
        resource=TEXT,
        id=TEXT,
        key={"type": ["string", "null"]},
        version={**NUMBER, "description": "how often it was stored"},
        created=MOMENT,
        updated=MOMENT,
        record={"type": ["object", "null"], "description": "in the portal's own JSON; null where it cannot write it"},
    ),
    "RecordPage": _object(resource=TEXT, total=NUMBER, offset=NUMBER, limit=NUMBER, records=_list(ref("Record"))),
    "Seeded": _object(stored=NUMBER, created=NUMBER, updated=NUMBER, records=_COUNTS),
    "Settings": {
        "type": "object",
        "properties": {name: {**row.schema, "description": row.told} for name, row in TABLE.items()},
        "additionalProperties": False,
    },
    "Snapshot": {
        "type": "object",
        "properties": {
            "portal-snapshot": {"const": 1},
            "taken": MOMENT,
            "settings": ref("Settings"),
            "faults": _list(ref("Fault")),
            "records": _list({"type": "object"}),
        },
        "required": ["portal-snapshot", "taken", "settings", "records"],
    },
    "Kept": _object(name=TEXT, taken=MOMENT, records=NUMBER),
    "Snapshots": _object(snapshots=_list(ref("Kept"))),
    "Restored": _object(records=NUMBER),
    "Fault": {"oneOf": [_fault(name) for name in KINDS]},
    "Faults": _object(faults=_list(_ARRANGED)),
    "FaultKinds": _object(kinds={"type": "object"}, matchers={"type": "object"}, counts={"type": "object"}),
    "Tenants": _object(tenants=_list(_object(name=TEXT, records=NUMBER, exchanges=NUMBER)), most=NUMBER),
}

_ABOUT = (
    "Arranges the states of a stub portal. Every path concerns one tenant: that of the header Portal-Tenant, or of the "
    "path's head /t/NAME, else the one without a name."
)
_DONE = {200: "done", 201: "made", 204: "done", 400: "the call makes no sense", 404: "it is not there",
         409: "it cannot be done as things are"}  # fmt: skip


def document(routes: Iterable[Route], here: str, version: str) -> Schema:
    """The document; `here` is where the control API is."""
    paths: dict[str, Schema] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.verb.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Stub portal: control API", "version": version, "description": _ABOUT},
        "servers": [{"url": here}],
        "security": [{}, {"token": []}],
        "paths": paths,
        "components": {
            "schemas": dict(SCHEMAS),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "what --control-token was given"}
            },
        },
    }


def _operation(route: Route) -> Schema:
    words = re.findall(r"[A-Za-z]+", route.path)
    found: Schema = {
        "operationId": route.verb.lower() + "".join(word.title() for word in words),
        "summary": route.told,
        "responses": {str(status): _response(route, status, name) for status, name in route.gives.items()},
    }
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": TEXT} for name in re.findall(r"\{(\w+)\}", route.path)
    ]
    for row in route.query:
        shape: Schema = dict(NUMBER if row.kind == "integer" else TEXT)
        if row.default is not None:
            shape["default"] = row.default
        parameters.append(
            {"name": row.name, "in": "query", "required": row.required, "description": row.told, "schema": shape}
        )
    if parameters:
        found["parameters"] = parameters
    if route.takes:
        found["requestBody"] = {
            "required": True,
            "content": {media: {"schema": dict(schema)} for media, schema in route.takes.items()},
        }
    return found


def _response(route: Route, status: int, name: str | None) -> Schema:
    if name is None:
        return {"description": _DONE[status]}
    media_type = "application/json" if name == "Error" else route.media_type
    return {"description": _DONE[status], "content": {media_type: {"schema": ref(name)}}}
