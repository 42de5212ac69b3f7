"""Which page answers which address, and how it goes out.

The rule: `PAGES` is all that there is; whatever is refused is a page that says so, in the same words as the control
API's JSON. What a page shows stands in the file of its subject.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from typing import TYPE_CHECKING

from flask import Response, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from contracts.errors import UsageError
from mockserver.control.answers import Refused
from mockserver.pages import arranging, exchanges, failing, graded, helps, stored
from mockserver.pages.visits import HEADERS, Shown, Visit, page

if TYPE_CHECKING:
    from mockserver.control.portal import Portal
    from mockserver.tenants import Tenant

View = Callable[..., Shown]


def how(visit: Visit) -> Shown:
    """How to use this portal: a command for each operation, and everything that there is."""
    from mockserver.control import what_there_is

    there_is = [
        (*what.split(" ", 1), told) for what, told in what_there_is(visit.root.removesuffix("/_portal")).items()
    ]
    return page(visit, "how", samples=exchanges.samples(visit), there_is=there_is)


#: verb, path under /_portal/page, view.
PAGES: tuple[tuple[str, str, View], ...] = (
    ("GET", "/", exchanges.journal),
    ("GET", "/rows", exchanges.rows),
    ("GET", "/exchanges/<int:number>", exchanges.exchange),
    ("GET", "/exchanges/<int:number>/<any(request, response):side>", exchanges.raw),
    ("POST", "/exchanges/forget", exchanges.forget),
    ("GET", "/records", stored.counts),
    ("GET", "/records/<name>", stored.listed),
    ("POST", "/records/<name>/clear", stored.clear),
    ("GET", "/records/<name>/<id>", stored.one),
    ("POST", "/records/<name>/<id>/delete", stored.delete),
    ("GET", "/settings", arranging.settings),
    ("POST", "/settings", arranging.change_settings),
    ("POST", "/settings/begin-again", arranging.begin_again),
    ("POST", "/reset", arranging.reset),
    ("GET", "/faults", failing.faulty),
    ("POST", "/faults", failing.add_fault),
    ("POST", "/faults/<int:number>/remove", failing.remove_fault),
    ("POST", "/faults/clear", failing.heal),
    ("GET", "/tenants", arranging.tenants),
    ("POST", "/tenants", arranging.open_tenant),
    ("POST", "/tenants/<name>/drop", arranging.drop_tenant),
    ("GET", "/grade", graded.graded),
    ("GET", "/how", how),
)
_MAP = Map([Rule(path, methods=[verb], endpoint=view) for verb, path, view in PAGES], merge_slashes=False)
#: The files that pages are drawn with, by their media types.
_STATIC = {"portal.css": "text/css", "portal.js": "text/javascript"}


def show(portal: Portal, tenant: Tenant, root: str, path: str) -> Response:
    """The page at a path."""
    here = request.script_root + root
    outside = here.removesuffix(f"/t/{tenant.name}{root}") + root if tenant.name and request.script_root else here
    base = request.host_url.rstrip("/") + request.script_root
    posted = request.form if request.method == "POST" else MultiDict[str, str]()
    help_page = f"{request.script_root}/Help" if helps.there_are(portal.contract) else ""
    visit = Visit(portal, tenant, here, outside, base, help_page, request.args, posted)
    try:
        view, given = _MAP.bind("portal").match("/" + path, method=request.method)
        return _response(view(visit, **given))
    except Refused as refused:
        return _response(_problem(visit, refused))
    except UsageError as error:
        return _response(_problem(visit, Refused.of(error)))
    except HTTPException as error:
        what = f"{request.method} {request.path}: {error.name}"
        return _response(_problem(visit, Refused(error.code or 500, what, "begin at the journal")))


def _problem(visit: Visit, refused: Refused) -> Shown:
    return page(visit, "problem", refused.status, problem=refused.data)


def _response(shown: Shown) -> Response:
    headers = {**HEADERS, **shown.headers}
    kind = f"{shown.media_type}; charset=utf-8" if shown.media_type.startswith("text/") else shown.media_type
    return Response(shown.body, shown.status, headers, content_type=kind)


def static(file: str) -> Response:
    """A style or a script."""
    if file not in _STATIC:
        return Response("there is no such file\n", 404, HEADERS, mimetype="text/plain")
    data = resources.files("mockserver.pages").joinpath("static", file).read_bytes()
    return _response(Shown(data, media_type=_STATIC[file], headers={"Cache-Control": "no-cache"}))
