"""What descriptions say in words: required, read-only, may be null, upsert, whose id.

The rule: wordings are patterns in one table, none of them names a member or a resource of any portal. A condition
("Required, if …") makes no member required. Each function says what it found; what follows from it is for others.
"""

from __future__ import annotations

import re

from contracts.helppage.draft import shorten

# A remark on a member: "(Required)" in brackets, "Name. Required." as a sentence, or "this field is required".
_REMARK = (
    r"[(\[]\s*(?:{word})\b(?P<more>[^()\[\]]*)[)\]]"
    r"|(?:^|[.;:,–-]\s)\s*(?:{word})(?: (?:field|member|property|value))?\s*(?:[.;!]|$)"
    r"|\b(?:this|the) (?:field|member|property|value) is (?:{word})(?=\s*(?:[.;,!]|$))"
)
_REQUIRED = re.compile(_REMARK.format(word="required|mandatory"), re.IGNORECASE)
_OPTIONAL = re.compile(_REMARK.format(word="optional|not required|not mandatory"), re.IGNORECASE)
_READ_ONLY = re.compile(_REMARK.format(word=r"read[\s-]?only"), re.IGNORECASE)
_CONDITION = re.compile(r"\b(if|when|unless|only|except|for|where|depending)\b", re.IGNORECASE)
_NULL = re.compile(r"\b(may|can|could|might) be (null|omitted as null)\b|\bnullable\b", re.IGNORECASE)
_NOT_NULL = re.compile(r"\b(can ?not|may not|must not|never|not) be null\b|\b(not|non)[ -]nullable\b", re.IGNORECASE)

_CREATE = r"\b(?:creat(?:es?|ing)|insert(?:s|ing)?|add(?:s|ing)?|regist(?:ers?|ering))\b"
_UPDATE = r"\b(?:(?:updat|chang|replac|overwrit)(?:es?|ing)|modif(?:y|ies|ying)|edit(?:s|ing)?)\b"
# Either "create … or … update", "create …, if … update" with whatever between them, or both verbs side by side. A plain
# "and" further off joins two deeds ("Creates an order and updates the stock"), unless the second is to what exists.
_UPSERT = re.compile(
    r"\bupsert(?:s|ing)?\b"
    rf"|{_CREATE}.*\b(?:or|if)\b.*{_UPDATE}|{_UPDATE}.*\b(?:or|if)\b.*{_CREATE}"
    rf"|{_CREATE}\s*(?:/|,|\band\b)\s*{_UPDATE}|{_UPDATE}\s*(?:/|,|\band\b)\s*{_CREATE}"
    rf"|{_CREATE}.*\band {_UPDATE}.*\bexist|{_CREATE}.*\bupdating\b.*\bif\b|{_UPDATE}.*\bcreating\b.*\bif\b",
    re.IGNORECASE | re.DOTALL,
)
_SAVE = re.compile(r"\A\W*sav(?:es?|ing)\b", re.IGNORECASE)

# "Unique ID of the model …", or "Wheel's unique ID …".
_OWN_ID = (
    r"(?:\b(?:unique )?(?:id|identifier|key)\b[^.]*?\b(?:of|for) (?:the |this |an? )?(?P<noun>[\w ]+?)"
    r"|(?:\A|[.(]\s*)(?:The |This |An? )?(?P<owner>[\w ]+?)(?:'s?|’s?) (?:own |unique )*(?:id|identifier|key)\b)"
)
_KEY = re.compile(
    _OWN_ID + r" (?:on|in|from|of) (?:(?:the |your |an? )?"
    r"(?:integrating|integrated|integrator|external|client|calling|caller|source|partner|third[- ]party)\b"
    r"|your (?:own )?(?:system|side|application|software|database)\b)",
    re.IGNORECASE,
)
_ID = re.compile(
    _OWN_ID + r" (?:in|on|of|within) (?:the |this |our )?(?:portal|service|system|site|api)\b", re.IGNORECASE
)
_ITSELF = frozenset({"model", "record", "entity", "object", "resource", "item"})


def required(text: str) -> tuple[bool, str] | None:
    """Whether the prose calls a member required, and the words that say so; None where it does not speak of it."""
    match = _REQUIRED.search(text)
    if match:
        return not _CONDITION.search(match["more"] or ""), _words(match)
    match = _OPTIONAL.search(text)
    return (False, _words(match)) if match else None


def read_only(text: str) -> str:
    """The words that call a member read-only, empty where none do."""
    match = _READ_ONLY.search(text)
    return _words(match) if match else ""


def _words(match: re.Match[str]) -> str:
    """What a remark says, without what stands before its sentence."""
    return match[0].lstrip(" \t\n.;:,–-")


def may_be_null(text: str) -> bool | None:
    """Whether the prose says that a member may be null, or that it may not; None where it does not speak of it."""
    if _NOT_NULL.search(text):
        return False
    return True if _NULL.search(text) else None


def upsert(summary: str) -> bool:
    """Whether a summary says that an operation creates or updates."""
    return bool(_UPSERT.search(shorten(summary, 1000)))


def saves(summary: str) -> bool:
    """Whether a summary says that an operation saves, which may mean creating, updating or both."""
    return bool(_SAVE.match(summary))


def names_own_key(text: str, model: str) -> bool:
    """Whether a description speaks of the model's own id on the client's side."""
    return any(_is_itself(match["noun"] or match["owner"], model) for match in _KEY.finditer(text))


def names_own_id(text: str, model: str) -> bool:
    """Whether a description speaks of the model's own id in the portal."""
    return any(_is_itself(match["noun"] or match["owner"], model) for match in _ID.finditer(text))


def _is_itself(noun: str, model: str) -> bool:
    """Whether a noun of the prose means the model at hand: "model", or the words of its name."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", model)
    if words and words[-1].lower() in ("model", "dto", "data", "contract", "resource"):
        words = words[:-1]
    return noun.lower() in _ITSELF or noun.lower() == " ".join(words).lower()
