"""What an XML body says that the serializer passes over: telling it, with the reason.

    an element not taken: out of order, twice, another namespace, another case, unknown; what a nil holds; line ends

The rule: nothing here decides what is read (`datacontract` does), only why it was not; what says nothing (an element
that is nil and would have been null anyway) is no loss.
Source: S XmlObjectSerializerReadContext.cs (GetMemberIndex, HandleMemberNotFound).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from mockserver.webapi.losses import Losses
from mockserver.webapi.shapes import Member, fold
from mockserver.webapi.xml_reader import XmlReader

_OPENING = re.compile(r"<(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
_NIL = re.compile(r"\bnil\s*=\s*[\"']\s*(?:true|1)\s*[\"']")
_RETURN = re.compile(r"&#(?:0*13|x0*[dD]);")
_NOTHING = re.compile(r"[ \t\r\n]+|<!--(?:[^-]|-(?!-))*-->")
_SPACE = " \t\r\n"


def content(element: str) -> str:
    """What stands between an element's tags, as sent; `element` is its text, perhaps with blanks after it."""
    opening = _OPENING.match(element)
    if opening is None or opening[0].endswith("/>"):
        return ""
    return element[opening.end() : max(element.rfind("</"), opening.end())]


def _says_null(element: str) -> bool:
    opening = _OPENING.match(element)
    return opening is not None and _NIL.search(opening[0]) is not None and not content(element).strip(_SPACE)


def tell_passed_over(
    losses: Losses,
    order: tuple[Member, ...],
    name: tuple[str, str],
    place: str,
    element: str,
    taken: Mapping[str, slice],
    reader: XmlReader,
) -> None:
    """Why an element between the members was not taken; `taken` is where each member's element is that was."""
    reason = "xml.unknown"
    for member in order:
        if member.xml is None or fold(member.xml.name) != fold(name[0]):
            continue
        if (member.xml.name, member.xml.namespace) == name:
            first = taken.get(member.name)
            _tell_known(losses, member, place, element, None if first is None else reader.text[first])
            return
        reason = "xml.namespace" if member.xml.name == name[0] else "xml.case"
    losses.add(reason, place, content(element))


def _tell_known(losses: Losses, member: Member, place: str, element: str, first: str | None) -> None:
    if first is None:
        if not (member.nullable and _says_null(element)):
            losses.add("xml.out-of-order", place, content(element))
    else:
        losses.add("xml.duplicate", place, content(element), content(first))


def tell_nil(losses: Losses, place: str, element: str) -> None:
    """What a nil element holds."""
    inner = content(element)
    if inner.strip(_SPACE):
        losses.add("xml.nil-content", place, inner, "null")


def tell_line_ends(losses: Losses, place: str, raw: str, text: str) -> None:
    """Carriage returns of an element's text that became line feeds."""
    if raw.count("\r") + len(_RETURN.findall(raw)) > text.count("\r"):
        losses.add("xml.line-ends", place, raw, text)


def tell_rest(losses: Losses, reader: XmlReader) -> None:
    """What follows the root: the reader looks one node ahead and no further."""
    text, place = reader.text, reader.after
    while (match := _NOTHING.match(text, place)) is not None:
        place = match.end()
    if place < len(text):
        losses.add("xml.rest", "", text[place:].strip(_SPACE))
