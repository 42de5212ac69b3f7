"""The help page's words: type phrases, which nest, and the wordings of the column "Additional information".

The rule: a phrase either is in a table or is a model's name; nothing has a default. Source: the HelpPage package,
ModelDescriptionGenerator (DefaultTypeDocumentation, AnnotationTextGenerator) and HelpPageConfigurationExtensions.
"""

from __future__ import annotations

import re

from contracts.helppage.draft import Located
from contracts.model import Annotation, TypeRef
from contracts.scalars import PHRASES, SCALARS

#: Types of the framework that say nothing about a body.
OPAQUE = frozenset({"HttpResponseMessage", "IHttpActionResult", "HttpContent", "HttpRequestMessage"})
#: Types of the framework that only the pages of opaque types lead to.
FRAMEWORK = OPAQUE | {"HttpMethod", "HttpStatusCode", "Version"}

# Words of customised sites → CLR type; the width or kind that they tell is believed. Then the words of C# and the CLR.
_ALSO = {
    "integer (16 bits)": "Int16",
    "integer (32 bits)": "Int32",
    "integer (64 bits)": "Int64",
    "unsigned integer (16 bits)": "UInt16",
    "unsigned integer (32 bits)": "UInt32",
    "unsigned integer (64 bits)": "UInt64",
    "universally unique identifier": "Guid",
    "ISO 8601 date": "DateTime",
    "date and time": "DateTime",
    "short": "Int16",
    "int": "Int32",
    "long": "Int64",
    "ushort": "UInt16",
    "uint": "UInt32",
    "ulong": "UInt64",
    "sbyte": "SByte",
    "char": "Char",
    "bool": "Boolean",
    "float": "Single",
    "double": "Double",
    "decimal": "Decimal",
    "guid": "Guid",
    "datetime": "DateTime",
    **{clr: clr for clr in SCALARS},
}
# ModelNameHelper: a generic model of an array is called "WrapOfSpot[]".
_NAME = re.compile(r"[^\W\d]\w*(?:[.+`]\w+|\[,*\]\w*)*")
_NESTED = (
    ("dictionary", re.compile(r"Dictionary of (?P<key>.+?) \[key\]\s+and (?P<item>.+) \[value\]", re.DOTALL)),
    ("pair", re.compile(r"Pair of (?P<key>.+?) \[key\]\s+and (?P<item>.+) \[value\]", re.DOTALL)),
    ("collection", re.compile(r"Collection of (?P<item>.+)", re.DOTALL)),
)

# The same as C# writes it; a Nullable<T> is unwrapped, as the package does.
_CODE = (
    ("nullable", re.compile(r"(?:System\.)?Nullable<(?P<item>.+)>|(?P<bare>[^<>\[\]]+)\?")),
    ("collection", re.compile(r"(?!\w+Of[A-Z])(?P<item>.+)\[\]")),
    (
        "collection",
        re.compile(r"(?:I?(?:List|Collection|Enumerable|Queryable)|IReadOnly(?:List|Collection))<(?P<item>.+)>"),
    ),
    ("dictionary", re.compile(r"I?Dictionary<(?P<key>[^<>,]+),\s*(?P<item>.+)>")),
    ("pair", re.compile(r"KeyValuePair<(?P<key>[^<>,]+),\s*(?P<item>.+)>")),
)

# "Required" and "None." of sites in other languages.
_REQUIRED = (
    *("Erforderlich", "Krävs", "Obligatorisk", "Påkrævet", "Påkrevd", "Vereist", "Verplicht", "Requis", "Obligatoire"),
    *("Obligatorio", "Requerido", "Obrigatório", "Obbligatorio", "Wymagane", "Обязательный", "必需", "必填", "必須"),
)
_NONE = (
    *("Keine?", "Inga?", "Ingen", "Inget", "Geen", "Aucune?", "Ningun[oa]", "Nenhum[a]?", "Nessun[oa]", "Brak", "Нет"),
    *("无", "無", "なし"),
)

