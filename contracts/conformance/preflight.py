"""Before judging: is this the operation at all, and in which formats can the suite speak with it?

    a valid invented record, in each format in turn, until one is accepted

The rule: what can only mean that nobody can judge here (no connection, wrong path, no access, no such API) is a
TargetError that says what was tried and what to try; what may be the portal's fault (it refuses one format and takes
another, or fails with a 5xx) is left to the checks.
"""

from __future__ import annotations

import re
import socket
import ssl
from urllib.parse import urlsplit

from contracts.conformance import asking
from contracts.conformance.learning import learned, mended
from contracts.conformance.probe import Probe
from contracts.conformance.redactor import Redactor
from contracts.conformance.session import Answer, Session
from contracts.conformance.wire import UnreachableError
from contracts.errors import TargetError

_ADVICE = {
    "refused": "is the portal running, and is the port right?",
    "name": "is the host's name right?",
    "tls": "trust its authority (--ca FILE, or ca under [tls] in portal.toml); for a test server, --insecure",
    "plain": "this port speaks plain HTTP: write http:// instead of https://",
    "certificate": "it wants a client certificate: name client_cert and client_key under [tls] in portal.toml",
    "handshake": "if it wants a client certificate, name client_cert and client_key under [tls] in portal.toml",
    "proxy": "is the proxy running, and is its URL right?",
    "timeout": "is the portal running? Allow it more time with --timeout SECONDS",
    "budget": "allow more requests",
    "share": "allow more requests for each resource",
    "limited": "send fewer requests a second: --rate N, or rate under [target] in portal.toml",
    "connection": "are host, port and scheme (http or https) right?",
}
SAID = 120  # so many characters of an error are shown
_CALL_TIMEOUT = 3.0  # seconds for the question whether a port speaks TLS


class RefusedError(TargetError):
    """A resource cannot be judged: `kind` is a word for why it could not be reached (empty where it answered), `status`
    what it answered (0: nothing)."""

    def __init__(self, text: str, kind: str = "", status: int = 0):
        super().__init__(text)
        self.kind, self.status = kind, status


def survey(session: Session, redactor: Redactor) -> None:
    """Find a way to speak with the target, and learn from it what the pages leave open."""
    _speak(session, redactor)
    session.subject = learned(session)


def _speak(session: Session, redactor: Redactor) -> None:
    """Set the session's speech and hearing to media types that work; RefusedError where nothing can be judged."""
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
            raise RefusedError(_unreachable(session, redactor, error), error.kind) from None
        if answer.status == 0:
            advice = _ADVICE["connection"]
            if session.wire.target.base_url.startswith("https:") and session.wire.target.client_cert is None:
                advice = _ADVICE["handshake"]
            if _speaks_tls(session):
                advice = "this port speaks TLS: write https:// instead of http://"
            late = answer.exchange.failure == "no answer in time"
            what, advice = f"no answer: {answer.exchange.failure}", _ADVICE["timeout"] if late else advice
            raise RefusedError(_message(session, redactor, what, advice), "timeout" if late else "")
        if 200 <= answer.status < 300 or (answer.status >= 500 and answer.status not in _UNAVAILABLE):
            if not refusals and not _foreign(answer):
                return
            if 200 <= answer.status < 300 and answer.record is not None:
                session.speech = name
                return
        elif answer.status in (400, 422) and mended(session, answer):
            session.speech = name
            return
        refusals.append(answer)
        if hopeless := _hopeless(answer):
            raise RefusedError(_message(session, redactor, *hopeless, answer=answer), status=answer.status)
    raise RefusedError(_message(session, redactor, *_refused(refusals[0]), answer=refusals[0]))


def absent(session: Session, status: int) -> bool:
    """Whether an operation that was answered with this status is not there at all: a body that nobody can read is
    answered alike. (A portal may answer 404 to a record that refers to another which it does not know.)"""
    if status not in (404, 405, 410, _NO_SUCH_METHOD):
        return False
    headers = {"Content-Type": session.speech, "Accept": session.hearing}
    try:
        return Probe(session).send(session.subject.operation.method.value, headers, b"<{").status == status
    except UnreachableError:
        return False


