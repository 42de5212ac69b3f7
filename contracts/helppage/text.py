"""Layouts B, C and D: a page flattened to text whose tables kept their pipes (`cells`).

The rule: what the parser expects and does not find is told with its line, and it goes on behind it. A text that lacks
what every page has was cut off. Nothing is interpreted here.
"""

from __future__ import annotations

import re
from dataclasses import replace

from contracts.helppage.cells import table_rows
from contracts.helppage.draft import Entry, EnumRow, Faults, Located, PageDraft, Row, Side, Source, joined
from contracts.helppage.phrases import FRAMEWORK, annotation_of, split_annotations, type_of
from contracts.helppage.sections import (
    CUT,
    HEADINGS,
    HOME,
    IN_BODY,
    NAMELESS,
    OLD,
    TITLE,
    UNTITLED,
    WITH_TABLE,
    check_headings,
    divide,
    media_blocks,
)
from contracts.helppage.strangers import what_it_is
from contracts.helppage.titles import named_above, own, starts_operation, title_at, titled

_TABLE = re.compile(r"(.*?)(?:\| )?Name \| Description \| Type \| Additional information \|")
_OLD_TABLE = re.compile(r"(?:\| )?Name \| Description \| Additional information \|")
_ENUM = re.compile(r"(?:\| )?Name \| Value \| Description \|")
_INDEX = re.compile(r"(?:\| )?API \| Description \|")
_INTRO = "Possible enumeration values:"
_INT = re.compile(r"-?\d{1,20}")
_GLUED = re.compile(r"(?P<phrase>.+?)(?P<rest>Request Formats|Response Formats|None\.)")


def parse(source: Source, faults: Faults) -> PageDraft | None:
    """The draft of a page in layout B, C or D; None when it is not a help page at all, which is then told."""
    every = [Located(text, number) for number, text in enumerate(source.lines, 1)]
    if any(_INDEX.fullmatch(line.text.strip()) for line in every):
        return _index(source, every, faults)
    lines = _from_title(every)
    if source.called and [line.text for line in lines] == ["None."]:
        return PageDraft(source, "model", Located(source.called, lines[0].line), None)
    if _starts_a_table(lines[0]):  # the page of a model that lost its heading
        if not source.called:
            faults.add(lines[0].line, *NAMELESS)
            return None
        lines = [Located(source.called, lines[0].line), *lines]
    elif source.called and type_of(lines[0].text.strip()) is None:  # its words are left, its name is not
        lines = [Located(source.called, lines[0].line), *lines]
    title = replace(lines[0], text=lines[0].text.strip())
    if TITLE.fullmatch(title.text) or starts_operation(lines):
        return _operation(source, titled(title, faults), lines[1:], faults)
    if any(line.text in HEADINGS for line in lines):
        faults.add(title.line, UNTITLED, CUT)
        return None
    if any(_ENUM.fullmatch(line.text.strip()) for line in lines[1:]):
        return _enum(source, title, lines[1:], faults)
    if sum(bool(_TABLE.fullmatch(line.text)) for line in lines) == 1 or [line.text for line in lines[1:]] == ["None."]:
        return _model(source, title, lines[1:], faults)
    faults.add(*what_it_is(source, (), "it begins with neither a verb and a path nor a model"))
    return None


def _starts_a_table(line: Located) -> bool:
    table = _TABLE.fullmatch(line.text)
    return bool(table and not table[1]) or bool(_ENUM.fullmatch(line.text)) or line.text == _INTRO


def _from_title(lines: list[Located]) -> list[Located]:
    """The lines from the title on: an operation's verb and path, else the first line that is not the site's own."""
    first = next((at for at, line in enumerate(lines) if line.text in (HEADINGS[0], *OLD, HEADINGS[4])), 0)
    title = title_at(lines[:first])
    if title is not None:
        return lines[title:]
    own = [at for at, line in enumerate(lines) if line.text.strip() not in ("", HOME)]
    return lines[own[0] if own else 0 :]


def _operation(source: Source, title: Located, lines: list[Located], faults: Faults) -> PageDraft:
    at, sections, headings = divide(
        _unglue(lines), lambda line: line if line.text in HEADINGS or line.text in OLD else None
    )
    check_headings(headings, faults, source.marked_up)
    for name in set(WITH_TABLE) & set(sections):
        sections[name] = own(sections[name], lambda text: bool(_TABLE.fullmatch(text)), faults)
    parameters = _parameters(sections.get("URI Parameters", []), at.get("URI Parameters", 0), faults)
    request = _side(sections, at, "Body Parameters", "Request Formats", faults)
    body = next((row for row in parameters if any(note.text == IN_BODY for note in row.annotations)), None)
    return PageDraft(
        source,
        "api",
        title,
        joined(sections[""]),
        parameters=tuple(row for row in parameters if row is not body),
        request=replace(request, description=body.description, line=body.line) if body else request,
        response=_side(sections, at, "Resource Description", "Response Formats", faults),
    )


def _unglue(lines: list[Located]) -> list[Located]:
    """Splits "stringRequest Formats" and "IHttpActionResultNone.", whose break the flattening lost."""
    split: list[Located] = []
    side = False
    for line in lines:
        text = line.text
        side = text in ("Body Parameters", "Resource Description") or (side and text not in HEADINGS)
        glued = _GLUED.fullmatch(text) if side and "|" not in text else None
        if glued and not glued["phrase"].endswith(" "):
            split += [Located(glued["phrase"], line.line), Located(glued["rest"], line.line)]
            side = glued["rest"] == "None."
        else:
            split.append(line)
    return split


