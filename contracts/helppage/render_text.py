"""Pages in layout B, as the flattening leaves them: no indentation, no line `Sample:`, XML on one line.

The rule: the opposite of `text`, from the rules of the layout and not from its parser.
"""

from __future__ import annotations

from contracts.helppage.shown import Cells, Direction, direction, model_cells, parameter_cells, title
from contracts.model import Contract, Model, Operation

_HEADER = "| Name | Description | Type | Additional information |"
_RULE = "|---|---|---|---|"


def operation(shown: Operation, contract: Contract) -> str:
    """The page of an operation."""
    lines = [title(shown)]
    lines += shown.summary.value.split("\n") if shown.summary.value else []
    lines += ["Request Information", "URI Parameters"]
    parameters = tuple(parameter_cells(parameter) for parameter in shown.parameters)
    lines += [_HEADER, _RULE, *_rows(parameters)] if parameters else ["None."]
    lines += ["Body Parameters", *_side(direction(contract, shown.request), "Request Formats")]
    lines += ["Response Information", "Resource Description"]
    lines += _side(direction(contract, shown.response), "Response Formats")
    return "\n".join(lines)


def model(shown: Model) -> str:
    """The page of a model."""
    lines = [shown.name, *(shown.description.value.split("\n") if shown.description.value else [])]
    if shown.kind == "object":
        return "\n".join([*lines, _HEADER, _RULE, *_rows(model_cells(shown))])
    lines += ["Possible enumeration values:", "| Name | Value | Description |", "|---|---|---|"]
    for member in shown.members:
        description = f"{member.description} |" if member.description else "|"
        lines += [f"| {member.name} |", f"{member.value} |", description]
    return "\n".join(lines)


def _side(side: Direction, formats: str) -> list[str]:
    lines = side.description.split("\n") if side.description else []
    if not side.phrase:
        return [*lines, "None."]
    if side.rows:
        lines += [side.phrase + _HEADER, _RULE, *_rows(side.rows)]
        lines += [formats] if side.blocks else []
    elif side.rows == ():
        lines += [side.phrase + "None.", *([formats] if side.blocks else [])]
    else:
        lines += [side.phrase + (formats if side.blocks else "")]
    for media_types, text in side.blocks:
        lines.append(media_types)
        if text and text.startswith("<"):
            lines.append(" ".join(line.strip() for line in text.split("\n")))
        elif text:
            lines += [line.strip() for line in text.split("\n")]
    return lines


def _rows(rows: tuple[Cells, ...]) -> list[str]:
    lines = []
    for row in rows:
        notes = " ".join(row.notes).strip()
        if row.description:
            lines += [f"| {row.name} |", f"{row.description} |", f"{row.phrase} |", f"{notes} |"]
        else:
            lines += [f"| {row.name} | {row.phrase} |", f"{notes} |", "|"]
    return lines
