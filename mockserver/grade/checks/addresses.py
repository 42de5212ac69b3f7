"""Where requests go: paths, verbs, and what stands in the address that should not.

The rule: a path is unknown when no verb of the page has it; only then is the verb not asked about.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

from contracts.model import Operation
from mockserver.grade.history import History, Step
from mockserver.grade.ledger import Case, Ledger

_BODILESS = ("GET", "HEAD", "DELETE")


def check(history: History, ledger: Ledger) -> None:
    """Judge the address of every request."""
    verbs = list(dict.fromkeys(operation.method.value for operation in history.contract.operations))
    for step in history.steps:
        _route(step, verbs, ledger)
        _secrets(step, ledger)
        if step.request.method.upper() in _BODILESS:
            sent = len(step.request.body or b"")
            ledger.either("method.body", step, Case("the body", f"{sent} bytes") if sent else None)


def _route(step: Step, verbs: list[str], ledger: Ledger) -> None:
    request, operation = step.request, step.operation
    if operation is None:
        others = [verb for verb in verbs if step.reading.operation(replace(request, method=verb)) is not None]
        path = step.shown.request.target.partition("?")[0]
        if others:
            ledger.kept("route.path", step)
            ledger.broken("route.method", [step], Case(path, request.method, str(step.status), ", ".join(others)))
        else:
            near = step.near
            instead = near.operation if near is not None else ""
            case = Case("the path", f"{request.method} {path}", str(step.status), instead)
            ledger.broken("route.path", [step], case)
        return
    ledger.kept("route.path", step)
    ledger.kept("route.method", step)
    sent, wanted = request.target.partition("?")[0], f"/{operation.path.value.partition('?')[0]}"
    ledger.either("route.spelling", step, None if _spelled(sent, operation) else Case("the path", sent, "", wanted))


def _spelled(path: str, operation: Operation) -> bool:
    """Whether a path is spelled as the page's; a segment more than the template's is judged elsewhere."""
    sent = path.removeprefix("/").split("/")
    wanted = operation.path.value.partition("?")[0].strip("/").split("/")
    if sent[-1] == "" and len(sent) > len(wanted):
        return False
    return all(b.startswith("{") or unquote(a) == b for a, b in zip(sent, wanted, strict=False))


def _secrets(step: Step, ledger: Ledger) -> None:
    """Credentials in the address; a parameter that the page names is none."""
    secrets, request = step.reading.secrets, step.request
    known = {one.name.lower() for one in step.operation.parameters} if step.operation is not None else set()
    found = [name for name in secrets.names_in(request.target) if name.lower() not in known]
    for name in found:
        sent = step.shown.request.target
        ledger.broken(
            "secret.in-url",
            [step],
            Case(f"the query parameter {name}", sent, "", "a header, for example Authorization"),
        )
    if not found and any(secrets.is_secret_header(name) for name, _ in request.headers):
        ledger.kept("secret.in-url", step)
