"""System.Uri: which texts it refuses, and how the serializer spells one.

    read     text → the same text; ValueError when it starts like an absolute Uri and is none
    write    text → scheme and host in lower case, default port and dots gone, what no Uri bears escaped

The rule: what does not start with a scheme and two slashes is relative or opaque and taken as it is. JSON writes the
text as sent, XML what `write` gives. No wire format's habits may live here.
Source: System.Uri (TryCreate with RelativeOrAbsolute, GetComponents with SerializationInfoString),
UriHelper.EscapeString.
"""

from __future__ import annotations

import re

#: Uri.c_MaxUriBufferSize
_LONGEST = 0xFFF0
_BLANKS = " \t\r\n"
#: The schemes that must have a host, with the port that is not written.
_PORTS = {"http": 80, "https": 443, "ftp": 21, "ws": 80, "wss": 443}
_ABSOLUTE = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):[/\\]{2}([^/\\?#]*)([^?#]*)(\?[^#]*)?(#.*)?\Z", re.DOTALL)
_HOST = re.compile(r"(?:[^@]*@)?(?:\[[0-9A-Fa-f:.]+(?:%\w+)?\]|[^\W_](?:[\w\-]*\w)?(?:\.[\w\-]+)*\.?)\Z")
_AUTHORITY = re.compile(r"(.*?)(?::([0-9]*))?\Z", re.DOTALL)
_HIGHEST_PORT = 65535
# IsReservedUnreservedOrHash; a percent sign that starts no escape is escaped itself.
_NEEDLESS = re.compile("%(2[deDE]|3[0-9]|4[1-9a-fA-F]|5[0-9aAfF]|6[1-9a-fA-F]|7[0-9aAeE])")
_LETTERS = re.compile("(?:%[89a-fA-F][0-9a-fA-F])+")
_NOT_BORNE = re.compile(r"%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-_.!~*'():/?#\[\]@$&+,;=%]")


def read(text: str) -> str:
    """The text; ValueError when it is no Uri."""
    if len(text) >= _LONGEST:
        raise ValueError("too long for a Uri")
    match = _ABSOLUTE.match(text.strip(_BLANKS))
    if match is None or match[1].lower() not in _PORTS:
        return text
    host, port = _parts(match[2])
    if not _HOST.match(host) or (port and int(port) > _HIGHEST_PORT):
        raise ValueError(text)
    return text


def _parts(authority: str) -> tuple[str, str]:
    """Host, with the user before it, and port; a bracketed address has colons of its own."""
    if authority.endswith("]"):
        return authority, ""
    match = _AUTHORITY.match(authority)
    return (match[1], (match[2] or "")[:9]) if match else (authority, "")


def write(text: str) -> str:
    """The Uri as XML holds it."""
    match = _ABSOLUTE.match(text.strip(_BLANKS))
    if match is None:
        return _escaped(text)
    scheme = match[1].lower()
    host, port = _parts(match[2])
    user, at, name = host.rpartition("@")
    shown = "" if not port or int(port) == _PORTS.get(scheme) else f":{int(port)}"
    path = _compressed(match[3].replace("\\", "/")) if scheme in _PORTS else match[3]
    known = scheme in _PORTS  # a host of theirs keeps its letters, whatever alphabet they are of
    place = name.lower() if known else _escaped(name.lower())
    return f"{scheme}://{_escaped(user)}{at}{place}{shown}{_escaped(path + (match[4] or '') + (match[5] or ''))}"


def _compressed(path: str) -> str:
    """The path without "." and "..", a slash where there is none."""
    if "/." not in path:
        return path or "/"
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            kept = kept[:-1]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


# UriHelper.EscapeUnescapeIri: what needs no escape loses it, and letters beyond ASCII are escaped in capitals.
def _escaped(text: str) -> str:
    text = _LETTERS.sub(_in_capitals, _NEEDLESS.sub(lambda match: chr(int(match[1], 16)), text))
    return _NOT_BORNE.sub(
        lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogatepass")), text
    )


def _in_capitals(match: re.Match[str]) -> str:
    try:
        bytes.fromhex(match[0].replace("%", "")).decode("utf-8")
    except UnicodeDecodeError:
        return match[0]
    return match[0].upper()