def _parameters(lines: list[Located], heading: int, faults: Faults) -> tuple[Row, ...]:
    lines = [line for line in lines if line.text.strip()]
    if [line.text for line in lines] == ["None."]:
        return ()
    if lines and _OLD_TABLE.fullmatch(lines[0].text):
        return tuple(_untyped(cells) for cells in table_rows(lines[1:], 3, faults))
    if not lines or not _TABLE.fullmatch(lines[0].text):
        if heading:
            faults.add(heading, 'the section "URI Parameters" holds neither a table nor "None."', CUT)
        return ()
    return _rows(lines[1:], faults)


def _untyped(cells: list[Located]) -> Row:
    """A row of the old layout, which has no types."""
    name, words, notes = cells if cells[2].text else (cells[0], None, cells[1])
    return Row(name, words, Located("", name.line), (notes,), name.line, sampled=True)


def _rows(lines: list[Located], faults: Faults) -> tuple[Row, ...]:
    rows = []
    for cells in table_rows(lines, 4, faults, _is_whole):
        texts = [cell.text for cell in cells]
        if not texts[2] and not texts[3]:
            rows.append(Row(None, None, cells[0], split_annotations(cells[1]), cells[0].line))
        elif not texts[3]:
            rows.append(Row(cells[0], None, cells[1], split_annotations(cells[2]), cells[0].line))
        else:
            words = cells[1] if texts[1] else None
            rows.append(
                Row(cells[0] if texts[0] else None, words, cells[2], split_annotations(cells[3]), cells[0].line)
            )
    return tuple(rows)


def _is_whole(cells: list[Located]) -> bool:
    """Whether a short last row lacks only its description (name, type, annotations), or its name as well."""
    if len(cells) not in (2, 3) or type_of(cells[-2].text) is None:
        return False
    return all(annotation_of(note.text).kind != "other" for note in split_annotations(cells[-1]))


def _side(sections: dict[str, list[Located]], at: dict[str, int], body: str, formats: str, faults: Faults) -> Side:
    blocks = media_blocks(sections.get(formats, []), at.get(formats, 0), faults)
    if body not in at:
        return Side(at.get(formats, 0), blocks=blocks)
    side = Side(at[body], formats=formats in at)
    lines = [line for line in sections[body] if line.text.strip()]
    table = next((i for i, line in enumerate(lines) if _TABLE.fullmatch(line.text)), None)
    if table is not None:
        header = lines[table]
        match = _TABLE.fullmatch(header.text)
        above = [*lines[:table], *([Located(match[1].strip(), header.line)] if match and match[1].strip() else [])]
        words, phrase = named_above(above, header.line, bool(match and match[1].strip()), faults)
        side = replace(side, description=words, phrase=phrase, rows=_rows(lines[table + 1 :], faults))
    elif lines and lines[-1].text == "None.":
        side = replace(side, none=lines[-1])
        if len(lines) > 1 and (lines[-2].line == lines[-1].line or lines[-2].text in FRAMEWORK or formats in at):
            # A model without members: glued to "None.", or with samples. Other words describe what is not there.
            side = replace(side, phrase=lines[-2], description=joined(lines[:-2]), rows=())
        else:
            side = replace(side, description=joined(lines[:-1]))
    elif lines:
        side = replace(side, phrase=lines[-1], description=joined(lines[:-1]))
    else:
        faults.add(side.line, f'the section "{body}" is empty: it names neither a type nor "None."', CUT)
    return replace(side, blocks=blocks)


def _model(source: Source, title: Located, lines: list[Located], faults: Faults) -> PageDraft:
    table = next((i for i, line in enumerate(lines) if _TABLE.fullmatch(line.text)), None)
    if table is None:
        return PageDraft(source, "model", title, None)
    return PageDraft(source, "model", title, joined(lines[:table]), rows=_rows(lines[table + 1 :], faults))


def _is_whole_value(cells: list[Located]) -> bool:
    return len(cells) == 2 and bool(_INT.fullmatch(cells[1].text))


def _enum(source: Source, title: Located, lines: list[Located], faults: Faults) -> PageDraft:
    table = next(i for i, line in enumerate(lines) if _ENUM.fullmatch(line.text.strip()))
    intro = [line for line in lines[:table] if line.text != _INTRO]
    found = table_rows(lines[table + 1 :], 3, faults, _is_whole_value)
    rows = [EnumRow(row[0], row[1], row[2].text) for row in found]
    return PageDraft(source, "enum", title, joined(intro), members=tuple(rows))


def _index(source: Source, lines: list[Located], faults: Faults) -> PageDraft:
    """A list of operations: a name, perhaps words, and a table for each group."""
    entries: list[Entry] = []
    group: list[Located] = []
    at = 0
    while at < len(lines):
        if not _INDEX.fullmatch(lines[at].text.strip()):
            group.append(lines[at])
            at += 1
            continue
        end = _table_end(lines, at + 1)
        rows = table_rows(lines[at + 1 : end], 2, faults)
        name = _group(group, bool(entries))
        entries += [Entry(row[0], name, row[1].text) for row in rows if TITLE.fullmatch(row[0].text)]
        group, at = [], end
    return PageDraft(source, "index", lines[0], None, entries=tuple(entries))


def _table_end(lines: list[Located], at: int) -> int:
    """Behind the table's last line: lines end with a pipe, but for those inside a cell."""
    end = at
    for i in range(at, len(lines)):
        if _INDEX.fullmatch(lines[i].text.strip()) or i - end > 20:
            break
        if lines[i].text.endswith("|"):
            end = i + 1
    return end


def _group(lines: list[Located], first_known: bool) -> str:
    """The name of a group: the first line between two tables, the last single word above the first table."""
    words = [line.text.strip() for line in lines if line.text.strip()]
    if not words:
        return ""
    if first_known:
        return words[0]
    return next((word for word in reversed(words) if " " not in word), words[-1])
