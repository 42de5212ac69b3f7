"""Who is measured: the stub portal, the floor, and the peers that are installed; how each is started and ended.

    stub    `portal-mock serve` as it is, journal on     floor   bench_floor.py
    peers   other tools' mock servers, each with a canned answer from schemas/openapi.json and its logs off

The rule: a server runs in a process group of its own with a folder of its own for what it writes, and neither outlives
the block that started it. What is sent and how long it takes may not live here.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench_requests import MARK, MEDIA_TYPES, OPENAPI, ROOT, answer, body, key, path

from mockserver import workers

_HERE = Path(__file__).parent
_PATIENCE = 60.0
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never by a proxy of the environment
_POLL = 0.002


@dataclass(frozen=True)
class Server:
    """A server that can be measured: its command for a port and a folder of its own, and the formats it is sent."""

    name: str
    role: str  # stub | floor | peer
    command: Callable[[int, Path], list[str]]
    formats: tuple[str, ...] = ("JSON",)


def ours() -> list[Server]:
    """The stub and the floor, each with its records in memory and in a file; the stub with two workers too.

    Workers share a journal that is kept with the store, as `serve --workers` has it, or have each its own in memory.
    """

    def stub(store: Callable[[Path], str], *more: str) -> Callable[[int, Path], list[str]]:
        serve = [sys.executable, "-m", "mockserver.cli", "serve", *more]
        return lambda port, folder: [*serve, "--port", str(port), "--store", store(folder)]

    def floor(store: Callable[[Path], str]) -> Callable[[int, Path], list[str]]:
        return lambda port, folder: [sys.executable, str(_HERE / "bench_floor.py"), str(port), store(folder)]

    def file(folder: Path) -> str:
        return str(folder / "records.db")

    def url(folder: Path) -> str:
        return f"sqlite:///{file(folder)}"

    together = [
        Server("stub x2, file", "stub", stub(url, "--workers", "2")),
        Server("stub x2, own journal", "stub", stub(url, "--workers", "2", "--journal", "memory")),
    ]
    return [
        Server("stub, memory", "stub", stub(lambda _: "memory"), tuple(MEDIA_TYPES)),
        Server("stub, file", "stub", stub(url)),
        *(together if workers.POSSIBLE else []),
        Server("floor, memory", "floor", floor(lambda _: "memory")),
        Server("floor, file", "floor", floor(file)),
    ]


def peers(folder: Path | None) -> tuple[list[Server], list[str]]:
    """The peers found on PATH or in a folder (its node_modules too), and the names of those that are not there."""
    found, missing = [], []
    for name, look in _PEERS.items():
        program = look(folder)
        if program is None:
            missing.append(name)
        else:
            found.append(Server(name, "peer", _COMMANDS[name](program)))
    return found, missing


def _on_path(program: str) -> Callable[[Path | None], str | None]:
    def look(folder: Path | None) -> str | None:
        places = [str(folder / "node_modules" / ".bin"), str(folder)] if folder else []
        return shutil.which(program, path=os.pathsep.join(places)) if places else shutil.which(program)

    return lambda folder: look(folder) or look(None)


def _wiremock(folder: Path | None) -> str | None:
    jars = sorted(folder.rglob("wiremock*.jar")) if folder and shutil.which("java") else []
    return str(jars[-1]) if jars else None


def _prism(program: str) -> Callable[[int, Path], list[str]]:
    return lambda port, _: [program, "mock", "-v", "silent", "-p", str(port), str(OPENAPI)]


def _mockoon(program: str) -> Callable[[int, Path], list[str]]:
    start = [program, "start", "--disable-log-to-file", "--hostname", "127.0.0.1", "--data", str(OPENAPI)]
    return lambda port, _: [*start, "--port", str(port)]


def _mountebank(program: str) -> Callable[[int, Path], list[str]]:
    def command(port: int, folder: Path) -> list[str]:
        # its own default is to close the connection after each answer
        canned = {"headers": {"Content-Type": "application/json", "Connection": "Keep-Alive"}, "body": answer()}
        stub = {
            "predicates": [{"equals": {"method": "POST", "path": path()}}],
            "responses": [{"is": {"statusCode": 200, **canned}}],
        }
        config = {"imposters": [{"port": port, "protocol": "http", "stubs": [stub]}]}
        file = folder / "imposters.json"
        file.write_text(json.dumps(config), encoding="utf-8")
        quiet = ["--loglevel", "error", "--nologfile", "--localOnly", "--pidfile", str(folder / "mb.pid")]
        return [program, "start", "--port", str(free_port()), "--configfile", str(file), "--noParse", *quiet]

    return command


def _wiremock_command(jar: str) -> Callable[[int, Path], list[str]]:
    def command(port: int, folder: Path) -> list[str]:
        mapping = {
            "request": {"method": "POST", "urlPath": path()},
            "response": {"status": 200, "headers": {"Content-Type": "application/json"}, "jsonBody": answer()},
        }
        (folder / "mappings").mkdir(exist_ok=True)
        (folder / "mappings" / "canned.json").write_text(json.dumps(mapping), encoding="utf-8")
        quiet = ["--no-request-journal", "--disable-request-logging", "--disable-banner"]
        return ["java", "-jar", jar, "--port", str(port), "--root-dir", str(folder), *quiet]

    return command


_PEERS: dict[str, Callable[[Path | None], str | None]] = {
    "prism": _on_path("prism"),
    "mockoon": _on_path("mockoon-cli"),
    "mountebank": _on_path("mb"),
    "wiremock": _wiremock,
}
_COMMANDS: dict[str, Callable[[str], Callable[[int, Path], list[str]]]] = {
    "prism": _prism,
    "mockoon": _mockoon,
    "mountebank": _mountebank,
    "wiremock": _wiremock_command,
}


def free_port() -> int:
    """A port of this machine that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Running:
    """A server that has answered its first request."""

    server: Server
    url: str
    process: int
    start_seconds: float


