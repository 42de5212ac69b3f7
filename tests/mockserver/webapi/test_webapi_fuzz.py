"""No bytes, headers or paths make the portal raise, answer with a fault of its own, or hang."""

import json
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import NAMESPACE, contract

from mockserver.telling import HEADER_LIMIT, header, line
from mockserver.webapi import Request, WebApi

_PORTALS = [WebApi(contract(), strict=strict) for strict in (False, True)]
_PIECES = [
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    ":",
    ",",
    "text",
    "count",
    "when",
    "code",
    "null",
    "true",
    "NaN",
    "-Infinity",
    "new_Date(",
    "0x1F",
    "017",
    "1E400",
    "-",
    ".5",
    "/*",
    "*/",
    "//",
    "\\u",
    "d83e",
    "/Date(",
    ")/",
    "1780304400000",
    "2026-06-01",
    "T09:00:00",
    "Z",
    "+05:30",
    "$id",
    "$ref",
    "June",
    "GMT",
    "PM",
    "&",
    "=",
    "%",
    "%41",
    "+",
    "[]",
    "a[b]",
    "<Thing",
    "</Thing>",
    "<When>",
    "</When>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "&amp;",
    "&#x1;",
    '<?xml_version="1.0"?>',
    'i:nil="true"',
    "<!DOCTYPE",
]
_PIECES += ["\0", "\n", " ", "é", "🦷", f'<Thing xmlns="{NAMESPACE}">', '{"when": "', '{"code": ']
_TYPES = st.one_of(
    st.sampled_from(
        ["application/json", "text/xml", "application/x-www-form-urlencoded", "application/xml; charset=utf-16", "*/*"]
    ),
    st.text(max_size=20),
)
_NAMES = st.sampled_from(
    ["text", "Text", "Count", "Big", "price", "Ratio", "flag", "When", "Code", "Maybe", "shade", "x"]
)
_TEXTS = st.one_of(
    st.sampled_from(
        ["", " ", "7", "-0", "1.5", "1e9", "0x1F", "true", "Dark", "2026-06-01T09:00:00+05:30", "1 June 2026 9PM"]
    ),
    st.sampled_from(["/Date(1780304400000+0200)/", "0001-01-01T00:00:00+05:00", "c9d1ba2c2f6e4d0a9c1c0a5b3f6f7a10"]),
    st.text(max_size=12),
)
_VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), _TEXTS, st.lists(_TEXTS, max_size=2))


def _elements(pairs: list[tuple[str, str]]) -> str:
    inner = "".join(f"<{name.title()}>{escape(value)}</{name.title()}>" for name, value in pairs)
    return f'<Thing xmlns="{NAMESPACE}">{inner}</Thing>'


_BODIES = st.one_of(
    st.none(),
    st.binary(max_size=60),
    st.lists(st.sampled_from(_PIECES), max_size=14).map(lambda pieces: "".join(pieces).replace("_", " ").encode()),
    st.dictionaries(_NAMES, _VALUES, max_size=5).map(lambda members: json.dumps(members).encode()),
    st.lists(st.tuples(_NAMES, _TEXTS), max_size=5).map(lambda pairs: urlencode(pairs, errors="replace").encode()),
    st.lists(st.tuples(_NAMES, _TEXTS), max_size=5).map(lambda pairs: _elements(pairs).encode("utf-8", "replace")),
)
_HEADERS = st.lists(
    st.tuples(
        st.sampled_from(["Accept", "Accept-Charset", "Host", "X-Requested-With", "Content-Length", "Content-Type"]),
        st.one_of(
            st.text(max_size=20), st.sampled_from(["*/*;q=0", "text/xml", "application/*", "utf-16", ',;="', "q=1"])
        ),
    ),
    max_size=3,
)
_PATHS = st.one_of(
    st.just("/api/Things"),
    st.text(max_size=12).map(lambda text: f"/{text}"),
    st.lists(
        st.sampled_from(["/", "api", "Things", "%2f", "..", ".", "%41", "%c3", "?", "=", "&", "\0", "5"]), max_size=8
    ).map("".join),
)
ANYTHING = {
    "method": st.sampled_from(["POST", "POST", "POST", "GET", "HEAD", "X", ""]),
    "target": _PATHS,
    "content_type": _TYPES,
    "headers": _HEADERS,
    "body": _BODIES,
}


def never_breaks(
    method: str, target: str, content_type: str, headers: list[tuple[str, str]], body: bytes | None
) -> None:
    """Both portals answer as the framework would, and what they tell besides is fit to be sent."""
    request = Request(method, target, [("Content-Type", content_type), *headers], body)
    for portal in _PORTALS:
        response = portal.handle(request, lambda operation, model, record: record)
        assert response.status in (200, 400, 404, 405, 415)
        told = header(response.losses)
        assert told.isascii() and told.isprintable() and len(told) <= HEADER_LIMIT
        assert line(request, response.losses).isprintable()
        assert response.status == 400 or not response.hidden


