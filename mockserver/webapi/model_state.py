"""The model state: what is wrong with a request, member by member.

    key "model" or "model.Member" in the spelling first seen  →  messages in the order they arose

The rule: keys meet in any case; order is that of arrival. Reading bodies, checking them (`annotations`) and writing
errors may not live here.
Source: W ModelBinding/ModelStateDictionary.cs, ModelBindingHelper.CreatePropertyModelName.
"""

from __future__ import annotations

from mockserver.webapi.shapes import fold

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
        self.add_at(name if not path else f"{name}{path}" if path[0] == "[" else f"{name}.{path}", message)

    def add_at(self, key: str, message: str | None) -> None:
        """Files a message under a whole key."""
        folded = fold(key)
        self._keys.setdefault(folded, key)
        self._messages.setdefault(folded, []).append(HIDDEN if message is None else message)

    # ModelStateDictionary.IsValidField, DictionaryHelpers.FindKeysWithPrefix: what is below a key counts too.
    def sound(self, key: str) -> bool:
        """Whether neither a key nor anything below it has a message."""
        folded = fold(key)
        return not any(k == folded or k.startswith((folded + ".", folded + "[")) for k in self._messages)

    @property
    def valid(self) -> bool:
        return not self._messages

    @property
    def count(self) -> int:
        """How many messages there are."""
        return sum(map(len, self._messages.values()))

    def errors(self) -> list[tuple[str, list[str]]]:
        """Every key with its messages."""
        return [(self._keys[folded], messages) for folded, messages in self._messages.items()]
