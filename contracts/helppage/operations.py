"""One operation from one page: verb, path, parameters, and both directions with their media types and samples.

The rule: a side of an operation is what its own section says; what the two sides must have in common is checked here
too.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from urllib.parse import unquote

from contracts.errors import Fault
from contracts.helppage import prose
from contracts.helppage.draft import Block, Located, PageDraft, Side, Source, shorten
from contracts.helppage.facts import inferred, stated, unknown
from contracts.helppage.members import type_fact
from contracts.helppage.parameters import parameters_of
from contracts.helppage.phrases import type_of
from contracts.helppage.samples import Json, SampleError, Xml, parse_json, parse_xml
from contracts.helppage.tables import is_opaque
from contracts.helppage.walk import Walk
from contracts.model import Body, Fact, MediaType, Operation, Sample, TypeRef, WireFormat

_CUT = "the page seems cut off: save it again, whole"
_BARE = "the page does not tell which media types are accepted or answered; ask whoever wrote the service"
_FOREIGN = "under a media type stands its sample and nothing else: take away what does not belong to it"
_SETTLE_UPSERT = "post one key twice and compare the ids"
# format, how the names of its media types look
_FORMATS: tuple[tuple[WireFormat, re.Pattern[str]], ...] = (
    ("form", re.compile(r"application/x-www-form-urlencoded|multipart/form-data")),
    ("json", re.compile(r".*json.*", re.IGNORECASE)),
    ("xml", re.compile(r".*xml.*", re.IGNORECASE)),
)


# What formatters write; a sample in another media type was set by hand, for one side.
_WRITTEN = ("json", "xml")
_JSON_STARTS = re.compile(r"\s*(?:[\[{\"]|-?\d+(?:\.\d+)?\s*\Z|(?:true|false|null)\s*\Z)")
_CUSTOM = "the sample is not the framework's; what it would prove stays open, and an overlay can settle it"


def operation_of(draft: PageDraft, walk: Walk, faults: list[Fault]) -> Operation:
    """The operation that a page describes."""
    page, title = draft.source.name, draft.title
    method, _, target = title.text.partition(" ")
    path, _, query = target.partition("?")
    path = path.strip("/")
    keys = tuple(unquote(key.partition("=")[0]) for key in query.split("&") if key)
    summary = draft.summary
    _check_sides(draft, faults)
    return Operation(
        method=stated(method, page, title),
        path=stated(path, page, title),
        summary=stated(summary.text, page, summary) if summary else unknown("", "whoever wrote the service"),
        upsert=_upsert(method, summary, title, page),
        parameters=parameters_of(draft, path, keys, walk),
        request=_body(draft.request, page, walk, faults),
        response=_body(draft.response, page, walk, faults),
        query=keys,
    )


def _upsert(method: str, summary: Located | None, title: Located, page: str) -> Fact[bool]:
    if method != "POST":
        return inferred(False, "operation.upsert", page, title.lines, title.text)
    if summary is None:
        return inferred(False, "operation.upsert", page, title.lines, title.text, _SETTLE_UPSERT)
    if not prose.upsert(summary.text) and prose.saves(summary.text):
        return inferred(True, "operation.upsert-saves", page, summary.lines, summary.text, _SETTLE_UPSERT)
    return inferred(prose.upsert(summary.text), "operation.upsert", page, summary.lines, summary.text)


def path_of(phrase: Located) -> str:
    """What the samples of a body are found by: the two sides of a page may say the same and mean another width."""
    return f"line {phrase.line}"


def _body(side: Side, page: str, walk: Walk, faults: list[Fault]) -> Body:
    opaque = is_opaque(side.phrase)
    kind: Fact[TypeRef | None]
    if side.phrase is not None and not opaque:
        known = type_fact(side.phrase, page, None, path_of(side.phrase), walk)
        kind = Fact(known.value, known.evidence, known.settle)
    elif side.phrase or side.none:
        words = side.phrase or side.none or Located("", side.line)
        kind = stated(None, page, words)
    else:
        kind = unknown(None, "whoever wrote the service: the page says nothing of this body")
    types = tuple(fact for block in side.blocks for fact in _media_types(block, page, faults))
    samples = tuple(Sample(b.media_types, b.text, page, b.line) for b in side.blocks if b.text is not None)
    words = side.description or Located("", side.line)
    phrase = stated(" ".join(side.phrase.text.split()), page, side.phrase) if side.phrase else Fact("")
    return Body(kind, types, samples, stated(words.text, page, words), opaque, phrase)


def _media_types(block: Block, page: str, faults: list[Fault]) -> list[Fact[MediaType]]:
    facts = []
    for name in block.media_types:
        form = format_of(name, block.text)
        if form is None:
            what = f"no sample and no rule tells what {name!r} is written in"
            faults.append(Fault(page, block.header.line, what, "remove it from the page if clients do not use it"))
        elif block.text is None:
            rule = "form.no-sample" if form == "form" else "format.media-type"
            facts.append(inferred(MediaType(name, form), rule, page, block.header.lines, block.header.text))
        else:
            lines = (*block.header.lines, block.line)
            facts.append(inferred(MediaType(name, form), "format.media-type", page, lines, block.header.text))
    return facts


def format_of(media_type: str, sample: str | None) -> WireFormat | None:
    """The wire format of a media type: by its sample's syntax, else by its name; None if neither tells."""
    by_name = next((form for form, pattern in _FORMATS if pattern.fullmatch(media_type)), None)
    if sample is None or by_name == "form":
        return by_name
    if sample.lstrip().startswith("<"):
        return "xml"
    return "json" if by_name or _JSON_STARTS.match(sample) else None


