"""An invented contract by hand, with members of every kind that nests, and the reading and writing of its bodies."""

import datetime
from typing import Any

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
from contracts.naming import json_name, ordinal
from mockserver.webapi.bodies import Bodies
from mockserver.webapi.losses import Losses
from mockserver.webapi.media_types import content_type
from mockserver.webapi.model_state import ModelState
from mockserver.webapi.shapes import Shapes

BOX = "http://schemas.datacontract.org/2004/07/Test.Boxes"
ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
PARTS = "http://schemas.datacontract.org/2004/07/Test.Parts"
TEXT, NUMBER, ANY = TypeRef("scalar", "String"), TypeRef("scalar", "Int32"), TypeRef("any")
WHOLE = TypeRef("model", "Box")
PART, SHADE, SIDE = TypeRef("model", "Part"), TypeRef("model", "Shade"), TypeRef("model", "Side")


def listed(item: TypeRef) -> TypeRef:
    return TypeRef("collection", item=item)


def keyed(key: TypeRef, item: TypeRef) -> TypeRef:
    return TypeRef("dictionary", key=key, item=item)


MEMBERS = {
    "Any": ANY, "Anything": listed(ANY), "Bytes": listed(TypeRef("scalar", "Byte")), "Grid": listed(listed(NUMBER)),
    "Key": TEXT, "Link": TypeRef("scalar", "Uri"), "Lists": keyed(TEXT, listed(TEXT)), "Main": PART,
    "Moments": listed(TypeRef("scalar", "DateTimeOffset")), "Names": keyed(TEXT, TEXT), "Numbers": listed(NUMBER),
    "Pair": TypeRef("pair", key=TEXT, item=NUMBER), "Parent": TypeRef("model", "Box"), "Parts": listed(PART),
    "Shade": SHADE, "Shades": listed(SHADE), "Side": SIDE, "Sizes": keyed(NUMBER, TypeRef("scalar", "Decimal")),
    "Words": listed(TEXT),
}  # fmt: skip
#: `Open` is a public field.
PART_MEMBERS = {"Count": NUMBER, "Open": TEXT, "Tags": listed(TEXT), "Title": TEXT}


def box(inner: str) -> str:
    """A Box as an XML document."""
    return f'<Box xmlns:i="{INSTANCE}" xmlns="{BOX}">{inner}</Box>'


def told(value):  # type: ignore[no-untyped-def]
    return Fact(value, (Evidence("test", (1,)),))


def _model(name: str, namespace: str, members: dict[str, TypeRef], casing: str) -> Model:
    value_types = ("Int32", "Shade", "Side")
    properties = tuple(
        Property(
            one, told(""), told("x"), told(ref), told(json_name(one, casing)), told(XmlName(one, namespace, 0)),
            told(ref.name not in value_types and ref.kind != "pair"), told(False), told(False),
            is_field=told(one == "Open"),
        )
        for one, ref in members.items()
    )  # fmt: skip
    return Model(
        name, "object", told(""), properties, told(tuple(members)), told(tuple(sorted(members, key=ordinal))),
        told(XmlName(name, namespace, 0)), told("Key"), told(None),
    )  # fmt: skip


def every_type(casing: str = "PascalCase", body: TypeRef | None = None) -> Contract:
    """A contract with one operation, POST api/Boxes, whose body is a Box or what is asked for."""
    enum = {
        "Shade": (EnumMember("Light", 0), EnumMember("Dark", 5, xml="dark-one")),
        "Side": (EnumMember("Left", 1), EnumMember("Right", 2, xml="right-hand")),
    }
    models = {
        "Box": _model("Box", BOX, MEMBERS, casing),
        "Part": _model("Part", PARTS, PART_MEMBERS, casing),
        **{
            name: Model(
                name, "enum", told(""), members=members, as_string=told(name == "Side"),
                xml_root=told(XmlName(name, PARTS, 0)),
            )
            for name, members in enum.items()
        },
    }  # fmt: skip
    carried = Body(told(body or WHOLE), (told(MediaType("application/json", "json")),), (), told(""))
    operation = Operation(told("POST"), told("api/Boxes"), told(""), told(True), (), carried, carried)
    return Contract((Page("test", "0" * 64, "B"),), (operation,), models, told(casing))


_FORMATS = {"json": "application/json", "xml": "application/xml", "form": "application/x-www-form-urlencoded"}


def read(
    kind: str, text: str, ref: TypeRef = WHOLE, casing: str = "PascalCase"
) -> tuple[Any, list[tuple[str, list[str]]], list[tuple[str, str]]]:
    """What a body gives: its value, the errors by key, the losses by reason and member."""
    state, losses = ModelState("box"), Losses()
    bodies = Bodies(Shapes(every_type(casing)), datetime.UTC)
    value = bodies.read_body(kind, text.encode("utf-8"), content_type(_FORMATS[kind]), ref, state, losses)
    return value, state.errors(), [(loss.reason, loss.member) for loss in losses.all()]


def write(kind: str, value: Any, ref: TypeRef = WHOLE, casing: str = "PascalCase") -> str:
    """A value as the text of a body."""
    return Bodies(Shapes(every_type(casing)), datetime.UTC).write_body(kind, ref, value)
