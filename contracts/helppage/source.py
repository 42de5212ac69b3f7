"""From a file's bytes to the page's lines and its layout.

The rule: whatever is handed in, the outcome is a `Source` or a fault that says what the file is instead. The page's
words are not looked at beyond what tells the layouts apart. Line ends, byte order marks, trailing blanks, and the other
blanks that copying puts beside a table's pipes are not the page's.

    layout   looks like
    html     tags
    markdown headings with hashes or underlined, tables whose rows stand on one line each
    A        paragraphs between blank lines, table headings glued together (copied from a browser: parted by tabs)
    B, D     tables with pipes around them (D: a whole row on one line)
    C        tables with pipes between cells only
"""

from __future__ import annotations

import codecs
import hashlib
import re
from html import unescape
from urllib.parse import unquote

from contracts.helppage.draft import Faults, Layout, Source
from contracts.helppage.gathering import Found
from contracts.helppage.letters import visible
from contracts.helppage.sections import HEADINGS, OLD, heading_of, title_of

#: The largest page seen has a tenth of these characters.
_LARGEST = 4_000_000
_SAVE = "save the help page again, as HTML or as text in UTF-8"
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_AS_HTML = 'save the page from the browser as "web page, HTML only" and give that file'
# What a file begins with → what it is instead of a page, what to do.
_OTHERS = (
    (b"PK\x03\x04", "a zip archive", "unpack it and give the pages in it"),
    (b"\x1f\x8b", "a gzip archive", "unpack it and give the page in it"),
    (b"%PDF-", "a PDF document", _AS_HTML),
    (b"bplist00", "a Safari web archive", _AS_HTML),
    (b"{\\rtf", "an RTF document", _AS_HTML),
    (b"\x89PNG", "a picture", _AS_HTML),
    (b"\xff\xd8\xff", "a picture", _AS_HTML),
    (b"\xd0\xcf\x11\xe0", "a document of an old Office", _AS_HTML),
    (b"From: <Saved by", "a web archive (MHTML) without a page in it", _AS_HTML),
    (b"MIME-Version:", "a web archive (MHTML) without a page in it", _AS_HTML),
)
# The address of a model's page, ResourceModel?modelName=X, and what file systems make of it.
_MODEL_PAGE = re.compile(r"ResourceModel(?:[-_?@]|%3F)?(?:modelName(?:[=_-]|%3D))?([A-Za-z_][\w.`+]*)")
_ENDING = re.compile(r"(?:\.layout-\w)?(?:\.(?:html?|txt|xhtml|mhtml?|md|markdown))*$", re.IGNORECASE)
# HTML, "prescan a byte stream to determine its encoding": a meta element names the encoding.
_CHARSET = re.compile(rb"<meta\b[^>]*\bcharset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_HEADINGS = frozenset({*HEADINGS, *OLD, "Possible enumeration values:"})
_GLUED = (
    "NameDescriptionTypeAdditional information",
    "NameDescriptionAdditional information",
    "NameValueDescription",
    "APIDescription",
)
_HASHED = re.compile(r"#{1,6} +(\S.*)")
_UNDERLINE = re.compile(r"={3,}|-{3,}")
_RULE = re.compile(r"\|? *:?-{3,}:? *(?:\| *:?-{3,}:? *)+\|?")
_BESIDE_PIPE = re.compile(r"[\t\u00a0]+(?=\|)|(?<=\|)[\t\u00a0]+")


def open_source(found: Found, faults: Faults) -> Source | None:
    """The page in a file; None when it is noted what the file is instead."""
    data = _unwrapped(found.data)
    text = _decode(data, faults)
    if text is None:
        return None
    text = visible(text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = tuple(line.rstrip() for line in text.split("\n"))
    while lines and not lines[-1]:
        lines = lines[:-1]
    if not lines:
        faults.add(0, "the file is empty", _SAVE)
        return None
    lines = tuple(_glued(line) for line in lines)
    layout = _layout(lines)
    shown = lines if layout in ("html", "markdown") else _as_shown(lines)
    return Source(found.name, hashlib.sha256(found.data).hexdigest(), shown, layout, _called(found.name, lines))


def _unwrapped(data: bytes) -> bytes:
    """The HTML in a web archive (MHTML), as browsers save a page in one file; other data as it is."""
    if not data.startswith((b"From: <Saved by", b"MIME-Version:")):
        return data
    import email
    from email import policy

    for part in email.message_from_bytes(data, policy=policy.default).walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            content = part.get_payload(decode=True)
            return content if isinstance(content, bytes) and content.strip() else data
    return data


def _called(name: str, lines: tuple[str, ...]) -> str:
    """The model that the address in the page's first lines, where a browser notes it, or the file's name speaks of."""
    for text in (*lines[:3], _ENDING.sub("", name.rpartition("/")[2])):
        match = _MODEL_PAGE.search(unquote(text[:2000]))
        if match:
            return match[1]
    return ""


def _decode(data: bytes, faults: Faults) -> str | None:
    if not data.strip():
        faults.add(0, "the file is empty", _SAVE)
        return None
    for start, what, remedy in _OTHERS:
        if data.startswith(start):
            faults.add(0, f"this is {what}, not a help page", remedy)
            return None
    marked = next((bom for bom in _BOMS if data.startswith(bom[0])), None)
    mark, encoding = marked or (b"", _unmarked(data))
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        declared = None if mark else _declared(data)
        if declared is None and not mark and not _CHARSET.search(data) and b"\0" not in data:
            declared = _of_windows(data, error.start, faults)
        if declared is None:
            line = data.count(b"\n", 0, error.start) + 1
            faults.add(line, f"byte {error.start + 1} is not {encoding.upper()}: {error.reason}", _SAVE)
            return None
        text = declared
    if len(text) > _LARGEST:
        faults.add(1, f"this is no help page: it has {len(text):,} characters", "give the help page alone")
        return None
    if "\0" in text:
        faults.add(text.count("\n", 0, text.index("\0")) + 1, "this is a binary file, not a help page", _SAVE)
        return None
    return text


def _unmarked(data: bytes) -> str:
    """The encoding of a text without a mark: UTF-16 where every other byte is none of a letter's."""
    start = data[:400]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(start) > 40 and start[first::2].count(0) > 0.9 * len(start[first::2]):
            return encoding
    return "utf-8"


def _of_windows(data: bytes, at: int, faults: Faults) -> str | None:
    """A text that an older editor of Windows saved; None where it cannot be one."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    if any(ord(letter) < 32 and letter not in "\t\n\r\f" for letter in text[:100_000]):
        return None
    what = f"byte {at + 1} is not UTF-8: the file was read as Windows-1252"
    faults.note(data.count(b"\n", 0, at) + 1, what, "see whether letters with accents are right, else save it as UTF-8")
    return text


def _declared(data: bytes) -> str | None:
    """The text by the encoding that the page itself declares, None where it declares none that fits."""
    match = _CHARSET.search(data)
    try:
        # Only what decodes text to text: codecs knows "hex" and "zip" too.
        return data.decode(codecs.lookup(match[1].decode("ascii")).name) if match else None
    except (LookupError, ValueError):
        return None


def _glued(line: str) -> str:
    """The heading of a table as layout A has it, where a browser's copy parts its words by tabs; other lines as is."""
    together = "".join(cell.strip() for cell in line.split("\t")) if "\t" in line else ""
    return together if together in _GLUED else line


def _layout(lines: tuple[str, ...]) -> Layout:
    if _is_markdown(lines):
        return "markdown"
    first = next((line.lstrip() for line in lines if line.strip()), "")
    if first.startswith("<"):
        return "html"
    # Layout A alone glues the tables' headings together, and alone puts blank lines between its paragraphs.
    if any(line.strip().endswith(_GLUED) for line in lines):
        return "A"
    if any(line.startswith("---|") for line in lines):
        return "C"
    if any(line.startswith("|---|") for line in lines):
        return "B"
    # Only layout A puts blank lines around the headings of sections.
    alone = (lines[at - 1] + lines[at + 1] == "" for at in range(1, len(lines) - 1) if lines[at] in _HEADINGS)
    return "A" if any(alone) else "B"


def _is_markdown(lines: tuple[str, ...]) -> bool:
    """Whether the page's headings are Markdown's, and its tables as well: a whole row on each line."""
    hashed = [match[1] for match in map(_HASHED.match, lines) if match]
    lined = [lines[at] for at in range(len(lines) - 1) if lines[at] and _UNDERLINE.fullmatch(lines[at + 1])]
    rules = [at for at in range(1, len(lines) - 1) if _RULE.fullmatch(lines[at])]
    if not any(heading_of(text) or title_of(text) for text in hashed + lined) and not ((hashed or lined) and rules):
        return False
    whole = (_borders(lines[at - 1]) == _borders(lines[at]) <= _borders(lines[at + 1]) for at in rules)
    return all(whole)


def _borders(line: str) -> int:
    return line.strip().strip("|").count("|")


def _as_shown(lines: tuple[str, ...]) -> tuple[str, ...]:
    """The lines of a text as the page shows them: no other blanks beside pipes, no common indentation, no entities."""
    if any(line.lstrip().startswith("&lt;") for line in lines):  # taken out of HTML, where a sample stands escaped
        lines = tuple(unescape(line) for line in lines)
    lines = tuple(_HASHED.sub(r"\1", line) for line in lines)
    indent = min((len(line) - len(line.lstrip()) for line in lines if line), default=0)
    return tuple(_BESIDE_PIPE.sub(" ", line[indent:]).rstrip() for line in lines)
