"""No bytes, headers or paths make the portal raise, answer with a fault of its own, or hang."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import NAMESPACE, contract

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
_BODIES = st.one_of(
    st.none(),
    st.binary(max_size=60),
    st.lists(st.sampled_from(_PIECES), max_size=14).map(lambda pieces: "".join(pieces).replace("_", " ").encode()),
)
_HEADERS = st.lists(
    st.tuples(st.sampled_from(["Accept", "Accept-Charset", "Host", "X-Requested-With"]), st.text(max_size=20)),
    max_size=3,
)


# A few hundred in the everyday profile, as many as the profile says in the nightly one.
@settings(max_examples=max(400, settings().max_examples))
@given(st.sampled_from(["POST", "GET", "X"]), st.text(max_size=12), st.booleans(), _TYPES, _HEADERS, _BODIES)
def test_nothing_sent_breaks_the_portal(
    method: str, path: str, ours: bool, content_type: str, headers: list[tuple[str, str]], body: bytes | None
) -> None:
    target = "/api/Things" if ours else f"/{path}"
    request = Request(method, target, [("Content-Type", content_type), *headers], body)
    for portal in _PORTALS:
        response = portal.handle(request, lambda operation, model, record: record)
        assert response.status in (200, 400, 404, 405, 415)


#: Long enough that reading in more than linear time would hang the test.
_LONG = 200_000


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
