"""Members by twos: what two change together, and what one changes while the other stays.

The rule: every pair is tried all three ways on one record, in few updates (`pairs.covering`), and how much that is, is
told. A finding shows the update before and the one that went wrong.
"""

from __future__ import annotations

from contracts.conformance import values
from contracts.conformance.checks import check
from contracts.conformance.pairs import covering, seen
from contracts.conformance.probe import NotJudgedError, Probe
from contracts.conformance.values import Value
from contracts.model import Property


def changeable(probe: Probe) -> list[Property]:
    """The members that the suite can change one by one and compare, dates and values among them."""
    subject = probe.subject
    made = [prop for prop in subject.patterned if values.writable(subject.contract, prop)]
    props = [*subject.texts, *made, *subject.dates, *subject.values]
    fixed = {name for name, taken in subject.accepts.items() if len(set(taken)) < 2}
    found = [prop for prop in props if prop.name not in fixed]
    return [prop for prop in found if changed(probe, prop, 1) != changed(probe, prop, 0)]


def changed(probe: Probe, prop: Property, count: int) -> Value:
    """A member's value after so many changes."""
    taken = probe.subject.accepts.get(prop.name)
    if taken:
        return taken[count % len(taken)]
    index = [p.name for p in probe.subject.model.properties].index(prop.name)
    return values.moved(probe.subject.contract, prop, index, count)


@check("upsert.any-two-members")
def any_two_members(probe: Probe) -> None:
    members = changeable(probe)
    if len(members) < 2:
        raise NotJudgedError("there are no two members to change")
    rows, formats = covering(len(members)), list(probe.session.request_formats().items())
    resting = frozenset(n for n, prop in enumerate(members) if prop not in probe.subject.dates)
    if 1 < len(resting) < len(members) and len(probe.subject.dates) < 2:
        rows += (resting,)  # all but the time: what hangs on a time that stays shows for every two of the others
    if probe.session.effort.thorough:  # with the rows turned round nearly every three members are seen all ways, too
        rows += tuple(row for row in (frozenset(range(len(members))) - row for row in rows) if row)
    for wire, media in formats if probe.session.effort.thorough else formats[:1]:
        _update(probe, members, rows, media, zones=wire != "form")
    pairs = len(members) * (len(members) - 1) // 2
    shown = len(seen(rows, len(members)))
    probe.observe(f"{pairs} pairs, together and each alone ({shown} of {3 * pairs} ways)")


def _update(probe: Probe, members: list[Property], rows: tuple[frozenset[int], ...], media: str, zones: bool) -> None:
    probe.attempt()
    record = probe.record(changes={prop.name: _value(probe, prop, 0, zones) for prop in members})
    counts = [0] * len(members)
    for row in (frozenset[int](), *rows):
        for place in row:
            counts[place] += 1
            record[members[place].name] = _value(probe, members[place], counts[place], zones)
        probe.exchanges = probe.exchanges[-1:]
        _, came = probe.accepted(record, media)
        probe.compare(record, came, members)


def _value(probe: Probe, prop: Property, count: int, zones: bool) -> Value:
    """In a form without a zone, since the framework moves a form's times to its own."""
    value = changed(probe, prop, count)
    return value if zones or prop.type.value.name != "DateTime" else str(value).rstrip("Z")
