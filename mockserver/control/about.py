"""What a stub portal is: whether it runs, what it serves, and the documents that say so.

The rule: everything here only looks. Health answers everyone, and those who may not know more only that it runs.
"""

from __future__ import annotations

from importlib import metadata

from mockserver.control import document
from mockserver.control.answers import Answer, Refused
from mockserver.control.routes import Call, Route

_KINDS = {".json": "application/json", ".xsd": "application/xml"}


def health(call: Call) -> Answer:
    tenant, contract = call.tenant, call.portal.contract
    return Answer(
        {
            "status": "ok",
            "mode": tenant.settings.mode,
            "zone": tenant.settings.zone,
            "store": call.portal.tenants.store.url,
            "tenant": tenant.name,
            "records": tenant.records.count(),
            "exchanges": tenant.journal.seen,
            "operations": [operation.id for operation in contract.operations],
            "pages": [read.name for read in contract.pages],
            "version": version(),
        }
    )


def contract(call: Call) -> Answer:
    from contracts.describe import as_json

    return Answer(as_json(call.portal.contract).encode())


def openapi(call: Call) -> Answer:
    return Answer(call.portal.schemas.files["openapi.json"])


def schemas(call: Call) -> Answer:
    return Answer({"schemas": [f"{call.root}/schemas/{name}" for name in call.portal.schemas.files]})


def schema(call: Call) -> Answer:
    name = call.path["name"]
    data = call.portal.schemas.files.get(name)
    if data is None:
        there = ", ".join(call.portal.schemas.files)
        raise Refused(404, f"there is no schema {name[:100]}", f"there are {there}")
    return Answer(data, media_type=_KINDS[name[name.rindex(".") :]])


def control(call: Call) -> Answer:
    from mockserver.control import ROUTES

    return Answer(document.document(ROUTES, call.here, version()))


def version() -> str:
    """The version of this program."""
    try:
        return metadata.version("portal-contract")
    except metadata.PackageNotFoundError:  # run from a checkout that was not installed
        return "(not installed)"


ROUTES = (
    Route("GET", "/health", "whether it runs, in which mode, with how many records", {200: "Health"}, health),
    Route("GET", "/contract", "what the help page promises, as data", {200: "Any"}, contract),
    Route("GET", "/openapi.json", "the same as an OpenAPI document", {200: "Any"}, openapi),
    Route("GET", "/schemas", "the names of the JSON Schemas and XSDs", {200: "Schemas"}, schemas),
    Route("GET", "/schemas/{name}", "one of them", {200: "Any", 404: "Error"}, schema, media_type="*/*"),
    Route("GET", "/control.json", "this very API as an OpenAPI document", {200: "Any"}, control),
)
