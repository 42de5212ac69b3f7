"""`portal-mock explain`: every kind of file is read, each loss explained, and what it says to send loses nothing."""

import base64
import gzip
import json
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from shipped_record import record

from contracts.errors import UsageError
from contracts.helppage import shipped
from mockserver.cli import main
from mockserver.explain import Explainer
from mockserver.explain.requests import read
from mockserver.webapi import Request

NAMESPACE = "http://schemas.datacontract.org/2004/07/GlobalPortal.Api.Models.AppointmentsModel"
BASE = "http://schemas.datacontract.org/2004/07/GlobalPortal.Api.Models"
JSON, XML, FORM = "application/json", "application/xml", "application/x-www-form-urlencoded"
LOSSY = f"""POST /api/Appointments HTTP/1.1
Host: portal.example
Content-Type: application/xml

<AppointmentModel xmlns="{NAMESPACE}">
  <Start>2030-01-07T09:00:00+02:00</Start>
  <CancelReason>ill</CancelReason>
  <Room>7</Room>
  <ExternalId>TEST-1</ExternalId>
</AppointmentModel>
"""
_STRICT, _LENIENT = Explainer(shipped()), Explainer(shipped(), strict=False)
_ATHENS = Explainer(shipped(), strict=False, zone=ZoneInfo("Europe/Athens"))


def run(text: str | bytes, *options: str) -> Result:
    return CliRunner().invoke(main, ["explain", "-", *options], input=text, env={"COLUMNS": "80"})


def test_three_losses_are_explained_and_the_corrected_body_shown() -> None:
    done = run(LOSSY, "--lenient")
    assert done.exit_code == 1
    assert "The portal answers 200, and without a word 4 things are lost or changed." in done.stdout
    for told in [
        "1  Start   time.zone-moved", "2  CancelReason   xml.out-of-order", "3  Room   xml.unknown",
        "4  ExternalId   xml.namespace", "   sent    2030-01-07T09:00:00+02:00", "   kept    2030-01-07T07:00:00+00:00",
        "   rule    S XmlObjectSerializerReadContext.cs (GetMemberIndex)", "Left out: Room (xml.unknown).",
    ]:  # fmt: skip
        assert told in done.stdout
    corrected = done.stdout.partition("send this instead")[2].partition("\n")[2].partition("\nLeft out")[0]
    assert corrected.strip() == (
        f'<AppointmentModel xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="{NAMESPACE}">\n'
        f'  <ExternalId xmlns="{BASE}">TEST-1</ExternalId>\n'
        "  <CancelReason>ill</CancelReason>\n"
        "  <Start>2030-01-07T07:00:00+00:00</Start>\n"
        "</AppointmentModel>"
    )


def test_what_is_kept_whole_is_said_so() -> None:
    text = f"POST /api/Appointments HTTP/1.1\r\nContent-Type: {JSON}\r\n\r\n{json.dumps(record())}"
    done = run(text)
    assert (done.exit_code, "keeps everything that was sent" in done.stdout) == (0, True)


def test_a_refusal_is_told_in_words_with_what_to_do() -> None:
    body = {**record(), "start": "nope"}
    done = run(f"POST /api/Appointments HTTP/1.1\nContent-Type: {JSON}\n\n{json.dumps(body)}")
    assert done.exit_code == 1
    assert "The portal answers 400: The request is invalid." in done.stdout
    assert "   model.start: An error has occurred." in done.stdout
    assert "   start: Could not convert string to DateTime: nope." in done.stdout
    assert "To do:" in done.stdout


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("GET /api/Appointments", "To do: use the verb of the page: POST api/Appointments."),
        ("POST /api/Other", "To do: send it to a path of the page: POST api/Appointments."),
        ("POST /api/Appointments HTTP/1.1\nContent-Type: text/plain", "To do: send a Content-Type of the page:"),
    ],
)
def test_each_refusal_says_what_to_do(head: str, said: str) -> None:
    done = run(f"{head}\n\nbody")
    assert (done.exit_code, said in done.stdout) == (1, True)


