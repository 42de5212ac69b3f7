"""A tenant's records, and what else the store keeps of it: the same in every kind of store."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts.errors import UsageError
from mockserver.store import Bell, Kept, KeyTakenError, Records, Store, open_store
from mockserver.store import records as records_module

THINGS, OTHERS = "api/things", "api/others"
ODD = "\u00e9\0\ud800"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every change is a second after the one before, from 100.0 on."""
    moments = iter(range(100, 1000))
    monkeypatch.setattr(records_module.time, "time", lambda: float(next(moments)))


@pytest.fixture
def records(store: Store, draw: Callable[[], str]) -> Records:
    """Three things and another, of which one thing has no key."""
    found = store.records()
    found.upsert(THINGS, "K1", draw, "one")
    found.upsert(THINGS, None, draw, "two")
    found.upsert(OTHERS, "K1", draw, "other")
    found.upsert(THINGS, ODD, draw, "three")
    found.upsert(THINGS, "K1", draw, "one again")
    return found


ONE = Kept(THINGS, "id-1", "K1", "one again", 2, 100.0, 104.0)
TWO = Kept(THINGS, "id-2", None, "two", 1, 101.0, 101.0)
OTHER = Kept(OTHERS, "id-3", "K1", "other", 1, 102.0, 102.0)
THREE = Kept(THINGS, "id-4", ODD, "three", 1, 103.0, 103.0)


def test_a_record_is_found_by_its_key_and_by_its_id(records: Records) -> None:
    assert records.by_key(THINGS, "K1") == records.by_id(THINGS, "id-1") == ONE
    assert records.by_key(THINGS, ODD) == records.by_id(THINGS, "id-4") == THREE
    assert records.by_id(THINGS, "id-2") == TWO


@pytest.mark.parametrize("text", ["", "k1", "K1 ", "id-3", "\0", "\ud800", "K1\0", "'", "%s", ":id"])
def test_what_is_not_there_is_not_found(records: Records, text: str) -> None:
    assert records.by_key(THINGS, text) is None
    assert records.by_id(THINGS, text) is None
    assert records.delete(THINGS, text) is False
    assert records.replace(THINGS, text, "K9", "") is False
    assert records.count() == 4


def test_all_come_in_the_order_of_their_arrival(records: Records) -> None:
    assert records.all(THINGS) == [ONE, TWO, THREE]
    assert records.all() == [ONE, TWO, OTHER, THREE]
    assert records.all("api/nothing") == []


def test_a_replaced_record_keeps_id_and_place(records: Records) -> None:
    assert records.replace(THINGS, "id-1", "K2", "new") is True
    new = Kept(THINGS, "id-1", "K2", "new", 3, 100.0, 105.0)
    assert records.all(THINGS) == [new, TWO, THREE]
    assert records.by_key(THINGS, "K1") is None
    assert records.upsert(THINGS, "K2", str, "newer") == "id-1"


def test_a_key_can_be_given_and_taken_away(records: Records) -> None:
    assert records.replace(THINGS, "id-2", "K2", "two") is True
    assert records.replace(THINGS, "id-1", None, "one") is True
    assert [(kept.id, kept.key) for kept in records.all(THINGS)] == [("id-1", None), ("id-2", "K2"), ("id-4", ODD)]


def test_a_key_that_another_has_is_refused_and_nothing_changed(records: Records) -> None:
    with pytest.raises(KeyTakenError):
        records.replace(THINGS, "id-2", "K1", "mine")
    assert records.all(THINGS) == [ONE, TWO, THREE]
    assert records.upsert(THINGS, "K1", str, "goes on") == "id-1"


def test_a_deleted_record_is_gone_and_its_key_free(records: Records, draw: Callable[[], str]) -> None:
    assert records.delete(THINGS, "id-1") is True
    assert records.delete(THINGS, "id-1") is False
    assert records.all() == [TWO, OTHER, THREE]
    assert records.upsert(THINGS, "K1", draw, "anew") == "id-6"
    assert [kept.id for kept in records.all(THINGS)] == ["id-2", "id-4", "id-6"]


