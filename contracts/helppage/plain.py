"""Layout A: a page flattened to paragraphs between blank lines; table headings are glued, cells have no borders.

    NameDescriptionTypeAdditional information      a row is: its name, then (perhaps) paragraphs of description,
                                                   its type, and one paragraph for each annotation
    Start

    Date and time.                                 The end of a row shows only in what follows: the first type that an
                                                   annotation follows is the row's type, and what follows the last
    date                                           annotation is the next name.

    None.

The rule: rows are told apart by the words of the package alone (type words and annotations, in their order); a row
that cannot be told apart is noted and left out. Nothing is interpreted here.
"""

from __future__ import annotations

import re
from dataclasses import replace

from contracts.helppage.draft import Entry, EnumRow, Faults, Located, PageDraft, Row, Side, Source, joined, shorten
from contracts.helppage.phrases import FRAMEWORK, annotation_of, type_of
from contracts.helppage.sections import (
    CUSTOM,
    CUT,
    HEADINGS,
    HOME,
    IN_BODY,
    IN_URI,
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
from contracts.helppage.titles import named_above, own, title_at, titled

_TABLE = "NameDescriptionTypeAdditional information"
_OLD_TABLE = "NameDescriptionAdditional information"
_ENUM = "NameValueDescription"
_INTRO = "Possible enumeration values:"
_INDEX = "APIDescription"
_GLUED = frozenset({_TABLE, _OLD_TABLE, _ENUM, _INDEX, _INTRO})
_INTEGER = re.compile(r"-?\d{1,20}")


def parse(source: Source, faults: Faults) -> PageDraft | None:
    """The draft of a page in layout A; None when it is not a help page at all, which is then told."""
    lines = [Located(text, number) for number, text in enumerate(source.lines, 1)]
    if any(line.text.strip() == _INDEX for line in lines):
        return _index(source, _paragraphs(lines))
    first = next((at for at, line in enumerate(lines) if line.text in (HEADINGS[0], HEADINGS[4], *OLD)), len(lines))
    title = title_at(lines[:first] if first < len(lines) else [])
    if title is not None:
        return _operation(source, titled(lines[title], faults), lines[title + 1 :], faults)
    if any(line.text in HEADINGS for line in lines):
        faults.add(1, UNTITLED, CUT)
        return None
    return _resource(source, [part for part in _paragraphs(lines) if part.text != HOME], faults)


def _paragraphs(lines: list[Located]) -> list[Located]:
    """The paragraphs; a table's heading is one of its own, also where no blank line parts it from what is around it."""
    found: list[Located] = []
    part: list[Located] = []
    for line in [*lines, Located("", 0)]:
        if line.text in _GLUED or not line.text.strip():
            found += [whole] if (whole := joined(part)) else []
            part = []
            found += [line] if line.text.strip() else []
        else:
            part.append(line)
    return found


def _operation(source: Source, title: Located, lines: list[Located], faults: Faults) -> PageDraft:
    at, sections, headings = divide(lines, lambda line: line if line.text in HEADINGS or line.text in OLD else None)
    check_headings(headings, faults, source.marked_up)
    for name in set(WITH_TABLE) & set(sections):
        sections[name] = own(sections[name], lambda text: text == _TABLE, faults)
    parameters = _parameters(sections.get("URI Parameters", []), at.get("URI Parameters", 0), faults)
    request = _side(sections, at, "Body Parameters", "Request Formats", faults)
    body = next((row for row in parameters if any(note.text == IN_BODY for note in row.annotations)), None)
    return PageDraft(
        source,
        "api",
        title,
        joined(_paragraphs(sections[""])),
        parameters=tuple(row for row in parameters if row is not body),
        request=replace(request, description=body.description, line=body.line) if body else request,
        response=_side(sections, at, "Resource Description", "Response Formats", faults),
    )


def _parameters(lines: list[Located], heading: int, faults: Faults) -> tuple[Row, ...]:
    parts = _paragraphs(lines)
    if [part.text for part in parts] == ["None."]:
        return ()
    if parts and parts[0].text == _OLD_TABLE:
        return _old_rows(parts[1:])
    if not parts or parts[0].text != _TABLE:
        if heading:
            faults.add(heading, 'the section "URI Parameters" holds neither a table nor "None."', CUT)
        return ()
    return _rows(parts[1:], faults)


def _side(sections: dict[str, list[Located]], at: dict[str, int], body: str, formats: str, faults: Faults) -> Side:
    blocks = media_blocks(sections.get(formats, []), at.get(formats, 0), faults)
    if body not in at:
        return Side(at.get(formats, 0), blocks=blocks)
    side = Side(at[body], formats=formats in at, blocks=blocks)
    parts = _paragraphs(sections[body])
    table = next((i for i, part in enumerate(parts) if part.text == _TABLE), None)
    none = parts[-1] if parts and parts[-1].text == "None." else None
    if table is not None:
        words, phrase = named_above(parts[:table], parts[table].line, True, faults)
        return replace(side, description=words, phrase=phrase, rows=_rows(parts[table + 1 :], faults))
    named = none is not None and len(parts) > 1 and (parts[-2].text in FRAMEWORK or formats in at)
    if none is not None and named:  # an empty model: words above "None." without samples describe what is not there
        return replace(side, description=joined(parts[:-2]), phrase=parts[-2], rows=(), none=none)
    if none is not None:
        return replace(side, description=joined(parts[:-1]), none=none)
    if parts and table is None:
        return replace(side, description=joined(parts[:-1]), phrase=parts[-1])
    faults.add(side.line, f'the section "{body}" is empty: it names neither a type nor "None."', CUT)
    return side


def _rows(parts: list[Located], faults: Faults) -> tuple[Row, ...]:
    parts = [line for part in parts for line in _lines(part)]
    rows: list[Row] = []
    at = 0
    while at < len(parts):
        kind = _type_at(parts, at)
        if (
            at and parts[at + 1 : at + 2] and parts[at + 1].text == "None."
        ):  # no row lacks a type: a heading of the site's
            said = shorten(f"{parts[at].text} None.", 60)
            faults.note(parts[at].line, f"words behind the table are left out: {said!r}", CUSTOM)
            at += 2
            continue
        if kind is None:
            last = at + 2 >= len(parts)
            what = f"the row of {parts[at].text[:60]!r} " + ("is cut off" if last else "cannot be told from the next")
            (faults.add if last else faults.note)(parts[at].line, what, CUT if last else CUSTOM)
            at = next((i + 1 for i in range(at, len(parts)) if parts[i].text == "None."), len(parts))
            continue
        end = kind + 2
        while end < len(parts) and _follows(parts[end - 1].text, parts[end].text):
            end += 1
        name, words = _name(parts[at], parts[at + 1 : kind])
        rows.append(Row(name, words, parts[kind], tuple(parts[kind + 1 : end]), name.line))
        at = end
    return tuple(rows)


def _name(part: Located, words: list[Located]) -> tuple[Located, Located | None]:
    """The name of a row, which is one line, and its words, which may follow it without a blank line."""
    text, _, rest = part.text.partition("\n")
    return Located(text, part.line), joined([*([Located(rest, part.line + 1, part.last)] if rest else []), *words])


def _lines(part: Located) -> list[Located]:
    """The cells of a paragraph that holds several: parted by tabs, or whole rows without blank lines between cells."""
    lines = [
        Located(cell.strip(), part.line + at)
        for at, text in enumerate(part.text.split("\n"))
        for cell in text.split("\t")
        if cell.strip()
    ]
    holds = "\t" in part.text or any(_type_at(lines, at) is not None for at in range(len(lines) - 2))
    return lines if holds and lines else [part]


def _type_at(parts: list[Located], at: int) -> int | None:
    """Where the type of the row that begins at `at` stands: the first type word that an annotation follows."""
    for i in range(at + 1, min(at + 40, len(parts) - 1)):
        if annotation_of(parts[i + 1].text).kind != "other" and type_of(parts[i].text) is not None:
            return i
    return None


# AnnotationTextGenerator: Required first, the others in alphabetical order ignoring case; "None." stands alone.
def _follows(before: str, text: str) -> bool:
    """Whether a paragraph is the next annotation of the cell whose last one was `before`, not the next row's name."""
    kinds = annotation_of(before).kind, annotation_of(text).kind
    if "none" in kinds or "other" in kinds or "required" in kinds[1:]:
        return False
    return kinds[0] == "required" or before.lower() < text.lower()


def _old_rows(parts: list[Located]) -> tuple[Row, ...]:
    """Rows of the old layout: name, description if there is one, and where the parameter stands."""
    rows: list[Row] = []
    start = 0
    for at, part in enumerate(parts):
        if part.text in (IN_BODY, IN_URI, "None.") and at > start:
            name, words = _name(parts[start], parts[start + 1 : at])
            rows.append(Row(name, words, Located("", name.line), (part,), name.line, sampled=True))
            start = at + 1
    return tuple(rows)


def _resource(source: Source, parts: list[Located], faults: Faults) -> PageDraft | None:
    """The page of a model, which in this layout mostly lacks its heading: its name is then that of the file."""
    starts = [i for i, part in enumerate(parts) if part.text in (_TABLE, _INTRO, _ENUM)]
    empty = [i for i, part in enumerate(parts) if part.text == "None."]
    at = next(iter([*starts, *empty[-1:]]), None)
    if at is None:
        faults.add(*what_it_is(source, (), "it begins with neither a verb and a path nor a model"))
        return None
    if at and type_of(parts[0].text) is not None:
        title, words = parts[0], joined(parts[1:at])
    else:
        title, words = Located(source.called, parts[0].line), joined(parts[:at])
    if not title.text:
        faults.add(1, *NAMELESS)
        return None
    if parts[at].text == _TABLE:
        return PageDraft(source, "model", title, words, rows=_rows(parts[at + 1 :], faults))
    if parts[at].text == "None.":
        return PageDraft(source, "model", title, words)
    below = [part for part in parts[at:] if part.text not in (_INTRO, _ENUM)]
    return PageDraft(source, "enum", title, words, members=_members(below, faults))


def _value_lines(part: Located) -> list[Located]:
    """A paragraph's lines apart where the second is a value, as a browser's copy has them."""
    name, _, rest = part.text.partition("\n")
    value = rest.partition("\n")[0]
    if not _INTEGER.fullmatch(value.strip()):
        return _lines(part)
    words = rest.partition("\n")[2]
    found = [Located(name, part.line), Located(value.strip(), part.line + 1)]
    return found + ([Located(words, part.line + 2, part.last)] if words.strip() else [])


def _members(parts: list[Located], faults: Faults) -> tuple[EnumRow, ...]:
    parts = [line for part in parts for line in _value_lines(part)]
    starts = [i for i in range(len(parts) - 1) if _INTEGER.fullmatch(parts[i + 1].text)]
    if starts[:1] != [0] and parts:
        faults.add(parts[0].line, "a row of the enumeration is cut off", CUT)
    rows = []
    for start, end in zip(starts, [*starts[1:], len(parts)], strict=False):
        words = joined(parts[start + 2 : end])
        rows.append(EnumRow(parts[start], parts[start + 1], words.text if words else ""))
    return tuple(rows)


def _index(source: Source, parts: list[Located]) -> PageDraft:
    """A list of operations: titles with one paragraph each; what follows that is the next group's name and words."""
    first = next((at for at, part in enumerate(parts) if part.text == _INDEX), 0)
    above = [Located(text, part.line) for part in parts[:first] for text in part.text.split("\n")]
    parts = above + [cell for part in parts[first:] for cell in (_lines(part) if "\t" in part.text else [part])]
    entries: list[Entry] = []
    group = ""
    between: list[str] = []
    for at, part in enumerate(parts):
        if part.text == _INDEX:
            single = [word for word in between if " " not in word]
            group = next(iter(between if entries else reversed(single)), "")
            between = []
        elif TITLE.fullmatch(part.text):
            entries.append(Entry(part, group, ""))
        elif entries and parts[at - 1].text == entries[-1].title.text and not between:
            entries[-1] = replace(entries[-1], description=part.text)
        else:
            between.append(part.text)
    return PageDraft(source, "index", parts[0], None, entries=tuple(entries))
