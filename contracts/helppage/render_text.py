"""Pages in layouts B, C and D, as the flattening leaves them: no indentation, no line `Sample:`, XML on one line.

    layout   heading of a table        a row without a description       JSON
    B        Model| Name | …           three lines, the last a pipe      a line for each
    C        ModelName | …             as B without the first pipe       on one line
    D        as B, a blank at the end  on one line                       as B

The rule: the opposite of `text`, from the rules of the layouts and not from its parser.
"""

from __future__ import annotations

from dataclasses import dataclass

from contracts.helppage.shown import Cells, Direction, direction, model_cells, parameter_cells, title
from contracts.model import Contract, Model, Operation

_COLUMNS = ("Name", "Description", "Type", "Additional information")


@dataclass(frozen=True)
class TextWriter:
    """One of the layouts with pipes: `lead` stands before a row, `trail` behind it."""

    lead: str = "| "
    trail: str = ""
    one_line: bool = False
    json_on_one_line: bool = False

    def operation(self, shown: Operation, contract: Contract) -> str:
        """The page of an operation."""
        lines = [title(shown)]
        lines += shown.summary.value.split("\n") if shown.summary.value else []
        lines += ["Request Information", "URI Parameters"]
        parameters = tuple(parameter_cells(parameter) for parameter in shown.parameters)
        lines += [*self._heading(_COLUMNS), *self._rows(parameters)] if parameters else ["None."]
        lines += ["Body Parameters", *self._side(direction(contract, shown.request), "Request Formats")]
        lines += ["Response Information", "Resource Description"]
        lines += self._side(direction(contract, shown.response), "Response Formats")
        return "\n".join(lines)

    def model(self, shown: Model) -> str:
        """The page of a model."""
        lines = [shown.name, *(shown.description.value.split("\n") if shown.description.value else [])]
        if shown.kind == "object":
            rows = model_cells(shown)
            return "\n".join([*lines, *self._heading(_COLUMNS), *self._rows(rows)] if rows else [*lines, "None."])
        lines += ["Possible enumeration values:", *self._heading(("Name", "Value", "Description"))]
        for member in shown.members:
            lines += self._row([member.name, str(member.value), *([member.description] if member.description else [])])
            lines += [] if member.description else self._end()
        return "\n".join(lines)

    def _side(self, side: Direction, formats: str) -> list[str]:
        lines = side.description.split("\n") if side.description else []
        if not side.phrase:
            return [*lines, "None."]
        if side.rows:
            first, rule = self._heading(_COLUMNS)
            lines += [side.phrase + first, rule, *self._rows(side.rows)]
            lines += [formats] if side.blocks else []
        elif side.rows == ():
            lines += [side.phrase + "None.", *([formats] if side.blocks else [])]
        else:
            lines += [side.phrase + (formats if side.blocks else "")]
        for media_types, text in side.blocks:
            lines.append(media_types)
            if text and (text.startswith("<") or self.json_on_one_line):
                lines.append(" ".join(line.strip() for line in text.split("\n")))
            elif text:
                lines += [line.strip() for line in text.split("\n")]
        return lines

    def _heading(self, columns: tuple[str, ...]) -> list[str]:
        rule = ("|" if self.lead else "") + "---|" * len(columns)
        return [f"{self.lead}{' | '.join(columns)} |{self.trail}", rule + self.trail]

    def _rows(self, rows: tuple[Cells, ...]) -> list[str]:
        lines = []
        for row in rows:
            notes = " ".join(row.notes).strip()
            if row.description:
                lines += self._row([row.name, row.description, row.phrase, notes])
            elif self.one_line:
                lines.append(f"{self.lead}{row.name} | {row.phrase} | {notes} | |{self.trail}")
            else:
                lines += [f"{self.lead}{row.name} | {row.phrase} |", f"{notes} |", "|"]
        return lines

    def _row(self, cells: list[str]) -> list[str]:
        return [f"{self.lead}{cells[0]} |{self.trail}", *(f"{cell} |{self.trail}" for cell in cells[1:])]

    def _end(self) -> list[str]:
        return [f"|{self.trail}"]
