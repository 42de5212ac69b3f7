"""A client that sees every byte: one request on one socket, and how the connection ended."""

import json
import socket
import ssl
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

#: How a connection can end for its client.
END, RESET = "end", "reset"
_PATIENCE = 60.0


@dataclass(frozen=True)
class Seen:
    """What came back: all bytes, and whether the connection ended in good order or was reset."""

    data: bytes
    end: str

    @property
    def status(self) -> int:
        return int(self.data.split(b" ", 2)[1])

    @property
    def head(self) -> dict[str, str]:
        lines = self.data.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
        return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    @property
    def body(self) -> bytes:
        return self.data.partition(b"\r\n\r\n")[2]


def send(
    url: str,
    path: str,
    document: Any = None,
    method: str = "POST",
    cafile: str = "",
    strict: bool = False,
    version: ssl.TLSVersion | None = None,
    **headers: str,
) -> Seen:
    """Send one request, as JSON, and read until the connection ends; nothing is read ahead or sent again."""
    to = urlsplit(url)
    body = b"" if document is None else json.dumps(document).encode()
    lines = [f"{method} {path} HTTP/1.1", f"Host: {to.netloc}", "Connection: close", f"Content-Length: {len(body)}"]
    if document is not None:
        lines.append("Content-Type: application/json")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    request = "\r\n".join([*lines, "", ""]).encode() + body
    with closing(socket.create_connection((to.hostname, to.port), timeout=_PATIENCE)) as plain:
        if to.scheme == "http":
            return _exchange(plain, request)
        context = ssl.create_default_context(cafile=cafile)
        if strict:
            context.verify_flags |= ssl.VERIFY_X509_STRICT
        if version is not None:
            context.minimum_version = context.maximum_version = version
        with context.wrap_socket(plain, server_hostname=to.hostname) as secure:
            return _exchange(secure, request)


def _exchange(connection: socket.socket, request: bytes) -> Seen:
    connection.sendall(request)
    data = b""
    try:
        while piece := connection.recv(65536):
            data += piece
    except ConnectionResetError:
        return Seen(data, RESET)
    return Seen(data, END)
