"""What bodies hold: silent losses, what the schemas say, how names and times are written.

The rule: a loss is what the portal told, never worked out here. What a loss explains is not told again as a fault of
the schemas.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from contracts.model import Model, Property
from contracts.scalars import SCALARS
from mockserver.grade.history import History, Step
from mockserver.grade.ledger import Case, Ledger
from mockserver.grade.rules import by_loss, rules
from mockserver.journal.differences import spelled
from mockserver.webapi.losses import Loss
from mockserver.webapi.shapes import fold

_TIMES = frozenset({"DateTime", "DateTimeOffset"})
_OFFSET = re.compile(r"(?i)(?:z|[+-]\d\d:?\d\d)\Z")
_CLOCK = re.compile(r"\A\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_MEMBER = re.compile(r"\$\.?([^.\[:]+)")
_NAMED = re.compile(r"the member (\S+?),")


def check(history: History, ledger: Ledger) -> None:
    """Judge the body of every request that reached an operation."""
    for step in history.steps:
        if step.operation is None:
            continue
        _losses(step, ledger)
        if step.model is not None and step.sent.format:
            _schemas(step, step.model, ledger)
            _spelling(step, ledger)
            _times(step, ledger)


def _losses(step: Step, ledger: Ledger) -> None:
    broken: dict[str, list[Loss]] = {}
    for loss in step.losses:
        broken.setdefault(by_loss()[loss.reason].id, []).append(loss)
    for name, losses in broken.items():
        for loss in losses:
            ledger.broken(name, [step], _case(loss))
    if not step.taken:
        return
    for rule in rules().values():
        if rule.losses and rule.id not in broken and any(_exercised(reason, step) for reason in rule.losses):
            ledger.kept(rule.id, step)


def _case(loss: Loss) -> Case:
    return Case(loss.member or "the request", loss.sent, "nothing" if loss.kept is None else loss.kept or "(empty)")


def _exercised(reason: str, step: Step) -> bool:
    """Whether the loss could have happened in this exchange."""
    family, _, word = reason.partition(".")
    if word == "replaced":
        body = step.request.body or b""
        return not body.isascii() or b"\\u" in body or b"%" in body
    if family in ("json", "xml", "form"):
        return step.sent.format == family and bool(step.sent.members)
    if family == "time":
        return any(True for _ in _times_of(step))
    if family == "number":
        return any(_scalar(m.prop) in _NUMBERS for m in step.sent.outer() if m.prop is not None and not m.is_null)
    if family == "charset":
        return not (step.request.body or b"").isascii()
    if family == "id":
        own = step.model.portal_id.value if step.model is not None else None
        return own is not None and step.sent.known().get(own) is not None
    if family in ("path", "query"):
        return True
    return bool(step.sent.members)


_NUMBERS = frozenset(name for name, row in SCALARS.items() if row.json.get("type") in ("number", "integer"))


def _scalar(prop: Property) -> str:
    ref = prop.type.value
    return ref.name if ref.kind == "scalar" else ""


def _schemas(step: Step, model: Model, ledger: Ledger) -> None:
    """What the schemas say of a body that was taken; what was refused is judged as such."""
    if not step.taken:
        return
    faults = step.faults
    if faults is None or step.sent.format == "xml":
        # The XSD's words on order, names and namespaces are the portal's losses; what is missing is said of neither.
        faults = [*_missing(step, model), *_unexplained_xml(step, faults or [])]
    if step.sent.fault:
        return
    sent = {fold(member.name) for member in step.sent.outer()}
    lost = {fold(loss.member.strip("$./").partition(".")[0]) for loss in step.losses}
    found = [fault for fault in faults if not lost & _names(fault) and not sent & _wanted(fault)]
    for fault in found:
        where, _, why = fault.partition(": ")
        ledger.broken("contract.body", [step], Case(where, "", why))
    if not found:
        ledger.kept("contract.body", step)


def _names(fault: str) -> set[str]:
    match = _MEMBER.match(fault)
    return {fold(match[1])} if match else set()


def _wanted(fault: str) -> set[str]:
    """The member of the body itself that a fault calls missing; spelled otherwise it is there for the portal."""
    match = _NAMED.search(fault) if fault.startswith("$: ") else None
    return {fold(match[1])} if match else set()


def _missing(step: Step, model: Model) -> Iterator[str]:
    known = step.sent.known()
    for prop in model.properties:
        if prop.required.value and known.get(prop.name) in (None, ""):
            yield f"$: expected the member {spelled(prop, step.sent.format)}, it is missing"


def _unexplained_xml(step: Step, faults: list[str]) -> list[str]:
    """Faults of an XML body's values: those of its elements are losses, or elements that are missing."""
    if any(loss.reason.startswith("xml.") for loss in step.losses):
        return []
    return [fault for fault in faults if "Tag " not in fault and "tag " not in fault and "content " not in fault]


def _spelling(step: Step, ledger: Ledger) -> None:
    members = [member for member in step.sent.members if member.prop is not None]
    if step.sent.format != "json" or not members:
        return
    odd = [member for member in members if not member.exact and member.prop is not None]
    for member in odd:
        assert member.prop is not None
        ledger.broken("members.spelled", [step], Case(member.path, member.name, "", member.prop.json.value or ""))
    if not odd:
        ledger.kept("members.spelled", step)


def _times(step: Step, ledger: Ledger) -> None:
    told = list(_times_of(step))
    bare = {name: text for name, text in told if _CLOCK.match(text) and not _OFFSET.search(text)}
    for name, text in bare.items():
        ledger.broken("time.zone-said", [step], Case(name, text, "", f"{text}Z, or the offset of the portal's server"))
    if told and not bare:
        ledger.kept("time.zone-said", step)


def _times_of(step: Step) -> Iterator[tuple[str, str]]:
    """The times that a body sends, by the client's name of the member."""
    for member in step.sent.members:
        if member.prop is not None and _scalar(member.prop) in _TIMES and isinstance(member.value, str):
            yield member.name, member.value.strip()


def zones(step: Step) -> Mapping[str, bool]:
    """Of each member that a time is sent for, whether it bears an offset."""
    return {
        member.prop.name: bool(_OFFSET.search(str(member.value)))
        for member in step.sent.outer()
        if member.prop is not None and _scalar(member.prop) in _TIMES and _CLOCK.match(str(member.value))
    }
