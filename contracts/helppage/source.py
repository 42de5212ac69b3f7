"""From a path, text or bytes to the page's lines and its layout.

The rule: whatever is handed in, the outcome is a `Source` or a fault that says what the file is instead. The page's
words are not looked at beyond what tells the layouts apart. Line ends, byte order marks, trailing blanks, and the other
blanks that copying puts beside a table's pipes are not the page's.

    layout   looks like
    html     tags
    B        tables with pipes, as the seed
    A        paragraphs between blank lines, table headings glued together
"""

from __future__ import annotations

import codecs
import hashlib
import os
import re
from html import unescape
from pathlib import Path

from contracts.errors import UsageError
from contracts.helppage.draft import Faults, Layout, Source

_SAVE = "save the help page again, as HTML or as text in UTF-8"
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_AS_HTML = 'save the page from the browser as "web page, HTML only" and give that file'
# What a file begins with → what it is instead of a page, what to do.
_OTHERS = (
    (b"PK\x03\x04", "a zip archive", "unpack it and give the pages in it"),
    (b"\x1f\x8b", "a gzip archive", "unpack it and give the page in it"),
    (b"%PDF-", "a PDF document", _AS_HTML),
    (b"bplist00", "a Safari web archive", _AS_HTML),
    (b"From: <Saved by", "a web archive (MHTML)", _AS_HTML),
    (b"MIME-Version:", "a web archive (MHTML)", _AS_HTML),
)
# HTML, "prescan a byte stream to determine its encoding": a meta element names the encoding.
_CHARSET = re.compile(rb"<meta\b[^>]*\bcharset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_GLUED_HEADER = "NameDescriptionTypeAdditional information"
_BESIDE_PIPE = re.compile(r"[\t\u00a0]+(?=\|)|(?<=\|)[\t\u00a0]+")


def open_source(source: str | bytes | os.PathLike[str], number: int, faults: list[Faults]) -> Source | None:
    """The page behind a path, its text (holds a line end or "<") or its bytes; None when it is noted as a fault.

    Raises UsageError when a path cannot be opened.
    """
    name = f"page {number}"
    if isinstance(source, bytes):
        data = source
    elif isinstance(source, str) and ("\n" in source or "\r" in source or "<" in source or not source):
        data = source.encode("utf-8", "surrogatepass")
    else:
        data, name = _file(source)
    noted = Faults(name)
    faults.append(noted)
    text = _decode(data, noted)
    if text is None:
        return None
    lines = tuple(line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    while lines and not lines[-1]:
        lines = lines[:-1]
    layout = _layout(lines)
    return Source(name, hashlib.sha256(data).hexdigest(), _as_shown(lines) if layout == "B" else lines, layout)


def _file(path: str | os.PathLike[str]) -> tuple[bytes, str]:
    try:
        if Path(path).is_dir():
            raise UsageError(
                f"cannot read the help page {os.fspath(path)!r}: it is a folder\n"
                "    what to do: name the pages in it, one by one"
            )
        return Path(path).read_bytes(), Path(path).name
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UsageError(
            f"cannot read the help page {os.fspath(path)!r}: {reason}\n    what to do: give the path of a saved page"
        ) from None


def _decode(data: bytes, faults: Faults) -> str | None:
    if not data.strip():
        faults.add(0, "the file is empty", _SAVE)
        return None
    for start, what, remedy in _OTHERS:
        if data.startswith(start):
            faults.add(0, f"this is {what}, not a help page", remedy)
            return None
    mark, encoding = next((bom for bom in _BOMS if data.startswith(bom[0])), (b"", "utf-8"))
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        declared = None if mark else _declared(data)
        if declared is None:
            line = data.count(b"\n", 0, error.start) + 1
            faults.add(line, f"byte {error.start + 1} is not {encoding.upper()}: {error.reason}", _SAVE)
            return None
        text = declared
    if "\0" in text:
        faults.add(text.count("\n", 0, text.index("\0")) + 1, "this is a binary file, not a help page", _SAVE)
        return None
    return text


def _declared(data: bytes) -> str | None:
    """The text by the encoding that the page itself declares, None where it declares none that fits."""
    match = _CHARSET.search(data)
    try:
        # Only what decodes text to text: codecs knows "hex" and "zip" too.
        return data.decode(codecs.lookup(match[1].decode("ascii")).name) if match else None
    except (LookupError, ValueError):
        return None


def _layout(lines: tuple[str, ...]) -> Layout:
    first = next((line.lstrip() for line in lines if line.strip()), "")
    if first.startswith("<"):
        return "html"
    # Layout A alone glues the table's heading together, and alone puts blank lines between its paragraphs.
    if any(line.endswith(_GLUED_HEADER) or line == "NameValueDescription" for line in lines):
        return "A"
    if len(lines) > 2 and not lines[1] and "Request Information" in lines:
        return "A"
    return "B"


def _as_shown(lines: tuple[str, ...]) -> tuple[str, ...]:
    """The lines of a text as the page shows them: no other blanks beside pipes, no common indentation, no entities."""
    if any(line.lstrip().startswith("&lt;") for line in lines):  # taken out of HTML, where a sample stands escaped
        lines = tuple(unescape(line) for line in lines)
    indent = min((len(line) - len(line.lstrip()) for line in lines if line), default=0)
    return tuple(_BESIDE_PIPE.sub(" ", line[indent:]).rstrip() for line in lines)
