"""Silent losses: what the portal dropped or altered of what a client sent, without a word.

    reader ─ add(reason, member, sent, kept) ─▶ Losses ─▶ Response.losses ─▶ header, log, journal, `portal-mock explain`

The rule: every reason has one row in `REASONS` (what happened, the framework's rule, what to send instead), and a
reader can tell no other. A collector belongs to one request and is passed along. What is a loss is found by the
readers and by `altered`, how it is told to people and programs is in `mockserver.telling`; neither may live here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: How many losses of one request are kept one by one, and how many characters of each text.
MOST, LONGEST = 200, 400


@dataclass(frozen=True, slots=True)
class Loss:
    """One value lost: `member` as the client named it ("": the body as a whole), `reason` a key of REASONS, `sent` as
    sent, `kept` what the portal has instead (None: nothing), `rule` where the framework says so."""

    member: str
    reason: str
    sent: str
    kept: str | None
    rule: str


@dataclass(frozen=True)
class Reason:
    """A row of the table: what happened in one sentence, the source of the rule, what to send instead."""

    told: str
    rule: str
    remedy: str


_JSON_READER = "J Serialization/JsonSerializerInternalReader.cs"
_XML_READER = "S XmlObjectSerializerReadContext.cs"
_FORM_BINDER = "W ModelBinding/Binders/MutableObjectModelBinder.cs"

REASONS: Mapping[str, Reason] = {
    "json.unknown": Reason(
        "The model has no member of this name that can be set; the portal passes over it.",
        "N Formatting/BaseJsonMediaTypeFormatter.cs (MissingMemberHandling.Ignore)",
        "Use a name of the page's table; case does not count.",
    ),
    "json.metadata": Reason(
        "A name that starts with $ is a mark of the serializer's own; the portal reads it and forgets it.",
        f"{_JSON_READER} (ReadMetadataProperties; TypeNameHandling.None)",
        "Leave it out.",
    ),
    "json.duplicate": Reason(
        "The member was sent more than once, perhaps in another case; the last one counts.",
        f"{_JSON_READER} (PopulateObject)",
        "Send each member once.",
    ),
    "json.rest": Reason(
        "The text goes on after the end of the model; the portal stops reading there.",
        f"{_JSON_READER} (Deserialize; CheckAdditionalContent is off)",
        "Send one JSON object and nothing after it.",
    ),
    "json.respelled": Reason(
        "A number or boolean stands where text is wanted; it became text in .NET's own spelling, or that number's "
        "character.",
        "J JsonReader.cs (ReadAsStringInternal), System.Convert (ToChar)",
        "Send it as a JSON string, in quotes.",
    ),
    "json.replaced": Reason(
        "An escape names half of a surrogate pair; the portal keeps U+FFFD in its place.",
        "J JsonTextReader.cs (ReadStringIntoBuffer)",
        "Send both halves, or the character itself as UTF-8.",
    ),
    "json.blank": Reason(
        "An empty string is null to every nullable type but text.",
        f"{_JSON_READER} (EnsureType)",
        "Send null, or leave the member out.",
    ),
    "json.not-set": Reason(
        "The model has this member and takes no value for it from JSON: it has no setter, or is kept out of JSON.",
        f"{_JSON_READER} (CalculatePropertyDetails: Ignored, not Writable)",
        "Leave it out.",
    ),
    "xml.out-of-order": Reason(
        "The element stands after one that must follow it; the reader only moves forward and passes over it.",
        f"{_XML_READER} (GetMemberIndex), ClassDataContract.cs (DataMemberComparer)",
        "Send the elements in the order of the page's sample: the base class first, then by name.",
    ),
    "xml.namespace": Reason(
        "An element of this name is expected in another namespace; the portal passes over this one.",
        f"{_XML_READER} (GetMemberIndex)",
        "Give each element the namespace that it has in the page's sample; those of a base class differ.",
    ),
    "xml.case": Reason(
        "The name differs from a member's in case only, and in XML case counts; the portal passes over it.",
        f"{_XML_READER} (GetMemberIndex)",
        "Spell the name as in the page's XML sample.",
    ),
    "xml.unknown": Reason(
        "The model has no element of this name; the portal passes over it.",
        f"{_XML_READER} (HandleMemberNotFound)",
        "Use a name of the page's XML sample.",
    ),
    "xml.duplicate": Reason(
        "The element was sent more than once; the first one counts.",
        f"{_XML_READER} (GetMemberIndex)",
        "Send each element once.",
    ),
    "xml.nil-content": Reason(
        "The element says that it is nil; what stands in it is passed over.",
        f"{_XML_READER} (ReadIfNullOrRef)",
        "Leave out i:nil, or the content.",
    ),
    "xml.attribute": Reason(
        "The serializer reads no attributes but its own (nil, type, Id, Ref); this one is passed over.",
        "S AttributeData.cs, XmlObjectSerializerReadContext.cs (Attributes.Read)",
        "Send values as elements; nil must be in the namespace of XML Schema instances.",
    ),
    "xml.line-ends": Reason(
        "A line end with a carriage return is a line feed to every XML reader.",
        "XML 1.0, 2.11; S System/Xml/XmlUTF8TextReader.cs",
        "Write the carriage return as &#xD; if it must be kept.",
    ),
    "xml.rest": Reason(
        "Something follows the end of the model; the portal stops reading there.",
        "S XmlObjectSerializer.cs (ReadObjectHandleExceptions)",
        "Send one document and nothing after it.",
    ),
    "form.unknown": Reason(
        "The model has no member of this name that can be set; the portal passes over it.",
        f"{_FORM_BINDER} (GetMetadataForProperties)",
        "Use a name of the page's table, without a prefix; case does not count.",
    ),
    "form.duplicate": Reason(
        "The name was sent more than once; the first value counts.",
        "W ValueProviders/ValueProviderResult.cs (UnwrapPossibleListType)",
        "Send each name once.",
    ),
    "form.blank": Reason(
        "An empty or blank value in a form is null.",
        "W ModelBinding/Binders/TypeConverterModelBinder.cs (ReplaceEmptyStringWithNull), ValueProviderResult.cs",
        "Leave it out, or use JSON or XML, which keep empty text.",
    ),
    "form.replaced": Reason(
        "A form is read as UTF-8 whatever its charset; bytes that are none became U+FFFD.",
        "N Formatting/Internal/UriQueryUtility.cs (UrlDecode), Parsers/FormUrlEncodedParser.cs",
        "Encode names and values as UTF-8 before escaping them.",
    ),
    "form.list": Reason(
        "The items of a list are read from number 0 on, up to the first that is missing; this one is beyond.",
        "W ModelBinding/Binders/CollectionModelBinder.cs (BindComplexCollectionFromIndexes)",
        "Number the items 0, 1, 2, … or leave the numbers out.",
    ),
    "form.field": Reason(
        "The member is a field of its class, or has no setter; a form sets properties only.",
        f"{_FORM_BINDER} (GetMetadataForProperties, CanUpdateProperty)",
        "Send it as JSON or XML if it can be set at all.",
    ),
    "time.zone-moved": Reason(
        "The moment is the same, the clock is not: the portal keeps the local time of its server.",
        "J Utilities/DateTimeUtils.cs (RoundtripKind), S System/Xml/XmlConverter.cs, System.ComponentModel."
        "DateTimeConverter",
        "Send the time with the offset of the portal's server, or without one if clock times are meant.",
    ),
    "time.precision": Reason(
        "A time has seven digits of a second at most; the rest is cut or rounded.",
        "System.DateTime (100 ns ticks)",
        "Send no more than seven digits.",
    ),
    "time.guessed": Reason(
        "The text says no complete date that can be read in one way only; the portal filled in or chose the rest.",
        "System.DateTime.Parse with the invariant culture (month first), System.Xml.XmlConvert",
        "Send dates as 2030-01-07T09:00:00.",
    ),
    "time.clamped": Reason(
        "With its offset the moment lies outside the years 1 to 9999; the portal keeps the end of that range.",
        "J Utilities/DateTimeUtils.cs, System.Xml.XmlConvert (clamping)",
        "Send a moment within the range.",
    ),
    "number.changed": Reason(
        "The number kept is not the one sent: rounded, wrapped around, read in another base or without its comma.",
        "J JsonTextReader.cs (ParseNumber), System.Convert, System.Decimal",
        "Send what the member's type can hold, in decimal digits.",
    ),
    "enum.combined": Reason(
        "Several names were sent for one value; the portal keeps what their numbers make together.",
        "System.Enum.Parse (names with commas between are joined by their bits)",
        "Send one name.",
    ),
    "charset.fallback": Reason(
        "The portal knows the charsets utf-8 and utf-16 only; it read the body as UTF-8 instead.",
        "N Formatting/MediaTypeFormatter.cs (SelectCharacterEncoding)",
        "Send UTF-8 and say charset=utf-8.",
    ),
    "charset.replaced": Reason(
        "After a byte order mark, bytes that are no text in its encoding became U+FFFD.",
        "System.IO.StreamReader (DetectEncoding)",
        "Send valid UTF-8 without a mark.",
    ),
    "id.ignored": Reason(
        "The portal draws this id itself when it first sees the key; the client's is not used.",
        "the page: the member is read only",
        "Leave it out, or send the id that the portal answered with.",
    ),
    "path.ignored": Reason(
        "The path has one segment more than the page's; it only selects the controller.",
        "W Routing/HttpRoute.cs (api/{controller}/{id}, id optional)",
        "Leave the segment out; the record is chosen by its key in the body.",
    ),
    "query.ignored": Reason(
        "The model is read from the body alone; the query is not looked at.",
        "W ModelBinding/FormatterParameterBinding.cs",
        "Put the value into the body.",
    ),
    "query.unknown": Reason(
        "The operation has no URI parameter of this name; the portal passes over it.",
        "W ModelBinding/ModelBinderParameterBinding.cs",
        "Use a name of the page's table of URI parameters; case does not count.",
    ),
    "query.duplicate": Reason(
        "The parameter was sent more than once; the path's value counts, else the first one of the query.",
        "W ValueProviders/ValueProviderResult.cs (UnwrapPossibleListType), Providers/RouteDataValueProviderFactory.cs",
        "Send each parameter once.",
    ),
    "more": Reason(
        "The request has more losses than are listed one by one.",
        "this stub portal",
        "Mend the first ones and look again.",
    ),
}


class Losses:
    """The losses of one request."""

    __slots__ = ("_found", "_more")

    def __init__(self) -> None:
        self._found: list[Loss] = []
        self._more = 0

    def add(self, reason: str, member: str, sent: str, kept: str | None = None) -> None:
        """Tell a loss; beyond the limit they are only counted."""
        if len(self._found) == MOST:
            self._more += 1
            return
        rule = REASONS[reason].rule
        self._found.append(Loss(cut(member, LONGEST), reason, cut(sent, LONGEST), kept and cut(kept, LONGEST), rule))

    def clear(self) -> None:
        """Forget all: another reader starts over."""
        self._found.clear()
        self._more = 0

    def all(self) -> tuple[Loss, ...]:
        """Every loss in the order told; the last one counts what is not listed."""
        if self._more:
            return (*self._found, Loss("", "more", str(self._more), None, REASONS["more"].rule))
        return tuple(self._found)


def cut(text: str, limit: int) -> str:
    """The text, its end left out when it is too long."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
