"""What no friendly client sends: document types, deep nesting, other encodings, far too much, unknown members.

The rule: nothing here harms a portal that guards itself as its framework does: no entity names a file or a host, and
the largest body is a megabyte. A clean refusal and a clean success are both right.
"""

from __future__ import annotations

import re

from contracts.conformance import bodies
from contracts.conformance.checks import check
from contracts.conformance.checks.errors import INTERNALS
from contracts.conformance.probe import NotJudgedError, Probe
from contracts.conformance.session import Answer
from contracts.conformance.wire import UnreachableError

DEEP = 5000
LARGE = 1_000_000
_MARK = "entity-was-expanded"
_PLACE = "where-the-entity-stands"


def _json(whole: bytes) -> list[tuple[str, bytes]]:
    return [
        ("nested deep", b'{"pcUnknown": ' + b"[" * DEEP + b"]" * DEEP + b"}"),
        ("with bytes that are not UTF-8", whole.replace(b'": "', b'": "\xff\xfe\xe9', 1)),
        ("in UTF-16 that says UTF-8", whole.decode().encode("utf-16-le")),
        ("that begins with a byte order mark", b"\xef\xbb\xbf" + whole),
        ("with half a surrogate pair", whole.replace(b'": "', b'": "\\ud800', 1)),
        ("with a number without end", b'{"pcUnknown": 1' + b"0" * 5000 + b"}"),
    ]


def _xml(whole: bytes) -> list[tuple[str, bytes]]:
    start, end = whole.index(b">") + 1, whole.rindex(b"</")
    name = (re.match(rb"<([^ >]+)", whole) or [b"", b""])[1]
    return [
        ("with a document type", b"<!DOCTYPE %s [<!ELEMENT x ANY>]>" % name + whole),
        (
            "with an entity of its own",
            b'<!DOCTYPE %s [<!ENTITY e "%s">]>' % (name, _MARK.encode()) + whole.replace(_PLACE.encode(), b"&e;"),
        ),
        ("nested deep", whole[:start] + b"<pcUnknown>" * DEEP + b"</pcUnknown>" * DEEP + whole[end:]),
        ("with bytes that are not UTF-8", re.sub(rb">([^<>]+)</", b">\xff\xfe\xe9</", whole, count=1)),
        ("in an encoding it does not declare", b'<?xml version="1.0" encoding="utf-16"?>' + whole),
    ]


def _form(whole: bytes) -> list[tuple[str, bytes]]:
    return [
        ("with bytes that are not UTF-8", whole.replace(b"=", b"=%FF%FE%E9", 1)),
        ("with thousands of fields", b"&".join([whole, *(b"pcUnknown%d=1" % n for n in range(2000))])),
        ("with brackets nested deep", whole + b"&pcUnknown" + b"[a]" * 1000 + b"=1"),
    ]


_BODIES = {"json": _json, "xml": _xml, "form": _form}


@check("errors.hostile.{format}")
def hostile(probe: Probe) -> None:
    place = {prop.name: _PLACE for prop in probe.subject.texts[-1:]}
    whole = bodies.write(probe.subject, probe.session.format_of(probe.media), probe.record(changes=place))
    for how, body in _BODIES[probe.format](whole):
        probe.attempt()
        answer = probe.ask({}, media=probe.media, body=body, ledger=False)
        _clean(probe, answer, f"a {probe.format} body {how}")
        expanded = _MARK.encode() in answer.body and answer.status < 300
        probe.expect(not expanded, "no entity of the client's expanded", "its text in the answer")


def _clean(probe: Probe, answer: Answer, what: str) -> None:
    probe.expect(0 < answer.status < 500, f"a refusal (4xx) or a success for {what}", answer.words())
    told = INTERNALS.search(answer.body)
    probe.expect(told is None, f"none of the server's internals for {what}", repr(told and told[0][:60]))


@check("errors.oversize")
def oversize(probe: Probe) -> None:
    """A server may close the connection on what is too large (RFC 9110 §15.5.14), so no answer is no violation."""
    if not probe.subject.texts:
        raise NotJudgedError("no member takes a free text")
    for media in probe.session.request_formats().values():
        probe.attempt()
        record = probe.record(changes={probe.subject.texts[-1].name: "x" * LARGE})
        try:
            answer = probe.ask(record, media=media, ledger=False)
        except UnreachableError as error:
            if error.kind == "budget":
                raise
            raise NotJudgedError(f"no answer to a body of a megabyte: {error.detail}") from None
        if answer.status == 0:
            raise NotJudgedError(f"no answer to a body of a megabyte: {answer.exchange.failure}")
        _clean(probe, answer, f"a text of {LARGE} characters ({media})")
        if answer.status >= 400:
            probe.observe(f"a megabyte is refused: {answer.words()}")


@check("errors.unknown-member.{format}")
def unknown_member(probe: Probe) -> None:
    whole = bodies.write(probe.subject, probe.session.format_of(probe.media), probe.record())
    end = whole.rfind(b"</")
    more = {
        "json": [whole[:-1] + b', "pcUnknown": "x", "pcOther": {"a": [1]}}', b'{"pcUnknown": null, ' + whole[1:]],
        "xml": [whole[:end] + b'<pcUnknown xmlns="urn:pc">x</pcUnknown>' + whole[end:]],
        "form": [whole + b"&pcUnknown=x&pcOther=", b"pcUnknown&" + whole],
    }
    for body in more[probe.format]:
        probe.attempt()
        _clean(probe, probe.ask({}, media=probe.media, body=body, ledger=False), f"an unknown member in {probe.format}")


@check("errors.alike")
def alike(probe: Probe) -> None:
    """A portal may name the members in one format alone; where it names some in both, they are the same."""
    session = probe.session
    answers = session.answers()
    if len(answers) < 2:
        raise NotJudgedError("answers come in one format only")
    wire = session.format_of(session.speech)
    whole = bodies.write(probe.subject, wire, probe.record())
    for body, media in ((whole[: len(whole) // 2], session.speech), (whole, "image/png"), (b"", session.speech)):
        probe.attempt()
        told = [probe.ask({}, media=media, accept=accept, body=body, ledger=False) for accept in answers]
        _agree(probe, told, "the same fault")
    probe.attempt()
    lacking = {probe.subject.key.name: session.key()}
    told = [probe.ask(lacking, accept=accept, ledger=False) for accept in answers]
    _agree(probe, told, "a record of its key alone")
    if all(answer.status >= 400 and answer.body for answer in told):
        named = [_named(probe, answer) for answer in told]
        same = named[0] == named[1] or not all(named)
        probe.expect(same, f"{sorted(named[0])} named in both formats", f"{sorted(named[1])}")


def _agree(probe: Probe, told: list[Answer], what: str) -> None:
    first, *others = told
    for other in others:
        probe.expect(other.status == first.status, f"{first.words()} to {what} in every format", other.words())


def _named(probe: Probe, answer: Answer) -> set[str]:
    text = answer.body.decode(answer.charset if answer.charset else "utf-8", "replace").lower()
    return {prop.name for prop in probe.subject.required if prop.name.lower() in text}
