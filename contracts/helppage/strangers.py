"""Pages that are no help pages: what they are instead, as people come to save them among the others.

The rule: a sign-in page, an error page or another tool's page is called so, with what to do about it; all else is told
by its title. Only words and tags that such pages always have are looked at. Nothing here decides whether a page is one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from contracts.helppage.draft import Source, shorten
from contracts.helppage.pieces import Piece
from contracts.helppage.sections import NOT_A_PAGE

_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_PASSWORD = re.compile(r"""<input\b[^<>]*\btype\s*=\s*["']?password""", re.IGNORECASE)
_LEADS = re.compile(r"""<meta\b[^<>]*\bhttp-equiv\s*=\s*["']?refresh""", re.IGNORECASE)
_FILLED = "open it in the browser and save it from there, as it is shown"
_SIGN_IN = "sign in to the site in the browser first, then save the help page again"
_AGAIN = "open the help page's address in the browser until it shows the page, and save it again"
# What the title or the first heading says → what the page is, what to do.
_SAID = (
    (
        r"\b(log ?in|sign ?in|log ?on|anmelden|anmeldung|connexion|inloggen|iniciar sesión)\b",
        "a sign-in page",
        _SIGN_IN,
    ),
    (r"\b(just a moment|checking your browser|attention required|are you a robot)\b", "a guard's page", _AGAIN),
    (
        r"\b(40[134]|50[0234]|not found|forbidden|unauthorized|access denied|server error|runtime error|bad gateway"
        r"|cannot be found|unavailable|object moved|an error)\b",
        "an error page",
        _AGAIN,
    ),
    (
        r"\bswagger\b|\bredoc\b|\bopenapi\b",
        "a page of OpenAPI tools",
        "use the document behind it (swagger.json, openapi.json), which holds its contract",
    ),
    (
        r"^operations at |^reference for https?://",
        "a page of WCF",
        NOT_A_PAGE,
    ),
)


def is_stranger(source: Source) -> bool:
    """Whether a page asks for a password, which no help page does."""
    return bool(_PASSWORD.search("\n".join(source.lines)))


def what_it_is(source: Source, pieces: Sequence[Piece], lacks: str) -> tuple[int, str, str]:
    """Line, what the page is instead of a help page, and what to do; `lacks` says why it is none."""
    text = "\n".join(source.lines)
    match = _TITLE.search(text) if source.marked_up else None
    first = next((line for line in source.lines if line.strip()), "") if not source.marked_up else ""
    titles = [match[1] if match else first, *(piece.text for piece in pieces if piece.tag in ("h1", "h2"))]
    titles = [shorten(title, 60) for title in titles if title.strip()]
    line = text.count("\n", 0, match.start()) + 1 if match else 1
    called = f" ({titles[0]!r})" if titles else ""
    if is_stranger(source):
        return line, f"this is a sign-in page{called}, not a help page: the site sent it instead", _SIGN_IN
    if 'class="line-content"' in text:
        return line, "this is a browser's view of a page's source, and is no help page", "save the page itself"
    if _LEADS.search(text[:20_000]):
        return line, f"this page{called} only leads to another, and is no help page", _AGAIN
    if source.layout == "html" and "<script" in text and not any(piece.text for piece in pieces):
        return line, f"this page{called} holds nothing but scripts that fill it, and is no help page", _FILLED
    for pattern, what, remedy in _SAID:
        if any(re.search(pattern, title, re.IGNORECASE) for title in titles[:2]):
            return line, f"this is {what}{called}, not a help page", remedy
    return line, f"this is not a help page{called}: {lacks}", NOT_A_PAGE
