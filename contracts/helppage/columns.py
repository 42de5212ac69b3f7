"""What the columns of a page's table hold, by the words above them: the package's own, and those of customised sites.

The rule: a table of known words, no guess by position. A table without a name column is not understood.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# What a column holds → what stands above it, in small letters; the package's own word first, then those of customised
# sites, then those of sites in other languages.
_WORDS = {
    "name": (
        *("name", "property", "parameter", "field", "member", "property name", "parameter name", "field name"),
        *("namn", "navn", "naam", "nom", "nombre", "nome", "nazwa", "имя", "название", "名称", "名稱", "名前"),
    ),
    "description": (
        *("description", "documentation", "note", "notes", "comment", "comments", "summary"),
        *("beschreibung", "beskrivning", "beskrivelse", "beschrijving", "descripción", "descrição", "descrizione"),
        *("opis", "описание", "描述", "说明", "說明", "説明"),
    ),
    "type": ("type", "data type", "datatype", "typ", "tipo", "datentyp", "тип", "类型", "類型", "型"),
    "required": ("required", "required?", "mandatory", "is required"),
    "notes": (
        *("additional information", "constraints", "details", "annotations", "remarks", "validation", "information"),
        *("zusatzinformation", "zusatzinformationen", "zusätzliche informationen", "weitere informationen"),
        *("información adicional", "informação adicional", "informações adicionais", "informazioni aggiuntive"),
        *("informations complémentaires", "informations supplémentaires", "aanvullende informatie"),
        *("extra informatie", "ytterligare information", "dodatkowe informacje", "дополнительная информация"),
        *("附加信息", "其他信息", "追加情報"),
    ),
}
_VALUE = frozenset(
    {"value", "wert", "värde", "verdi", "værdi", "waarde", "valeur", "valor", "valore", "значение", "值"}
)
_YES = frozenset({"yes", "true", "required", "mandatory", "y", "x", "✓", "✔", "1"})


@dataclass(frozen=True)
class Columns:
    """Where each part of a row stands, None where the table has no such column; `count` cells make a row."""

    count: int
    name: int
    description: int | None
    type: int | None
    notes: int | None
    required: int | None = None
    others: tuple[str, ...] = ()


def columns_of(heading: Sequence[str]) -> Columns | None:
    """The columns under a heading row; None where no column is known to hold names.

    >>> columns_of(["Name", "Description", "Type", "Additional information"])
    Columns(count=4, name=0, description=1, type=2, notes=3, required=None, others=())
    """
    words = [word.strip().lower() for word in heading]
    found = {part: next((at for at, word in enumerate(words) if word in known), None) for part, known in _WORDS.items()}
    if found["name"] is None:
        return None
    others = tuple(heading[at] for at in range(len(words)) if at not in found.values() and words[at])
    return Columns(
        len(words), found["name"], found["description"], found["type"], found["notes"], found["required"], others
    )


def lists_values(heading: Sequence[str]) -> bool:
    """Whether this is the heading row of an enumeration: names, values, descriptions."""
    words = [word.strip().lower() for word in heading]
    return len(words) == 3 and words[0] in _WORDS["name"] and words[1] in _VALUE and words[2] in _WORDS["description"]


def says_yes(text: str) -> bool:
    """Whether a cell under "Required" says that the member is."""
    return text.strip().rstrip(".").lower() in _YES
