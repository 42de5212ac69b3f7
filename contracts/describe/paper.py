"""Where a contract is printed, and how lines of pages are told there.

    l. 12–13, 57    lines of the page; with several pages, [2] before them is the page's number in the list on top

The rule: at 80 columns nothing is cut off, and without colour nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.text import Text

from contracts.model import Evidence, Fact


def spans(numbers: Iterable[int]) -> str:
    """Line numbers with runs joined.

    >>> spans([3, 4, 5, 9])
    '3–5, 9'
    """
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)


@dataclass(frozen=True)
class Paper:
    """Where is printed, and how lines are told: with the page's number in brackets where there are several pages."""

    console: Console
    numbers: Mapping[str, int]

    def put(self, text: Text, by: int = 2) -> None:
        """Prints a text, wrapped and indented."""
        for line in text.wrap(self.console, max(self.console.width - by, 20)):
            line.rstrip()
            self.console.print(Text(" " * by) + line, soft_wrap=True)

    def lines(self, evidence: Iterable[Evidence]) -> str:
        """The lines of some evidence, "12–13, 57" or "[1] 12–13 [2] 57"; empty without any."""
        by_page: dict[str, set[int]] = {}
        evidence = tuple(evidence)
        for item in evidence:
            by_page.setdefault(item.page, set()).update(item.lines)
        for item in evidence:
            if item.author:
                return f"settled by {item.author}"
        parts = [(page, spans(numbers)) for page, numbers in by_page.items() if numbers]
        if not self.numbers:
            return ", ".join(text for _, text in parts)
        return " ".join(f"[{self.numbers[page]}] {text}" for page, text in parts)

    def at(self, evidence: Iterable[Evidence]) -> str:
        """The same with a word before them: "l. 12–13, 57" or "[1] 12–13"; empty without any."""
        lines = self.lines(evidence)
        return f"l. {lines}" if lines and not self.numbers else lines

    def reference(self, fact: Fact[Any]) -> str:
        """Where a fact comes from in short: its lines, and the rule if one was needed; "unknown" without either."""
        rules = " ".join(dict.fromkeys(evidence.rule for evidence in fact.evidence if evidence.rule))
        lines = self.at(fact.evidence)
        return f"{rules} ({lines})" if rules and lines else rules or lines or "unknown"
