"""An invented site's contract by hand: operations of every verb on a few models, told as a reader would tell them."""

from __future__ import annotations

from typing import Any

from contracts.model import (
    Annotation,
    Body,
    Contract,
    EnumMember,
    Evidence,
    Fact,
    MediaType,
    Model,
    Operation,
    Page,
    Parameter,
    Property,
    TypeRef,
    XmlName,
)

NAMESPACE = "http://schemas.datacontract.org/2004/07/Test.Site"
_MEDIA = (("application/json", "json"), ("application/xml", "xml"), ("application/x-www-form-urlencoded", "form"))


def told(value: Any) -> Fact[Any]:
    """The value as the page's own."""
    return Fact(value, (Evidence("test", (1,), "told"),))


def scalar(clr: str) -> TypeRef:
    return TypeRef("scalar", clr)


def named(model: str) -> TypeRef:
    return TypeRef("model", model)


def many(item: TypeRef) -> TypeRef:
    return TypeRef("collection", item=item)


def member(
    name: str, ref: TypeRef, *notes: Annotation, nullable: bool | None = None, said: str = "", required: bool = False
) -> Property:
    """A row of a model's table; a String is nullable, all else is not unless told so."""
    by_note = any(note.kind == "required" for note in notes)
    takes_null = ref.kind == "collection" or ref.name == "String" if nullable is None else nullable
    return Property(
        name, told(said), told(ref.name), told(ref), told(name), told(XmlName(name, NAMESPACE, 0)), told(takes_null),
        told(required or by_note), told(name == "Id"), tuple(told(note) for note in notes),
    )  # fmt: skip


def model(name: str, *members: Property, key: str | None = None, own: str | None = None) -> Model:
    """An object model; `key` is the client's, `own` the portal's."""
    names = tuple(prop.name for prop in members)
    return Model(
        name, "object", told(""), members, told(names), told(tuple(sorted(names))), told(XmlName(name, NAMESPACE, 0)),
        told(key), told(own),
    )  # fmt: skip


def enum(name: str, **members: int) -> Model:
    rows = tuple(EnumMember(word, value) for word, value in members.items())
    return Model(name, "enum", told(""), members=rows, as_string=told(False))


def body(ref: TypeRef | None = None, *, word: str = "", line: str = "") -> Body:
    """What one direction carries; `word` names a type that says nothing of it."""
    media = tuple(told(MediaType(*one)) for one in _MEDIA) if ref is not None else ()
    return Body(told(ref), media, (), told(line), bool(word), told(word))


def parameter(
    name: str, ref: TypeRef, *notes: Annotation, path: bool = False, required: bool = False, default: str | None = None,
    nullable: bool | None = None, of: str | None = None,
) -> Parameter:  # fmt: skip
    """A URI parameter; `of` is the model whose member it is."""
    required = required or path or any(note.kind == "required" for note in notes)
    return Parameter(
        name, told(""), told(ref.name), told(ref), path, told(required), told(default),
        tuple(told(note) for note in notes), told(nullable), told(of),
    )  # fmt: skip


def operation(
    verb: str, path: str, *parameters: Parameter, takes: Body | None = None, gives: Body | None = None,
    upsert: bool = False,
) -> Operation:  # fmt: skip
    query = tuple(one.name for one in parameters if not one.in_path)
    return Operation(
        told(verb), told(path), told(""), told(upsert), parameters, takes or body(), gives or body(), query
    )


def contract(*operations: Operation, models: tuple[Model, ...] = (), casing: str = "PascalCase") -> Contract:
    return Contract((Page("test", "0" * 64, "B"),), operations, {one.name: one for one in models}, told(casing))


PART = model("Part", member("Code", scalar("String")), member("Count", scalar("Int32")))
THING = model(
    "ThingModel",
    member("Id", scalar("Guid")),
    member("ExternalId", scalar("String")),
    member("Name", scalar("String")),
    member("Size", scalar("Int32")),
    member("Parts", many(named("Part"))),
    key="ExternalId",
    own="Id",
)
LISTED = model(
    "ListModelOfThingModel",
    *(member(name, scalar("Int32")) for name in ("TotalItems", "ItemsPerPage", "CurrentPage", "TotalPages")),
    *(member(name, scalar("Int32")) for name in ("FirstRowOnPage", "LastRowOnPage")),
    member("Rows", many(named("ThingModel"))),
)
_ID = parameter("id", scalar("Guid"), path=True)
_ONE = body(named("ThingModel"))


def things() -> Contract:
    """A resource with everything: upsert, reads by key and id, replace, delete, a paged search, parts, a batch."""
    return contract(
        operation("POST", "api/Things", takes=_ONE, gives=_ONE, upsert=True),
        operation("GET", "api/Things", parameter("externalId", scalar("String"), required=True), gives=_ONE),
        operation("GET", "api/Things/{id}", _ID, gives=_ONE),
        operation("PUT", "api/Things/{id}", _ID, takes=_ONE, gives=_ONE),
        operation("PATCH", "api/Things/{id}", _ID, takes=_ONE, gives=_ONE),
        operation("DELETE", "api/Things/{id}", _ID),
        operation(
            "GET", "api/Things/search", parameter("name", scalar("String"), default=""),
            parameter("size", scalar("Int32")), parameter("page", scalar("Int32"), default="1"),
            parameter("itemsPerPage", scalar("Int32"), default="10"), gives=body(named("ListModelOfThingModel")),
        ),
        operation(
            "GET", "api/Things/{thingId}/parts", parameter("thingId", scalar("String"), path=True),
            gives=body(many(named("Part"))),
        ),
        operation("POST", "api/Things/batch", takes=body(many(named("ThingModel"))), gives=body(scalar("Int32"))),
        models=(THING, LISTED, PART),
    )  # fmt: skip
