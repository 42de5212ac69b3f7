"""HTML: a page as the templates of the HelpPage package write it, of every version, or as a site has customised it.

The rule: headings, tables and samples are recognised by their words (`sections`), never by classes or ids; columns by
what their headings say. What is not understood is noted with its line, and the rest read on. Nothing is interpreted
here.
"""

from __future__ import annotations

from dataclasses import replace

from contracts.helppage.columns import lists_values
from contracts.helppage.draft import Entry, EnumRow, Faults, Located, PageDraft, Row, Side, Source, joined
from contracts.helppage.html_samples import blocks_of
from contracts.helppage.html_tables import cells_of, rows_of, tables_of
from contracts.helppage.phrases import FRAMEWORK, type_of
from contracts.helppage.pieces import WORDS, Flattener, Piece
from contracts.helppage.places import by_place
from contracts.helppage.sections import (
    BEHIND_TITLE,
    CUSTOM,
    CUT,
    HEADINGS,
    IN_BODY,
    NAMED_BELOW,
    OLD,
    TITLE,
    UNTITLED,
    WITH_TABLE,
    check_headings,
    divide,
    heading_of,
    not_ours,
    says_none,
    title_of,
)
from contracts.helppage.strangers import is_stranger, what_it_is

_INTRO = "Possible enumeration values:"
_LEVELS = frozenset({"h2", "h3", "h4", "h5", "h6"})


def parse(source: Source, faults: Faults) -> PageDraft | None:
    """The draft of an HTML page; None when it is not a help page at all, which is then told."""
    text = "\n".join(source.lines)
    flattener = Flattener()
    flattener.feed(text)
    cut = flattener.cut()
    if cut:
        faults.add(len(source.lines), f"the page ends inside <{cut[0]}> of line {cut[1]}", CUT)
    return draft_of(source, flattener.pieces, faults)


def draft_of(source: Source, pieces: list[Piece], faults: Faults) -> PageDraft | None:
    """The draft of a page in pieces, whatever it was before; None when it is not a help page at all."""
    start = _operation_title(pieces)
    sections = _sections(pieces)
    if start is None or not sections:
        entries = _entries(pieces)
        if entries or any(head[:2] == ["API", "Description"] for head, _, _ in tables_of(pieces)):
            title = next((piece.located() for piece in pieces if piece.tag == "h1"), Located("", 1))
            return PageDraft(source, "index", title, None, entries=entries)
    if start is not None:
        words, behind = title_of(pieces[start].text) or ("", "")
        line = pieces[start].located().line
        if behind:
            faults.note(line, f"{behind[:60]!r} behind the path is left out", BEHIND_TITLE)
        rest = pieces[start + 1 :]
        by_place(rest, line, faults)
        return _operation(source, replace(pieces[start].located(), text=words), rest, faults)
    if sections:
        faults.add(sections[0], UNTITLED, CUT)
        return None
    return _model(source, pieces, faults)


def _sections(pieces: list[Piece]) -> list[int]:
    """The lines of the headings that every operation's page has."""
    return [piece.line for piece in pieces if _heading_of(piece, frozenset()) in HEADINGS]


def _operation_title(pieces: list[Piece]) -> int | None:
    """Where verb and path stand: in a heading, the first by its level; else in a line of its own above the sections."""
    found = [at for at, piece in enumerate(pieces) if piece.tag in ("h1", "h2", "h3") and TITLE.fullmatch(piece.text)]
    found.sort(key=lambda at: pieces[at].tag)
    sections = _sections(pieces)
    if found or not sections:
        return next(iter(found), None)
    above = [at for at, piece in enumerate(pieces) if piece.line <= sections[0] and len(piece.text) < 2000]
    titled = [at for at in above if pieces[at].tag in {"h1", *_LEVELS} and title_of(pieces[at].text)]
    alone = [at for at in above if pieces[at].tag in WORDS and TITLE.fullmatch(pieces[at].text)]
    return next(iter([*titled, *alone[-1:]]), None)


