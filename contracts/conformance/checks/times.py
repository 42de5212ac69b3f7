"""Times come back as the same times, and values as the same values.

A form is judged on plain times only: the framework turns a form's zones into its own (DateTimeConverter).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from contracts.conformance import moments
from contracts.conformance.annotated import number_range
from contracts.conformance.checks import check
from contracts.conformance.probe import Probe, shown
from contracts.conformance.subject import DECIMALS, INTEGERS, is_enum
from contracts.conformance.values import Value
from contracts.model import Property
from contracts.scalars import SCALARS

HOUR = 3600 * moments.TICKS
#: Wall clocks: an ordinary one, midnight, the last second of a year, a leap day, both sides of summer time, and one
#: past 2038 and 2049, where seconds in 32 bits and years in two digits end.
WALLS = (
    "2031-03-04T09:30:15",
    "2031-06-01T00:00:00",
    "2031-12-31T20:59:59",
    "2032-02-29T12:00:01",
    "2031-07-15T23:15:30",
    "2051-08-09T13:05:59",
)
ZONES = ("Z", "+00:00", "+05:30", "-08:00", "+12:45", "-03:30")
#: Fractions of a second in ticks: all seven digits, the least, the greatest, and short ones.
FRACTIONS = (1_234_567, 1, 9_999_999, 5_000_000, 1_230_000, 100)


def _wall(text: str) -> int:
    moment = moments.parse(text)
    assert moment is not None
    return moment.wall


def _spoken(probe: Probe) -> Iterator[str]:
    for wire, media in probe.session.request_formats().items():
        if wire != "form":
            yield media


def _whole(probe: Probe, media: str) -> bool:
    """Whether every case is sent in this format: in the suite's own, and in all where time allows."""
    return media == probe.session.speech or probe.session.effort.thorough


def _times(probe: Probe, wall: int, zone: str) -> dict[str, str]:
    """A time for each date member, an hour and a second apart in table order (an end may have to follow a start)."""
    step = HOUR + moments.TICKS
    return {p.name: moments.write(wall + place * step, zone) for place, p in enumerate(probe.subject.dates)}


def _keeps(probe: Probe, times: dict[str, str], media: str) -> None:
    probe.attempt()
    sent = probe.record(changes=times)
    _, came = probe.accepted(sent, media=media)
    probe.compare(sent, came, probe.subject.dates)


@check("dates.instant")
def instant(probe: Probe) -> None:
    for media in _spoken(probe):
        for number, zone in enumerate(ZONES):
            _keeps(probe, _times(probe, _wall(WALLS[number % len(WALLS)]), zone), media)
    if not probe.session.effort.thorough:
        return
    days = st.integers(_wall("2030-01-01T00:00:00"), _wall("2060-01-01T00:00:00")).map(lambda w: w - w % moments.TICKS)
    drawn = st.tuples(days, st.sampled_from(ZONES))
    probe.search(drawn, lambda pair: _keeps(probe, _times(probe, *pair), probe.session.speech))


@check("dates.updated")
def updated(probe: Probe) -> None:
    for media in _spoken(probe):
        probe.attempt()
        key = probe.session.key()
        for wall in WALLS[: None if probe.session.effort.thorough else 3]:
            sent = probe.record(key=key, changes=_times(probe, _wall(wall), "Z"))
            _, came = probe.accepted(sent, media=media)
            probe.compare(sent, came, probe.subject.dates)


@check("dates.offset")
def offset(probe: Probe) -> None:
    """Shown without a zone, times must at least all be shown in one, or the client cannot tell them apart."""
    for media in _spoken(probe):
        probe.attempt()
        implied: dict[int, str] = {}
        for zone in ZONES if _whole(probe, media) else ZONES[1:4]:
            sent = probe.record(changes=_times(probe, _wall(WALLS[0]), zone))
            _, came = probe.accepted(sent, media=media)
            probe.compare(sent, came, probe.subject.dates)
            for prop in probe.subject.dates:
                gap = moments.implied_zone(str(sent[prop.name]), came.get(prop.name))
                if gap is not None:
                    _in_the_targets_zone(probe, str(sent[prop.name]), gap)
                    implied.setdefault(gap, f"{sent[prop.name]} came back as {came[prop.name]}")
        probe.expect(
            len(implied) < 2, "the same instant for the same time, whatever its offset", "; ".join(implied.values())
        )


