"""The checks: each reads the history and writes into the ledger which rules were kept and which broken.

    addresses   where requests go            headers     what they say of themselves
    bodies      what they hold               refusals    what the portal did not take
    sequences   what follows on what

The rule: a check says "kept" only of an exchange in which the rule could have been broken.
"""

from collections.abc import Callable

from mockserver.grade.checks import addresses, bodies, headers, refusals, sequences
from mockserver.grade.history import History
from mockserver.grade.ledger import Ledger

#: Every check, in the order in which they run.
CHECKS: tuple[Callable[[History, Ledger], None], ...] = (
    addresses.check,
    headers.check,
    bodies.check,
    refusals.check,
    sequences.check,
)
#: What is told with what, where the exchanges are the same: a refusal with its cause.
_CAUSES = ("content-type.named", "content-type.listed", "content-type.true", "retry.changed", "retry.with-key")
TOLD_WITH = {
    "retry.changed": ("request.taken", "auth.taken", "route.path", "route.method", *_CAUSES[:3]),
    "secret.in-url": ("address.read",),
    **{cause: ("request.taken",) for cause in _CAUSES if cause != "retry.changed"},
}

__all__ = ["CHECKS", "TOLD_WITH"]
