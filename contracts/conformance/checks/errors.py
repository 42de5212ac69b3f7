"""What is wrong with a request is the client's fault, and is said so, in a body that the client can read."""

from __future__ import annotations

import re

from contracts.conformance import bodies
from contracts.conformance.checks import check
from contracts.conformance.probe import Probe
from contracts.conformance.session import Answer, family
from contracts.conformance.values import Record


def _whole(probe: Probe, wire: str) -> bytes:
    return bodies.write(probe.subject, wire, probe.record())  # type: ignore[arg-type]


def malformed(probe: Probe, wire: str) -> list[tuple[str, bytes]]:
    """Bodies that no reader of the format can take for a record, each with a word for what is wrong."""
    whole = _whole(probe, wire)
    if wire == "json":
        return [
            ("cut off within a text", whole[: whole.rindex(b'"')]),
            ("cut off in the middle", whole[: len(whole) // 2]),
            ("with a name and no value", b'{"a": }'),
            ("with a closing bracket alone", b"]"),
            ("of no JSON at all", b"%!PS no json"),
        ]
    if wire == "xml":
        return [
            ("without its end tag", whole[: whole.rindex(b"</")]),
            ("cut off in the middle", whole[: len(whole) // 2]),
            ("with tags crossed", whole.replace(b"</", b"</x", 1)),
            ("of no XML at all", b"no xml"),
        ]
    return [
        ("of separators and half escapes", b"%%%=&&&=&%ZZ=%E9&[=]&"),
        ("of bytes that are no text", b"\xff\xfe=\x80&a[=1"),
    ]


@check("errors.malformed.{format}")
def malformed_body(probe: Probe) -> None:
    """A form that names no member lacks what is required; where nothing is, only an error of the server counts."""
    lax = probe.format == "form" and not probe.subject.required
    for how, body in malformed(probe, probe.format):
        probe.attempt()
        answer = probe.ask({}, media=probe.media, body=body, ledger=False)
        fine = 200 <= answer.status < 500 if lax or probe.format == "form" else 400 <= answer.status < 500
        probe.expect(fine, f"4xx to a {probe.format} body {how}", answer.words())


def _foreign(wire: str) -> list[bytes]:
    """Bodies that can be read, but are no record."""
    return {
        "json": [b"null", b"[]", b'"text"', b"12", b"{}"],
        "xml": [b"<Unknown/>", b'<a xmlns="urn:x"><b/></a>'],
        "form": [b"unknown=1", b"=", b"&"],
    }[wire]


@check("errors.no-body")
def no_body(probe: Probe) -> None:
    for wire, media in probe.session.request_formats().items():
        for body in [b"", *_foreign(wire)]:
            probe.attempt()
            answer = probe.ask({}, media=media, body=body, ledger=False)
            probe.expect(
                0 < answer.status < 500, f"no error of the server for the {wire} body {body!r}", answer.words()
            )


_MISTYPED = ("no such value", "", "2031-02-30T25:61:00Z")


@check("errors.mistyped")
def mistyped(probe: Probe) -> None:
    """Wrong values in JSON and texts that are none of the type; what the portal makes of them is left open."""
    subject, session = probe.subject, probe.session
    for place, (wire, media) in enumerate(session.request_formats().items()):
        for prop in subject.model.properties:
            if prop.type.value.kind != "scalar" or prop.type.value.name == "String":
                continue
            if wire == "xml" and prop.type.value.name in bodies.XML_TOKENS:
                continue
            for text in _MISTYPED if probe.session.effort.thorough else (_MISTYPED[place % len(_MISTYPED)],):
                probe.attempt()
                answer = _with_text(probe, media, prop.name, text)
                what = f"no error of the server for {prop.name} = {text!r} in {wire}"
                probe.expect(0 < answer.status < 500, what, answer.words())
            place += 1
    if "json" in session.request_formats():
        media = session.request_formats()["json"]
        for token in (b"{}", b"[1]", b"true"):
            probe.attempt()
            answer = probe.ask({}, media=media, body=_retyped(probe, token), ledger=False)
            probe.expect(
                0 < answer.status < 500, f"no error of the server for {token!r} as every value", answer.words()
            )


def _with_text(probe: Probe, media: str, name: str, text: str) -> Answer:
    """The record with a text in place of a value, in the page's place for it."""
    mark = "5eedmark"
    record: Record = {**probe.record(), name: mark}
    body = bodies.write(probe.subject, probe.session.format_of(media), record)
    return probe.ask({}, media=media, body=body.replace(mark.encode(), text.encode()), ledger=False)


def _retyped(probe: Probe, token: bytes) -> bytes:
    names = [prop.json.value for prop in probe.subject.sent if prop.json.value]
    return b"{" + b", ".join(b'"%s": %s' % (name.encode(), token) for name in names) + b"}"


def _faulty(probe: Probe) -> list[tuple[str, Answer]]:
    """One error of each kind, asked for in each format an answer can have."""
    session, found = probe.session, []
    for accept in session.response_formats().values():
        if accept in session.fallen_answers:
            continue
        for wire, media in session.request_formats().items():
            if wire != "form":
                body = malformed(probe, wire)[0][1]
                found.append((accept, probe.ask({}, media=media, accept=accept, body=body, ledger=False)))
        missing = {probe.subject.key.name: session.key()}
        found.append((accept, probe.ask(missing, accept=accept, ledger=False)))
    return found


@check("errors.readable")
def readable(probe: Probe) -> None:
    for accept, answer in _faulty(probe):
        received = answer.exchange.received
        if received is None or not 400 <= answer.status < 600 or not received.body:
            continue
        probe.exchanges = [answer.exchange]
        page = answer.media == "text/html" or re.match(rb"\s*<(!doctype html|html)", received.body, re.IGNORECASE)
        probe.expect(not page, "an error that a program can read", "a page for browsers (HTML)")
        got = family(answer.media)
        wanted = probe.session.format_of(accept)
        if got is not None:
            probe.expect(got == wanted, f"an error in {wanted}, as asked for", f"one in {got} ({answer.media})")
            probe.expect(_parses(answer), f"an error in {wanted} that can be parsed", f"{received.body[:60]!r}")


def _parses(answer: Answer) -> bool:
    try:
        if family(answer.media) == "json":
            bodies.document(answer.body, answer.charset)
        else:
            bodies.tree(answer.body)
    except bodies.UnreadableError:
        return False
    return True


#: What shows a server's inside: frames of .NET, Java and Python traces, exception types, IIS's yellow page, SQL errors.
INTERNALS = re.compile(
    rb"StackTrace|ExceptionType|\bat [\w.<>`+]+\([^)]*\)(?: in |\s+at |:line)|System\.\w+(?:\.\w+)*Exception"
    rb"|Traceback \(most recent call last\)|File \"[^\"]+\", line \d+|\bat [\w.$]+\(\w+\.java:\d+\)"
    rb"|Server Error in '|Incorrect syntax near|SqlException|\bORA-\d{5}|\w:\\\\?inetpub",
)


@check("errors.no-internals")
def no_internals(probe: Probe) -> None:
    _faulty(probe)
    for exchange in probe.session.errors:
        if exchange.received is None:
            continue
        probe.exchanges = [exchange]
        match = INTERNALS.search(exchange.received.body)
        got = match[0][:60].decode("utf-8", "replace") if match else ""
        probe.expect(match is None, "an error without the server's internals", f"{got!r} in the body")