def test_resources_are_counted_and_cleared(records: Records) -> None:
    assert records.resources() == {THINGS: 3, OTHERS: 1}
    assert records.count() == 4
    records.clear(THINGS)
    assert records.resources() == {OTHERS: 1}
    records.clear()
    assert (records.resources(), records.count(), records.all()) == ({}, 0, [])


def test_a_snapshot_is_json_and_restores_everything(records: Records) -> None:
    snapshot = json.loads(json.dumps(records.snapshot()))
    before = records.all()
    records.clear(OTHERS)
    records.upsert(THINGS, "K1", str, "changed")
    records.upsert(THINGS, "K9", str, "strange")
    records.restore(snapshot)
    assert records.all() == before


def test_many_are_stored_together_or_none_of_them(records: Records) -> None:
    records.upsert_all([(THINGS, "K1", "not drawn", "new"), (OTHERS, None, "own", "alone")])
    assert records.by_id(THINGS, "id-1") == replace(ONE, content="new", version=3, updated=105.0)
    assert records.by_id(OTHERS, "own") == Kept(OTHERS, "own", None, "alone", 1, 106.0, 106.0)
    before = records.snapshot()
    with pytest.raises(Exception, match=r".+"):  # each driver has its own for what is no text
        records.upsert_all([(OTHERS, None, "second", "kept?"), (OTHERS, None, "third", object())])  # type: ignore[list-item]
    assert records.snapshot() == before


def test_a_snapshot_with_one_key_twice_changes_nothing(records: Records) -> None:
    snapshot = records.snapshot()
    with pytest.raises(KeyTakenError):
        records.restore([*snapshot, {**snapshot[0], "id": "id-9"}])
    assert records.snapshot() == snapshot


ENTRY = {"resource": "r", "id": "i", "key": None, "content": "c", "version": 1, "created": 1.0, "updated": 1}


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("text", "entry 1 of the snapshot is str: expected an object"),
        ({}, "entry 1 of the snapshot has nothing: expected resource, id, key"),
        ({**ENTRY, "more": 1}, "entry 1 of the snapshot has .*more.*: expected resource, id"),
        ({**ENTRY, "version": "1"}, "entry 1 of the snapshot has str as version: expected int"),
        ({**ENTRY, "version": True}, "entry 1 of the snapshot has bool as version: expected int"),
        ({**ENTRY, "id": None}, "entry 1 of the snapshot has NoneType as id: expected str"),
        ({**ENTRY, "id": "\0"}, "entry 1 of the snapshot has a text that no database keeps"),
        ({**ENTRY, "content": "\ud800"}, "entry 1 of the snapshot has a text that no database keeps"),
        ({**ENTRY, "version": 2**63}, "entry 1 of the snapshot has a version beyond"),
        ({**ENTRY, "created": float("inf")}, "entry 1 of the snapshot has inf as created: expected seconds"),
        ({**ENTRY, "updated": float("nan")}, "entry 1 of the snapshot has nan as updated: expected seconds"),
        ({**ENTRY, "updated": 10**30}, "entry 1 of the snapshot has 10*0 as updated: expected seconds"),
    ],
)
def test_what_is_no_snapshot_is_refused_in_words_and_nothing_changed(records: Records, entry: Any, says: str) -> None:
    before = records.snapshot()
    with pytest.raises(UsageError, match=f"{says}(.|\n)*what to do: "):
        records.restore([ENTRY, entry])
    assert records.snapshot() == before


def test_tenants_do_not_see_each_other(store: Store, records: Records, draw: Callable[[], str]) -> None:
    other = store.records("other")
    assert other.count() == 0
    assert other.upsert(THINGS, "K1", draw, "theirs") == "id-6"
    assert (other.by_id(THINGS, "id-1"), other.by_key(THINGS, ODD)) == (None, None)
    assert (other.delete(THINGS, "id-1"), other.replace(THINGS, "id-1", "K9", "")) == (False, False)
    other.restore(other.snapshot())
    other.clear()
    assert records.all() == [ONE, TWO, OTHER, THREE]
    assert store.records().count() == store.count() == 4


