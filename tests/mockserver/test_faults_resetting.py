"""How a reset finds its own connection among those of the process: by what waits in it, and by how that grows."""

from collections.abc import Iterator

import pytest

from mockserver.faults import resetting

PEER = "192.0.2.1"
HEAD = 94


class Connection:
    """A connection of which it is known how much waits in it."""

    def __init__(self) -> None:
        self.waits, self.corked, self.closed = 0, 0, False

    def setsockopt(self, _level: int, _option: int, value: int) -> None:
        self.corked = value

    def close(self) -> None:
        self.closed = True


class Process:
    """A process with some connections; each step is what is written while the reset looks."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, count: int):
        self.connections = [Connection() for _ in range(count)]
        self.reset: list[Connection] = []
        monkeypatch.setattr(resetting, "_connections", lambda peer: list(self.connections) if peer == PEER else [])
        monkeypatch.setattr(resetting, "_unsent", lambda one: one.waits)
        monkeypatch.setattr(resetting, "_disconnect", lambda one: self.reset.append(one) or True)
        # Long enough for the slowest machine: who is found is found at the first look.
        monkeypatch.setattr(resetting, "_SECONDS", 60.0)
        monkeypatch.setattr(resetting, "_PIECE_SECONDS", 60.0)


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Iterator[Process]:
    yield Process(monkeypatch, 3)


@pytest.mark.parametrize("frame", [0, 22])  # as it is, and in a record of TLS
def test_the_connection_that_grows_by_the_pieces_is_reset_and_the_others_go_on(found: Process, frame: int) -> None:
    busy, own, idle = found.connections
    body = resetting.Reset(PEER)
    own.waits = HEAD + frame
    busy.waits = 300
    piece = next(body)
    own.waits += len(piece) + frame
    busy.waits += 3000
    assert list(body) == []
    assert found.reset == [own]
    assert all(one.closed and not one.corked for one in (own, busy, idle))


def test_an_answer_that_is_as_long_as_ours_is_not_taken_for_it(found: Process) -> None:
    other, own, _ = found.connections
    body = resetting.Reset(PEER)
    own.waits = HEAD
    piece = next(body)
    other.waits = HEAD + len(piece)  # all at once, where nothing waited
    own.waits += len(piece)
    assert list(body) == []
    assert found.reset == [own]


def test_who_is_not_found_is_let_go_and_that_is_told(
    found: Process, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resetting, "_SECONDS", 0.01)
    monkeypatch.setattr(resetting, "_PIECE_SECONDS", 0.01)
    assert all(len(piece) >= 41 for piece in resetting.Reset(PEER))
    assert found.reset == []
    assert f"a connection of {PEER} could not be reset" in caplog.text
    assert all(one.closed and not one.corked for one in found.connections)


def test_a_server_that_never_asks_for_the_body_keeps_nobody_waiting(found: Process) -> None:
    body = resetting.Reset(PEER)
    assert all(one.corked for one in found.connections)
    del body
    assert not any(one.corked for one in found.connections)
    resetting.Reset(PEER).close()  # the next one is not kept waiting either
