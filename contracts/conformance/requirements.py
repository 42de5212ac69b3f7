"""The register of requirements: `requirements.toml` and those beside it, filled in from a contract.

    *.toml ──load──▶ Template ──expand (contract)──▶ Requirement with the page's lines

The rule: a requirement is data with a source, and citations hold both ways: one without a check says why, a check that
cites none that is known does not start, and nothing is needed that does not come earlier. No judging lives here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from typing import Any, get_args

from contracts.conformance import alongside, asking
from contracts.conformance.deep.kinds import numbers
from contracts.conformance.sources import FACTS, Source, sources_of
from contracts.conformance.subject import Subject
from contracts.conformance.verdicts import Level
from contracts.errors import InternalError

REGISTERS = ("requirements.toml", "storage.toml", "deep.toml", "operations.toml")


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
    where of none); `needs` are the ids of requirements without which it cannot be judged. `unshown`: the page lists the
    media type but shows no record in it, so it is not judged, and its level is `may`.
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
    unshown: bool = False

    def needs(self, speech: str, hearing: str) -> tuple[str, ...]:
        """The ids it depends on, when the suite writes in the media type `speech` and reads in `hearing`."""
        own = next((m.value.format for m in self.subject.request_media() if m.value.name == speech), "")
        heard = next((m.value.format for m in self.subject.response_media() if m.value.name == hearing), "")
        here = {"media": self.media, "format": self.format, "member": self.member}
        fill = {**here, "speech": speech, "hearing": hearing, "own": own, "heard": heard}
        suffix = self.id[len(self.template.id.format(media=self.media, format=self.format, member=self.member)) :]
        return tuple(need.format(**fill) + suffix for need in self.template.needs)


@cache
def load() -> tuple[Template, ...]:
    """The register, checked in itself; InternalError names what is wrong with it."""
    files = (resources.files("contracts.conformance").joinpath(name) for name in REGISTERS)
    texts = [file.read_text(encoding="utf-8") for file in files]
    templates = tuple(_template(entry) for text in texts for entry in tomllib.loads(text)["requirement"])
    known: set[str] = set()
    for template in templates:
        if template.id in known:
            raise InternalError(f"register: {template.id} stands there twice")
        for need in template.needs:
            if not any(fnmatchcase(_shape(need), _shape(name)) for name in known):
                raise InternalError(f"register: {template.id} needs {need}, which does not come before it")
        known.add(template.id)
    return templates


def _template(entry: Mapping[str, Any]) -> Template:
    lists = {name: tuple(entry.get(name, ())) for name in ("page", "rule", "needs")}
    template = Template(**{**entry, **lists})
    problems = [
        ("level", template.level in get_args(Level)),
        ("each", template.each in ("", *_MEDIA, *_EACH)),
        ("only", template.only in ("", *_MEMBERS)),
        ("page or rule", bool(template.page or template.rule)),
        ("page", all(name in FACTS for name in template.page)),
        ("page (a must cites the page)", template.level != "must" or bool(template.page)),
    ]
    for what, fine in problems:
        if not fine:
            raise InternalError(f"register: {template.id}: {what} is not in order")
    return template


def _shape(text: str) -> str:
    """An id with every placeholder made the same, for comparing citations."""
    parts = text.replace("}", "{").split("{")
    return "*".join(parts[::2])


def expand(subject: Subject, suffix: str = "") -> tuple[Requirement, ...]:
    """Every requirement that the register makes of one operation, in the register's order."""
    mine = (template for template in load() if template.id.startswith("operation.") is subject.bare)
    return tuple(requirement for template in mine for requirement in _expand(template, subject, suffix))


