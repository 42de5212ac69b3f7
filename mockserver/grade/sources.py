"""Where exchanges come from: a running portal's journal, a journal in a file, a HAR from anywhere.

    bytes ─ read ─▶ Traffic: exchanges, what was left out, what the portal knew already

The rule: of a HAR only what went to the portal is judged, by host and by the head of the page's paths; the rest is
counted. Traffic of another portal has no losses written down: the stub portal is asked what it would have lost.
"""

from __future__ import annotations

import datetime
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from contracts.errors import TargetError, UsageError
from contracts.model import Contract
from mockserver import har
from mockserver.journal import Exchange, from_data
from mockserver.webapi import Response, WebApi

_SECONDS = 30.0
#: More than a journal in memory keeps.
_ALL = 1_000_000
#: How many operations of other pages are named.
_SHOWN = 3


@dataclass(frozen=True)
class Traffic:
    """Exchanges, oldest first; `left_out` counts what was no request to the portal, by its reason."""

    exchanges: Sequence[Exchange]
    left_out: Mapping[str, int] = field(default_factory=dict)


def read(data: bytes, name: str, contract: Contract, zone: datetime.tzinfo = datetime.UTC) -> Traffic:
    """The exchanges of a file: a HAR, what GET /_portal/journal answers, or NDJSON of it; UsageError for another."""
    text = data.decode("utf-8-sig", "replace").strip()
    try:
        document = json.loads(text)
    except RecursionError as error:
        raise _unreadable(name, "it is nested too deeply") from error
    except ValueError as error:
        if "\n" not in text:
            raise _unreadable(name, f"it is no JSON ({error})") from error
        document = [_line(line, number, name) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if har.is_har(document):
        return _from_har(document, name, contract, zone)
    return Traffic([from_data(one, name) for one in _exchanges(document, name)])


def _line(line: str, number: int, name: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _unreadable(name, f"line {number} is no JSON ({error})") from error


def _exchanges(document: Any, name: str) -> list[Any]:
    if isinstance(document, dict):
        document = document.get("exchanges", [document])
    if not isinstance(document, list):
        raise _unreadable(name, f"it is {type(document).__name__}, not exchanges")
    return document


def _unreadable(name: str, what: str) -> UsageError:
    return UsageError(
        f"{name} cannot be read as exchanges: {what}\n"
        "    what to do: give a HAR file, or what GET /_portal/journal answers (as JSON or ?format=ndjson)"
    )


def fetch(url: str, contract: Contract, tenant: str = "") -> tuple[Traffic, datetime.tzinfo]:
    """The journal of a running stub portal, and its time zone; TargetError when it cannot be had.

    UsageError where the portal serves operations that the contract has not.
    """
    base = url.rstrip("/").removesuffix("/_portal")
    if not base.startswith(("http://", "https://")):
        raise UsageError(f"{url} is no address\n    what to do: give it as http://127.0.0.1:8080")
    told = _get(f"{base}/_portal/journal?{urlencode({'raw': '', 'last': _ALL})}", tenant)
    health = _get(f"{base}/_portal/health", tenant)
    _alike(url, contract, health.get("operations") or [])
    traffic = Traffic([from_data(one, url) for one in _exchanges(told, url)])
    gone = int(told.get("seen", 0)) - len(traffic.exchanges)
    left_out = {"no longer kept by the journal": gone} if gone > 0 else {}
    return replace(traffic, left_out=left_out), _zone(str(health.get("zone", "UTC")))


def _alike(url: str, contract: Contract, served: Sequence[str]) -> None:
    known = {operation.id for operation in contract.operations}
    other = [name for name in served if name not in known]
    if other:
        shown = ", ".join(other[:_SHOWN]) + (f" and {len(other) - _SHOWN} more" if len(other) > _SHOWN else "")
        raise UsageError(
            f"the portal at {url} serves what the pages at hand do not tell of: {shown}\n"
            "    what to do: give the pages that it was started with, --page FILE"
        )


def _zone(name: str) -> datetime.tzinfo:
    from mockserver.settings import zone_of

    try:
        return zone_of(name)
    except UsageError:  # a zone that only the portal's machine knows; it matters for proposals only
        return datetime.UTC


def _get(url: str, tenant: str) -> dict[str, Any]:
    import requests

    from mockserver.proxy.forwarding import reason

    try:
        # A portal on this machine is never asked by way of a proxy.
        session = requests.Session()
        session.trust_env = urlsplit(url).hostname not in ("127.0.0.1", "localhost", "::1")
        with session, session.get(url, headers={"Portal-Tenant": tenant} if tenant else {}, timeout=_SECONDS) as answer:
            if answer.status_code != 200:
                raise TargetError(_no_portal(url, f"it answers {answer.status_code}"))
            told = answer.json()
    except requests.JSONDecodeError as error:
        raise TargetError(_no_portal(url, "it answers something else")) from error
    except (requests.RequestException, ValueError) as error:
        raise TargetError(_no_portal(url, reason(error))) from error
    if not isinstance(told, dict):
        raise TargetError(_no_portal(url, "it answers something else"))
    return told


def _no_portal(url: str, what: str) -> str:
    return (
        f"{url.partition('?')[0]}: {what}\n"
        "    what to do: start a stub portal (portal-mock serve), and give its address with --url"
    )


def _from_har(document: Any, name: str, contract: Contract, zone: datetime.tzinfo) -> Traffic:
    entries = har.read(document, name)
    aside: Counter[str] = Counter()
    bases = _bases(entries, contract)
    api = WebApi(contract, strict=False, zone=zone)
    found = []
    for entry in entries:
        host = [base for base in bases if base[0] == entry.base]
        ours = [base for base in host if _under(entry.exchange.request.target, base[1], contract)]
        if ours:
            found.append(_asked(api, entry, max(ours, key=lambda base: len(base[1]))[1]))
        else:
            aside["on another path" if host else "of another host"] += 1
    return Traffic(found, dict(aside))


def _bases(entries: Iterable[har.Entry], contract: Contract) -> set[tuple[str, str]]:
    """Where the portal is, by the entries that are surely its: scheme and host, and the folder before its paths."""
    found = set()
    for entry in entries:
        path = entry.exchange.request.target.partition("?")[0]
        for operation in contract.operations:
            wanted = [part.casefold() for part in operation.path.value.partition("?")[0].strip("/").split("/")]
            parts = path.strip("/").split("/")
            for at in range(len(parts) - len(wanted) + 1):
                here = parts[at : at + len(wanted)]
                if all(b.startswith("{") or a.casefold() == b for a, b in zip(here, wanted, strict=True)):
                    found.add((entry.base, "".join(f"/{part}" for part in parts[:at])))
                    break
    return found


def _under(target: str, base: str, contract: Contract) -> bool:
    """Whether a target is one of the portal's: in its folder, beginning as one of the page's paths does."""
    path = target.partition("?")[0]
    if not path.startswith(base + "/"):
        return False
    heads = {operation.path.value.strip("/").partition("/")[0].casefold() for operation in contract.operations}
    return path[len(base) + 1 :].partition("/")[0].casefold() in heads


def _asked(api: WebApi, entry: har.Entry, base: str) -> Exchange:
    """The exchange with the target as the portal sees it, and with what a stub portal would have lost of it."""
    exchange = entry.exchange
    target = exchange.request.target[len(base) :]
    request = replace(exchange.request, target=target, base=base)
    placed = replace(exchange, request=request)
    return placed if entry.known else with_losses(api, placed)


def with_losses(api: WebApi, exchange: Exchange) -> Exchange:
    """The exchange with what a stub portal would have lost of the request."""
    response = api.handle(exchange.request, _as_answered(exchange))
    told = replace(exchange.response, losses=response.losses, hidden=response.hidden)
    return replace(exchange, response=told)


def _as_answered(exchange: Exchange) -> Any:
    """A controller that gives a record the id which the answer shows, so that only another one counts as lost."""

    def act(_operation: Any, model: Any, given: dict[str, Any]) -> dict[str, Any]:
        own = model.portal_id.value
        if not own:
            return given
        shown = _shown(exchange.response, str(model[own].json.value or own), str(given[own]))
        return given if shown is None else {**given, own: shown}

    return act


def _shown(response: Response, name: str, sent: str) -> str | None:
    """The id of an answer in JSON or XML, None when it shows none or the one that was sent."""
    text = response.body.decode("utf-8", "replace")
    found = re.search(rf'(?i)"{re.escape(name)}"\s*:\s*"([^"]+)"|<(?:\w+:)?{re.escape(name)}\b[^>]*>([^<]+)<', text)
    value = (found[1] or found[2]).strip() if found else None
    return None if value is None or value.casefold() == sent.casefold() else value
