"""What a help page promises, as frozen data.

    Contract ─┬─ pages        where it was read from
              ├─ operations   verb + path + what goes in and out
              └─ models       by name; objects with properties, or enumerations

The rule: every fact that code acts upon is a `Fact` (`contracts.fact`): a value with its evidence and its standing.
What a page could not be read for stands in `Contract.notes`.

Nothing here reads, writes or judges, and nothing here knows a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from contracts.errors import Fault
from contracts.fact import Evidence as Evidence
from contracts.fact import Fact as Fact
from contracts.fact import Standing as Standing

Casing = Literal["camelCase", "snake_case", "kebab-case", "PascalCase"]
WireFormat = Literal["json", "xml", "form"]


@dataclass(frozen=True)
class TypeRef:
    """A type as the page names it.

    kind        name            item / key
    scalar      CLR name        -            a row of `contracts.scalars`, e.g. "String", "Int32"
    model       model name      -            an object or an enumeration of `Contract.models`
    collection  -               item         "Collection of X"
    dictionary  -               key, item    "Dictionary of K [key] and V [value]"
    pair        -               key, item    "Pair of K [key] and V [value]"
    any         -               -            "Object": anything

    `form` is how samples write it where that is not as usual: "list" for a collection of bytes (byte[] is base64),
    "name" or "number" for an enumeration that other places write otherwise (`Model.as_string`).
    """

    kind: Literal["scalar", "model", "collection", "dictionary", "pair", "any"]
    name: str = ""
    item: TypeRef | None = None
    key: TypeRef | None = None
    form: Literal["", "list", "name", "number"] = ""


@dataclass(frozen=True)
class XmlName:
    """How a member is written in DataContract XML.

    `name` and `namespace` of its element; `level` is the class that declares it, counted from the base class (0).
    """

    name: str
    namespace: str
    level: int


@dataclass(frozen=True)
class Annotation:
    """One phrase of the column "Additional information", e.g. kind "range", arguments ("1", "10")."""

    kind: str
    arguments: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Property:
    """One row of a model's table.

    `name` is the name in the table, `json` the member's name in JSON (None: not written there), `xml` its element
    (None: not written there), `phrase` the page's type phrase, `type` what it stands for (a scalar whose CLR type the
    page cannot tell is guessed), `required` whether prose or an annotation demands it, `read_only` whether prose says
    the portal sets it, `nullable` whether it can be null. `is_field` is whether it is a public field (forms cannot
    set those), `clr_name` what the code calls it (forms bind it by that), `is_required` and `emit_default` the settings
    of its DataMember (absent in input is an error; left out of output when it has its default).
    """

    name: str
    description: Fact[str]
    phrase: Fact[str]
    type: Fact[TypeRef]
    json: Fact[str | None]
    xml: Fact[XmlName | None]
    nullable: Fact[bool | None]
    required: Fact[bool]
    read_only: Fact[bool]
    annotations: tuple[Fact[Annotation], ...] = ()
    is_field: Fact[bool | None] = field(default_factory=lambda: Fact(None))
    clr_name: Fact[str | None] = field(default_factory=lambda: Fact(None))
    is_required: Fact[bool | None] = field(default_factory=lambda: Fact(None))
    emit_default: Fact[bool | None] = field(default_factory=lambda: Fact(None))

    @property
    def listed(self) -> bool:
        """Whether a table of the page lists it; a member that stands only in the XML sample is not listed."""
        return bool(self.phrase.value)


@dataclass(frozen=True)
class EnumMember:
    """One value of an enumeration: its name, its number, the page's description.

    `xml` is how XML writes it where a sample shows that this is not its name, else empty.
    """

    name: str
    value: int
    description: str = ""
    xml: str = ""


@dataclass(frozen=True)
class Model:
    """A type the page describes.

    kind "object": `properties` in table order, `json_order` and `xml_order` the property names as the samples write
    them (xml_order over all classes, base class first), `xml_root` the element's name and namespace, `key` the property
    the client chooses, `portal_id` the one the portal draws, `data_contract` whether the class says itself what its
    contract holds ([DataContract]). kind "enum": `members`, `as_string` whether JSON writes names.
    """

    name: str
    kind: Literal["object", "enum"]
    description: Fact[str]
    properties: tuple[Property, ...] = ()
    json_order: Fact[tuple[str, ...]] = field(default_factory=lambda: Fact(()))
    xml_order: Fact[tuple[str, ...]] = field(default_factory=lambda: Fact(()))
    xml_root: Fact[XmlName | None] = field(default_factory=lambda: Fact(None))
    key: Fact[str | None] = field(default_factory=lambda: Fact(None))
    portal_id: Fact[str | None] = field(default_factory=lambda: Fact(None))
    members: tuple[EnumMember, ...] = ()
    as_string: Fact[bool | None] = field(default_factory=lambda: Fact(None))
    data_contract: Fact[bool | None] = field(default_factory=lambda: Fact(None))

    def __getitem__(self, name: str) -> Property:
        """The property of that table name; KeyError when the model has none."""
        for prop in self.properties:
            if prop.name == name:
                return prop
        raise KeyError(name)

    def in_json_order(self) -> tuple[Property, ...]:
        """The properties that JSON writes, in the order it writes them."""
        return tuple(self[name] for name in self.json_order.value)

    def in_xml_order(self) -> tuple[Property, ...]:
        """The properties that XML writes, in the order it writes them."""
        return tuple(self[name] for name in self.xml_order.value)


@dataclass(frozen=True)
class MediaType:
    """A media type the page lists: `name` as listed, `format` the wire format behind it."""

    name: str
    format: WireFormat


@dataclass(frozen=True)
class Sample:
    """A sample of the page: the media types it stands for, its text, and the 1-based line it starts on."""

    media_types: tuple[str, ...]
    text: str
    page: str
    line: int


@dataclass(frozen=True)
class Parameter:
    """A URI parameter: its name, type, whether it stands in the path, whether it must be given, its default.

    `complex` is the model whose member it is, where the page expanded a complex type to its members ("" where it did,
    and no page tells which; None where it is a parameter of its own), and `prefix` what stands before its name in the
    query then ("filter." or empty). A member's `required` is that of its model: the annotation. `nullable`: it takes
    an empty value as null.
    """

    name: str
    description: Fact[str]
    phrase: Fact[str]
    type: Fact[TypeRef]
    in_path: bool
    required: Fact[bool]
    default: Fact[str | None]
    annotations: tuple[Fact[Annotation], ...] = ()
    nullable: Fact[bool | None] = field(default_factory=lambda: Fact(None))
    complex: Fact[str | None] = field(default_factory=lambda: Fact(None))
    prefix: str = ""

    @property
    def key(self) -> str:
        """What the query calls it: its name with the prefix."""
        return self.prefix + self.name


@dataclass(frozen=True)
class Body:
    """What one direction of an operation carries: its type, the media types, the samples, the page's own line on it.

    `type` is None where the page shows none; `opaque` is True where the page names a type that says nothing about
    the body (HttpResponseMessage, IHttpActionResult), and `phrase` is then the word it names. `parameter` is what the
    action calls it, which leads the keys of a 400 answer; no page shows it.
    """

    type: Fact[TypeRef | None]
    media_types: tuple[Fact[MediaType], ...]
    samples: tuple[Sample, ...]
    description: Fact[str]
    opaque: bool = False
    phrase: Fact[str] = field(default_factory=lambda: Fact(""))
    parameter: Fact[str | None] = field(default_factory=lambda: Fact(None))

    @property
    def void(self) -> bool:
        """Whether the page says "None.": no body at all."""
        return self.type.value is None and self.type.standing != "unknown" and not self.opaque


@dataclass(frozen=True)
class Operation:
    """One documented operation: `method` and `path` ("api/Things", no leading slash, no query) and both directions.

    `query` are the keys of the query in the page's title, in its order ("externalId", "filter.Name", "ids[0]").
    """

    method: Fact[str]
    path: Fact[str]
    summary: Fact[str]
    upsert: Fact[bool]
    parameters: tuple[Parameter, ...]
    request: Body
    response: Body
    query: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The operation's words, "POST api/Things" or "GET api/Things?name&page": unique within a contract."""
        keys = "&".join(self.query)
        return f"{self.method.value} {self.path.value}" + (f"?{keys}" if keys else "")


