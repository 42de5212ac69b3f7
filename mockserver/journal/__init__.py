"""The journal: what the portal was sent and what it answered, and all that a tester asks of it.

    memory     the exchanges and who listens            data      an exchange as JSON, and back

The rule: keeping costs the request an append, understanding costs the reader. No credential is ever shown.
"""

from mockserver.journal.data import Judge, as_data, operation_of
from mockserver.journal.memory import BYTES, EXCHANGES, Event, Exchange, Journal, Subscription

__all__ = [
    "BYTES",
    "EXCHANGES",
    "Event",
    "Exchange",
    "Journal",
    "Judge",
    "Subscription",
    "as_data",
    "operation_of",
]