def test_a_dropped_tenant_leaves_nothing(store: Store, records: Records) -> None:
    for tenant in ("a", "b"):
        store.records(tenant).upsert(THINGS, "K1", lambda: "id", "")
        store.keep_exchange(tenant, 1, "exchange")
        store.keep_setting(tenant, "name", "value")
    assert store.tenants() == ["", "a", "b"]
    store.drop("a")
    assert store.tenants() == ["", "b"]
    assert (store.records("a").all(), store.exchanges("a", 9), store.settings("a")) == ([], [], {})
    assert (store.records("b").count(), store.exchanges("b", 9), store.settings("b")) == (
        1,
        ["exchange"],
        {"name": "value"},
    )
    assert records.count() == 4


def test_exchanges_are_kept_by_tenant_oldest_first(store: Store) -> None:
    assert [store.keep_exchange("", number, f"text {number}") for number in (1, 1, 2)] == [1, 2, 3]
    assert store.keep_exchange("other", 1, "theirs") == 4
    assert store.keep_exchange("", 3, "text 3") == 5
    assert [store.newest_exchange(tenant) for tenant in ("", "other", "nobody")] == [5, 4, 0]
    assert store.placed_exchanges("", 3) == [(2, "text 1"), (3, "text 2"), (5, "text 3")]
    assert store.exchanges("", 3) == ["text 1", "text 2", "text 3"]
    assert [store.exchange_count(tenant) for tenant in ("", "other", "nobody")] == [4, 1, 0]
    assert store.exchanges("", 0) == store.exchanges("", -1) == []
    store.forget_exchanges("")
    assert (store.exchanges("", 9), store.exchanges("other", 9)) == ([], ["theirs"])


def test_old_exchanges_make_room_from_time_to_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records_module, "EXCHANGES", 30)
    monkeypatch.setattr(records_module, "_TRIMMED_EVERY", 10)
    store.keep_exchange("other", 1, "theirs")
    for number in range(1, 101):
        store.keep_exchange("", number, f"text {number}")
        assert len(store.exchanges("", 1000)) <= 30 + 9
    # The other's has place 1: when place 100 was taken, by number 99, the 30 places before it were left.
    assert store.exchanges("", 1000) == [f"text {number}" for number in range(70, 101)]
    assert store.exchanges("other", 9) == ["theirs"]


def test_old_exchanges_make_room_though_no_process_keeps_many(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records_module, "EXCHANGES", 30)
    monkeypatch.setattr(records_module, "_TRIMMED_EVERY", 10)
    for start in range(0, 100, 5):
        for number in range(1, 6):  # a journal counts from 1 with every start
            store.keep_exchange("", number, f"text {start + number}")
    assert store.exchanges("", 1000) == [f"text {number}" for number in range(71, 101)]


def test_a_setting_is_kept_until_it_is_taken_back(store: Store) -> None:
    store.keep_setting("", "zone", "UTC")
    store.keep_setting("", "clock", "real")
    store.keep_setting("", "zone", "Europe/Athens")
    assert store.settings("") == {"clock": "real", "zone": "Europe/Athens"}
    store.keep_setting("", "zone", None)
    assert store.settings("") == {"clock": "real"}


def test_with_a_bell_settings_are_read_once_until_anybody_changes_one(
    lasting_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bell = Bell()
    with open_store(lasting_url, bell) as one, open_store(lasting_url, bell) as other:
        asked = []
        whole = one._database.rows
        monkeypatch.setattr(one._database, "rows", lambda *given: asked.append(given) or whole(*given))
        other.keep_setting("a", "zone", "UTC")
        assert [one.settings("a") for _ in range(3)] == [{"zone": "UTC"}] * 3
        assert [one.settings("b") for _ in range(3)] == [{}] * 3
        assert len(asked) == 2
        other.keep_setting("b", "zone", "Europe/Athens")
        assert (one.settings("a"), one.settings("b")) == ({"zone": "UTC"}, {"zone": "Europe/Athens"})
        one.keep_setting("a", "zone", None)
        assert (one.settings("a"), other.settings("a")) == ({}, {})
        other.drop("b")
        assert (one.settings("b"), other.settings("b")) == ({}, {})


def test_long_settings_are_not_remembered(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path / 'portal.db'}", Bell()) as store:
        store.keep_setting("", "snapshot", "x" * 100_000)
        assert store.settings("") == {"snapshot": "x" * 100_000}
        assert store._known[1] == {}
