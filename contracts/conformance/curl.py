"""Commands that repeat a request: curl in a POSIX shell, and PowerShell's on Windows.

The rule: the command sends the very bytes that were sent. Printable text stands in quotes; anything else goes through
`printf` (octal, POSIX) or base64 (PowerShell), since no shell carries it. A redacted header becomes an environment
variable, PORTAL_ and the header's name, to be set by whoever may know its value.
"""

from __future__ import annotations

import base64
import re
import shlex

from contracts.conformance.target import REDACTED
from contracts.conformance.wire import Sending

#: Headers that curl makes itself and that say nothing of the request.
_OURS = {"content-length", "host", "accept-encoding", "user-agent"}
#: Headers that curl adds unless told not to.
_UNASKED = ("Accept", "Content-Type", "Expect")


def as_curl(sending: Sending) -> str:
    """One line for a POSIX shell."""
    words = ["curl", "-sS", "-i", "--globoff", "--path-as-is", *_method(sending)]
    line = " ".join([*words, *(f"-H {_header(name, value)}" for name, value in _headers(sending))])
    url = shlex.quote(sending.url)
    if sending.body is None:
        return f"{line} {url}"
    if _plain(sending.body):
        return f"{line} --data-binary {shlex.quote(sending.body.decode())} {url}"
    return f"{_printf(sending.body)} | {line} --data-binary @- {url}"


def _method(sending: Sending) -> list[str]:
    if sending.method == "HEAD":
        return ["--head"]
    natural = "GET" if sending.body is None else "POST"
    return [] if sending.method == natural else ["-X", sending.method]


def _headers(sending: Sending) -> list[tuple[str, str | None]]:
    """The headers to give; None silences one of curl's own."""
    given: list[tuple[str, str | None]] = [(n, v) for n, v in sending.headers if n.lower() not in _OURS]
    names = {name.lower() for name, _ in given}
    return given + [(name, None) for name in _UNASKED if name.lower() not in names]


def _header(name: str, value: str | None) -> str:
    if value is None:
        return shlex.quote(f"{name}:")
    if value == REDACTED:
        return f'"{name}: ${variable(name)}"'
    return shlex.quote(f"{name}: {value}" if value else f"{name};")


def variable(name: str) -> str:
    """The environment variable for a redacted header.

    >>> variable("X-Api-Key")
    'PORTAL_X_API_KEY'
    """
    return "PORTAL_" + re.sub(r"\W", "_", name).upper()


def _plain(body: bytes) -> bool:
    """Whether a body can stand in quotes: printable text (any terminal shows it), not a file's name for curl (@)."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return text.isprintable() and not text.startswith("@") and len(body) < 20_000


def _printf(body: bytes) -> str:
    safe = frozenset(b'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 <>&"{}[]():;,./=+-_?#@!$^*~`|')
    return "printf '" + "".join(chr(byte) if byte in safe else f"\\{byte:03o}" for byte in body) + "'"


def as_powershell(sending: Sending) -> str:
    """Lines for PowerShell on Windows, which has curl.exe; the body goes through a file of its own."""
    parts = ["curl.exe -sS -i --globoff --path-as-is", *_method(sending)]
    for name, value in _headers(sending):
        text = f"{name}:" if value is None else f"{name}: {value}" if value else f"{name};"
        parts.append(f"-H {_quoted(text)}" if value != REDACTED else f'-H "{name}: $env:{variable(name)}"')
    if sending.body is None:
        return " ".join([*parts, _quoted(sending.url)])
    code = base64.b64encode(sending.body).decode("ascii")
    write = f'[IO.File]::WriteAllBytes("$PWD\\body.bin", [Convert]::FromBase64String("{code}"))'
    return "\n".join([write, " ".join([*parts, '--data-binary "@body.bin"', _quoted(sending.url)])])


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