def _entries(pieces: list[Piece]) -> tuple[Entry, ...]:
    """What an index lists: the rows of its tables that begin with verb and path, in one cell or in two.

    A table that begins so in less than half of its rows speaks of something else.
    """
    entries: list[Entry] = []
    for head, start, end in tables_of(pieces):
        group = next((piece.text for piece in reversed(pieces[:start]) if piece.tag in ("h2", "h3")), "")
        rows = cells_of(pieces[start:end])[1:] if not title_of(head[0] if head else "") else cells_of(pieces[start:end])
        found = [entry for _, cells in rows if (entry := _entry(cells, group))]
        entries += found if 2 * len(found) >= len(rows) else []
    return tuple(entries)


def _entry(cells: list[Piece], group: str) -> Entry | None:
    two = f"{cells[0].text} {cells[1].text}" if len(cells) > 1 else ""
    behind = 1 if TITLE.fullmatch(cells[0].text) else 2
    text = cells[0].text if behind == 1 else two
    if not TITLE.fullmatch(text):
        return None
    words = (cells[behind].inner or cells[behind:])[0].located().text if len(cells) > behind else ""
    return Entry(replace(cells[0].located(), text=text), group, words)


def _heading_of(piece: Piece, exact: frozenset[str]) -> str:
    """The heading that a piece is: by the package's own words, or written otherwise where those are nowhere."""
    if piece.tag not in _LEVELS:
        return ""
    if piece.text in HEADINGS or piece.text in OLD:
        return piece.text
    other = heading_of(piece.text)
    return "" if other in exact else other


def _operation(source: Source, title: Located, pieces: list[Piece], faults: Faults) -> PageDraft:
    exact = frozenset(piece.text for piece in pieces if piece.tag in _LEVELS) & {*HEADINGS, *OLD}

    def heading(piece: Piece) -> Located | None:
        name = _heading_of(piece, exact)
        return Located(name, piece.line) if name else None

    at, sections, headings = divide(pieces, heading)
    check_headings(headings, faults, source.marked_up)
    for name in set(WITH_TABLE) & set(sections):
        sections[name] = _own(sections[name], faults)
    summary = [piece.located() for piece in sections[""] if piece.tag in WORDS and piece.text]
    parameters = _parameters(sections.get("URI Parameters", []), at.get("URI Parameters", 0), faults)
    request = _side(sections, at, "Body Parameters", "Request Formats", faults)
    body = next((row for row in parameters if any(note.text == IN_BODY for note in row.annotations)), None)
    return PageDraft(
        source,
        "api",
        title,
        joined(summary),
        parameters=tuple(row for row in parameters if row is not body),
        request=replace(request, description=body.description, line=body.line) if body else request,
        response=_side(sections, at, "Resource Description", "Response Formats", faults),
    )


def _own(pieces: list[Piece], faults: Faults) -> list[Piece]:
    """A whole section's pieces, up to a heading that is none of a help page and has a table below it."""
    whole = False
    for at, piece in enumerate(pieces):
        whole = whole or piece.tag == "table" or (piece.tag in WORDS and says_none(piece.text))
        if whole and piece.tag in _LEVELS and any(other.tag == "table" for other in pieces[at:]):
            not_ours(piece.located(), faults)
            return pieces[:at]
    return pieces


def _parameters(pieces: list[Piece], heading: int, faults: Faults) -> tuple[Row, ...]:
    if any(piece.tag == "table" for piece in pieces):
        return rows_of(pieces, faults)
    words = [piece.text for piece in pieces if piece.text]
    if heading and not (len(words) == 1 and says_none(words[0])):
        faults.note(heading, 'the section "URI Parameters" holds neither a table nor "None."', CUSTOM)
    return ()


