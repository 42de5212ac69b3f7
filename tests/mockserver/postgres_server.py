"""A real PostgreSQL for the tests: started with a folder of its own on a free port of this machine, and removed after.

The rule: it runs as a user without rights (PostgreSQL refuses root), listens on loopback TCP only, and asks for a
password, so that the tests see what a team's server does.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

#: What no message may show; it needs escapes in a URL.
PASSWORD = "test/pass:w@rd%"
_USER = "portal"


def programs() -> Path | None:
    """The folder of PostgreSQL's own programs, None where it is not installed."""
    found = shutil.which("initdb")
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: [len(str(place)), str(place)])
    return Path(found).resolve().parent if found else places[-1] if places else None


class Server:
    """A running server; `url(database)` makes a new, empty database and says how to reach it."""

    def __init__(self, folder: Path, bin_folder: Path):
        self._folder, self._bin = folder, bin_folder
        self._as: dict[str, Any] = {}
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            shutil.chown(folder, "nobody")
            self._as = {"user": "nobody", "group": _group_of("nobody"), "extra_groups": []}
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        word = folder / "password"
        word.write_text(PASSWORD, encoding="utf-8")
        word.chmod(0o644)
        self._run("initdb", "-D", "data", "-U", _USER, "-A", "scram-sha-256", f"--pwfile={word}", "-E", "UTF8", "-N")
        self.start()

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._bin / program), *arguments]
        done = subprocess.run(command, cwd=self._folder, capture_output=True, encoding="utf-8", **self._as)
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "off",  # it is never the machine that dies here
            "max_connections": "60",
            "shared_buffers": "16MB",
        }
        command = [str(self._bin / "postgres"), "-D", "data", "-p", str(self.port)]
        command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (self._folder / "log.txt").open("ab") as log:
            self._process = subprocess.Popen(command, cwd=self._folder, stdout=log, stderr=log, **self._as)
        for _ in range(600):
            try:
                psycopg.connect(self.url_of("postgres")).close()
                return
            except psycopg.OperationalError:
                assert self._process.poll() is None, (self._folder / "log.txt").read_text(encoding="utf-8")
                time.sleep(0.05)
        raise AssertionError("PostgreSQL does not take connections")

    def stop(self) -> None:
        """Stop it as a crash would: every connection is cut."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(timeout=60)
            self._process = None

    def url_of(self, database: str, password: str = PASSWORD) -> str:
        """The URL of a database that is there."""
        return f"postgresql://{_USER}:{quote(password, safe='')}@127.0.0.1:{self.port}/{database}"

    def new(self, database: str) -> str:
        """The URL of a database that is made for it."""
        with psycopg.connect(self.url_of("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}"'.encode())
        return self.url_of(database)


def _group_of(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running() -> Iterator[Server]:
    """A server while the block runs; fails with what to do where PostgreSQL is not installed."""
    where = programs()
    assert where is not None, "PostgreSQL is not installed; .ci/run does it, or: apt-get install postgresql"
    assert sys.platform != "win32", "these tests start PostgreSQL as Unix does"
    with tempfile.TemporaryDirectory(prefix="portal-postgres-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = Server(folder, where)
        try:
            yield server
        finally:
            server.stop()
