"""The journal: what the portal was sent and what it answered, and all that a tester asks of it.

    memory     the exchanges, and who listens            reading    what exchanges mean by a contract
    data       an exchange as JSON, and back             members    a body's members as sent, in any format
    secrets    credentials taken out                     near       what a refused request was nearest to
    routes     the journal over HTTP                     refusals   what an error answer says
    curl       a request as a command
    search     which exchanges are asked for             stored     the journal kept with the store

A portal that serves passes only what stands on the left; `reading` and what it needs are loaded by who first reads.

The rule: keeping costs the request an append, understanding costs the reader. No credential is ever shown. Bytes are
as the web server gave them: granian has joined chunks, dropped white space around header values and decoded the path
(which is encoded again, so that %7E reads ~); header names are shown as Http-Header, their order is not kept.
"""

from mockserver.journal.data import from_data, operation_of, record
from mockserver.journal.memory import BYTES, EXCHANGES, Event, Exchange, Journal, Subscription
from mockserver.journal.secrets import Secrets

__all__ = [
    "BYTES",
    "EXCHANGES",
    "Event",
    "Exchange",
    "Journal",
    "Secrets",
    "Subscription",
    "from_data",
    "operation_of",
    "record",
]
