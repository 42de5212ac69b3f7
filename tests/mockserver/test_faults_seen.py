"""What a client sees of each kind of fault, down to the bytes and to the end of the connection."""

import json
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from raw_client import END, RESET, Seen, send
from shipped_record import record

from contracts import helppage
from mockserver import faults, server
from mockserver.app import create_app
from mockserver.faults import pausing, resetting
from mockserver.store import open_store
from mockserver.tenants import Tenant

PATH = "/api/Appointments"
_PATIENCE = 60.0


class Portal:
    """A portal that is served, and its tenant without a name."""

    def __init__(self, url: str, tenant: Tenant):
        self.url, self.tenant = url, tenant

    def fail(self, text: str) -> None:
        self.tenant.faults.clear()
        self.tenant.faults.add(faults.read(text))

    def send(self, key: str = "K1", **more: Any) -> Seen:
        return send(self.url, PATH, record(key), **more)

    @property
    def stored(self) -> int:
        return self.tenant.records.count()

    @property
    def told(self) -> tuple[str, bool]:
        """What the journal says of the last request: the fault, and whether the client got its whole answer."""
        last = self.tenant.journal.last(1)[0]
        return last.injected, last.answered


@pytest.fixture
def portal() -> Iterator[Portal]:
    with open_store("memory") as store:
        app = create_app(helppage.shipped(), store)
        with server.serving(app) as url:
            yield Portal(url, app.extensions["portal"].tenants.default)


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that faults asked to wait, which nobody waits."""
    found: list[float] = []
    monkeypatch.setattr(pausing, "sleep", lambda _, seconds: found.append(seconds))
    return found


def test_latency_is_a_wait_before_the_right_answer(portal: Portal, waited: list[float]) -> None:
    portal.fail("latency=1500ms")
    seen = portal.send()
    assert (seen.status, json.loads(seen.body)["externalId"], waited) == (200, "K1", [1.5])
    assert (portal.stored, portal.told) == (1, ("latency 1.500 s", True))


def test_jitter_spreads_evenly_and_sigma_around_the_median(portal: Portal, waited: list[float]) -> None:
    for text, low, high in (("latency=1;jitter=0.5", 1.0, 1.5), ("latency=1;sigma=0.3", 0.2, 5.0)):
        portal.fail(text)
        for number in range(20):
            portal.send(str(number))
        assert all(low <= one <= high for one in waited)
        assert len(set(waited)) == 20
        waited.clear()


def test_a_status_has_the_frameworks_body_in_the_negotiated_format(portal: Portal) -> None:
    portal.fail("status=503;retry_after=7;headers.X-From=balancer")
    seen = portal.send()
    assert (seen.status, seen.head["retry-after"], seen.head["x-from"]) == (503, "7", "balancer")
    assert seen.body == b'{"message":"Service Unavailable."}'
    as_xml = portal.send(Accept="application/xml")
    assert as_xml.head["content-type"] == "application/xml; charset=utf-8"
    assert as_xml.body == b"<Error><Message>Service Unavailable.</Message></Error>"
    assert (portal.stored, portal.told) == (0, ("status 503", True))


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (401, "Authorization has been denied for this request."),
        (429, "Too Many Requests."),
        (500, "An error has occurred."),
        (599, "Failure."),
    ],
)
def test_a_status_says_what_the_framework_says_of_it_else_what_it_is_called(
    portal: Portal, status: int, message: str
) -> None:
    portal.fail(f"status={status}")
    seen = portal.send()
    assert (seen.status, json.loads(seen.body)) == (status, {"message": message})


def test_a_status_may_have_words_of_its_own_and_below_400_has_no_body(portal: Portal) -> None:
    portal.fail("status=503;message=Try again later.")
    assert portal.send().body == b'{"message":"Try again later."}'
    portal.fail("status=302;headers.Location=/login")
    seen = portal.send()
    assert (seen.status, seen.head["location"], seen.body) == (302, "/login", b"")


def test_a_database_that_is_down_is_an_exception_of_the_framework_after_its_own_checks(portal: Portal) -> None:
    portal.fail("database-down")
    seen = portal.send(Accept="text/xml")
    assert (seen.status, seen.body) == (500, b"<Error><Message>An error has occurred.</Message></Error>")
    assert (portal.stored, portal.told) == (0, ("database-down", True))
    assert send(portal.url, PATH, {}).status == 400
    assert send(portal.url, "/api/Nothing").status == 404


@pytest.mark.skipif(not resetting.POSSIBLE, reason="a connection can be reset on Linux only; it just ends elsewhere")
def test_a_reset_is_a_reset_before_the_first_byte(portal: Portal) -> None:
    portal.fail("reset")
    assert portal.send() == Seen(b"", RESET)
    assert (portal.stored, portal.told) == (0, ("reset", False))
    portal.fail("reset;stored=true")
    assert portal.send() == Seen(b"", RESET)
    assert (portal.stored, portal.told) == (1, ("reset stored", False))
    with pytest.raises(requests.ConnectionError) as caught:
        requests.post(portal.url + PATH, json=record(), timeout=_PATIENCE)
    assert "reset" in str(caught.value).lower()


@pytest.mark.skipif(not resetting.POSSIBLE, reason="a connection can be reset on Linux only; it just ends elsewhere")
def test_a_reset_meets_its_own_connection_and_no_other(portal: Portal) -> None:
    portal.fail("reset;path=/api/none")

    def both(number: int) -> tuple[Seen, Seen]:
        return send(portal.url, "/api/none", {}), portal.send(str(number))

    with ThreadPoolExecutor(8) as pool:
        for reset, answered in pool.map(both, range(40)):
            assert reset == Seen(b"", RESET)
            assert (answered.status, answered.end) == (200, END)


def test_where_a_connection_cannot_be_reset_it_ends_without_an_answer(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resetting, "POSSIBLE", False)
    portal.fail("reset")
    assert portal.send() == Seen(b"", END)


@pytest.mark.parametrize("method", ["POST", "GET", "HEAD"])
def test_an_empty_answer_is_the_end_without_one_byte(portal: Portal, method: str) -> None:
    portal.fail("empty")
    assert portal.send(method=method) == Seen(b"", END)
    assert (portal.stored, portal.told) == (0, ("empty", False))


def test_what_was_stored_stays_when_its_answer_is_lost(portal: Portal) -> None:
    portal.fail("lost;count=1")
    assert portal.send("K1") == Seen(b"", END)
    assert (portal.stored, portal.told) == (1, ("lost", False))
    lost = portal.tenant.journal.last(1)[0].response
    again = portal.send("K1")
    assert (again.status, portal.stored) == (200, 1)
    assert json.loads(again.body)["id"] == json.loads(lost.body)["id"]


@pytest.mark.parametrize(("part", "share"), [("half", 0.5), ("half=0.1", 0.1), ("half=0.9", 0.9)])
def test_half_an_answer_is_fewer_bytes_than_its_content_length_and_the_end(
    portal: Portal, part: str, share: float
) -> None:
    whole = portal.send().body
    portal.fail(part)
    seen = portal.send()
    assert (seen.status, seen.end) == (200, END)
    assert int(seen.head["content-length"]) == len(whole)
    assert seen.body == whole[: int(len(whole) * share)]
    assert portal.told[1] is False
    with pytest.raises(requests.RequestException):
        requests.post(portal.url + PATH, json=record(), timeout=_PATIENCE)


@pytest.mark.parametrize("by", [10, -10])
def test_a_wrong_content_length_is_as_wrong_as_asked_for(portal: Portal, by: int) -> None:
    whole = portal.send().body
    portal.fail(f"length={by}")
    seen = portal.send()
    assert (int(seen.head["content-length"]), seen.body, seen.end) == (len(whole) + by, whole, END)
    assert portal.told == (f"length {by}", False)


@pytest.mark.parametrize(("rate", "piece"), [(5, 1), (200, 20)])
def test_a_drip_is_the_right_answer_a_few_bytes_at_a_time(
    portal: Portal, waited: list[float], rate: int, piece: int
) -> None:
    whole = portal.send().body
    portal.fail(f"drip={rate}")
    assert portal.send().body == whole
    pieces = -(-len(whole) // piece)
    assert waited == [piece / rate] * (pieces - 1)
    assert portal.told == (f"drip {rate}", True)


def test_a_hang_is_no_answer_and_in_the_end_the_end(portal: Portal, waited: list[float]) -> None:
    portal.fail("hang=45")
    assert portal.send() == Seen(b"", END)
    assert (waited, portal.stored, portal.told) == ([45.0], 0, ("hang 45", False))
    portal.fail("hang;stored=true")
    assert portal.send() == Seen(b"", END)
    assert (waited, portal.stored) == ([45.0, 30.0], 1)


def hanging(portal: Portal, pool: ThreadPoolExecutor) -> Any:
    """A request that hangs by now."""
    portal.fail("hang=600")
    with portal.tenant.journal.subscribe() as news:
        future = pool.submit(portal.send)
        assert news.next(_PATIENCE) is not None
    return future


def test_whoever_hangs_goes_on_when_the_fault_is_taken_away(portal: Portal) -> None:
    with ThreadPoolExecutor(1) as pool:
        future = hanging(portal, pool)
        portal.tenant.faults.clear()
        assert future.result(_PATIENCE) == Seen(b"", END)


def test_a_portal_that_stops_does_not_wait_for_those_who_hang() -> None:
    with open_store("memory") as store, ThreadPoolExecutor(1) as pool:
        app = create_app(helppage.shipped(), store)
        listener = server.bind("127.0.0.1", 0)
        url = server.url_of(listener)
        worker = server.Worker(app, listener, 4)
        worker.start()
        future = hanging(Portal(url, app.extensions["portal"].tenants.default), pool)
        assert worker.stop()
        assert future.result(_PATIENCE).data == b""


def test_those_who_wait_leave_room_for_others(
    portal: Portal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert pausing.PLACES < server.THREADS
    monkeypatch.setattr(pausing, "_places", threading.BoundedSemaphore(1))
    with ThreadPoolExecutor(1) as pool:
        future = hanging(portal, pool)
        assert portal.send() == Seen(b"", END)  # no place to wait: it ends at once
        assert "kept waiting already" in caplog.text
        portal.tenant.faults.clear()
        future.result(_PATIENCE)


def test_garbage_is_noise_of_the_right_length_under_the_right_head(portal: Portal) -> None:
    whole = portal.send()
    portal.fail("garbage")
    seen = portal.send()
    assert (seen.status, seen.head["content-type"]) == (200, whole.head["content-type"])
    assert len(seen.body) == len(whole.body)
    with pytest.raises(ValueError, match=r"codec|JSON|Expecting"):
        json.loads(seen.body)
    assert (portal.stored, portal.told) == (1, ("garbage", False))


def test_a_blank_answer_has_its_head_and_no_body(portal: Portal) -> None:
    portal.fail("blank")
    seen = portal.send()
    assert (seen.status, seen.head["content-length"], seen.body) == (200, "0", b"")
    assert portal.told == ("blank", False)


@pytest.mark.parametrize("text", ["half", "length=5"])
def test_where_an_answer_has_no_body_a_fault_of_the_body_ends_the_connection(portal: Portal, text: str) -> None:
    portal.fail(text)
    assert portal.send(method="HEAD") == Seen(b"", END)


def test_a_latency_adds_to_what_follows(portal: Portal, waited: list[float]) -> None:
    portal.tenant.faults.add(*map(faults.read, ("latency=1", "latency=2", "status=503")))
    assert portal.send().status == 503
    assert (waited, portal.told) == ([1.0, 2.0], ("latency 1.000 s; latency 2.000 s; status 503", True))


def test_every_fault_is_in_the_log_without_what_is_secret(portal: Portal, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "mockserver.faults")
    portal.fail("status=503")
    send(portal.url, f"{PATH}?token=sesame", record())
    lines = [one.getMessage() for one in caplog.records if one.name == "mockserver.faults"]
    assert lines == [f"POST {PATH}?token=(hidden): fault 1 (status 503)"]


def test_the_log_names_the_tenant_whose_fault_it_is(portal: Portal, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "mockserver.faults")
    requests.post(f"{portal.url}/t/test-7/_portal/faults", data="status=503", timeout=20)
    send(portal.url, f"/t/test-7{PATH}", record())
    lines = [one.getMessage() for one in caplog.records if one.name == "mockserver.faults"]
    assert lines == [f"POST {PATH} (tenant test-7): fault 1 (status 503)"]


def test_every_kind_is_seen_here() -> None:
    from pathlib import Path

    from mockserver.faults.kinds import KINDS
    from mockserver.faults.sending import WAYS

    source = Path(__file__).read_text(encoding="utf-8")
    assert set(WAYS) == set(KINDS)
    assert [name for name in KINDS if f'"{name}' not in source] == []
