"""A stub portal inside a test: started, asked and stopped from Python.

    with StubPortal() as portal:              one server, on a free port of this machine
        client.send(to=portal.url)            the code under test, in any way it likes
        portal.records("Things")              what the portal keeps now
        with portal.tenant() as own: ...      a portal of its own on the same server, own.url

The rule: everything here is said to the portal through its control API, so a test in another language can do the same;
the code under test sees nothing but a URL. What a route does may not live here.
"""

from __future__ import annotations

import io
import itertools
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, urlencode

from contracts.errors import UsageError

if TYPE_CHECKING:
    from flask import Flask

    from contracts.model import Contract
    from mockserver.grade import Grade, Level

Given = str | os.PathLike[str]
_COUNT = itertools.count(1)


class Journal:
    """What the portal was sent and what it answered, oldest first: each exchange as data, as `/_portal/journal` has it.

    `find` and `count` take that route's filters: `find(status="4xx")`, `count(operation="POST api/Things")`.
    """

    def __init__(self, portal: LivePortal):
        self._portal = portal

    def find(self, **filters: object) -> list[dict[str, Any]]:
        """The exchanges that every filter finds; UsageError for a filter that there is not."""
        asked = {"last": 100_000, **filters}
        found: list[dict[str, Any]] = self._portal.call("GET", f"/journal?{urlencode(asked)}")["exchanges"]
        return found

    def count(self, **filters: object) -> int:
        """How many exchanges every filter finds."""
        found: int = self._portal.call("GET", f"/journal/count?{urlencode(filters)}")["count"]
        return found

    def clear(self) -> None:
        """Forget them all."""
        self._portal.call("DELETE", "/journal")

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.find())

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, place: int) -> dict[str, Any]:
        return self.find()[place]


class Failure:
    """A fault that is arranged, to be asked what became of it; used in a `with` block it ends with the block."""

    def __init__(self, portal: LivePortal, number: int):
        self._portal, self.number = portal, number

    @property
    def applied(self) -> int:
        """With how many requests it was."""
        return self._told("applied")

    @property
    def matched(self) -> int:
        """How many requests it was meant for, whether it was their turn or not."""
        return self._told("matched")

    def _told(self, name: str) -> int:
        told = self._portal.call("GET", "/faults")["faults"]
        counts = [int(one[name]) for one in told if one["number"] == self.number]
        if not counts:
            raise UsageError(f"the fault {self.number} has ended\n    what to do: ask before its end")
        return counts[0]

    def end(self) -> None:
        """Let it be, and let those go on whom it keeps waiting."""
        self._portal.call("DELETE", f"/faults/{self.number}")

    def __enter__(self) -> Failure:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()


