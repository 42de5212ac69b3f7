"""Defects of text columns: what becomes of a text on its way to the database and back.

The rule: a text is changed in every free text member, or in the last one where the defect says "one"; keys and ids
are left alone.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from mockserver.defects.layers import Call, FailedError, Layer, controller
from mockserver.defects.table import Defect, family
from mockserver.webapi.shapes import Record


def _stored(change: Callable[[str], Any], one: bool = False) -> Layer:
    """Every text, or the last text member alone, goes through a change."""

    def control(call: Call, record: Record) -> Record:
        names = call.roles.texts[-1:] if one else call.roles.texts
        texts = {name: record[name] for name in names if isinstance(record.get(name), str)}
        return call.act({**record, **{name: change(text) for name, text in texts.items()}})

    return controller(lambda: control)


def _null(value: str) -> Layer:
    """A null of an optional member is stored as a text."""

    def control(call: Call, record: Record) -> Record:
        return call.act({**record, **{n: value for n in call.roles.optional if record.get(n) is None}})

    return controller(lambda: control)


def _swapped(call: Call, record: Record) -> Record:
    """Two columns in the wrong order of an INSERT's list."""
    one, other = call.roles.texts[:1], call.roles.texts[1:2]
    if one and other:
        record = {**record, one[0]: record[other[0]], other[0]: record[one[0]]}
    return call.act(record)


def _cut(length: int) -> Callable[[str], str]:
    return lambda text: text[:length]


def _failing(broken: Callable[[str], bool]) -> Callable[[str], str]:
    def change(text: str) -> str:
        if broken(text):
            raise FailedError
        return text

    return change


def _code_page(name: str) -> Callable[[str], str]:
    return lambda text: text.encode(name, "replace").decode(name)


def _halves(text: str) -> str:
    """What a column that counts surrogates apart makes of a pair."""
    return re.sub("[\U00010000-\U0010ffff]", "\ufffd\ufffd", text)


def _visible(text: str) -> str:
    """Soft hyphens, zero-width characters and marks of direction are dropped (Unicode's category Cf)."""
    return "".join(c for c in text if unicodedata.category(c) != "Cf")


def _date_like(text: str) -> str:
    """Json.NET's DateParseHandling: a text that looks like a date is one, and is written as .NET writes it."""
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)Z?", text)
    return f"{match[2]}/{match[3]}/{match[1]} {match[4]}" if match else text


_PLAIN, _LONG, _MARKUP, _QUOTES = "text.plain", "text.long", "text.markup", "text.quotes"

