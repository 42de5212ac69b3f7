"""Headings in words that are not the package's, most often those of another language: known by their place.

    h2            Request Information
      h3 h3 (h3)    URI Parameters, Body Parameters, Request Formats
    h2            Response Information
      h3 (h3)       Resource Description, Response Formats

The rule: only where no heading of the page is known, and all of them stand exactly as the template puts them; what was
taken for what is told.
"""

from __future__ import annotations

from collections.abc import Sequence

from contracts.helppage.draft import Faults
from contracts.helppage.pieces import Piece
from contracts.helppage.sections import HEADINGS, heading_of

_REQUEST, _RESPONSE = HEADINGS[:4], HEADINGS[4:]
_CHECK = "see whether the parameters and both bodies are as the page has them; an overlay can settle the rest"


def by_place(pieces: Sequence[Piece], line: int, faults: Faults) -> None:
    """Gives the headings their package's words, in place, where their order tells them; tells it on line `line`."""
    headings = [piece for piece in pieces if piece.tag in ("h2", "h3")]
    if any(heading_of(piece.text) for piece in headings):
        return
    parts: list[list[Piece]] = []
    for piece in headings:
        if piece.tag == "h2":
            parts.append([piece])
        elif parts:
            parts[-1].append(piece)
    sides = [part for part in parts if len(part) > 1]
    if len(sides) != 2 or not 3 <= len(sides[0]) <= 4 or not 2 <= len(sides[1]) <= 3:
        return
    taken = []
    for side, names in zip(sides, (_REQUEST, _RESPONSE), strict=True):
        for piece, name in zip(side, names, strict=False):
            taken.append(f"{piece.text[:40]!r} as {name!r}")
            piece.rename(name)
    faults.note(line, f"headings of unknown words were read by their place: {', '.join(taken)}", _CHECK)
