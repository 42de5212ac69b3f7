"""Contract → one OpenAPI 3.1 document: operations, media types, errors, the page's own samples as examples.

The rules: what the framework answers by itself (400, 404, 405, 415) is described with every operation, because a client
meets it; JSON components are the schemas of `json_schema` (request and response apart), XML and form bodies have
components of their own in `wire_schemas`, since their names, order and values differ from JSON's. Nothing here names a
server: the document is as good for a stub as for the vendor's portal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from contracts.emit.citations import cite, source
from contracts.emit.documents import DIALECT
from contracts.emit.examples import Examples
from contracts.emit.json_schema import DIRECTIONS, Direction, JsonSchemas, Schema, reachable
from contracts.emit.merging import merged
from contracts.emit.names import unique
from contracts.emit.polish import as_markdown, used
from contracts.emit.refs import models_in
from contracts.emit.shapes import Shapes
from contracts.emit.uri_parameters import UriParameters, template
from contracts.emit.wire_schemas import FormSchemas, XmlSchemas, error_json, error_xml
from contracts.model import Body, Contract, Model, Operation, TypeRef, WireFormat

_NEGOTIATION = (
    "The format of an answer follows Accept (DefaultContentNegotiator): the best match of what the portal can write; "
    "an Accept that nothing matches is not refused, the answer then comes in the request's own format, else in JSON."
)
# Status, what it means (W = System.Web.Http of AspNetWebStack), whether only a request with a body meets it.
_ERRORS = (
    ("400", "The body or a parameter is missing or wrong; ModelState tells the faults by member (HttpError).", False),
    ("404", "No such resource, or no such record (then without a body).", False),
    ("405", "The path has no such method; Allow lists those it has (W ApiControllerActionSelector).", False),
    ("415", "The body's media type is not one of those above (W FormatterParameterBinding).", True),
)
_UNTOLD = "The pages do not say how a client signs in; that no security scheme stands here means nothing else."
_VERBS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")  # OpenAPI 3.1, Path Item Object
_ALLOW = {"description": "The methods that the path has.", "required": True, "schema": {"type": "string"}}
_ANSWERS = (("application/json", "json"), ("text/json", "json"), ("application/xml", "xml"), ("text/xml", "xml"))


class OpenApi:
    """The document while it is built: its components are gathered as operations ask for them."""

    def __init__(self, shapes: Shapes):
        self.shapes = shapes
        self.contract: Contract = shapes.contract
        self.names = _component_names(self.contract)
        self.components: dict[str, Schema] = {}
        self.json = {side: JsonSchemas(shapes, side, partial(self._ref, side)) for side in DIRECTIONS}
        self.xml = XmlSchemas(shapes, partial(self._ref, "xml"))
        self.examples = Examples(self.xml.contracts)
        self.form = FormSchemas(shapes, self.json["request"])
        self.parameters = UriParameters(self.json["request"])

    def document(self) -> Schema:
        """The whole document."""
        paths: dict[str, Schema] = {}
        ids = _operation_ids(self.contract.operations)
        for path, method, variants in _routes(self.contract.operations):
            shown = [(one, self._operation(one, path, ids[one.id])) for one in variants]
            paths.setdefault(path, {})[method if method in _VERBS else f"x-{method}"] = merged(shown)
        camel = self.contract.casing.value == "camelCase"
        self.components["HttpError"] = error_json(camel)
        self.components["HttpErrorXml"] = error_xml()
        document: Schema = {
            "openapi": "3.1.0",
            "jsonSchemaDialect": DIALECT,
            "info": self._info(),
            "servers": [{"url": "/"}],
            "security": [],
            "tags": [{"name": name, "description": f"Operations under {name}."} for name in _tags(paths)],
            "paths": paths,
            "components": {"schemas": used(paths, self.components)},
        }
        return {key: as_markdown(value) for key, value in document.items()}

    def _info(self) -> Schema:
        first, pages = self.contract.operations[:1], self.contract.pages
        title = first[0].id if len(self.contract.operations) == 1 else f"{len(self.contract.operations)} operations"
        summaries = [operation.summary.value for operation in self.contract.operations if operation.summary.value]
        head = summaries[0] if len(self.contract.operations) == 1 and summaries else "What the help pages promise."
        origin = f"Derived from {source(self.contract)} by portal-contract emit; do not edit."
        version = "-".join(page.sha256[:12] for page in pages[:1]) or "0"
        return {
            "title": title,
            "version": f"page-{version}",
            "description": f"{head}\n\n{origin}\n\n{_NEGOTIATION}\n\n{_UNTOLD}",
            "contact": {"name": "The portal's vendor"},
            "license": {"name": "Not stated by the help pages", "identifier": "NOASSERTION"},  # as SPDX says so
        }

    def _operation(self, operation: Operation, path: str, operation_id: str) -> Schema:
        out: Schema = {"operationId": operation_id, "tags": [_group(path)]}
        out["summary"] = operation.summary.value or f"{operation.method.value} {operation.path.value}"
        facts = (operation.method, operation.path, operation.summary)
        if note := cite(*facts, named=self.shapes.named):
            out["description"] = f"Read from {cite(*facts, named=True)}."
            out["x-evidence"] = note
        if parameters := self._parameters(operation, path):
            out["parameters"] = parameters
        has_body = operation.request.type.value is not None
        if has_body:
            content, notes = self._content(operation.request, "request")
            text = " ".join([operation.request.description.value, *notes]).strip()
            out["requestBody"] = {**({"description": text} if text else {}), "required": True, "content": content}
        out["responses"] = {**self._success(operation.response), **self._errors(has_body)}
        return out

    def _parameters(self, operation: Operation, path: str) -> list[Schema]:
        """The URI parameters; the models of those that are not expanded are components."""
        for parameter in operation.parameters:
            if self._leads_to_object(parameter.type.value):
                self._need(parameter.type.value, "request")
        return self.parameters.of(operation, path)

    def _leads_to_object(self, ref: TypeRef) -> bool:
        models = (self.contract.models.get(name) for name in models_in(ref))
        return any(model is not None and model.kind == "object" for model in models)

    def _success(self, body: Body) -> Schema:
        """The answer of an operation that worked: 200 with a body, 204 without, 2XX where the page leaves it open."""
        text = body.description.value or "The answer."
        if self.shapes.of_body(body) is not None:
            content, notes = self._content(body, "response")
            told = " ".join([f"{text} Its format follows Accept, see above.", *notes])
            return {"200": {"description": told, "content": content}}
        if body.opaque or body.type.standing == "unknown":
            return {"2XX": {"description": "Done; the page does not say what is answered."}}
        return {"204": {"description": "Done; no body."}}  # a void action (W VoidResultConverter)

    def _errors(self, has_body: bool) -> Schema:
        schemas = {
            "json": {"$ref": "#/components/schemas/HttpError"},
            "xml": {"$ref": "#/components/schemas/HttpErrorXml"},
        }
        content = {name: {"schema": schemas[form]} for name, form in _ANSWERS}
        out: Schema = {}
        for status, text, only_with_body in _ERRORS:
            if only_with_body and not has_body:
                continue
            headers: Schema = {"headers": {"Allow": _ALLOW}} if status == "405" else {}
            out[status] = {"description": text, **headers} | ({} if status == "404" else {"content": content})
        return out

    def _content(self, body: Body, direction: Direction) -> tuple[Schema, list[str]]:
        """A body in each of its media types, with the page's own samples, and what is to be told of those."""
        listed = list(dict.fromkeys(fact.value for fact in body.media_types))
        ref = self.shapes.of_body(body)
        out: Schema = {}
        notes: list[str] = []
        for media_type in listed:
            entry = out.setdefault(media_type.name, {})
            if ref is None:
                continue
            entry["schema"] = schema = self._schema(ref, media_type.format, direction)
            examples, told = self.examples.of(body, media_type, direction == "request", schema, self.components)
            if examples:
                entry["examples"] = examples
            notes += told
        if notes and direction == "request":  # the samples in XML are of the same object, whose annotations no XSD has
            for entry in out.values():
                entry.pop("examples", None)
        return out, list(dict.fromkeys(notes))

    def _schema(self, ref: TypeRef, form: WireFormat, direction: Direction) -> Schema:
        if form == "json":
            self._need(ref, direction)
            if direction == "response" and ref.kind in ("collection", "dictionary"):
                return self.json[direction].item(ref)  # an action may answer null, which XML writes as i:nil
            return self.json[direction].of_type(ref)
        if form == "xml":
            for name in reachable(self.shapes, ref):
                self._add(name, "xml", self.xml.of_model)
            return self.xml.root(ref)
        model = self.shapes.contract.models.get(ref.name) if ref.kind == "model" else None
        if model is None or model.kind != "object":
            return {}
        self._add(ref.name, "form", self.form.of_model)
        self._need(ref, "request")
        return {"$ref": self._ref("form", ref.name)}

    def _need(self, ref: TypeRef, direction: Direction) -> None:
        for name in reachable(self.shapes, ref):
            self._add(name, direction, self.json[direction].of_model)

    def _add(self, name: str, kind: str, build: Callable[[Model], Schema]) -> None:
        key = self._key(kind, name)
        if key not in self.components:
            self.components[key] = {}  # a model may lead to itself
            self.components[key] = _titled(build(self.contract.models[name]), key)

    def _ref(self, kind: str, name: str) -> str:
        return f"#/components/schemas/{self._key(kind, name)}"

    def _key(self, kind: str, name: str) -> str:
        """A component's name, "ThingModelRequest": one word, for generators make a class of it."""
        return f"{self.names[name]}{kind.capitalize()}"


