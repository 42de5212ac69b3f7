"""Headers as System.Net.Http reads them, and what the negotiator makes of them."""

import pytest

from mockserver.webapi import Request, media_types, negotiation


def _writing(accept: str | None, content_type: str | None, **more: str) -> str:
    headers = [(name.replace("_", "-"), value) for name, value in more.items()]
    if accept is not None:
        headers.append(("Accept", accept))
    body_type = media_types.content_type(content_type)
    return negotiation.writer(Request("POST", "/", headers, b"x"), body_type).content_type


@pytest.mark.parametrize(
    ("accept", "content_type", "expected"),
    [
        (None, None, "application/json; charset=utf-8"),
        (None, "text/xml", "text/xml; charset=utf-8"),
        (None, "application/x-www-form-urlencoded", "application/json; charset=utf-8"),
        ("*/*", "application/xml", "application/json; charset=utf-8"),
        ("text/html", "application/xml", "application/xml; charset=utf-8"),
        ("text/*", "application/xml", "text/json; charset=utf-8"),
        ("text/xml, application/json", None, "application/json; charset=utf-8"),
        ("application/json;q=0.5, application/xml", None, "application/xml; charset=utf-8"),
        ("application/json;q=0", "text/xml", "text/xml; charset=utf-8"),
        ("application/xml;q=0, */*", None, "application/json; charset=utf-8"),
        ("application/xml;q=.001", None, "application/xml; charset=utf-8"),
        ("text/json;q=1.0, application/json;q=1.0", None, "text/json; charset=utf-8"),
        ("*/*;q=0.1, text/xml;q=0.2", None, "text/xml; charset=utf-8"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", None, "application/xml; charset=utf-8"),
        # One element that cannot be read refuses the whole line.
        ("application/xml, *", None, "application/json; charset=utf-8"),
        ("application/xml,", None, "application/json; charset=utf-8"),
        ("application/xml;", None, "application/json; charset=utf-8"),
        # A weight that is no number is no weight.
        ('application/json;q=0.9, application/xml;q="0.1"', None, "application/xml; charset=utf-8"),
        (None, "application/*", "application/json; charset=utf-8"),
        (None, "text/*", "text/json; charset=utf-8"),
    ],
)
def test_the_answers_media_type(accept: str | None, content_type: str | None, expected: str) -> None:
    assert _writing(accept, content_type) == expected


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("text/html", "text/xml"),
        ("application/xml", "application/xml"),
    ],
)
def test_an_xhr_header_means_json_only_when_accept_says_nothing(accept: str | None, expected: str) -> None:
    assert _writing(accept, "text/xml", X_Requested_With="XMLHttpRequest") == f"{expected}; charset=utf-8"


@pytest.mark.parametrize(
    ("accept_charset", "content_type", "charset"),
    [
        (None, "application/json", "utf-8"),
        (None, "application/json; charset=UTF-16", "utf-16"),
        (None, 'application/json; charset="utf-16"', "utf-8"),
        (None, "application/json; charset=iso-8859-1", "utf-8"),
        ("utf-16", "application/json", "utf-16"),
        ("utf-16;q=0.5, utf-8", "application/json", "utf-8"),
        ("*", "application/json; charset=utf-16", "utf-8"),
        ("utf-16;q=0, bogus", "application/json; charset=utf-16", "utf-16"),
        ("utf-16;q=2", "application/json", "utf-8"),
    ],
)
def test_the_answers_charset(accept_charset: str | None, content_type: str, charset: str) -> None:
    more = {"Accept_Charset": accept_charset} if accept_charset is not None else {}
    assert _writing(None, content_type, **more) == f"application/json; charset={charset}"


@pytest.mark.parametrize(
    ("content_type", "wire_format"),
    [
        ("application/json", "json"),
        ("TEXT/JSON; version=2", "json"),
        ("application/*", "json"),
        ("*/*", "json"),
        ("text/xml ; charset=utf-8", "xml"),
        ("application/x-www-form-urlencoded", "form"),
        ("application/vnd.api+json", None),
        ("text/plain", None),
        ("application/json;", None),
        ("application/json, application/xml", None),
        ("garbage", None),
        ("", None),
        (None, None),
    ],
)
def test_the_formatter_that_reads(content_type: str | None, wire_format: str | None) -> None:
    assert negotiation.reader(media_types.content_type(content_type)) == wire_format
