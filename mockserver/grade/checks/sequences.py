"""What follows on what: retries, updates, keys, times of one member.

The rule: two requests are compared by what they mean, the members as the contract names them; a fault that the portal
was told to have is a chance to retry well, never a fault of the client's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from email.utils import parsedate_to_datetime
from itertools import pairwise

from mockserver.grade.checks.bodies import zones
from mockserver.grade.history import History, Step
from mockserver.grade.ledger import Case, Ledger
from mockserver.journal.differences import spelled
from mockserver.webapi.shapes import fold

#: How far ahead a retry is looked for, in requests.
_AHEAD = 200
#: Seconds by which a client's clock may be early.
_EARLY = 0.5
#: Refusals that do not go away by themselves.
_FINAL = frozenset({400, 401, 403, 405, 409, 413, 415, 422})
#: From how many updates on, and from which part of the members, a key seems to stand for several records.
_SWITCHES, _CHANGED, _FEWEST = 2, 0.67, 3


def check(history: History, ledger: Ledger) -> None:
    """Judge what each request does after those before it."""
    for place, step in enumerate(history.steps):
        ahead = history.steps[place + 1 : place + 1 + _AHEAD]
        if step.upsert and step.lost and step.content:
            _retried(step, ahead, ledger)
        if step.status in (429, 503):
            _waited(step, ahead, ledger)
    _unchanged(history.steps, ledger)
    for steps in history.keyed().values():
        _updates(steps, ledger)
        _one_record(steps, ledger)
    _one_way(history.steps, ledger)


def _retried(lost: Step, ahead: Iterable[Step], ledger: Ledger) -> None:
    """How a record whose answer was lost is sent again."""
    for step in ahead:
        if not step.upsert or step.operation != lost.operation or step.content != lost.content:
            continue
        about = lost.model.key.value if lost.model is not None and lost.model.key.value else "the key"
        why = f"{lost.status} or no answer to exchange {lost.number}"
        if lost.key is None and step.key is None:
            ledger.broken("retry.with-key", [lost, step], Case(about, "nothing, twice", why, "a key of the client's"))
        elif lost.key != step.key:
            case = Case(about, f"{lost.key}, then {step.key}", "a second record", f"{lost.key} again")
            ledger.broken("retry.same-key", [lost, step], case)
        else:
            ledger.kept("retry.same-key", step)
            ledger.kept("retry.with-key", step)
        return


def _waited(step: Step, ahead: Sequence[Step], ledger: Ledger) -> None:
    seconds = _retry_after(step)
    following = next((one for one in ahead if one.operation == step.operation), None)
    if seconds is None or following is None:
        return
    waited = following.exchange.at - (step.exchange.at + step.exchange.seconds)
    if waited + _EARLY >= seconds:
        ledger.kept("retry.waits", following)
    else:
        case = Case(
            "the pause", f"{max(waited, 0):.1f} s", f"{step.status}, Retry-After {seconds:g} s", f"{seconds:g} s"
        )
        ledger.broken("retry.waits", [step, following], case)


def _retry_after(step: Step) -> float | None:
    # RFC 9110, 10.2.3: seconds, or a date.
    text = next((v for n, v in step.exchange.response.headers if n.lower() == "retry-after"), "").strip()
    if text.isascii() and text.isdecimal():
        return float(text)
    try:
        return max(parsedate_to_datetime(text).timestamp() - step.exchange.at, 0.0) if text else None
    except ValueError:
        return None


def _unchanged(steps: Sequence[Step], ledger: Ledger) -> None:
    """Refused requests that are sent again as they were."""
    refused: dict[tuple[object, ...], list[Step]] = {}
    pending: dict[str, Step] = {}
    for step in steps:
        target = f"{step.request.method} {step.request.target}"
        if step.refused and step.status in _FINAL:
            refused.setdefault(step.same, []).append(step)
        if target in pending and pending[target].same != step.same:
            ledger.kept("retry.changed", step)
            del pending[target]
        if step.refused and step.status in _FINAL:
            pending[target] = step
    for chain in refused.values():
        if len(chain) > 1:
            case = Case("the request", f"{len(chain)} times the same", f"{chain[0].status} each time")
            ledger.broken("retry.changed", chain, case)


def _updates(steps: Sequence[Step], ledger: Ledger) -> None:
    """What is sent under a key that was sent before."""
    for before, step in pairwise(steps):
        if step.content == before.content and step.sent.format == before.sent.format:
            if not before.lost:
                ledger.broken("update.needed", [before, step], Case("the record", f"twice the same, key {step.key}"))
            continue
        ledger.kept("update.needed", step)
        gone = list(_gone(before, step))
        for name in gone:
            ledger.broken(
                "update.whole", [step], Case(name, "nothing", "null or the default", str(before.content[name]))
            )
        if not gone:
            ledger.kept("update.whole", step)


def _gone(before: Step, step: Step) -> Iterator[str]:
    """What was sent and kept before and is not sent now, though it could be. What is null is emptied on purpose."""
    lost = {fold(loss.member) for loss in before.losses}
    for member in before.sent.outer():
        prop = member.prop
        if prop is None or member.value in (None, "") or prop.name in step.content or prop.name not in before.content:
            continue
        if spelled(prop, step.sent.format) and fold(member.name) not in lost:
            yield prop.name


def _one_record(steps: Sequence[Step], ledger: Ledger) -> None:
    """Whether one key is used for records that have next to nothing in common, again and again."""
    switches = [(a, b) for a, b in pairwise(steps) if _other(a, b)]
    if len(switches) >= _SWITCHES:
        shown = list(dict.fromkeys(step for pair in switches for step in pair))
        case = Case(
            "the key", str(steps[0].key), f"{len(switches) + 1} records that have little in common", "a key for each"
        )
        ledger.broken("key.one-record", shown, case)
    elif len(steps) > 1:
        ledger.kept("key.one-record", *steps[1:])


def _other(before: Step, after: Step) -> bool:
    both = [name for name in before.content if name in after.content]
    if len(both) < _FEWEST:
        return False
    changed = sum(1 for name in both if before.content[name] != after.content[name])
    return changed / len(both) >= _CHANGED


def _one_way(steps: Iterable[Step], ledger: Ledger) -> None:
    """Whether a member's times bear an offset once and none the other time."""
    ways: dict[tuple[str, str], tuple[bool, Step]] = {}
    for step in steps:
        if step.operation is None:
            continue
        for name, said in zones(step).items():
            before = ways.setdefault((step.operation.id, name), (said, step))
            if before[0] != said:
                case = Case(
                    name,
                    f"{'with' if said else 'without'} an offset",
                    f"before that {'without' if said else 'with'} one",
                )
                ledger.broken("time.one-way", [before[1], step], case)
            elif before[1] is not step:
                ledger.kept("time.one-way", step)
