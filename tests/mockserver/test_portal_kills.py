"""kill -9 under load: what was answered is kept and no id ever changes, on a file and in PostgreSQL.

Each kill falls where it falls: while requests are read, while a statement runs, between commit and answer. What counts
is only what a client got an answer to.
"""

import http.client
import json
import os
import random
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from portal_process import first_line, portal_mock, url_in
from shipped_record import KEY, PORTAL_ID, record
from test_portal_workers import children, until

from mockserver import workers
from mockserver.store import open_store

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not workers.POSSIBLE, reason="Windows has no kill -9")]

PATH = "/api/Appointments"


class Clients:
    """Clients that put new and known keys until they are told to stop; every answer is written down."""

    def __init__(self, count: int, seed: int):
        self.ids: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self.answered = 0
        self.changed: list[str] = []
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._url = ""
        self._crowd = [threading.Thread(target=self._work, args=(number, seed)) for number in range(count)]

    def start(self) -> None:
        for client in self._crowd:
            client.start()

    def stop(self) -> None:
        self._over.set()
        for client in self._crowd:
            client.join()

    def go_on(self, url: str) -> None:
        """Where the portal is now."""
        self._url = url

    def _work(self, number: int, seed: int) -> None:
        chance, made, sent = random.Random(f"{seed}-{number}"), 0, 0
        while not self._over.is_set():
            time.sleep(0.02)
            with suppress(OSError, http.client.HTTPException):  # killed: go where the next one is
                parts = urlsplit(self._url)
                connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
                try:
                    while not self._over.is_set():
                        turn = made + 1 if chance.random() < 0.5 else chance.randint(1, made + 1)
                        sent += 1
                        self._put(connection, f"C{number}-{turn}", f"text {sent}")
                        made = max(made, turn)
                finally:
                    connection.close()

    def _put(self, connection: http.client.HTTPConnection, key: str, text: str) -> None:
        document = json.dumps(record(key, text))
        connection.request("POST", PATH, document, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        told = json.loads(answer.read())
        assert (answer.status, told[KEY]) == (200, key)
        with self._lock:
            self.answered += 1
            if self.ids.setdefault(key, told[PORTAL_ID]) != told[PORTAL_ID]:
                self.changed.append(key)
            self.texts[key] = text  # each key is one client's alone, so this is the last that was answered


def check(url: str, clients: Clients) -> int:
    """What is kept holds everything that was answered; how many records there are."""
    assert clients.changed == []
    with open_store(url) as store:
        kept = {one.key: one for one in store.records().all()}
    lost = [key for key, own in clients.ids.items() if key not in kept or kept[key].id != own]
    assert lost == []
    # a kept text is the last that was answered, or a later one whose answer the kill swallowed
    older = [key for key, text in clients.texts.items() if _number(kept[key].content) < int(text.split()[1])]
    assert older == []
    return len(kept)


def _number(content: str) -> int:
    (text,) = (part for part in json.loads(content) if isinstance(part, str) and part.startswith("text "))
    return int(text.split()[1])


def test_100_kills_of_the_portal_lose_nothing_of_a_file(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'portal.db'}"
    clients, chance = Clients(8, seed=1), random.Random(1)
    clients.start()
    try:
        for _ in range(100):
            with portal_mock("serve", "--port", "0", "--store", store) as process:
                clients.go_on(url_in(first_line(process)))
                enough = clients.answered + chance.randint(1, 60)
                until(lambda enough=enough: clients.answered >= enough)
                process.kill()
                process.wait()
    finally:
        clients.stop()
    kept = check(store, clients)
    print(f"100 kills: {clients.answered} answered, {len(clients.ids)} keys, {kept} kept, 0 lost, 0 ids changed")


def test_kills_of_workers_lose_nothing_in_postgresql(database: str) -> None:
    clients, chance = Clients(8, seed=2), random.Random(2)
    with portal_mock("serve", "--port", "0", "--store", database, "--workers", "2") as process:
        clients.go_on(url_in(first_line(process)))
        clients.start()
        try:
            for _ in range(20):
                until(lambda: len(children(process.pid)) == 2)
                enough = clients.answered + chance.randint(1, 60)
                until(lambda enough=enough: clients.answered >= enough)
                os.kill(chance.choice(children(process.pid)), signal.SIGKILL)
        finally:
            clients.stop()
    kept = check(database, clients)
    print(f"20 kills: {clients.answered} answered, {len(clients.ids)} keys, {kept} kept, 0 lost, 0 ids changed")