# kind, the wording with its arguments; in the order in which a cell lists them (Required first, then alphabetical).
_WORDINGS = (
    ("required", "Required|" + "|".join(_REQUIRED)),
    ("data_type", r"Data type: (.*)"),
    ("pattern", r"Matching regular expression pattern: (.*)"),
    ("max_length", r"Max length: (\d+)"),
    ("max_unlimited", r"Max length: -1"),  # [MaxLength] without a number: as much as the database takes
    ("min_length", r"Min length: (\d+)"),
    ("range", r"Range: inclusive between (.+) and (.+)"),
    ("string_length", r"String length: inclusive between (\d+) and (\d+)"),
    ("default", r"Default value is ?(.*)"),
    ("none", r"None\.?|(?:" + "|".join(_NONE) + r")[.。]?"),
)
_COMPILED = tuple((kind, re.compile(wording, re.DOTALL)) for kind, wording in _WORDINGS)
_STARTS = re.compile(
    r"(?:^| )(?=Required(?: |$)|Data type: |Matching regular expression pattern: |Max length: -?\d|Min length: \d"
    r"|Range: inclusive between |String length: inclusive between )"
)
_COMMA = re.compile(r"-?\d+,\d+(?:E[+-]?\d+)?")
_EMPTY_DEFAULT = 'empty string ("")'


def type_of(phrase: str) -> TypeRef | None:
    """The type a phrase stands for, None for a phrase that is none. Scalars get their natural CLR type.

    >>> type_of("Collection of string")
    TypeRef(kind='collection', name='', item=TypeRef(kind='scalar', name='String', item=None, key=None), key=None)
    """
    phrase = " ".join(phrase.split())
    if len(phrase) > 1000:
        return None
    if phrase in PHRASES:
        return TypeRef("scalar", PHRASES[phrase][0].clr)
    if phrase in _ALSO:
        return TypeRef("scalar", _ALSO[phrase])
    if phrase == "Object":
        return TypeRef("any")
    for kind, pattern in _NESTED:
        match = pattern.fullmatch(phrase)
        if match:
            parts = match.groupdict()
            item, key = type_of(parts["item"]), type_of(parts["key"]) if "key" in parts else None
            if item is None or ("key" in parts and key is None):
                return None
            return TypeRef(kind, item=item, key=key)  # type: ignore[arg-type]
    for kind, pattern in _CODE:
        match = pattern.fullmatch(phrase)
        if match:
            parts = match.groupdict()
            item, key = type_of(parts["item"] or parts["bare"]), type_of(parts["key"]) if "key" in parts else None
            if item is None or ("key" in parts and key is None):
                return None
            return item if kind == "nullable" else TypeRef(kind, item=item, key=key)  # type: ignore[arg-type]
    return TypeRef("model", phrase) if _NAME.fullmatch(phrase) else None


def says_nullable(phrase: str) -> bool:
    """Whether a phrase says, as C# does and the package never does, that a value can be null."""
    return bool(_CODE[0][1].fullmatch(" ".join(phrase.split())))


def phrase_of(ref: TypeRef) -> str:
    """The page's phrase for a type: the opposite of `type_of`."""
    if ref.kind == "scalar":
        return SCALARS[ref.name].phrase
    if ref.kind == "collection" and ref.item:
        return f"Collection of {phrase_of(ref.item)}"
    if ref.key and ref.item:
        return f"{ref.kind.capitalize()} of {phrase_of(ref.key)} [key] and {phrase_of(ref.item)} [value]"
    return ref.name if ref.kind == "model" else "Object"


def models_in(ref: TypeRef) -> set[str]:
    """The names of all models a type mentions."""
    found = {ref.name} if ref.kind == "model" else set()
    for part in (ref.item, ref.key):
        found |= models_in(part) if part else set()
    return found


def split_annotations(cell: Located) -> tuple[Located, ...]:
    """The annotations of a cell; flattening joined them by one space.

    The package lists "Required" first and the others by the alphabet: what stands elsewhere is part of a pattern.
    """
    starts: list[int] = []
    for match in _STARTS.finditer(cell.text):
        before, here = cell.text[starts[-1] :] if starts else "", cell.text[match.end() :]
        if not starts or (not here.startswith("Required") and (before.startswith("Required") or before < here)):
            starts.append(match.end())
    if not starts or starts[0]:
        return (cell,)
    ends = [*starts[1:], len(cell.text)]
    return tuple(Located(cell.text[a:b].strip(), cell.line, cell.last) for a, b in zip(starts, ends, strict=True))


def annotation_of(text: str) -> Annotation:
    """What one annotation says; kind "other" for a wording the package does not have.

    >>> annotation_of("Range: inclusive between 0 and 5")
    Annotation(kind='range', arguments=('0', '5'), text='Range: inclusive between 0 and 5')
    """
    for kind, pattern in _COMPILED:
        match = pattern.fullmatch(text)
        if match:
            arguments = tuple("" if value == _EMPTY_DEFAULT else value for value in match.groups())
            if kind == "range":  # written in the server's culture, without groups of digits: a comma is the point
                arguments = tuple(value.replace(",", ".") if _COMMA.fullmatch(value) else value for value in arguments)
            return Annotation(kind, arguments, text)
    return Annotation("other", (), text)
