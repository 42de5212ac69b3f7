"""A form's values by name, and whether anything stands below a name.

    a.b[0]=1&a.c=2     "a.b[0]" → ["1"]     below "a": yes     below "a.b": yes     below "a.d": no

The rule: names meet in any case; looking below a name is a binary search in the framework's order, so that a long form
costs no more than sorting it. What values become (`form_binding`) may not live here.
Source: W ValueProviders/Providers/NameValuePairsValueProvider.cs, ElementalValueProvider.cs;
src/Common/PrefixContainer.cs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property

from mockserver.webapi.shapes import fold


def joined(prefix: str, name: str) -> str:
    """ModelBindingHelper.CreatePropertyModelName"""
    return f"{prefix}.{name}" if prefix else name


# StringComparer.OrdinalIgnoreCase orders by upper case.
def _upper(name: str) -> str:
    return name.upper() if name.isascii() else "".join(c.upper() if len(c.upper()) == 1 else c for c in name)


class FormValues:
    """The values of one form; `taken` are the names, folded, whose value was asked for and is there."""

    def __init__(self, values: Mapping[str, list[str]]):
        self._values = values
        self._front: list[tuple[str, str]] = []
        self.taken: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._values)

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(map(_upper, self._values))

    def get(self, name: str) -> list[str] | None:
        """Every value of the name, None when it was not sent."""
        folded = fold(name)
        for known, value in reversed(self._front):
            if known == folded:
                return [value]
        found = self._values.get(folded)
        if found is not None:
            self.taken.add(folded)
        return found

    @contextmanager
    def one(self, name: str, value: str) -> Iterator[None]:
        """While it lasts, the name has that one value alone (ElementalValueProvider)."""
        self._front.append((fold(name), value))
        yield
        self._front.pop()

    # PrefixContainer.ContainsPrefix: found by the name itself or, past names between, by its first bracket.
    def below(self, name: str) -> bool:
        """Whether the name, or anything below it, has a value; below the empty name is everything."""
        if not name:
            return bool(self._values)
        prefix = _upper(name)
        return self._search(prefix, prefix) or self._search(prefix, prefix + "[")

    def _search(self, prefix: str, wanted: str) -> bool:
        low, high = 0, len(self._sorted) - 1
        while low <= high:
            middle = (low + high) // 2
            found = self._sorted[middle]
            if found.startswith(prefix) and found[len(prefix) : len(prefix) + 1] in ("", ".", "["):
                return True
            if found < wanted:
                low = middle + 1
            else:
                high = middle - 1
        return False
