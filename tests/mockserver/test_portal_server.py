"""The web server on a real socket: what it hands on, what it does with many at once, and how it ends."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import pytest
from shipped_record import PORTAL_ID, record

from contracts import helppage
from contracts.errors import UsageError
from mockserver.app import create_app
from mockserver.journal import Journal
from mockserver.server import bind, serving, url_of
from mockserver.store import open_store

PATH = "/api/Appointments"


@pytest.fixture(scope="module")
def journal() -> Journal:
    return Journal()


@pytest.fixture(scope="module")
def url(journal: Journal) -> Iterator[str]:
    with open_store("memory") as store, serving(create_app(helppage.shipped(), store, journal=journal)) as served:
        yield served


def connect(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)


def exchange(url: str, raw: bytes) -> bytes:
    """Everything that comes back for these bytes; the request should ask to close."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as connection:
        connection.sendall(raw)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def post(connection: http.client.HTTPConnection, document: object) -> Any:
    connection.request("POST", PATH, json.dumps(document), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    body = json.loads(answer.read())
    assert answer.status == 200, body
    return body


def test_32_clients_that_post_one_new_key_at_once_get_one_id(url: str) -> None:
    clients, rounds = 32, 50
    barrier = threading.Barrier(clients)
    ids: list[set[str]] = [set() for _ in range(rounds)]
    answered: list[int] = []

    def work() -> None:
        connection = connect(url)
        connection.connect()
        for number in range(rounds):
            barrier.wait()
            ids[number].add(post(connection, record(f"CROWD-{number}"))[PORTAL_ID])
            answered.append(number)
        connection.close()

    crowd = [threading.Thread(target=work) for _ in range(clients)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert len(answered) == clients * rounds
    assert [len(of_round) for of_round in ids] == [1] * rounds
    assert len(set.union(*ids)) == rounds


@pytest.mark.parametrize(
    ("raw", "method", "target", "body"),
    [
        (b"get /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "get", "/x", None),
        (b"POST /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "POST", "/x", None),
        (b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "POST", "/x", b""),
        (b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab", "POST", "/x", b"ab"),
        (
            b"PUT /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
            "PUT",
            "/x",
            b"a",
        ),
        (
            b"GET //a/%C3%A9%20%25?q=%2F+%C3%A9 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
            "GET",
            "//a/%C3%A9%20%25?q=%2F+%C3%A9",
            None,
        ),
        (b"BREW-it /a/../b;v=1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "BREW-it", "/a/../b;v=1", None),
    ],
)
def test_a_request_reaches_the_framework_as_it_was_sent(
    url: str, journal: Journal, raw: bytes, method: str, target: str, body: bytes | None
) -> None:
    assert b" 404 Not Found\r\n" in exchange(url, raw)
    (seen,) = journal.last(1)
    assert (seen.request.method, seen.request.target, seen.request.body) == (method, target, body)


def test_headers_reach_the_framework_and_the_process_environment_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:3128")
    monkeypatch.setenv("REQUEST_URI", "/of/another/server")
    monkeypatch.setenv("RAW_URI", "/of/another/server")
    journal = Journal()
    raw = b"GET /x HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nX-A: 2\r\naccept: text/xml\r\nConnection: close\r\n\r\n"
    with open_store("memory") as store, serving(create_app(helppage.shipped(), store, journal=journal)) as served:
        exchange(served, raw)
    (seen,) = journal.last(1)
    assert seen.request.target == "/x"
    assert sorted(seen.request.headers) == [
        ("Accept", "text/xml"),
        ("Connection", "close"),
        ("Host", "h"),
        ("X-A", "1,2"),  # RFC 9110, 5.3: the same as two lines
    ]


@pytest.mark.parametrize(
    "raw",
    [
        b"\x16\x03\x01 is no HTTP\r\n\r\n",
        b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: many\r\nConnection: close\r\n\r\n",
        b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab",
        b"GET /x HTTP/1.1\r\nHost: h\r\nX-N: a\x00b\r\nConnection: close\r\n\r\n",
    ],
)
def test_what_is_no_http_is_400_and_the_server_goes_on(url: str, raw: bytes) -> None:
    assert exchange(url, raw).startswith(b"HTTP/1.1 400 ")
    connection = connect(url)
    assert post(connection, record("AFTER"))
    connection.close()


def test_a_body_beyond_the_limit_is_413_whether_its_length_is_told_or_not() -> None:
    with open_store("memory") as store, serving(create_app(helppage.shipped(), store, body_limit=100)) as served:
        head = b"POST /api/Appointments HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: text/json\r\n"
        told = exchange(served, head + b"Content-Length: 101\r\n\r\n" + b"x" * 101)
        untold = exchange(served, head + b"Transfer-Encoding: chunked\r\n\r\n65\r\n" + b"x" * 101 + b"\r\n0\r\n\r\n")
    for answer in (told, untold):
        assert answer.startswith(b"HTTP/1.1 413 ")


def test_answers_say_their_length_and_a_head_has_no_body(url: str) -> None:
    answer = exchange(url, b"HEAD /api/Appointments HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 405 ")
    assert b"allow: POST" in head
    assert body == b""
    answer = exchange(url, b"GET /api/Appointments HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert f"content-length: {len(body)}".encode() in head.lower()


def test_200_clients_that_hang_in_their_body_do_not_stop_the_others(url: str) -> None:
    parts = urlsplit(url)
    with ExitStack() as open_ones:
        for _ in range(200):
            hung = open_ones.enter_context(socket.create_connection((parts.hostname, parts.port), timeout=30))
            hung.sendall(b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Type: text/json\r\nContent-Length: 9\r\n\r\n{")
        for number in range(3):  # the first may overtake the others
            connection = connect(url)
            assert post(connection, record(f"BESIDE-{number}"))
            connection.close()


def test_a_connection_is_kept_for_many_requests(url: str) -> None:
    connection = connect(url)
    connection.connect()
    first = connection.sock
    for number in range(20):
        post(connection, record(f"KEPT-{number}"))
    assert connection.sock is first
    connection.close()


def test_two_portals_in_one_process_do_not_share_records() -> None:
    contract = helppage.shipped()
    with (
        open_store("memory") as one,
        open_store("memory") as other,
        serving(create_app(contract, one)) as first,
        serving(create_app(contract, other)) as second,
    ):
        assert first != second
        ids = []
        for served in (first, second):
            connection = connect(served)
            ids.append(post(connection, record("K1"))[PORTAL_ID])
            connection.close()
    assert ids[0] != ids[1]


def test_after_the_block_the_port_is_free_again() -> None:
    with open_store("memory") as store, serving(create_app(helppage.shipped(), store)) as served:
        port = urlsplit(served).port
        assert port
    with bind("127.0.0.1", port) as again:
        assert url_of(again) == served


def test_a_port_in_use_is_an_error_that_names_it() -> None:
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=rf"port {port} on 127\.0\.0\.1 is in use"):
            bind("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused_in_words() -> None:
    # RFC 5737: 192.0.2.0/24 is for documentation, so no machine has it
    with pytest.raises(UsageError, match=r"cannot listen on 192\.0\.2\.1, port 8080: .*\n    what to do: "):
        bind("192.0.2.1", 8080)
