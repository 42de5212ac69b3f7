"""The commands run as users run them: a process of its own, which never outlives the test."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_LINE = re.compile(r"^Stub portal \((?:strict|lenient)\) on (http://[^ ]+)/  ")


@contextmanager
def portal_mock(*arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """`portal-mock` with these arguments, in a process that is ended when the block is left."""
    own_group = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)  # Windows: so that Ctrl-Break reaches it alone
    process = subprocess.Popen(
        [sys.executable, "-m", "mockserver.cli", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "80"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        creationflags=own_group,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def first_line(process: "subprocess.Popen[str]") -> str:
    """The line that says where; fails with what the command complained of when there is none."""
    assert process.stdout is not None and process.stderr is not None
    line = process.stdout.readline()
    assert line, process.stderr.read()
    return line.rstrip("\n")


def url_in(line: str) -> str:
    """The URL in the line that says where, without the slash at its end."""
    found = _LINE.match(line)
    assert found, line
    return found[1]


def interrupt(process: "subprocess.Popen[str]") -> None:
    """Ctrl-C, or on Windows Ctrl-Break."""
    process.send_signal(getattr(signal, "CTRL_BREAK_EVENT", signal.SIGINT))


def ended(*arguments: str) -> tuple[int, str, str]:
    """`portal-mock` run to its end: (exit code, standard output, standard error)."""
    with portal_mock(*arguments) as process:
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err
