"""One visit to a page, and how what is shown becomes HTML.

The rule: templates escape everything, miss nothing (an unknown name is an error) and get only what a view gives them.
An answer may load style and script of this portal and nothing else, and stands in no other page's frame.
Source: Content Security Policy Level 3; RFC 9110, 15.4.4 (303).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import jinja2
from werkzeug.datastructures import MultiDict

from mockserver.pages import bodies

if TYPE_CHECKING:
    from mockserver.control.portal import Portal
    from mockserver.tenants import Tenant

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY"}
#: What a page says after something was done, by the word in its address.
DONE: Mapping[str, str] = {
    "settings": "The settings are changed. Requests from now on are answered by them.",
    "begun": "The settings are those of the start.",
    "reset": "All is as at the start: no records, an empty journal, the settings of the start.",
    "forgotten": "The journal is empty.",
    "deleted": "The record is deleted.",
    "cleared": "The records are deleted.",
    "fault": "The fault is arranged.",
    "removed": "The fault is taken away.",
    "healed": "All faults are taken away.",
    "dropped": "The tenant is dropped with all that it had.",
}


@dataclass(frozen=True)
class Visit:
    """Who looks: the portal, the tenant, what the address and a form say.

    `root` is where this tenant's pages are ("/t/NAME/_portal"), `outside` the same of the one without a name, `base`
    the URL of this tenant's portal.
    """

    portal: Portal
    tenant: Tenant
    root: str
    outside: str
    base: str
    #: Where the help page is, "" where there is none.
    help: str = ""
    query: MultiDict[str, str] = field(default_factory=MultiDict)
    form: MultiDict[str, str] = field(default_factory=MultiDict)

    @property
    def faulty(self) -> int:
        """How many faults are arranged."""
        return len(self.tenant.faults.rules)


@dataclass(frozen=True)
class Shown:
    """What goes back: bytes of a media type, or where to look next."""

    body: bytes = b""
    status: int = 200
    media_type: str = "text/html"
    headers: Mapping[str, str] = field(default_factory=dict)


def _segment(text: str) -> str:
    """The text as a segment of a path; half a surrogate pair, which no address can hold, is replaced."""
    return quote(text, safe="", errors="replace")


def _asked(given: Mapping[str, str]) -> str:
    """Names and values as a query, the same way."""
    return urlencode(given, errors="replace")


@cache
def environment() -> jinja2.Environment:
    """What reads the templates."""
    from mockserver.grade.html import LOADER

    made = jinja2.Environment(
        loader=jinja2.ChoiceLoader([jinja2.PackageLoader("mockserver.pages"), LOADER]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(visible=bodies.visible, segment=_segment, asked=_asked)
    return made


def page(visit: Visit, template: str, status: int = 200, **shown: Any) -> Shown:
    """The page of a template."""
    done = DONE.get(visit.query.get("done", ""), "")
    text = environment().get_template(f"{template}.html.jinja").render(visit=visit, done=done, **shown)
    return Shown(text.encode("utf-8", "replace"), status)


def to(visit: Visit, path: str, done: str = "", root: str | None = None) -> Shown:
    """Look there next; `done` is a key of DONE."""
    where = f"{visit.root if root is None else root}{path}" + (f"?{urlencode({'done': done})}" if done else "")
    return Shown(status=303, headers={"Location": where})
