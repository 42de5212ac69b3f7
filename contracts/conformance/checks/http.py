"""HTTP's own rules: methods, media types, paths. DELETE and PUT are not tried out: they might exist."""

from __future__ import annotations

from contracts.conformance import bodies
from contracts.conformance.checks import check
from contracts.conformance.probe import NotJudgedError, Probe


@check("http.method-not-allowed")
def method_not_allowed(probe: Probe) -> None:
    """Another method may exist on another page: what it answers then is observed."""
    documented = {op.method.value for op in probe.subject.contract.operations if op.path.value == probe.subject.path}
    for method in ("GET", "PATCH"):
        if method in documented:
            continue
        probe.attempt()
        answer = probe.send(method, {"Accept": probe.session.hearing}, None)
        received = answer.exchange.received
        fine = received is not None and (answer.status < 500 or (answer.status == 501 and method != "GET"))
        probe.expect(fine, f"405 to {method}", answer.words())
        probe.expect(answer.status != 404, f"405 to {method}, since the path is there", answer.words())
        if received is None or answer.status != 405:
            probe.observe(f"{method} is answered with {answer.words()}")
            continue
        allow = received.header("Allow")
        probe.expect(allow is not None, "405 with Allow", "405 without Allow")
        allowed = {word.strip().upper() for word in (allow or "").split(",")}
        wanted = probe.subject.operation.method.value
        probe.expect(wanted in allowed, f"Allow: {wanted}", f"Allow: {allow}")
    if not probe.witnesses:
        raise NotJudgedError("the pages document every method that may be tried")


@check("http.head-and-options")
def head_and_options(probe: Probe) -> None:
    for method in ("HEAD", "OPTIONS"):
        probe.attempt()
        answer = probe.send(method, {"Accept": probe.session.hearing}, None)
        fine = 0 < answer.status < 500 or answer.status == 501
        probe.expect(fine, f"no error of the server for {method}", answer.words())
        if method == "HEAD":
            probe.expect(answer.body == b"", "no body in an answer to HEAD", f"{answer.body[:60]!r}")


@check("http.accept")
def accept(probe: Probe) -> None:
    """A range that no format meets may be refused or passed over, as HTTP has it."""
    heard = probe.session.answers()
    for wanted in heard:
        probe.attempt()
        others = ", ".join(f"{media};q=0.1" for media in heard if media != wanted)
        ranges = ", ".join(part for part in (others, f"{wanted};q=0.9", "*/*;q=0.01") if part)
        answer, _ = probe.accepted(probe.record(), accept=ranges)
        wire = probe.session.format_of(wanted)
        probe.expect(answer.wire == wire, f"{wire}, which Accept: {ranges} prefers", f"{answer.wire}")
    for ranges in ("image/png", "a/b/c;;q=x, ,/"):
        probe.attempt()
        answer = probe.ask(probe.record(), accept=ranges)
        probe.expect(0 < answer.status < 500, f"no error of the server for Accept: {ranges}", answer.words())
    probe.attempt()
    session = probe.session
    body = bodies.write(probe.subject, session.format_of(session.speech), probe.record())
    answer = probe.send(probe.subject.operation.method.value, {"Content-Type": session.speech}, body)
    probe.expect(200 <= answer.status < 300, "the record is accepted (2xx) without Accept", answer.words())


@check("http.unsupported-media-type")
def unsupported_media_type(probe: Probe) -> None:
    session = probe.session
    body = bodies.write(probe.subject, session.format_of(session.speech), probe.record())
    for media in ("application/x-portal-contract", "text/plain", "image/png"):
        probe.attempt()
        headers = {"Content-Type": media, "Accept": session.hearing}
        answer = probe.send(probe.subject.operation.method.value, headers, body)
        probe.expect(answer.status == 415, f"415 to a body of type {media}", answer.words())


@check("http.unknown-path")
def unknown_path(probe: Probe) -> None:
    session = probe.session
    for tail in ("NoSuchThing", "-no-such-thing"):
        probe.attempt()
        body = bodies.write(probe.subject, session.format_of(session.speech), probe.record())
        headers = {"Content-Type": session.speech, "Accept": session.hearing}
        answer = probe.send(probe.subject.operation.method.value, headers, body, path=probe.subject.path + tail)
        probe.expect(answer.status == 404, "404 to a path that is none", answer.words())