def greet(session: Session, redactor: Redactor) -> None:
    """Ask an operation of which no record is known; RefusedError where it cannot be asked or lets nobody in."""
    probe = Probe(session)
    try:
        answer = probe.send("OPTIONS", {"Accept": "application/json"}, None, path=asking.path(session.subject))
    except UnreachableError as error:
        raise RefusedError(_unreachable(session, redactor, error), error.kind) from None
    if answer.status == 0:
        problem = f"no answer: {answer.exchange.failure}"
        raise RefusedError(_message(session, redactor, problem, _ADVICE["connection"]))
    if answer.status in (401, 403, 407):
        raise RefusedError(_message(session, redactor, *(_hopeless(answer) or ("", "")), answer=answer))


#: RFC 9110 §15.6: the server does not do this at all; something before or behind it is not there.
_NO_SUCH_METHOD, _UNAVAILABLE = 501, (501, 502, 503, 504)


def _first(session: Session, media: list[str]) -> str:
    return next((name for name in media if session.format_of(name) == "json"), media[0])


def _browsers(answer: Answer) -> bool:
    """Whether a body is a page for browsers."""
    return bool(re.match(rb"\s*(<!--.*?-->\s*)*<(!doctype html|html)", answer.body, re.IGNORECASE | re.DOTALL))


def _foreign(answer: Answer) -> bool:
    """Whether a success is a page for browsers rather than anything of this API."""
    return answer.record is None and _browsers(answer)


def _hopeless(answer: Answer) -> tuple[str, str] | None:
    """What says at once that no other format will do: what came, and what to try."""
    status, method = answer.status, answer.exchange.sent.method
    if status == _NO_SUCH_METHOD or (status == 405 and _browsers(answer)):
        return f"this server does not take {method} there: {answer.words()}", "is this the portal, and the right port?"
    if status in (401, 403, 407):
        return f"access is refused: {answer.words()}", "give the header that grants access: --header 'NAME: VALUE'"
    if status in (404, 405, 410):
        return (
            f"the operation is not there: {answer.words()}",
            "check the base URL: it is what stands before the page's path, so it neither repeats that path's first "
            "segment nor lacks a prefix of the site; and give the pages of this very portal (--page)",
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
    said = _said(answer)
    if answer.status in _UNAVAILABLE:
        return (
            f"it is not available: {answer.words()}{said}",
            "is the portal behind this address running? Try again when it is",
        )
    if "https port" in said.lower():
        return f"it refuses plain HTTP: {answer.words()}{said}", "write https:// instead of http://"
    return (
        f"it refuses a valid invented record in every format: {answer.words()}{said}",
        "nothing is shown by that: if it wants known references, name some under [accepts] in portal.toml, or give it "
        "a tenant that knows the suite's values",
    )


def _said(answer: Answer) -> str:
    """The beginning of what an error says, in one line without markup, after a colon; empty where it says nothing."""
    text = answer.body[:4000].decode("utf-8", "replace")
    if _browsers(answer):
        text = re.sub(r"(?is)<(style|script)\b.*?</\1>|<[^>]*>", " ", text)
    words = " ".join(text.split())
    return f": {words[:SAID]}{'…' if len(words) > SAID else ''}" if words else ""


def _speaks_tls(session: Session) -> bool:
    """Whether a port that was asked in plain HTTP takes a TLS greeting."""
    parts = urlsplit(session.wire.target.base_url)
    if parts.scheme != "http" or session.wire.target.proxy or not parts.hostname:
        return False
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            socket.create_connection((parts.hostname, parts.port or 80), timeout=_CALL_TIMEOUT) as plain,
            context.wrap_socket(plain),
        ):
            return True
    except (OSError, ValueError):
        return False


def _unreachable(session: Session, redactor: Redactor, error: UnreachableError) -> str:
    return _message(session, redactor, error.detail, _ADVICE.get(error.kind, _ADVICE["connection"]))


def _message(session: Session, redactor: Redactor, what: str, advice: str, answer: Answer | None = None) -> str:
    url = session.wire.target.url(session.subject.path)
    shorter = _shorter(session) if answer is not None and not 400 <= answer.status < 404 else ""
    extra = f" The base URL repeats the beginning of the page's path: try {shorter}" if shorter else ""
    method = session.subject.operation.method.value
    return redactor.text(f"{method} {url}: {what}\n    what to do: {advice}.{extra}".replace("?.", "?"))


def _shorter(session: Session) -> str:
    """The base URL without what it repeats of the page's path, empty where it repeats nothing."""
    base, segments = session.wire.target.base_url.rstrip("/"), session.subject.path.split("/")
    for count in range(len(segments), 0, -1):
        tail = "/" + "/".join(segments[:count])
        if base.lower().endswith(tail.lower()):
            return base[: -len(tail)]
    return ""
