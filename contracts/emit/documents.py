"""JSON Schemas as documents of their own, each with everything it leads to under `$defs`.

    of a model    what a body of that model is, one a direction
    of a body     what the body of one operation is, where it is no model: a list, a dictionary, a text, a number

The rule: a document stands alone; it has no keyword that a strict validator would refuse, and it cites the pages that
it was derived from. What a schema says is decided in `json_schema`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from contracts.emit.citations import source
from contracts.emit.json_schema import Direction, JsonSchemas, Schema, nullable, reachable
from contracts.emit.refs import models_in
from contracts.emit.shapes import Shapes
from contracts.model import Body, Model, Operation, TypeRef

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def roots(shapes: Shapes, direction: Direction) -> list[str]:
    """The object models that get a schema of their own: those a body carries, and those that no body leads to."""
    contract, led_to, own = shapes.contract, set[str](), list[str]()
    for operation in contract.operations:
        for side, body in (("request", operation.request), ("response", operation.response)):
            if body.type.value is None or body.opaque:
                continue
            led_to.update(reachable(shapes, body.type.value))
            if side == direction:
                own += models_in(body.type.value)
    own += [name for name in contract.models if name not in led_to]
    return [name for name in dict.fromkeys(own) if name in contract.models and contract.models[name].kind == "object"]


def document(shapes: Shapes, model: Model, direction: Direction) -> Schema:
    """The schema of a model."""
    build = _schemas(shapes, direction)
    inner = [name for prop in model.properties for name in reachable(shapes, shapes.of(model, prop))]
    return _document(build, model.name, build.of_model(model), inner, model)


def other_bodies(shapes: Shapes, direction: Direction) -> Iterator[tuple[Operation, TypeRef]]:
    """The operations whose body in JSON is no object model, each with its type."""
    for operation in shapes.contract.operations:
        body: Body = operation.request if direction == "request" else operation.response
        ref = shapes.of_body(body)
        if ref is None or not any(media_type.value.format == "json" for media_type in body.media_types):
            continue
        model = shapes.contract.models.get(ref.name) if ref.kind == "model" else None
        if shapes.known(ref).kind != "any" and (model is None or model.kind == "enum"):
            yield operation, ref


def body_document(shapes: Shapes, operation: Operation, ref: TypeRef, direction: Direction) -> Schema:
    """The schema of a whole body that is no object model."""
    build = _schemas(shapes, direction)
    # An action may answer null where it would answer a list.
    loose = direction == "response" and ref.kind in ("collection", "dictionary")
    schema = nullable(build.of_type(ref)) if loose else build.of_type(ref)
    return _document(build, operation.id, {"title": operation.id, **schema}, reachable(shapes, ref))


def _schemas(shapes: Shapes, direction: Direction) -> JsonSchemas:
    return JsonSchemas(shapes, direction, lambda name: f"#/$defs/{_pointer(name)}", extended=False)


def _document(build: JsonSchemas, name: str, body: Schema, inner: Iterable[str], *told: Model) -> Schema:
    models = {each: build.shapes.contract.models[each] for each in dict.fromkeys(inner)}
    head: Schema = {"$schema": DIALECT, "$id": f"urn:portal-contract:{_segment(name)}:{build.direction}"}
    derived = f"derived from {source(build.shapes.contract, [*told, *models.values()])}"
    body["$comment"] = "; ".join(part for part in (body.get("$comment"), derived) if part)
    definitions = {each: build.of_model(model) for each, model in models.items()}
    return head | body | ({"$defs": definitions} if definitions else {})


def _segment(name: str) -> str:
    """A name as a segment of a urn (RFC 8141: unreserved characters, the rest as %XX)."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-._~") else _percent(c) for c in name)


def _percent(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogatepass"))


def _pointer(name: str) -> str:
    """A name as the fragment's last step (RFC 6901 escapes, then RFC 3986)."""
    return _segment(name.replace("~", "~0").replace("/", "~1"))
