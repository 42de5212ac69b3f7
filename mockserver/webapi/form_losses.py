"""What a form says that no member takes: telling it, with the reason; and bytes that were no UTF-8.

The rule: nothing here decides what is read (`form_binding` does); an empty pair, as "&&" makes it, says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from mockserver.webapi import forms
from mockserver.webapi.losses import Losses
from mockserver.webapi.shapes import Shape, fold

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
    if not raw and len(names) == len(taken):
        return
    for at, (name, value) in enumerate(sent):
        folded = fold(forms.normalized(name))
        if folded not in taken:
            if name or value:
                losses.add("form.list" if _is_list(shape, folded) else "form.unknown", name or '""', value)
        elif raw and "\ufffd" in value and value.count("\ufffd") > len(_ITSELF.findall(raw[at])):
            losses.add("form.replaced", name, raw[at].partition(b"=")[2].decode("latin-1"), value)


def _is_list(shape: Shape | None, folded: str) -> bool:
    """Whether the name is that of a list or dictionary, or of something inside one."""
    member = None if shape is None else shape.by_form.get(re.split(r"[.\[]", folded, maxsplit=1)[0])
    return member is not None and member.type.kind in ("collection", "dictionary", "pair", "any")
