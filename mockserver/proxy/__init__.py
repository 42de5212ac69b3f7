"""`portal-mock proxy`: stand between a client and a real portal, or in for it by what was recorded.

    Request ─▶ forwarding ─▶ the real portal ─▶ Response        journalled, judged, kept as NDJSON or HAR
    Request ─▶ recorded   ─▶ what it answered then

The rule: what the portal answered is passed on as it came; what the proxy itself has to say bears the header
`Portal-Proxy`, so that nobody takes it for the portal's word. Journal, schemas' verdicts, losses and the control API
are those of the stub portal: here is only where answers come from.
"""

from mockserver.proxy.forwarding import Forwarding, Target
from mockserver.proxy.recorded import Recorded, Recording, exchanges_of

__all__ = ["Forwarding", "Recorded", "Recording", "Target", "exchanges_of"]