# A few hundred in the everyday profile, as many as the profile says in the nightly one.
@settings(max_examples=max(400, settings().max_examples))
@given(**ANYTHING)
def test_nothing_sent_breaks_the_portal(**sent: Any) -> None:
    never_breaks(**sent)


@pytest.mark.slow
@settings(max_examples=20_000)
@given(**ANYTHING)
def test_nothing_sent_breaks_the_portal_in_twenty_thousand_requests(**sent: Any) -> None:
    never_breaks(**sent)


#: Long enough that reading in more than linear time would hang the test.
_LONG = 100_000


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"[" * _LONG),
        ("application/json", b'{"a":' * _LONG),
        ("application/json", b'{"text":"' + b"\\u0061" * _LONG + b'"}'),
        ("application/json", b'{"text":"' + b"\\ud800" * _LONG + b'"}'),
        ("application/json", b'{"count":' + b"9" * _LONG + b"}"),
        ("application/json", b'{"text":' + b"9" * _LONG + b"}"),
        ("application/json", b"/*" * _LONG),
        ("application/json", b'{"when":"' + b"1 " * _LONG + b'"}'),
        ("application/json", b'{"when":"' + b"#" * _LONG + b'"}'),
        ("application/json", b'{"text"' + b" " * _LONG + b"}"),
        ("text/xml", b"<a>" * _LONG),
        ("text/xml", f'<Thing xmlns="{NAMESPACE}">'.encode() + b"<a/>" * _LONG),
        ("text/xml", f'<Thing xmlns="{NAMESPACE}"'.encode() + b" a='" * _LONG),
        (
            "text/xml",
            f'<Thing xmlns="{NAMESPACE}" '.encode() + b"".join(b"a%d='' " % i for i in range(_LONG // 8)) + b"/>",
        ),
        ("text/xml", f'<Thing xmlns="{NAMESPACE}"><Text>'.encode() + b"&" * _LONG),
        ("text/xml", f'<Thing xmlns="{NAMESPACE}"><Text>'.encode() + b"&#" + b"0" * _LONG + b";</Text></Thing>"),
        ("text/xml", b"<!--" + b"-" * _LONG),
        ("text/xml", b"<" + b" " * _LONG),
        ("text/xml", f'<Thing xmlns="{NAMESPACE}"/> '.encode() + b"<!---->" * _LONG + b"x"),
        ("text/xml", f'<Thing xmlns="{NAMESPACE}"><When>7 June'.encode() + b" " * _LONG + b"2026</When></Thing>"),
        ("text/xml", f'<Thing xmlns="{NAMESPACE}">'.encode() + b"<Text>a</Text>" * (_LONG // 8) + b"</Thing>"),
        ("text/xml", f'<Thing xmlns="{NAMESPACE}"><Text>'.encode() + b"\r\n" * _LONG + b"</Text></Thing>"),
        ("application/json", b'{"when":"7 June' + b" " * _LONG + b'2026"}'),
        ("application/json", b'{"ratio":1.' + b"1" * _LONG + b"}"),
        ("application/json", b"{}" + b"/**/" * _LONG + b"x"),
        ("application/json", b'{"x":1' + b',"x":1' * _LONG + b"}"),
        ("application/json", b'{"text":1.5' + b',"text":1.5' * (_LONG // 8) + b"}"),
        ("application/x-www-form-urlencoded", b"text=" + b"%EB" * _LONG + b"&x=" + b"%EB" * _LONG),
        ("application/x-www-form-urlencoded", b"text=1&" * _LONG),
        ("application/x-www-form-urlencoded", b"when=7+June" + b"+" * _LONG + b"2026"),
        ("application/x-www-form-urlencoded; charset=iso-8859-1", "ë".encode() * _LONG),
        ("application/json; charset=iso-8859-1", b'{"text":"' + "ë".encode() * _LONG + b'"}'),
        ("application/x-www-form-urlencoded", b"[" * _LONG),
        ("application/x-www-form-urlencoded", b"&" * _LONG),
        ("application/x-www-form-urlencoded", b"a" + b"[b]" * _LONG + b"=1"),
        ("application/x-www-form-urlencoded", b"text=" + b"%" * _LONG),
    ],
)
def test_long_input_ends(content_type: str, body: bytes) -> None:
    request = Request("POST", "/api/Things", [("Content-Type", content_type)], body)
    response = _PORTALS[0].handle(request, lambda operation, model, record: record)
    assert response.status in (200, 400)