def test_the_lines_fit_the_screen_and_hold_nothing_of_the_clients_but_printable_text() -> None:
    body = {**record(), "\x1b[31mred": "\x1b[0m", "cancelReason": "\u202e" * 90 + "word " * 60, "start": "6/7/2030"}
    done = run(f"POST /api/Appointments HTTP/1.1\nContent-Type: {JSON}\n\n{json.dumps(body)}")
    assert "\x1b" not in done.stdout and "\u202e" not in done.stdout
    told = done.stdout.partition("send this instead")[0]
    assert max(map(len, told.splitlines())) <= 80
    assert [line for line in told.splitlines() if line != line.rstrip()] == []


def test_wide_characters_fit_the_screen_too() -> None:
    body = {**record(), "日本語" * 30: "日本語 " * 30}
    done = run(f"POST /api/Appointments HTTP/1.1\nContent-Type: {JSON}\n\n{json.dumps(body)}")
    told, _, after = done.stdout.partition("send this instead")
    shown = [*told.splitlines(), *after.partition("Left out")[2].splitlines()]
    assert "日本語" in told and max(map(cell_len, shown)) <= 80


@pytest.mark.parametrize(
    ("target", "body"),
    [("/api/Appointments?api_key=HUSH-1&x=1", {}), ("/api/Appointments", {"accessToken": "HUSH-1"}),
     ("/api/Appointments?a=1&Session-Token=HUSH-1", {"Password": "HUSH-1"})],
)  # fmt: skip
def test_what_its_name_says_to_be_a_credential_is_not_shown(target: str, body: dict[str, str]) -> None:
    text = f"POST {target} HTTP/1.1\nAuthorization: Bearer HUSH-1\nContent-Type: {JSON}\n\n"
    done = run(text + json.dumps({**record(), **body}))
    assert "HUSH-1" not in done.stdout
    assert "(hidden)" in done.stdout


def test_a_packed_body_is_said_to_be_the_cause() -> None:
    packed = gzip.compress(json.dumps(record()).encode(), mtime=0)
    done = run(f"POST /api/Appointments HTTP/1.1\nContent-Encoding: gzip\nContent-Type: {JSON}\n\n".encode() + packed)
    assert done.exit_code == 1
    assert "To do: send the body unpacked: the framework does not look at Content-Encoding" in done.stdout


def test_where_nothing_is_the_models_no_request_is_said_to_be_possible() -> None:
    done = run(f"POST /api/Appointments HTTP/1.1\nContent-Type: {FORM}\n\nroom=7", "--lenient")
    assert "No request can be made of the same members that would be taken without a loss." in done.stdout


def test_the_letters_of_the_sources_are_explained_once() -> None:
    lines = run(LOSSY, "--lenient").stdout.splitlines()
    assert lines.count("S: System.Runtime.Serialization of the .NET Framework") == 1
    assert not any(line.startswith("W: ") for line in lines)


@pytest.mark.parametrize(
    "text", ["", "garbage", "{", "[]", '{"log": {"entries": [{}]}}', "POST / HTTP/1.1\nno header\n\n",
             "POST http://[ HTTP/1.1\n\n", '{"request": {"method": "POST", "url": "http://[", "headers": []}}']
)  # fmt: skip
def test_a_file_that_holds_no_request_is_a_usage_error(text: str) -> None:
    done = run(text)
    assert done.exit_code == 2
    assert "what to do" in done.stderr


def test_a_file_that_is_not_there_is_a_usage_error() -> None:
    assert CliRunner().invoke(main, ["explain", "no-such-file"]).exit_code == 2


def test_line_ends_of_either_kind_and_of_editors_make_the_same_request() -> None:
    unix = b"POST /api/x?y=1 HTTP/1.1\nHost: h\nContent-Type: text/xml\n\n<a/>"
    wanted = Request("POST", "/api/x?y=1", [("Host", "h"), ("Content-Type", "text/xml")], b"<a/>")
    for data in (unix, unix + b"\n", unix.replace(b"\n", b"\r\n"), unix.replace(b"\n", b"\r\n") + b"\r\n",
                 unix.replace(b"/api", b"http://h/api"), unix.replace(b" HTTP/1.1", b"")):  # fmt: skip
        assert read(data, "test") == [wanted]


