"""The faults of one tenant: arranged, counted, and chosen for a request.

    request ─ which fit? ─▶ whose turn is it? ─▶ Chosen: a wait (every latency whose turn it is), and one other fault

Faults are asked in the order in which they were arranged. Every latency whose turn it is adds to the wait; of the
others the first takes the request, and those behind it are not asked and do not count it.

The rule: whose turn it is follows from how many requests fitted before and from the seed, nothing else: the Nth request
that fits meets the same decision in every run, whichever thread brings it. Which of several requests at once is the Nth
is the order of their arrival; with `draw=request` that does not matter either: the draw is for the request's verb,
target and body, and for how often these very ones came before. What a fault does may not live here (`sending`).
"""

from __future__ import annotations

import hashlib
import json
import random
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from contracts.errors import UsageError
from contracts.model import Contract
from mockserver.faults import rules
from mockserver.faults.matching import Matching
from mockserver.faults.rules import Rule
from mockserver.webapi import Request

#: How many faults a tenant may have.
MOST = 1000
#: How many different requests are counted for `draw=request` before the count begins again.
_REMEMBERED = 20_000


@dataclass
class Arranged:
    """A fault that is arranged: under which number, how many requests fitted, and with how many it was."""

    number: int
    rule: Rule
    matched: int = 0
    applied: int = 0
    #: Set when the fault is taken away: whoever waits for its end goes on.
    gone: threading.Event = field(default_factory=threading.Event)
    _met: dict[bytes, int] = field(default_factory=dict)

    def turn(self, request: Request) -> str | None:
        """Counts a request that fits; what its amounts are drawn with where it is this fault's turn."""
        rule = self.rule
        self.matched += 1
        left = self.matched - rule["after"]
        if left <= 0 or left % rule["every"] or (rule["count"] is not None and self.applied >= rule["count"]):
            return None
        what = f"{rule['seed']}:{self._occasion(request) if rule['draw'] == 'request' else self.matched}"
        # random.seed, version 2: of a text all bits are used, alike on every machine.
        if rule["probability"] < 1 and random.Random(what).random() >= rule["probability"]:
            return None
        self.applied += 1
        return what

    def _occasion(self, request: Request) -> str:
        parts = (request.method.encode(), request.target.encode("utf-8", "replace"), request.body or b"")
        told = hashlib.blake2b(b"\0".join(parts), digest_size=16)
        key = told.digest()
        if len(self._met) >= _REMEMBERED:
            self._met.clear()
        self._met[key] = self._met.get(key, 0) + 1
        return f"{told.hexdigest()}:{self._met[key]}"

    def as_data(self) -> dict[str, Any]:
        """JSON-ready data."""
        told = {"number": self.number, **self.rule.as_data(), "text": self.rule.as_text()}
        return {**told, "matched": self.matched, "applied": self.applied}


@dataclass(frozen=True)
class Wait:
    """So many seconds, unless the fault is taken away."""

    seconds: float
    gone: threading.Event


