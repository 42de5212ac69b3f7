"""How silent losses are told: the response header for programs, one line for the log.

    Portal-Silent-Loss: xml.out-of-order;member="Start", xml.unknown;member="Room", more;count=3

The rule: a text of the client's is never put into a header or a line as it is: what is not printable is escaped, what
is long is cut, and so is the whole; a value whose name says that it is a credential is hidden. What a loss is may not
live here (`mockserver.webapi.losses`).
Source: RFC 9651 (Structured Field Values): a List of Tokens with parameters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from mockserver.webapi import Loss, Request
from mockserver.webapi.losses import LONGEST, cut

#: The response header that names the losses.
HEADER = "Portal-Silent-Loss"
#: How long the header's value and the log's line may be.
HEADER_LIMIT, LINE_LIMIT = 4096, 1000
_NAME_LIMIT, _TEXT_LIMIT = 100, 60
#: Names of members and of query parameters whose values are nobody else's business.
_SECRET_NAME = re.compile(r"api[-_.]?key|token|secret|passw|pwd|authori[sz]ation|signature|session", re.IGNORECASE)
_SHORT = frozenset({"sig", "auth", "jwt"})
#: A name in a query, and where its value ends. All is looked at once: a target may be 64 KB of a hostile client's.
_NAMED, _END = re.compile(r"(?:^|[?&])(?P<name>[^=&?\s]+)="), re.compile(r"[&\s]|\Z")
HIDDEN = "(hidden)"
#: What the letters before a source's file mean.
_SOURCES = {
    "J": "Json.NET",
    "N": "System.Net.Http.Formatting of ASP.NET Web API",
    "S": "System.Runtime.Serialization of the .NET Framework",
    "W": "System.Web.Http of ASP.NET Web API",
}


def plain(text: str, limit: int = LONGEST) -> str:
    """The text for one line of a terminal or a log: what is not printable is escaped."""
    short = cut(text, limit)
    if short.isprintable():
        return short
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in short)


def discreet(target: str) -> str:
    """A request target or a query without the values of its credentials."""
    pieces, at = list[str](), 0
    for pair in _NAMED.finditer(target):
        name = pair["name"]
        if pair.start() >= at and (name.lower() in _SHORT or _SECRET_NAME.search(name)):
            pieces += [target[at : pair.end()], HIDDEN]
            at = _END.search(target, pair.end()).start()  # type: ignore[union-attr]
    return "".join([*pieces, target[at:]])


def sent(loss: Loss) -> str:
    """What was sent, where its name does not say that it is a credential."""
    return HIDDEN if loss.sent and _SECRET_NAME.search(loss.member) else discreet(loss.sent)


def letters(rules: Iterable[str]) -> list[str]:
    """What the letters before the files in some rules' sources mean, a line each."""
    found = [f", {rule.replace('; ', ', ')}" for rule in rules]
    return [f"{letter}: {name}" for letter, name in _SOURCES.items() if any(f", {letter} " in rule for rule in found)]


# RFC 9651, 3.3.3 and 3.3.8: a String holds printable ASCII; anything else is a Display String, percent-encoded UTF-8.
def _structured(text: str) -> str:
    short = cut(text, _NAME_LIMIT)
    if short.isascii() and short.isprintable():
        escaped = short.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    raw = short.encode("utf-8", "replace")
    return '%"' + "".join(chr(b) if 0x20 <= b < 0x7F and b not in b'%"' else f"%{b:02x}" for b in raw) + '"'


def header(losses: Iterable[Loss]) -> str:
    """The header's value: `reason;member="name"`, …; what does not fit is counted as `more;count=…`."""
    items: list[str] = []
    room, more = HEADER_LIMIT - len(", more;count=4294967296"), 0
    for loss in losses:
        if loss.reason == "more":
            more += int(loss.sent)
            continue
        item = f"{loss.reason};member={_structured(loss.member)}"
        room -= len(item) + 2
        if room < 0:
            room, more = -1, more + 1
        else:
            items.append(item)
    return ", ".join([*items, *([f"more;count={more}"] if more else [])])


def whose(tenant: str) -> str:
    """What a line of the log says of a tenant with a name, behind the request's target."""
    return f" (tenant {tenant})" if tenant else ""


def line(request: Request, losses: Sequence[Loss], tenant: str = "") -> str:
    """The losses of one request for people, in one line."""
    parts = []
    for loss in losses:
        if loss.reason == "more":
            parts.append(f"{loss.sent} more")
            continue
        kept = "nothing" if loss.kept is None else plain(loss.kept, _TEXT_LIMIT)
        name = plain(loss.member, _TEXT_LIMIT) or "the request"
        parts.append(f"{name} ({loss.reason}) sent {plain(sent(loss), _TEXT_LIMIT) or 'nothing'}, kept {kept}")
    what = f"{plain(request.method, 20)} {plain(discreet(request.target), _NAME_LIMIT)}{whose(tenant)}: silently lost: "
    return cut(what + "; ".join(parts), LINE_LIMIT)
