"""Before judging: is this the operation at all, and in which formats can the suite speak with it?

    a valid invented record, in each format in turn, until one is accepted

The rule: what can only mean that nobody can judge here (no connection, wrong path, no access, no such API) is a
TargetError that says what was tried and what to try; what may be the portal's fault (it refuses one format and takes
another, or fails with a 5xx) is left to the checks.
"""

from __future__ import annotations

import re

from contracts.conformance.probe import Probe
from contracts.conformance.redactor import Redactor
from contracts.conformance.session import Answer, Session
from contracts.conformance.wire import UnreachableError
from contracts.errors import TargetError

_ADVICE = {
    "refused": "is the portal running, and is the port right?",
    "name": "is the host's name right?",
    "tls": "give a file of CA certificates, or switch verification off for a test server",
    "timeout": "is the portal running? Allow it more time with a longer timeout",
    "connection": "are host, port and scheme (http or https) right?",
}


def survey(session: Session, redactor: Redactor) -> None:
    """Set the session's speech and hearing to media types that work; TargetError where nothing can be judged."""
    subject = session.subject
    media = [fact.value.name for fact in subject.request_media()]
    answers = [fact.value.name for fact in subject.response_media()]
    session.speech, session.hearing = _first(session, media), _first(session, answers)
    refusals: list[Answer] = []
    order = sorted(media, key=lambda name: name != session.speech)
    for name in order:
        probe = Probe(session)
        try:
            answer = probe.ask(probe.record(), media=name)
        except UnreachableError as error:
            raise TargetError(_unreachable(session, redactor, error)) from None
        if answer.status == 0:
            raise TargetError(
                _message(session, redactor, f"no answer: {answer.exchange.failure}", _ADVICE["connection"])
            )
        if 200 <= answer.status < 300 or answer.status >= 500:
            if not refusals and not _foreign(answer):
                return
            if 200 <= answer.status < 300 and answer.record is not None:
                session.speech = name
                return
        refusals.append(answer)
        if hopeless := _hopeless(answer):
            raise TargetError(_message(session, redactor, *hopeless, answer=answer))
    raise TargetError(_message(session, redactor, *_refused(refusals[0]), answer=refusals[0]))


def _first(session: Session, media: list[str]) -> str:
    return next((name for name in media if session.format_of(name) == "json"), media[0])


def _foreign(answer: Answer) -> bool:
    """Whether a success is a page for browsers rather than anything of this API."""
    return answer.record is None and bool(re.match(rb"\s*<(!doctype html|html)", answer.body, re.IGNORECASE))


def _hopeless(answer: Answer) -> tuple[str, str] | None:
    """What says at once that no other format will do: what came, and what to try."""
    status = answer.status
    if status in (401, 403, 407):
        return f"access is refused: {answer.words()}", "give the header that grants access"
    if status in (404, 405, 410):
        return (
            f"the operation is not there: {answer.words()}",
            "check the base URL: it is what stands before the page's path, so it neither repeats that path's first "
            "segment nor lacks a prefix of the site",
        )
    if 300 <= status < 400:
        received = answer.exchange.received
        where = received.header("Location") if received else None
        return f"it redirects to {where}: {answer.words()}", "use the URL it redirects to (https?) as the base URL"
    if status == 429:
        return f"it wants fewer requests: {answer.words()}", "wait, or ask its owner for a higher limit"
    if 200 <= status < 300 and _foreign(answer):
        return (
            f"a page for browsers came: {answer.words()}",
            "check the base URL: something else than the API answers there",
        )
    return None


def _refused(answer: Answer) -> tuple[str, str]:
    start = answer.body[:300].decode("utf-8", "replace").strip()
    return (
        f"it refuses a valid invented record in every format: {answer.words()} {start}",
        "nothing is shown by that: if it wants known references, give it a tenant that knows the suite's values",
    )


def _unreachable(session: Session, redactor: Redactor, error: UnreachableError) -> str:
    return _message(session, redactor, error.detail, _ADVICE.get(error.kind, _ADVICE["connection"]))


def _message(session: Session, redactor: Redactor, what: str, advice: str, answer: Answer | None = None) -> str:
    url = session.wire.target.url(session.subject.path)
    method = session.subject.operation.method.value
    extra = ""
    if answer is not None:
        first = session.subject.path.split("/")[0]
        base = session.wire.target.base_url.rstrip("/")
        if answer.status in (404, 405) and base.lower().endswith("/" + first.lower()):
            shorter = base[: -len(first) - 1]
            extra = f" The base URL ends with /{first}, with which the page's path begins: try {shorter}"
    return redactor.text(f"{method} {url}: {what}\n    what to do: {advice}.{extra}".replace("?.", "?"))
