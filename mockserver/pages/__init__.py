"""The pages that an integrator keeps open, under `/_portal/`, and the vendor's own help pages at `/Help`.

    visits     who looks at what, and how a page is made      compared   sent and kept, member by member
    views      which page answers which address               bodies     bytes as people read them
    exchanges  the journal, live, and one exchange            helps      /Help, from the contract
    stored     records                                        arranging  settings, tenants, reset; failing: faults

The rule: everything that a client sent is hostile, and only text here: templates escape it, a strict
Content-Security-Policy stands behind them, and no script and no style stands in a page. Each page works without script;
what it shows and does is the control API's and the journal's own. A portal that nobody looks at passes nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Flask, Response

if TYPE_CHECKING:
    from mockserver.control.portal import Portal
    from mockserver.tenants import Tenant

#: The pages' addresses under the root, as Flask has them: the first page, the others, what they are drawn with.
PATHS = ("", "/", "/page/<path:path>", "/static/<path:file>")


def attach(app: Flask, root: str, portal: Portal, tenant: Callable[[], Tenant]) -> None:
    """Give the app the pages under `root`; `tenant` tells whom the present request is for."""

    def show(path: str = "", file: str = "") -> Response:
        from mockserver.pages import views

        return views.static(file) if file else views.show(portal, tenant(), root, path)

    for path in PATHS:
        verbs = ["GET", "POST"] if path.startswith("/page") else ["GET"]
        app.add_url_rule(root + path, f"page {path}", show, methods=verbs)
