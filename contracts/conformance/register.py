"""The register in a terminal: each requirement with the page's lines, and what differs from an earlier listing.

The rule: 80 columns are enough; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from contracts.conformance.listing import Change, Differences, Line, lines_of
from contracts.conformance.requirements import Requirement
from contracts.conformance.sources import Source

SHOWN = 6  # so many different lines are quoted of one source
LONGEST = 200  # so many characters of a line
HASH = 12  # so many digits of a hash are shown


def print_requirements(found: tuple[Requirement, ...], console: Console) -> None:
    """Print the register as a contract fills it in: id, level, sentence, sources with what the page says."""
    for requirement in found:
        _print_head(requirement.id, requirement.level, requirement.sentence, console)
        for source in requirement.sources:
            where = Text(source.where, style="dim")
            if source.page:
                where.append(f"  sha256 {source.sha256[:HASH]}")
            console.print(Padding(where, (0, 0, 0, 2)))
            _print_quote(source, console)
        if requirement.template.unchecked:
            console.print(Padding(Text(f"not checked: {requirement.template.unchecked}", style="yellow"), (0, 0, 0, 2)))
        console.print()


def _print_head(name: str, level: str, sentence: str, console: Console) -> None:
    console.print(Text.assemble((name, "bold"), f"  {level}"))
    console.print(Padding(Text(sentence), (0, 0, 0, 2)))


def _print_quote(source: Source, console: Console) -> None:
    told = source.quoted
    _print_lines([*told[:SHOWN], *([("", f"… and {len(told) - SHOWN} more")] if len(told) > SHOWN else [])], console)


def _print_lines(rows: Iterable[tuple[str, str]], console: Console, style: str = "") -> None:
    """Numbers and words, side by side."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(style="dim", justify="right", max_width=14)
    grid.add_column(overflow="fold", style=style or "italic")
    for number, words in rows:
        grid.add_row(number, Text(words if len(words) <= LONGEST else f"{words[:LONGEST]}…"))
    if grid.row_count:
        console.print(Padding(grid, (0, 0, 0, 4)))


def print_differences(found: Differences, console: Console) -> None:
    """Print what was added, is gone and has changed; one line where nothing has."""
    if not found:
        console.print("nothing differs: the same requirements, and the page says the same")
        return
    for word, sign, style, rows in (("added", "+", "green", found.added), ("gone", "-", "red", found.gone)):
        for row in rows:
            _print_head(f"{word:7}  {row['id']}", row["level"], row["sentence"], console)
            _print_lines([_signed(sign, line) for line in lines_of(row)[:SHOWN]], console, style)
            console.print()
    for change in found.changed:
        _print_change(change, console)
    counts = f"{len(found.added)} added, {len(found.gone)} gone, {len(found.changed)} changed"
    console.print(Text(counts, style="bold"))


def _print_change(change: Change, console: Console) -> None:
    before, after = change.before, change.after
    _print_head(f"changed  {change.id}", after["level"], after["sentence"], console)
    for name in ("level", "sentence"):
        if name in change.what:
            console.print(Padding(Text(f"{name} was: {before[name]}", style="dim"), (0, 0, 0, 2)))
    if "rules" in change.what:
        console.print(Padding(Text("its sources outside the page are others", style="dim"), (0, 0, 0, 2)))
    for sign, lines, style in (("-", change.went, "red"), ("+", change.came, "green")):
        _print_lines([_signed(sign, line) for line in lines], console, style)
    console.print()


def _signed(sign: str, line: Line) -> tuple[str, str]:
    number, words = line
    return f"{sign} {number or ''}".rstrip(), words.strip()
