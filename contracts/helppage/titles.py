"""Where a flattened page's operation begins, what is a section's own, what type stands above a body's table.

The rule: the package's own spelling first; what sites make of it only where that is nowhere, and told. What stands
above a table is its model only where it is a type.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from contracts.helppage.draft import Faults, Located, joined
from contracts.helppage.phrases import type_of
from contracts.helppage.sections import ALWAYS, BEHIND_TITLE, NAMED_BELOW, TITLE, not_ours, title_of


def title_at(lines: Sequence[Located]) -> int | None:
    """The index of the line with verb and path among the lines above a page's sections; None where none has them."""
    exact = [at for at, line in enumerate(lines) if TITLE.fullmatch(line.text.strip())]
    loose = [at for at, line in enumerate(lines) if not exact and title_of(line.text)]
    return next(iter([*exact, *loose]), None)


def starts_operation(lines: Sequence[Located]) -> bool:
    """Whether the lines begin with verb and path in a site's own spelling, and an operation's sections follow."""
    return bool(title_of(lines[0].text)) and any(line.text in ALWAYS for line in lines)


def titled(line: Located, faults: Faults) -> Located:
    """Verb and path of a line that has them; what stands behind them is told."""
    words, behind = title_of(line.text) or (line.text.strip(), "")
    if behind:
        faults.note(line.line, f"{behind[:60]!r} behind the path is left out", BEHIND_TITLE)
    return replace(line, text=words)


def named_above(
    above: Sequence[Located], table: int, glued: bool, faults: Faults
) -> tuple[Located | None, Located | None]:
    """The words and the type above a body's table, which stands on line `table`.

    The last of the lines is the type where the page put it there (`glued`) and it is one, whatever model it names.
    """
    if glued and above and type_of(above[-1].text) is not None:
        return joined(above[:-1]), above[-1]
    faults.note(table, *NAMED_BELOW)
    return joined(above), None


def own(lines: Sequence[Located], is_table: Callable[[str], bool], faults: Faults) -> list[Located]:
    """A whole section's lines, up to a heading that is none of a help page and has a table below it."""
    whole = False
    above = 0
    for at, line in enumerate(lines):
        if whole and is_table(line.text):
            not_ours(lines[above], faults)
            return list(lines[:above])
        whole = whole or line.text == "None." or is_table(line.text)
        above = at if line.text.strip() else above
    return list(lines)
