"""What descriptions say in words: required, read-only, may be null, upsert, whose id.

The rule: wordings are patterns in one table, none of them names a member or a resource of any portal. A condition
("Required, if …") makes no member required. Each function says what it found; what follows from it is for others.
"""

from __future__ import annotations

import re

from contracts.helppage.draft import shorten

_REQUIRED = re.compile(r"\(\s*(required|mandatory)\b([^()]*)\)", re.IGNORECASE)
_CONDITION = re.compile(r"\b(if|when|unless|only|except|for|where|depending)\b", re.IGNORECASE)
_OPTIONAL = re.compile(r"\(\s*optional\b[^()]*\)", re.IGNORECASE)
_READ_ONLY = re.compile(r"\(\s*read[\s-]?only\b[^()]*\)", re.IGNORECASE)
_NULL = re.compile(r"\b(may|can|could|might) be (null|omitted as null)\b|\bnullable\b", re.IGNORECASE)
_NOT_NULL = re.compile(r"\b(can ?not|may not|must not|never|not) be null\b|\b(not|non)[ -]nullable\b", re.IGNORECASE)
_UPSERT = re.compile(
    r"\bupserts?\b|\b(creat|insert|add|regist)\w*\b.*\b(or|and|if)\b.*\b(updat|modif|chang|replac|overwrit|edit)\w*"
    r"|\b(updat|modif|chang|replac)\w*\b.*\b(or|and|if)\b.*\b(creat|insert|add)\w*",
    re.IGNORECASE | re.DOTALL,
)
_OWN_ID = r"\b(?:unique )?(?:id|identifier)\b[^.]*?\b(?:of|for) (?:the|this) (?P<noun>[\w ]+?)"
_KEY = re.compile(
    _OWN_ID
    + r" (?:on|in|from|of) (?:the |your |an? )?(?:integrating|integrated|external|client|calling|third[- ]party)\b",
    re.IGNORECASE,
)
_ID = re.compile(_OWN_ID + r" (?:in|on|of|within) (?:the |this )?(?:portal|service|system|site|api)\b", re.IGNORECASE)
_ITSELF = frozenset({"model", "record", "entity", "object", "resource", "item"})


def required(text: str) -> tuple[bool, str] | None:
    """Whether the prose calls a member required, and the words that say so; None where it does not speak of it."""
    match = _REQUIRED.search(text)
    if match:
        return not _CONDITION.search(match[2]), match[0]
    match = _OPTIONAL.search(text)
    return (False, match[0]) if match else None


def read_only(text: str) -> str:
    """The words that call a member read-only, empty where none do."""
    match = _READ_ONLY.search(text)
    return match[0] if match else ""


def may_be_null(text: str) -> bool | None:
    """Whether the prose says that a member may be null, or that it may not; None where it does not speak of it."""
    if _NOT_NULL.search(text):
        return False
    return True if _NULL.search(text) else None


def upsert(summary: str) -> bool:
    """Whether a summary says that an operation creates or updates."""
    return bool(_UPSERT.search(shorten(summary, 1000)))


def names_own_key(text: str, model: str) -> bool:
    """Whether a description speaks of the model's own id on the client's side."""
    match = _KEY.search(text)
    return bool(match) and _is_itself(match["noun"] if match else "", model)


def names_own_id(text: str, model: str) -> bool:
    """Whether a description speaks of the model's own id in the portal."""
    match = _ID.search(text)
    return bool(match) and _is_itself(match["noun"] if match else "", model)


def _is_itself(noun: str, model: str) -> bool:
    """Whether a noun of the prose means the model at hand: "model", or the words of its name."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", model)
    if words and words[-1].lower() in ("model", "dto", "data", "contract", "resource"):
        words = words[:-1]
    return noun.lower() in _ITSELF or noun.lower() == " ".join(words).lower()
