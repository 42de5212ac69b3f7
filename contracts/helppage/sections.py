"""What every layout has in common: the sections of a page, its title, and what may stand under a sample's heading.

The rule: the words of the page's frame are here once; each layout finds them in its own way. Source: the HelpPage
package, Views/Help/DisplayTemplates (HelpPageApiModel, Samples, InvalidSample).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from contracts.helppage.draft import Block, Faults, Located
from contracts.helppage.letters import as_typed
from contracts.helppage.phrases import annotation_of

T = TypeVar("T")

HEADINGS = (
    "Request Information",
    "URI Parameters",
    "Body Parameters",
    "Request Formats",
    "Response Information",
    "Resource Description",
    "Response Formats",
)
#: Headings of package 5.0 and before, and what they are called now.
OLD = {
    "Parameters": "URI Parameters",
    "Request body formats": "Request Formats",
    "Response body formats": "Response Formats",
}
#: What the table of the old layout says of the parameter that is the body, and of text that is missing.
IN_BODY = "Define this parameter in the request body."
IN_URI = "Define this parameter in the request URI."
UNDOCUMENTED = "No documentation available."
_FOLDED = {name.casefold(): name for name in (*HEADINGS, *OLD)}
#: Headings that stand on every page of an operation, whatever it takes and answers.
ALWAYS = ("Request Information", "URI Parameters", "Body Parameters", "Response Information", "Resource Description")
_VERBS = "GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|TRACE|MERGE"
#: The sections that may hold a table.
WITH_TABLE = ("URI Parameters", "Body Parameters", "Resource Description")
TITLE = re.compile(rf"({_VERBS}) (?!https?://)(\S+)")
# What sites make of it: a whole address, other signs around the verb, a button's words behind the path.
_TITLED = re.compile(rf"\[?({_VERBS})\]?(?:\s*[:–-])?\s+(?:https?://[^/\s]+/)?(\S+)(?:\s+(.+))?", re.DOTALL)
MEDIA_TYPES = re.compile(r"[\w.+-]+/[\w.+*-]+(?:;[^,]*)?(?:, *[\w.+-]+/[\w.+*-]+(?:;[^,]*)?)*")
NO_SAMPLE = re.compile(
    r"Sample not available\.|Failed to generate the sample for|An exception has occurred while using the formatter"
)
_STARTS = re.compile(rf"\s*(?:[•*-] )?(?:[\[{{<\"]|-?\d|true\b|false\b|null\b|{NO_SAMPLE.pattern})")
_WORDS_ABOVE = 6
#: The link that the template puts above every page's title.
HOME = "Help Page Home"
CUT = "save the page again, whole"
CUSTOM = "this page is not as the HelpPage package makes it; what it does not tell, an overlay can settle"
UNTITLED = 'no verb and path, such as "POST api/Things", stand above the sections'
AN_INDEX = (
    "this is the list of a help site's operations, not the page of one",
    "follow the links of the operations in it, save those pages and give them",
)
A_FRAMEWORK_TYPE = (
    "this page describes a type of the framework, which says nothing of the portal",
    "give the page of an operation",
)
#: What is told of a model's page that lost its heading in the flattening, where its file's name does not help either.
NAMELESS = (
    "this page of a model does not name it",
    "give the file the name of the page's address: ResourceModel-NAME.txt",
)
BEHIND_TITLE = "nothing; if it belongs to the path, take away the blank before it"
NAMED_BELOW = (
    "the table of this body does not name its model: it is called as its XML sample or, without one, its operation is",
    "give the page as HTML, if it names the model there",
)
NOT_A_PAGE = "give the page of one operation or of one model of an ASP.NET Web API help site"


def title_of(text: str) -> tuple[str, str] | None:
    """Verb and path of an operation in a heading's words, and what stands behind them; None where there are none.

    >>> title_of("[POST] https://portal.example/api/Things Try it")
    ('POST api/Things', 'Try it')
    """
    match = _TITLED.fullmatch(" ".join(text.split())[:4000])
    return (f"{match[1]} {match[2]}", match[3] or "") if match else None


def heading_of(text: str) -> str:
    """The heading that words mean which are written in other letters or end with a colon; empty for none.

    >>> heading_of("BODY PARAMETERS:")
    'Body Parameters'
    """
    return _FOLDED.get(text.rstrip(" :").casefold(), "")


def says_none(text: str) -> bool:
    """Whether a paragraph says that there is nothing."""
    return annotation_of(text).kind == "none"


def divide(
    lines: Iterable[T], heading: Callable[[T], Located | None]
) -> tuple[dict[str, int], dict[str, list[T]], list[Located]]:
    """Lines or pieces by section: where each section's heading stands, what stands under it, all headings found.

    Sections are called by their present names; what stands above the first is in the section "".
    """
    at: dict[str, int] = {}
    sections: dict[str, list[T]] = {"": []}
    headings: list[Located] = []
    name = ""
    for line in lines:
        found = heading(line)
        if found is None:
            sections[name].append(line)
            continue
        headings.append(found)
        name = OLD.get(found.text, found.text)
        at.setdefault(name, found.line)
        sections.setdefault(name, [])
    return at, sections, headings


def not_ours(heading: Located, faults: Faults) -> None:
    """Tells of a section with a table that no help page has."""
    what = f"the section {heading.text[:60]!r} is none of a help page, and is left out"
    faults.note(heading.line, what, CUSTOM)


def check_headings(found: list[Located], faults: Faults, marked_up: bool) -> None:
    """Tells the headings that are missing, twice there, or out of order.

    A text that ends before its last sections is cut off; a page whose tags are whole, or that lacks a section in the
    middle, was made so. The old layout leaves out what is empty.
    """
    names = [heading.text for heading in found]
    last = max((heading.line for heading in found), default=1)
    tell = faults.note if marked_up else faults.add
    old = any(name in OLD for name in names)
    missing = [name for name in ALWAYS if not old and name not in names]
    made = [name for name in missing if marked_up or set(names) & set(HEADINGS[HEADINGS.index(name) + 1 :])]
    for lacking, tell_of, remedy in (
        (made, faults.note, CUSTOM),
        ([name for name in missing if name not in made], faults.add, CUT),
    ):
        if lacking:
            word = "section" if len(lacking) == 1 else "sections"
            tell_of(last, f"the page has no {word} " + ", ".join(f'"{name}"' for name in lacking), remedy)
    for heading in found:
        if names.count(heading.text) > 1:
            tell(heading.line, f'the section "{heading.text}" stands more than once', CUSTOM if marked_up else CUT)
    order = [OLD.get(name, name) for name in names]
    if order != sorted(order, key=HEADINGS.index):
        tell(found[0].line, "the sections are not in the order of a help page", CUSTOM if marked_up else CUT)


def media_blocks(lines: list[Located], heading: int, faults: Faults) -> tuple[Block, ...]:
    """The samples of a section of text: a line of media types, then what stands under it."""
    starts = [i for i, line in enumerate(lines) if MEDIA_TYPES.fullmatch(line.text)]
    if heading and (not starts or any(line.text.strip() for line in lines[: starts[0]])):
        faults.add(heading, "no media type stands under this heading", CUT)
    blocks = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=False):
        text, line = sample_text(lines[start + 1 : end])
        blocks.append(Block(media_types(lines[start].text), lines[start], text, line))
    return tuple(blocks)


def media_types(text: str) -> tuple[str, ...]:
    """The names in a sample's heading."""
    return tuple(part.strip() for part in text.split(","))


def sample_text(lines: list[Located]) -> tuple[str | None, int]:
    """What stands under a sample's heading: its text, None where there is no sample, and the line it starts on."""
    start = next((at for at, line in enumerate(lines[:_WORDS_ABOVE]) if _STARTS.match(line.text)), 0)
    lines = lines[start:]  # above may stand the words of a button
    while lines and lines[0].text.strip() in ("", "Sample:"):
        lines = lines[1:]
    while lines and not lines[-1].text.strip():
        lines = lines[:-1]
    if not lines:
        return None, 0
    text = as_typed("\n".join(line.text for line in lines))
    return (None if NO_SAMPLE.match(text) else text), lines[0].line
