"""What is the stub's own, under `/_portal/`: the control API, the journal, contract and schemas, a page for people.

    routes     what a route is        records rows forms     stored records, in and out
    answers    what comes back        states                 reset, snapshots, settings, tenants
    document   OpenAPI of all         about                  health, contract, schemas
    guard      who may                cors                   whose pages may
    faults     what is to go wrong    seeding                records of files

The rule: nothing here is reachable by a path of the vendor's, and everything that changes something concerns one tenant
only: that of the request. Answers are JSON, pages for people are made by `mockserver.pages`; an unknown path says what
there is that is like it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from contracts.errors import UsageError
from mockserver import grade_routes, pages
from mockserver.control import about, faults, guard, records, states
from mockserver.control.answers import JSON, Answer, Refused, encoded, indented, text_of
from mockserver.control.portal import Options, Portal
from mockserver.control.routes import Call, Route, within_depth
from mockserver.journal import Journal
from mockserver.journal import routes as journal_routes
from mockserver.store import StoreGoneError
from mockserver.tenants import Tenant

__all__ = ["ROOT", "ROUTES", "TENANT", "Options", "Portal", "attach", "tenant"]

#: Where everything that is not the vendor's lives.
ROOT = "/_portal"
#: Where the WSGI environ bears the tenant whom a request is for.
TENANT = "portal.tenant"
#: The largest body that a call may have: a snapshot is one.
_BODY_LIMIT = 256 * 1024 * 1024
#: How many paths are told where one is unknown, and how alike they must be, from 0 to 1.
_NEAREST, _ALIKE = 3, 0.6
_LATER = "see to the store, then send it again"

#: What `mockserver.journal.routes` serves, for the document.
_JOURNAL = (
    Route("GET", "/journal", "the last exchanges with what they mean (?last=N, ?format=har or ndjson, filters)",
          {200: "Any", 400: "Any"}),
    Route("GET", "/journal/{number}", "one of them", {200: "Any", 404: "Any"}),
    Route("GET", "/journal/count", "how many exchanges match (?exactly=N, at_least, at_most: 409 when it is not so)",
          {200: "Any", 400: "Any", 409: "Any"}),
    Route("GET", "/journal/events", "new exchanges as server-sent events", {200: "Any"},
          media_type="text/event-stream"),
    Route("DELETE", "/journal", "forgets the exchanges", {204: None}),
    Route("GET", "/grade", grade_routes.TOLD, {200: "Any", 400: "Any"}),
)  # fmt: skip
#: Every route there is.
ROUTES: tuple[Route, ...] = (*about.ROUTES, *_JOURNAL, *records.ROUTES, *states.ROUTES, *faults.ROUTES)


def tenant() -> Tenant:
    """Whom the request at hand is for."""
    found: Tenant = request.environ[TENANT]
    return found


def attach(app: Flask, portal: Portal, options: Options | None = None) -> None:
    """Give the app everything under `/_portal/`."""
    may = options or Options()
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.merge_slashes = False  # what is not there is 404, never a redirect
    app.config["MAX_CONTENT_LENGTH"] = _BODY_LIMIT

    @app.before_request
    def guarded() -> Response | None:
        whole = guard.check(may, request.method, request.path.removeprefix(ROOT), request.headers)
        return None if whole else _response(Answer({"status": "ok"}))

    pages.attach(app, ROOT, portal, tenant)
    for route in ROUTES:
        if route.run is not None:
            path = ROOT + route.path.replace("{", "<").replace("}", ">")
            app.add_url_rule(path, route.name, _view(route, route.run, portal), methods=[route.verb])
    journals: Callable[[], Journal] = lambda: tenant().journal  # noqa: E731
    journal_routes.attach(app, ROOT, journals, lambda: portal.reading, about.version())
    grade_routes.attach(app, ROOT, journals, lambda: portal.reading, lambda: tenant().settings.timezone)
    app.register_error_handler(HTTPException, _not_there)
    app.register_error_handler(Refused, lambda error: _response(_of(error)))
    app.register_error_handler(StoreGoneError, lambda error: _response(_of(Refused(503, str(error), _LATER))))
    app.register_error_handler(UsageError, lambda error: _response(_of(Refused.of(error))))
    app.after_request(_for_people)


def _of(refused: Refused) -> Answer:
    return Answer(refused.data, refused.status, headers=refused.headers)


def what_there_is(root: str = "") -> dict[str, str]:
    """Verb and path of everything here, and what it does."""
    page = {f"GET {root}{ROOT}/": "the page for people: the journal as it grows, records, settings, faults, tenants"}
    return page | {f"{route.verb} {root}{ROOT}{route.path}": route.told for route in ROUTES}


def _nearest(root: str, path: str) -> dict[str, str]:
    """The routes of that very path where there are any, else those whose paths are most like it, and where to begin."""
    there_is, wanted = what_there_is(root), f"{root}{path}"
    found = {what: told for what, told in there_is.items() if _fits(what.partition(" ")[2], wanted)}
    if found:
        return found
    paths = dict.fromkeys(what.partition(" ")[2] for what in there_is)
    like = {
        f"{root}{ROOT}/",
        f"{root}{ROOT}/health",
        *difflib.get_close_matches(wanted.lower(), paths, _NEAREST, _ALIKE),
    }
    return {what: told for what, told in there_is.items() if what.partition(" ")[2] in like}


def _fits(template: str, path: str) -> bool:
    wanted, given = template.split("/"), path.split("/")
    pairs = zip(wanted, given, strict=False)
    return len(wanted) == len(given) and all(one == other or one.startswith("{") for one, other in pairs)


def _view(route: Route, run: Callable[[Call], Answer], portal: Portal) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        query = route.read_query(request.args.to_dict(flat=False))
        root = request.script_root + ROOT
        call = Call(
            portal,
            tenant(),
            path,
            query,
            request.get_data(cache=False) if route.takes else b"",
            request.mimetype,
            root,
            request.host_url.rstrip("/") + root,
        )
        return _response(within_depth(run, call))

    return view


def _response(answer: Answer) -> Response:
    data = answer.data
    if answer.status == 204:
        return Response(status=204, headers=dict(answer.headers))
    if not isinstance(data, bytes):
        data = encoded(text_of(data) + "\n")
    return Response(data, answer.status, dict(answer.headers), mimetype=answer.media_type)


def _for_people(response: Response) -> Response:
    """JSON is indented where a browser asks for it; nothing of ours is taken for something else, or kept."""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Cache-Control", "no-store")
    asked = request.headers.get("Accept", "")
    if "text/html" in asked and response.mimetype == JSON and not response.is_streamed:
        response.set_data(encoded(indented(response.get_data(as_text=True))))
    return response


def _not_there(error: HTTPException) -> Response:
    """Whatever Flask refuses, as JSON that says what there is."""
    code = error.code or 500
    what = f"{request.method} {request.path}: {error.name}"
    remedy = f"use one of those that there are; GET {request.script_root}{ROOT}/control.json tells of all"
    more: Mapping[str, Any] = {"there is": _nearest(request.script_root, request.path)}
    if code >= 500:
        what, remedy, more = f"{what}; this is a fault of ours", "report it with what the stub portal printed", {}
    elif code == 413:
        remedy, more = f"send at most {_BODY_LIMIT} bytes", {}
    headers = {"Allow": ", ".join(sorted(getattr(error, "valid_methods", None) or ()))}
    told = {"error": what, "remedy": remedy, **more}
    return _response(Answer(told, code, headers={name: value for name, value in headers.items() if value}))
