"""Numbers to their last digit, and nulls in the place of numbers, times and the like.

The rule: a page hides how wide a number is, so what is wide, negative or long may be refused; what is accepted comes
back as sent. A number that came back as none or as 0 was not read at all, which a portal's model state tells: that is
observed and not convicted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from contracts.conformance import storage
from contracts.conformance.annotated import number_range
from contracts.conformance.checks import check
from contracts.conformance.deep.kinds import numbers
from contracts.conformance.probe import BeyondError, NotJudgedError, Probe
from contracts.conformance.session import Answer
from contracts.conformance.subject import DECIMALS, INTEGERS
from contracts.conformance.values import Value
from contracts.model import Property
from contracts.scalars import SCALARS

Wishes = Mapping[str, Sequence[Value]]

#: Numbers that the narrowest type of a phrase holds, the likelier refused first; a 32-bit float holds 1234.125.
_SURE: Mapping[str, tuple[str, ...]] = {
    "Decimal": ("-1234567.125", "1234567.125", "12.125"),
    "decimal number": ("-1234.125", "1234.125", "12.125"),
    "integer": ("-12345", "12345"),
    "unsigned integer": ("50000",),
    "byte": ("200",),
    "signed byte": ("-100", "100"),
}
#: Numbers that need 64 bits, or 17 digits and no more decimals than a column of money has.
_WIDE: Mapping[str, tuple[str, ...]] = {
    "Decimal": ("1234567890123.1271",),
    "integer": ("9007199254740993",),
    "unsigned integer": ("9007199254740993",),
}


def _wishes(probe: Probe, table: Mapping[str, tuple[str, ...]]) -> dict[str, list[Value]]:
    """The numbers of a table that the page allows, by member; of those with a range, one within."""
    found: dict[str, list[Value]] = {}
    for prop in numbers(probe.subject):
        name = prop.type.value.name
        if prop.name in probe.subject.accepts:
            continue
        settled = name == "Decimal" and prop.type.standing != "guessed"
        allowed = [Decimal(text) for text in table.get("Decimal" if settled else SCALARS[name].phrase, ())]
        limits = number_range(prop)
        if limits is not None:
            allowed = [number for number in allowed if limits[0] <= number <= limits[1]]
            if not allowed and name in DECIMALS and table is _SURE and limits[1] - limits[0] >= 1:
                allowed = [limits[0] + Decimal("0.125")]
        if name in INTEGERS and prop.type.standing != "guessed":
            low, high = SCALARS[name].json["minimum"], SCALARS[name].json["maximum"]
            allowed = [number for number in allowed if low <= number <= high]
        if allowed:
            found[prop.name] = [int(n) if name in INTEGERS else n for n in allowed]
    return found


def _refused(answer: Answer) -> bool:
    return 400 <= answer.status < 500


def _taken(probe: Probe, wishes: Wishes, media: str) -> dict[str, Value]:
    """Of each member's values the first that the target takes, all at once or one by one."""
    first = {name: values[0] for name, values in wishes.items()}
    if not _refused(probe.ask(probe.record(changes=first), media=media)):
        return first
    found: dict[str, Value] = {}
    for name, values in wishes.items():
        for value in values:
            if not _refused(probe.ask(probe.record(changes={name: value}), media=media)):
                found[name] = value
                break
            probe.observe(f"{name} is refused with {value}")
    return found


@check("values.digits")
def digits(probe: Probe) -> None:
    """In every format of a request and, in the suite's own, of an answer and of every read."""
    wishes = _wishes(probe, _SURE)
    answers = probe.session.answers() or [probe.session.hearing]
    for media in probe.session.request_formats().values():
        probe.attempt()
        changes, own = _taken(probe, wishes, media), media == probe.session.speech
        wishes = {name: [value] for name, value in changes.items()} if own else wishes
        if not changes:
            continue
        props = [prop for prop in probe.subject.values if prop.name in changes]
        probe.attempt()
        sent = probe.record(changes=changes)
        for accept in answers if own else [probe.session.hearing]:
            _, came = probe.accepted(sent, media, accept, ledger=False)
            probe.compare(sent, came, props)
        if own and probe.subject.beside.reads:
            _read(probe, sent, came, props, answers)
    if not probe.witnesses:
        raise NotJudgedError("no such number is taken")


def _read(
    probe: Probe,
    sent: Mapping[str, Value],
    came: Mapping[str, Value],
    props: Sequence[Property],
    answers: Sequence[str],
) -> None:
    """Expect every read, in each of these media types, to tell these members as they were sent."""
    own = probe.subject.portal_id
    kept = storage.Kept(str(sent[probe.subject.key.name]), str(came.get(own.name)) if own else "", sent)
    for named in storage.reads(probe):
        for accept in answers:
            answer = storage.read(probe, named, kept, accept)
            probe.expect(answer.record is not None, f"the record read by its {named.by}", storage.told(answer))
            probe.compare(sent, answer.record or {}, props)


@check("values.wide")
def wide(probe: Probe) -> None:
    for name, values in _wishes(probe, _WIDE).items():
        probe.attempt()
        sent = probe.record(changes={name: values[0]})
        answer = probe.ask(sent)
        if _refused(answer):
            probe.expect(True, "kept or refused", answer.words())
            probe.observe(f"{name} is refused with {values[0]}")
            continue
        probe.expect(answer.status < 400 and answer.record is not None, "kept or refused (2xx or 4xx)", answer.words())
        if not (answer.record or {}).get(name):
            probe.observe(f"{name} is taken with {values[0]} and not kept at all")
            continue
        probe.compare(sent, answer.record or {}, [probe.subject.model[name]])
        if probe.subject.beside.reads:
            _read(probe, sent, answer.record or {}, [probe.subject.model[name]], [probe.session.hearing])
    if not probe.witnesses:
        raise BeyondError("the pages allow no number of so many digits")


@check("values.null")
def null(probe: Probe) -> None:
    """On create, in JSON; a portal that takes no null shows nothing of it."""
    media, accept = probe.session.request_formats().get("json"), probe.session.response_formats().get("json")
    if media is None or accept is None:
        raise NotJudgedError("no JSON is spoken")
    names = [prop.name for prop in probe.subject.nullable]
    answer = probe.ask(probe.record(changes=dict.fromkeys(names)), media=media, accept=accept)
    for group in [names] if not _refused(answer) else [[name] for name in names]:
        probe.attempt()
        sent = probe.record(changes=dict.fromkeys(group))
        answer = probe.ask(sent, media=media, accept=accept)
        if _refused(answer):
            probe.observe(f"{', '.join(group)} is refused with null")
            continue
        came = probe.taken(answer)
        _nothing(probe, came, group, "")
        own = probe.subject.portal_id
        kept = storage.Kept(str(sent[probe.subject.key.name]), str(came.get(own.name)) if own else "", sent)
        for named in storage.reads(probe) if probe.subject.beside.reads else []:
            read = storage.read(probe, named, kept, accept)
            probe.expect(read.record is not None, f"the record read by its {named.by}", storage.told(read))
            _nothing(probe, read.record or {}, group, f" read by the {named.by}")
    if not probe.witnesses:
        raise NotJudgedError("no null is taken")


def _nothing(probe: Probe, came: Mapping[str, Value], names: Sequence[str], where: str) -> None:
    for name in names:
        probe.expect(came.get(name) is None, f"{name} = null", f"{name} = {came.get(name)!r}{where}")
