"""The register of requirements: `requirements.toml`, filled in from a contract.

    requirements.toml ──load──▶ Template ──expand (contract)──▶ Requirement with the page's lines

The rule: a requirement is data with a source, and citations hold both ways: one without a check says why, a check that
cites none that is known does not start, and nothing is needed that does not come earlier. No judging lives here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, get_args

from contracts.conformance.subject import Subject
from contracts.conformance.verdicts import Level
from contracts.errors import InternalError
from contracts.model import Body, Fact, Property

EACH = ("", "request media", "response media", "request format", "response format", "required member")
ONLY = ("", "required", "text", "optional text", "required text", "date", "value")


@dataclass(frozen=True)
class Source:
    """Where a duty comes from: lines of a page with what they say, or a rule outside the page (`page` empty)."""

    page: str = ""
    lines: tuple[int, ...] = ()
    quote: str = ""
    rule: str = ""

    def __str__(self) -> str:
        if not self.page:
            return self.rule
        where = "line " if len(self.lines) == 1 else "lines "
        text = f"{self.page}, {where}{spans(self.lines)}" if self.lines else self.page
        return f'{text}: "{self.quote}"' if self.quote else text


@dataclass(frozen=True)
class Template:
    """One entry of the register, its placeholders unfilled."""

    id: str
    level: Level
    sentence: str
    each: str = ""
    page: tuple[str, ...] = ()
    rule: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    only: str = ""
    unchecked: str = ""


@dataclass(frozen=True)
class Requirement:
    """One duty of one operation.

    `template` is the register's entry it was made of; `media`, `format` and `member` say of which it speaks (empty
    where of none); `needs` are the ids of requirements without which it cannot be judged.
    """

    id: str
    level: Level
    sentence: str
    sources: tuple[Source, ...]
    template: Template
    subject: Subject
    media: str = ""
    format: str = ""
    member: str = ""

    def needs(self, speech: str, hearing: str) -> tuple[str, ...]:
        """The ids it depends on, when the suite writes in the media type `speech` and reads in `hearing`."""
        own = next((m.value.format for m in self.subject.request_media() if m.value.name == speech), "")
        heard = next((m.value.format for m in self.subject.response_media() if m.value.name == hearing), "")
        here = {"media": self.media, "format": self.format}
        fill = {**here, "speech": speech, "hearing": hearing, "own": own, "heard": heard}
        suffix = self.id[len(self.template.id.format(media=self.media, format=self.format, member=self.member)) :]
        return tuple(need.format(**fill) + suffix for need in self.template.needs)


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


@cache
def load() -> tuple[Template, ...]:
    """The register, checked in itself; InternalError names what is wrong with it."""
    text = resources.files("contracts.conformance").joinpath("requirements.toml").read_text(encoding="utf-8")
    templates = tuple(_template(entry) for entry in tomllib.loads(text)["requirement"])
    known: set[str] = set()
    for template in templates:
        if template.id in known:
            raise InternalError(f"requirements.toml: {template.id} stands there twice")
        for need in template.needs:
            if _shape(need) not in {_shape(name) for name in known}:
                raise InternalError(f"requirements.toml: {template.id} needs {need}, which does not come before it")
        known.add(template.id)
    return templates


def _template(entry: Mapping[str, Any]) -> Template:
    lists = {name: tuple(entry.get(name, ())) for name in ("page", "rule", "needs")}
    template = Template(**{**entry, **lists})
    problems = [
        ("level", template.level in get_args(Level)),
        ("each", template.each in EACH),
        ("only", template.only in ONLY),
        ("page or rule", bool(template.page or template.rule)),
        ("page", all(name in FACTS for name in template.page)),
        ("page (a must cites the page)", template.level != "must" or bool(template.page)),
    ]
    for what, fine in problems:
        if not fine:
            raise InternalError(f"requirements.toml: {template.id}: {what} is not in order")
    return template


def _shape(text: str) -> str:
    """An id with every placeholder made the same, for comparing citations."""
    parts = text.replace("}", "{").split("{")
    return "*".join(parts[::2])


def expand(subject: Subject, suffix: str = "") -> tuple[Requirement, ...]:
    """Every requirement that the register makes of one operation, in the register's order."""
    return tuple(requirement for template in load() for requirement in _expand(template, subject, suffix))


def _expand(template: Template, subject: Subject, suffix: str) -> Iterator[Requirement]:
    if template.only and not _MEMBERS[template.only](subject):
        return
    for media, wire, member in _cases(template.each, subject):
        fill = {"media": media, "format": wire, "member": member}
        yield Requirement(
            id=template.id.format(**fill) + suffix,
            level=template.level,
            sentence=template.sentence.format(**fill),
            sources=_sources(template, subject, media, member),
            template=template,
            subject=subject,
            **fill,
        )


def _cases(each: str, subject: Subject) -> Iterator[tuple[str, str, str]]:
    if not each:
        yield "", "", ""
    elif each == "required member":
        yield from (("", "", prop.name) for prop in subject.required)
    else:
        facts = subject.request_media() if each.startswith("request") else subject.response_media()
        seen = set()
        for fact in facts:
            if each.endswith("format") and fact.value.format in seen:
                continue
            seen.add(fact.value.format)
            yield fact.value.name, fact.value.format, ""


_MEMBERS: Mapping[str, Callable[[Subject], tuple[Property, ...]]] = {
    "required": lambda s: tuple(p for p in s.required if p.name != s.key.name),
    "text": lambda s: s.texts,
    "optional text": lambda s: s.optional_texts,
    "required text": lambda s: tuple(p for p in s.required if p in s.texts),
    "date": lambda s: s.dates,
    "value": lambda s: s.values,
}


def _samples(body: Body) -> list[Source]:
    return [Source(sample.page, (sample.line,), ", ".join(sample.media_types)) for sample in body.samples]


def _facts(*facts: Fact[Any]) -> list[Source]:
    return [Source(e.page, e.lines, e.quote, e.rule) for fact in facts for e in fact.evidence]


def _types(props: tuple[Property, ...]) -> list[Source]:
    return _facts(*(prop.type if prop.type.evidence else prop.phrase for prop in props))


def _portal_id(subject: Subject, read_only: bool) -> list[Source]:
    prop = subject.portal_id
    if prop is None:
        return []
    return _facts(prop.read_only if read_only else subject.answer_model.portal_id)


#: What `page` in the register may name, and where the contract has it: (subject, media type, member) → sources.
FACTS: Mapping[str, Callable[[Subject, str, str], list[Source]]] = {
    "operation": lambda s, media, member: _facts(s.operation.method, s.operation.path, s.operation.summary),
    "request medium": lambda s, media, member: _facts(*(m for m in s.request_media() if m.value.name == media)),
    "response medium": lambda s, media, member: _facts(*(m for m in s.response_media() if m.value.name == media)),
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
}


def _sources(template: Template, subject: Subject, media: str, member: str) -> tuple[Source, ...]:
    """The page's lines by page and rule, few and without repetition; then the sources outside the page."""
    found: dict[tuple[str, str], Source] = {}
    for name in template.page:
        for source in FACTS[name](subject, media, member):
            known = found.get((name, source.page))
            if known is None:
                found[name, source.page] = source
            else:
                lines = tuple(sorted({*known.lines, *source.lines}))
                found[name, source.page] = Source(source.page, lines, known.quote, known.rule)
    unique = {(s.page, s.lines): s for s in found.values()}
    return (*unique.values(), *(Source(rule=rule) for rule in template.rule))
