"""The model state: what is wrong with a request, member by member, and the annotations that say so.

    key "model" or "model.Member" in the spelling first seen  →  messages in the order they arose

The rule: keys meet in any case; order is that of arrival. Reading bodies and writing errors may not live here.
Source: W ModelBinding/ModelStateDictionary.cs, ModelBindingHelper.CreatePropertyModelName,
Validation/DefaultBodyModelValidator.cs; System.ComponentModel.DataAnnotations RequiredAttribute.
"""

from __future__ import annotations

from mockserver.webapi.blanks import is_blank
from mockserver.webapi.shapes import Record, Shape, fold

#: HttpError's message for an exception whose detail is not shown. W SRResources ErrorOccurred.
HIDDEN = "An error has occurred."
#: GUESS: the action's parameter is called "model"; the page does not show it, a 400 answer of the portal would.
PARAMETER = "model"
#: How many of the hidden exceptions are remembered.
_SHOWN = 20


class ModelState:
    """Messages by key."""

    def __init__(self, parameter: str = PARAMETER) -> None:
        self._parameter = parameter
        self._keys: dict[str, str] = {}
        self._messages: dict[str, list[str]] = {}
        #: What the hidden exceptions say: path and words. It is never sent.
        self.hidden: list[tuple[str, str]] = []

    def add(self, path: str, message: str | None, why: str = "") -> None:
        """Files a message (None: a hidden exception, which says `why`) under a path inside the parameter."""
        if why and len(self.hidden) < _SHOWN:
            self.hidden.append((path, why))
        name = self._parameter
        key = name if not path else f"{name}{path}" if path[0] == "[" else f"{name}.{path}"
        folded = fold(key)
        self._keys.setdefault(folded, key)
        self._messages.setdefault(folded, []).append(HIDDEN if message is None else message)

    @property
    def valid(self) -> bool:
        return not self._messages

    def errors(self) -> list[tuple[str, list[str]]]:
        """Every key with its messages."""
        return [(self._keys[folded], messages) for folded, messages in self._messages.items()]


# DefaultBodyModelValidator: properties in the model's order; RequiredAttribute refuses null and, of strings, blanks.
def validate(shape: Shape, record: Record, state: ModelState, prefix: str = "") -> None:
    """Enforces what the prose calls required, as [Required] would. Annotations of the page are for a later row here."""
    for name in shape.required:
        value = record[name]
        if value is None or (isinstance(value, str) and is_blank(value)):
            state.add(prefix + name, f"The {name} field is required.")
