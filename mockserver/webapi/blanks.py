"""What System.Char calls white space, which is not quite what Python does.

The rule: wherever .NET asks Char.IsWhiteSpace or String.Trim, this answers; Python's own notion (which takes U+001C to
U+001F for blanks) is never used on text from the wire. Nothing else may live here.
Source: System.Char.IsWhiteSpace, System.String.Trim, String.IsNullOrWhiteSpace.
"""

from __future__ import annotations

#: Every white space character, also usable inside a character class of a regular expression.
WHITE = (
    "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f"
    "\u205f\u3000"
)


def is_blank(text: str | None) -> bool:
    """String.IsNullOrWhiteSpace"""
    return text is None or not text.strip(WHITE)
