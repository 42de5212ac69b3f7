"""Letters that a page shows as others, or not at all: what copying and styling leave between a page's words.

The rule: what no reader of the page sees is not the page's. Only single letters are looked at here, never words.
"""

from __future__ import annotations

import re

# Soft hyphen, zero-width space, word joiner, a byte order mark in the middle, directions: seen by nobody.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]")
_INDENT = re.compile(r"(?m)^[ \t\u00a0\u2007\u202f\u3000]+")
# The bullet that a list's text has: viewers which fold JSON write its members as a list.
_BULLET = re.compile(r"(?m)^([ \t]*)[•*-] (?=[\"{\[\]}]|-?\d|true|false|null)")
_CURLED = str.maketrans({"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"'})


def visible(text: str) -> str:
    """The text without letters that nobody sees."""
    return _INVISIBLE.sub("", text) if not text.isascii() else text


def as_typed(sample: str) -> str:
    """A sample as its formatter wrote it: blanks at a line's start that are blanks and no bullets, straight quotes.

    >>> as_typed("{ “a”: “b” }")
    '{ "a": "b" }'
    """
    if any(f"{sign} " in sample for sign in "•*-"):
        sample = _BULLET.sub(r"\1  ", sample)
    if sample.isascii():
        return sample
    sample = _INDENT.sub(lambda match: " " * len(match[0]), sample)
    return sample if '"' in sample else sample.translate(_CURLED)
