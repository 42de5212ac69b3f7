"""What kept an answer from coming, told in a word and a sentence.

The rule: what `requests` raises is read by its kind, then by words in its text; a word stands only where the target as
a whole cannot be asked. Nothing is sent here.
"""

from __future__ import annotations

import re

import requests

# What requests raises says little of why; these words are looked for in its text, in this order.
_KINDS = (
    ("CERTIFICATE_REQUIRED", "certificate", "no TLS connection without a client certificate"),
    ("HANDSHAKE_FAILURE", "certificate", "no TLS connection: the handshake fails"),
    ("closed", "", "closed without an answer"),
    ("RemoteDisconnected", "", "closed without an answer"),
    ("ConnectionReset", "", "closed without an answer"),
    ("Connection aborted", "", "closed without an answer"),
    ("Broken pipe", "", "closed without an answer"),
    ("IncompleteRead", "", "broken off in the middle of the answer"),
    ("InvalidChunkLength", "", "an answer that is not HTTP (chunks)"),
    ("decode", "", "an answer whose content coding cannot be undone"),
    ("BadStatusLine", "", "an answer that is not HTTP"),
    ("refused", "refused", "connection refused"),
    ("getaddrinfo", "name", "the host's name cannot be resolved"),
    ("Name or service not known", "name", "the host's name cannot be resolved"),
    ("NameResolution", "name", "the host's name cannot be resolved"),
)


def explain(error: requests.RequestException) -> tuple[str, str]:
    """What went wrong: a word where the target cannot be asked (else empty), and a sentence."""
    text = f"{type(error).__name__}: {error}"
    if isinstance(error, requests.exceptions.ProxyError):
        return "proxy", f"the proxy does not pass it on: {_last(text)}"
    if isinstance(error, requests.exceptions.SSLError) and "CERTIFICATE_REQUIRED" not in text:
        if any(word in text for word in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER")):
            return "plain", "no TLS is spoken there"
        if "EOF occurred" in text:  # what is left of an alert that came too late
            return "handshake", "the TLS handshake was broken off"
        return "tls", f"no trusted TLS connection: {_last(text)}"
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return "timeout", "no connection in time"
    if isinstance(error, requests.exceptions.ReadTimeout):
        return "timeout", "no answer in time"
    for word, kind, sentence in _KINDS:
        if word in text:
            return kind, sentence
    return ("connection", text) if isinstance(error, requests.exceptions.ConnectionError) else ("", text)


def _last(text: str) -> str:
    """The innermost of errors told one in the other: the last text in quotes."""
    found = re.findall(r"'[^']{8,}'|\"[^\"]{8,}\"", text)
    return re.sub(r"^\w+\([^)]*\): | \(_ssl\.c:\d+\)", "", found[-1][1:-1]) if found else text
