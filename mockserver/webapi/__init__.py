"""ASP.NET Web API 2's manners, driven by a contract.

    Request ─ routing ─ negotiation ─ reading (JSON, XML, form) ─ model state ─ act ─ writing ─ Response

The rule: what the framework does is done here, one file per manner, each rule under its source; what the portal's
controller does is the caller's `act`. No web server, no store and no member's name may live in this package. Sources
are cited as `W` (src/System.Web.Http), `N` (src/System.Net.Http.Formatting) of AspNetWebStack 5.2.7, `J`
(Newtonsoft.Json 6.0.8), `S` (System.Runtime.Serialization) and `M` (Mono 6.8's class library, on which the recording
was made).
"""

from mockserver.webapi.http import Request, Response
from mockserver.webapi.losses import Loss
from mockserver.webapi.pipeline import Act, WebApi

__all__ = ["Act", "Loss", "Request", "Response", "WebApi"]
