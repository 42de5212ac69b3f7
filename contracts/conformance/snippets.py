"""A request as a program that sends it again: Python with requests, C# with HttpClient.

The rule: the body goes byte for byte, as text where it is plain and in base64 where it is not; a redacted header is
read from an environment variable, so that no secret stands here.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence

from contracts.conformance.curl import variable
from contracts.conformance.target import REDACTED
from contracts.conformance.wire import Sending

_MADE = {"content-length", "host", "accept-encoding", "user-agent"}


def _headers(sending: Sending) -> list[tuple[str, str]]:
    return [(name, value) for name, value in sending.headers if name.lower() not in _MADE]


def as_python(sendings: Sequence[Sending]) -> str:
    """A script for Python with requests; it prints each answer."""
    lines = ["import base64, os, requests", ""]
    for sending in sendings:
        headers = ", ".join(
            f"{name!r}: " + (f"os.environ[{variable(name)!r}]" if value == REDACTED else repr(value))
            for name, value in _headers(sending)
        )
        call = f"requests.request({sending.method!r}, {sending.url!r}, headers={{{headers}}}"
        if sending.body is not None:
            call += f", data={_python_bytes(sending.body)}"
        lines += [f"answer = {call}, allow_redirects=False)", "print(answer.status_code, answer.content)"]
    return "\n".join(lines)


def _python_bytes(body: bytes) -> str:
    if len(body) < 20_000 and body.isascii():
        return repr(body)
    return f"base64.b64decode({base64.b64encode(body).decode()!r})"


def as_csharp(sendings: Sequence[Sending]) -> str:
    """Top-level statements for C# with HttpClient; they print each answer."""
    lines = ["using System.Net.Http;", "", "using var client = new HttpClient();"]
    for number, sending in enumerate(sendings, 1):
        name = f"request{number}"
        lines.append(
            f"var {name} = new HttpRequestMessage(new HttpMethod({_csharp(sending.method)}), {_csharp(sending.url)});"
        )
        if sending.body is not None:
            code = base64.b64encode(sending.body).decode()
            lines.append(f"{name}.Content = new ByteArrayContent(Convert.FromBase64String({_csharp(code)}));")
        for header, value in _headers(sending):
            text = (
                f"Environment.GetEnvironmentVariable({_csharp(variable(header))})"
                if value == REDACTED
                else _csharp(value)
            )
            if header.lower().startswith("content-"):
                owner = f"{name}.Content.Headers" if sending.body is not None else ""
            else:
                owner = f"{name}.Headers"
            if owner:
                lines.append(f"{owner}.TryAddWithoutValidation({_csharp(header)}, {text});")
        lines += [
            f"var answer{number} = await client.SendAsync({name});",
            f"Console.WriteLine((int)answer{number}.StatusCode);",
            f"Console.WriteLine(await answer{number}.Content.ReadAsStringAsync());",
        ]
    return "\n".join(lines)


# C# §6.4.5.6: a regular string literal; JSON's escapes are among its own.
def _csharp(text: str) -> str:
    return json.dumps(text)