@dataclass(frozen=True)
class Page:
    """A page the contract was read from: its name, the SHA-256 (hex) of its bytes, its layout, and its text in lines
    (empty where there is no text behind the contract)."""

    name: str
    sha256: str
    layout: str
    lines: tuple[str, ...] = field(default=(), repr=False, compare=False)


@dataclass(frozen=True)
class Listed:
    """An operation that an index page lists: its title ("GET api/Things?name={name}"), group, description, evidence."""

    title: str
    group: str
    description: str
    evidence: Evidence


@dataclass(frozen=True)
class Contract:
    """Everything the pages promise. `casing` is how JSON spells member names on this portal.

    `notes` is what could not be read, was left out, or contradicts itself, each with its page and line; `listed` what
    the index pages list, whether its page was given or not.
    """

    pages: tuple[Page, ...]
    operations: tuple[Operation, ...]
    models: Mapping[str, Model]
    casing: Fact[Casing | None]
    notes: tuple[Fault, ...] = ()
    listed: tuple[Listed, ...] = ()

    def model_of(self, body: Body) -> Model | None:
        """The object model that a body carries, None when it carries none or is opaque."""
        ref = body.type.value
        if ref is None or ref.kind != "model":
            return None
        return self.models.get(ref.name)

    def upserts(self) -> Iterator[tuple[Operation, Model]]:
        """Every operation that creates or updates one record by a key in the body, with its model."""
        for operation in self.operations:
            model = self.model_of(operation.request)
            if operation.upsert.value and model is not None and model.key.value is not None:
                yield operation, model