def _expand(template: Template, subject: Subject, suffix: str) -> Iterator[Requirement]:
    if template.only and not _MEMBERS[template.only](subject):
        return
    for (media, wire, member), unshown in _cases(template.each, subject):
        fill = {"media": media, "format": wire, "member": member}
        yield Requirement(
            id=template.id.format(**fill) + suffix,
            level="may" if unshown else template.level,
            sentence=template.sentence.format(**fill),
            sources=(
                *sources_of(template.page, subject, media, member),
                *(Source(rule=rule) for rule in template.rule),
            ),
            template=template,
            subject=subject,
            unshown=unshown,
            **fill,
        )


def _cases(each: str, subject: Subject) -> Iterator[tuple[tuple[str, str, str], bool]]:
    """Media type, format and member of each case, and whether it is one that the page does not show."""
    if not each:
        yield ("", "", ""), False
    elif each in _EACH:
        yield from ((("", "", name), False) for name in _EACH[each](subject))
    else:
        response = each.startswith("response")
        shown = subject.response_media() if response else subject.request_media()
        seen = set()
        for fact in (*shown, *subject.unshown(response)):
            if each.endswith("format") and fact.value.format in seen:
                continue
            seen.add(fact.value.format)
            yield (fact.value.name, fact.value.format, ""), fact not in shown


_MEDIA = ("request media", "response media", "request format", "response format")
#: What `each` may name besides media: the subject's members, or its ways to read a record.
_EACH: Mapping[str, Callable[[Subject], Iterable[str]]] = {
    "required member": lambda s: (p.name for p in s.required),
    "annotated member": lambda s: (p.name for p in s.annotated),
    "limited member": lambda s: (p.name for p in s.limited),
    "given member": lambda s: (p.name for p in s.given),
    "read": lambda s: s.beside.reads,
    "deep kind": lambda s: s.deep,
}
#: What `only` may name: without any of it the requirement says nothing about a subject.
_MEMBERS: Mapping[str, Callable[[Subject], object]] = {
    "portal id": lambda s: s.portal_id,
    "required": lambda s: tuple(p for p in s.required if p.name != s.key.name),
    "text": lambda s: s.texts,
    "optional text": lambda s: s.optional_texts,
    "required text": lambda s: tuple(p for p in s.required if p in s.texts),
    "date": lambda s: s.dates,
    "value": lambda s: s.values,
    "read": lambda s: s.beside.reads,
    "read by key": lambda s: "key" in s.beside.reads,
    "replace": lambda s: s.beside.replace and s.beside.reads,
    "replace required": lambda s: s.beside.replace and s.beside.reads and _MEMBERS["required"](s),
    "search": lambda s: s.beside.search,
    "paged search": lambda s: s.beside.search and s.beside.search.page,
    "counted search": lambda s: s.beside.search and s.beside.search.page and s.beside.search.total,
    "search in xml": lambda s: s.beside.search and s.beside.listed_in("xml"),
    "search by others": lambda s: s.beside.search and s.beside.search.others,
    "default search": lambda s: s.beside.search and all(s.beside.search.defaults),
    "told search": lambda s: s.beside.search and s.beside.search.page and s.beside.search.told,
    "delete and search": lambda s: s.beside.delete and s.beside.search,
    "delete": lambda s: s.beside.delete and s.beside.reads,
    "deep": lambda s: s.deep,
    "deep limits": lambda s: s.demanded_deep[0],
    "deep demands": lambda s: s.demanded_deep[1],
    "made of values": lambda s: s.deep.keys() & {"models", "lists", "dictionaries", "bytes"},
    "number": numbers,
    "nullable": lambda s: s.nullable,
    "deep search": lambda s: s.deep and s.beside.search,
    "part": alongside.part,
    "batch": alongside.batch,
    "batch required": lambda s: alongside.batch(s) and _MEMBERS["required"](s),
    "deep replace": lambda s: s.deep and s.beside.replace and s.beside.reads,
    "shaped answer": asking.answered_model,
    "required parameter": lambda s: asking.demanded(s),
    "optional parameter": lambda s: asking.in_query(s, required=False),
    "typed parameter": asking.typed,
    "sampled body": asking.sampled_body,
}
