"""The samples of an HTML page: headings of media types, each with what stands under it.

    as the package has it     heading, sample, heading, sample …
    as tabs have it           heading, heading, sample, sample

The rule: a sample is text in `pre` or `textarea`, else loose text that looks like JSON or XML. Under headings that
stand side by side samples belong by their order, or by their looks where there are fewer. Nothing is interpreted here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from contracts.helppage.draft import Block, Faults, Located
from contracts.helppage.pieces import Piece
from contracts.helppage.sections import CUSTOM, MEDIA_TYPES, media_types, sample_text

_HEADERS = frozenset({"h3", "h4", "h5", "h6", "li", "p", "text"})
_SAMPLED = re.compile(r"\s*(?:Sample:)?\s*(?=[\[{<\"])")


def blocks_of(pieces: Sequence[Piece], heading: int, faults: Faults) -> tuple[Block, ...]:
    """The samples under a heading of formats, which stands on line `heading` (0: there is none)."""
    pieces = [piece for piece in pieces if piece.text and piece.tag not in ("table", "tr", "td", "th")]
    starts = [i for i, piece in enumerate(pieces) if _is_header(piece)]
    if heading and not starts:
        faults.note(heading, "no media type stands under this heading", CUSTOM)
    blocks: list[Block] = []
    side_by_side: list[Piece] = []
    for start, end in zip(starts, [*starts[1:], len(pieces)], strict=False):
        side_by_side.append(pieces[start])
        below = pieces[start + 1 : end]
        if below or end == len(pieces):
            blocks += _paired(side_by_side, below)
            side_by_side = []
    return tuple(blocks)


def _is_header(piece: Piece) -> bool:
    return piece.tag in _HEADERS and len(piece.text) < 1000 and bool(MEDIA_TYPES.fullmatch(piece.text))


def _paired(headers: list[Piece], below: list[Piece]) -> list[Block]:
    samples = [piece.located("pre") for piece in below if piece.tag == "pre"]
    if len(headers) == 1 and len(samples) > 1 and "\n" not in samples[0].text.strip():
        samples = [Located("\n".join(sample.text for sample in samples), samples[0].line)]  # a line each, as Word does
    samples = samples or [loose for piece in below if (loose := _loose(piece))][:1]
    texts = [
        sample_text([Located(text, sample.line + i) for i, text in enumerate(sample.text.split("\n"))])
        for sample in samples
    ]
    if len(headers) > 1 and len(texts) < len(headers):
        texts = [next((text for text in texts if _fits(header.text, text[0])), (None, 0)) for header in headers]
    texts += [(None, 0)] * (len(headers) - len(texts))
    return [
        Block(media_types(header.text), Located(header.text, header.line), text, line)
        for header, (text, line) in zip(headers, texts, strict=False)
    ]


def _loose(piece: Piece) -> Located | None:
    """A sample that stands in no `pre`."""
    found = piece.located()
    match = _SAMPLED.match(found.text)
    if piece.tag not in ("text", "p", "li") or match is None:
        return None
    return Located(found.text[match.end() :], found.line + found.text[: match.end()].count("\n"))


def _fits(header: str, sample: str | None) -> bool:
    """Whether a sample looks like what its heading calls it."""
    if sample is None:
        return False
    looks = "xml" if sample.lstrip().startswith("<") else "json" if sample.lstrip()[:1] in tuple('[{"') else "form"
    return looks == next((word for word in ("xml", "form") if word in header.lower()), "json")
