"""What is the stub's own: health, journal, contract and schemas, under `/_portal/`.

The rule: nothing here is reachable by a path of the vendor's, and nothing here changes what the vendor's part answers.
Answers are JSON except the page for people at `/_portal/`; an unknown path says what there is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata, resources
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from contracts.model import Contract
from mockserver.journal import Journal, routes
from mockserver.tenants import Tenant, Tenants

if TYPE_CHECKING:
    from contracts.emit import Schemas
    from mockserver.journal.reading import Reading

#: Where everything that is not the vendor's lives.
ROOT = "/_portal"
#: Where the WSGI environ bears the tenant whom a request is for.
TENANT = "portal.tenant"

_HEALTH, _CONTRACT = f"{ROOT}/health", f"{ROOT}/contract"
_OPENAPI, _SCHEMAS = f"{ROOT}/openapi.json", f"{ROOT}/schemas"
#: What there is, for people and for the answer to an unknown path.
WHAT_THERE_IS: Mapping[str, str] = {
    f"GET {ROOT}/": "a page that says how to use this stub portal",
    f"GET {_HEALTH}": "whether it runs, in which mode, with how many records",
    **routes.what_there_is(ROOT),
    f"GET {_CONTRACT}": "what the help page promises, as data",
    f"GET {_OPENAPI}": "the same as an OpenAPI document",
    f"GET {_SCHEMAS}": "the names of the JSON Schemas and XSDs",
    f"GET {_SCHEMAS}/NAME": "one of them",
}
_KINDS = {".json": "application/json", ".xsd": "application/xml"}


@dataclass(frozen=True)
class Portal:
    """What a running stub portal consists of."""

    contract: Contract
    tenants: Tenants

    @property
    def tenant(self) -> Tenant:
        """Whom the request at hand is for."""
        found: Tenant = request.environ[TENANT]
        return found

    @property
    def journal(self) -> Journal:
        return self.tenant.journal

    @property
    def strict(self) -> bool:
        return self.tenant.settings.strict

    @property
    def mode(self) -> str:
        return self.tenant.settings.mode

    @cached_property
    def schemas(self) -> Schemas:
        """The emitted schemas; loaded when first asked for, because the libraries behind them take their time."""
        from contracts.emit import Schemas

        return Schemas(self.contract)

    @cached_property
    def reading(self) -> Reading:
        """What the journal's exchanges mean."""
        from mockserver.journal.reading import Reading

        return Reading(self.contract, lambda: self.schemas)


def attach(app: Flask, portal: Portal) -> None:
    """Give the app everything under `/_portal/`."""
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.merge_slashes = False  # what is not there is 404, never a redirect

    @app.get(f"{ROOT}/")
    @app.get(ROOT)
    def page() -> str:
        source = resources.files("mockserver").joinpath("portal.html.jinja").read_text(encoding="utf-8")
        there_is = [(*what.split(" ", 1), told) for what, told in WHAT_THERE_IS.items()]
        return app.jinja_env.from_string(source).render(
            portal=portal, base=request.host_url.rstrip("/"), there_is=there_is, root=ROOT
        )

    @app.get(_HEALTH)
    def health() -> dict[str, Any]:
        return {
            "status": "ok",
            "mode": portal.mode,
            "zone": portal.tenant.settings.zone,
            "store": portal.tenants.store.url,
            "records": portal.tenant.records.count(),
            "exchanges": portal.journal.seen,
            "operations": [operation.id for operation in portal.contract.operations],
            "pages": [read.name for read in portal.contract.pages],
            "version": _version(),
        }

    routes.attach(app, ROOT, lambda: portal.journal, lambda: portal.reading, _version())
    _attach_contract(app, portal)
    app.register_error_handler(HTTPException, _refusal)


def _attach_contract(app: Flask, portal: Portal) -> None:
    @app.get(_CONTRACT)
    def contract() -> Response:
        from contracts.describe import as_json

        return Response(as_json(portal.contract), mimetype="application/json")

    @app.get(_OPENAPI)
    def openapi() -> Response:
        return Response(portal.schemas.files["openapi.json"], mimetype="application/json")

    @app.get(_SCHEMAS)
    def names() -> dict[str, list[str]]:
        return {"schemas": [f"{_SCHEMAS}/{name}" for name in portal.schemas.files]}

    @app.get(f"{_SCHEMAS}/<name>")
    def schema(name: str) -> Response | tuple[dict[str, Any], int]:
        data = portal.schemas.files.get(name)
        if data is None:
            return {"error": f"there is no schema {name}", "there is": list(portal.schemas.files)}, 404
        return Response(data, mimetype=_KINDS[name[name.rindex(".") :]])


def _version() -> str:
    try:
        return metadata.version("portal-contract")
    except metadata.PackageNotFoundError:  # run from a checkout that was not installed
        return "(not installed)"


def _refusal(error: HTTPException) -> Response:
    """Whatever Flask refuses, as JSON that says what there is."""
    what = f"{request.method} {request.path}: {error.name}"
    if (error.code or 500) >= 500:
        what += "; this is a fault of ours, please report it with what the stub portal printed"
    told = {"error": what, "there is": dict(WHAT_THERE_IS)}
    allow = {"Allow": ", ".join(sorted(getattr(error, "valid_methods", None) or ()))}
    headers = {name: value for name, value in allow.items() if value}
    return Response(json.dumps(told, indent=2) + "\n", error.code or 500, headers, mimetype="application/json")
