"""What a form says that no member takes: telling it, with the reason; and bytes that were no UTF-8.

The rule: nothing here decides what is read (`form_binding` does); an empty pair, as "&&" makes it, says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import islice

from mockserver.webapi import forms
from mockserver.webapi.losses import Losses
from mockserver.webapi.shapes import Shape, fold

_HEAD = re.compile(r"[.\[]")
_INDEX = re.compile(r"\[[^\]]*\]")
#: No form's list is in more lists than this; a name made of brackets costs no more than its length.
_DEEPEST = 16
_ITSELF = re.compile(rb"\xef\xbf\xbd|%[eE][fF]%[bB][fF]%[bB][dD]")


def tell(
    losses: Losses,
    body: bytes,
    sent: list[tuple[str, str]],
    names: Collection[str],
    taken: Collection[str],
    shape: Shape | None,
) -> None:
    """The names that no member took, and the values in which bytes were replaced.

    `sent` are the form's pairs, `names` their names and `taken` those that a member took, both folded.
    """
    odd = b"%" in body or not body.isascii()
    raw = body.split(b"&") if odd and any("\ufffd" in value for _, value in sent) else []
    if not raw and "" not in names and all(name in taken for name in names):
        return
    read = {item for name in taken for item in _items(name)}
    for at, (name, value) in enumerate(sent):
        folded = fold(forms.normalized(name))
        # An empty name is that of a body that is one value, never a member's.
        if folded not in taken or (shape is not None and not folded):
            if name or value:
                losses.add(_reason(folded, read, shape), name or '""', value)
        elif raw and "\ufffd" in value and value.count("\ufffd") > len(_ITSELF.findall(raw[at])):
            losses.add("form.replaced", name, raw[at].partition(b"=")[2].decode("latin-1"), value)


def _items(name: str) -> Iterator[str]:
    """The items that a name is in: "a[0].b[1].c" is in "a[0]" and in "a[0].b[1]"."""
    return (name[: match.end()] for match in islice(_INDEX.finditer(name), _DEEPEST))


def _reason(folded: str, read: Collection[str], shape: Shape | None) -> str:
    """Why no member took a name; `read` are the items of which something was read."""
    member = None if shape is None else shape.by_form.get(_HEAD.split(folded, maxsplit=1)[0])
    if member is not None and (member.field or not member.settable):
        return "form.field"
    inside = list(_items(folded))
    listed = shape is None or (member is not None and member.type.kind in ("collection", "dictionary"))
    return "form.list" if listed and inside and inside[-1] not in read else "form.unknown"
