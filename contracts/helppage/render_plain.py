"""Pages in layout A, as the flattening leaves them: every cell a paragraph, headings of tables glued, samples indented.

The rule: the opposite of `plain`, from the rules of the layout and not from its parser. A model's page loses its
heading and its words, so that only its file's name says what it describes.
"""

from __future__ import annotations

from contracts.helppage.shown import Cells, Direction, direction, model_cells, parameter_cells, title
from contracts.model import Contract, Model, Operation

_HEADER = "NameDescriptionTypeAdditional information"


def operation(shown: Operation, contract: Contract) -> str:
    """The page of an operation."""
    parts = [title(shown), shown.summary.value, "Request Information", "URI Parameters"]
    parameters = tuple(parameter_cells(parameter) for parameter in shown.parameters)
    parts += [_HEADER, *_rows(parameters)] if parameters else ["None."]
    parts += ["Body Parameters", *_side(direction(contract, shown.request), "Request Formats")]
    parts += ["Response Information", "Resource Description"]
    parts += _side(direction(contract, shown.response), "Response Formats")
    return "\n\n".join(part for part in parts if part)


def model(shown: Model) -> str:
    """The page of a model."""
    if shown.kind == "object":
        return "\n\n".join([_HEADER, *_rows(model_cells(shown))] if shown.properties else ["None."])
    parts = ["Possible enumeration values:", "NameValueDescription"]
    for member in shown.members:
        parts += [member.name, str(member.value), member.description]
    return "\n\n".join(part for part in parts if part)


def _side(side: Direction, formats: str) -> list[str]:
    parts = [side.description]
    if not side.phrase:
        return [*parts, "None."]
    if side.rows:
        parts += [f"{side.phrase}\n{_HEADER}", *_rows(side.rows)]
    else:
        parts += [side.phrase, *(["None."] if side.rows == () else [])]
    parts += [formats] if side.blocks else []
    for media_types, text in side.blocks:
        warning = f"Failed to generate the sample for media type '{media_types}'."
        parts += [media_types, "Sample:", text if text else warning]
    return parts


def _rows(rows: tuple[Cells, ...]) -> list[str]:
    parts = []
    for row in rows:
        parts += [row.name, row.description, row.phrase, *(note.strip() for note in row.notes)]
    return parts
