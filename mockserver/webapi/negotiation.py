"""Which formatter reads a body, which writes the answer, and in which charset.

    reading   by the request's Content-Type alone
    writing   mapping > Accept by weight, literal before type/* before */* > the request's Content-Type > JSON

The rule: an Accept that cannot be met is no error, the next ground decides. Header syntax (`media_types`) and bytes
(`charsets`) may not live here.
Source: N Formatting/DefaultContentNegotiator.cs, MediaTypeHeaderValueExtensions.cs, MediaTypeFormatterExtensions.cs,
MediaTypeWithQualityHeaderValueComparer.cs, XmlHttpRequestHeaderMapping.cs, MediaTypeFormatter.SelectCharacterEncoding.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cmp_to_key, lru_cache

from mockserver.webapi import media_types
from mockserver.webapi.http import Request
from mockserver.webapi.media_types import MediaType

#: The formatters in their order with what they support. N MediaTypeFormatterCollection.cs, MediaTypeConstants.cs.
FORMATTERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("json", ("application/json", "text/json")),
    ("xml", ("application/xml", "text/xml")),
    ("form", ("application/x-www-form-urlencoded",)),
)
_WRITING = FORMATTERS[:2]  # FormUrlEncodedMediaTypeFormatter.CanWriteType is false
#: The encodings' WebName, the default first. N BaseJsonMediaTypeFormatter and XmlMediaTypeFormatter constructors.
CHARSETS = ("utf-8", "utf-16")

_LITERAL, _SUBTYPE, _ALL = 0, 1, 2


@dataclass(frozen=True)
class Writing:
    """How to write the answer: wire format, media type, charset."""

    format: str
    media_type: str
    charset: str

    @property
    def content_type(self) -> str:
        return f"{self.media_type}; charset={self.charset}"


def _range(media: MediaType) -> int:
    if media.subtype == "*":
        return _ALL if media.type == "*" else _SUBTYPE
    return _LITERAL


# MediaTypeHeaderValueExtensions.IsSubsetOf: types equal or wider; the supported types bear no parameters to compare.
def _subset(supported: str, wider: MediaType) -> bool:
    major, _, minor = supported.partition("/")
    kind = _range(wider)
    if major != wider.type:
        return kind == _ALL
    return kind == _SUBTYPE or minor == wider.subtype


@lru_cache(maxsize=64)
def reader(media: MediaType | None) -> str | None:
    """The wire format whose formatter reads a body of that Content-Type, None when none does."""
    if media is None:
        return None
    return next((name for name, supported in FORMATTERS if any(_subset(one, media) for one in supported)), None)


# MediaTypeFormatter.SelectCharacterEncoding: an unknown charset, also a quoted one, falls back to the default.
def charset(media: MediaType | None) -> str:
    """The charset to read or write by, from a Content-Type."""
    name = media.parameter("charset") if media is not None else None
    return name.lower() if name is not None and name.lower() in CHARSETS else CHARSETS[0]


# MediaTypeWithQualityHeaderValueComparer.Compare, descending; the sort is stable.
def _compare(one: MediaType, other: MediaType) -> int:
    first, second = (1.0 if m.quality is None else m.quality for m in (one, other))
    if first != second:
        return 1 if first > second else -1
    if one.type != other.type or one.subtype != other.subtype:
        return _range(other) - _range(one)
    return 0


def _accept_match(accepted: list[MediaType], supported: tuple[str, ...]) -> tuple[int, str, float] | None:
    """How a formatter matches the Accept values: ranking, its media type, weight."""
    for media in accepted:
        if media.quality == 0.0:  # MatchAcceptHeader: NoMatch excludes
            continue
        for one in supported:
            if _subset(one, media):
                return _range(media), one, 1.0 if media.quality is None else media.quality
    return None


# XmlHttpRequestHeaderMapping.TryMatchMediaType: only with no Accept or a lone "*/*".
def _xhr(requested_with: str | None, accepted: list[MediaType]) -> bool:
    if (requested_with or "").lower() != "xmlhttprequest":
        return False
    return not accepted or (len(accepted) == 1 and accepted[0].name == "*/*")


def writer(request: Request, body_type: MediaType | None) -> Writing:
    """The format, media type and charset of the answer; `body_type` is the Content-Type of the request's content."""
    accept: list[str] = []
    charsets: list[str] = []
    requested_with: str | None = None
    for name, value in request.headers:
        name = name.lower()
        if name == "accept":
            accept.append(value)
        elif name == "accept-charset":
            charsets.append(value)
        elif name == "x-requested-with" and requested_with is None:
            requested_with = value
    return _writer(tuple(accept), tuple(charsets), requested_with, body_type)


# SelectResponseMediaTypeFormatter: within a ranking the highest weight, the first formatter on a tie (UpdateBestMatch).
@lru_cache(maxsize=64)  # clients send the same headers again and again
def _writer(
    accept: tuple[str, ...], charsets: tuple[str, ...], requested_with: str | None, body_type: MediaType | None
) -> Writing:
    accepted = media_types.accept(list(accept))
    if _xhr(requested_with, accepted):
        return Writing("json", "application/json", _response_charset(charsets, body_type))
    if len(accepted) > 1:
        accepted.sort(key=cmp_to_key(_compare), reverse=True)
    best: dict[int, tuple[float, str, str]] = {}
    by_body: tuple[str, str] | None = None
    for name, supported in _WRITING:
        match = _accept_match(accepted, supported)
        if match is not None:
            ranking, media, weight = match
            if ranking not in best or weight > best[ranking][0]:
                best[ranking] = (weight, name, media)
        elif body_type is not None and by_body is None:
            by_body = next(((name, one) for one in supported if _subset(one, body_type)), None)
    chosen: tuple[float, str, str] | None = None
    for ranking in (_LITERAL, _SUBTYPE, _ALL):
        if ranking in best and (chosen is None or best[ranking][0] > chosen[0]):
            chosen = best[ranking]
    format_name, media_name = chosen[1:] if chosen else by_body or ("json", "application/json")
    return Writing(format_name, media_name, _response_charset(charsets, body_type))


# SelectResponseCharacterEncoding: Accept-Charset by weight, then the charset of the request's body.
def _response_charset(sent: tuple[str, ...], body_type: MediaType | None) -> str:
    if sent:
        wanted = media_types.accept_charset(list(sent))
        wanted.sort(key=lambda one: (1.0 if one[1] is None else one[1], one[0] != "*"), reverse=True)
        for name, quality in wanted:
            if quality == 0.0:
                continue
            for known in CHARSETS:
                if name.lower() == known or name == "*":
                    return known
    return charset(body_type)
