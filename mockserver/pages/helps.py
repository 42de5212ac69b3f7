"""The vendor's own help pages, where the real site has them, written from the contract.

    /Help                                every operation, by its controller      (also /Help/Index)
    /Help/Api/{friendly id}              one operation
    /Help/ResourceModel?modelName=NAME   one model
    /Areas/HelpPage/HelpPage.css         how they look

The rule: pages are laid out as the HelpPage package lays them out, so that whoever saves them and reads them has the
contract again. They are the vendor's part: no token, no journal. Where an operation of the contract has such a path,
there are none. Names count in any case, as paths do.
Source: the HelpPage package, 5.2.7: HelpController, HelpPageAreaRegistration (Help/{action}/{apiId}).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from http.client import responses
from importlib import resources as files
from typing import Any
from urllib.parse import parse_qs, quote

from contracts.helppage import write_pages
from contracts.helppage.shown import friendly_id, title
from contracts.model import Contract
from mockserver.controllers import resources
from mockserver.pages.visits import HEADERS, Shown, environment

ROOT = "/help"
STYLE = "/areas/helppage/helppage.css"
_VERBS = ("GET", "HEAD")
_MODEL = re.compile(r'<a href="/Help/ResourceModel\?modelName=(\w+)">\w+</a>')


#: A status line, headers, a body.
Page = tuple[str, list[tuple[str, str]], bytes]


def there_are(contract: Contract) -> bool:
    """Whether there are help pages: no operation's path begins as theirs do, or with a parameter, which might."""
    heads = {operation.path.value.strip("/").partition("/")[0].casefold() for operation in contract.operations}
    return not any(head in ("help", "areas") or head.startswith("{") for head in heads)


def site(contract: Contract) -> Callable[[Mapping[str, Any]], Page | None] | None:
    """What gives the help page that a WSGI environ asks for, None where it asks for none; None where there are none."""
    if not there_are(contract):
        return None
    pages = Site(contract)

    def asked(environ: Mapping[str, Any]) -> Page | None:
        method, base = environ["REQUEST_METHOD"], environ.get("SCRIPT_NAME", "")
        found = pages.answer(method, environ["PATH_INFO"], environ.get("QUERY_STRING", ""), base)
        if found is None:
            return None
        about = {"Content-Type": f"{found.media_type}; charset=utf-8", **found.headers}
        headers = [*about.items(), ("Content-Length", str(len(found.body)))]
        return f"{found.status} {responses[found.status]}", headers, b"" if method == "HEAD" else found.body

    return asked


def is_help(path: str) -> bool:
    """Whether a path is one of these pages'."""
    folded = path.casefold()
    return folded in (ROOT, STYLE) or folded.startswith(ROOT + "/")


class Site:
    """The help pages of a contract, written when the first of them is asked for."""

    def __init__(self, contract: Contract):
        self._contract = contract

    def answer(self, method: str, path: str, query: str, base: str) -> Shown | None:
        """The page at a path, None where the site has none; `base` is the folder that the portal is installed in."""
        if method not in _VERBS or not is_help(path):
            return None
        if path.casefold() == STYLE:
            data = files.files("mockserver.pages").joinpath("static", "help.css").read_bytes()
            return Shown(data, media_type="text/css", headers=HEADERS)
        page = self._page(path[len(ROOT) :].strip("/"), parse_qs(query))
        if page is None:
            return None
        # What is escaped holds no quote: only the pages' own addresses are found.
        text = page.replace('href="/', f'href="{quote(base)}/') if base else page
        return Shown(text.encode("utf-8", "replace"), headers=HEADERS)

    def _page(self, rest: str, query: Mapping[str, list[str]]) -> str | None:
        given = {name.casefold(): values[0] for name, values in query.items()}
        action, _, name = rest.partition("/")
        if action.casefold() in ("", "index"):
            return self._index
        wanted = {"api": ("", "apiid"), "resourcemodel": ("resourcemodel-", "modelname")}.get(action.casefold())
        if wanted is None:
            return None
        head, parameter = wanted
        return self._pages.get((head + (name or given.get(parameter, ""))).casefold())

    @cached_property
    def _pages(self) -> dict[str, str]:
        written = write_pages(self._contract, "html")
        return {name.removesuffix(".html").casefold(): self._linked(text) for name, text in written.items()}

    def _linked(self, page: str) -> str:
        """The page without links to what has no page: types of the framework are no models of the contract."""
        return _MODEL.sub(lambda link: link[0] if link[1] in self._contract.models else link[1], page)

    @cached_property
    def _index(self) -> str:
        groups = [
            (one.name, [(title(o), quote(friendly_id(o), safe=""), o.summary.value) for o in one.operations])
            for one in resources(self._contract)
        ]
        return environment().get_template("help.html.jinja").render(groups=groups)
