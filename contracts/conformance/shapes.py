"""Whether an answer is shaped as the page shows: judged by the emitted JSON Schema and XSD.

The rule: what a correct portal may do is allowed before the schema is asked: leave out a member that is null, add
members the page does not know, order JSON as it likes, use any prefix in XML. What a schema overlooks when unknown
members are allowed, a known name in another casing or namespace, is looked for here.
"""

from __future__ import annotations

from collections.abc import Mapping

from contracts.conformance import bodies
from contracts.conformance.bodies import UnreadableError
from contracts.conformance.subject import Subject
from contracts.model import WireFormat


def faults(subject: Subject, wire: WireFormat, body: bytes, charset: str) -> list[str]:
    """Everything that is wrong with an answer's shape, in words; empty when nothing is."""
    try:
        return _json(subject, body, charset) if wire == "json" else _xml(subject, body)
    except UnreadableError as error:
        return [str(error)]


def _json(subject: Subject, body: bytes, charset: str) -> list[str]:
    document = bodies.document(body, charset)
    if not isinstance(document, dict):
        return ["JSON, but no object"]
    names = {(p.json.value or p.name).lower(): p.json.value or p.name for p in subject.answer_model.properties}
    cased = [f"{n} instead of {names[n.lower()]}" for n in document if names.get(n.lower(), n) != n]
    if cased:
        return ["names in another casing: " + ", ".join(cased)]
    nulls = {
        p.json.value: None for p in subject.answer_model.properties if p.json.value and p.nullable.value is not False
    }
    return subject.schemas.json_faults(subject.answer_model.name, "response", {**nulls, **document})


def _xml(subject: Subject, body: bytes) -> list[str]:
    root = bodies.tree(body)
    expected = subject.answer_model.xml_root.value
    if expected is not None and root.tag != _clark(expected.name, expected.namespace):
        return [f"the root is {root.tag}, not {_clark(expected.name, expected.namespace)}"]
    elements = [p.xml.value for p in subject.answer_model.properties if p.xml.value is not None]
    tags = {e.name: _clark(e.name, e.namespace) for e in elements}
    strange = [f"{c.tag} instead of {tags[_local(c.tag)]}" for c in root if tags.get(_local(c.tag), c.tag) != c.tag]
    cases = {name.lower(): name for name in tags}
    cased = [f"{_local(c.tag)} instead of {cases[_local(c.tag).lower()]}" for c in root if _recased(c.tag, cases)]
    if cased:
        return ["names in another casing: " + ", ".join(cased)]
    if strange:
        return ["elements in another namespace: " + ", ".join(strange)]
    return subject.schemas.xml_faults(subject.answer_model.name, body, ignore_unknown=True)


def _clark(name: str, namespace: str) -> str:
    return f"{{{namespace}}}{name}" if namespace else name


def _recased(tag: str, cases: Mapping[str, str]) -> bool:
    return cases.get(_local(tag).lower(), _local(tag)) != _local(tag)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