def test_an_address_in_the_query_is_no_target_of_its_own() -> None:
    (request,) = read(b"POST //api/x?back=http://other/y#z HTTP/1.1\n\n", "test")
    assert request.target == "//api/x?back=http://other/y#z"


def test_a_length_or_chunks_decide_where_a_body_ends() -> None:
    head = b"POST / HTTP/1.1\r\n"
    (long,) = read(head + b"Content-Length: 5\r\n\r\na=b\r\n\r\n", "test")
    assert long.body == b"a=b\r\n"
    (chunked,) = read(head + b"Transfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n2;x=y\r\nc&\r\n0\r\n\r\n", "test")
    assert chunked.body == b"a=bc&"
    (none,) = read(head + b"\r\n", "test")
    assert none.body is None


def _har(posted: dict[str, object], content_type: str = JSON) -> dict[str, object]:
    headers = [{"name": ":method", "value": "POST"}, {"name": "Content-Type", "value": content_type}]
    return {"request": {"method": "POST", "url": "https://h/api/x?y=1", "headers": headers, "postData": posted}}


def test_a_har_its_entries_and_the_journal_are_read() -> None:
    wanted = Request("POST", "/api/x?y=1", [("Content-Type", JSON)], b'{"a":1}')
    entry = _har({"mimeType": JSON, "text": '{"a":1}'})
    coded = _har({"mimeType": JSON, "text": base64.b64encode(b'{"a":1}').decode(), "encoding": "base64"})
    exchange = {"request": {"method": "POST", "target": "/api/x?y=1", "headers": [["Content-Type", JSON]],
                            "text": '{"a":1}'}}  # fmt: skip
    for document in (entry, entry["request"], [entry], {"log": {"entries": [entry]}}, coded, exchange,
                     {"exchanges": [exchange]}):  # fmt: skip
        assert read(json.dumps(document).encode(), "test") == [wanted]
    (form,) = read(json.dumps(_har({"params": [{"name": "a b", "value": "é"}]}, FORM)).encode(), "test")
    assert form.body == b"a+b=%C3%A9"


def test_the_text_of_a_har_goes_back_into_the_bytes_of_its_charset() -> None:
    (request,) = read(json.dumps(_har({"text": "Zoë"}, "text/plain; charset=iso-8859-1")).encode(), "test")
    assert request.body == b"Zo\xeb"


@given(st.binary(max_size=80) | st.text(alphabet='{}[]":,lograequstnihdx', max_size=40).map(str.encode))
def test_any_file_is_read_or_refused(data: bytes) -> None:
    try:
        assert read(data, "test")
    except UsageError as error:
        assert "what to do" in str(error)


NAMES = [*record(), "room", "CancelReason", "START", "id"]
VALUES = st.one_of(
    st.sampled_from([
        "2030-01-07T09:00:00", "2030-01-07T09:00:00+02:00", "2030-01-07T09:00:00.123456789Z", "1/2/2030", "2030-01", "",
        "0001-01-01T00:00:00+05:00", "1850-01-01T00:00:00Z", "/Date(1893486600000+0200)/", " ", "a\r\nb", "é\ufffd",
        "c9d1ba2c-2f6e-4d0a-9c1c-0a5b3f6f7a10",
    ]),
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
)  # fmt: skip
MEMBERS = st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=8)


def _written(kind: str, members: list[tuple[str, str]], charset: str) -> Request:
    """A request with these members, in any order, as often as they come."""
    from urllib.parse import urlencode
    from xml.sax.saxutils import escape

    if kind == JSON:
        text = "{" + ", ".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in members) + "}"
    elif kind == XML:
        inner = "".join(
            f"<{name[:1].upper()}{name[1:]}>{escape(v)}</{name[:1].upper()}{name[1:]}>" for name, v in members
        )
        text = f'<AppointmentModel xmlns="{NAMESPACE}">{inner}</AppointmentModel>'
    else:
        text = urlencode(members)
    body = text.encode("utf-8")
    return Request("POST", "/api/appointments/5?x=1", [("Content-Type", kind + charset)], body)


