"""What a help page shows of a contract, before any layout: titles, rows of tables, sides with their samples.

The rule: whatever a help page cannot say is left out; samples come from `generate`. The reader's inference is not used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.helppage.generate import samples
from contracts.helppage.phrases import phrase_of
from contracts.model import Body, Contract, Model, Operation, Parameter, Property

#: A sample's heading and text, None for the media types that have none.
Block = tuple[str, str | None]


@dataclass(frozen=True)
class Cells:
    """A row of a table as its four cells."""

    name: str
    description: str
    phrase: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Direction:
    """One side of an operation as it is shown. `rows` None: no table; `phrase` empty: nothing but "None."."""

    description: str
    phrase: str
    rows: tuple[Cells, ...] | None
    blocks: tuple[Block, ...]


def title(operation: Operation) -> str:
    """Verb and path with the query, as in the page's first heading."""
    query = "&".join(f"{key}={{{key}}}" for key in _keys(operation))
    return f"{operation.method.value} {operation.path.value}" + (f"?{query}" if query else "")


def _keys(operation: Operation) -> tuple[str, ...]:
    return operation.query or tuple(p.key for p in operation.parameters if not p.in_path)


# ApiDescriptionExtensions.GetFriendlyId: slashes to hyphens, braces dropped, query keys joined by underscores, dots in
# them to hyphens.
def friendly_id(operation: Operation) -> str:
    """The page's name on the help site."""
    path = operation.path.value.replace("/", "-").replace("{", "").replace("}", "")
    keys = [key.replace(".", "-") for key in _keys(operation)]
    return "_".join([f"{operation.method.value}-{path}", *keys])


def parameter_cells(parameter: Parameter) -> Cells:
    """The row of a URI parameter."""
    notes = tuple(note.value.text for note in parameter.annotations)
    if parameter.required.value and "Required" not in notes:
        notes = ("Required", *notes)
    if parameter.default.value is not None:
        notes = (*notes, f"Default value is {parameter.default.value}")
    return Cells(parameter.name, parameter.description.value, parameter.phrase.value, notes or ("None.",))


def property_cells(prop: Property) -> Cells:
    """The row of a member."""
    notes = tuple(annotation.value.text for annotation in prop.annotations)
    return Cells(prop.name, prop.description.value, prop.phrase.value, notes or ("None.",))


def model_cells(model: Model) -> tuple[Cells, ...]:
    """The rows of an object model; members that no table shows (no phrase) are left out."""
    return tuple(property_cells(prop) for prop in model.properties if prop.phrase.value)


def direction(contract: Contract, body: Body) -> Direction:
    """What a page shows of one body."""
    ref = body.type.value
    if ref is None:
        phrase = (body.phrase.value or "IHttpActionResult") if body.opaque else ""
        return Direction(body.description.value, phrase, (), _blocks(body, {}))
    bottom = ref
    while bottom.kind == "collection" and bottom.item:
        bottom = bottom.item
    model = contract.models.get(bottom.name) if bottom.kind == "model" else None
    rows = model_cells(model) if model and model.kind == "object" else None
    return Direction(body.description.value, phrase_of(ref), rows, _blocks(body, samples(contract, body)))


def _blocks(body: Body, made: Mapping[str, str]) -> tuple[Block, ...]:
    """The sample headings: media types of equal samples share one, those without a sample stand alone."""
    blocks: list[tuple[list[str], str | None]] = []
    for media_type in (fact.value for fact in body.media_types):
        text = made.get(media_type.format)
        if blocks and text is not None and blocks[-1][1] == text:
            blocks[-1][0].append(media_type.name)
        else:
            blocks.append(([media_type.name], text))
    return tuple((", ".join(names), text) for names, text in blocks)
