"""The journal in memory: bounded, safe from any thread, telling those who listen."""

import threading

import pytest

from mockserver.journal import Event, Exchange, Journal
from mockserver.webapi import Loss, Request, Response

FRAME = 1024


def pair(size: int = 1, losses: tuple[Loss, ...] = ()) -> tuple[Request, Response]:
    """A request whose exchange takes FRAME + 2 + size bytes (the target is "/x"), and its response."""
    return Request("POST", "/x", [], b"x" * size), Response(200, (), b"", losses)


def numbers(found: list[Exchange]) -> list[int]:
    return [exchange.number for exchange in found]


def filled(count: int, **bounds: int) -> Journal:
    journal = Journal(**bounds)
    for _ in range(count):
        journal.add(0.0, 0.0, *pair())
    return journal


def test_it_is_bounded_by_exchanges() -> None:
    journal = filled(10, exchanges=3)
    assert numbers(journal.all()) == [8, 9, 10]
    assert (journal.seen, journal.kept) == (10, 3)


def test_it_is_bounded_by_bytes() -> None:
    journal = Journal(size=10_000)
    for size in (4_000, 4_000, 4_000, 20_000, 10):
        journal.add(0.0, 0.0, *pair(size))
    assert numbers(journal.all()) == [5]
    journal.add(0.0, 0.0, *pair(10_000 - 2 * (FRAME + 2) - 10))
    assert numbers(journal.all()) == [5, 6]
    journal.add(0.0, 0.0, *pair(0))
    assert numbers(journal.all()) == [6, 7]


@pytest.mark.parametrize(
    "large",
    [
        (Request("POST", "/" + "x" * 9_000, [], None), Response(200, ())),
        (Request("POST", "/", [("X-Long", "x" * 9_000)], None), Response(200, ())),
        (Request("POST", "/", [], None), Response(200, (), b"x" * 9_000)),
        (Request("POST", "/", [], None), Response(200, (), b"", (Loss("x", "json.unknown", "x" * 9_000, None, ""),))),
    ],
    ids=["target", "header", "answer", "losses"],
)
def test_whatever_a_client_makes_large_counts(large: tuple[Request, Response]) -> None:
    journal = Journal(size=10_000)
    journal.add(0.0, 0.0, *large)
    journal.add(0.0, 0.0, *pair())
    assert numbers(journal.all()) == [2]


def test_the_newest_that_match_are_found_in_their_order() -> None:
    journal = filled(9)
    assert numbers(journal.search(lambda exchange: exchange.number % 2 == 1)) == [1, 3, 5, 7, 9]
    assert numbers(journal.search(lambda exchange: exchange.number % 2 == 1, last=2)) == [7, 9]
    assert numbers(journal.search(since=6)) == [7, 8, 9]
    assert numbers(journal.search(last=0)) == []
    assert numbers(journal.last(2)) == [8, 9]
    assert journal.last(0) == []
    found = journal.find(4)
    assert found is not None and found.number == 4
    assert journal.find(10) is None


def test_who_listens_is_told_in_order_and_forgotten_at_the_end() -> None:
    journal = filled(1)
    with journal.subscribe() as subscription:
        journal.add(1.0, 0.5, *pair())
        journal.add(2.0, 0.5, *pair())
        journal.clear()
        told = [subscription.next(0) for _ in range(4)]
        assert journal.subscribers == 1
    assert [event and (event.kind, event.exchange and event.exchange.number) for event in told] == [
        ("exchange", 2),
        ("exchange", 3),
        ("cleared", None),
        None,
    ]
    assert journal.subscribers == 0
    assert subscription.closed


def test_a_slow_reader_loses_the_oldest_and_is_told_how_many() -> None:
    journal = Journal()
    with journal.subscribe(room=2) as subscription:
        for _ in range(5):
            journal.add(0.0, 0.0, *pair())
        first, *rest = [subscription.next(0) for _ in range(4)]
    assert first == Event("lost", count=3)
    assert [event and event.exchange and event.exchange.number for event in rest] == [4, 5, None]


def test_the_end_of_the_journal_wakes_who_waits() -> None:
    journal = Journal()
    subscription = journal.subscribe()
    got: list[Event | None] = []
    waiting = threading.Thread(target=lambda: got.append(subscription.next(60)))
    waiting.start()
    journal.close()
    waiting.join(10)
    assert got == [None]
    assert journal.subscribers == 0


def test_exchanges_added_by_many_threads_are_all_counted_once() -> None:
    journal = Journal(exchanges=10_000)
    start = threading.Barrier(8)

    def add() -> None:
        start.wait()
        for _ in range(200):
            journal.add(0.0, 0.0, *pair())
            journal.search(last=1)

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers(journal.all()) == list(range(1, 1601))
