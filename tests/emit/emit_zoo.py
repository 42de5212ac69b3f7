"""An invented model with one member of every type, over three classes in three namespaces, built by hand.

It stands for pages that the shipped one does not show; the expected texts stand in the tests, never here.
"""

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
    Sample,
    TypeRef,
    XmlName,
)

A, B, C = (
    "http://zoo.invalid/a",
    "http://schemas.datacontract.org/2004/07/Zoo.B",
    "http://schemas.datacontract.org/2004/07/Zoo",
)
MEDIA = (("application/json", "json"), ("text/json", "json"), ("application/xml", "xml"), ("text/xml", "xml"))


def stated(value: Any, *lines: int) -> Fact[Any]:
    return Fact(value, (Evidence("zoo.txt", lines or (1,)),))


def guessed(value: Any) -> Fact[Any]:
    return Fact(value, (Evidence("zoo.txt", (1,), "", "type.phrase"),), "the vendor's source")


def scalar(name: str) -> TypeRef:
    return TypeRef("scalar", name)


def listed(item: TypeRef) -> TypeRef:
    return TypeRef("collection", item=item)


def model(name: str) -> TypeRef:
    return TypeRef("model", name)


def member(
    name: str,
    ref: TypeRef,
    level: int = 2,
    nullable: bool | None = True,
    required: bool = False,
    annotations: tuple[Annotation, ...] = (),
    sure: bool = True,
    space: str | None = None,
) -> Property:
    return Property(
        name,
        stated(f"About {name}."),
        stated("phrase"),
        stated(ref) if sure else guessed(ref),
        stated(name[0].lower() + name[1:]),
        stated(XmlName(name, (A, B, C)[level] if space is None else space, level)),
        stated(nullable),
        stated(required),
        stated(name == "Id"),
        tuple(stated(annotation) for annotation in annotations),
    )


def record(name: str, properties: list[Property], **more: Any) -> Model:
    ordered = sorted(properties, key=lambda p: (p.xml.value.level, p.name.encode("utf-16-be")))
    names = stated(tuple(p.name for p in properties)), stated(tuple(p.name for p in ordered))
    return Model(name, "object", stated(f"A {name}."), tuple(properties), *names, **more)


def body(ref: TypeRef | None, *samples: Sample) -> Body:
    return Body(stated(ref), tuple(stated(MediaType(*pair)) for pair in MEDIA), samples, stated(""))


ZOO = [
    member("Key", scalar("String"), 0, required=True),
    member("Id", scalar("Guid"), 0, nullable=False),
    member("Made", scalar("DateTimeOffset"), 1, nullable=False),
    member("Aging", scalar("TimeSpan"), nullable=False),
    member("Amount", scalar("Decimal"), nullable=False, annotations=(Annotation("range", ("0.5", "10")),)),
    member("Anything", TypeRef("any")),
    member("Bytes", listed(scalar("Byte"))),
    member("Code", scalar("String"), annotations=(Annotation("pattern", ("[A-Z]{2}(a|b)",)),)),
    member("Count", scalar("Int32"), nullable=False, sure=False),
    member("Exact", scalar("Int16"), nullable=False, required=True),
    member("Grade", scalar("Char"), nullable=False),
    member("Home", scalar("Uri")),
    member("Inner", model("InnerModel")),
    member("Inners", listed(model("InnerModel"))),
    member("Kind", model("Kind"), nullable=False),
    member("Labels", TypeRef("dictionary", key=scalar("String"), item=scalar("String"))),
    member("Lost", model("NeverDescribed")),
    member("Maybe", scalar("Boolean"), nullable=None),
    member("Mode", model("Mode")),
    member("Pairs", TypeRef("pair", key=scalar("String"), item=scalar("Int32")), nullable=False),
    member("Photo", listed(scalar("Byte"))),
    member("Ratio", scalar("Double")),
    member("Rows", listed(listed(scalar("String")))),
    member("Tags", listed(scalar("String")), annotations=(Annotation("max_length", ("3",)),)),
]
INNER = [member("Name", scalar("String"), 0, space=C), member("Again", model("InnerModel"), 0, space=C)]
SAMPLE = Sample(("application/json", "text/json"), '{"photo": "QEA=", "bytes": [64, 64]}', "zoo.txt", 5)


def zoo() -> Contract:
    thing = record(
        "ThingModel", ZOO, xml_root=stated(XmlName("Thing", C, 2)), key=stated("Key"), portal_id=stated("Id")
    )
    kinds = tuple(EnumMember(name, value) for name, value in (("None", 0), ("Some", 4)))
    models = {
        "ThingModel": thing,
        "InnerModel": record("InnerModel", INNER),
        "Kind": Model("Kind", "enum", stated("A kind."), members=kinds, as_string=stated(False)),
        "Mode": Model("Mode", "enum", stated("A mode."), members=kinds, as_string=stated(True)),
    }
    nothing = Body(stated(None), (), (), stated(""))
    parameter = Parameter(
        "id", stated("The id."), stated("integer"), stated(scalar("Int32")), True, stated(True), stated(None)
    )
    operations = (
        Operation(
            stated("POST"), stated("api/Things"), stated("Sets a thing."), stated(True), (),
            body(model("ThingModel"), SAMPLE), body(model("ThingModel")),
        ),
        Operation(
            stated("GET"), stated("api/Things/{id}"), stated("Gets things."), stated(False), (parameter,),
            nothing, body(listed(model("ThingModel"))),
        ),
        Operation(
            stated("DELETE"), stated("api/Things/{id}"), stated(""), stated(False), (), nothing, nothing,
        ),
        Operation(
            stated("POST"), stated("api/Words/{*rest}"), stated(""), stated(False), (),
            body(scalar("String")), Body(stated(model("IHttpActionResult")), (), (), stated(""), opaque=True),
        ),
    )  # fmt: skip
    return Contract((Page("zoo.txt", "ab" * 32, "B"),), operations, models, stated("camelCase"))
