"""What was sent and what was kept, side by side, with the rule for each thing lost.

    sent · kept · outcome: one of OUTCOMES · for each loss: what happened, the framework's rule, what to send instead

The rule: every loss of the exchange stands in exactly one row: that of its member, or one of its own where it is of
none (the address, what follows the body, an attribute of XML). What was lost is the portal's to say, not worked out
here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mockserver.pages import bodies
from mockserver.webapi.losses import REASONS
from mockserver.webapi.shapes import fold

#: What became of a member, in words.
OUTCOMES = {
    "kept": "kept",
    "changed": "changed",
    "lost": "lost",
    "own": "the portal's own",
    "refused": "not taken",
    "unseen": "not shown in the answer",
}


@dataclass(frozen=True)
class Why:
    """A loss: its reason's id and words, and what the losing looked like ("": nothing more to tell)."""

    reason: str
    told: str
    rule: str
    remedy: str
    where: str = ""


@dataclass(frozen=True)
class Line:
    """One member. `sent` and `kept` are None where there is nothing."""

    member: str
    sent: str | None
    kept: str | None
    outcome: str
    why: tuple[Why, ...] = ()

    @property
    def word(self) -> str:
        """The outcome in words."""
        return OUTCOMES[self.outcome]


def lines(told: dict[str, Any]) -> list[Line]:
    """The lines of an exchange that `Reading.data` told, those with losses first."""
    rows, taken = told["members"], 200 <= told["response"]["status"] < 300
    mine: dict[int, list[dict[str, Any]]] = {place: [] for place in range(-1, len(rows))}
    for loss in told["losses"]:
        mine[_place(loss, rows)].append(loss)
    found = [_line(row, mine[place], taken) for place, row in enumerate(rows)]
    found += [
        Line(
            loss["member"] or "the body",
            bodies.value(loss["sent"]),
            None if loss["kept"] is None else bodies.value(loss["kept"]),
            "lost" if loss["kept"] is None else "changed",
            (_why(loss),),
        )
        for loss in mine[-1]
    ]
    return sorted(found, key=lambda line: (not line.why, line.outcome == "own"))


def _place(loss: dict[str, Any], rows: list[dict[str, Any]]) -> int:
    """The row that a loss belongs to, -1 for none. What was sent twice is told apart by spelling and by value."""
    fitting = [place for place, row in enumerate(rows) if row["name"] and _is_of(loss["member"], row["name"])]
    sent = loss["sent"].strip('"')
    return max(
        fitting,
        key=lambda place: (bodies.value(rows[place]["sent"]) == sent, rows[place]["name"] == _plain(loss["member"])),
        default=-1,
    )


def _line(row: dict[str, Any], losses: list[dict[str, Any]], taken: bool) -> Line:
    sent = None if not row["name"] else bodies.value(row["sent"])
    kept = None if row["kept"] is None else bodies.value(row["kept"])
    why = tuple(_why(loss, row["name"]) for loss in losses)
    if why:
        own = next((loss["kept"] for loss in losses if loss["kept"] is not None), None)
        kept = kept if kept is not None else (None if own is None else bodies.value(own))
        return Line(row["member"], sent, kept, "lost" if kept is None else "changed", why)
    if not row["name"]:
        return Line(row["member"], None, bodies.value(row["kept"]), "own")
    if not taken:
        return Line(row["member"], sent, None, "refused")
    return Line(row["member"], sent, kept if kept is not None or row["sent"] is not None else sent, _outcome(row))


def _outcome(row: dict[str, Any]) -> str:
    return "kept" if row["kept"] is not None or row["sent"] is None else "unseen"


def _why(loss: dict[str, Any], member: str = "") -> Why:
    reason = REASONS[loss["reason"]]
    where = loss["member"] if member and fold(_plain(loss["member"])) != fold(member) else ""
    return Why(loss["reason"], reason.told, loss["rule"] or reason.rule, reason.remedy, where)


def _is_of(loss: str, member: str) -> bool:
    """Whether a loss is of that member or of something in it."""
    head = fold(_plain(loss))
    return head == fold(member) or head.startswith(tuple(fold(member) + mark for mark in ".[/"))


def _plain(loss: str) -> str:
    """Where a loss is, without the marks of JSON's paths: "['a b']" is "a b"."""
    whole = loss.strip("$./")
    return whole[2:-2] if whole.startswith("['") and whole.endswith("']") else whole