@contextmanager
def running(server: Server, folder: Path) -> Iterator[Running]:
    """The server while the block runs, started by its command until its first 200; `folder` must be new."""
    folder.mkdir(parents=True)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = server.command(port, folder)
    # An installed package is compiled; a start that compiles it anew would be nobody's.
    python = {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": ""}
    with (folder / "output.txt").open("wb") as output:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **python}, stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT, start_new_session=True,  # passed over on Windows
        )  # fmt: skip
        try:
            _await_answer(server, url, process, folder)
            yield Running(server, url, process.pid, time.perf_counter() - begun)
        finally:
            _end(process)


def _await_answer(server: Server, url: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    content = body("JSON").replace(MARK, key(0, 0)).encode()
    request = urllib.request.Request(url + path(), content, {"Content-Type": MEDIA_TYPES["JSON"]})
    until, last = time.monotonic() + _PATIENCE, "nothing"
    while time.monotonic() < until and process.poll() is None:
        try:
            with DIRECT.open(request, timeout=_PATIENCE) as response:
                if response.status == 200:
                    return
        except OSError as error:  # not yet listening, or not yet ready
            last = str(error)
        time.sleep(_POLL)
    told = (folder / "output.txt").read_text(encoding="utf-8", errors="replace").strip()[-500:]
    raise SystemExit(f"{server.name} did not answer with 200 in {_PATIENCE:.0f} s: {last}\n{told}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and whatever it started."""
    if os.name == "posix":
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, number)
            except ProcessLookupError:
                break
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                continue
    else:
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True)
    process.wait(timeout=10)


def memory_mb(process: int) -> float | None:
    """The resident memory of a process and all its descendants, None where the system has no `ps`."""
    if not shutil.which("ps"):
        return None
    told = subprocess.run(["ps", "-axo", "pid=,ppid=,rss="], capture_output=True, text=True).stdout
    rows = [tuple(map(int, line.split())) for line in told.splitlines()]
    tree, size = {process}, 0
    while len(tree) > size:
        size = len(tree)
        tree |= {pid for pid, parent, _ in rows if parent in tree}
    return sum(rss for pid, _, rss in rows if pid in tree) / 1024
