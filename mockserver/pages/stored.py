"""The stored records as pages: how many each resource has, a part of them, one.

    /page/records                     the resources        /page/records/NAME?offset=N   fifty of one, oldest first
    /page/records/NAME/ID             one record           /page/records/NAME?find=TEXT  the one of that key or id

The rule: a record is shown as the portal answers it. Nothing is stored here: that is the control API's and a client's.
"""

from __future__ import annotations

import json
from typing import Any

from mockserver.control.answers import Refused, exact, indented
from mockserver.controllers import Resource
from mockserver.pages import bodies
from mockserver.pages.visits import Shown, Visit, page, to
from mockserver.store import Kept

#: How many records a page shows.
PAGE = 50


def counts(visit: Visit) -> Shown:
    """Every resource with the number of its records."""
    kept = visit.tenant.records.resources()
    told = [(one, kept.get(one.path, 0)) for one in visit.portal.forms.resources]
    return page(visit, "resources", told=told, total=sum(count for _, count in told))


def listed(visit: Visit, name: str) -> Shown:
    """A part of a resource's records, or the one that is looked for."""
    resource = visit.portal.forms.resource(name)
    wanted = visit.query.get("find", "").strip()
    if wanted:
        found = visit.tenant.records.by_key(resource.path, wanted) or visit.tenant.records.by_id(resource.path, wanted)
        if found is None:
            raise Refused(
                404, f"{resource.name} has no record with the key or the id {wanted[:100]}", "look through the list"
            )
        return _one(visit, resource, found)
    every = visit.tenant.records.all(resource.path)
    given = visit.query.get("offset", "0")
    offset = int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0
    return page(
        visit,
        "records",
        resource=resource,
        total=len(every),
        offset=offset,
        size=PAGE,
        rows=[_row(visit, resource, kept) for kept in every[offset : offset + PAGE]],
    )


def _row(visit: Visit, resource: Resource, kept: Kept) -> dict[str, Any]:
    shown = visit.portal.forms.shown(resource, kept, visit.tenant.settings.timezone)
    return {**shown, "line": bodies.visible(shown["record"].text, bodies.LINE)}


def one(visit: Visit, name: str, id: str) -> Shown:
    """One record."""
    resource = visit.portal.forms.resource(name)
    found = visit.tenant.records.by_id(resource.path, id)
    if found is None:
        raise Refused(404, f"{resource.name} has no record with the id {id[:100]}", "look through the list")
    return _one(visit, resource, found)


def _one(visit: Visit, resource: Resource, kept: Kept) -> Shown:
    shown = visit.portal.forms.shown(resource, kept, visit.tenant.settings.timezone)
    text = shown["record"].text
    members = exact(text) if text != "null" else {}
    return page(
        visit,
        "record",
        resource=resource,
        shown=shown,
        members={name: bodies.value(value) if value is not None else None for name, value in members.items()},
        text=bodies.visible(indented(text), bodies.LONGEST),
        quoted=json.dumps(shown["key"]),
    )


def delete(visit: Visit, name: str, id: str) -> Shown:
    """That record is gone."""
    resource = visit.portal.forms.resource(name)
    visit.tenant.records.delete(resource.path, id)
    return to(visit, f"/page/records/{resource.name}", "deleted")


def clear(visit: Visit, name: str) -> Shown:
    """That resource has no records."""
    resource = visit.portal.forms.resource(name)
    visit.tenant.records.clear(resource.path)
    return to(visit, f"/page/records/{resource.name}", "cleared")