def _in_the_targets_zone(probe: Probe, sent: str, gap: int) -> None:
    """Where the target's zone is known, a time shown without one is shown in that one."""
    instant = datetime.fromisoformat(re.sub(r"\.\d+", "", sent))
    if probe.session.zone and instant.tzinfo is not None:
        offset = instant.astimezone(ZoneInfo(probe.session.zone)).utcoffset()
        wanted = int(offset.total_seconds()) * moments.TICKS if offset is not None else 0
        probe.expect(gap == wanted, f"{sent} in {probe.session.zone}", f"one {gap / HOUR:+g} h from UTC")


@check("dates.wall-clock")
def wall_clock(probe: Probe) -> None:
    for media in probe.session.request_formats().values():
        for wall in WALLS if _whole(probe, media) else WALLS[2:]:
            _keeps(probe, _times(probe, _wall(wall), ""), media)


@check("dates.fraction")
def fraction(probe: Probe) -> None:
    for media in _spoken(probe):
        for ticks in FRACTIONS if _whole(probe, media) else FRACTIONS[:3]:
            _keeps(probe, _times(probe, _wall(WALLS[0]) + ticks, "Z"), media)


@check("observed.time-zone")
def time_zone(probe: Probe) -> None:
    for zone in ("Z", "+05:30", ""):
        probe.attempt()
        sent = probe.record(changes=_times(probe, _wall(WALLS[0]), zone))
        _, came = probe.accepted(sent)
        name = probe.subject.dates[0].name
        probe.observe(f"{name}: {sent[name]} comes back as {shown(came.get(name))}")


@check("values.kept")
def values_kept(probe: Probe) -> None:
    strategies = {prop.name: _strategy(probe, prop) for prop in probe.subject.values}
    for media in probe.session.request_formats().values():
        for version in (0, 1):
            probe.attempt()
            sent = probe.record(version)
            _, came = probe.accepted(sent, media=media)
            probe.compare(sent, came, probe.subject.values)

    def examine(drawn: dict[str, Value]) -> None:
        probe.attempt()
        sent = probe.record(changes=drawn)
        answer = probe.ask(sent)
        if 400 <= answer.status < 500 and any(_wide(probe, name, value) for name, value in drawn.items()):
            return
        probe.compare(sent, probe.taken(answer), probe.subject.values)

    probe.search(st.fixed_dictionaries(strategies), examine, examples=2 * probe.session.effort.examples)


def _wide(probe: Probe, name: str, value: Value) -> bool:
    """Whether a number is beyond the narrowest type that the page's word for it may stand for: it may be refused."""
    kind = probe.subject.model[name].type
    low, high = (0, 2**16 - 1) if kind.value.name.startswith("U") else (-(2**15), 2**15 - 1)
    guessed = kind.value.name in INTEGERS and kind.standing == "guessed"
    return guessed and isinstance(value, int) and not low <= value <= high


def _strategy(probe: Probe, prop: Property) -> st.SearchStrategy[Value]:
    """Values that the page allows. Fractions are quarters: every decimal and binary type carries them exactly."""
    name = prop.type.value.name
    if is_enum(probe.subject.contract, prop):
        return st.sampled_from([member.name for member in probe.subject.contract.models[name].members])
    limits = number_range(prop)
    if name in INTEGERS:
        schema = SCALARS[name].json
        low, high = schema["minimum"], schema["maximum"]
        if limits is not None:
            low, high = max(low, math.ceil(limits[0])), min(high, math.floor(limits[1]))
        return st.integers(max(low, -(2**31)), min(high, 2**31 - 1))
    if name in DECIMALS:
        low, high = limits or (Decimal(0), Decimal(10_000))
        if math.ceil(low * 4) > math.floor(high * 4):
            return st.just(low)
        quarters = st.integers(math.ceil(low * 4), math.floor(high * 4))
        return quarters.map(lambda number: Decimal(number) / 4)
    return st.booleans() if name == "Boolean" else st.uuids().map(str)
