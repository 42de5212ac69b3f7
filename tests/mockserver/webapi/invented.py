"""An invented page's contract by hand: a model with one member of each kind that the readers and writers know."""

from contracts.model import (
    Body,
    Contract,
    EnumMember,
    Evidence,
    Fact,
    MediaType,
    Model,
    Operation,
    Page,
    Property,
    TypeRef,
    XmlName,
)
from contracts.naming import json_name
from mockserver.webapi import Request, Response, WebApi

NAMESPACE = "http://schemas.datacontract.org/2004/07/Test.Portal"
BASE = "http://schemas.datacontract.org/2004/07/Test"
_SCALARS = {
    "Text": "String", "Count": "Int32", "Big": "Int64", "Price": "Decimal", "Ratio": "Double", "Flag": "Boolean",
    "When": "DateTime", "Code": "Guid",
}  # fmt: skip


def _told(value):  # type: ignore[no-untyped-def]
    return Fact(value, (Evidence("test", (1,)),))


def _property(name: str, ref: TypeRef, casing: str, *, level: int = 1, nullable: bool = False) -> Property:
    return Property(
        name, _told(""), _told(""), _told(ref), _told(json_name(name, casing)),
        _told(XmlName(name, BASE if level == 0 else NAMESPACE, level)), _told(nullable), _told(name == "Text"),
        _told(name == "Id"),
    )  # fmt: skip


def contract(casing: str = "camelCase") -> Contract:
    """A contract with one upsert of a model; `Text` is required by prose, `Key` the client's, `Id` the portal's."""
    own = [_property(name, TypeRef("scalar", clr), casing, nullable=clr == "String") for name, clr in _SCALARS.items()]
    own.append(_property("Maybe", TypeRef("scalar", "Int32"), casing, nullable=True))
    own.append(_property("Shade", TypeRef("model", "Shade"), casing))
    base = [
        _property("Id", TypeRef("scalar", "Guid"), casing, level=0),
        _property("Key", TypeRef("scalar", "String"), casing, level=0, nullable=True),
    ]
    names = [prop.name for prop in (*own, *base)]
    model = Model(
        "Thing", "object", _told(""), (*own, *base), _told(tuple(names)),
        _told(("Id", "Key", *sorted(prop.name for prop in own))), _told(XmlName("Thing", NAMESPACE, 1)), _told("Key"),
        _told("Id"),
    )  # fmt: skip
    members = (EnumMember("Light", 0), EnumMember("Dark", 1))
    shade = Model("Shade", "enum", _told(""), members=members, as_string=_told(False))
    body = Body(_told(TypeRef("model", "Thing")), (_told(MediaType("application/json", "json")),), (), _told(""))
    operation = Operation(_told("POST"), _told("api/Things"), _told(""), _told(True), (), body, body)
    return Contract((Page("test", "0" * 64, "B"),), (operation,), {"Thing": model, "Shade": shade}, _told(casing))


def post(
    body: str | bytes, content_type: str | None, *, casing: str = "camelCase", strict: bool = False, **headers: str
):  # type: ignore[no-untyped-def]
    """The answer to a post, and the record that reached the controller (None when none did)."""
    reached = []

    def act(_operation, _model, record):  # type: ignore[no-untyped-def]
        reached.append(record)
        return record

    sent = [("Content-Type", content_type)] if content_type is not None else []
    sent += [(name.replace("_", "-"), value) for name, value in headers.items()]
    raw = body.encode("utf-8") if isinstance(body, str) else body
    portal = WebApi(contract(casing), strict=strict, parameter="model")
    response = portal.handle(Request("POST", "/api/Things", sent, raw), act)
    return response, reached[0] if reached else None


def errors(response: Response) -> str:
    """The text of an error body."""
    return response.body.decode("utf-8")
