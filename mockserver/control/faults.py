"""A tenant's faults over HTTP: listed, arranged, taken away.

    GET /faults · POST /faults · DELETE /faults · DELETE /faults/{number} · GET /faults/kinds

The rule: what a fault may be is said by the tables of `mockserver.faults.kinds` alone; a body is a fault, a list of
them, or the text of the command line's --fault. All of a list are arranged, or none.
"""

from __future__ import annotations

from typing import Any

from mockserver.control import document as d
from mockserver.control.answers import DONE, Answer, Refused
from mockserver.control.routes import Call, Route
from mockserver.faults import read
from mockserver.faults.kinds import COUNTS, KINDS, MATCHERS


def listed(call: Call) -> Answer:
    return Answer({"faults": [one.as_data() for one in call.tenant.faults.rules]})


def add(call: Call) -> Answer:
    given = _given(call)
    rules = [read(one) for one in (given if isinstance(given, list) else [given])]
    added = call.tenant.faults.add(*rules)
    return Answer({"faults": [one.as_data() for one in added]}, 201)


def _given(call: Call) -> Any:
    """The body as JSON, or as text where it does not begin as JSON does: curl -d sends either as a form."""
    start = call.body.lstrip()[:1]
    if start in (b"{", b"[", b'"', b""):
        return call.document()
    try:
        return call.body.decode("utf-8").strip()
    except UnicodeDecodeError:
        raise Refused(400, "the body is no text in UTF-8", "send a fault, as status=503;count=2") from None


def clear(call: Call) -> Answer:
    call.tenant.faults.clear()
    return DONE


def remove(call: Call) -> Answer:
    number = call.path["number"]
    known = number.isascii() and number.isdecimal() and len(number) < 10
    if not (known and call.tenant.faults.remove(int(number))):
        raise Refused(404, f"there is no fault {number[:100]}", "GET /_portal/faults lists them")
    return DONE


def kinds(call: Call) -> Answer:
    told = {
        name: {
            "told": kind.told,
            "seen": kind.seen,
            "main": kind.main,
            "parameters": {name: row.schema for name, row in kind.parameters.items()},
            "required": [name for name, row in kind.parameters.items() if row.required],
        }
        for name, kind in KINDS.items()
    }
    choices = {
        "matchers": {name: row.schema for name, row in MATCHERS.items()},
        "counts": {name: row.schema for name, row in COUNTS.items()},
    }
    return Answer({"kinds": told, **choices})


_BODY = {"application/json": d.ref("Fault"), "text/plain": d.TEXT}
_NUMBER = "/faults/{number}"

ROUTES = (
    Route("GET", "/faults", "what is to go wrong, and how often it did", {200: "Faults"}, listed),
    Route("POST", "/faults", "arranges a fault, or a list of them", {201: "Faults", 400: "Error"}, add, takes=_BODY),
    Route("DELETE", "/faults", "takes all faults away, and lets go on whom they keep waiting", {204: None}, clear),
    Route("GET", "/faults/kinds", "what can be made to go wrong", {200: "FaultKinds"}, kinds),
    Route("DELETE", _NUMBER, "takes a fault away", {204: None, 404: "Error"}, remove),
)
