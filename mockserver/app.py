"""The stub portal as a Flask app: the vendor's part by `mockserver.webapi`, everything else under `/_portal/`.

    environ ─▶ whose? ─▶ tenant ─▶ path under /_portal? ─yes─▶ Flask: `mockserver.control`
                                             └──────────no──▶ Request ─▶ way.handle ─▶ Response
                                                                           └─ act: the tenant's records

A client names its tenant by the header `Portal-Tenant: NAME` or by the path `/t/NAME/…`, which the portal sees as an
application of IIS sees the folder that it is installed in: it routes what follows.

The rule: a vendor's request never meets Flask's routing, whose 404, 405, slashes and HEAD are not the framework's; it
is passed on as raw as the web server left it, and what comes back is sent as it is. How the framework answers may not
live here, nor what an operation's members are called.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, tzinfo
from functools import cache
from http.client import responses
from typing import Any

from flask import Flask

from contracts.errors import UsageError
from contracts.model import Contract
from mockserver import control, settings, telling, tenants
from mockserver.auth import Gate, Scheme
from mockserver.control import cors
from mockserver.controllers import acting
from mockserver.faults import Chosen, Rule
from mockserver.journal import Journal, Secrets
from mockserver.pages import helps
from mockserver.settings import BODY_LIMIT, Settings
from mockserver.store import Store, StoreGoneError
from mockserver.tenants import Tenant, Tenants, TooManyError, Way
from mockserver.webapi import Request, Response
from mockserver.wire import request_of

__all__ = ["BODY_LIMIT", "create_app", "request_of"]

#: The header and the head of the path that name a tenant.
HEADER, PREFIX = "Portal-Tenant", "/t/"
_HEADER = "HTTP_PORTAL_TENANT"

_LOG = logging.getLogger("mockserver")
#: One line for each request of which something was silently lost; `portal-mock serve` shows them.
LOSSES = logging.getLogger("mockserver.losses")
#: For whoever runs the portal and looks for it where it is not; `portal-mock serve` shows them.
HINTS = logging.getLogger("mockserver.hints")
_STATUS = {code: f"{code} {phrase}" for code, phrase in responses.items()}
#: How many bytes the journal of a tenant with a name may take: there may be a thousand of them.
_JOURNAL = 4 * 1024 * 1024
#: What browsers ask for of their own accord; it would only hide a client's requests in the journal.
_ASIDE = "/favicon.ico"
#: How the paths of the help pages begin.
_HELP = ("/help", "/help/", "/areas")

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
Wsgi = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


def create_app(
    contract: Contract,
    store: Store,
    *,
    strict: bool = True,
    zone: str | tzinfo = UTC,
    journal: Journal | None = None,
    keep_journal: bool = False,
    secrets: Sequence[str] = (),
    body_limit: int = BODY_LIMIT,
    defects: Sequence[str] = (),
    quiet_losses: bool = False,
    references: bool = False,
    clock: str = "real",
    most_tenants: int = tenants.MOST,
    shared: bool = False,
    options: control.Options = control.Options(),  # noqa: B008  frozen
    faults: Sequence[Rule] = (),
    auth: Sequence[Scheme] = (),
    answering: tenants.Handle | None = None,
) -> Flask:
    """The portal that a contract promises, its records in `store`.

    `strict` enforces what the page calls "(Required)"; `zone` is the server's time zone; `journal` keeps the exchanges
    of the tenant without a name (one of its own when none is given), `keep_journal` keeps those of all with the store,
    `secrets` names headers and query parameters whose values it hides beside those that it knows; a body of more than
    `body_limit` bytes is answered with 413; `defects` names faults that the portal is to have; with `quiet_losses`
    neither header nor log tells what was silently lost; `references` refuses records that name unknown ones; `clock` is
    one of `mockserver.clock`. All of these are but what each tenant starts with, and may be changed while it runs.
    There are `most_tenants` beside the one without a name; with `shared` their settings are those of every process on
    the same store. `options` say who may use the control API. Raises UsageError for a defect, a zone or a clock that
    there is not.
    """
    begun: Settings = settings.made(
        zone,
        strict=strict,
        clock=clock,
        references=references,
        defects=tuple(defects),
        quiet_losses=quiet_losses,
        body_limit=body_limit,
    )

    gate = Gate(contract, auth) if auth else None
    hidden = Secrets.of((*secrets, *(gate.secret_headers if gate else ())))

    journals = _kept_journals(store, hidden) if keep_journal else _journals(journal)
    every = Tenants(contract, store, begun, acting, journals, most_tenants, shared, tuple(faults), answering)
    app = Flask("mockserver", static_folder=None)
    portal = control.Portal(contract, every, hidden)
    control.attach(app, portal, options)
    app.extensions["portal"] = portal
    # Flask's documented place for what stands before the app.
    split: Any = cors.allowing(_split(every, gate, app.wsgi_app), options.origins)  # type: ignore[arg-type]
    app.wsgi_app = split  # type: ignore[method-assign]
    app.release = every.release  # type: ignore[attr-defined]
    return app


def _kept_journals(store: Store, hidden: Secrets) -> Callable[[str], Journal]:
    """Those of every tenant, kept with the store."""
    from mockserver.journal.stored import StoredJournal

    return lambda name: StoredJournal(store, name, hidden)


def _journals(default: Journal | None) -> Callable[[str], Journal]:
    """Those in memory; `default` is that of the tenant without a name."""

    def of(name: str) -> Journal:
        if name != tenants.DEFAULT:
            return Journal(size=_JOURNAL)
        return Journal() if default is None else default

    return of


def _split(every: Tenants, gate: Gate | None, own: Wsgi) -> Wsgi:
    """Flask for `/_portal` and what is under it, the vendor's part for everything else; by whose tenant it is."""
    default, shared = every.default, every.shared
    # A page that has such paths of its own has them: there a tenant is named by the header only.
    prefix = "" if _takes(every.contract, PREFIX) else PREFIX
    help_pages = helps.site(every.contract)

    def portal(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        tenant = default
        if _HEADER in environ or (prefix and path.startswith(prefix)):
            try:
                tenant = every[_name_in(environ, path.startswith(prefix) if prefix else False)]
            except UsageError as error:
                return _refused(error, start_response)
            path = environ["PATH_INFO"]
        if shared:
            tenant.follow()
        if path.startswith(control.ROOT) and (path == control.ROOT or path.startswith(control.ROOT + "/")):
            environ[control.TENANT] = tenant
            return own(environ, start_response)
        if help_pages is not None and path[:6].lower() in _HELP:
            page = help_pages(environ)
            if page is not None:
                start_response(*page[:2])
                return [page[2]]
        return _vendor(tenant, gate, environ, start_response)

    return portal


def _takes(contract: Contract, prefix: str) -> bool:
    """Whether an operation's path begins as the prefix does, or with a parameter, which might."""
    heads = {operation.path.value.strip("/").partition("/")[0].casefold() for operation in contract.operations}
    return any(head == prefix.strip("/") or head.startswith("{") for head in heads)


def _name_in(environ: dict[str, Any], in_path: bool) -> str:
    """The name of a request's tenant; where the path bears it, it is taken off there."""
    header: str | None = environ.get(_HEADER)
    if not in_path:
        return header or tenants.DEFAULT
    path: str = environ["PATH_INFO"]
    name, slash, rest = path[len(PREFIX) :].partition("/")
    if not name:
        raise UsageError(
            f"no name follows {PREFIX} in the path\n    what to do: {PREFIX}NAME/…, with {tenants.EXPECTED}"
        )
    if header is not None and header != name:
        raise UsageError(
            f"the header {HEADER} names {tenants.shown(header)}, the path {tenants.shown(name)}\n"
            "    what to do: name the tenant in one way only"
        )
    head = PREFIX + name
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + head
    environ["PATH_INFO"] = slash + rest or "/"
    for variable in ("REQUEST_URI", "RAW_URI"):
        raw: str | None = environ.get(variable)
        if raw is not None:
            if raw.startswith(head) and raw[len(head) : len(head) + 1] in ("/", "?", ""):
                left = raw[len(head) :]
                environ[variable] = left if left.startswith("/") else "/" + left
            else:  # spelled otherwise: what the web server made of it counts
                del environ[variable]
    return name


def _refused(error: UsageError, start_response: StartResponse) -> Iterable[bytes]:
    what, _, remedy = str(error).partition("\n    what to do: ")
    body = json.dumps({"error": what, "remedy": remedy}, ensure_ascii=False).encode() + b"\n"
    status = _STATUS[429 if isinstance(error, TooManyError) else 400]
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def _vendor(
    tenant: Tenant, gate: Gate | None, environ: dict[str, Any], start_response: StartResponse
) -> Iterable[bytes]:
    """The answer of the vendor's part."""
    at, started = time.time(), time.perf_counter()
    way = tenant.way
    limit = way.settings.body_limit
    request, fits = request_of(environ, limit)
    fault = tenant.faults.choose(request) if tenant.faults.rules and fits and request.target != _ASIDE else None
    response = _answered(tenant, way, gate, fault, request) if fits else _too_large(limit)
    if request.target == "/" and response.status == 404:
        _hint()
    if request.target != _ASIDE:
        seconds = time.perf_counter() - started
        if fault is None:
            tenant.journal.add(at, seconds, request, response)
        else:
            tenant.journal.add(at, seconds, request, response, injected=fault.told, answered=fault.whole)
    headers = list(response.headers)
    if response.losses and not way.settings.quiet_losses:
        headers.append((telling.HEADER, telling.header(response.losses)))
        if LOSSES.isEnabledFor(logging.INFO):
            LOSSES.info("%s", telling.line(request, response.losses, tenant.name))
    status = _STATUS.get(response.status) or f"{response.status} Unknown"
    if fault is not None:
        from mockserver.faults import sending

        sending.tell(fault, request, tenant.name)
        return sending.send(fault, environ, start_response, status, headers, response.body)
    if response.status >= 200 and response.status not in (204, 304) and not _says_length(request, headers):
        headers.append(("Content-Length", str(len(response.body))))
    start_response(status, headers)
    return [response.body]


def _answered(tenant: Tenant, way: Way, gate: Gate | None, fault: Chosen | None, request: Request) -> Response:
    """The answer, whatever goes wrong with it."""
    try:
        if gate is None and fault is None:
            return way.handle(request, way.act)
        return _guarded(tenant, way, gate, fault, request)
    except StoreGoneError as error:  # not ours to mend: in words, and to the client as any server would
        _LOG.error("%s %s could not be kept: %s", request.method, telling.discreet(request.target), error)
    except Exception:  # a fault of our own: told to whoever runs the stub, and to the client as any server would
        _LOG.exception("%s %s failed; please report this", request.method, telling.discreet(request.target))
    return _error(500, "An error has occurred.")


# RFC 9110, 15.5.14: the server is unwilling to process content of that size.
def _too_large(limit: int) -> Response:
    told = f"The request body is larger than the {limit} bytes that this stub portal takes."
    return _error(413, told, ("Connection", "close"))


def _says_length(request: Request, headers: list[tuple[str, str]]) -> bool:
    """Whether it is the answer to a HEAD that came from elsewhere: the length is that of a body which did not come."""
    return request.method == "HEAD" and any(name.lower() == "content-length" for name, _ in headers)


def _guarded(tenant: Tenant, way: Way, gate: Gate | None, fault: Chosen | None, request: Request) -> Response:
    """The answer where somebody may be refused, or something is to go wrong."""
    refuse: Callable[[Request], Response | None] = (lambda _: None) if gate is None else gate.refusal
    if fault is None:
        return refuse(request) or way.handle(request, way.act)
    from mockserver.faults import sending  # a portal without faults passes nothing of it

    return sending.answer(tenant.faults.contract, fault, request, refuse, way.handle, way.act)


@cache
def _hint() -> None:
    """Once, since it is for a person who looks with a browser."""
    HINTS.info("/ is none of the vendor's paths; this stub portal tells about itself at %s/", control.ROOT)


def _error(status: int, message: str, *headers: tuple[str, str]) -> Response:
    body = json.dumps({"message": message}, separators=(",", ":")).encode()
    return Response(status, (("Content-Type", "application/json; charset=utf-8"), *headers), body)
