"""A tenant's state as a whole: back to the start, written down, and put back.

    POST /reset                          no records, no journal, no faults, the settings of the start
    GET  /snapshot · POST /restore       as a document that outlives the portal
    /snapshots/{name}                    by a name; kept with the store, so over a restart where the store is

The rule: what is restored is what was written down, letter by letter, with ids, versions and times; a document that
does not fit the page changes nothing. The journal is no state.
"""

from __future__ import annotations

import json
import time
from typing import Any

from contracts.errors import UsageError
from mockserver import settings
from mockserver.control import document as d
from mockserver.control.answers import DONE, Answer, Refused
from mockserver.control.forms import moment
from mockserver.control.routes import Call, Route
from mockserver.faults import Rule, rules
from mockserver.settings import Settings
from mockserver.store import KeyTakenError
from mockserver.tenants import EXPECTED, NAME, SNAPSHOTS, Tenant, Tenants

#: The version of the document; another one is refused.
FORMAT = 1
_MARK = "portal-snapshot"
_AS_GIVEN = "send what GET /_portal/snapshot gave, as it is"


def reset(call: Call) -> Answer:
    call.tenant.reset()
    return DONE


def _taken(tenant: Tenant) -> dict[str, Any]:
    return {
        _MARK: FORMAT,
        "taken": moment(time.time()),
        "settings": settings.as_data(tenant.settings),
        "faults": [one.rule.as_data() for one in tenant.faults.rules],
        "records": tenant.records.snapshot(),
    }


def snapshot(call: Call) -> Answer:
    name = f"portal-snapshot-{call.tenant.name}.json" if call.tenant.name else "portal-snapshot.json"
    return Answer(_taken(call.tenant), headers={"Content-Disposition": f'attachment; filename="{name}"'})


def restore(call: Call) -> Answer:
    return _restored(call, call.document())


def _restored(call: Call, document: Any) -> Answer:
    if not isinstance(document, dict) or document.get(_MARK) != FORMAT:
        raise Refused(400, "the body is no snapshot of this version", _AS_GIVEN)
    begun, faults = _settings(call.tenant, document.get("settings")), _faults(document.get("faults"))
    records = document.get("records")
    if not isinstance(records, list):
        raise Refused(400, "the snapshot has no list of records", _AS_GIVEN)
    _check(call, records)
    if faults is not None:
        call.tenant.faults.check(faults)
    try:
        call.tenant.records.restore(records)
    except KeyTakenError:
        raise Refused(400, "two records of the snapshot have one key", _AS_GIVEN) from None
    call.tenant.set(begun)
    if faults is not None:
        call.tenant.faults.put(faults)
    return Answer({"records": len(records)})


def _settings(tenant: Tenant, given: Any) -> Settings:
    if not isinstance(given, dict):
        raise Refused(400, "the snapshot has no settings", _AS_GIVEN)
    return settings.changed(tenant.settings, given)


def _faults(given: Any) -> tuple[Rule, ...] | None:
    """The faults of a snapshot; None where it was taken before snapshots had any: those that there are stay."""
    if given is None:
        return None
    if not isinstance(given, list):
        raise Refused(400, "the snapshot has no list of faults", _AS_GIVEN)
    return tuple(rules.read(one) for one in given)


def _check(call: Call, records: list[Any]) -> None:
    """Refused when a record is none of this page's, or two have one id; what an entry must hold the store says."""
    paths = {one.path: one for one in call.portal.forms.resources}
    seen = set[tuple[str, str]]()
    for number, entry in enumerate(records):
        if not isinstance(entry, dict) or not isinstance(entry.get("content"), str):
            continue
        place = (str(entry.get("resource")), str(entry.get("id")))
        if place in seen:
            raise Refused(400, f"entry {number} of the snapshot has the id of another: {place[1]}", _AS_GIVEN)
        seen.add(place)
        resource = paths.get(place[0])
        try:
            if resource is None:
                raise ValueError(f"the page has no resource {entry.get('resource')!r}")
            call.portal.forms.check(resource, entry["content"])
        except ValueError as error:
            raise Refused(
                400,
                f"entry {number} of the snapshot does not fit the page: {error}",
                "restore it to a portal that serves the page it was taken with",
            ) from None


def _place(tenant: Tenant) -> str:
    """Under which name the store keeps a tenant's snapshots."""
    return tenant.name + SNAPSHOTS


