"""What an integrator arranges from a page: settings, tenants, and all as at the start. What is to fail is in `failing`.

The rule: a form says what the control API would be told, and is taken or refused as a whole, in the same words; what is
refused stands in the form again. What cannot be undone asks twice, without a script.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from contracts.errors import UsageError
from mockserver.control.answers import Refused
from mockserver.control.states import told_of
from mockserver.defects import DEFECTS
from mockserver.pages.visits import Shown, Visit, page, to
from mockserver.settings import TABLE, as_data
from mockserver.tenants import EXPECTED, NAME

#: Settings that a form has as a box to tick.
_TICKED = tuple(name for name, row in TABLE.items() if row.schema["type"] == "boolean")


def settings(visit: Visit) -> Shown:
    """The settings as a form."""
    return _settings(visit, as_data(visit.tenant.settings))


def _settings(visit: Visit, values: dict[str, Any], problem: Any = None) -> Shown:
    families: dict[str, list[Any]] = {}
    for defect in DEFECTS.values():
        families.setdefault(defect.family, []).append(defect)
    return page(
        visit,
        "settings",
        400 if problem else 200,
        values=values,
        told={name: row.told for name, row in TABLE.items()},
        families=families,
        zones=sorted(available_timezones()),
        problem=problem,
        differs=visit.tenant.settings != visit.tenant.started,
    )


def change_settings(visit: Visit) -> Shown:
    """The settings as a form said."""
    wanted = _wanted(visit)
    now = as_data(visit.tenant.settings)
    try:
        visit.tenant.change({name: value for name, value in wanted.items() if value != now[name]})
    except UsageError as error:
        return _settings(visit, {**now, **wanted}, Refused.of(error).data)
    return to(visit, "/page/settings", "settings")


def _wanted(visit: Visit) -> dict[str, Any]:
    form = visit.form
    wanted: dict[str, Any] = {name: form.get(name) == "yes" for name in _TICKED}
    wanted["strict"] = form.get("mode") == "strict"
    wanted["defects"] = form.getlist("defects")
    for name in ("zone", "clock"):
        wanted[name] = form.get(name, "").strip()
    limit = form.get("body_limit", "").strip()
    plain = limit.isascii() and limit.isdecimal() and len(limit) < 16
    wanted["body_limit"] = int(limit) if plain else limit
    return wanted


def begin_again(visit: Visit) -> Shown:
    """The settings of the start."""
    visit.tenant.set(visit.tenant.started)
    return to(visit, "/page/settings", "begun")


def reset(visit: Visit) -> Shown:
    """Everything as at the start."""
    visit.tenant.reset()
    return to(visit, "/page/settings", "reset")


def tenants(visit: Visit) -> Shown:
    """Every tenant in use."""
    return _tenants(visit)


def _tenants(visit: Visit, typed: str = "", problem: Any = None) -> Shown:
    every = visit.portal.tenants
    told = told_of(every)
    return page(visit, "tenants", 400 if problem else 200, told=told, most=every.most, typed=typed, problem=problem)


def open_tenant(visit: Visit) -> Shown:
    """The pages of a tenant; it is made when its page is first looked at."""
    name = visit.form.get("name", "").strip()
    if not NAME.fullmatch(name):
        problem = {"error": f"{name[:100]!r} is no name of a tenant", "remedy": f"give {EXPECTED}"}
        return _tenants(visit, name, problem)
    return to(visit, "/", root=f"{visit.outside.removesuffix('/_portal')}/t/{name}/_portal")


def drop_tenant(visit: Visit, name: str) -> Shown:
    """That tenant is gone; whoever looked at it looks at the one without a name."""
    try:
        dropped = visit.portal.tenants.drop(name)
    except UsageError as error:
        raise Refused.of(error) from None
    if not dropped:
        raise Refused(404, f"there is no tenant {name[:100]}", "go back to the tenants")
    return to(visit, "/page/tenants", "dropped", root=visit.outside)
