"""An invented site of one model, Thing, whose samples a test writes itself."""

from typing import Any

from emit_zoo import body, member, model, record, stated

from contracts.model import Contract, EnumMember, Fact, Model, Operation, Page, Property, Sample, TypeRef, XmlName

ZOO = "http://schemas.datacontract.org/2004/07/Zoo"
SYSTEM = "http://schemas.datacontract.org/2004/07/System"
ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
SERIALIZATION = "http://schemas.microsoft.com/2003/10/Serialization/"


def plain(name: str, *members: tuple[str, int], as_string: bool | None = True) -> Model:
    found = tuple(EnumMember(*each) for each in members)
    root = stated(XmlName(name, ZOO, 0))
    return Model(name, "enum", stated(""), members=found, as_string=stated(as_string), xml_root=root)


def site(*rows: Property, json: str = "", xml: str = "", more: tuple[Model, ...] = (), **facts: Any) -> Contract:
    """A site of one model, "Thing", with samples of it."""
    texts = [(("application/json", "text/json"), json), (("application/xml", "text/xml"), xml)]
    samples = [Sample(names, text, "zoo.txt", 1) for names, text in texts if text]
    thing = record("Thing", list(rows), xml_root=stated(XmlName("Thing", ZOO, 0)), **facts)
    models = {each.name: each for each in (thing, *more)}
    sent = body(model("Thing"), *samples)
    operation = Operation(
        stated("POST"), stated("api/Things"), stated(""), stated(False), (), sent, body(model("Thing"))
    )
    return Contract((Page("zoo.txt", "ab" * 32, "B"),), (operation,), models, stated("PascalCase"))


def row(name: str, ref: TypeRef, guessed: bool = False) -> Property:
    prop = member(name, ref, 0, space=ZOO, sure=not guessed)
    return Property(**{**vars(prop), "json": Fact(name)})


def thing(inside: str) -> str:
    spaces = f'xmlns="{ZOO}" xmlns:s="{SYSTEM}" xmlns:a="{ARRAYS}" xmlns:z="{SERIALIZATION}"'
    return f'<Thing {spaces} xmlns:i="http://www.w3.org/2001/XMLSchema-instance">{inside}</Thing>'
