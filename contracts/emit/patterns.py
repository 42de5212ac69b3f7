"""Regular expressions: .NET's, as the page shows them, into the form that JSON Schema asks for (ECMA-262, flag u).

The rule: a pattern is translated only when every token of it means the same in .NET, in ECMAScript and in Python's `re`
(which `jsonschema` uses). Otherwise it is left out, never approximated. The one accepted difference: `\\d`, `\\w` and
`\\s` know more letters and digits in .NET than in ECMAScript.
"""

from __future__ import annotations

import re

#: Text with at least one character that is not white space as .NET's Char.IsWhiteSpace sees it.
#: RequiredAttribute.IsValid refuses null and text whose Trim() is empty (System.ComponentModel.DataAnnotations).
NOT_BLANK = r"[^\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"

_TOKEN = re.compile(
    r"(?P<escape>\\[dDwWsStrnfv.*+?^$|()\[\]{}/\\])"  # classes, and escaped characters of the syntax
    r"|\\(?P<plain>[-_@#%&=~:;,<>!'\" ])"  # escaped without need, which the flag u forbids
    r"|(?P<group>\(\?:|\(\?=|\(\?!|\((?!\?))"
    r"|(?P<set>\[\^?(?:[^\[\]\\]|\\[dDwWsS.*+?^$|()\[\]{}/\\-])+\])"
    r"|(?P<times>\{[0-9]+(?:,[0-9]*)?\}\??|[*+?]\??)"
    r"|(?P<rest>[^\\\[\]{}()*+?])"
    r"|(?P<close>\))"
)


def translate(pattern: str) -> str | None:
    """The pattern as an ECMA-262 one that matches the whole text or the empty one, None where it is not safe.

    RegularExpressionAttribute.IsValid passes empty text and otherwise wants the match to cover all of it.

    >>> translate("[A-Z]{2}(a|b)")
    '^(?:[A-Z]{2}(a|b))?$'
    >>> translate("(?i)abc") is None
    True
    """
    out, at = "", 0
    while at < len(pattern):
        token = _TOKEN.match(pattern, at)
        if token is None:
            return None
        out += token["plain"] or token[0]
        at = token.end()
    try:
        re.compile(out)
    except re.error:
        return None
    return f"^(?:{out})?$"


def to_python(pattern: str) -> str:
    r"""A pattern of ours for Python's `re`: `$` is the very end there too, where Python forgives a last line feed.

    >>> to_python("^a$")
    '^a\\Z'
    """
    return re.sub(r"(\\.|\[(?:\\.|[^\]\\])*\])|\$", lambda m: m[1] or r"\Z", pattern, flags=re.DOTALL)
