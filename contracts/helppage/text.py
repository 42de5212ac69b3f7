"""Layout B: a page flattened to text whose tables kept their pipes.

A row with a description, one without, and one that lost its name (a member called Email):

    | Start |                  | Discontinued | boolean |       | string |
    Date and time. |           None. |                          None. |
    date |                     |                                ||
    None. |

The rule: a cell ends with " |" at the end of a line, so a pipe inside a cell (a regular expression) is only a
character. What the parser expects and does not find is a fault with its line; it goes on behind it. Nothing is
interpreted here.
"""

from __future__ import annotations

import re
from dataclasses import replace

from contracts.helppage.draft import Block, EnumRow, Faults, Located, PageDraft, Row, Side, Source, joined
from contracts.helppage.phrases import split_annotations
from contracts.helppage.sections import (
    AN_INDEX,
    CUT,
    HEADINGS,
    HOME,
    MEDIA_TYPES,
    NOT_A_PAGE,
    TITLE,
    UNTITLED,
    check_headings,
    media_types,
    sample_text,
)

_TABLE = re.compile(r"(.*?)(?:\| )?Name \| Description \| Type \| Additional information \|")
_ENUM = "| Name | Value | Description |"
_INDEX = "| API | Description |"
_RULE = re.compile(r"\|?(?:---\|){2,}")
_GLUED = re.compile(r"(?P<phrase>.+?)(?P<rest>Request Formats|Response Formats|None\.)")


def parse(source: Source, faults: Faults) -> PageDraft | None:
    """The draft of a page in layout B; None when it is not a help page at all, which is then noted."""
    lines = _from_title([Located(text, number) for number, text in enumerate(source.lines, 1)])
    title = replace(lines[0], text=lines[0].text.strip())
    if TITLE.fullmatch(title.text):
        return _operation(source, title, lines[1:], faults)
    if any(line.text in HEADINGS for line in lines):
        faults.add(title.line, UNTITLED, CUT)
        return None
    if any(line.text.strip() == _INDEX for line in lines):
        faults.add(title.line, *AN_INDEX)
        return None
    if any(line.text.strip() == _ENUM for line in lines[1:]):
        return _enum(source, title, lines[1:], faults)
    if sum(bool(_TABLE.fullmatch(line.text)) for line in lines) == 1 or [line.text for line in lines[1:]] == ["None."]:
        return _model(source, title, lines[1:], faults)
    faults.add(title.line, "this is not a help page: it begins with neither a verb and a path nor a model", NOT_A_PAGE)
    return None


def _from_title(lines: list[Located]) -> list[Located]:
    """The lines from the title on: an operation's verb and path, else the first line that is not the site's own."""
    first = next((at for at, line in enumerate(lines) if line.text == HEADINGS[0]), 0)
    titles = [at for at, line in enumerate(lines[:first]) if TITLE.fullmatch(line.text.strip())]
    if titles:
        return lines[titles[0] :]
    own = [at for at, line in enumerate(lines) if line.text.strip() not in ("", HOME)]
    return lines[own[0] if own else 0 :]


def _operation(source: Source, title: Located, lines: list[Located], faults: Faults) -> PageDraft:
    headings: list[Located] = []
    sections: dict[str, list[Located]] = {"": []}
    for line in _unglue(lines):
        if line.text in HEADINGS:
            headings.append(line)
            sections.setdefault(line.text, [])
        else:
            sections[headings[-1].text if headings else ""].append(line)
    check_headings(headings, faults)
    at = {heading.text: heading.line for heading in headings}
    return PageDraft(
        source,
        "api",
        title,
        joined(sections[""]),
        parameters=_parameters(sections.get("URI Parameters", []), at.get("URI Parameters", 0), faults),
        request=_side(sections, at, "Body Parameters", "Request Formats", faults),
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
    if not lines or not _TABLE.fullmatch(lines[0].text):
        if heading:
            faults.add(heading, 'the section "URI Parameters" holds neither a table nor "None."', CUT)
        return ()
    return rows_of(lines[1:], faults)


def _side(sections: dict[str, list[Located]], at: dict[str, int], body: str, formats: str, faults: Faults) -> Side:
    if body not in at:
        return Side(0)
    side = Side(at[body], formats=formats in at)
    lines = [line for line in sections[body] if line.text.strip()]
    table = next((i for i, line in enumerate(lines) if _TABLE.fullmatch(line.text)), None)
    if table is not None:
        header = lines[table]
        match = _TABLE.fullmatch(header.text)
        phrase = Located(match[1].strip(), header.line) if match else header
        side = replace(side, description=joined(lines[:table]), phrase=phrase, rows=rows_of(lines[table + 1 :], faults))
    elif lines and lines[-1].text == "None.":
        side = replace(side, none=lines[-1])
        if len(lines) > 1:  # an empty model: its name, then None.
            side = replace(side, phrase=lines[-2], description=joined(lines[:-2]), rows=())
    elif lines:
        side = replace(side, phrase=lines[-1], description=joined(lines[:-1]))
    else:
        faults.add(side.line, f'the section "{body}" is empty: it names neither a type nor "None."', CUT)
    return replace(side, blocks=_blocks(sections.get(formats, []), at.get(formats, 0), faults))


def _blocks(lines: list[Located], heading: int, faults: Faults) -> tuple[Block, ...]:
    starts = [i for i, line in enumerate(lines) if MEDIA_TYPES.fullmatch(line.text)]
    if heading and (not starts or any(line.text.strip() for line in lines[: starts[0]])):
        faults.add(heading, "no media type stands under this heading", CUT)
    blocks = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=False):
        text, line = sample_text(lines[start + 1 : end])
        blocks.append(Block(media_types(lines[start].text), lines[start], text, line))
    return tuple(blocks)


