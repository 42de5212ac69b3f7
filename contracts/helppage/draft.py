"""What stands on one page, before anyone asks what it means.

    bytes ──source──▶ Source ──text | html──▶ PageDraft ──join──▶ Contract

The rule: a draft says what the page says and on which line, in the page's own words and order, and is the same for
every layout. Nothing in it is interpreted: a type is still a phrase, a sample still text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from contracts.errors import Fault
from contracts.model import Evidence

Layout = Literal["A", "B", "C", "D", "html", "markdown"]


@dataclass(frozen=True)
class Source:
    """A page as received: its name, the SHA-256 of its bytes, its text in lines without line ends, its layout.

    `called` is the model that the page's address or file name speaks of, empty where it speaks of none.
    """

    name: str
    sha256: str
    lines: tuple[str, ...]
    layout: Layout
    called: str = ""

    @property
    def marked_up(self) -> bool:
        """Whether tags tell where the page ends; a text that was cut off looks like a short one."""
        return self.layout in ("html", "markdown")


@dataclass(frozen=True)
class Located:
    """Words of the page and the 1-based lines they stand on."""

    text: str
    line: int
    last: int = 0

    @property
    def lines(self) -> tuple[int, ...]:
        """Every line the words stand on."""
        return tuple(range(self.line, max(self.line, self.last) + 1))

    def evidence(self, page: str, rule: str = "", quote: str | None = None) -> Evidence:
        """These words as evidence."""
        return Evidence(page, self.lines, shorten(self.text if quote is None else quote), rule)


@dataclass(frozen=True)
class Row:
    """One row of a table: parameters or members. `name` is None where the page lost it.

    `sampled` says that no table holds it: it is made from what a sample looks like.
    """

    name: Located | None
    description: Located | None
    phrase: Located
    annotations: tuple[Located, ...]
    line: int
    sampled: bool = False


@dataclass(frozen=True)
class EnumRow:
    """One row of an enumeration's table."""

    name: Located
    value: Located
    description: str


@dataclass(frozen=True)
class Block:
    """One sample heading: its media types, and the sample under it, None where there is none."""

    media_types: tuple[str, ...]
    header: Located
    text: str | None
    line: int


@dataclass(frozen=True)
class Side:
    """One direction: what the body is called, its table (None: no table), its samples; `none` where it says "None.".

    `sampled` says that the page names no type, and the phrase is made from a sample.
    """

    line: int
    description: Located | None = None
    phrase: Located | None = None
    rows: tuple[Row, ...] | None = None
    none: Located | None = None
    blocks: tuple[Block, ...] = ()
    formats: bool = False
    sampled: bool = False


@dataclass(frozen=True)
class Entry:
    """One operation that an index lists: its title, the group it stands in, its description."""

    title: Located
    group: str
    description: str


@dataclass(frozen=True)
class PageDraft:
    """One page: an operation ("api": parameters and two sides), a "model" (rows), an "enum" (members), or the "index"
    of a site (entries)."""

    source: Source
    kind: Literal["api", "model", "enum", "index"]
    title: Located
    summary: Located | None
    parameters: tuple[Row, ...] = ()
    request: Side = field(default_factory=lambda: Side(0))
    response: Side = field(default_factory=lambda: Side(0))
    rows: tuple[Row, ...] = ()
    members: tuple[EnumRow, ...] = ()
    entries: tuple[Entry, ...] = ()


def shorten(text: str, width: int = 100) -> str:
    """The text on one line, cut to what a reader needs to find it."""
    flat = " ".join(text[: 20 * width].split())  # more would only be cut off again
    return flat if len(flat) <= width else flat[: width - 1].rstrip() + "…"


class Faults:
    """The faults of one page, gathered while it is read."""

    def __init__(self, page: str):
        self.page = page
        self.found: list[Fault] = []

    def add(self, line: int, what: str, remedy: str) -> None:
        """Notes a fault that makes the page useless: it is cut off, or no help page."""
        self.found.append(Fault(self.page, line, what, remedy, broken=True))

    def note(self, line: int, what: str, remedy: str) -> None:
        """Notes something that was not understood, while the rest of the page was."""
        self.found.append(Fault(self.page, line, what, remedy))


def joined(parts: Sequence[Located]) -> Located | None:
    """Several lines as one text; None for none, or for nothing but blanks."""
    if not parts or not any(part.text.strip() for part in parts):
        return None
    return Located("\n".join(part.text for part in parts), parts[0].line, parts[-1].line)