class LivePortal:
    """A running portal, or a tenant of one: `url` is where its API begins, `journal` what it was sent."""

    def __init__(self, app: Flask, base: str, name: str = ""):
        self._app, self._name = app, name
        self.url = f"{base}/t/{name}" if name else base
        self.journal = Journal(self)

    def call(self, method: str, route: str, data: Any = None, media_type: str = "application/json") -> Any:
        """What a route of the control API gives, `route` being what follows `/_portal`; None where it gives nothing.

        `data` is sent as JSON, or as it is when it is text. Raises UsageError with the portal's own words when it
        refuses.
        """
        headers = {"Portal-Tenant": self._name} if self._name else {}
        body = None if data is None else data if isinstance(data, str) else json.dumps(data)
        answer = self._app.test_client().open(
            f"/_portal{route}", method=method, headers=headers, data=body, content_type=body and media_type
        )
        told = answer.get_json(silent=True) if answer.data else None
        if answer.status_code >= 400:
            raise UsageError(_words(told, answer.status))
        return told

    def records(self, resource: str) -> list[dict[str, Any]]:
        """Every record of a resource ("Things", in any case), oldest first: its members as in the portal's JSON."""
        found: list[dict[str, Any]] = []
        while True:
            page = self.call("GET", f"/records/{quote(resource, safe='')}?offset={len(found)}&limit=1000")
            found += [one["record"] for one in page["records"]]
            if len(found) >= page["total"] or not page["records"]:
                return found

    def record(self, resource: str, key: str) -> dict[str, Any]:
        """The record of a client's key; UsageError when there is none."""
        query = urlencode({"key": key})
        found: dict[str, Any] = self.call("GET", f"/records/{quote(resource, safe='')}/by-key?{query}")["record"]
        return found

    def seed(self, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        """Store records by resource, all or none; UsageError names every row that cannot be stored."""
        self.call("POST", "/seed", {name: list(records) for name, records in rows.items()})

    def settings(self, **changes: Any) -> dict[str, Any]:
        """Change settings (`strict=False`, `zone="Europe/Athens"`, …) and give them all."""
        found: dict[str, Any] = self.call("PATCH", "/settings", changes) if changes else self.call("GET", "/settings")
        return found

    def fail(self, fault: str, **given: Any) -> Failure:
        """Let requests go wrong: `fail("status", status=503, count=2)`, or as `--fault` takes it: "status=503;count=2".

        `portal-mock faults` lists what there is. Raises UsageError for what makes no sense.
        """
        data = {"kind": fault, **given} if given else fault
        told = self.call("POST", "/faults", data, "application/json" if given else "text/plain")
        return Failure(self, told["faults"][0]["number"])

    def heal(self) -> None:
        """Let nothing go wrong any more."""
        self.call("DELETE", "/faults")

    def reset(self) -> None:
        """As at the start: no records, an empty journal, the faults and the settings of the start."""
        self.call("POST", "/reset")

    def grade(self, fail_level: Level = "warning") -> Grade:
        """The client that called so far, judged by what it sent (`portal-mock grade`)."""
        from mockserver.grade import grade

        portal = self._app.extensions["portal"]
        tenant = portal.tenants[self._name]
        zone = tenant.settings.timezone
        return grade(tenant.journal.all(), portal.reading, source=self.url, fail_level=fail_level, zone=zone)

    def assert_graded_clean(self, fail_level: Level = "warning") -> None:
        """Fail, with every finding, unless something was sent and all of it is as a good client would send it."""
        found = self.grade(fail_level)
        if found.conclusion != "clean":
            raise AssertionError(f"the client is {found.conclusion}\n\n{_told(found)}")


class Tenant(LivePortal):
    """A portal of its own on a server that others use; as a context manager it is dropped at the end of the block."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.drop()

    def drop(self) -> None:
        """Forget it with all that it has."""
        self._app.extensions["portal"].tenants.drop(self._name)


class StubPortal(LivePortal):
    """A stub portal on a free port of this machine, from `start` to `stop`, or while a `with` block runs.

    `pages` are saved help pages (files, folders, archives, and overlays that end in .toml); without any it stands in
    for the portal whose page comes along. `contract` may be given instead. `store` is what `portal-mock serve --store`
    takes; all else is a setting: `strict`, `zone`, `clock`, `references`, `defects`, `quiet_losses`, `body_limit`.
    """

    def __init__(
        self, *pages: Given, contract: Contract | None = None, store: str = "memory", port: int = 0, **settings: Any
    ):
        self._pages, self._contract, self._store, self._port = pages, contract, store, port
        self._settings = settings
        self._open: ExitStack | None = None

    def start(self) -> Self:
        """Serve; gives itself. UsageError for pages, settings or a store that cannot be."""
        from contracts import loading
        from mockserver.app import create_app
        from mockserver.server import serving
        from mockserver.store import open_store

        if self._open is not None:
            raise UsageError("the stub portal runs already\n    what to do: start it once, or make another one")
        contract = (
            loading.load([Path(page) for page in self._pages], tell=False) if not self._contract else self._contract
        )
        with ExitStack() as opened:
            app = create_app(contract, opened.enter_context(open_store(self._store)), **self._settings)
            super().__init__(app, opened.enter_context(serving(app, port=self._port)))
            self._open = opened.pop_all()
        return self

    def stop(self) -> None:
        """Serve no more; what the store keeps in memory is gone."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def tenant(self, name: str = "") -> Tenant:
        """A portal of its own on this server, under a name of its own where none is given."""
        return Tenant(self._app, self.url, name or f"test-{next(_COUNT)}")


def _words(told: Any, status: str) -> str:
    """What the portal says that is wrong, and what to do."""
    if not isinstance(told, dict) or "error" not in told:
        return f"the portal answers {status}"
    faults = [f"\n    {_where(fault)}: {fault['what']}" for fault in told.get("faults", ())]
    remedy = f"\n    what to do: {told['remedy']}" if told.get("remedy") else ""
    return f"{told['error']}{''.join(faults)}{remedy}"


def _where(fault: Mapping[str, Any]) -> str:
    return " ".join(str(fault[part]) for part in ("resource", "row", "column") if fault.get(part))


def _told(found: Grade) -> str:
    from rich.console import Console

    from mockserver.grade.console import show

    text = io.StringIO()
    show(found, Console(file=text, width=100, no_color=True, highlight=False))
    return text.getvalue()
