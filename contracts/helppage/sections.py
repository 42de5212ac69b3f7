"""What every layout has in common: the sections of a page, its title, and what may stand under a sample's heading.

The rule: the words of the page's frame are here once; each layout finds them in its own way. Source: the HelpPage
package, Views/Help/DisplayTemplates (HelpPageApiModel, Samples, InvalidSample).
"""

from __future__ import annotations

import re

from contracts.helppage.draft import Faults, Located

HEADINGS = (
    "Request Information",
    "URI Parameters",
    "Body Parameters",
    "Request Formats",
    "Response Information",
    "Resource Description",
    "Response Formats",
)
#: Headings that stand on every page of an operation, whatever it takes and answers.
ALWAYS = ("Request Information", "URI Parameters", "Body Parameters", "Response Information", "Resource Description")
TITLE = re.compile(r"(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|TRACE|MERGE) (\S+)")
MEDIA_TYPES = re.compile(r"[\w.+-]+/[\w.+*-]+(?:;[^,]*)?(?:, *[\w.+-]+/[\w.+*-]+(?:;[^,]*)?)*")
NO_SAMPLE = re.compile(
    r"Sample not available\.|Failed to generate the sample for|An exception has occurred while using the formatter"
)
#: The link that the template puts above every page's title.
HOME = "Help Page Home"
CUT = "save the page again, whole"
UNTITLED = 'no verb and path, such as "POST api/Things", stand above the sections'
AN_INDEX = (
    "this is the list of a help site's operations, not the page of one",
    "follow the link of an operation in it, save that page and give it",
)
NOT_A_PAGE = "give the page of one operation or of one model of an ASP.NET Web API help site"


def check_headings(found: list[Located], faults: Faults) -> None:
    """Notes the headings that are missing, twice there, or out of order."""
    names = [heading.text for heading in found]
    last = max((heading.line for heading in found), default=1)
    for name in ALWAYS:
        if name not in names:
            faults.add(last, f'the page has no section "{name}"', CUT)
    for heading in found:
        if names.count(heading.text) > 1:
            faults.add(heading.line, f'the section "{heading.text}" stands more than once', CUT)
    if names != sorted(names, key=HEADINGS.index):
        faults.add(found[0].line, "the sections are not in the order of a help page", CUT)


def media_types(text: str) -> tuple[str, ...]:
    """The names in a sample's heading."""
    return tuple(part.strip() for part in text.split(","))


def sample_text(lines: list[Located]) -> tuple[str | None, int]:
    """What stands under a sample's heading: its text, None where there is no sample, and the line it starts on."""
    while lines and lines[0].text.strip() in ("", "Sample:"):
        lines = lines[1:]
    while lines and not lines[-1].text.strip():
        lines = lines[:-1]
    if not lines:
        return None, 0
    text = "\n".join(line.text for line in lines)
    return (None if NO_SAMPLE.match(text) else text), lines[0].line