def _side(sections: dict[str, list[Piece]], at: dict[str, int], body: str, formats: str, faults: Faults) -> Side:
    blocks = blocks_of(sections.get(formats, []), at.get(formats, 0), faults)
    if body not in at:
        return Side(at.get(formats, 0), blocks=blocks)
    pieces = sections[body]
    table = next((i for i, piece in enumerate(pieces) if piece.tag == "table"), len(pieces))
    above = [piece for piece in pieces[:table] if piece.tag in WORDS and piece.text]
    none = next((piece.located() for piece in reversed(above) if says_none(piece.text)), None)
    above = [piece for piece in above if not says_none(piece.text)]
    framework = none is not None and any(piece.text in FRAMEWORK for piece in above[-1:])
    phrase, words = _phrase(above, table < len(pieces) or bool(blocks) or framework)
    side = Side(at[body], joined(words), phrase, blocks=blocks, formats=formats in at)
    if phrase is not None:
        rows = rows_of(pieces, faults) if table < len(pieces) else () if none else None
        return replace(side, rows=rows, none=none)
    if table < len(pieces):
        faults.note(pieces[table].line, *NAMED_BELOW)
        return replace(side, rows=rows_of(pieces, faults))
    if none is None:
        faults.note(at[body], f'the section "{body}" names neither a type nor "None."', CUSTOM)
    return replace(side, none=none)


def _phrase(above: list[Piece], shown: bool) -> tuple[Located | None, list[Located]]:
    """The type that stands above a body's table or samples, and the words that describe the body.

    The package writes the type as loose text behind the paragraph of words. Others put it into a paragraph of its own
    or, as a link, at the end of the words; that is believed where it is a type and a table or samples follow.
    """
    words = [piece.located() for piece in above]
    loose = next((i for i, piece in enumerate(above) if piece.tag == "text"), None)
    if loose is not None and (type_of(words[loose].text) is not None or not shown):
        return words[loose], [word for piece, word in zip(above[:loose], words, strict=False) if piece.tag == "p"]
    last = next((i for i in range(len(above) - 1, -1, -1) if type_of(words[i].text) is not None), None)
    if last is not None and shown:
        return words[last], words[:last]
    for i in range(len(above) - 1, -1, -1):
        linked = above[i].linked() if shown else None
        if linked is not None and type_of(linked[1].text) is not None:
            return linked[1], [*words[:i], linked[0]]
    return None, words


def _model(source: Source, pieces: list[Piece], faults: Faults) -> PageDraft | None:
    """The page of a model: its name is the last heading of the first level above a table, else its address tells it.

    Above it a site's frame may have headings of its own.
    """
    tables = [at for at, piece in enumerate(pieces) if piece.tag == "table"]
    headings = [at for at, piece in enumerate(pieces) if piece.tag == "h1"]
    above = [at for at in headings if not tables or at < tables[0]]
    start = next(iter([*above[-1:], *headings[:1]]), None)
    shows = bool(tables) or any(says_none(piece.text) for piece in pieces[start or 0 :])
    if is_stranger(source) or not shows:
        faults.add(*what_it_is(source, pieces, "it shows neither an operation nor a model"))
        return None
    named = type_of(pieces[start].text) if start is not None else None
    if start is not None and named is not None and named.kind == "model":
        title = replace(pieces[start].located(), text=pieces[start].text)
        return _resource(source, title, pieces[start + 1 :], faults)
    if source.called:
        return _resource(source, Located(source.called, 1), pieces, faults)
    faults.add(*what_it_is(source, pieces, 'no heading is a verb and a path, such as "POST api/Things", or a model'))
    return None


def _resource(source: Source, title: Located, pieces: list[Piece], faults: Faults) -> PageDraft:
    table = next((i for i, piece in enumerate(pieces) if piece.tag == "table"), None)
    before = pieces if table is None else pieces[:table]
    words = [piece.located() for piece in before if piece.tag in WORDS and piece.text]
    words = [word for word in words if not says_none(word.text) and word.text != _INTRO]
    if table is None:
        return PageDraft(source, "model", title, joined(words))
    rows = cells_of(pieces[table:])
    if not rows or not lists_values([cell.text for cell in rows[0][1]]):
        return PageDraft(source, "model", title, joined(words), rows=rows_of(pieces[table:], faults))
    members = []
    for line, cells in rows[1:]:
        if len(cells) == 3 and cells[0].text:
            members.append(EnumRow(cells[0].located(), cells[1].located(), cells[2].located().text))
        else:
            faults.note(line, "a row of the enumeration has no three cells and is left out", CUSTOM)
    return PageDraft(source, "enum", title, joined(words), members=tuple(members))