def rows_of(lines: list[Located], faults: Faults) -> tuple[Row, ...]:
    """The rows of a table, `lines` beginning under its heading."""
    lines = [line for line in lines if line.text.strip()]
    if lines and _RULE.fullmatch(lines[0].text):
        lines = lines[1:]
    elif lines:
        faults.add(lines[0].line, "the rule under the table's heading is missing", CUT)
    rows: list[Row] = []
    while lines:
        row, lines = _row(lines, faults)
        if row:
            rows.append(row)
    return tuple(rows)


def _row(lines: list[Located], faults: Faults) -> tuple[Row | None, list[Located]]:
    first, rest = lines[0], lines[1:]
    if not (first.text.startswith("| ") and first.text.endswith(" |")):
        faults.add(first.line, f"a row of the table was expected here, not {first.text[:60]!r}", CUT)
        return None, _next_row(rest)
    cells = [Located(cell.strip(), first.line) for cell in first.text[2:-2].split(" | ")]
    while len(cells) < 4 and rest and not rest[0].text.startswith("| "):
        cell, rest = _cell(rest)
        if cell is None:
            break
        cells.append(cell)
        if cell.text == "||":
            break
    texts = [cell.text for cell in cells]
    if len(cells) == 3 and texts[2] == "||":
        return Row(None, None, cells[0], split_annotations(cells[1]), first.line), rest
    if len(cells) == 4 and texts[3] == "":
        return Row(cells[0], None, cells[1], split_annotations(cells[2]), first.line), rest
    if len(cells) == 4:
        return Row(cells[0], cells[1], cells[2], split_annotations(cells[3]), first.line), rest
    faults.add(first.line, f"the row of {texts[0]!r} is cut off: it has {len(cells)} of 4 cells", CUT)
    return None, _next_row(rest)


def _cell(lines: list[Located]) -> tuple[Located | None, list[Located]]:
    """The next cell, which may run over several lines, and what follows it."""
    if lines[0].text in ("|", "||"):
        return Located("" if lines[0].text == "|" else "||", lines[0].line), lines[1:]
    for i, line in enumerate(lines):
        if line.text.startswith("| "):
            break
        if line.text.endswith(" |"):
            text = "\n".join(part.text for part in lines[: i + 1])
            return Located(text[:-2].strip(), lines[0].line, line.line), lines[i + 1 :]
    return None, lines


def _next_row(lines: list[Located]) -> list[Located]:
    while lines and not lines[0].text.startswith("| "):
        lines = lines[1:]
    return lines


def _model(source: Source, title: Located, lines: list[Located], faults: Faults) -> PageDraft:
    table = next((i for i, line in enumerate(lines) if _TABLE.fullmatch(line.text)), None)
    if table is None:
        return PageDraft(source, "model", title, None)
    return PageDraft(source, "model", title, joined(lines[:table]), rows=rows_of(lines[table + 1 :], faults))


def _enum(source: Source, title: Located, lines: list[Located], faults: Faults) -> PageDraft:
    table = next(i for i, line in enumerate(lines) if line.text.strip() == _ENUM)
    intro = [line for line in lines[:table] if line.text != "Possible enumeration values:"]
    rest = [line for line in lines[table + 1 :] if line.text.strip()]
    rest = rest[1:] if rest and _RULE.fullmatch(rest[0].text) else rest
    members = []
    while rest:
        first, rest = rest[0], rest[1:]
        cells: list[Located] = []
        while len(cells) < 2 and rest and not rest[0].text.startswith("| "):
            cell, rest = _cell(rest)
            if cell is None:
                break
            cells.append(cell)
        if len(cells) == 2 and first.text.startswith("| ") and first.text.endswith(" |"):
            members.append(EnumRow(Located(first.text[2:-2], first.line), cells[0], cells[1].text))
        else:
            faults.add(first.line, "a row of the enumeration is cut off", CUT)
            rest = _next_row(rest)
    return PageDraft(source, "enum", title, joined(intro), members=tuple(members))
