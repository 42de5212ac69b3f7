"""The journal kept with the store: there after a restart, without credentials, shared by who shares the store."""

from pathlib import Path

import pytest
from shipped_record import record

from contracts import helppage
from mockserver.app import create_app
from mockserver.journal import Event, Exchange
from mockserver.journal.stored import StoredJournal
from mockserver.store import open_store
from mockserver.webapi import Loss, Request, Response

PATH = "/api/Appointments"
LOSS = Loss("room", "json.unknown", "7", None, "a rule")
ASKED = Request("POST", f"{PATH}?x=1", (("Content-Type", "text/plain"),), b"\xff\x00", "/t/a")
ANSWERED = Response(400, (("Content-Type", "application/json"),), b'{"a": "\xc3\xa9"}', (LOSS,), (("start", "soon"),))


def test_what_was_kept_comes_back_as_it_was_after_a_restart(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    with open_store(url) as store:
        StoredJournal(store).add(1.5, 0.25, ASKED, ANSWERED, injected="status", answered=False)
    with open_store(url) as store:
        journal = StoredJournal(store)
        (found,) = journal.all()
        journal.add(2.5, 0.25, ASKED, ANSWERED)
        assert [one.number for one in journal.all()] == [1, 2]
        assert (journal.seen, journal.kept) == (2, 2)
        assert [one.number for one in journal.last(1)] == [2]
        assert [one.number for one in journal.search(since=1)] == [2]
    assert found == Exchange(1, 1.5, 0.25, ASKED, ANSWERED, "status", False)


def test_two_journals_of_one_store_see_each_others_exchanges_and_no_other_tenants() -> None:
    with open_store("memory") as store:
        one, other, apart = StoredJournal(store), StoredJournal(store), StoredJournal(store, "apart")
        one.add(1.0, 0.0, ASKED, ANSWERED)
        other.add(2.0, 0.0, ASKED, ANSWERED)
        assert [exchange.at for exchange in one.all()] == [exchange.at for exchange in other.all()] == [1.0, 2.0]
        assert [exchange.number for exchange in one.all()] == [1, 2]  # though each has kept its first
        assert one.seen == other.seen == 2
        assert apart.all() == []
        one.clear()
        assert (one.seen, other.all()) == (0, [])


def test_no_credential_reaches_the_store() -> None:
    secret = Request("POST", f"{PATH}?token=invented-1", (("Authorization", "Bearer invented-1"),), None)
    with open_store("memory") as store:
        StoredJournal(store).add(1.0, 0.0, secret, Response(200, ()))
        (text,) = store.exchanges("", 9)
    assert "invented-1" not in text and text.count("(hidden)") == 2


def test_a_portal_hides_what_it_is_told_to_hide() -> None:
    with open_store("memory") as store:
        client = create_app(helppage.shipped(), store, keep_journal=True, secrets=["X-Shop", "shopPass"]).test_client()
        client.post(f"{PATH}?shoppass=invented-1", json=record("K1"), headers={"X-SHOP": "invented-2"})
        shown = client.get("/_portal/journal").get_data(as_text=True)
        (kept,) = store.exchanges("", 9)
    assert "invented-" not in shown + kept


def test_who_listens_is_told() -> None:
    with open_store("memory") as store:
        journal = StoredJournal(store)
        with journal.subscribe() as subscription:
            journal.add(1.0, 0.0, ASKED, ANSWERED)
            event = subscription.next(0)
    assert event == Event("exchange", Exchange(1, 1.0, 0.0, ASKED, ANSWERED))


class Broken:
    """A store that has gone."""

    def keep_exchange(self, tenant: str, number: int, text: str) -> int:
        raise RuntimeError("invented")

    def placed_exchanges(self, tenant: str, last: int) -> list[tuple[int, str]]:
        return []

    def newest_exchange(self, tenant: str) -> int:
        return 0

    def exchange_count(self, tenant: str) -> int:
        return 0

    def forget_exchanges(self, tenant: str) -> None:
        """Nothing to forget."""


def test_a_store_that_does_not_take_an_exchange_fails_no_request(caplog: pytest.LogCaptureFixture) -> None:
    StoredJournal(Broken()).add(1.0, 0.0, ASKED, ANSWERED)
    assert "exchange 1 could not be kept" in caplog.text


def test_a_portal_keeps_its_journal_with_its_store_on_request(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    with open_store(url) as store:
        client = create_app(helppage.shipped(), store, keep_journal=True).test_client()
        client.post(PATH, json=record("K1"))
        client.post(f"/t/other{PATH}", json=record("K2"))
    with open_store(url) as store:
        client = create_app(helppage.shipped(), store, keep_journal=True).test_client()
        assert [one["key"] for one in client.get("/_portal/journal").json["exchanges"]] == ["K1"]
        assert client.get("/_portal/journal/count?losses=none").json["count"] == 1
        assert [one["key"] for one in client.get("/t/other/_portal/journal").json["exchanges"]] == ["K2"]
        assert client.get("/_portal/grade").json["exchanges"] == 1
