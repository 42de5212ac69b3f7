"""Silent losses as a client and whoever runs the stub portal see them: the header, the log line, the journal."""

import json
import logging
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from shipped_record import record

from contracts.helppage import shipped
from mockserver.app import create_app
from mockserver.store import open_store
from mockserver.telling import HEADER, HEADER_LIMIT, LINE_LIMIT, discreet, header, line
from mockserver.webapi import Loss, Request

PATH = "/api/Appointments"
LOSSY = {**record(), "Room": 7}
# RFC 9651, 4.2: a List whose members are Tokens with the parameter member (String or Display String) or count.
ITEM = re.compile(
    r"(?P<reason>[A-Za-z*][!#$%&'*+.^_`|~0-9A-Za-z:/-]*)"
    r"(?:;member=(?:\"(?P<plain>(?:[ !#-\[\]-~]|\\[\\\"])*)\"|%\"(?P<display>(?:[ !#-$&-~]|%[0-9a-f]{2})*)\")"
    r"|;count=(?P<count>[0-9]{1,15}))"
)


def parsed(value: str) -> list[tuple[str, str]]:
    """Reason and member (or count) of each item; fails where the value is no structured field."""
    found, place = [], 0
    while place < len(value):
        if place:
            assert value[place : place + 2] == ", "
            place += 2
        item = ITEM.match(value, place)
        assert item is not None, value[place:]
        if item["display"] is not None:
            raw = re.sub(rb"%([0-9a-f]{2})", lambda m: bytes.fromhex(m[1].decode()), item["display"].encode())
            text = raw.decode("utf-8")
        else:
            text = item["count"] or re.sub(r"\\(.)", r"\1", item["plain"] or "")
        found.append((item["reason"], text))
        place = item.end()
    return found


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    with open_store("memory") as store:
        yield create_app(shipped(), store).test_client()


def test_a_lossy_answer_says_so_in_a_header(client: FlaskClient) -> None:
    answer = client.post(PATH, json=LOSSY)
    assert answer.status_code == 200
    assert answer.headers[HEADER] == 'json.unknown;member="Room"'


def test_an_answer_that_loses_nothing_has_no_such_header(client: FlaskClient) -> None:
    assert HEADER not in client.post(PATH, json=record()).headers


def test_the_log_has_one_line_for_a_lossy_request(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="mockserver.losses")
    client.post(PATH, json=LOSSY)
    client.post(PATH, json=record())
    client.post(PATH, json=LOSSY, headers={"Portal-Tenant": "test-7"})
    assert caplog.messages == [
        f"POST {PATH}: silently lost: Room (json.unknown) sent 7, kept nothing",
        f"POST {PATH} (tenant test-7): silently lost: Room (json.unknown) sent 7, kept nothing",
    ]


def test_quiet_neither_header_nor_log_tells_but_the_journal_does(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="mockserver.losses")
    with open_store("memory") as store:
        client = create_app(shipped(), store, quiet_losses=True).test_client()
        answer = client.post(PATH, json=LOSSY)
        kept = client.get("/_portal/journal").get_json()
    assert HEADER not in answer.headers
    assert not caplog.messages
    (loss,) = kept["exchanges"][0]["losses"]
    assert (loss["member"], loss["reason"], loss["sent"], loss["kept"]) == ("Room", "json.unknown", "7", None)


def _loss(member: str, reason: str = "json.unknown", sent: str = "1") -> Loss:
    return Loss(member, reason, sent, None, "rule")


@given(st.lists(st.text(alphabet=st.characters(), max_size=40), min_size=1, max_size=5))
def test_no_name_breaks_out_of_the_header(names: list[str]) -> None:
    value = header([_loss(name) for name in names])
    assert value.isascii() and value.isprintable()
    expected = [name.encode("utf-8", "replace").decode("utf-8") for name in names]
    assert parsed(value) == [("json.unknown", name) for name in expected]


@pytest.mark.parametrize("name", ['a", x;member="b', "a\r\nSet-Cookie: b=c", "\\", "größe", "\0", "%41"])
def test_a_name_made_to_break_out_is_only_a_name(name: str) -> None:
    assert parsed(header([_loss(name), _loss("next")])) == [("json.unknown", name), ("json.unknown", "next")]


def test_the_header_is_bounded_and_counts_what_it_leaves_out() -> None:
    losses = [*(_loss(f"name{number:04}" + "x" * 90) for number in range(200)), _loss("", "more", "1000")]
    value = header(losses)
    assert len(value) <= HEADER_LIMIT
    items = parsed(value)
    assert items[-1] == ("more", str(1200 - (len(items) - 1)))
    assert len(items) > 20


@given(st.text(), st.text())
def test_the_log_line_is_one_line(name: str, sent: str) -> None:
    request = Request("POST", "/x\r\n", [], b"")
    text = line(request, [_loss(name, sent=sent)] * 60)
    assert len(text) <= LINE_LIMIT
    assert text.isprintable()


def test_the_log_line_hides_credentials_by_their_names() -> None:
    request = Request("POST", "/x?page=2&api_key=HUSH-1&sig=HUSH-2", [], b"")
    lost = [_loss("", "query.ignored", "page=2&api_key=HUSH-1&sig=HUSH-2"), _loss("login.Password", sent='"HUSH-3"')]
    text = line(request, lost)
    assert "HUSH" not in text
    assert text.count("page=2&api_key=(hidden)&sig=(hidden)") == 2


def test_a_name_of_the_clients_never_becomes_a_header(client: FlaskClient) -> None:
    body = json.dumps({**record(), "x\r\nSet-Cookie: a=b": 1})
    answer = client.post(PATH, data=body, content_type="application/json")
    assert "Set-Cookie" not in answer.headers
    assert parsed(answer.headers[HEADER]) == [("json.unknown", "['x\r\nSet-Cookie: a=b']")]


@pytest.mark.parametrize(
    ("hostile", "told"),
    [
        ("/?" + "token" * 900_000 + "&a=1", "/?" + "token" * 900_000 + "&a=1"),
        ("?token=" * 300_000, "?token=(hidden)"),
        ("/?a=?" * 300_000, "/?a=?" * 300_000),
    ],
    ids=["a name", "names in a value", "marks"],
)
def test_a_target_made_to_take_long_is_told_at_once(hostile: str, told: str) -> None:
    assert discreet(hostile) == told  # looked at again from every place, the first one takes a day


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("/a?token=1&b=2", "/a?token=(hidden)&b=2"),
        ("/a?b=2&X-Api-Key=1", "/a?b=2&X-Api-Key=(hidden)"),
        ("my_secret=1 and=2", "my_secret=(hidden) and=2"),
        ("/a?b=c?sig=1&jwt=", "/a?b=c?sig=(hidden)&jwt=(hidden)"),
        ("/a?signal=1&AUTH=2&token", "/a?signal=1&AUTH=(hidden)&token"),
    ],
)
def test_a_credential_is_known_by_its_name_wherever_it_stands(target: str, told: str) -> None:
    assert discreet(target) == told