TEXTS: tuple[Defect, ...] = family(
    "texts",
    ("text-cut-at-50", "Text columns are nvarchar(50) and cut silently.", _LONG, _stored(_cut(50))),
    ("text-cut-at-100", "Text columns are nvarchar(100) and cut silently.", _LONG, _stored(_cut(100))),
    ("text-cut-at-255", "Text columns are nvarchar(255) and cut silently.", _LONG, _stored(_cut(255))),
    ("text-cut-at-4000", "Text columns are nvarchar(4000) and cut silently.", _LONG, _stored(_cut(4000))),
    ("one-text-cut-at-255", "One text column is nvarchar(255).", _LONG, _stored(_cut(255), one=True)),
    (
        "long-text-fails",
        "String or binary data would be truncated (500).",
        _LONG,
        _stored(_failing(lambda t: len(t) > 255)),
    ),
    (
        "text-in-varchar",
        "Text columns are varchar: other scripts become '?'.",
        "text.scripts",
        _stored(_code_page("cp1252")),
    ),
    ("text-in-ascii", "Accents become '?'.", "text.accents", _stored(_code_page("ascii"))),
    (
        "accents-folded",
        "Accents are taken off for searching, and stay off.",
        "text.accents",
        _stored(lambda t: "".join(c for c in unicodedata.normalize("NFD", t) if not unicodedata.combining(c))),
    ),
    (
        "pairs-split",
        "Characters of two code units are stored as two unknown ones.",
        "text.beyond-bmp",
        _stored(_halves),
    ),
    (
        "emoji-fails",
        "Characters beyond the BMP are an error of the database (500).",
        "text.beyond-bmp",
        _stored(_failing(lambda t: max(map(ord, t), default=0) > 0xFFFF)),
    ),
    (
        "text-normalised",
        "Decomposed letters are composed.",
        "text.forms",
        _stored(lambda t: unicodedata.normalize("NFC", t)),
    ),
    (
        "ligatures-dissolved",
        "Compatibility characters are replaced.",
        "text.forms",
        _stored(lambda t: "".join(unicodedata.normalize("NFKD", c) if c in "ﬁ①" else c for c in t)),
    ),
    ("blanks-trimmed", "Leading and trailing blanks are cut.", "text.blanks", _stored(lambda t: t.strip(" "))),
    ("trailing-blanks-cut", "RTRIM: trailing blanks are cut.", "text.blanks", _stored(lambda t: t.rstrip(" "))),
    ("blanks-collapsed", "Several blanks become one.", "text.blanks", _stored(lambda t: re.sub(" +", " ", t))),
    (
        "text-padded",
        "Text columns are nchar(40): texts are padded with blanks.",
        _PLAIN,
        _stored(lambda t: t.ljust(40)),
    ),
    ("text-upper", "Texts are stored in upper case.", _PLAIN, _stored(str.upper)),
    ("members-swapped", "Two columns are the wrong way round.", _PLAIN, controller(lambda: _swapped)),
    (
        "html-encoded",
        "Texts are HTML-encoded before they are stored.",
        _MARKUP,
        _stored(lambda t: html.escape(t, quote=False)),
    ),
    ("html-decoded", "Texts are HTML-decoded before they are stored.", _MARKUP, _stored(html.unescape)),
    ("tags-stripped", "Tags are taken out of texts.", _MARKUP, _stored(lambda t: re.sub("<[a-zA-Z/!][^>]*>", "", t))),
    ("quotes-doubled", "Single quotes are doubled, and stay so.", _QUOTES, _stored(lambda t: t.replace("'", "''"))),
    ("backslashes-eaten", "Backslashes are taken for escapes.", _QUOTES, _stored(lambda t: t.replace("\\", ""))),
    (
        "percents-decoded",
        "Percent signs are decoded once more.",
        _QUOTES,
        _stored(lambda t: re.sub("%([0-7][0-9A-Fa-f])", lambda m: chr(int(m[1], 16)), t)),
    ),
    (
        "semicolon-ends",
        "A text ends at its first semicolon.",
        _QUOTES,
        _stored(lambda t: t if "<" in t or "&" in t else t.partition(";")[0]),
    ),
    (
        "numbers-rewritten",
        "A text of digits is stored as a number: 007 is 7.",
        "text.lookalikes",
        _stored(lambda t: str(int(t)) if t.isascii() and t.isdecimal() else t),
    ),
    ("dates-rewritten", "A text that looks like a date is written as one.", "text.lookalikes", _stored(_date_like)),
    (
        "null-word-is-null",
        "The text null becomes no text.",
        "text.lookalikes",
        _stored(lambda t: None if t == "null" else t),
    ),
    ("invisible-dropped", "Characters without a width are dropped.", "text.invisible", _stored(_visible)),
    (
        "no-break-blanks-lost",
        "No-break blanks become blanks.",
        "text.invisible",
        _stored(lambda t: t.replace("\u00a0", " ")),
    ),
    (
        "lines-by-crlf",
        "Line feeds become carriage return and line feed.",
        "text.lines",
        _stored(lambda t: t.replace("\n", "\r\n")),
    ),
    ("lines-joined", "Line feeds become blanks.", "text.lines", _stored(lambda t: t.replace("\n", " "))),
    ("tabs-expanded", "Tabs become blanks.", "text.lines", _stored(lambda t: t.replace("\t", "    "))),
    (
        "controls-dropped",
        "Control characters are dropped.",
        "text.controls",
        _stored(lambda t: "".join(c for c in t if c >= " " or c in "\t\n\r")),
    ),
    ("empty-becomes-null", "An empty text is stored as NULL.", "text.empty", _stored(lambda t: t or None)),
    ("null-becomes-empty", "NULL is read as an empty text.", "text.null", _null("")),
    ("null-becomes-a-word", "NULL is read as the text NULL.", "upsert.update-stored", _null("NULL")),
)