KINDS = st.sampled_from([JSON, XML, FORM])
CHARSETS = st.sampled_from(["", "; charset=iso-8859-1", "; charset=bogus"])
# One portal an example: three times the examples for the same time.
PORTALS = st.sampled_from([_LENIENT, _STRICT, _ATHENS])


def loses_nothing(explainer: Explainer, kind: str, members: list[tuple[str, str]], charset: str) -> None:
    found = explainer.explain(_written(kind, members, charset))
    if found.corrected is not None:
        again = explainer.explain(found.corrected)
        assert (again.response.status, again.losses, again.corrected) == (200, (), None)


@given(PORTALS, KINDS, MEMBERS, CHARSETS)
def test_what_is_said_to_be_sent_loses_nothing(
    explainer: Explainer, kind: str, members: list[tuple[str, str]], charset: str
) -> None:
    loses_nothing(explainer, kind, members, charset)


def can_be_corrected(explainer: Explainer, kind: str, members: list[tuple[str, str]]) -> None:
    # A form of which nothing would be left cannot be sent.
    members = [("cancelReason", "kept"), *members] if kind == FORM else members
    found = explainer.explain(_written(kind, members, ""))
    assert found.response.status == 400 or found.corrected is not None


@given(st.sampled_from([_LENIENT, _ATHENS]), KINDS, MEMBERS)
def test_every_request_that_is_taken_can_be_corrected(
    explainer: Explainer, kind: str, members: list[tuple[str, str]]
) -> None:
    can_be_corrected(explainer, kind, members)


@pytest.mark.slow
@settings(max_examples=20_000)
@given(PORTALS, KINDS, MEMBERS, CHARSETS)
def test_of_twenty_thousand_requests_what_is_said_to_be_sent_is_taken_without_a_loss(
    explainer: Explainer, kind: str, members: list[tuple[str, str]], charset: str
) -> None:
    loses_nothing(explainer, kind, members, charset)
    if not charset and explainer is not _STRICT:
        can_be_corrected(explainer, kind, members)


def test_a_correction_keeps_what_the_portal_kept() -> None:
    body = json.dumps({**record(), "room": 7, "start": "2030-01-07T09:00:00+02:00", "cancelReason": "a\rb"})
    request = Request("POST", "/api/Appointments", [("Content-Type", JSON)], body.encode())
    found = _STRICT.explain(request)
    assert found.corrected is not None and found.corrected.body is not None
    wanted = {**record(), "start": "2030-01-07T07:00:00+00:00", "cancelReason": "a\rb"}
    assert json.loads(found.corrected.body) == wanted


def test_a_correction_of_xml_keeps_carriage_returns_that_can_be_kept() -> None:
    inner = "<CancelReason>a&#xD;b</CancelReason><Room/>"
    body = f'<AppointmentModel xmlns="{NAMESPACE}">{inner}</AppointmentModel>'
    found = _LENIENT.explain(Request("POST", "/api/Appointments", [("Content-Type", XML)], body.encode()))
    assert found.corrected is not None
    assert b"<CancelReason>a&#xD;b</CancelReason>" in (found.corrected.body or b"")


@pytest.mark.parametrize("body", ["model.cancelReason=ill", "model[cancelReason]=ill"])
def test_a_prefix_of_a_form_is_taken_away(body: str) -> None:
    found = _LENIENT.explain(Request("POST", "/api/Appointments", [("Content-Type", FORM)], body.encode()))
    assert found.corrected is not None and found.corrected.body == b"CancelReason=ill"


def test_explaining_sends_nothing_and_changes_nothing(tmp_path: Path) -> None:
    request = Request("POST", "/api/Appointments", [("Content-Type", JSON)], json.dumps(record()).encode())
    same = replace(request)
    _STRICT.explain(request)
    assert request == same
