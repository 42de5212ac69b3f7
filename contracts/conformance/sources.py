"""Where a duty comes from: lines of a page, word by word, with a hash of what they say; or a rule outside the page.

    facts of the contract ──FACTS──▶ Source (page, lines, what they say, hash)

The rule: the hash is of the lines' words alone, so that a line that only moved is no other line, and two versions of a
page are compared without either at hand. Lines of HTML are quoted without their markup. No duty is known here.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.conformance import alongside
from contracts.conformance.alongside import MemberRead
from contracts.conformance.beside import Named, Search
from contracts.conformance.deep.kinds import numbers
from contracts.conformance.subject import Subject
from contracts.model import Body, Contract, Fact, Operation, Property

LONGEST = 1000  # a line of HTML may hold the whole page: then only the fact's own quote is shown


@dataclass(frozen=True)
class Source:
    """Where a duty comes from: `lines` of a page and what each says (`said`), or a rule outside it (`page` empty).

    Where the page's text is not at hand, `said` is what the facts quote of it. `gist` is what matters most of the
    lines, `rule` the inference by which they were understood or the rule outside.
    """

    page: str = ""
    lines: tuple[int, ...] = ()
    said: tuple[str, ...] = ()
    gist: str = ""
    rule: str = ""

    @property
    def quote(self) -> str:
        """What the page says there: its lines, each ended by a line feed but the last."""
        return "\n".join(self.said)

    @property
    def sha256(self) -> str:
        """The SHA-256 (hex) of the quote in UTF-8; empty where no page is quoted."""
        return hashlib.sha256(self.quote.encode("utf-8", "surrogatepass")).hexdigest() if self.page else ""

    @property
    def where(self) -> str:
        """The page and its lines, or the rule, in words."""
        if not self.lines:
            return self.page or self.rule
        return f"{self.page}, {'line' if len(self.lines) == 1 else 'lines'} {spans(self.lines)}"

    @property
    def quoted(self) -> list[tuple[str, str]]:
        """What the page says, lines that say the same told once: their numbers and their words, without table bars."""
        if len(self.said) != len(self.lines):
            return [("", words) for words in self.said]
        numbers: dict[str, list[int]] = {}
        for number, words in zip(self.lines, self.said, strict=True):
            numbers.setdefault(words.strip(" |"), []).append(number)
        return [(spans(found), words) for words, found in numbers.items() if re.search(r"\w", words)]

    def __str__(self) -> str:
        return f'{self.where}: "{self.gist}"' if self.page and self.gist else self.where


def spans(lines: Iterable[int]) -> str:
    """Line numbers in few words.

    >>> spans([3, 4, 5, 9])
    '3–5, 9'
    """
    runs: list[list[int]] = []
    for line in sorted(set(lines)):
        if runs and line == runs[-1][-1] + 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _said(contract: Contract, name: str, lines: Iterable[int]) -> tuple[str, ...]:
    """What a page's lines say; nothing where its text is not at hand or a line is none to quote."""
    page = next((page for page in contract.pages if page.name == name), None)
    if page is None or not page.lines:
        return ()
    found = [page.lines[line - 1] if 0 < line <= len(page.lines) else "" for line in lines]
    if page.layout == "html":
        if any(len(line) > LONGEST for line in found):
            return ()
        found = [" ".join(html.unescape(re.sub(r"<[^>]*>", " ", line)).split()) for line in found]
    return tuple(found)


def _samples(body: Body) -> list[Source]:
    return [
        Source(
            sample.page,
            tuple(range(sample.line, sample.line + max(1, len(sample.text.strip().splitlines())))),
            gist=", ".join(sample.media_types),
        )
        for sample in body.samples
    ]


def _facts(*facts: Fact[Any]) -> list[Source]:
    return [Source(e.page, e.lines, gist=e.quote, rule=e.rule) for fact in facts for e in fact.evidence]


def _types(props: tuple[Property, ...]) -> list[Source]:
    return _facts(*(prop.type if prop.type.evidence else prop.phrase for prop in props))


def _portal_id(subject: Subject, read_only: bool) -> list[Source]:
    prop = subject.portal_id
    if prop is None:
        return []
    return _facts(prop.read_only if read_only else subject.answer_model.portal_id)


