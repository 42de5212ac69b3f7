"""What the target teaches before it is judged, where the pages leave it open.

    learned   how XML writes an enumeration's values, asked of a record that was sent in JSON
    mended    values that the target takes for a member which it refuses by name

The rule: only what no page can tell is learned (EnumMemberAttribute's value; [EmailAddress] and the like), only as much
as judging needs, and what was learned of values is told. What the pages say is never unlearned. Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from xml.etree import ElementTree

from contracts.conformance import bodies
from contracts.conformance.probe import Probe
from contracts.conformance.session import Answer, Session
from contracts.conformance.subject import Subject, bounds, is_enum
from contracts.conformance.values import DATA_TYPES
from contracts.model import Contract, EnumMember, Property

MOST = 12  # so many values of an enumeration are asked for


def learned(session: Session) -> Subject:
    """The subject with the spellings in XML that its pages leave open; itself where they leave none."""
    subject, spelled = session.subject, dict[str, dict[str, str]]()
    props = [p for p in subject.sent if is_enum(subject.contract, p) and p.xml.value and p.json.value is not None]
    props = [p for p in props if p.name in subject.answered and _open(subject, p)]
    json = any(fact.value.format == "json" for fact in subject.request_media())
    xml = next((fact.value.name for fact in subject.response_media() if fact.value.format == "xml"), "")
    if not props or not json or not xml:
        return subject
    for place in range(min(MOST, max(len(_members(subject, p)) for p in props))):
        chosen = {p.name: _members(subject, p)[place % len(_members(subject, p))] for p in props}
        probe = Probe(session)
        record = probe.record(changes={name: member.name for name, member in chosen.items()})
        answer = probe.ask(record, media=session.request_formats()["json"], accept=xml, ledger=False)
        for prop in props:
            text = _told(subject, answer, prop)
            if text and not text.lstrip("-").isdigit():
                spelled.setdefault(prop.type.value.name, {})[chosen[prop.name].name] = text
    return replace(subject, contract=_spelling(subject.contract, spelled))


def _members(subject: Subject, prop: Property) -> tuple[EnumMember, ...]:
    return subject.contract.models[prop.type.value.name].members


def _open(subject: Subject, prop: Property) -> bool:
    """Whether [EnumMember] may spell the values: it does so where classes are [DataContract]s, or a sample shows it."""
    return bool(subject.model.data_contract.value) or any(member.xml for member in _members(subject, prop))


def _told(subject: Subject, answer: Answer, prop: Property) -> str:
    """The text of a member's element in an answer in XML; empty where there is none."""
    if not 200 <= answer.status < 300 or prop.xml.value is None:
        return ""
    try:
        root = bodies.tree(answer.body)
    except bodies.UnreadableError:
        return ""
    found = (child.text or "" for child in root if _local(child) == prop.xml.value.name)
    return next(found, "").strip()


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _spelling(contract: Contract, spelled: Mapping[str, Mapping[str, str]]) -> Contract:
    """The contract with these spellings, by enumeration and value."""
    models = dict(contract.models)
    for name, texts in spelled.items():
        members = (replace(m, xml=m.xml or _other(texts.get(m.name, ""), m.name)) for m in models[name].members)
        models[name] = replace(models[name], members=tuple(members))
    return replace(contract, models=models)


def _other(text: str, name: str) -> str:
    return "" if text == name else text


#: Kinds of values to try where a plain text is refused, the likeliest first.
_KINDS = ("EmailAddress", "Url", "PhoneNumber", "Date", "PostalCode", "CreditCard", "guid")


def mended(session: Session, refusal: Answer) -> bool:
    """Whether the target takes a record with other values for the members that its refusal names; they are kept."""
    subject, found = session.subject, dict(session.subject.accepts)
    answer = refusal
    for prop in _named(subject, refusal):
        for kind in _KINDS:
            texts = tuple(text for text in _texts(kind) if bounds(prop).allow(text))
            if not texts:
                continue
            session.subject = replace(subject, accepts={**found, prop.name: texts})
            answer = _asked(session, refusal)
            if 200 <= answer.status < 300 or prop not in _named(subject, answer):
                found[prop.name] = texts
                session.notes.append(
                    f"{prop.name} is refused as a plain text and taken as {texts[0]!r}: to choose values of your own,"
                    f" name some for {prop.name} under [accepts] in portal.toml"
                )
                break
    taken = 200 <= answer.status < 300
    session.subject = replace(subject, accepts=found) if taken else subject
    return taken


def _asked(session: Session, refusal: Answer) -> Answer:
    probe = Probe(session)
    headers = dict(refusal.exchange.sent.headers)
    return probe.ask(probe.record(), media=headers["Content-Type"], accept=headers["Accept"], ledger=False)


def _texts(kind: str) -> tuple[str, ...]:
    if kind == "guid":
        return tuple(f"5eed0000-0000-4000-8000-0000000001{number:02}" for number in range(2))
    return tuple(dict.fromkeys(DATA_TYPES[kind].format(n=number) for number in range(11, 14)))


def _named(subject: Subject, answer: Answer) -> list[Property]:
    """The texts without a pattern or a data type that a refusal names, in the order of the model."""
    if not 400 <= answer.status < 500:
        return []
    told = answer.body.decode("utf-8", "replace").lower()
    return [p for p in subject.texts if p.name.lower() in told or (p.json.value or p.name).lower() in told]