def parsed_samples(side: Side, source: Source, faults: list[Fault]) -> list[tuple[Json | None, Xml | None]]:
    """The samples of one side as pairs of one object in JSON and in XML; those that do not parse are noted."""
    page = source.name
    jsons: list[Json] = []
    xmls: list[Xml] = []
    for block in side.blocks:
        if block.text is None:
            continue
        try:
            form = format_of(block.media_types[0], block.text)
            if form == "xml":
                xmls.append(parse_xml(block.text, block.line))
            elif form == "form" and "=" not in block.text:
                raise SampleError(0, f"{shorten(block.text, 40)!r} is no form", foreign=True)
            elif form == "json":
                jsons.append(parse_json(block.text, block.line))
        except SampleError as error:
            what = f"the sample of {block.header.text} cannot be read: {error}"
            broken = error.cut and not source.marked_up
            remedy = _CUT if broken else _FOREIGN if error.foreign else _CUSTOM
            faults.append(Fault(page, block.line + error.line, what, remedy, broken))
    return list(zip_longest(jsons, xmls))


def _check_sides(draft: PageDraft, faults: list[Fault]) -> None:
    page, request, response = draft.source.name, draft.request, draft.response
    broken = not draft.source.marked_up
    for side, name in ((request, "Request Formats"), (response, "Response Formats")):
        if side.phrase is not None and not side.blocks and not is_opaque(side.phrase):
            what = f'a body of type {side.phrase.text[:60]} is described, but no "{name}" follow'
            faults.append(Fault(page, side.phrase.line, what, _CUT if broken else _BARE, broken))
        if side.none is not None and side.phrase is None and side.blocks:
            faults.append(Fault(page, side.none.line, 'samples follow, although the page says "None."', _CUT))
    if not (request.phrase and response.phrase and type_of(request.phrase.text) == type_of(response.phrase.text)):
        return
    # A formatter that wrote the request's sample writes the same type in the response.
    answered = {name for block in response.blocks if block.text is not None for name in block.media_types}
    for block in request.blocks if response.blocks else ():
        missing = [name for name in block.media_types if name not in answered and format_of(name, None) in _WRITTEN]
        if block.text is not None and missing:
            what = f"the request has a sample in {', '.join(missing)}, the response of the same type has none"
            faults.append(Fault(page, response.blocks[-1].header.line, what, _CUT if broken else _BARE, broken))
