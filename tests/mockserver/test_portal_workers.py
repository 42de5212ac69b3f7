"""Several processes on one port: one store, one end, and a dead one is replaced."""

import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from portal_process import ended, first_line, interrupt, portal_mock, url_in
from shipped_record import PORTAL_ID, record
from test_portal_serve import ask

from contracts.errors import UsageError
from mockserver import server, workers

pytestmark = pytest.mark.skipif(not workers.POSSIBLE, reason="needs fork")

PATH = "/api/Appointments"
TOGETHER = ("serve", "--port", "0", "--workers", "2")


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text(encoding="utf-8").rpartition(")")[2].split()[:2]
        except OSError:  # it ended meanwhile
            continue
        if int(parent) == pid and state != "Z":
            found.append(int(stat.parent.name))
    return sorted(found)


def until(reached: Callable[[], bool]) -> None:
    """Wait for something that comes soon."""
    for _ in range(600):
        if reached():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come")


def identity(url: str, key: str) -> str:
    """Put a record and give the id that it got."""
    status, answer = ask(url, "POST", PATH, record(key))
    assert status == 200
    assert isinstance(answer, dict)
    return str(answer[PORTAL_ID])


needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@needs_proc
@pytest.mark.parametrize("store", ["memory", "file"])
def test_the_workers_share_the_records_and_a_dead_one_is_replaced(store: str, tmp_path: Path) -> None:
    url_of_store = "memory" if store == "memory" else f"sqlite:///{tmp_path / 'portal.db'}"
    with portal_mock(*TOGETHER, "--store", url_of_store) as process:
        url = url_in(first_line(process))
        first = children(process.pid)
        assert len(first) == 2
        ids = {key: identity(url, key) for key in ("K1", "K2")}
        # every request is a connection of its own, and falls to either worker
        assert [{identity(url, key) for _ in range(10)} for key in ids] == [{own} for own in ids.values()]
        os.kill(first[0], signal.SIGKILL)
        until(lambda: len(children(process.pid)) == 2 and children(process.pid) != first)
        assert [{identity(url, key) for _ in range(10)} for key in ids] == [{own} for own in ids.values()]
        interrupt(process)
        out, err = process.communicate(timeout=30)
        assert (process.returncode, out) == (0, "")
        assert err == f"WARNING: worker {first[0]} ended (signal 9); another one takes its place\n"


@needs_proc
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)])
def test_when_the_parent_ends_the_workers_end(how: signal.Signals, tmp_path: Path) -> None:
    with portal_mock(*TOGETHER, "--store", f"sqlite:///{tmp_path / 'portal.db'}") as process:
        first_line(process)
        crew = children(process.pid)
        process.send_signal(how)
        process.wait(timeout=30)
        assert process.returncode == (0 if how in (signal.SIGINT, signal.SIGTERM) else -how)
        until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in crew))


def test_a_setting_holds_for_every_worker_from_its_answer_on(tmp_path: Path) -> None:
    with portal_mock(*TOGETHER, "--store", f"sqlite:///{tmp_path / 'portal.db'}") as process:
        url = url_in(first_line(process))
        for strict, expected in ((False, 200), (True, 400)) * 3:
            status, _ = ask(url, "PATCH", "/_portal/settings", {"strict": strict})
            assert status == 200
            # every request is a connection of its own, and falls to either worker
            assert {ask(url, "POST", PATH, {})[0] for _ in range(8)} == {expected}


def test_workers_ignore_a_signal_that_the_whole_group_gets_and_follow_the_parent() -> None:
    with portal_mock(*TOGETHER) as process:
        url = url_in(first_line(process))
        for worker in children(process.pid):
            os.kill(worker, signal.SIGTERM)
        assert identity(url, "K1")
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=30) == ("", "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--store", "sqlite:///nowhere/portal.db"], "error: the store's folder nowhere is not there"),
        (["--workers", "0"], "0 is not in the range 1<=x<=64"),
    ],
)
def test_a_mistake_is_told_once(arguments: list[str], says: str) -> None:
    code, out, err = ended(*TOGETHER, *arguments)
    assert (code, out, err.count(says)) == (2, "", 1)


def test_a_worker_that_cannot_start_ends_all_with_its_words() -> None:
    @contextmanager
    def make_app() -> Iterator[server.Wsgi]:
        raise UsageError("the shop is closed")
        yield

    with pytest.raises(UsageError, match="the shop is closed"):
        workers.serve(make_app, server.bind("127.0.0.1", 0), lambda: None, 2)


def test_the_memory_of_one_becomes_a_file_for_several_and_is_gone_afterwards() -> None:
    with workers.shared("memory") as url:
        folder = Path(url.removeprefix("sqlite:///")).parent
        assert folder.is_dir()
        assert folder.is_relative_to(Path(tempfile.gettempdir()))
    assert not folder.exists()
    with workers.shared("sqlite:///portal.db") as url:
        assert url == "sqlite:///portal.db"
