"""One load: some connections kept alive, on each one request in hand, until the time is up.

    python bench_load.py HOST PORT FILE RUN SEED CONNECTIONS SECONDS      (one line of JSON)

The generator is wrk where it is installed, else this file in a process of its own; within one run the same for all.
Either takes processor time from the server under load, and the bundled one much more: figures of one generator say
nothing beside those of the other, the ratios do. What is sent comes from `bench_requests`.
"""

from __future__ import annotations

import json
import random
import selectors
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bench_requests import MARK, key

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Load:
    """What a load measured; an error is a status of 400 or above, or a broken connection."""

    requests: int
    seconds: float
    errors: int
    p50_ms: float
    p99_ms: float

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return max(self.requests - self.errors, 0) / self.seconds


def generator(asked: str) -> str:
    """Which generator it is to be: "wrk" or "python"."""
    return asked if asked != "auto" else "wrk" if shutil.which("wrk") else "python"


def press(by: str, url: str, request_file: Path, run: int, seed: int, connections: int, seconds: float) -> Load:
    """Load a server and give what was measured."""
    target = urlsplit(url)
    if by == "wrk":
        whole = f"{max(1, round(seconds))}s"
        command = ["wrk", "-t1", f"-c{connections}", f"-d{whole}", "-s", str(_HERE / "wrk.lua"), url, "--"]
        command += [str(request_file), str(run), str(seed)]
    else:
        command = [sys.executable, __file__, target.hostname or "", str(target.port), str(request_file), str(run)]
        command += [str(seed), str(connections), str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=seconds + 60)
    if done.returncode:
        raise SystemExit(f"the load generator failed: {done.stderr.strip() or done.stdout.strip()}")
    return Load(**json.loads(done.stdout.strip().splitlines()[-1]))


@dataclass
class _Connection:
    """One connection: when its request was sent, and what came of the answer so far."""

    address: tuple[str, int]
    socket: socket.socket = field(init=False)
    sent: float = 0.0
    got: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        self.socket = socket.create_connection(self.address, timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.got.clear()

    def send(self, request: bytes) -> None:
        self.got.clear()
        self.sent = time.perf_counter()
        self.socket.sendall(request)

    def whole(self) -> bool:
        """Whether the answer is complete."""
        head, blank, rest = self.got.partition(b"\r\n\r\n")
        if not blank:
            return False
        lower = head.lower()
        _, said, length = lower.partition(b"\r\ncontent-length:")
        if said:
            return len(rest) >= int(length.partition(b"\r\n")[0])
        return rest.endswith(b"0\r\n\r\n")  # no length: in chunks


class _Keys:
    """Every second key is new, the others were sent before: as in wrk.lua."""

    def __init__(self, run: int, seed: int):
        self._run, self._random, self._turn, self._made = run, random.Random(seed), 0, 0

    def next(self) -> bytes:
        self._turn += 1
        if self._turn % 2:
            self._made += 1
            return key(self._run, self._made).encode()
        return key(self._run, self._random.randint(1, self._made)).encode()


def _press(address: tuple[str, int], raw: bytes, keys: _Keys, connections: int, seconds: float) -> Load:
    head, _, tail = raw.partition(MARK.encode())
    waiting = selectors.DefaultSelector()
    times: list[float] = []
    errors = 0
    begun = time.perf_counter()
    for _ in range(connections):
        one = _Connection(address)
        waiting.register(one.socket, selectors.EVENT_READ, one)
        one.send(head + keys.next() + tail)
    while (now := time.perf_counter()) < begun + seconds:
        for event, _ in waiting.select(0.1):
            one = event.data
            piece = one.socket.recv(65536)
            if piece:
                one.got += piece
                if not one.whole():
                    continue
                times.append(time.perf_counter() - one.sent)
                errors += one.got[9:10] not in (b"2", b"3")
            else:  # closed by the server
                errors += 1
                times.append(time.perf_counter() - one.sent)
                waiting.unregister(one.socket)
                one.socket.close()
                one.open()
                waiting.register(one.socket, selectors.EVENT_READ, one)
            one.send(head + keys.next() + tail)
    for event in list(waiting.get_map().values()):
        event.data.socket.close()
    waiting.close()
    times.sort()
    p50, p99 = (1000 * times[int(len(times) * part)] if times else 0.0 for part in (0.5, 0.99))
    return Load(len(times), now - begun, errors, p50, p99)


def main(host: str, port: str, file: str, run: str, seed: str, connections: str, seconds: str) -> None:
    keys = _Keys(int(run), int(seed))
    load = _press((host, int(port)), Path(file).read_bytes(), keys, int(connections), float(seconds))
    print(json.dumps(vars(load)))


if __name__ == "__main__":
    main(*sys.argv[1:])
