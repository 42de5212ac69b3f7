"""Deep records asked of a target through a probe: sent, answered, read, and compared in what came.

    Trial ── the members tried, each in the flavour that the target takes ──▶ sent ──▶ shows

The rule: a refusal (4xx) of a rich value is no fault where the page sets no such limit: the member is then tried with a
tame one, and left out where that is refused too; both are observed. What is accepted must come back. No requirement is
known here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from contracts.conformance import bodies, storage
from contracts.conformance.beside import Named, Search
from contracts.conformance.bodies import UnreadableError
from contracts.conformance.deep import reading, writing
from contracts.conformance.deep.comparing import difference
from contracts.conformance.deep.kinds import Deep
from contracts.conformance.deep.making import make
from contracts.conformance.probe import Probe
from contracts.conformance.session import Answer
from contracts.conformance.values import sampled
from contracts.model import Property

Record = Mapping[str, Deep]


class Trial:
    """Members tried together; `rich` those that the target takes richly, `tame` those that it takes otherwise."""

    def __init__(self, probe: Probe, props: Sequence[Property]):
        self.probe, self.subject = probe, probe.subject
        self.props, self.rich, self.tame = tuple(props), list(props), list[Property]()

    def record(self, turn: int, key: str, media: str = "") -> dict[str, Deep]:
        """A whole record in a turn: plain scalars, tame values where a member must be given, and those tried; only what
        the media type can carry."""
        every = self.subject.model.properties
        record: dict[str, Deep] = dict(self.probe.record(turn, key))
        for place, prop in enumerate(every):
            ref = self.subject.types.of(self.subject.model, prop)
            needed = sampled(self.subject.contract, prop) and prop in self.subject.sent
            if prop in self.rich or prop in self.tame or (needed and self.subject.types.kind(ref)):
                record[prop.name] = make(self.subject.types, prop, ref, place, turn, rich=prop in self.rich)
        return self._bound(record) if media and self.probe.session.format_of(media) == "form" else record

    def _bound(self, record: Record) -> dict[str, Deep]:
        """What of a record a form carries."""
        of, types = self.subject.model, self.subject.types
        refs = {name: types.of(of, of[name]) for name in record}
        held = {name: ref for name, ref in refs.items() if not writing.unbindable(types, ref)}
        return {name: writing.bindable(types, ref, record[name]) for name, ref in held.items()}

    def tried(self, media: str) -> list[Property]:
        """The members that a media type carries."""
        of, types = self.subject.model, self.subject.types
        form = self.probe.session.format_of(media) == "form"
        left = [prop for prop in self.props if prop in self.rich or prop in self.tame]
        return [p for p in left if not (form and writing.unbindable(types, types.of(of, p)))]

    def settle(self, media: str) -> None:
        """Find out what the target takes, member by member where it does not take all at once."""
        if self.sends(self.record(0, self.probe.session.key(), media), media).status not in range(400, 500):
            return
        every, self.rich, self.tame = list(self.rich), [], []
        found: tuple[list[Property], list[Property]] = ([], [])
        for prop in every:
            for flavour in (0, 1):
                self.rich, self.tame = ([prop], []) if flavour == 0 else ([], [prop])
                answer = self.sends(self.record(0, self.probe.session.key(), media), media)
                if answer.status not in range(400, 500):
                    found[flavour].append(prop)
                    break
                self.probe.observe(f"{prop.name} is refused with {'rich' if flavour == 0 else 'any'} values")
        self.rich, self.tame = found

    def sends(self, record: Record, media: str, accept: str = "", path: str = "") -> Answer:
        """Send a whole record: to the upsert, or by PUT to the path of one."""
        probe = self.probe
        body = writing.write(self.subject, probe.session.format_of(media), record)
        headers = {"Content-Type": media, "Accept": accept or probe.session.hearing}
        key = record.get(self.subject.key.name)
        if isinstance(key, str):
            probe.session.keys.setdefault(key)
        method = "PUT" if path else self.subject.operation.method.value
        return probe.send(method, headers, body, path=path)

    def takes(self, record: Record, media: str, accept: str = "", path: str = "") -> Answer:
        """Send a record that must be accepted, since one like it was."""
        answer = self.sends(record, media, accept, path)
        self.probe.expect(200 <= answer.status < 300, "the record is accepted (2xx)", answer.words())
        return answer

    def shows(self, record: Record, answer: Answer, props: Sequence[Property]) -> None:
        """Expect an answer to tell these members as they were sent."""
        self.means(record, self.told(answer), props, f" in {answer.wire}")

    def told(self, answer: Answer) -> Record:
        """Expect a record in an answer; its members."""
        self.probe.expect(answer.wire is not None, "a record in the answer", answer.problem or answer.words())
        assert answer.wire is not None
        try:
            return reading.read(self.subject, answer.wire, answer.body, answer.charset)
        except UnreadableError as error:
            self.probe.expect(False, "a record in the answer", str(error))
            return {}

    def rows(self, search: Search, answer: Answer) -> list[Record]:
        """The records that a list in JSON tells; none where it is no list."""
        try:
            whole = bodies.document(answer.body, answer.charset)
        except UnreadableError:
            return []
        if search.rows is not None and isinstance(whole, dict):
            name = (search.rows.json.value or search.rows.name).lower()
            whole = next((value for key, value in whole.items() if key.lower() == name), None)
        found = whole if isinstance(whole, list) else []
        return [reading.row(self.subject, row) for row in found if isinstance(row, dict)]

    def means(self, record: Record, came: Record, props: Sequence[Property], where: str = "") -> None:
        """Expect these members of what came to mean what was sent."""
        types = self.subject.types
        for prop in props:
            ref = types.of(self.subject.model, prop)
            found = difference(types, ref, record.get(prop.name), came.get(prop.name), prop.name)
            expected, got = (found.sent, f"{found.place} = {found.came}{where}") if found else ("", "")
            self.probe.expect(found is None, f"{found.place} = {expected}" if found else "", got)

    def reads(self, record: Record, answer: Answer, props: Sequence[Property], accepts: Sequence[str]) -> None:
        """Expect every read, in each of these media types, to tell these members as they were sent."""
        for named in storage.reads(self.probe) if self.probe.subject.beside.reads else []:
            for accept in accepts:
                self.shows(record, self.read(named, record, answer, accept), props)

    def read(self, named: Named, record: Record, answer: Answer, accept: str = "") -> Answer:
        """A read that must find the record which an answer told."""
        kept = self.kept(record, answer)
        found = storage.read(self.probe, named, kept, accept)
        self.probe.expect(200 <= found.status < 300, f"the record read by its {named.by} (2xx)", found.words())
        return found

    def kept(self, record: Record, answer: Answer) -> storage.Kept:
        """A record as it is kept: by its key and the id that an answer told."""
        own = self.subject.portal_id
        drawn = str((answer.record or {}).get(own.name) or "") if own is not None else ""
        return storage.Kept(str(record[self.subject.key.name]), drawn, record)