def _behind(operation: Operation | None) -> list[Source]:
    return _facts(operation.method, operation.path, operation.summary) if operation is not None else []


def _operations(*found: Named | Search | MemberRead | None) -> list[Source]:
    operations = [each.operation for each in found if each is not None]
    return _facts(*(fact for o in operations for fact in (o.method, o.path, o.summary)))


#: What `page` in the register may name, and where the contract has it: (subject, media type, member) → sources.
FACTS: Mapping[str, Callable[[Subject, str, str], list[Source]]] = {
    "operation": lambda s, media, member: _facts(s.operation.method, s.operation.path, s.operation.summary),
    "request medium": lambda s, media, member: _facts(
        *(m for m in s.operation.request.media_types if m.value.name == media)
    ),
    "response medium": lambda s, media, member: _facts(
        *(m for m in s.operation.response.media_types if m.value.name == media)
    ),
    "request media": lambda s, media, member: _facts(*s.request_media()),
    "response media": lambda s, media, member: _facts(*s.response_media()),
    "request samples": lambda s, media, member: _samples(s.operation.request),
    "response samples": lambda s, media, member: _samples(s.operation.response),
    "casing": lambda s, media, member: _facts(s.contract.casing),
    "members": lambda s, media, member: _types(s.answer_model.properties),
    "key": lambda s, media, member: _facts(s.model.key),
    "portal id": lambda s, media, member: _portal_id(s, False),
    "portal id read-only": lambda s, media, member: _portal_id(s, True),
    "member required": lambda s, media, member: _facts(s.model[member].required),
    "required members": lambda s, media, member: _facts(*(p.required for p in s.required)),
    "optional text members": lambda s, media, member: _facts(*(p.description for p in s.optional_texts)),
    "text members": lambda s, media, member: _types(s.texts),
    "date members": lambda s, media, member: _types(s.dates),
    "value members": lambda s, media, member: _types(s.values),
    "part": lambda s, media, member: _operations(alongside.part(s)),
    "batch": lambda s, media, member: _behind(alongside.batch(s)),
    "deep members": lambda s, media, member: _types(
        tuple(prop for kind, props in s.deep.items() if member in ("", kind) for prop in props)
    ),
    "number members": lambda s, media, member: _types(numbers(s)),
    "nullable members": lambda s, media, member: _facts(*(p.nullable for p in s.nullable)),
    "deep annotations": lambda s, media, member: _facts(*(a for p in s.demanded_deep[0] for a in p.annotations)),
    "deep demands": lambda s, media, member: _facts(*(p.required for p in s.demanded_deep[1])),
    "annotation": lambda s, media, member: _facts(*s.model[member].annotations),
    "read": lambda s, media, member: _operations(*(n for by, n in s.beside.reads.items() if member in ("", by))),
    "replace": lambda s, media, member: _operations(s.beside.replace),
    "delete": lambda s, media, member: _operations(s.beside.delete),
    "search": lambda s, media, member: _operations(s.beside.search),
    "required parameters": lambda s, media, member: _facts(
        *(p.required for p in s.operation.parameters if p.required.value and not p.in_path)
    ),
}


def sources_of(names: Iterable[str], subject: Subject, media: str, member: str) -> tuple[Source, ...]:
    """The lines of pages behind the facts of these names, by page and fact, few and without repetition."""
    found: dict[tuple[str, str], list[Source]] = {}
    for name in names:
        for source in FACTS[name](subject, media, member):
            found.setdefault((name, source.page), []).append(source)
    joined = (_joined(subject.contract, sources) for sources in found.values())
    return tuple({(source.page, source.lines): source for source in joined}.values())


def _joined(contract: Contract, sources: list[Source]) -> Source:
    """Sources on one page as one, with what the page says there."""
    first = sources[0]
    lines = tuple(sorted({line for source in sources for line in source.lines}))
    said = _said(contract, first.page, lines)
    if any(said):  # a blank line says nothing
        lines, said = zip(*((line, words) for line, words in zip(lines, said, strict=True) if words), strict=True)
    said = said or tuple(dict.fromkeys(s.gist for s in sources if s.gist))
    return Source(first.page, lines, said, first.gist, first.rule)
