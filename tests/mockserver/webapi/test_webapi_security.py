"""Hostile bodies: DTDs and entities are refused unread, depth is limited, work and memory grow as the input does.

Growth is counted, never timed: calls of functions (Python's and built-in ones) and the peak of allocated memory for an
input and for one twice as long.
"""

import builtins
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from invented import NAMESPACE, contract

from mockserver.telling import header, line
from mockserver.webapi import Request, Response, WebApi

JSON, XML, FORM = "application/json", "application/xml", "application/x-www-form-urlencoded"
PORTAL = WebApi(contract(), strict=False)
OPEN, CLOSE = f'<Thing xmlns="{NAMESPACE}">', "</Thing>"


def send(body: str | bytes, kind: str) -> Response:
    raw = body.encode("utf-8") if isinstance(body, str) else body
    request = Request("POST", "/api/Things", [("Content-Type", kind)], raw)
    return PORTAL.handle(request, lambda operation, model, record: record)


def bomb(depth: int) -> str:
    """The billion laughs."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, depth))
    return f'<!DOCTYPE Thing [<!ENTITY e0 "ha">{entities}]>{OPEN}<Text>&e{depth - 1};</Text>{CLOSE}'


@pytest.mark.parametrize(
    "body",
    [
        bomb(9),
        f"<!DOCTYPE Thing>{OPEN}{CLOSE}",
        f'<!DOCTYPE Thing [<!ENTITY x "a">]>{OPEN}<Text>&x;</Text>{CLOSE}',
        f'<!DOCTYPE Thing SYSTEM "http://127.0.0.1:9/x.dtd">{OPEN}{CLOSE}',
        f'<!DOCTYPE Thing [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p">%p;]>{OPEN}{CLOSE}',
        f"{OPEN}<Text>&undeclared;</Text>{CLOSE}",
        f"{OPEN}<Text><!ENTITY x 'a'></Text>{CLOSE}",
        f"{OPEN}<?php echo 1 ?>{CLOSE}",
    ],
)
def test_dtds_entities_and_instructions_are_refused_as_the_framework_refuses_them(body: str) -> None:
    response = send(body, XML)
    assert response.status == 400
    assert b"An error has occurred." in response.body and b"ModelState" in response.body


def test_an_external_entity_is_never_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TEST-SECRET", encoding="utf-8")
    body = f'<!DOCTYPE Thing [<!ENTITY x SYSTEM "{secret.as_uri()}">]>{OPEN}<Text>&x;</Text>{CLOSE}'
    monkeypatch.setattr(builtins, "open", lambda *args, **kwargs: pytest.fail(f"opened {args}"))
    monkeypatch.setattr("socket.socket.connect", lambda *args: pytest.fail(f"connected {args}"))
    response = send(body, XML)
    assert response.status == 400
    assert b"TEST-SECRET" not in response.body


@pytest.mark.parametrize(("depth", "status"), [(255, 200), (256, 400), (100_000, 400)])
def test_xml_is_read_to_a_depth_of_256(depth: int, status: int) -> None:
    assert send(OPEN + "<x>" * depth + "</x>" * depth + CLOSE, XML).status == status


@pytest.mark.parametrize(("depth", "status"), [(255, 200), (256, 400), (100_000, 400)])
def test_json_is_read_to_a_depth_of_256(depth: int, status: int) -> None:
    assert send('{"x": ' + "[" * depth + "]" * depth + "}", JSON).status == status


#: Media type and a body of n parts.
GROWING: dict[str, tuple[str, Callable[[int], str]]] = {
    "unknown members": (JSON, lambda n: "{" + ", ".join(f'"x{i}": {i}' for i in range(n)) + "}"),
    "unknown members, the long road": (JSON, lambda n: "{" + ", ".join(f'"x{i}": 1.5' for i in range(n)) + "}"),
    "one member again and again": (JSON, lambda n: "{" + ", ".join(['"ratio": 1.5'] * n) + "}"),
    "errors": (JSON, lambda n: "{" + ", ".join(['"count": "x"'] * n) + "}"),
    "an unknown list": (JSON, lambda n: '{"x": [' + "1.5, " * n + "0]}"),
    "escapes": (JSON, lambda n: '{"text": "' + "\\ud800" * n + '"}'),
    "comments": (JSON, lambda n: "{" + "/* */" * n + "}" + "/* */" * n + "x"),
    "unknown elements": (XML, lambda n: OPEN + "<x>1</x>" * n + CLOSE),
    "elements out of order": (XML, lambda n: OPEN + "<When>2030-01-01</When>" + "<Text>a</Text>" * n + CLOSE),
    "attributes": (XML, lambda n: OPEN[:-1] + "".join(f" a{i}='1'" for i in range(n)) + ">" + CLOSE),
    "namespaces": (XML, lambda n: OPEN + "<x xmlns:p='urn:p'/>" * n + CLOSE),
    "nested elements of many namespaces": (
        XML, lambda n: OPEN + "".join(f"<x xmlns:p{i}='u'>" for i in range(n)) + "</x>" * n + CLOSE,
    ),
    "text in pieces": (XML, lambda n: OPEN + "<Text>" + "a&amp;\r<!-- -->" * n + "</Text>" + CLOSE),
    "unknown names": (FORM, lambda n: "&".join(f"x{i}=1" for i in range(n))),
    "one name again and again": (FORM, lambda n: "&".join(["text=1"] * n)),
    "brackets": (FORM, lambda n: "x" + "[a]" * n + "=1"),
    "bad bytes": (FORM, lambda n: "text=" + "%EB" * n),
}  # fmt: skip
_PARTS = {"nested elements of many namespaces": 120}


def _answer_and_tell(body: bytes, kind: str) -> None:
    request = Request("POST", "/api/Things", [("Content-Type", kind)], body)
    losses = PORTAL.handle(request, lambda operation, model, record: record).losses
    header(losses)
    line(request, losses)


def calls(body: str, kind: str) -> int:
    """How many functions are called for a body."""
    raw, counted = body.encode(), 0

    def count(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        _answer_and_tell(raw, kind)
    finally:
        sys.setprofile(before)
    return counted


def peak(body: str, kind: str) -> int:
    """The most bytes allocated at once for a body."""
    raw = body.encode()
    tracemalloc.start()
    try:
        _answer_and_tell(raw, kind)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", GROWING)
def test_work_grows_as_the_body_does(name: str) -> None:
    kind, make = GROWING[name]
    size = _PARTS.get(name, 1000)
    calls(make(size), kind)  # what is cached afterwards is not counted
    once, twice = calls(make(size), kind), calls(make(2 * size), kind)
    assert twice <= 2.2 * once


@pytest.mark.parametrize("name", GROWING)
def test_memory_grows_as_the_body_does(name: str) -> None:
    kind, make = GROWING[name]
    size = _PARTS.get(name, 1500)
    peak(make(size), kind)
    once, twice = peak(make(size), kind), peak(make(2 * size), kind)
    assert twice < 3 * once  # tables grow in steps; growth by the square would be fourfold


def test_a_loss_costs_the_same_whatever_it_says() -> None:
    short, long = (send(json_of, JSON).losses for json_of in ('{"x": "a"}', '{"x": "' + "a" * 100_000 + '"}'))
    assert len(header(long)) == len(header(short))
    assert len(long[0].sent) <= 400
