"""Every rule by which the reader infers a fact: its id, one sentence, and where the rule comes from.

`Evidence.rule` is an id of this table. The rule of the table: an inference cites a row, and a row is cited by an
inference; a test holds both. Rules are words here; the code that applies one cites its id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One rule of inference: a sentence for people, and its source."""

    sentence: str
    source: str


_GENERATOR = "HelpPage package, ObjectGenerator"
_WORDS = "HelpPage package, ModelDescriptionGenerator"
_CONTRACT = ".NET, DataContractSerializer"
_JSON = "Json.NET 6.0.8, DefaultContractResolver"
_PORTALS = "wording of help pages seen"

RULES: Mapping[str, Rule] = {
    "casing.samples": Rule(
        "The members of the JSON samples are the table's names in this casing.", f"{_JSON} and CamelCase…Resolver"
    ),
    "description.body": Rule(
        "Where the model's own page is not given, the words above its table describe it.",
        "HelpPage package, HelpPageApiModel",
    ),
    "enum.json": Rule("An enumeration is written in JSON as its samples write it: as a name or as a number.", _JSON),
    "form.no-sample": Rule(
        "A media type under Request Formats is accepted, even where the framework cannot write a sample of it.",
        "HelpPage package, HelpPageSampleGenerator; JQueryMvcFormUrlEncodedFormatter reads every type and writes none",
    ),
    "format.media-type": Rule(
        "A media type is JSON, XML or form by its sample's syntax or, without a sample, by its name.",
        "HelpPage package, HelpPageSampleGenerator",
    ),
    "json.casing": Rule(
        "Where no sample shows a member, its JSON name is the table's name in the portal's casing.", _JSON
    ),
    "json.hidden": Rule(
        "An element of the XML sample that table and JSON lack is a member that JSON hides, and takes an index.", _JSON
    ),
    "json.order": Rule("Members are written in JSON in the order of the sample.", _JSON),
    "key.beside-id": Rule(
        "The only other member of the base class that declares the portal's id is the key the client chooses.", _PORTALS
    ),
    "key.described": Rule(
        "A text member described as the model's own unique ID on the integrating system is the key the client chooses.",
        _PORTALS,
    ),
    "id.described": Rule(
        "A member described as the model's own ID in the portal is the id that the portal draws.", _PORTALS
    ),
    "name.from-samples": Rule(
        "A row that lost its name in the flattening has the name of the sample's member that no other row explains.",
        "flattened pages: rows called Email lose their name",
    ),
    "member.field": Rule(
        "Members that stand last in the table and first in JSON, numbered from 1 on their own, are public fields.",
        f"{_GENERATOR}; {_JSON}",
    ),
    "model.data-contract": Rule(
        "A class whose XML has a namespace of its own, another order than that of names, or numbers objects is a "
        "[DataContract].",
        _CONTRACT,
    ),
    "nullable.guess": Rule(
        "Where neither prose nor numbering tells, a value type is taken as one that cannot be null.", _PORTALS
    ),
    "nullable.numbering": Rule(
        "One counter runs over the simple members that are no Nullable<T>; the visible indexes tell which it took.",
        _GENERATOR,
    ),
    "nullable.reference-type": Rule(
        "Strings, collections and models are reference types, which can be null.", "the CLR"
    ),
    "nullable.shown": Rule(
        "A value that a sample shows as null can be null.", "HelpPage package, SetSampleObjects: samples set by hand"
    ),
    "operation.upsert": Rule(
        "A POST whose summary says that it creates or updates is an upsert, and nothing else is.", _PORTALS
    ),
    "operation.upsert-saves": Rule(
        "A POST that saves is taken as an upsert: the word leaves open whether it creates, updates or both.", _PORTALS
    ),
    "parameter.annotated": Rule(
        "A URI parameter with an annotation that only members bear is a member of a complex type.",
        "HelpPage package, GenerateUriParameters",
    ),
    "parameter.complex": Rule(
        "URI parameters that are, row for row, a model's members are that model, given by its members.",
        "HelpPage package, GenerateUriParameters",
    ),
    "parameter.optional-null": Rule(
        "An optional parameter of a value type without a default value has the default null, so it is a Nullable<T>.",
        "HelpPage package, GenerateUriParameters",
    ),
    "parameter.untyped": Rule(
        "A parameter whose type no table shows is taken as text, and as required where it stands in the path.",
        "ASP.NET Web API, ApiExplorer",
    ),
    "readonly.unsaid": Rule("A member is read-only only where its description says so.", _PORTALS),
    "required.unsaid": Rule(
        'A member is required only where its description says "Required" as a remark without a condition, or its '
        "annotation does.",
        _PORTALS,
    ),
    "table.hidden": Rule(
        "A member that the samples show and the table lacks is one which the page does not list; it takes an index.",
        f"{_WORDS}, ShouldDisplayMember",
    ),
    "type.date": Rule(
        "A date is a DateTimeOffset where the XML sample has the elements DateTime and OffsetMinutes, else a DateTime.",
        _CONTRACT,
    ),
    "type.decimal": Rule(
        "The sample of a Decimal is a whole number with .0, that of a Double or Single is one with .1.", _GENERATOR
    ),
    "type.hidden": Rule(
        "The type of a member that the table lacks is the one whose sample looks like its element.", _GENERATOR
    ),
    "type.natural": Rule("Of the CLR types that share a type phrase the most usual one is taken.", _WORDS),
    "type.phrase": Rule("The type phrase stands for exactly this type.", _WORDS),
    "type.sample": Rule(
        "Where no page shows a model's table, its members and their types are what its sample looks like.", _GENERATOR
    ),
    "type.xml-element": Rule(
        "The name of a collection's element, or of a lone value's, names its type in XML, width included.", _CONTRACT
    ),
    "xml.absent": Rule(
        "A member in table and JSON that the XML sample lacks has no public setter and is not read from XML.", _CONTRACT
    ),
    "xml.contract-name": Rule(
        "A model that is no sample's root is called by its own name, in the namespace of its most derived members.",
        _CONTRACT,
    ),
    "xml.generic-name": Rule(
        "A generic model's contract is called by its arguments' contracts and a digest of their namespaces.", _CONTRACT
    ),
    "xml.levels": Rule(
        "In XML the base class stands first, each class in ordinal order: a new namespace or a restart begins a class.",
        _CONTRACT,
    ),
    "xml.order": Rule("Members stand in XML in the order of the sample.", _CONTRACT),
    "xml.renamed": Rule(
        "The one element without a row and the one row without an element that show the same value are one member.",
        _CONTRACT,
    ),
    "xml.root": Rule("The root of the XML sample is the model's name and namespace.", _CONTRACT),
}