def snapshots(call: Call) -> Answer:
    kept = call.portal.tenants.store.settings(_place(call.tenant))
    told = []
    for name, text in sorted(kept.items()):
        document = json.loads(text)
        told.append({"name": name, "taken": document["taken"], "records": len(document["records"])})
    return Answer({"snapshots": told})


def keep(call: Call) -> Answer:
    name = call.path["name"]
    if not NAME.fullmatch(name):
        raise Refused(400, f"{name[:100]!r} is no name of a snapshot", f"give {EXPECTED}")
    document = _taken(call.tenant)
    call.portal.tenants.store.keep_setting(_place(call.tenant), name, json.dumps(document))
    return Answer({"name": name, "taken": document["taken"], "records": len(document["records"])})


def _kept(call: Call) -> Any:
    name = call.path["name"]
    text = call.portal.tenants.store.settings(_place(call.tenant)).get(name)
    if text is None:
        raise Refused(404, f"there is no snapshot {name[:100]}", "GET /_portal/snapshots lists them")
    return json.loads(text)


def show(call: Call) -> Answer:
    return Answer(_kept(call))


def put_back(call: Call) -> Answer:
    return _restored(call, _kept(call))


def forget(call: Call) -> Answer:
    _kept(call)
    call.portal.tenants.store.keep_setting(_place(call.tenant), call.path["name"], None)
    return DONE


def get_settings(call: Call) -> Answer:
    return Answer(settings.as_data(call.tenant.settings))


def change_settings(call: Call) -> Answer:
    return Answer(settings.as_data(call.tenant.change(call.object())))


def begin_again(call: Call) -> Answer:
    call.tenant.set(call.tenant.started)
    return get_settings(call)


def tenants(call: Call) -> Answer:
    return Answer({"tenants": told_of(call.portal.tenants), "most": call.portal.tenants.most})


def told_of(every: Tenants) -> list[dict[str, Any]]:
    """Each tenant's name, and how many records and exchanges it has."""
    told = []
    for name in every.names():
        live = every.find(name)
        records = live.records if live is not None else every.store.records(name)
        seen = live.journal.seen if live is not None else 0
        told.append({"name": name, "records": records.count(), "exchanges": seen})
    return told


def drop(call: Call) -> Answer:
    name = call.path["name"]
    try:
        dropped = call.portal.tenants.drop(name)
    except UsageError as error:
        raise Refused.of(error) from None
    if not dropped:
        raise Refused(404, f"there is no tenant {name[:100]}", "GET /_portal/tenants lists them")
    return DONE


def drop_all(call: Call) -> Answer:
    for name in call.portal.tenants.names():
        if name:
            call.portal.tenants.drop(name)
    return DONE


_NAMED: dict[int, str | None] = {404: "Error"}
_BACK: dict[int, str | None] = {200: "Restored", 400: "Error"}
_CHANGED: dict[int, str | None] = {200: "Settings", 400: "Error"}
_NAME = "/snapshots/{name}"
_DOCUMENT = {"application/json": d.ref("Snapshot")}
_CHANGES = {"application/json": d.ref("Settings")}

ROUTES = (
    Route("POST", "/reset", "all as at the start: records, journal, faults, settings", {204: None}, reset),
    Route("GET", "/snapshot", "records, settings and faults as a document", {200: "Snapshot"}, snapshot),
    Route("POST", "/restore", "puts back what a snapshot holds", _BACK, restore, takes=_DOCUMENT),
    Route("GET", "/snapshots", "the snapshots that were kept by a name", {200: "Snapshots"}, snapshots),
    Route("PUT", _NAME, "keeps a snapshot by a name", {200: "Kept", 400: "Error"}, keep),
    Route("GET", _NAME, "that snapshot as a document", {200: "Snapshot", **_NAMED}, show),
    Route("POST", f"{_NAME}/restore", "puts back that snapshot", _BACK | _NAMED, put_back),
    Route("DELETE", _NAME, "forgets that snapshot", {204: None, **_NAMED}, forget),
    Route("GET", "/settings", "the settings", {200: "Settings"}, get_settings),
    Route("PATCH", "/settings", "changes some settings, all or none", _CHANGED, change_settings, takes=_CHANGES),
    Route("DELETE", "/settings", "the settings of the start again", {200: "Settings"}, begin_again),
    Route("GET", "/tenants", "every tenant in use, that without a name too", {200: "Tenants"}, tenants),
    Route("DELETE", "/tenants", "drops every tenant but the one without a name", {204: None}, drop_all),
    Route("DELETE", "/tenants/{name}", "drops a tenant with all that it has", {204: None, **_NAMED}, drop),
)
