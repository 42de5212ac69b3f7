"""What can be made to go wrong: every kind of fault with its parameters, and with which requests.

    KINDS      name · what happens · what the client sees · its parameters (unit, limits, default)
    CHOICES    with which requests, and how often: the same for every kind

The rule: these two tables say all; reading a fault, the control API with its OpenAPI document, the command line and the
tests walk them. How a fault is done may not live here (`sending`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

Type = Literal["number", "integer", "text", "boolean", "headers"]

#: The longest that a fault may keep a request waiting, in seconds.
LONGEST = 600.0


@dataclass(frozen=True)
class Parameter:
    """A parameter: its type, `least` and `most` it may be, and what it is when it is not given (None: nothing)."""

    told: str
    type: Type = "text"
    default: Any = None
    least: float | None = None
    most: float | None = None
    required: bool = False
    unit: str = ""
    example: str = ""
    among: tuple[str, ...] = ()

    @property
    def expected(self) -> str:
        """What a value must be, in words."""
        if self.among:
            return " or ".join(self.among)
        if self.type == "headers":
            return 'texts by name, as {"Retry-After": "5"}'
        if self.type == "boolean":
            return "true or false"
        if self.type == "text":
            return f"a text, as {self.example}"
        kind = "a whole number" if self.type == "integer" else "a number"
        unit = f" of {self.unit}" if self.unit else ""
        low = f", from {_figure(self.least)}" if self.least is not None else ""
        return f"{kind}{unit}{low}" + (f" to {_figure(self.most)}" if self.most is not None else "")

    def fits(self, value: Any) -> bool:
        """Whether it may have that value."""
        if self.type == "boolean":
            return isinstance(value, bool)
        if self.type == "text":
            plain = isinstance(value, str) and bool(value)
            return plain and (not self.among or value in self.among)
        if self.type == "headers":
            return isinstance(value, Mapping) and all(_is_field(*one) for one in value.items())
        if isinstance(value, bool) or not isinstance(value, int if self.type == "integer" else int | float):
            return False
        # The comparison is false for what is no number, too.
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    @property
    def schema(self) -> dict[str, Any]:
        """The same as JSON Schema."""
        found: dict[str, Any] = {"type": {"text": "string", "headers": "object"}.get(self.type, self.type)}
        if self.type == "headers":
            found["additionalProperties"] = {"type": "string"}
        for name, value in (("minimum", self.least), ("maximum", self.most), ("default", self.default)):
            if value is not None:
                found[name] = value
        if self.among:
            found["enum"] = list(self.among)
        unit = f", {self.unit}" if self.unit else ""
        return {**found, "description": self.told + unit}


def _figure(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)


# RFC 9110, 5.1 and 5.5: a token, and a value without control characters. The length is the web server's to write.
def _is_field(name: Any, value: Any) -> bool:
    if not (isinstance(name, str) and isinstance(value, str) and name and name.lower() not in _SERVERS):
        return False
    token = all(c.isascii() and (c.isalnum() or c in "!#$%&'*+-.^_`|~") for c in name)
    return token and all(c == "\t" or " " <= c <= "~" for c in value)


_SERVERS = frozenset({"content-length", "transfer-encoding", "connection", "date", "server"})


@dataclass(frozen=True)
class Kind:
    """A row: `told` is what happens, `seen` what the client sees; `whole` whether it gets all of an answer.

    `acts` says whether the portal does what was asked before it fails; None: as the parameter `stored` says. The first
    parameter is the one that a value after the kind's name means.
    """

    told: str
    seen: str
    parameters: Mapping[str, Parameter]
    acts: bool | None = True
    whole: bool = False

    @property
    def main(self) -> str:
        """The name of its first parameter, empty where it has none."""
        return next(iter(self.parameters), "")


_STORED = {
    "stored": Parameter("whether the portal does what was asked before it fails", "boolean", False),
}
_SECONDS = Parameter("how long", "number", least=0, most=LONGEST, required=True, unit="seconds")

KINDS: Mapping[str, Kind] = {
    "latency": Kind(
        "The answer comes late; what was sent is stored at once.",
        "the right answer, after a while",
        {
            "seconds": _SECONDS,
            "jitter": Parameter("up to so much more, evenly spread", "number", least=0, most=LONGEST, unit="seconds"),
            "sigma": Parameter("spread as a lognormal distribution, seconds its median", "number", least=0, most=5),
        },
        whole=True,
    ),
    "status": Kind(
        "The portal answers with a status and, from 400 on, the framework's error body; nothing is stored.",
        "that status",
        {
            "status": Parameter("the status", "integer", least=200, most=599, required=True),
            "message": Parameter("the error's message", example="Try again later."),
            "retry_after": Parameter("the header Retry-After", "integer", least=0, most=10**6, unit="seconds"),
            "headers": Parameter("further headers", "headers"),
        },
        acts=False,
        whole=True,
    ),
    "database-down": Kind(
        "What needs the database fails as an exception does, after the framework's own checks; nothing is stored.",
        '500 "An error has occurred."',
        {},
        acts=True,
        whole=True,
    ),
    "reset": Kind(
        "The connection is reset before an answer.",
        "connection reset by peer; where the portal does not run on Linux, a connection that ends without an answer",
        _STORED,
        acts=None,
    ),
    "empty": Kind("The connection ends before an answer.", "the end, without one byte", _STORED, acts=None),
    "lost": Kind(
        "The portal stores what it was sent, then the connection ends before the answer.",
        "the end, without one byte",
        {},
    ),
    "half": Kind(
        "The answer breaks off, and the connection ends.",
        "the status, a Content-Length, and fewer bytes than it says",
        {"part": Parameter("how much of the body is sent, of 1", "number", 0.5, least=0.01, most=0.99)},
    ),
    "length": Kind(
        "The Content-Length is wrong, and the connection ends after the body.",
        "with less, a body cut short; with more, one that ends too early",
        {"by": Parameter("added to the right one", "integer", 10, least=-(10**6), most=10**6, unit="bytes")},
    ),
    "drip": Kind(
        "The body comes slowly.",
        "the right answer, a few bytes at a time",
        {"rate": Parameter("how fast", "number", 20, least=0.1, most=10**6, unit="bytes a second")},
        whole=True,
    ),
    "hang": Kind(
        "No answer comes, and in the end the connection ends.",
        "nothing, until it gives up or the time is over",
        {"seconds": Parameter("for how long", "number", 30.0, least=0, most=LONGEST, unit="seconds"), **_STORED},
        acts=None,
    ),
    "garbage": Kind(
        "The body is noise of the right length, under the right status and headers.",
        "a body that cannot be read",
        {},
    ),
    "blank": Kind("The answer has no body.", "the right status and headers, Content-Length: 0", {}),
}

#: With which requests: all of those given must fit.
MATCHERS: Mapping[str, Parameter] = {
    "method": Parameter("the verb, in any case", example="POST"),
    "path": Parameter("the path, in any case; * stands for anything", example="/api/*"),
    "operation": Parameter("the operation by its id, or its path", example="POST api/Things"),
    "header": Parameter("a header that is sent, or one with such a value", example="X-Client: test*"),
    "contains": Parameter("a text in the body, as it was sent", example="K1"),
    "key": Parameter("the key that the record in the body bears", example="K1"),
}
#: How often, of the requests that fit.
COUNTS: Mapping[str, Parameter] = {
    "after": Parameter("not with the first so many", "integer", 0, least=0, most=10**9),
    "every": Parameter("with every Nth of the others", "integer", 1, least=1, most=10**9),
    "count": Parameter("so many times at most", "integer", least=1, most=10**9),
    "probability": Parameter("with this share of them, drawn by seed", "number", 1.0, least=0, most=1),
    "seed": Parameter("what is drawn with it is drawn again", "integer", 1, least=0, most=2**63 - 1),
    "draw": Parameter(
        "what is drawn for: the Nth request that fits, or a request by its verb, target and body, whatever came before",
        default="order", among=("order", "request"),
    ),
}  # fmt: skip
CHOICES: Mapping[str, Parameter] = {**MATCHERS, **COUNTS}


@cache
def parameters(kind: str) -> Mapping[str, Parameter]:
    """Every parameter of a fault of that kind."""
    return {**KINDS[kind].parameters, **CHOICES}
