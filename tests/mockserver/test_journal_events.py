"""New exchanges as server-sent events, read as a browser reads them; nothing is left behind."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from shipped_record import record

from contracts import helppage
from mockserver.app import create_app
from mockserver.journal import Journal, routes
from mockserver.server import serving
from mockserver.store import open_store

PATH = "/api/Appointments"
EVENTS = "/_portal/journal/events"


@pytest.fixture
def journal() -> Journal:
    return Journal()


@pytest.fixture
def portal(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(routes, "BEAT", 0.05)
    monkeypatch.setattr(routes, "STREAM_SECONDS", 20.0)
    with open_store("memory") as store, serving(create_app(helppage.shipped(), store, journal=journal)) as url:
        yield url
        journal.close()


def events(stream: requests.Response) -> Iterator[dict[str, Any]]:
    """The events of a stream, as WHATWG HTML 9.2.6 reads them."""
    fields: dict[str, str] = {}
    for line in stream.iter_lines(chunk_size=1, decode_unicode=True):
        if not line:
            if "data" in fields:
                yield {**fields, "data": json.loads(fields["data"])}
            fields = {}
        elif not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = value


def until_nobody_listens(journal: Journal) -> bool:
    for _ in range(400):
        if not journal.subscribers:
            return True
        time.sleep(0.02)
    return False


def opened(url: str, **headers: str) -> requests.Response:
    return requests.get(url, stream=True, timeout=20, headers={"Last-Event-ID": "0", **headers})


def test_exchanges_come_as_events_with_their_numbers(portal: str, journal: Journal) -> None:
    requests.post(portal + PATH, json=record("K1"), timeout=20)
    with opened(f"{portal}{EVENTS}?brief") as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        told = events(stream)
        first = next(told)
        requests.post(portal + PATH, json={**record("K2"), "room": 1}, timeout=20)
        second = next(told)
        journal.clear()
        third = next(told)
    assert [(one["event"], one.get("id")) for one in (first, second, third)] == [
        ("exchange", "1"),
        ("exchange", "2"),
        ("cleared", None),
    ]
    assert second["data"]["losses"] == ["json.unknown"]
    assert until_nobody_listens(journal)


def test_a_page_that_comes_back_is_told_what_it_missed(portal: str) -> None:
    for key in ("K1", "K2", "K3"):
        requests.post(portal + PATH, json=record(key), timeout=20)
    with opened(portal + EVENTS, **{"Last-Event-ID": "1"}) as stream:
        told = events(stream)
        assert [next(told)["data"]["key"] for _ in range(2)] == ["K2", "K3"]


def test_a_stream_shows_what_was_asked_for_only(portal: str) -> None:
    requests.post(portal + PATH, json=record("K1"), timeout=20)
    requests.post(portal + PATH, json={**record("K2"), "room": 1}, timeout=20)
    with opened(f"{portal}{EVENTS}?losses=any&brief") as stream:
        assert next(events(stream))["id"] == "2"


def test_a_stream_ends_by_itself(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "STREAM_SECONDS", 0.1)
    with open_store("memory") as store:
        client = create_app(helppage.shipped(), store, journal=journal).test_client()
        assert client.get(EVENTS).get_data(as_text=True) == "retry: 500\n\n: still here\n\n"
    assert journal.subscribers == 0


def test_only_so_many_listen_at_once(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "STREAMS", 1)
    with open_store("memory") as store:
        app = create_app(helppage.shipped(), store, journal=journal)
        first = app.test_client().get(EVENTS)
        next(iter(first.response))
        refused = app.test_client().get(EVENTS)
        assert refused.status_code == 503
        assert "close one" in refused.json["error"]
        first.close()
        again = app.test_client().get(EVENTS)
        assert again.status_code == 200
        again.close()
    assert journal.subscribers == 0


def test_a_wrong_filter_is_refused_before_the_stream_begins(journal: Journal) -> None:
    with open_store("memory") as store:
        client = create_app(helppage.shipped(), store, journal=journal).test_client()
        assert client.get(f"{EVENTS}?stutus=200").status_code == 400


def test_pages_that_listen_do_not_keep_the_portal_from_stopping(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "BEAT", 0.1)
    with open_store("memory") as store:
        app = create_app(helppage.shipped(), store, journal=journal)
        stream = app.test_client().get(EVENTS)
        lines = iter(stream.response)
        next(lines)
        app.release()  # what the web server calls first when it stops
        assert next(lines, None) is None  # it ends, long before its time
        stream.close()
    assert journal.subscribers == 0
