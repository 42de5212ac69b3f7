"""What the portal did not take, and why.

The rule: a refusal is told by its cause. One that a silent loss brought about (a required member whose element stood in
the wrong place) is the loss's; one for the address is `addresses`'.
"""

from __future__ import annotations

from mockserver.grade.history import History, Step
from mockserver.grade.ledger import Case, Ledger
from mockserver.journal import refusals
from mockserver.journal.differences import Difference

_UNAUTHORIZED = (401, 403)
#: Refused for what is judged elsewhere: the verb, and asking too often.
_ELSEWHERE = (405, 429)
_NAMES = ("order", "case", "namespace", "unknown")
_LONGEST = 300


def check(history: History, ledger: Ledger) -> None:
    """Judge every request that reached an operation by whether it was taken."""
    for place, step in enumerate(history.steps):
        if step.operation is None or step.exchange.injected:
            continue
        if step.taken:
            ledger.kept("request.taken", step)
            if any(step.reading.secrets.is_secret_header(name) for name, _ in step.request.headers):
                ledger.kept("auth.taken", step)
            if "{" in step.operation.path.value:
                ledger.kept("record.there", step)
        elif step.status in _UNAUTHORIZED:
            if not _answered(history, place):
                case = Case("the credential", "", f"{step.status} {refusals.read(step.shown.response).message}".strip())
                ledger.broken("auth.taken", [step], case)
        elif step.status == 404:
            path = step.shown.request.target
            ledger.broken("record.there", [step], Case("the address", f"{step.request.method} {path}", "404"))
        elif step.refused and step.status not in _ELSEWHERE:
            _refused(step, ledger)


def _answered(history: History, place: int) -> bool:
    """Whether the 401 was a challenge that the next such request met."""
    asked = history.steps[place]
    for step in history.steps[place + 1 :]:
        if step.request.target == asked.request.target and step.request.method == asked.request.method:
            return step.status not in _UNAUTHORIZED
    return False


def _refused(step: Step, ledger: Ledger) -> None:
    near = step.near
    differences = [one for one in near.differences if one.where not in ("path", "method")] if near is not None else []
    left = _unexplained(step, differences)
    absent = [one for one in left if one.problem == "missing"]
    if absent:
        names = ", ".join(one.where for one in absent)
        ledger.broken("request.taken", [step], Case(names, "", f"{step.status}: required, and not there", "a value"))
    for one in (one for one in left if one not in absent):
        wanted = one.wanted if not one.meant else f"{one.meant} ({one.wanted})"
        ledger.broken(
            "request.taken", [step], Case(one.where, one.sent[:_LONGEST], f"{step.status}: {one.told}", wanted)
        )
    if not differences:
        said = refusals.read(
            step.shown.response, [one.key for one in step.operation.parameters] if step.operation else ()
        )
        named = [*said.parameters, *said.state]
        words = "; ".join(f"{path or 'the body'}: {text}" for path, text in named) or said.message
        ledger.broken("request.taken", [step], Case("the request", "", f"{step.status} {words}"[:_LONGEST]))


def _unexplained(step: Step, differences: list[Difference]) -> list[Difference]:
    """Those that no silent loss of the same request explains."""
    if not step.losses:
        # Without a loss names are not at fault, unless nothing else is.
        other = [one for one in differences if one.problem not in _NAMES]
        return other or differences
    lost = {loss.member.strip("$./").lower() for loss in step.losses}
    renamed = {one.meant for one in differences if one.problem == "unknown" and one.meant}
    return [
        one
        for one in differences
        if one.problem not in _NAMES and one.where.lower() not in lost and one.where not in renamed
    ]