def _routes(operations: Iterable[Operation]) -> Iterator[tuple[str, str, list[Operation]]]:
    """(path, verb, operations): paths that differ only in their parameters' names are one path (OpenAPI, Paths)."""
    shapes: dict[str, str] = {}
    found: dict[tuple[str, str], list[Operation]] = {}
    for operation in operations:
        path = template(operation.path.value)
        path = shapes.setdefault(re.sub(r"\{[^}]*\}", "{}", path), path)
        found.setdefault((path, operation.method.value.lower()), []).append(operation)
    for (path, method), variants in found.items():
        yield path, method, variants


def _titled(schema: Schema, key: str) -> Schema:
    """The schema under its component's own name, which code generators make a class of."""
    return schema | {"title": key} if "title" in schema else schema


def _tags(paths: Schema) -> list[str]:
    """What operations are grouped by, in the order of the paths."""
    return list(dict.fromkeys(tag for item in paths.values() for one in item.values() for tag in one.get("tags", ())))


def _group(path: str) -> str:
    """What a path is about, as the index page groups it: its first word after "api"."""
    words = [word for word in path.split("/") if word and "{" not in word]
    return next((word for word in words if word.lower() != "api"), "api")


def _operation_ids(operations: Iterable[Operation]) -> dict[str, str]:
    """An identifier an operation, from verb and path: "getApiThingsById".

    Names of parameters follow "By"; a number tells apart what would be alike.
    """
    out: dict[str, str] = {}
    taken = set[str]()
    for operation in operations:
        words = re.findall(r"\{[^}]*\}|[A-Za-z0-9]+", template(operation.path.value))
        plain = ["By" + w[1:2].upper() + w[2:-1] if w[0] == "{" else w[:1].upper() + w[1:] for w in words]
        stem = re.sub(r"[^A-Za-z0-9]", "", operation.method.value.lower() + "".join(plain))
        name, n = stem, 1
        while name in taken:
            n += 1
            name = f"{stem}{n}"
        taken.add(name)
        out.setdefault(operation.id, name)
    return out


def _component_names(contract: Contract) -> dict[str, str]:
    """Each model's name as the stem of a component's (OpenAPI 3.1, Components Object: ^[a-zA-Z0-9._-]+$)."""
    stems = [(name, re.sub(r"[^A-Za-z0-9_-]+", "-", name) or "Model") for name in contract.models]
    return {name: stem for name, stem in unique([("", "HttpError"), *stems]).items() if name}
