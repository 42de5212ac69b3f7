"""Markdown: a page that a converter or an assistant made of the HTML, as the same pieces that HTML is made of.

The rule: markdown-it (CommonMark with tables) tells what is a heading, a table, code; HTML inside is read as HTML. The
page's words are not looked at. A row with more cells than its heading is told, since Markdown drops the rest. Links are
found here, since time must grow with the page, whatever brackets it holds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from contracts.helppage.draft import Faults, PageDraft, Source
from contracts.helppage.html import draft_of
from contracts.helppage.pieces import Flattener, Piece
from contracts.helppage.sections import CUSTOM

if TYPE_CHECKING:
    from markdown_it.token import Token

_OPENED = {"paragraph_open": "p", "th_open": "th", "td_open": "td"}
_MARKS = {"table_open": "table", "tr_open": "tr"}
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_BORDER = re.compile(r"(?<!\\)\|")
_MODEL = re.compile(r"\bResourceModel\b", re.IGNORECASE)
_ADDRESS = r"[^()\s<>]{0,2000}(?:\([^()\s<>]{0,400}\)[^()\s<>]{0,400})?"
_LINK = re.compile(rf"""!?\[([^\[\]\n]{{0,400}})\]\(<?({_ADDRESS})>?(?: "[^"\n]{{0,400}}")?\)""")
_MARK = '<a data-model="">'
#: Markdown takes longer than HTML to take apart; the largest page seen has a tenth of these characters.
_LARGEST = 1_000_000


def parse(source: Source, faults: Faults) -> PageDraft | None:
    """The draft of a page in Markdown; None when it is not a help page at all, which is then told."""
    from markdown_it import MarkdownIt

    if sum(map(len, source.lines)) > _LARGEST:
        faults.add(1, f"this is no help page: it has more than {_LARGEST:,} characters", "give the help page alone")
        return None
    text = "\n".join(_LINK.sub(_linked, line) if "](" in line else line for line in source.lines)
    tokens = MarkdownIt("commonmark").enable("table").disable(["link", "image"]).parse(text)
    return draft_of(source, _pieces(tokens, source, faults), faults)


def _pieces(tokens: list[Token], source: Source, faults: Faults) -> list[Piece]:
    pieces: list[Piece] = []
    line, columns = 1, 0
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        if token.type == "heading_open":
            pieces.append(Piece(token.tag, line))
        elif token.type in _OPENED or token.type in _MARKS:
            pieces.append(Piece(_OPENED.get(token.type) or _MARKS[token.type], line))
            columns = 0 if token.type == "table_open" else columns + (token.type == "th_open")
            if token.type == "tr_open" and columns and _cells(source.lines[line - 1]) > columns:
                faults.note(line, f"the row has more than {columns} cells: what stands in the others is lost", CUSTOM)
        elif token.type == "inline" and pieces:
            _fill(pieces[-1], token.children or [], line)
        elif token.type in ("fence", "code_block"):
            pieces.append(
                Piece("pre", line + (token.type == "fence"), [(token.content, line + (token.type == "fence"))])
            )
        elif token.type == "html_block":
            inner = Flattener()
            inner.feed("\n" * (line - 1) + token.content)
            pieces += inner.pieces
    return pieces


def _linked(match: re.Match[str]) -> str:
    """The words of a link; before those of a link to a model stands a mark."""
    return f"{_MARK if _MODEL.search(match[2]) else ''}{match[1]}"


def _cells(line: str) -> int:
    return len(_BORDER.findall(line.strip().strip("|"))) + 1


def _fill(piece: Piece, parts: list[Token], line: int) -> None:
    """The words of a heading, paragraph or cell; a link to a model is marked."""
    for part in parts:
        if part.content == _MARK:
            piece.link = len(piece.chunks)
        elif part.type in ("text", "code_inline"):
            piece.chunks.append((part.content, line))
        elif part.type in ("softbreak", "hardbreak") or _BREAK.fullmatch(part.content):
            piece.chunks.append(("\n", line))
            line += part.type != "html_inline"
