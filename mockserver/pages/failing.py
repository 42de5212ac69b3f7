"""What an integrator lets go wrong from a page: the faults that are arranged, one more, one less, none.

The rule: a fault is put together as at the command line, `KIND=VALUE;NAME=VALUE`, from fields or typed as a whole, and
`mockserver.faults` alone says whether it makes sense.
"""

from __future__ import annotations

from typing import Any

from contracts.errors import UsageError
from mockserver import faults
from mockserver.control.answers import Refused
from mockserver.faults.kinds import COUNTS, KINDS, MATCHERS
from mockserver.pages.visits import Shown, Visit, page, to

#: How a fault that is typed in may look.
_SAMPLES = ("status=503;count=2", "latency=1.5;probability=0.3", "lost;path=/api/*", "status=429;retry_after=5;every=3")
#: The fields of the form; the rest can be typed.
_FIELDS = {name: row for name, row in {**COUNTS, **MATCHERS}.items() if name in ("count", "probability", "path", "key")}


def faulty(visit: Visit) -> Shown:
    """What is arranged to go wrong."""
    return _faulty(visit)


def _faulty(visit: Visit, typed: str = "", problem: Any = None) -> Shown:
    return page(
        visit,
        "faults",
        400 if problem else 200,
        arranged=[one.as_data() for one in visit.tenant.faults.rules],
        kinds=KINDS,
        fields=_FIELDS,
        samples=_SAMPLES,
        typed=typed,
        problem=problem,
    )


def add_fault(visit: Visit) -> Shown:
    """One more fault: typed as at the command line, or put together from fields."""
    text = visit.form.get("text", "").strip() or _put_together(visit)
    try:
        visit.tenant.faults.add(faults.read_text(text))
    except UsageError as error:
        return _faulty(visit, text, Refused.of(error).data)
    return to(visit, "/page/faults", "fault")


def _put_together(visit: Visit) -> str:
    kind, value = visit.form.get("kind", ""), visit.form.get("value", "").strip()
    head = f"{kind}={value}" if value else kind
    given = [(name, visit.form.get(name, "").strip()) for name in _FIELDS]
    return ";".join([head, *(f"{name}={text}" for name, text in given if text)])


def remove_fault(visit: Visit, number: int) -> Shown:
    """One fault less."""
    if not visit.tenant.faults.remove(number):
        raise Refused(404, f"there is no fault {number} (any more)", "go back to the faults")
    return to(visit, "/page/faults", "removed")


def heal(visit: Visit) -> Shown:
    """No faults."""
    visit.tenant.faults.clear()
    return to(visit, "/page/faults", "healed")