@dataclass(frozen=True)
class Chosen:
    """What happens to one request: `waits` before the answer, then what `rule` says, where there is one."""

    waits: tuple[Wait, ...] = ()
    rule: Rule | None = None
    drawn: str = ""
    gone: threading.Event = field(default_factory=threading.Event)
    numbers: tuple[int, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether the client gets all of an answer."""
        return self.rule is None or self.rule.kind.whole

    @property
    def told(self) -> str:
        """For the journal and the log: each fault by its kind, with what it came to."""
        parts = [f"latency {wait.seconds:.3f} s" for wait in self.waits]
        if self.rule is not None:
            main = self.rule.kind.main
            if main == "stored":
                amount = "stored" if self.rule.acts else ""
            else:
                amount = f"{self.rule[main]:g}" if main else ""
            parts.append(f"{self.rule.name} {amount}".rstrip())
        return "; ".join(parts)


class Faults:
    """What is to go wrong with a tenant's requests; safe from any thread.

    `begun` are there from the start. `rules` is a tuple to look at before anything else: empty, nothing goes wrong.
    """

    def __init__(self, contract: Contract, begun: Iterable[Rule] = (), keep: Callable[[str], None] | None = None):
        self.contract = contract
        self._begun, self._keep, self._matching = tuple(begun), keep, Matching(contract)
        for rule in self._begun:
            self._matching.check(rule)
        self._lock, self._told = threading.Lock(), ""
        self.rules: tuple[Arranged, ...] = ()
        self._start()

    def _start(self) -> None:
        self.rules = tuple(Arranged(number, rule) for number, rule in enumerate(self._begun, 1))
        self._next = len(self.rules) + 1

    def add(self, *rules: Rule) -> tuple[Arranged, ...]:
        """Arrange more, all or none; UsageError when there are too many, or when one is for what the page has not."""
        for rule in rules:
            self._matching.check(rule)
        with self._lock:
            if len(self.rules) + len(rules) > MOST:
                raise _too_many()
            added = tuple(Arranged(self._next + place, rule) for place, rule in enumerate(rules))
            self._next += len(added)
            self._take((*self.rules, *added))
            return added

    def check(self, rules: Iterable[Rule]) -> None:
        """UsageError when one is for what the page has not, or when there are too many."""
        given = tuple(rules)
        for rule in given:
            self._matching.check(rule)
        if len(given) > MOST:
            raise _too_many()

    def put(self, rules: Iterable[Rule]) -> None:
        """Arrange these instead of those that there are, counted anew; UsageError as `check` has it."""
        given = tuple(rules)
        self.check(given)
        with self._lock:
            self._take(tuple(Arranged(self._next + place, rule) for place, rule in enumerate(given)))
            self._next += len(given)

    def remove(self, number: int) -> bool:
        """Take one away, and let those go on whom it keeps waiting; whether there was one."""
        with self._lock:
            left = tuple(one for one in self.rules if one.number != number)
            if len(left) == len(self.rules):
                return False
            self._take(left)
            return True

    def clear(self) -> None:
        """Take all away."""
        with self._lock:
            self._take(())

    def reset(self) -> None:
        """Those of the start again, counted anew."""
        with self._lock:
            self._release(())
            self._start()
            self._write()

    def release(self) -> None:
        """Let everybody go on who is kept waiting, as the portal stops."""
        self._release(())

    def _take(self, rules: tuple[Arranged, ...]) -> None:
        self._release(rules)
        self.rules = rules
        self._write()

    def _release(self, left: tuple[Arranged, ...]) -> None:
        for one in self.rules:
            if one not in left:
                one.gone.set()

    def _write(self) -> None:
        if self._keep is not None:
            self._told = json.dumps([{"number": one.number, **one.rule.as_data()} for one in self.rules])
            self._keep(self._told)

    def follow(self, told: str) -> None:
        """Take over what another process on the same store arranged; each counts for itself."""
        if told == self._told:
            return
        with self._lock:
            here = {one.number: one for one in self.rules}
            found = []
            for entry in json.loads(told) if told else []:
                number = entry.pop("number")
                rule = rules.read(entry)
                known = here.get(number)
                found.append(known if known is not None and known.rule == rule else Arranged(number, rule))
            self._release(tuple(found))
            self.rules, self._told = tuple(found), told
            self._next = max((self._next - 1, *(one.number for one in found))) + 1

    def choose(self, request: Request) -> Chosen | None:
        """What happens to a request, None when nothing does."""
        fitting = [one for one in self.rules if self._matching.fits(one.rule, request)]
        waits: list[Wait] = []
        numbers: list[int] = []
        with self._lock:
            for one in fitting:
                drawn = one.turn(request)
                if drawn is None:
                    continue
                numbers.append(one.number)
                if one.rule.name != "latency":
                    return Chosen(tuple(waits), one.rule, drawn, one.gone, tuple(numbers))
                waits.append(Wait(_seconds(one.rule, drawn), one.gone))
        return Chosen(tuple(waits), numbers=tuple(numbers)) if waits else None


def _too_many() -> UsageError:
    return UsageError(f"there may be {MOST} faults\n    what to do: clear them, DELETE /_portal/faults")


def _seconds(rule: Rule, drawn: str) -> float:
    """How long a latency lasts this time."""
    dice = random.Random(f"{drawn}:seconds")
    seconds: float = rule["seconds"]
    if rule["jitter"]:
        seconds += dice.uniform(0, rule["jitter"])
    if rule["sigma"]:
        seconds *= dice.lognormvariate(0, rule["sigma"])
    most = rule.kind.parameters["seconds"].most or seconds
    return min(seconds, most)
