"""Many records at once: from JSON or CSV to rows that are all good, or to every fault with its row and column.

    [{…}, {…}]                         rows of the resource that the query names
    {"NAME": [{…}], "OTHER": [{…}]}    rows of several
    name,other                         CSV: the first row names the members, a cell that is empty leaves one out;
    x,7                                comma or semicolon; a list or an object stands in its cell as JSON

The rule: nothing is stored from here, and no row is judged alone: all faults are told at once. Rows are counted as a
spreadsheet counts them: CSV's names are row 1, JSON's first record is row 1 of its resource.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.model import TypeRef
from contracts.scalars import SCALARS
from mockserver.control.answers import Raw, Refused, exact, text_of
from mockserver.control.forms import FaultyError, Forms, Row
from mockserver.control.routes import Call
from mockserver.controllers import Resource

#: How many faults are told.
_MOST = 100
#: JSON's own words for numbers, so that a number passes with all its digits and nothing else passes for one.
_NUMBERS = frozenset("0123456789+-.eE")


@dataclass(frozen=True)
class Given:
    """A row as it came: its resource, its number, and a JSON object of it."""

    resource: Resource
    number: int
    members: Any


@dataclass(frozen=True)
class Fault:
    """What is wrong in a row: the member's name as the row spells it ("": the row as a whole)."""

    resource: str
    row: int
    column: str
    what: str

    def as_data(self) -> dict[str, Any]:
        return {"resource": self.resource, "row": self.row, "column": self.column, "what": self.what}


def refused(faults: list[Fault]) -> Refused:
    """The answer to rows with faults."""
    count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    return Refused(
        400,
        f"{count} in the rows; nothing was stored",
        "mend each row that is named, or leave it out, and send them all again",
        faults=[fault.as_data() for fault in faults[:_MOST]],
    )


def read_rows(call: Call) -> list[Given]:
    """The rows of a call's body; Refused when it is neither JSON nor CSV as above."""
    name: str | None = call.query["resource"]
    if "csv" in call.media_type:
        if name is None:
            raise Refused(400, "nothing says whose rows these are", "give ?resource=NAME for rows of CSV")
        return list(_csv(call.portal.forms, call.portal.forms.resource(name), call.body))
    document = call.exact(", or CSV with Content-Type: text/csv")
    if isinstance(document, list):
        if name is None:
            raise Refused(400, "nothing says whose rows these are", 'give ?resource=NAME, or send {"NAME": [rows]}')
        document = {name: document}
    if not isinstance(document, dict) or not all(isinstance(rows, list) for rows in document.values()):
        raise Refused(
            400,
            "the body is neither a list of records nor lists of records by resource",
            'send [{…}] with ?resource=NAME, or {"NAME": [{…}]}; CSV with Content-Type: text/csv',
        )
    found = []
    for name, rows in document.items():
        resource = call.portal.forms.resource(name)
        found += [Given(resource, number, row) for number, row in enumerate(rows, 1)]
    return found


def whole(call: Call, given: list[Given]) -> list[Row]:
    """Every row ready to be stored; Refused with all faults when one has any."""
    rows, faults = [], []
    keys: dict[tuple[str, str], int] = {}
    ids: dict[tuple[str, str], int] = {}
    for one in given:
        try:
            row = call.portal.forms.read(one.resource, text_of(one.members), call.tenant.settings)
        except FaultyError as error:
            faults += [Fault(one.resource.name, one.number, column, what) for column, what in error.faults]
            continue
        for seen, value, member in ((keys, row.key, one.resource.key), (ids, row.id, one.resource.portal_id)):
            if value is None:
                continue
            first = seen.setdefault((one.resource.path, value), one.number)
            if first != one.number:
                what = f"expected a value of its own, got that of row {first}: {value}"
                faults.append(Fault(one.resource.name, one.number, _column(one.resource, member), what))
        rows.append(row)
    if faults:
        raise refused(faults)
    return rows


def _column(resource: Resource, member: str | None) -> str:
    if resource.model is None or member is None:
        return ""
    return resource.model[member].json.value or member


def _csv(forms: Forms, resource: Resource, body: bytes) -> Iterator[Given]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(
            400, f"the CSV is no UTF-8: byte {error.start}", 'save it as "CSV UTF-8"; a spreadsheet offers that'
        ) from None
    head = text.partition("\n")[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",", strict=True
    )
    columns = {name.casefold(): (name, ref) for name, ref in forms.columns(resource).items()}
    names: list[str] | None = None
    faults: list[Fault] = []
    found: list[Given] = []
    try:
        for number, cells in enumerate(reader, 1):
            if not any(cell.strip() for cell in cells):
                continue
            if names is None:
                names = _names(resource, cells, columns)
            elif len(cells) > len(names):
                what = f"expected {len(names)} cells, as many as there are names, got {len(cells)}"
                faults.append(Fault(resource.name, number, "", what))
            else:
                found.append(Given(resource, number, _members(names, cells, columns, forms)))
    except csv.Error as error:
        raise Refused(
            400, f"the CSV cannot be read: line {reader.line_num}: {error}", "quote cells as RFC 4180 says"
        ) from None
    if faults:
        raise refused(faults)
    return iter(found)


def _names(resource: Resource, cells: list[str], columns: Mapping[str, tuple[str, TypeRef]]) -> list[str]:
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    there = ", ".join(name for name, _ in columns.values())
    faults = [
        Fault(resource.name, 1, name, _unknown(name, columns) or f"expected one of {there}")
        for name in names
        if name.casefold() not in columns
    ]
    seen = set[str]()
    for name in names:
        if name.casefold() in seen:
            faults.append(Fault(resource.name, 1, name, "expected each name once"))
        seen.add(name.casefold())
    if faults:
        raise refused(faults)
    return names


def _unknown(name: str, columns: Mapping[str, tuple[str, TypeRef]]) -> str:
    """What to write for something inside a member ("address.city"), "" where it is none."""
    head = name.replace("[", ".").replace("/", ".").partition(".")[0].casefold()
    if head == name.casefold() or head not in columns:
        return ""
    return f"expected the member as a whole: a column {columns[head][0]} whose cells hold JSON"


def _members(
    names: list[str], cells: list[str], columns: Mapping[str, tuple[str, TypeRef]], forms: Forms
) -> dict[str, Any]:
    found = {}
    for name, cell in zip(names, cells, strict=False):
        if cell:
            member, ref = columns[name.casefold()]
            found[member] = _value(cell, ref, forms)
    return found


def _value(cell: str, ref: TypeRef, forms: Forms) -> Any:
    """The cell as the JSON that its type has; what fits no type stays text, and the reader says what is wrong."""
    if ref.kind == "scalar":
        kind = SCALARS[ref.name].json.get("type")
        if kind == "boolean" and cell.strip().lower() in ("true", "false"):
            return cell.strip().lower() == "true"
        return _number(cell.strip()) if kind in ("integer", "number") else cell
    if forms.is_enum(ref):
        return _number(cell.strip())
    try:
        return exact(cell)
    except ValueError:
        return cell


def _number(text: str) -> Any:
    if text and set(text) <= _NUMBERS:
        try:
            json.loads(text)
            return Raw(text)
        except ValueError:
            pass
    return text
