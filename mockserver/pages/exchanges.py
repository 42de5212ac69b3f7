"""The journal as a page: its newest exchanges, those that come while it is open, and one of them in full.

    /                      the list; filters of `mockserver.journal.search` in the address
    /page/rows?since=N     the rows of what came since, for the script that hears of it by server-sent events
    /page/exchanges/N      one exchange; …/request and …/response give the very bytes

The rule: rows that come later are made by the same template as those that were there. Credentials are hidden, as
everywhere in the journal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from mockserver.control.answers import Refused
from mockserver.controllers import resources
from mockserver.journal import Exchange, refusals
from mockserver.journal.curl import as_curl
from mockserver.journal.data import moment
from mockserver.journal.differences import PROBLEMS
from mockserver.journal.search import FILTERS, read
from mockserver.pages import bodies, compared
from mockserver.pages.visits import Shown, Visit, page, to
from mockserver.telling import letters

#: How many exchanges the list shows.
SHOWN = 100
#: Lists that are asked for often, by their filter.
QUICK: tuple[tuple[str, dict[str, str]], ...] = (
    ("All", {}),
    ("Something lost", {"losses": "any"}),
    ("Refused", {"status": "4xx"}),
    ("Failed", {"status": "5xx"}),
    ("By a fault of yours", {"injected": "any"}),
)
#: How many rules are told in a row.
_TOLD = 3


def journal(visit: Visit) -> Shown:
    """The list."""
    filters = _filters(visit)
    since = visit.tenant.journal.seen
    chosen = dict(filters)
    return page(
        visit,
        "journal",
        rows=_rows(visit, filters),
        since=since,
        seen=since,
        kept=visit.tenant.journal.kept,
        chosen=chosen,
        filters=FILTERS,
        shared=visit.portal.tenants.shared,
        query=urlencode(filters, errors="replace"),
        quick=[(name, urlencode(wanted), chosen == wanted) for name, wanted in QUICK],
        operations=[operation.id for operation in visit.portal.contract.operations],
        samples=samples(visit)[:1],
    )


def rows(visit: Visit) -> Shown:
    """The rows since a number, newest first."""
    since = visit.query.get("since", "0")
    seen = visit.tenant.journal.seen
    begun = since.isascii() and since.isdecimal() and len(since) < 16 and int(since) <= seen
    # Processes that share a journal count each for itself.
    begun = begun and not visit.portal.tenants.shared
    found = _rows(visit, _filters(visit), int(since) if begun else 0)
    shown = page(visit, "rows", rows=found)
    # Whoever asks for what comes after more than there is, looks at a journal that was begun anew.
    return Shown(shown.body, headers={"Portal-Seen": str(seen), "Portal-Anew": "" if begun else "yes"})


def _filters(visit: Visit) -> list[tuple[str, str]]:
    return [(name, value.strip()) for name, value in visit.query.items(multi=True) if name in FILTERS and value.strip()]


def _rows(visit: Visit, filters: Sequence[tuple[str, str]], since: int = 0) -> list[Mapping[str, Any]]:
    asked, journal = [*filters, ("since", str(since))], visit.tenant.journal
    if filters:
        found = read(asked, SHOWN).find(journal, visit.portal.reading)
    else:  # a journal kept with the store need not be read as a whole
        found = [one for one in journal.last(SHOWN) if one.number > since]
    return [_row(visit, exchange) for exchange in reversed(found)]


def _row(visit: Visit, exchange: Exchange) -> Mapping[str, Any]:
    told = visit.portal.reading.brief(exchange)
    # Of a refusal only where it is: its words may repeat what the address held.
    refused = tone(exchange) == "refused"
    reasons = _blamed(visit, exchange) if refused else sorted(set(told["losses"]))
    return {
        **told,
        "kind": bodies.kind_of(exchange.request.headers) if exchange.request.body else "",
        "tone": tone(exchange),
        "lost": len(told["losses"]),
        "reasons": reasons[:_TOLD],
        "more": len(reasons) - _TOLD,
        "time": moment(exchange.at)[11:19],
    }


def _blamed(visit: Visit, exchange: Exchange) -> list[str]:
    """The URI parameters and the members that the answer names."""
    operation = visit.portal.reading.operation(exchange.request)
    said = refusals.read(exchange.response, [one.key for one in operation.parameters] if operation else ())
    return [name for name, _ in (*said.parameters, *said.state) if name]


def tone(exchange: Exchange) -> str:
    """How an exchange went, in a word: failed, refused, lossy or good."""
    if exchange.response.status >= 500 or not exchange.answered:
        return "failed"
    if exchange.response.status >= 400:
        return "refused"
    return "lossy" if exchange.response.losses else "good"


def _found(visit: Visit, number: int, every: Sequence[Exchange] | None = None) -> Exchange:
    every = visit.tenant.journal.all() if every is None else every
    found = next((one for one in reversed(every) if one.number == number), None)
    if found is None:
        there = f"{visit.tenant.journal.kept} are kept, {visit.tenant.journal.seen} were seen"
        raise Refused(404, f"there is no exchange {number} (any more): {there}", "go back to the journal")
    return found


def exchange(visit: Visit, number: int) -> Shown:
    """One exchange."""
    every, reading = visit.tenant.journal.all(), visit.portal.reading
    found, there_are = _found(visit, number, every), {one.number for one in every}
    request, response = reading.secrets.clean(found.request, found.response)
    told = reading.data(found)
    operation = reading.operation(found.request)
    resource = next((one for one in resources(visit.portal.contract) if operation in one.operations), None)
    lines = compared.lines(told)
    lossy = sum(bool(line.why) for line in lines)
    if all(line.outcome == "own" for line in lines):  # nothing was sent: the answer says it all
        lines = []
    return page(
        visit,
        "exchange",
        told=told,
        request=request,
        response=response,
        tone=tone(found),
        lines=lines,
        lossy=lossy,
        sent=bodies.read(request.headers, request.body),
        answered=bodies.read(response.headers, response.body),
        curl=as_curl(request, visit.base.removesuffix(request.base)),
        problems=PROBLEMS,
        letters=letters(why.rule for line in lines for why in line.why),
        before=number - 1 if number - 1 in there_are else None,
        after=number + 1 if number + 1 in there_are else None,
        resource=resource,
    )


def raw(visit: Visit, number: int, side: str) -> Shown:
    """The bytes of a body as they were."""
    found = _found(visit, number)
    request, response = visit.portal.reading.secrets.clean(found.request, found.response)
    name = f"exchange-{number}-{side}.bin"
    body = (request.body if side == "request" else response.body) or b""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Shown(body, media_type="application/octet-stream", headers=headers)


def forget(visit: Visit) -> Shown:
    """An empty journal."""
    visit.tenant.journal.clear()
    return to(visit, "/", "forgotten")


def samples(visit: Visit) -> list[dict[str, str]]:
    """For each operation with a body the commands that send the page's own sample."""
    found = []
    for operation in visit.portal.contract.operations:
        for sample in operation.request.samples[:1]:
            url = f"{visit.base}/{operation.path.value}"
            head = f'curl -X {operation.method.value} -H "Content-Type: {sample.media_types[0]}"'
            command = f"{head} \\\n  {url} \\\n  --data-binary @- <<'END'\n{sample.text}\nEND"
            found.append(
                {
                    "operation": operation.id,
                    "summary": operation.summary.value,
                    "command": command,
                    "powershell": f"$body = @'\n{sample.text}\n'@\nInvoke-RestMethod {url} `\n  -Method "
                    f'{operation.method.value.title()} -ContentType "{sample.media_types[0]}" -Body $body',
                }
            )
    return found
