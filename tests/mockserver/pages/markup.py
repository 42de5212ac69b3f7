"""HTML as a strict reader sees it: every tag closed where it must be, and what the elements are."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

#: Elements that have no end tag, and those whose end tag may be left out (here: it may, in a datalist).
VOID = frozenset(("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"))
OPEN = frozenset({"option"})


@dataclass
class Element:
    """An element with its attributes, its text, and what it stands in."""

    tag: str
    attributes: dict[str, str | None]
    around: tuple[Element, ...]
    text: str = ""

    def within(self, tag: str) -> bool:
        """Whether it stands in an element of that tag."""
        return any(one.tag == tag for one in self.around)

    def get(self, name: str) -> str:
        """An attribute's value, "" where there is none."""
        return self.attributes.get(name) or ""


@dataclass
class Document:
    """A page's elements in their order, and what is wrong with its tags."""

    elements: list[Element] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def all(self, *tags: str) -> list[Element]:
        """Those of these tags."""
        return [one for one in self.elements if one.tag in tags]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.document, self._open = Document(), list[Element]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(set(names)) != len(names):
            self.document.faults.append(f"<{tag}> has an attribute twice: {names}")
        while self._open and self._open[-1].tag in OPEN:
            self._open.pop()
        element = Element(tag, dict(attrs), tuple(self._open))
        self.document.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # the slash says nothing in HTML

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open[-1].tag in OPEN and self._open[-1].tag != tag:
            self._open.pop()
        if not self._open or self._open[-1].tag != tag:
            self.document.faults.append(f"</{tag}> closes {[one.tag for one in self._open]}")
        else:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data


def read(text: str) -> Document:
    """The document of an HTML page."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.document.faults += [f"<{one.tag}> is never closed" for one in reader._open]
    return reader.document
