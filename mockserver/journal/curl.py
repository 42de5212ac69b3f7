"""A request of the journal as a command that sends it again.

The rule: the command sends the very bytes that were sent; what no shell carries in quotes goes through `printf`. A
credential is hidden: it becomes an environment variable, PORTAL_ and the header's name, for who knows its value.
"""

from __future__ import annotations

import re
import shlex

from mockserver.journal.secrets import HIDDEN
from mockserver.webapi.http import Request

#: Headers that curl makes itself and that say nothing of the request.
_OURS = frozenset({"content-length", "host", "accept-encoding", "user-agent", "connection", "transfer-encoding"})
#: Headers that curl adds unless told not to.
_UNASKED = ("Accept", "Content-Type", "Expect")
_SAFE = frozenset(b'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 <>&{}[]():;,./=+-_?#@!$^*~`|"')
_LONGEST = 20_000


def as_curl(request: Request, base: str) -> str:
    """One line for a POSIX shell; `base` is scheme and host, the request is as `Secrets.clean` gives it."""
    words = ["curl", "-sS", "-i", "--globoff", "--path-as-is", *_method(request)]
    given = [(name, value) for name, value in request.headers if name.lower() not in _OURS]
    sent = {name.lower() for name, _ in given}
    words += [f"-H {_header(name, value)}" for name, value in given]
    words += [f"-H {shlex.quote(name + ':')}" for name in _UNASKED if name.lower() not in sent]
    line, url = " ".join(words), shlex.quote(f"{base.rstrip('/')}{request.base}{request.target}")
    if request.body is None:
        return f"{line} {url}"
    if _plain(request.body):
        return f"{line} --data-binary {shlex.quote(request.body.decode())} {url}"
    return f"{_printf(request.body)} | {line} --data-binary @- {url}"


def _method(request: Request) -> list[str]:
    if request.method == "HEAD":
        return ["--head"]
    natural = "GET" if request.body is None else "POST"
    return [] if request.method == natural else ["-X", shlex.quote(request.method)]


def _header(name: str, value: str) -> str:
    if value == HIDDEN:
        variable = f'"$PORTAL_{re.sub(r"[^A-Za-z0-9]", "_", name).upper()}"'
        # The name is the client's too: in double quotes a shell would run what stands in it between backticks.
        return shlex.quote(f"{name}: ") + variable
    return shlex.quote(f"{name}: {value}" if value else f"{name};")


def _plain(body: bytes) -> bool:
    """Whether a body can stand in quotes: printable text and line ends; @ would name a file to curl."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return text.replace("\n", "").isprintable() and not text.startswith("@") and len(body) < _LONGEST


def _printf(body: bytes) -> str:
    return "printf '" + "".join(chr(byte) if byte in _SAFE else f"\\{byte:03o}" for byte in body) + "'"
