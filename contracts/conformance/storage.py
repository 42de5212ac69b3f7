"""What a portal keeps, as it is seen from outside: records stored, read, replaced and deleted through a probe.

    store ──▶ Kept ──shows / gone──▶ the read's answer, compared with what was sent

The rule: only records of the suite's own making are replaced or deleted, and only by operations that the pages hold.
No requirement is known here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contracts.conformance import bodies
from contracts.conformance.beside import Named
from contracts.conformance.probe import Probe
from contracts.conformance.session import Answer
from contracts.conformance.values import Record
from contracts.model import Property

#: What says that nothing is there. RFC 9110 §15.5.5 and §15.5.11.
ABSENT = (404, 410)


@dataclass(frozen=True)
class Kept:
    """A record that the portal took: its key, its id as the portal wrote it, and what was sent."""

    key: str
    id: str
    sent: Record


def reads(probe: Probe) -> list[Named]:
    """Every way to read a record; the requirement's own way where it speaks of one."""
    found = probe.subject.beside.reads
    return [named for by, named in found.items() if probe.member in ("", by)]


def store(probe: Probe, version: int = 0, key: str = "", media: str = "", without: Iterable[str] = ()) -> Kept:
    """Create or update a plain record in a version."""
    sent = probe.record(version, key or probe.session.key())
    return keep(probe, {name: value for name, value in sent.items() if name not in set(without)}, media)


def keep(probe: Probe, sent: Record, media: str = "") -> Kept:
    """Create or update a record that must be accepted."""
    _, came = probe.accepted(sent, media, ledger=False)
    own = probe.subject.portal_id
    return Kept(str(sent[probe.subject.key.name]), str(came.get(own.name)) if own else "", sent)


def compared(probe: Probe) -> list[Property]:
    """The members that what is read is compared in."""
    subject = probe.subject
    return [*subject.texts, *subject.patterned, *subject.dates, *subject.values, subject.key]


def read(probe: Probe, named: Named, kept: Kept, accept: str = "") -> Answer:
    """Ask for a record by its id or key."""
    path = named.path(kept.id if named.by == "id" else kept.key)
    return probe.send("GET", {"Accept": accept or probe.session.hearing}, None, path=path)


def shows(probe: Probe, named: Named, kept: Kept, accept: str = "") -> Record:
    """Expect a read to show what was sent, under its id; the record read."""
    answer = read(probe, named, kept, accept)
    probe.expect(200 <= answer.status < 300, f"the record read by its {named.by} (2xx)", answer.words())
    probe.expect(answer.record is not None, "a record in the answer to the read", answer.problem)
    came = answer.record or {}
    probe.compare(kept.sent, came, compared(probe))
    if kept.id:
        same = probe.id_of(came) == probe.same_id(kept.id)
        probe.expect(same, f"the id {kept.id} read", probe.id_of(came) or "none")
    return came


def gone(probe: Probe, named: Named, kept: Kept, what: str) -> None:
    """Expect a read to say that nothing is there."""
    answer = read(probe, named, kept)
    probe.expect(answer.status in ABSENT, f"404 to a read by the {named.by} {what}", told(answer))


def told(answer: Answer) -> str:
    """An answer's status, and the beginning of its body where it is a success."""
    body = answer.body[:60].decode("utf-8", "replace")
    return f"{answer.words()} {body!r}" if 200 <= answer.status < 300 else answer.words()


def replaced(probe: Probe, kept: Kept, sent: Record, media: str = "") -> Answer:
    """Ask for a record to be replaced by another."""
    named = probe.subject.beside.replace
    assert named is not None
    media = media or probe.session.speech
    body = bodies.write(probe.subject, probe.session.format_of(media), sent)
    headers = {"Content-Type": media, "Accept": probe.session.hearing}
    return probe.send("PUT", headers, body, path=named.path(kept.id if named.by == "id" else kept.key))


def deleted(probe: Probe, kept: Kept) -> Answer:
    """Ask for a record of our own to be deleted."""
    named = probe.subject.beside.delete
    assert named is not None
    path = named.path(kept.id if named.by == "id" else kept.key)
    return probe.send("DELETE", {"Accept": probe.session.hearing}, None, path=path)


#: Ids that no record has, by the type of the id: visibly invented.
_NOBODYS = {"Guid": "5eed0000-0000-4000-8000-0000000000{0:02x}", "String": "pc-nobody-{0}", "Byte": "2{0:02}"}
_NOBODYS |= {"Int16": "320{0:02}", "UInt16": "650{0:02}"}


def nobodys(probe: Probe, number: int) -> str:
    """An id that the portal did not draw, of its type; empty where the pages know no id."""
    own = probe.subject.portal_id
    return _NOBODYS.get(own.type.value.name, "21474836{0:02}").format(number) if own else ""


def nobody(probe: Probe, number: int) -> Kept:
    """A record that is not there: a new key, and an id that the portal did not draw."""
    return Kept(probe.session.key(), nobodys(probe, number), {})
